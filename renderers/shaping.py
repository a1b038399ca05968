"""Lines of text: cleaned, measured and drawn as masks."""

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache

from PIL import Image as Pictures

from renderers import emoji
from renderers.faces import Face, Weight, emoji_face, opened
from renderers.glyphs import EMPTY, Mask, Masks, Placed, Sprite, gather
from renderers.han import Han
from renderers.letters import letters_of
from renderers.own import Typeface
from renderers.runs import JOINERS, MISSING, Asked, Piece, pieces

MAX_TEXT_CHARS = 2000
ELLIPSIS = "…"
# Arabic and its neighbours, the scripts of India, Tibetan, Myanmar, Khmer, Mongolian.
_JOINED = re.compile("[\u0600-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18af\ufb50-\ufdff\ufe70-\ufefe]")
_NEWLINES = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_MARKS_IN_A_ROW = 4  # more are no script's spelling; they climb over the lines above
_WORD = re.compile(r"\S+\s*|\s+")
_LINES = Masks(2**18)
_WORDS = Masks(2**19)
_KEYCAP = "\u20e3"


@dataclass(frozen=True, slots=True)
class Style:
    """How a text is set. Tabular figures all have one width.

    `spacing` is free room after each letter, in hundredths of the size; joined letters get none. `han` is the
    language of the text's ideographs; of none, each line is looked at alone.
    """

    weight: Weight = Weight.REGULAR
    is_tabular: bool = False
    spacing: int = 0
    han: Han = Han.NONE
    own: Typeface | None = None
    """An author's font, asked before the shipped faces."""
    is_one_colour: bool = False
    """Whether emoji are drawn as the letters are, although a face has them in colour."""

    def __hash__(self) -> int:
        # Asked some thirty times a text, always beside the text itself: that tells the keys apart.
        return self.spacing


PLAIN = Style()


def clean(text: str) -> str:
    """What can be seen of a text: no control, embedding or variation characters, at most 2,000 characters."""
    if text.isascii() and text.isprintable() and len(text) <= MAX_TEXT_CHARS:
        return text
    return _cleaned(text)


@lru_cache(maxsize=128)
def _cleaned(text: str) -> str:
    text = _NEWLINES.sub("\n", text[: 4 * MAX_TEXT_CHARS]).replace("\t", " ")
    kept: list[str] = []
    marks = 0
    for char in unicodedata.normalize("NFC", text):
        category = unicodedata.category(char)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if char == "\n" or char in JOINERS:
            kept.append(char)
        elif char in emoji.SIGNS:
            # Only a face in colour knows what to do with them.
            if kept and emoji_face() is not None and not kept[-1].isascii():
                kept.append(char)
        elif category == "Cs":
            kept.append(MISSING)
        elif _is_seen(char, category) and marks <= _MARKS_IN_A_ROW:
            kept.append(char)
    if len(kept) > MAX_TEXT_CHARS:
        kept[MAX_TEXT_CHARS - 1 :] = [ELLIPSIS]
    return "".join(kept)


def _is_seen(char: str, category: str) -> bool:
    if category in ("Cc", "Cf") or char == _KEYCAP:
        return False
    return not ("\ufe00" <= char <= "\ufe0f" or "\U000e0000" <= char <= "\U000e01ef")


@lru_cache(maxsize=1024)
def width(line: str, size_px: int, style: Style, *, rtl: bool) -> float:
    """How far a line reaches, in pixels."""
    fine = _fine(size_px)
    return sum(_advance(piece, size_px * fine, style) for piece in _set(line, style, rtl=rtl)) / fine


@lru_cache(maxsize=256)
def _set(line: str, style: Style, *, rtl: bool) -> tuple[Piece, ...]:
    """A line's pieces: letter by letter where there is room between them, else word by word."""
    run = pieces(line, Asked(style.weight, style.han, style.own, style.is_one_colour), rtl=rtl)
    cut = _letters if style.spacing else _words
    return tuple(part for piece in run for part in (_emoji if piece.face.is_colour else cut)(piece))


def _emoji(piece: Piece) -> list[Piece]:
    ordered = emoji.each(piece.text)
    return [Piece(one, piece.face, is_rtl=False) for one in (reversed(ordered) if piece.is_rtl else ordered)]


def _words(piece: Piece) -> list[Piece]:
    """Words with the space after them. What reads from right to left stays whole: its order is Pillow's."""
    if piece.is_rtl or " " not in piece.text:
        return [piece]
    return [Piece(word, piece.face, is_rtl=False) for word in _WORD.findall(piece.text)]


def _letters(piece: Piece) -> list[Piece]:
    if _is_joined(piece.text):
        return [piece]
    letters: list[str] = []
    for char in piece.text:
        if letters and (char in JOINERS or unicodedata.category(char).startswith("M")):
            letters[-1] += char
        else:
            letters.append(char)
    ordered = reversed(letters) if piece.is_rtl else letters
    return [Piece(letter, piece.face, piece.is_rtl) for letter in ordered]


def _is_joined(text: str) -> bool:
    return _JOINED.search(text) is not None


def _advance(piece: Piece, size_px: int, style: Style) -> float:
    return _reach(piece.text, piece.face, piece.is_rtl, size_px, style.is_tabular, style.spacing)


# The parts and not the objects, whose hashes are made in Python.
@lru_cache(maxsize=2048)
def _reach(text: str, face: Face, is_rtl: bool, size_px: int, is_tabular: bool, spacing: int) -> float:
    features = _features(is_tabular)
    letters = None if is_rtl else letters_of(text, face, size_px, features)
    if face.is_colour:
        length = emoji.advance(face, text, size_px)
    elif letters is not None:
        length = letters.length(text)
    else:
        font = opened(face, size_px)
        length = font.getlength(text, direction=_direction(is_rtl), features=list(features))
    if spacing and not _is_joined(text):
        length += spacing * size_px / 100
    return max(0.0, length)


def draw(line: str, size_px: int, style: Style, *, rtl: bool) -> Mask:
    """A line as a mask. Small sizes are drawn larger and reduced: Pillow sets glyphs on whole pixels only."""
    key = (line, size_px, style, rtl)
    held = _LINES.get(key)
    if held is None:
        held = _drawn(_set(line, style, rtl=rtl), size_px, style)
        _LINES.keep(key, held)
    return held


def _drawn(run: tuple[Piece, ...], size_px: int, style: Style) -> Mask:
    fine = _fine(size_px)
    placed: list[tuple[int, Mask]] = []
    x = 0.0
    for piece in run:
        whole, phase = divmod(round(x), fine)
        word = _word(piece, size_px, style, phase)
        if word.has_ink:
            placed.append((whole - word.left_px, word))
        x += _advance(piece, size_px * fine, style)
    return _joined(placed)


def _joined(placed: list[tuple[int, Mask]]) -> Mask:
    """Masks, each with the place of its left edge, as one; their baselines are on one height."""
    if not placed:
        return EMPTY
    if len(placed) == 1:
        ((at, word),) = placed
        return Mask(word.picture, -at, word.baseline_px, _moved(word, at))
    left = min(at for at, _ in placed)
    right = max(at + word.picture.width for at, word in placed)
    above = max(word.baseline_px for _, word in placed)
    below = max(word.picture.height - word.baseline_px for _, word in placed)
    line = Pictures.new("L", (right - left, above + below), 0)
    gather(line, [(word.picture, at - left, above - word.baseline_px) for at, word in placed])
    return Mask(line, -left, above, tuple(sprite for at, word in placed for sprite in _moved(word, at)))


def _moved(word: Mask, at: int) -> tuple[Sprite, ...]:
    """A word's emoji as seen from the origin of the line, with the word's left edge there."""
    return tuple(replace(one, x_px=one.x_px + at + word.left_px) for one in word.sprites)


def _word(piece: Piece, size_px: int, style: Style, phase: int) -> Mask:
    """A piece that begins so many fine pixels after a whole one."""
    key = (piece.text, piece.face, piece.is_rtl, size_px, style.is_tabular, phase)
    held = _WORDS.get(key)
    if held is None:
        held = _written(piece, size_px, style, phase)
        _WORDS.keep(key, held)
    return held


def _written(piece: Piece, size_px: int, style: Style, phase: int) -> Mask:
    if piece.face.is_colour:
        shown = emoji.sprite(piece.face, piece.text, size_px)
        return Mask(EMPTY.picture, 0, 0, (shown,)) if shown is not None else EMPTY
    fine = _fine(size_px)
    placed = _placed(piece, size_px * fine, _features(style.is_tabular))
    if not placed:
        return EMPTY
    left = min(x for _, x, _ in placed) + phase
    right = max(x + letter.width for letter, x, _ in placed) + phase
    top = min(y for _, _, y in placed)
    bottom = max(y + letter.height for letter, _, y in placed)
    # Pillow reduces whole squares of fine pixels: the origin lies in the corner of one.
    first, above = left // fine, -(top // fine)
    across, down = -(-right // fine) - first, -(-bottom // fine) + above
    canvas = Pictures.new("L", (across * fine, down * fine), 0)
    across, down = phase - first * fine, above * fine
    gather(canvas, [(letter, x + across, y + down) for letter, x, y in placed])
    return Mask(canvas.reduce(fine) if fine > 1 else canvas, -first, above).trimmed()


def _placed(piece: Piece, size_px: int, features: tuple[str, ...]) -> list[Placed]:
    """The letters of a piece, or what Pillow makes of it as a whole."""
    letters = None if piece.is_rtl else letters_of(piece.text, piece.face, size_px, features)
    if letters is not None:
        return letters.placed(piece.text)
    shape, (left, top) = opened(piece.face, size_px).getmask2(
        piece.text, "L", anchor="ls", direction=_direction(piece.is_rtl), features=list(features)
    )
    if not all(shape.size):
        return []
    whole = Pictures.new("L", shape.size, 0)
    whole.im.paste(shape, (0, 0, *shape.size))
    return [(whole, left, top)]


def _fine(size_px: int) -> int:
    return 4 if size_px <= 24 else 2 if size_px <= 72 else 1


def _direction(is_rtl: bool) -> str:
    return "rtl" if is_rtl else "ltr"


def _features(is_tabular: bool) -> tuple[str, ...]:
    return ("tnum",) if is_tabular else ()
