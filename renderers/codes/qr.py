"""QR codes: segno finds the codewords, we draw the modules.

ISO/IEC 18004. The mask is always the same one: trying all eight and weighing them is four fifths of segno's
work, and readers take any. The tests read whatever values back.
"""

from enum import StrEnum

import segno

MAX_BYTES = 500
QUIET = 4
_MASK = 2


class Level(StrEnum):
    """How much of a code may be lost and it is still read: 7, 15, 25, 30 parts in a hundred."""

    L = "L"
    M = "M"
    Q = "Q"
    H = "H"


Matrix = tuple[bytearray, ...]


def qr(text: str, level: Level) -> Matrix:
    """Rows of modules, 1 for dark, without the quiet zone. Raises ValueError with what to type."""
    size = len(text.encode("utf-8", "replace"))
    if not 1 <= size <= MAX_BYTES:
        raise ValueError(f"must have 1 to {MAX_BYTES} bytes: a code with more is too fine to be read")
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise ValueError("must be a text of whole characters")
    # segno takes pairs of Latin-1 such as "á0" for Kanji, and the reader then gets another text. UTF-8 is
    # also what telephones expect.
    mode, encoding = (None, None) if text.isascii() else ("byte", "utf-8")
    code = segno.make(
        text, error=level, mode=mode, encoding=encoding, mask=_MASK, micro=False, boost_error=False
    )
    matrix: Matrix = code.matrix
    return matrix
