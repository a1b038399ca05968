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


def jpeg(picture: Pictures.Image) -> Image:
    """4:4:4: halved colour planes smear coloured text."""
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=JPEG_QUALITY, subsampling=0, optimize=True)
    return Image(out.getvalue(), "image/jpeg", *picture.size)


def is_better_as_png(picture: Pictures.Image) -> bool:
    """Whether an RGB picture is a drawing: exact as PNG at hardly more bytes than as JPEG. Tries both."""
    return len(png(picture).data) <= _PNG_WORTH * len(jpeg(picture).data)
