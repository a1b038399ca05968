"""Words put together from kept letters are what Pillow makes of the whole word, to the pixel."""

from collections.abc import Iterator
from typing import Any

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Pictures
from PIL import ImageFont

from renderers.faces import FOLDER, LAYOUT, Face, Weight, chain, opened
from renderers.glyphs import gather
from renderers.letters import ALPHABET, MOST_PX, letters_of
from renderers.shaping import Style, draw, width

FEATURES = [(), ("tnum",)]
raqm = pytest.mark.skipif(LAYOUT is not ImageFont.Layout.RAQM, reason="letters are kept for Raqm alone")


def latin(weight: Weight) -> Face:
    return chain(weight)[0]


def sheet(text: str) -> tuple[Pictures.Image, tuple[int, int]]:
    return Pictures.new("L", ((len(text) + 2) * 2 * MOST_PX, 3 * MOST_PX), 0), (MOST_PX, 2 * MOST_PX)


def composed(text: str, face: Face, size_px: int, features: tuple[str, ...]) -> tuple[float, bytes]:
    letters = letters_of(text, face, size_px, features)
    assert letters is not None
    picture, (left, baseline) = sheet(text)
    gather(picture, [(mask, x + left, y + baseline) for mask, x, y in letters.placed(text)])
    return letters.length(text), picture.tobytes()


def whole(text: str, face: Face, size_px: int, features: tuple[str, ...]) -> tuple[float, bytes]:
    font, asked = opened(face, size_px), list(features)
    shape, (x, y) = font.getmask2(text, "L", anchor="ls", direction="ltr", features=asked)
    picture, (left, baseline) = sheet(text)
    if all(shape.size):
        at = (left + x, baseline + y)
        picture.im.paste(shape, (*at, at[0] + shape.size[0], at[1] + shape.size[1]))
    return font.getlength(text, direction="ltr", features=asked), picture.tobytes()


@raqm
@given(
    text=st.text(ALPHABET, min_size=1, max_size=12),
    weight=st.sampled_from(Weight),
    size_px=st.integers(1, MOST_PX),
    features=st.sampled_from(FEATURES),
)
def test_a_word_of_letters_is_the_word_that_pillow_draws(
    text: str, weight: Weight, size_px: int, features: tuple[str, ...]
) -> None:
    face = latin(weight)

    assert composed(text, face, size_px, features) == whole(text, face, size_px, features)


@raqm
@pytest.mark.parametrize("text", ["AVATAR Ty. Wolf", "fjord, fi ff ffl", "\u201311.7/4'\"", "jJ((QgÅÉ)", " "])
@pytest.mark.parametrize("features", FEATURES)
def test_kerned_and_reaching_letters_are_no_other(text: str, features: tuple[str, ...]) -> None:
    kept = "".join(char for char in text if char in ALPHABET)

    for weight in Weight:
        for size_px in (44, 72, 96):
            face = latin(weight)
            assert composed(kept, face, size_px, features) == whole(kept, face, size_px, features)


@raqm
def test_lines_with_room_between_letters_are_as_long_as_their_letters_and_the_room() -> None:
    spaced, plain = Style(spacing=10), Style()

    assert width("Tide", 20, spaced, rtl=False) == pytest.approx(
        sum(width(char, 20, plain, rtl=False) for char in "Tide") + 4 * 2
    )
    tight, roomy = (draw("Tide", 20, style, rtl=False).picture.width for style in (plain, spaced))
    assert roomy - tight in (5, 6, 7)


@pytest.mark.parametrize(
    ("text", "size_px"), [("", 40), ("a\u0301", 40), ("\u05d0", 40), ("l·l", 40), ("a", MOST_PX + 1)]
)
def test_what_is_no_plain_latin_is_left_to_pillow(text: str, size_px: int) -> None:
    assert letters_of(text, latin(Weight.BOLD), size_px, ()) is None


def test_letters_of_other_faces_are_left_to_pillow() -> None:
    assert letters_of("a", Face("Inter-Regular", FOLDER / "Inter-Regular.ttf"), 40, ()) is None


@pytest.mark.parametrize("weight", Weight)
def test_no_letter_of_the_shipped_faces_changes_beside_another_one_of_them(weight: Weight) -> None:
    font = TTFont(latin(weight).source)
    letters = {font.getBestCmap()[ord(char)] for char in ALPHABET}
    table = font["GSUB"].table

    for record in table.FeatureList.FeatureRecord:
        assert record.FeatureTag in ("ccmp", "locl", "tnum")
        for number in record.Feature.LookupListIndex if record.FeatureTag != "tnum" else ():
            for one in table.LookupList.Lookup[number].SubTable:
                for places in needed(one):
                    assert any(letters.isdisjoint(glyphs) for glyphs in places)


def needed(one: Any) -> Iterator[list[set[str]]]:
    """For each substitution the glyphs that may stand in each of the places it asks for."""
    if hasattr(one, "ligatures"):
        for first, ligatures in one.ligatures.items():
            yield from ([{first}, *({glyph} for glyph in each.Component)] for each in ligatures)
    elif hasattr(one, "mapping"):
        yield from ([{glyph}] for glyph in one.mapping)
    elif one.Format == 3:
        places = [*one.BacktrackCoverage, *one.InputCoverage, *one.LookAheadCoverage]
        yield [set(place.glyphs) for place in places]
    else:
        yield from contexts(one)


def contexts(one: Any) -> Iterator[list[set[str]]]:
    """The same of rules for a first glyph, or for a first class of glyphs."""
    for at, rules in enumerate(one.ChainSubRuleSet if one.Format == 1 else one.ChainSubClassSet):
        for rule in (rules.ChainSubRule if one.Format == 1 else rules.ChainSubClassRule) if rules else ():
            parts = (rule.Backtrack, rule.Input, rule.LookAhead)
            if one.Format == 1:
                yield [{one.Coverage.glyphs[at]}, *({glyph} for part in parts for glyph in part)]
            else:
                kinds = (one.BacktrackClassDef, one.InputClassDef, one.LookAheadClassDef)
                yield [
                    of_class(one.InputClassDef, at),
                    *(
                        of_class(kind, number)
                        for kind, part in zip(kinds, parts, strict=True)
                        for number in part
                    ),
                ]


def of_class(kind: Any, number: int) -> set[str]:
    """No class is asked for by a number of 0, which holds all others."""
    assert number
    return {glyph for glyph, each in kind.classDefs.items() if each == number}


@pytest.mark.parametrize("weight", Weight)
def test_the_shipped_faces_kern_by_pairs_alone(weight: Weight) -> None:
    table = TTFont(latin(weight).source)["GPOS"].table

    for record in table.FeatureList.FeatureRecord:
        assert record.FeatureTag in ("kern", "mark")
        for number in record.Feature.LookupListIndex if record.FeatureTag == "kern" else ():
            for one in table.LookupList.Lookup[number].SubTable:
                pairs = one.ExtSubTable if hasattr(one, "ExtSubTable") else one
                assert (pairs.LookupType, pairs.ValueFormat1, pairs.ValueFormat2) == (2, 4, 0)


def test_masks_that_reach_into_each_other_are_mixed() -> None:
    picture, half = Pictures.new("L", (3, 1), 0), Pictures.new("L", (2, 1), 128)

    gather(picture, [(half, 0, 0), (half, 1, 0)])

    first, both, last = picture.tobytes()
    assert (first, last) == (128, 128)
    assert both > 128
