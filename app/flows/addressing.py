"""The public addresses of a touch, and of a message whose readers are named by merge tags."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.tokens import Keyring, Kind, Ticket


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
    endings: Mapping[str, str]  # block id -> the ending of its picture's address

    def pixel(self, reader: Reader) -> str:
        """The picture of one transparent pixel."""
        return self._url("o", Kind.PIXEL, "", reader, ".gif")

    def image(self, reader: Reader, block_id: str) -> str:
        """A block's picture. The ending is for readers; any is answered alike."""
        return self._url("i", Kind.IMAGE, block_id, reader, self.endings.get(block_id, ".png"))

    def block_link(self, reader: Reader, block_id: str) -> str:
        """Where a click on a block goes."""
        return self._url("c", Kind.BLOCK_LINK, block_id, reader)

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
            "blocks": {
                block_id: {"image": self.image(reader, block_id), "link": self.block_link(reader, block_id)}
                for block_id in block_ids
            },
        }

    def _url(self, endpoint: str, kind: Kind, subject: str, reader: Reader, ending: str = "") -> str:
        ticket = Ticket(kind, reader.message_id, subject, reader.customer_id, reader.touch_id, reader.sent_at)
        query = f"?{reader.query}" if reader.query else ""
        return f"{self.base_url}/{endpoint}/{self.keyring.sign(ticket)}{ending}{query}"
