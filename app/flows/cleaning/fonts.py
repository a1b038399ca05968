"""An uploaded font becomes a plain one: rebuilt from the tables that drawing needs, and drawn once to see.

What is left out: programs for hinting, which are run by whoever draws; coloured layers, pictures, signatures
and tables nobody knows. fontTools is imported when there is a font: it takes 0.3 s.
"""

import io
import struct
import unicodedata
import zlib
from typing import Any

from PIL import Image as Pictures
from PIL import ImageFont

from app.flows.cleaning.cleaned import KEPT_BYTES, Cleaned, Unfit

UNPACKED_BYTES = 32 * 2**20
UNITS_MIN = 256
WIDE_MAX_EM, HIGH_MAX_EM = 16, 4  # the widest sign of Unicode, a sentence in Arabic, has some ten

_SFNT = (b"\0\1\0\0", b"OTTO", b"true")
_WOFF, _WOFF2, _COLLECTION = b"wOFF", b"wOF2", b"ttcf"
_DROPPED = ["CBDT", "CBLC", "COLR", "CPAL", "DSIG", "EBDT", "EBLC", "EBSC", "SVG ", "sbix", "meta", "LTSH"]
_NAMES = [1, 2, 16, 17]
_RESTRICTED = 0x0002
_PROOF_PX = 96
_SHAPED_CHARS = 200

# What fontTools and FreeType raise on broken fonts.
_BROKEN = (
    OSError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    EOFError,
    RuntimeError,
    struct.error,
    zlib.error,
)


def is_font(data: bytes) -> bool:
    """Whether a file begins as a font does."""
    return data[:4] in (*_SFNT, _WOFF, _WOFF2, _COLLECTION)


def clean(data: bytes) -> Cleaned:
    """The plain font of an uploaded file. Raises Unfit, and nothing else."""
    import brotli
    from fontTools.ttLib import TTLibError

    if data[:4] == _COLLECTION:
        raise Unfit("is a collection of fonts: upload one of them as TTF or OTF")
    if data[:4] in (_WOFF, _WOFF2) and int.from_bytes(data[16:20], "big") > UNPACKED_BYTES:
        raise Unfit(
            f"says it has more than {UNPACKED_BYTES // 2**20} MB unpacked: upload a font of fewer characters"
        )
    try:
        return _clean(data)
    except (TTLibError, brotli.error, *_BROKEN) as wrong:
        raise Unfit("is no font that can be read: export it again as TTF or OTF, and upload that") from wrong
    except MemoryError as wrong:
        raise Unfit("takes too much memory to read: upload a font of fewer characters") from wrong


def _clean(data: bytes) -> Cleaned:
    from fontTools.ttLib import TTFont

    font = TTFont(io.BytesIO(data), recalcBBoxes=True, recalcTimestamp=False)
    if not any(tag in font for tag in ("glyf", "CFF ", "CFF2")):
        raise Unfit("has pictures in place of outlines: upload a font with outlines")
    chars = sorted(font.getBestCmap() or {})
    if not chars:
        raise Unfit("has no characters")
    restricted = font["OS/2"].fsType & 0x000F == _RESTRICTED
    content = _rebuilt(font, chars)
    if len(content) > KEPT_BYTES:
        size = f"{len(content) / 2**20:.1f} MB"
        raise Unfit(
            f"has {size}, and {KEPT_BYTES // 2**20} MB at most are kept: take out scripts you don't use"
        )
    _check_extent(content)
    _prove(content, chars)
    changes = [] if data[:4] in _SFNT else ["unpacked"]
    changes.append(f"rebuilt with {len(chars)} characters and without hinting")
    if restricted:
        changes.append("its maker restricts embedding: see that its licence lets you draw pictures with it")
    return Cleaned(content, "font/otf" if content[:4] == b"OTTO" else "font/ttf", 0, 0, changes)


def _rebuilt(font: Any, chars: list[int]) -> bytes:
    from fontTools import subset

    options = subset.Options(
        hinting=False,
        layout_features=["*"],
        name_IDs=_NAMES,
        notdef_outline=True,
        recalc_bounds=True,
        passthrough_tables=False,
        legacy_kern=True,
        drop_tables=[*subset.Options().drop_tables, *_DROPPED],
    )
    options.flavor = None
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=chars)
    cutter.subset(font)
    font.flavor = None
    out = io.BytesIO()
    font.save(out, reorderTables=False)
    return out.getvalue()


def _check_extent(content: bytes) -> None:
    """No letter is so large that drawing it takes memory that a picture does not."""
    from fontTools.ttLib import TTFont

    font = TTFont(io.BytesIO(content))
    head, em = font["head"], font["head"].unitsPerEm
    if em < UNITS_MIN:
        raise Unfit(f"has {em} units an em: export it with 1,000 or 2,048")
    widest = max([abs(head.xMin), abs(head.xMax), *(advance for advance, _ in font["hmtx"].metrics.values())])
    highest = max(abs(head.yMin), abs(head.yMax), abs(font["hhea"].ascent), abs(font["hhea"].descent))
    if widest > WIDE_MAX_EM * em or highest > HIGH_MAX_EM * em:
        raise Unfit(f"has letters more than {WIDE_MAX_EM} em wide or {HIGH_MAX_EM} em high")


def _prove(content: bytes, chars: list[int]) -> None:
    """Every character is drawn once; what takes too long for that ends with this process."""
    seen = [chr(char) for char in chars if unicodedata.category(chr(char))[0] not in "CZ"]
    alone = ImageFont.truetype(io.BytesIO(content), _PROOF_PX, layout_engine=ImageFont.Layout.BASIC)
    shaped = ImageFont.truetype(io.BytesIO(content), _PROOF_PX // 4)
    try:
        for char in seen:
            alone.getmask(char)
        shaped.getmask("".join(seen[:_SHAPED_CHARS]))
    except (Pictures.DecompressionBombError, Pictures.DecompressionBombWarning) as wrong:
        raise Unfit("has letters too large to be drawn") from wrong
