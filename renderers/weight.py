"""Pictures within a budget of bytes: first quality goes, then colours, then frames, in steps."""

import io
from collections.abc import Iterator, Mapping

from PIL import Image as Pictures

from renderers.encode import jpeg, png
from renderers.model import Image

JPEG_QUALITIES = (75, 65, 50)
PNG_COLOURS = (256, 128, 64, 32)
FEWEST_FRAMES = 30
USUAL_FRAMES = 60

_SMEARED = 50  # from this quality on, colour planes are halved: coloured text shows it


def lightened(image: Image, max_bytes: int) -> Image:
    """A still picture at the first step that fits, or the lightest there is; the same for the same bytes."""
    lightest = image
    for lighter in _steps(image):
        if len(lightest.data) <= max_bytes:
            break
        if len(lighter.data) < len(lightest.data):
            lightest = lighter
    return lightest


def with_fewer_frames(kind: str, params: Mapping[str, object]) -> dict[str, object] | None:
    """The parameters of the same clip, half as long; None where it is no clip or short already."""
    frames = params.get("frames", USUAL_FRAMES)
    if kind != "countdown" or not isinstance(frames, int) or frames // 2 < FEWEST_FRAMES:
        return None
    return {**params, "frames": frames // 2}


def _steps(image: Image) -> Iterator[Image]:
    if image.mimetype == "image/jpeg":
        picture = _opened(image, "JPEG")
        for quality in JPEG_QUALITIES:
            planes = "4:2:0" if quality <= _SMEARED else "4:4:4"
            yield jpeg(picture, quality=quality, planes=planes)
    elif image.mimetype == "image/png":
        picture = _opened(image, "PNG")
        is_clear = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
        full = picture.convert("RGBA" if is_clear else "RGB")
        method = Pictures.Quantize.FASTOCTREE if is_clear else Pictures.Quantize.MEDIANCUT
        for colours in PNG_COLOURS:
            yield png(full.quantize(colours, method))


def _opened(image: Image, kind: str) -> Pictures.Image:
    with Pictures.open(io.BytesIO(image.data), formats=(kind,)) as picture:
        picture.load()
        return picture.copy()
