"""What the author of an email should know about it after wrapping."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from app.domain.blocks import Block
from app.domain.email_html.hrefs import Left, decoded
from app.domain.email_html.reading import Anchor, Image, Letter
from app.flows.link_targets import Targets, leads

KB = 1_024
SIZE_KB = 90
CLIPPED_KB = 102  # Gmail shows no more of a message, and never fetches what stands below
TOLD_MAX = 100
SHOWN_MAX = 200
TEXT_MAX = 300  # of a link, to look for its word

_UNSUBSCRIBE = re.compile(
    r"unsub|opt[-_ ]?out|optout|abmeld|d[ée]sab|d[ée]sinscri|cancelar|baja|uitschrij", re.IGNORECASE
)

_LEFT = {
    Left.BAD_ADDRESS: "is left alone: {fault}",
    Left.OTHER_HOST: "is left alone: {fault}; clicks on it are not counted",
    Left.RELATIVE: "is left alone: a mail program has no site to resolve it against; begin it with https://",
    Left.OTHER_MESSAGE: "is left alone: it was wrapped for another message; wrap the original",
}


def left_alone(letter: Letter, targets: Targets) -> list[dict[str, Any]]:
    """Each href that was left alone, why, how often, and the line where it first stands."""
    found: dict[tuple[str, Left | None], dict[str, Any]] = {}
    for anchor, href in targets.left:
        key = (href.url, href.left)
        if key in found:
            found[key]["places"] += 1
        elif len(found) < TOLD_MAX:
            line = letter.line(anchor.tag.start)
            found[key] = {"href": href.url[:SHOWN_MAX], "why": href.left, "places": 1, "line": line}
    return list(found.values())


def warnings(
    letter: Letter, targets: Targets, placed: Mapping[str, Block], html: str, base_url: str
) -> list[dict[str, Any]]:
    """What is likely not meant: a code, a sentence, and the line where there is one."""
    found = [
        *_of_size(html),
        *_of_unsubscribing(letter, targets, base_url),
        *_of_links(letter, targets),
        *_of_blocks(letter, targets, placed),
    ]
    if len(found) <= TOLD_MAX:
        return found
    return [*found[:TOLD_MAX], _warning("more", f"{len(found) - TOLD_MAX} more of these are not listed")]


def _of_size(html: str) -> Iterator[dict[str, Any]]:
    size_kb = len(html.encode()) / KB
    if size_kb > SIZE_KB:
        detail = f"Gmail clips at {CLIPPED_KB} KB; this has {size_kb:.0f} KB: take text, styles or links out"
        yield _warning("size", detail)


def _of_unsubscribing(letter: Letter, targets: Targets, base_url: str) -> Iterator[dict[str, Any]]:
    if not targets.unsubscribes and not any(_unsubscribes(letter, anchor) for anchor in letter.anchors):
        yield _warning(
            "no_unsubscribe_link",
            'no link in the body unsubscribes: add <a href="mailtide:unsubscribe"> or the platform\'s own',
        )
    if not base_url.startswith("https://"):
        yield _warning(
            "not_https", "mail programs take List-Unsubscribe from https:// only: set BASE_URL to it"
        )


def _of_links(letter: Letter, targets: Targets) -> Iterator[dict[str, Any]]:
    for anchor, href in targets.left:
        if href.left in _LEFT:
            sentence = _LEFT[href.left].format(fault=href.fault)
            yield _warning(str(href.left), f"{href.url[:SHOWN_MAX]!r} {sentence}", letter, anchor)


def _of_blocks(letter: Letter, targets: Targets, placed: Mapping[str, Block]) -> Iterator[dict[str, Any]]:
    links = {id(anchor): block_id for anchor, block_id in targets.blocks}
    for image in letter.images:
        if image.block_id is None:
            continue
        block = placed.get(image.block_id)
        if block is None:
            detail = f"block {image.block_id[:128]!r} is marked but was not asked for: left as it is"
            yield _warning("block_not_asked_for", detail, letter, image)
            continue
        if "srcset" in image.tag.attributes:
            detail = "this <img> has a srcset, which some programs show instead of the block: take it out"
            yield _warning("srcset", detail, letter, image)
        if leads(block) and image.anchor and links.get(id(image.anchor), block.block_id) != block.block_id:
            detail = f"block {block.block_id!r} stands in one link with another block, whose link it gets"
            yield _warning("two_blocks_in_a_link", detail, letter, image)


def _unsubscribes(letter: Letter, anchor: Anchor) -> bool:
    href = anchor.tag.value("href")
    if not href:
        return False
    text = letter.html[anchor.tag.end : anchor.tag.end + TEXT_MAX].partition("</a")[0]
    return bool(_UNSUBSCRIBE.search(decoded(href)) or _UNSUBSCRIBE.search(text))


def _warning(
    code: str, detail: str, letter: Letter | None = None, place: Anchor | Image | None = None
) -> dict[str, Any]:
    told: dict[str, Any] = {"code": code, "detail": detail}
    if letter is not None and place is not None:
        told["line"] = letter.line(place.tag.start)
    return told
