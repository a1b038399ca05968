"""What wrapping changes in an email: the attributes, the pixel and the links around blocks, as edits."""

from collections.abc import Iterator, Mapping
from functools import cache
from html import escape

from app.domain.blocks import Block
from app.domain.email_html.edits import Edit, insertion, quoted, set_attribute
from app.domain.email_html.hrefs import decoded
from app.domain.email_html.reading import Image, Letter
from app.domain.merge_tags import MergeTags
from app.domain.tokens import Kind, Ticket
from app.flows.addressing import Addresses, Reader
from app.flows.link_targets import Own, Targets, leads

PIXEL_STYLE = "display:block;width:1px;height:1px;border:0;opacity:0;overflow:hidden"


class Pen:
    """Writes addresses as attribute values."""

    def __init__(self, made: Addresses, reader: Reader, tags: MergeTags | None) -> None:
        self.made = made
        self.reader = reader
        self._ending = (f"?{tags.query(is_html=False)}", f"?{tags.query(is_html=True)}") if tags else ("", "")
        self.link = cache(lambda number: self.written(self.made.link(self.reader, number)))

    def written(self, url: str) -> str:
        """An address of ours with its query encoded for HTML; nothing else in it needs to be."""
        plain, encoded = self._ending
        return url.removesuffix(plain) + encoded

    def block_link(self, block_id: str) -> str:
        return self.written(self.made.block_link(self.reader, block_id))

    def answer_link(self, block_id: str, answer: str) -> str:
        link = self.block_link(block_id)
        return f"{link}{'&amp;' if self.reader.query else '?'}a={answer}"

    def image(self, block_id: str) -> str:
        return self.written(self.made.image(self.reader, block_id))

    def pixel(self) -> str:
        return self.written(self.made.pixel(self.reader))

    def unsubscribe(self) -> str:
        return self.written(self.made.unsubscribe(self.reader))


def edits(
    letter: Letter,
    placed: Mapping[str, Block],
    targets: Targets,
    own: Own,
    table: Mapping[int, str],
    pen: Pen,
) -> Iterator[Edit]:
    """Every change to an email; `table` has the number of each of its links."""
    if not any(_own(image, own, Kind.PIXEL) for image in letter.images):
        tag = f'<img src={quoted(pen.pixel())} width="1" height="1" alt="" style="{PIXEL_STYLE}">'
        yield insertion(letter.body_at, tag)
    for image in letter.images:
        block = placed.get(image.block_id or "")
        if block is not None:
            yield from _block_edits(image, block, pen)
        elif ticket := _own(image, own, Kind.PIXEL, Kind.IMAGE):
            # Wrapped before, perhaps for somebody else, whose address must not stay.
            src = pen.pixel() if ticket.kind is Kind.PIXEL else pen.image(ticket.subject)
            yield set_attribute(image.tag, "src", src)
    numbers = {url: number for number, url in table.items()}
    yield from (set_attribute(anchor.tag, "href", pen.link(numbers[url])) for anchor, url in targets.links)
    yield from (set_attribute(anchor.tag, "href", pen.link(number)) for anchor, number in targets.numbered)
    yield from (
        set_attribute(anchor.tag, "href", pen.block_link(block_id)) for anchor, block_id in targets.blocks
    )
    yield from (
        set_attribute(anchor.tag, "href", pen.answer_link(block_id, answer))
        for anchor, block_id, answer in targets.votes
    )
    yield from (set_attribute(anchor.tag, "href", pen.unsubscribe()) for anchor in targets.unsubscribes)


def _block_edits(image: Image, block: Block, pen: Pen) -> Iterator[Edit]:
    tag = image.tag
    is_linked_here = image.anchor is None and leads(block)
    if is_linked_here:
        yield insertion(tag.start, f"<a href={quoted(pen.block_link(block.block_id))}>")
    yield set_attribute(tag, "src", pen.image(block.block_id))
    if "width" not in tag.attributes:
        yield set_attribute(tag, "width", str(block.width))
    if "alt" not in tag.attributes:
        yield set_attribute(tag, "alt", escape(block.alt))
    if is_linked_here:
        yield insertion(tag.end, "</a>")


def _own(image: Image, own: Own, *kinds: Kind) -> Ticket | None:
    written = image.tag.value("src")
    ticket = own.ticket(decoded(written), *kinds) if written else None
    return ticket if ticket is not None and ticket.message_id == own.message_id else None
