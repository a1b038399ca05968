"""Tags and comments of HTML with their places, found as a browser finds them.

Follows the tokeniser of the HTML standard (13.2.5) as far as places need it: quoting, raw text, comments
and broken input. No library that is well kept gives the places of attribute values. Linear in the
length of the text, whatever it holds: every repetition below is possessive.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

_SPACE = "\t\n\f\r "
_OPENING = re.compile(rf"<(?:(/?+)([A-Za-z][^{_SPACE}/>]*+)|!--|[!?/])")
_VALUE = rf"""(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^{_SPACE}>"'][^{_SPACE}>]*+)?+"""
_NAME = rf"[^{_SPACE}/>][^{_SPACE}/>=]*+"
_ATTRIBUTE = re.compile(rf"({_NAME})(?:[{_SPACE}]*+(=)[{_SPACE}]*+({_VALUE}))?+")
_REST_OF_TAG = re.compile(rf"(?:[{_SPACE}/]++|{_NAME}(?:[{_SPACE}]*+=[{_SPACE}]*+{_VALUE})?+)*+>")
_COMMENT_END = re.compile(r"--!?>")
_CONDITION = re.compile(r"\[if\b[^]>]*+\]>", re.IGNORECASE)

RAW_TEXT = ("style", "script", "title", "textarea", "xmp", "iframe", "noembed", "noframes")
_RAW_ENDS = {name: re.compile(rf"</{name}(?=[{_SPACE}/>])", re.IGNORECASE) for name in RAW_TEXT}


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute: `html[start:end]` is its value as written, without its quotes."""

    name_end: int
    has_value: bool
    start: int
    end: int
    quote: str


@dataclass(frozen=True)
class Tag:
    """A start or end tag, `html[start:end]`; its name in lower case ends at `name_end`."""

    html: str
    name: str
    is_closing: bool
    start: int
    name_end: int
    end: int

    @cached_property
    def attributes(self) -> Mapping[str, Attribute]:
        """By name in lower case; of two with one name the first counts."""
        found: dict[str, Attribute] = {}
        for match in _ATTRIBUTE.finditer(self.html, self.name_end, self.end - 1):
            name = match[1].lower()
            if name not in found:
                found[name] = _attribute(match)
        return found

    def value(self, name: str) -> str | None:
        """An attribute's value as written, entities and all; None without it."""
        attribute = self.attributes.get(name)
        return self.html[attribute.start : attribute.end] if attribute else None


@dataclass(frozen=True, slots=True)
class Comment:
    """`<!-- … -->`; `inner` is what Outlook reads of a conditional one."""

    start: int
    end: int
    inner: tuple[int, int] | None = None
    is_closed: bool = True


def tokens(html: str, start: int = 0, end: int | None = None) -> Iterator[Tag | Comment]:
    """Every tag and comment in order; what is cut off before its end is text, and none."""
    end = len(html) if end is None else end
    at = start
    while match := _OPENING.search(html, at, end):
        if match[2]:
            rest = _REST_OF_TAG.match(html, match.end(), end)
            if rest is None:
                return
            tag = Tag(html, match[2].lower(), bool(match[1]), match.start(), match.end(), rest.end())
            yield tag
            after = _after_raw_text(tag, end)
        elif match[0] == "<!--":
            comment = _comment(html, match.start(), end)
            yield comment
            after = comment.end
        else:
            after = html.find(">", match.end(), end) + 1
        if not after:
            return
        at = after


def _after_raw_text(tag: Tag, end: int) -> int:
    """Where to go on after a tag; 0 when all the rest is text."""
    if tag.is_closing:
        return tag.end
    if tag.name == "plaintext":
        return 0
    closing = _RAW_ENDS.get(tag.name)
    if closing is None:
        return tag.end
    found = closing.search(tag.html, tag.end, end)
    return found.start() if found else 0


def _comment(html: str, start: int, end: int) -> Comment:
    inside = start + 4
    for abrupt in (">", "->"):
        if html.startswith(abrupt, inside, end):
            return Comment(start, inside + len(abrupt))
    closing = _COMMENT_END.search(html, inside, end)
    inner_end, comment_end = (closing.start(), closing.end()) if closing else (end, end)
    condition = _CONDITION.match(html, inside, inner_end)
    inner = (condition.end(), inner_end) if condition else None
    return Comment(start, comment_end, inner, is_closed=closing is not None)


def _attribute(match: re.Match[str]) -> Attribute:
    if match[2] is None:
        return Attribute(match.end(1), False, match.end(1), match.end(1), "")
    start, end, quote = match.start(3), match.end(3), match[3][:1]
    if quote not in ("'", '"'):
        return Attribute(match.end(1), True, start, end, "")
    return Attribute(match.end(1), True, start + 1, end - 1, quote)
