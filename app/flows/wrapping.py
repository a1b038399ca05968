"""An email's HTML gets its blocks, links and pixel; everything else in it stays byte for byte."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.blocks import Block
from app.domain.email_html.edits import apply
from app.domain.email_html.reading import Image, Letter, read
from app.domain.merge_tags import MergeTags, merge_tags
from app.domain.problems import Invalid, Problem
from app.flows import link_targets, messages, wrap_warnings
from app.flows.addressing import Reader, addresses
from app.flows.link_targets import Own, Targets
from app.flows.message_links import fill_in
from app.flows.visiting import Front
from app.flows.wrap_edits import Pen, edits
from app.stores.cold.engine import Cold
from app.stores.hot.server import HotStore

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
    own = Own(front.keyring, base_url, message_id, front.gallery.link_hosts)
    targets = link_targets.sort(letter, placed, own)
    _check_votes(letter, targets, front)
    table = fill_in(cold, hot, message, targets.urls(), list(placed), now=now)
    pen = Pen(addresses(front, base_url), reader, tags)
    html = apply(told.html, edits(letter, placed, targets, own, table, pen))
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


def _check_votes(letter: Letter, targets: Targets, front: Front) -> None:
    """Raises Invalid, with the place of each link that gives an answer nobody may give."""
    problems = []
    for anchor, block_id, answer in targets.votes:
        block = front.snapshot.block(block_id)
        if block is None or block.vote is None or answer not in block.vote.answers:
            line, column = letter.line(anchor.tag.start), letter.column(anchor.tag.start)
            told = f"no published block {block_id!r:.140} takes votes for {answer!r:.70}"
            problems.append(Problem("/html", f"line {line}, column {column}: {told}"))
    if problems:
        raise Invalid(problems=problems[:20])


def _counted(targets: Targets, table: Mapping[int, str]) -> list[dict[str, Any]]:
    numbers = {url: number for number, url in table.items()}
    places = Counter(numbers[url] for _, url in targets.links)
    places.update(number for _, number in targets.numbered)
    return [
        {"number": number, "url": table.get(number, ""), "places": count}
        for number, count in sorted(places.items())
    ]
