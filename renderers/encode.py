"""Canvases to files: palette PNG for flat pictures, JPEG for photographs."""

import io

from PIL import Image as Pictures

from renderers.model import Image

JPEG_QUALITY = 86

_PNG_WORTH = 1.2  # a drawing is worth so many times the bytes to keep every pixel


def png(picture: Pictures.Image) -> Image:
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=6)
    return Image(out.getvalue(), "image/png", *picture.size)


def jpeg(picture: Pictures.Image, *, quality: int = JPEG_QUALITY, planes: str = "4:4:4") -> Image:
    """4:4:4: halved colour planes smear coloured text."""
    try:
        data = _jpeg(picture, quality=quality, subsampling=planes, optimize=True)
    except OSError:
        # Optimised files have to fit into a buffer of a byte a pixel, and noise does not.
        data = _jpeg(picture, quality=quality, subsampling=planes)
    return Image(data, "image/jpeg", *picture.size)


def _jpeg(picture: Pictures.Image, **how: int | str) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", **how)
    return out.getvalue()


def is_better_as_png(picture: Pictures.Image) -> bool:
    """Whether an RGB picture is a drawing: exact as PNG at hardly more bytes than as JPEG. Tries both."""
    return len(png(picture).data) <= _PNG_WORTH * len(jpeg(picture).data)
