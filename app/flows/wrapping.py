"""An email's HTML gets its blocks, links and pixel; everything else in it stays byte for byte."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from html import escape
from typing import Any

from app.domain.blocks import Block
from app.domain.email_html.edits import Edit, apply, insertion, quoted, set_attribute
from app.domain.email_html.hrefs import decoded
from app.domain.email_html.reading import Image, Letter, read
from app.domain.merge_tags import MergeTags, merge_tags
from app.domain.problems import Invalid, Problem
from app.domain.tokens import Kind, Ticket
from app.flows import link_targets, messages, wrap_warnings
from app.flows.addressing import Addresses, Reader, addresses
from app.flows.link_targets import Own, Targets
from app.flows.message_links import fill_in
from app.flows.visiting import Front
from app.stores.cold.engine import Cold
from app.stores.hot.server import HotStore

PIXEL_STYLE = "display:block;width:1px;height:1px;border:0;opacity:0;overflow:hidden"
ONE_CLICK = "List-Unsubscribe=One-Click"


@dataclass(frozen=True, slots=True)
class Wrapping:
    """What to wrap, and for whom: one touch, or whoever the platform's merge tags name.

    `blocks` None places every block that is marked; a list places those, and asks that each is marked.
    """

    html: str
    platform: str | None = None
    customer_tag: str | None = None
    send_tag: str | None = None
    touch_id: str | None = None
    customer_id: str | None = None
    sent_at: datetime | None = None
    blocks: Sequence[str] | None = None


def wrap(
    cold: Cold, hot: HotStore, front: Front, base_url: str, message_id: str, told: Wrapping, *, now: datetime
) -> dict[str, Any]:
    """The wrapped HTML, its headers, and what was done and left alone, as the API tells them.

    Wrapping what is wrapped gives the same again, for another reader with their addresses.
    Raises NotFound, Invalid with the line of the fault, Unavailable.
    """
    message = messages.fetch(cold, message_id)
    reader, tags = _reader(message_id, told)
    letter = read(told.html)
    placed = _placed(letter, told.blocks, front)
    own = Own(front.keyring, base_url, message_id)
    targets = link_targets.sort(letter, placed, own)
    table = fill_in(cold, hot, message, targets.urls(), list(placed), now=now)
    pen = _Pen(addresses(front, base_url), reader, tags)
    html = apply(told.html, _edits(letter, placed, targets, own, table, pen))
    return {
        "html": html,
        "headers": {
            "List-Unsubscribe": f"<{pen.made.unsubscribe(reader)}>",
            "List-Unsubscribe-Post": ONE_CLICK,
        },
        "links": _counted(targets, table),
        "left": wrap_warnings.left_alone(letter, targets),
        "blocks": list(placed),
        "bytes": len(html.encode()),
        "warnings": wrap_warnings.warnings(letter, targets, placed, html, base_url),
    }


class _Pen:
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

    def image(self, block_id: str) -> str:
        return self.written(self.made.image(self.reader, block_id))

    def pixel(self) -> str:
        return self.written(self.made.pixel(self.reader))

    def unsubscribe(self) -> str:
        return self.written(self.made.unsubscribe(self.reader))


def _reader(message_id: str, told: Wrapping) -> tuple[Reader, MergeTags | None]:
    if told.platform is None:
        return Reader(message_id, told.customer_id or "", told.touch_id or "", told.sent_at), None
    tags = merge_tags(told.platform, message_id, customer_key=told.customer_tag, send_key=told.send_tag)
    return Reader(message_id, query=tags.query(is_html=False)), tags


def _placed(letter: Letter, wanted: Sequence[str] | None, front: Front) -> dict[str, Block]:
    """The blocks to put in, in order. Raises Invalid, with the place of each that is not published."""
    marked: dict[str, Image] = {}
    for image in letter.images:
        if image.block_id is not None:
            marked.setdefault(image.block_id, image)
    chosen = list(marked) if wanted is None else list(dict.fromkeys(wanted))
    if not all(block_id in marked and front.snapshot.block(block_id) for block_id in chosen):
        front.snapshot.refresh()
    problems = [
        Problem(f"/blocks/{place}", f'no <img data-mailtide-block="{block_id}"> stands in the html')
        for place, block_id in enumerate(wanted or ())
        if block_id not in marked
    ]
    placed = {block_id: front.snapshot.block(block_id) for block_id in chosen if block_id in marked}
    problems += [_unknown(letter, marked[block_id]) for block_id, block in placed.items() if block is None]
    if problems:
        raise Invalid(problems=problems[:20])
    return {block_id: block for block_id, block in placed.items() if block is not None}


def _unknown(letter: Letter, image: Image) -> Problem:
    at = image.tag.start
    place = f"line {letter.line(at)}, column {letter.column(at)}"
    return Problem("/html", f"{place}: there is no published block {image.block_id!r:.140}: publish it first")


def _edits(
    letter: Letter,
    placed: Mapping[str, Block],
    targets: Targets,
    own: Own,
    table: Mapping[int, str],
    pen: _Pen,
) -> Iterator[Edit]:
    if not any(_own(image, own, Kind.PIXEL) for image in letter.images):
        tag = f'<img src={quoted(pen.pixel())} width="1" height="1" alt="" style="{PIXEL_STYLE}">'
        yield insertion(letter.body_at, tag)
    for image in letter.images:
        block = placed.get(image.block_id or "")
        if block is not None:
            yield from _block_edits(image, block, pen)
        elif image.block_id is None and (ticket := _own(image, own, Kind.PIXEL, Kind.IMAGE)):
            # Wrapped before, perhaps for somebody else, whose address must not stay.
            src = pen.pixel() if ticket.kind is Kind.PIXEL else pen.image(ticket.subject)
            yield set_attribute(image.tag, "src", src)
    numbers = {url: number for number, url in table.items()}
    yield from (set_attribute(anchor.tag, "href", pen.link(numbers[url])) for anchor, url in targets.links)
    yield from (set_attribute(anchor.tag, "href", pen.link(number)) for anchor, number in targets.numbered)
    yield from (
        set_attribute(anchor.tag, "href", pen.block_link(block_id)) for anchor, block_id in targets.blocks
    )
    yield from (set_attribute(anchor.tag, "href", pen.unsubscribe()) for anchor in targets.unsubscribes)


def _block_edits(image: Image, block: Block, pen: _Pen) -> Iterator[Edit]:
    tag = image.tag
    is_linked_here = image.anchor is None and link_targets.leads(block)
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


def _counted(targets: Targets, table: Mapping[int, str]) -> list[dict[str, Any]]:
    numbers = {url: number for number, url in table.items()}
    places = Counter(numbers[url] for _, url in targets.links)
    places.update(number for _, number in targets.numbered)
    return [
        {"number": number, "url": table.get(number, ""), "places": count}
        for number, count in sorted(places.items())
    ]
