"""Edits of HTML in place: a span replaced, everything outside it untouched."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.email_html.tokens import Tag


@dataclass(frozen=True, slots=True)
class Edit:
    """`html[start:end]` becomes `text`; an insertion where start is end."""

    start: int
    end: int
    text: str


def apply(html: str, edits: Iterable[Edit]) -> str:
    """The HTML with every edit made; they must not overlap. Insertions at one place keep their order."""
    pieces: list[str] = []
    at = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if edit.start < at:
            raise ValueError(f"edits overlap at {edit.start}")
        pieces += (html[at : edit.start], edit.text)
        at = edit.end
    return "".join((*pieces, html[at:]))


def insertion(at: int, text: str) -> Edit:
    """Text put in at one place."""
    return Edit(at, at, text)


def quoted(written: str) -> str:
    """An encoded value in the quotes that it does not hold itself."""
    quote = "'" if '"' in written else '"'
    return f"{quote}{written}{quote}"


def set_attribute(tag: Tag, name: str, written: str) -> Edit:
    """Give a tag an attribute. `written` is as it shall stand there: encoded, with one kind of quote at most.

    The author's quotes stay, unless the value holds that very quote or had none around it.
    """
    attribute = tag.attributes.get(name)
    if attribute is None:
        return insertion(tag.name_end, f" {name}={quoted(written)}")
    if not attribute.has_value:
        return insertion(attribute.name_end, f"={quoted(written)}")
    if attribute.quote and attribute.quote not in written:
        return Edit(attribute.start, attribute.end, written)
    width = len(attribute.quote)
    return Edit(attribute.start - width, attribute.end + width, quoted(written))
