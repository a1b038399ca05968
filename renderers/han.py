"""Which of the written languages that share ideographs a line is in: each has shapes of its own for many."""

from enum import StrEnum

_FIRST = "\u2e80"  # nothing before it is written with ideographs


class Han(StrEnum):
    """Simplified and traditional Chinese, Japanese, Korean; NONE where nothing tells."""

    NONE = ""
    SIMPLIFIED = "SC"
    TRADITIONAL = "TC"
    JAPANESE = "JP"
    KOREAN = "KR"


def han_of(line: str) -> Han:
    """Kana are Japanese and Hangul Korean; ideographs tell by the old national sets that have all of them."""
    if not line or max(line) < _FIRST:
        return Han.NONE
    if any("\u3040" <= char <= "\u30ff" or "\uff66" <= char <= "\uff9d" for char in line):
        return Han.JAPANESE
    if any("\uac00" <= char <= "\ud7af" or "\u3131" <= char <= "\u318e" for char in line):
        return Han.KOREAN
    ideographs = "".join(char for char in line if "\u3400" <= char <= "\u9fff")
    if ideographs:
        sets = (("gb2312", Han.SIMPLIFIED), ("big5", Han.TRADITIONAL), ("shift_jis", Han.JAPANESE))
        return next((han for name, han in sets if _fits(ideographs, name)), Han.SIMPLIFIED)
    return Han.SIMPLIFIED if any("\u3000" <= char <= "\uffef" for char in line) else Han.NONE


def _fits(text: str, name: str) -> bool:
    try:
        text.encode(name)
    except UnicodeEncodeError:
        return False
    return True
