"""Words put together from letters that were drawn before: the same pixels, without asking FreeType again.

In the shipped Latin faces a letter's shape is one whatever stands beside it, and its distance to the next
one is a matter of these two alone; a test reads that in the fonts. Everything else is left to Pillow.
"""

import string
from array import array
from functools import lru_cache

from PIL import Image as Pictures
from PIL import ImageFont

from renderers.faces import LAYOUT, Face, Weight, chain, opened
from renderers.glyphs import EMPTY, Mask, Masks, Placed

ALPHABET = (
    " " + string.ascii_letters + string.digits + string.punctuation + "€£–’…äöüÄÖÜßáàâåæçéèêëíîïñóôøúùûÉ"
)
MOST_PX = 144
"""Larger letters are not kept."""

_INDEX = {char: at for at, char in enumerate(ALPHABET)}
_COUNT = len(ALPHABET)
_UNKNOWN = bytes(2 * _COUNT * _COUNT)
_LETTERS = Masks(2**18)


class Letters:
    """What is known of the letters of a face at a size: how far each leads, to each other and at the end."""

    def __init__(self, face: Face, size_px: int, features: tuple[str, ...]) -> None:
        self._face, self._size_px, self._features = face, size_px, features
        self._steps = array("h", _UNKNOWN)  # 64ths of a pixel; 0 is not known yet
        self._ends = array("h", _UNKNOWN[: 2 * _COUNT])

    def length(self, text: str) -> float:
        """How far a text reaches, in pixels: to the digit what Pillow says."""
        return self._pens([_INDEX[char] for char in text])[-1] / 64

    def placed(self, text: str) -> list[Placed]:
        """The letters that leave ink, seen from the word's origin."""
        found: list[Placed] = []
        # The last pen stands behind the last letter.
        for char, pen in zip(text, self._pens([_INDEX[char] for char in text]), strict=False):
            mask = self._mask(char)
            if mask.has_ink:
                found.append((mask.picture, ((pen + 32) >> 6) - mask.left_px, -mask.baseline_px))
        return found

    def _pens(self, letters: list[int]) -> list[int]:
        """Where each letter begins, and after them where the last one ends; 64ths of a pixel."""
        x, steps, last = 0, self._steps, letters[0]
        pens = [0]
        for letter in letters[1:]:
            x += steps[last * _COUNT + letter] or self._step(last, letter)
            pens.append(x)
            last = letter
        pens.append(x + (self._ends[last] or self._end(last)))
        return pens

    def _step(self, first: int, second: int) -> int:
        both = self._measured(ALPHABET[first] + ALPHABET[second])
        step = both - (self._ends[second] or self._end(second))
        self._steps[first * _COUNT + second] = step
        return step

    def _end(self, letter: int) -> int:
        self._ends[letter] = self._measured(ALPHABET[letter])
        return self._ends[letter]

    def _measured(self, text: str) -> int:
        return round(64 * self._font.getlength(text, direction="ltr", features=list(self._features)))

    def _mask(self, char: str) -> Mask:
        key = (char, self._face, self._size_px, self._features)
        held = _LETTERS.get(key)
        if held is None:
            held = self._drawn(char)
            _LETTERS.keep(key, held)
        return held

    def _drawn(self, char: str) -> Mask:
        shape, (left, top) = self._font.getmask2(
            char, "L", anchor="ls", direction="ltr", features=list(self._features)
        )
        if not all(shape.size):
            return EMPTY
        picture = Pictures.new("L", shape.size, 0)
        picture.im.paste(shape, (0, 0, *shape.size))
        return Mask(picture, -left, -top)

    @property
    def _font(self) -> ImageFont.FreeTypeFont:
        return opened(self._face, self._size_px)


def letters_of(text: str, face: Face, size_px: int, features: tuple[str, ...]) -> Letters | None:
    """The letters that a text read from left to right can be put together from, or None."""
    if size_px > MOST_PX or not text or face not in _latin() or not _INDEX.keys() >= set(text):
        return None
    return _known(face, size_px, features)


@lru_cache(maxsize=1)
def _latin() -> frozenset[Face]:
    # Another layout rounds each distance in ways of its own.
    weights = Weight if LAYOUT is ImageFont.Layout.RAQM else ()
    return frozenset(chain(weight)[0] for weight in weights)


# 40 kB each, so that a letter is looked up in a tenth of a microsecond.
@lru_cache(maxsize=16)
def _known(face: Face, size_px: int, features: tuple[str, ...]) -> Letters:
    return Letters(face, size_px, features)
