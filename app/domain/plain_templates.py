"""Templates that only name values, rendered without Liquid's machinery: 2 us instead of 60.

Nothing but literal text and `{{ path }}` or `{{ path | default: 'text' }}` is taken, and only while the
values are texts and whole numbers, which Liquid writes the same way; everything else is left to Liquid,
and so is every text that comes near a limit, because Liquid refuses there and does not cut.
"""

import re
from collections.abc import Callable, Mapping
from urllib.parse import quote

from app.domain.paths import MISSING, reader

OUTPUT_MAX = 4_000
NUMBER_BITS_MAX = 256

_OUTPUT = re.compile(
    r"""\{\{\s*(?P<path>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+)\s*
        (?:\|\s*default:\s*(?:'(?P<single>[^'{}|]*)'|"(?P<double>[^"{}|]*)")\s*)?
        (?P<link>\|\s*link_value\s*)?\}\}""",
    re.VERBOSE,
)
_SPECIAL = ("size", "first", "last")  # Liquid reads these off lists and texts

Part = Callable[[Mapping[str, object]], str | None]


def plain_renderer(source: str) -> Part | None:
    """What renders the template, or answers None for values it leaves to Liquid; None for other templates."""
    parts: list[Part] = []
    at = 0
    for found in _OUTPUT.finditer(source):
        if found["path"].rpartition(".")[2] in _SPECIAL:
            return None
        parts.append(_literal(source[at : found.start()]))
        parts.append(
            _value(found["path"], found["single"] or found["double"], is_in_link=bool(found["link"]))
        )
        at = found.end()
    parts.append(_literal(source[at:]))
    rest = _OUTPUT.sub("", source)
    if "{{" in rest or "{%" in rest or "}}" in rest or "%}" in rest:
        return None
    return _joined(parts)


def _joined(parts: list[Part]) -> Part:
    def render(context: Mapping[str, object]) -> str | None:
        texts = []
        for part in parts:
            text = part(context)
            if text is None:
                return None
            texts.append(text)
        whole = "".join(texts)
        # Liquid makes every kind of line's end "\n".
        return whole if len(whole) <= OUTPUT_MAX and "\r" not in whole else None

    return render


def _literal(text: str) -> Part:
    return lambda _: text


def _value(path: str, default: str | None, *, is_in_link: bool) -> Part:
    read = reader(path)

    def render(context: Mapping[str, object]) -> str | None:
        value = read(context)
        if value is MISSING or value is None or (value == "" and default is not None):
            text = default or ""
        elif type(value) is str:
            text = value
        elif type(value) is int and value.bit_length() <= NUMBER_BITS_MAX:
            text = str(value)
        else:
            return None
        return quote(text, safe="") if is_in_link else text

    return render
