"""A small picture of a picture, for lists of them."""

import io

from PIL import Image as Pictures

from renderers.encode import png
from renderers.model import Image

SIDE_PX = 240
COLOURS = 128


def thumbnail(image: Image, side_px: int = SIDE_PX) -> Image:
    """The picture no larger than so many pixels a side, as a PNG; of a moving one the first frame."""
    with Pictures.open(io.BytesIO(image.data), formats=("PNG", "JPEG", "GIF")) as picture:
        small = picture.convert("RGBA")
    small.thumbnail((side_px, side_px))
    return png(small.quantize(COLOURS, Pictures.Quantize.FASTOCTREE))
