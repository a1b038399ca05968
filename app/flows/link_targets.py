"""Sorts the links of an email: a block's, the message's own, unsubscribing, left alone and why."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.domain.blocks import Block
from app.domain.email_html.hrefs import UNSUBSCRIBE, VOTE, Href, Left, decoded, judge
from app.domain.email_html.reading import Anchor, Letter
from app.domain.tokens import BadToken, Keyring, Kind, Ticket

_LINKS = (Kind.LINK, Kind.BLOCK_LINK, Kind.UNSUBSCRIBE)
_TOKEN = re.compile(r"[oicu]/([A-Za-z0-9_-]+)")
_ANSWER = re.compile(r"[?&]a=([a-z0-9_-]{1,64})\Z")


@dataclass(frozen=True, slots=True)
class Own:
    """Reads addresses that this deployment made for this message, whoever they were made for.

    `link_hosts` are where links may lead.
    """

    keyring: Keyring
    base_url: str
    message_id: str
    link_hosts: Sequence[str] = ()

    def ticket(self, url: str, *kinds: Kind) -> Ticket | None:
        """What an address of ours says; None for somebody else's."""
        if not url.startswith(f"{self.base_url}/"):
            return None
        match = _TOKEN.match(url, len(self.base_url) + 1)
        if match is None:
            return None
        try:
            return self.keyring.verify(match[1], *kinds)
        except BadToken:
            return None


@dataclass(slots=True)
class Targets:
    """Where every link of an email shall lead."""

    blocks: list[tuple[Anchor, str]] = field(default_factory=list)
    links: list[tuple[Anchor, str]] = field(default_factory=list)
    numbered: list[tuple[Anchor, int]] = field(default_factory=list)  # wrapped before, by number
    votes: list[tuple[Anchor, str, str]] = field(default_factory=list)  # block and answer
    unsubscribes: list[Anchor] = field(default_factory=list)
    left: list[tuple[Anchor, Href]] = field(default_factory=list)

    def urls(self) -> list[str]:
        """The addresses to number, in order, each once."""
        return list(dict.fromkeys(url for _, url in self.links))


def sort(letter: Letter, placed: Mapping[str, Block], own: Own) -> Targets:
    """Sort every link of an email; `placed` are the blocks that are put into it."""
    targets = Targets()
    for anchor in letter.anchors:
        written = anchor.tag.value("href")
        if anchor.is_off:
            targets.left.append((anchor, Href(decoded(written or ""), Left.SWITCHED_OFF)))
        elif block_id := _block_inside(anchor, placed):
            targets.blocks.append((anchor, block_id))
        elif written is not None:
            _sort_href(anchor, decoded(written), own, targets)
    return targets


def leads(block: Block) -> bool:
    """Whether a click on the block may lead anywhere."""
    return any(variant.link is not None for _, variant in block.pictures())


def _block_inside(anchor: Anchor, placed: Mapping[str, Block]) -> str | None:
    for image in anchor.blocks:
        block = placed.get(image.block_id or "")
        if block is not None and leads(block):
            return block.block_id
    return None


def _sort_href(anchor: Anchor, url: str, own: Own, targets: Targets) -> None:
    ticket = own.ticket(url, *_LINKS)
    if url.lower() == UNSUBSCRIBE:
        targets.unsubscribes.append(anchor)
    elif url.lower().startswith(VOTE):
        block_id, _, answer = url[len(VOTE) :].partition("/")
        targets.votes.append((anchor, block_id, answer))
    elif ticket is None:
        href = judge(url, own.link_hosts)
        if href.left is None:
            targets.links.append((anchor, url))
        else:
            targets.left.append((anchor, href))
    elif ticket.message_id != own.message_id:
        targets.left.append((anchor, Href(url, Left.OTHER_MESSAGE)))
    elif ticket.kind is Kind.LINK:
        targets.numbered.append((anchor, int(ticket.subject)))
    elif ticket.kind is Kind.BLOCK_LINK and (answer := _answer(url)):
        targets.votes.append((anchor, ticket.subject, answer))
    elif ticket.kind is Kind.BLOCK_LINK:
        targets.blocks.append((anchor, ticket.subject))
    else:
        targets.unsubscribes.append(anchor)


def _answer(url: str) -> str:
    """The answer that an address of ours gives; nothing where it gives none."""
    found = _ANSWER.search(url)
    return found[1] if found else ""
