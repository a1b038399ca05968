"""Short ways to a picture and into it."""

import io
from collections.abc import Mapping
from datetime import datetime

from PIL import Image as Pictures

from renderers import BadParams, Image, Size
from renderers import compile as compile_design
from tests.renderers.gallery import NOW, assets

WIDE = Size(300, 100)


def drawn(
    kind: str,
    *,
    size: Size = WIDE,
    values: Mapping[str, str] | None = None,
    now: datetime = NOW,
    **params: object,
) -> Image:
    return compile_design(kind, params, size=size, assets=assets()).render(values or {}, now=now)


def opened(image: Image) -> Pictures.Image:
    with Pictures.open(io.BytesIO(image.data)) as picture:
        picture.load()
        return picture.copy()


def refused(kind: str, *, size: Size = WIDE, **params: object) -> dict[str, str]:
    """The problems of bad parameters, by pointer; nothing where they are good."""
    try:
        compile_design(kind, params, size=size, assets=assets())
    except BadParams as bad:
        return {problem.pointer: problem.detail for problem in bad.problems}
    return {}


def inked(picture: Pictures.Image) -> tuple[int, int, int, int] | None:
    """The box of everything that differs from the top left pixel."""
    from PIL import ImageChops

    flat = picture.convert("RGB")
    return ImageChops.difference(flat, Pictures.new("RGB", flat.size, flat.getpixel((0, 0)))).getbbox()
