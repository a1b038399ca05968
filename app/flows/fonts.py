"""Fonts besides the shipped ones: where they are looked for, and what they cover."""

from pathlib import Path

from app.flows.diagnosing import Finding, good
from renderers import faces
from renderers.faces import Weight, covering

# A character for each script that mail is written in, common ones first.
SCRIPTS = {
    "Latin": "A", "Greek": "Ω", "Cyrillic": "Я", "Arabic": "م", "Hebrew": "ש", "Devanagari": "न", "Thai": "ส",
    "simplified Chinese": "们", "traditional Chinese": "們", "Japanese": "の", "Korean": "한", "Bengali": "ব",
    "Tamil": "த", "Telugu": "త", "Gujarati": "ગ", "Gurmukhi": "ਪ", "Kannada": "ಕ", "Malayalam": "മ",
    "Sinhala": "ස", "Khmer": "ខ", "Lao": "ລ", "Burmese": "မ",
    "Armenian": "Ա", "Georgian": "ა", "Ethiopic": "አ",
}  # fmt: skip


def look_in(folder: Path | None) -> None:
    """Take the operator's fonts from there; once, before anything is drawn."""
    faces.look_in(folder)


def diagnose() -> Finding:
    """Which scripts can be drawn, and which files in the folder cannot be read."""
    unread = faces.on_shelf().unread
    bare = [name for name, char in SCRIPTS.items() if covering(char, Weight.REGULAR) is None]
    emoji = "in colour" if faces.emoji_face() else "in one colour"
    told = f"{len(SCRIPTS) - len(bare)} of {len(SCRIPTS)} scripts, emoji {emoji}"
    if unread:
        path, why = unread[0]
        return Finding(
            "fonts",
            "warn",
            f"{told}; {len(unread)} files cannot be read, as {path}: {why}",
            "characters that only they have are drawn as □",
            "take them out of FONTS_DIR, or put whole ones there",
        )
    if not bare:
        return good("fonts", told)
    return good(
        "fonts", f"{told}; `make run EXTRAS=fonts` or FONTS_DIR adds {bare[0]} and {len(bare) - 1} more"
    )
