"""Small fonts for the tests, built where they are needed."""

import io
from functools import cache

from fontTools import subset
from fontTools.colorLib.builder import buildCOLR, buildCPAL
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from renderers.faces import FOLDER


@cache
def blocks(chars: str = "ABCabc 0123456789", *, em: int = 1000, wide: int = 600, high: int = 700) -> bytes:
    """A font whose letters are filled boxes: told from every other at a look."""
    names = {ord(char): f"c{ord(char):x}" for char in chars}
    builder = FontBuilder(em, isTTF=True)
    builder.setupGlyphOrder([".notdef", *names.values()])
    builder.setupCharacterMap(names)
    glyphs = {name: _box(wide - 100, high) for name in (".notdef", *names.values())}
    if 0x20 in names:
        glyphs[names[0x20]] = _box(0, 0)
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics(dict.fromkeys(glyphs, (wide, 50)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Blocks", "styleName": "Regular"})
    builder.setupOS2(usWeightClass=400)
    builder.setupPost()
    return saved(builder.font)


@cache
def shipped(name: str, chars: str, flavor: str | None = None) -> bytes:
    """A part of a shipped face, also as WOFF or WOFF2."""
    font = TTFont(FOLDER / f"{name}.ttf")
    cutter = subset.Subsetter()
    cutter.populate(text=chars)
    cutter.subset(font)
    font.flavor = flavor
    return saved(font)


def saved(font: TTFont) -> bytes:
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def _box(wide: int, high: int) -> object:
    pen = TTGlyphPen(None)
    if wide:
        for at, point in enumerate([(50, 0), (50, high), (50 + wide, high), (50 + wide, 0)]):
            (pen.moveTo if at == 0 else pen.lineTo)(point)
        pen.closePath()
    return pen.glyph()


@cache
def coloured(chars: str = "🎉☕❤👍👩👨🏽1#A ") -> bytes:
    """A face of emoji in two colours, with the digits and letters that such faces have too."""
    font = TTFont(io.BytesIO(blocks(chars, wide=1200, high=900)))
    layers = {f"c{ord(char):x}": [(f"c{ord(char):x}", 0)] for char in chars}
    font["COLR"] = buildCOLR(layers, version=0)
    font["CPAL"] = buildCPAL([[(1.0, 0.0, 0.5, 1.0)]])
    return saved(font)
