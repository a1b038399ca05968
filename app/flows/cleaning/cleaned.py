"""What becomes of a file: kept as it is without its metadata, or turned, converted, made smaller, refused."""

import io
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image as Pictures
from PIL import UnidentifiedImageError
from PIL import WebPImagePlugin as _  # noqa: F401 - registers WebP; else Pillow would load all of its formats

from app.flows.cleaning import stripping
from app.flows.cleaning.pixels import has_alpha, is_photograph, is_srgb, plain, upright

if TYPE_CHECKING:
    from app.flows.cleaning.thinning import Thinned

FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
"""Without this list Pillow would try every format it knows, and run Ghostscript for one of them."""

SIDE_MAX_PX = 2_000
PIXELS_MAX = {"JPEG": 50_000_000}  # decoded at an eighth to all of its size, as needed
PIXELS_MAX_ELSE = 16_000_000
FRAMES_MAX = 300
FRAMES_PIXELS_MAX = 200_000_000  # of all frames together: 2 s of decoding
KEPT_BYTES = 2 * 2**20
MOVING_BYTES = 200_000
JPEG_QUALITIES = (92, 85, 75)

MIMETYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif"}

# What begins like one of these is named in the refusal.
_OTHERS = {
    b"%!PS": "PostScript",
    b"\xc5\xd0\xd3\xc6": "EPS",
    b"%PDF": "PDF",
    b"<svg": "SVG",
    b"<?xml": "SVG",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"BM": "BMP",
    b"PK\x03\x04": "ZIP",
}
_TAKEN = "upload PNG, JPEG, GIF or WebP"

# What Pillow's decoders and the walkers raise on broken files.
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    EOFError,
    struct.error,
    zlib.error,
)


class Unfit(Exception):
    """A file that is no picture we take; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A plain picture, upright, in sRGB, without metadata; `changes` says in words what was done for that."""

    content: bytes
    mimetype: str
    width: int
    height: int
    changes: list[str]


def clean(data: bytes, *, moving_bytes: int = MOVING_BYTES) -> Cleaned:
    """The plain picture of an uploaded file; a moving one of more than `moving_bytes` is made lighter.

    Raises Unfit, and nothing else.
    """
    try:
        with Pictures.open(io.BytesIO(data), formats=FORMATS) as picture:
            return _clean(picture, data, moving_bytes)
    except Unfit:
        raise
    except UnidentifiedImageError as wrong:
        raise Unfit(_not_taken(data)) from wrong
    except (Pictures.DecompressionBombError, Pictures.DecompressionBombWarning, MemoryError) as wrong:
        raise Unfit("has too many pixels to be read here: make it smaller and upload it again") from wrong
    except _BROKEN as wrong:
        raise Unfit("is damaged or cut short: save it again and upload that") from wrong


def _clean(picture: Pictures.Image, data: bytes, moving_bytes: int) -> Cleaned:
    kind = (
        "JPEG" if picture.format == "MPO" else str(picture.format)
    )  # a JPEG with further pictures behind it
    most = PIXELS_MAX.get(kind, PIXELS_MAX_ELSE)
    if picture.width * picture.height > most:
        raise Unfit(f"must have at most {most // 10**6} million pixels; it has {_size(picture)}")
    if kind == "GIF" and getattr(picture, "n_frames", 1) > 1:
        return _moving(picture, data, moving_bytes)
    stripped = _stripped(kind, data)
    full_size = picture.size
    if kind == "JPEG" and max(full_size) > SIDE_MAX_PX:
        larger = max(full_size) / SIDE_MAX_PX
        picture.draft(None, (int(full_size[0] / larger), int(full_size[1] / larger)))
    picture.load()
    changes = _changes(picture, full_size, kind)
    if not changes and stripped is not None and len(stripped) <= KEPT_BYTES:
        told = [] if stripped == data else ["metadata removed"]
        return Cleaned(stripped, MIMETYPES[kind], *picture.size, told)
    redrawn = upright(plain(picture))
    redrawn.thumbnail((SIDE_MAX_PX, SIDE_MAX_PX), Pictures.Resampling.LANCZOS)
    return _encoded(redrawn, kind, changes)


def _moving(picture: Pictures.Image, data: bytes, moving_bytes: int) -> Cleaned:
    frames = getattr(picture, "n_frames", 1)
    if frames > FRAMES_MAX or frames * picture.width * picture.height > FRAMES_PIXELS_MAX:
        raise Unfit(f"moves for too long: at most {FRAMES_MAX} frames, 200 million pixels in all")
    if max(picture.size) > SIDE_MAX_PX:
        raise Unfit(f"moves and has {_size(picture)}: make it at most {SIDE_MAX_PX} pixels a side")
    for number in range(frames):
        picture.seek(number)
        picture.load()
    content = stripping.gif(data)
    told = [] if content == data else ["metadata removed"]
    if len(content) > moving_bytes:
        lighter = _thinned(picture, moving_bytes)
        if lighter is not None and len(lighter.content) < len(content):
            content, told = lighter.content, [lighter.change]
    if len(content) > KEPT_BYTES:
        raise Unfit(f"moves and has {_megabytes(content)}: at most {KEPT_BYTES // 2**20} MB may be kept")
    return Cleaned(content, "image/gif", *picture.size, told)


def _thinned(picture: Pictures.Image, max_bytes: int) -> "Thinned | None":
    # Its writer comes with every kind of picture: 30 ms that most uploads need not wait for.
    from app.flows.cleaning.thinning import thinned

    return thinned(picture, max_bytes)


def _stripped(kind: str, data: bytes) -> bytes | None:
    walk = {"PNG": stripping.png, "JPEG": stripping.jpeg, "GIF": stripping.gif}.get(kind)
    return walk(data) if walk is not None else None


def _changes(picture: Pictures.Image, full_size: tuple[int, int], kind: str) -> list[str]:
    """What has to be done to the pixels."""
    changes = []
    if picture.getexif().get(0x0112, 1) not in (0, 1):
        changes.append("turned upright")
    if not is_srgb(picture):
        changes.append("colours converted to sRGB")
    if max(full_size) > SIDE_MAX_PX:
        changes.append(f"made smaller, from {full_size[0]} × {full_size[1]}")
    if kind == "WEBP" and getattr(picture, "n_frames", 1) > 1:
        changes.append("only its first frame kept")
    return changes


def _encoded(picture: Pictures.Image, kind: str, changes: list[str]) -> Cleaned:
    is_clear = has_alpha(picture)
    if is_clear or kind in ("PNG", "GIF") or (kind == "WEBP" and not is_photograph(picture)):
        content = _saved(picture, "PNG")
        if len(content) <= KEPT_BYTES:
            told = changes if kind == "PNG" else [*changes, "saved as PNG"]
            return Cleaned(content, "image/png", *picture.size, told or ["saved anew"])
        if is_clear:
            raise Unfit(f"has {_megabytes(content)} as PNG, which it must be to stay clear: make it smaller")
    for quality in JPEG_QUALITIES:
        content = _saved(picture.convert("RGB"), "JPEG", quality=quality, subsampling=0)
        if len(content) <= KEPT_BYTES:
            told = changes if kind == "JPEG" else [*changes, "saved as JPEG"]
            return Cleaned(content, "image/jpeg", *picture.size, told or ["saved anew"])
    raise Unfit(f"still has {_megabytes(content)} as JPEG of low quality: make it smaller")


def _saved(picture: Pictures.Image, kind: str, **how: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **how)
    return out.getvalue()


def _not_taken(data: bytes) -> str:
    start = data.lstrip()[:5].lower() if data[:1].isspace() or data[:1] == b"<" else data[:5]
    named = next((name for magic, name in _OTHERS.items() if start.startswith(magic)), None)
    if data[4:8] == b"ftyp":
        named = "HEIC, AVIF or video"
    return f"is {named}: {_TAKEN}" if named else f"is no picture that can be read here: {_TAKEN}"


def _size(picture: Pictures.Image) -> str:
    return f"{picture.width} × {picture.height}"


def _megabytes(data: bytes) -> str:
    return f"{len(data) / 2**20:.1f} MB"
