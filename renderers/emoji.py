"""Coloured emoji: where they are meant, and each drawn once at a size.

A face of coloured emoji also has digits, `#` and letters, for keycaps and flags, so it is asked for nothing
else than emoji. Its bitmaps have one size and are reduced.
"""

from functools import lru_cache

from PIL import Image as Pictures
from PIL import ImageDraw

from renderers.faces import Face, emoji_face, opened
from renderers.glyphs import Sprite

AS_TEXT, AS_EMOJI = "\ufe0e", "\ufe0f"
TONES = frozenset(chr(code) for code in range(0x1F3FB, 0x1F400))
SIGNS = TONES | {AS_TEXT, AS_EMOJI}
"""What changes the emoji before it."""

_JOINER = "\N{ZERO WIDTH JOINER}"
_ASTRAL = "\U0001f000"  # from here on signs are emoji unless a text says otherwise
# Emoji_Presentation below that (Unicode 16, emoji-data.txt): others are emoji only where U+FE0F follows.
_PRESENTED = frozenset(
    "⌚⌛⏩⏪⏫⏬⏰⏳◽◾☔☕♈♉♊♋♌♍♎♏♐♑♒♓♿⚓⚡⚪⚫⚽⚾⛄⛅⛎⛔⛪⛲⛳⛵⛺⛽✅✊✋✨❌❎❓❔❕❗➕➖➗➰➿⬛⬜⭐⭕"
)


def is_meant(char: str, *, before: str = "", after: str = "") -> bool:
    """Whether a character between two others is an emoji, and a face draws it in colour."""
    if after == AS_TEXT or char.isascii():
        return False
    is_one = char >= _ASTRAL or char in _PRESENTED or after == AS_EMOJI or before == _JOINER
    face = emoji_face() if is_one else None
    return face is not None and face.covers(char)


def advance(face: Face, text: str, size_px: int) -> float:
    """How far emoji reach, in pixels."""
    drawn_px = face.strike_px or size_px
    return opened(face, drawn_px).getlength(text) * size_px / drawn_px


# Drawing a bitmap and reducing it takes a millisecond; at usual sizes one has some 10 kB.
@lru_cache(maxsize=64)
def sprite(face: Face, text: str, size_px: int) -> Sprite | None:
    """Emoji in colour, or None where they leave nothing."""
    drawn_px = face.strike_px or size_px
    font = opened(face, drawn_px)
    left, top, right, bottom = (round(edge) for edge in font.getbbox(text, anchor="ls"))
    if right <= left or bottom <= top:
        return None
    large = Pictures.new("RGBA", (right - left, bottom - top), (0, 0, 0, 0))
    ImageDraw.Draw(large).text(
        (-left, -top), text, font=font, anchor="ls", embedded_color=True, fill=(128, 128, 128)
    )
    part = size_px / drawn_px
    small = (max(1, round(large.width * part)), max(1, round(large.height * part)))
    picture = large if small == large.size else large.resize(small, Pictures.Resampling.LANCZOS)
    return Sprite(picture, round(left * part), round(top * part))


def each(text: str) -> list[str]:
    """A row of emoji, each with its signs, those joined to it, and flags with both their letters."""
    found: list[str] = []
    for char in text:
        if found and _belongs(found[-1], char):
            found[-1] += char
        else:
            found.append(char)
    return found


def _belongs(emoji: str, char: str) -> bool:
    if char in SIGNS or char == _JOINER or emoji[-1] == _JOINER:
        return True
    return len(emoji) == 1 and _is_flag_letter(emoji) and _is_flag_letter(char)


def _is_flag_letter(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"
