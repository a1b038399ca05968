"""The public addresses of a touch, and of a message whose readers are named by merge tags."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from app.domain.blocks import Block
from app.domain.tokens import Keyring, Kind, Ticket
from app.flows.visiting import Front
from renderers import CannotRender, assets_of

GIF, JPEG, PNG = ".gif", ".jpg", ".png"

_GIF_MARK = b"GIF8"
_ANY_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)  # for pictures that show no time


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom addresses are for; without a customer the platform's merge tags name them (`query`)."""

    message_id: str
    customer_id: str = ""
    touch_id: str = ""
    sent_at: datetime | None = None
    query: str = ""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Makes addresses that begin with the deployment's own."""

    keyring: Keyring
    base_url: str
    ending: Callable[[str], str]  # block id -> the ending of its picture's address
    answers: Callable[[str], Sequence[str]]  # block id -> those its links may give, if they are several

    def pixel(self, reader: Reader) -> str:
        """The picture of one transparent pixel."""
        return self._url("o", Kind.PIXEL, "", reader, GIF)

    def image(self, reader: Reader, block_id: str) -> str:
        """A block's picture. The ending is for readers; any is answered alike."""
        return self._url("i", Kind.IMAGE, block_id, reader, self.ending(block_id))

    def block_link(self, reader: Reader, block_id: str) -> str:
        """Where a click on a block goes."""
        return self._url("c", Kind.BLOCK_LINK, block_id, reader)

    def answer_link(self, reader: Reader, block_id: str, answer: str) -> str:
        """The same, giving an answer of the block's poll."""
        link = self.block_link(reader, block_id)
        return f"{link}{'&' if reader.query else '?'}a={answer}"

    def link(self, reader: Reader, number: int) -> str:
        """Where a click on one of the message's own links goes."""
        return self._url("c", Kind.LINK, str(number), reader)

    def unsubscribe(self, reader: Reader) -> str:
        """The page and one-click address of unsubscribing."""
        return self._url("u", Kind.UNSUBSCRIBE, "", reader)

    def of_touch(self, reader: Reader, block_ids: Sequence[str]) -> dict[str, object]:
        """Every address of one touch, as the API tells them."""
        return {
            "pixel": self.pixel(reader),
            "unsubscribe": self.unsubscribe(reader),
            "blocks": {block_id: self._of_block(reader, block_id) for block_id in block_ids},
        }

    def _of_block(self, reader: Reader, block_id: str) -> dict[str, object]:
        made: dict[str, object] = {
            "image": self.image(reader, block_id),
            "link": self.block_link(reader, block_id),
        }
        answers = self.answers(block_id)
        if answers:
            made["answers"] = {answer: self.answer_link(reader, block_id, answer) for answer in answers}
        return made

    def _url(self, endpoint: str, kind: Kind, subject: str, reader: Reader, ending: str = "") -> str:
        ticket = Ticket(kind, reader.message_id, subject, reader.customer_id, reader.touch_id, reader.sent_at)
        query = f"?{reader.query}" if reader.query else ""
        return f"{self.base_url}/{endpoint}/{self.keyring.sign(ticket)}{ending}{query}"


def addresses(front: Front, base_url: str) -> Addresses:
    """The addresses of this deployment, each picture's ending by what is published at the moment."""

    @cache
    def ending(block_id: str) -> str:
        block = front.snapshot.block(block_id)
        return _ending(block, front) if block else PNG

    def answers(block_id: str) -> Sequence[str]:
        block = front.snapshot.block(block_id)
        return block.vote.answers if block and block.vote and len(block.vote.answers) > 1 else ()

    return Addresses(front.keyring, base_url, ending, answers)


def _ending(block: Block, front: Front) -> str:
    """A block that may move has the ending of one: some mail programs only let .gif move."""
    for _, variant in block.pictures():
        pictures = (front.snapshot.asset(name) or b"" for name in assets_of(variant.creative.params))
        is_moving_picture = variant.creative.kind == "image" and any(
            picture.startswith(_GIF_MARK) for picture in pictures
        )
        if variant.creative.kind == "countdown" or is_moving_picture:
            return GIF
    try:
        shown = front.gallery.picture(block, block.fallback, {}, _ANY_MOMENT)
    except CannotRender:
        return PNG
    return JPEG if shown.mimetype == "image/jpeg" else PNG
