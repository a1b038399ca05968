"""An email read: its links, its blocks and where the pixel belongs."""

from dataclasses import dataclass, field

from app.domain.email_html.tokens import RAW_TEXT, Comment, Tag, tokens
from app.domain.problems import Invalid

BLOCK = "data-mailtide-block"
SWITCH = "data-mailtide-link"
PLACES_MAX = 2_000

_BLANKS = "\t\n\f\r \ufeff"
_OF_HEAD = frozenset(("html", "head", "meta", "title", "style", "script", "link", "base", "noscript"))
_CELLS = frozenset(("td", "th", "caption"))


@dataclass(slots=True)
class Anchor:
    """An `<a>`, an `<area>` or a shape of Outlook's, and the blocks that stand in it."""

    tag: Tag
    blocks: list["Image"] = field(default_factory=list)

    @property
    def is_off(self) -> bool:
        """Whether the author wants its href left alone."""
        return (self.tag.value(SWITCH) or "").lower() == "off"


@dataclass(frozen=True, slots=True)
class Image:
    """An `<img>`, the block it is marked with, and the link around it."""

    tag: Tag
    block_id: str | None
    anchor: Anchor | None


@dataclass(frozen=True, slots=True)
class Letter:
    """What was found, in order. `body_at` is where the content begins."""

    html: str
    anchors: list[Anchor]
    images: list[Image]
    body_at: int

    def line(self, at: int) -> int:
        """The line of a place, from 1."""
        return self.html.count("\n", 0, at) + 1

    def column(self, at: int) -> int:
        """The column of a place, from 1."""
        return at - self.html.rfind("\n", 0, at)


def read(html: str) -> Letter:
    """Read an email, and what Outlook alone sees in conditional comments; other comments are not read.

    Raises Invalid when it holds more links or pictures than an email has.
    """
    letter = Letter(html, [], [], 0)
    beginning = _Beginning(html)
    nesting = _Nesting(letter)
    for token in tokens(html):
        beginning.take(token)
        if isinstance(token, Tag):
            nesting.take(token)
        elif token.inner:
            inside = _Nesting(letter)
            for inner in tokens(html, *token.inner):
                if isinstance(inner, Tag):
                    inside.take(inner)
    return Letter(html, letter.anchors, letter.images, beginning.place())


class _Nesting:
    """Follows which link a tag stands in: table cells end links that were not ended in them."""

    def __init__(self, letter: Letter) -> None:
        self._letter = letter
        self._open: Anchor | None = None
        self._around: list[tuple[str, Anchor | None]] = []  # open tables and cells, and the link around each

    def take(self, tag: Tag) -> None:
        if tag.name == "a":
            self._take_anchor(tag)
        elif tag.name == "img" and not tag.is_closing:
            self._take_image(tag)
        elif tag.name == "table" or tag.name in _CELLS:
            self._take_cell(tag)
        elif tag.name in ("tr", "tbody", "thead", "tfoot"):
            self._leave_cell()
        elif _is_other_link(tag):
            self._add(Anchor(tag))

    def _take_anchor(self, tag: Tag) -> None:
        if tag.is_closing:
            self._open = self._around[-1][1] if self._around else None
            return
        self._open = self._add(Anchor(tag))

    def _add(self, anchor: Anchor) -> Anchor:
        self._letter.anchors.append(anchor)
        _bound(self._letter.anchors, "links")
        return anchor

    def _take_image(self, tag: Tag) -> None:
        image = Image(tag, tag.value(BLOCK), self._open)
        self._letter.images.append(image)
        _bound(self._letter.images, "pictures")
        if image.block_id is not None and self._open is not None:
            self._open.blocks.append(image)

    def _take_cell(self, tag: Tag) -> None:
        if tag.name != "table":
            self._leave_cell()
        if not tag.is_closing:
            self._around.append((tag.name, self._open))
        elif tag.name == "table":
            self._leave_table()

    def _leave_cell(self) -> None:
        if self._around and self._around[-1][0] in _CELLS:
            self._open = self._around.pop()[1]

    def _leave_table(self) -> None:
        self._leave_cell()
        if self._around:
            self._open = self._around.pop()[1]


def _is_other_link(tag: Tag) -> bool:
    is_kind = tag.name == "area" or tag.name.startswith("v:")
    return is_kind and not tag.is_closing and "href" in tag.attributes


def _bound(found: list[Anchor] | list[Image], what: str) -> None:
    if len(found) > PLACES_MAX:
        raise Invalid.at("/html", f"an email holds at most {PLACES_MAX:,} {what}; this holds more")


class _Beginning:
    """Finds the body: after its tag, or before the first thing that is not of the head."""

    def __init__(self, html: str) -> None:
        self._html = html
        self._body: int | None = None
        self._content: int | None = None
        self._at = 0
        self._raw: int | None = None  # where what only its end can end began: a style, a comment

    def take(self, token: Tag | Comment) -> None:
        if self._body is not None:
            return
        if isinstance(token, Tag) and token.name == "body" and not token.is_closing:
            self._body = token.end
        elif self._content is None:
            self._content = self._text_before(token.start)
            if self._content is None and isinstance(token, Tag) and token.name not in _OF_HEAD:
                self._content = token.start
        self._at = token.end
        self._raw = token.start if _opens_raw_text(token) else None

    def place(self) -> int:
        if self._body is not None:
            return self._body
        if self._content is None:
            self._content = self._text_before(len(self._html)) if self._raw is None else self._raw
        return len(self._html) if self._content is None else self._content

    def _text_before(self, end: int) -> int | None:
        if self._raw is not None:
            return None
        text = self._html[self._at : end]
        stripped = text.lstrip(_BLANKS)
        # A doctype is neither tag nor comment here, and no content either.
        if not stripped or stripped.startswith(("<!", "<?")):
            return None
        return end - len(stripped)


def _opens_raw_text(token: Tag | Comment) -> bool:
    if isinstance(token, Comment):
        return not token.is_closed
    return not token.is_closing and token.name in RAW_TEXT
