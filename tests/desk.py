"""A front with published blocks on a real Valkey, and ways to open and click as a mail client would."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from app.domain.events import Event, EventType
from app.domain.opener import Client
from app.domain.tokens import Keyring, Kind, Ticket
from app.flows.clicks import Sent, click
from app.flows.driving import drive
from app.flows.opens import Shown, open_image, open_pixel
from app.flows.pictures import Gallery
from app.flows.visiting import Ask, Front
from app.stores.hot import customers, streams
from app.stores.hot.codec import decode_event
from app.stores.hot.customers import CustomerPatch
from app.stores.hot.published import Snapshot, publish
from app.stores.hot.server import HotStore
from app.stores.hot.spool import Spool
from tests import make


@dataclass
class Desk:
    """Everything an open needs, with the platform's and the reader's gestures as methods."""

    hot: HotStore
    spool: Spool
    front: Front

    def publish(
        self, block_id: str = "hero", *, version: int = 1, is_recalled: bool = False, **fields: Any
    ) -> None:
        held = {"version": version, "recalled": is_recalled, "document": make.block(**fields)}
        publish(self.hot, f"b:{block_id}", held)
        self.front.snapshot.refresh()

    def save(self, customer_id: str = "ana", *, tracking: str = "full", **attributes: object) -> None:
        event = make.event(EventType.CUSTOMER_SAVED, customer_id=customer_id)
        customers.merge(self.hot, CustomerPatch(attributes, {"tracking": tracking}), event)

    def token(self, kind: Kind = Kind.IMAGE, subject: str = "hero", **fields: Any) -> str:
        ticket = {
            "message_id": "spring",
            "customer_id": "ana",
            "touch_id": "t-1",
            "sent_at": make.NOW,
            **fields,
        }
        return self.front.keyring.sign(Ticket(kind, subject=subject, **ticket))

    def ask(self, token: str, client: Client | None = None, now: datetime = make.NOW, **merge: str) -> Ask:
        return Ask(token, client or make.person(), now, make.event_id(), **merge)

    def open(self, token: str | None = None, client: Client | None = None, **merge: Any) -> Shown:
        return drive(
            open_image(self.ask(token or self.token(), client, **merge), self.front), self.hot, self.spool
        )

    def pixel(
        self, client: Client | None = None, *, customer_key: str = "", send_key: str = "", **fields: Any
    ) -> Shown:
        token = self.token(Kind.PIXEL, "", **fields)
        ask = self.ask(token, client, customer_key=customer_key, send_key=send_key)
        return drive(open_pixel(ask, self.front), self.hot, self.spool)

    def click(self, token: str | None = None, client: Client | None = None, **merge: Any) -> Sent:
        ask = self.ask(token or self.token(Kind.BLOCK_LINK), client, **merge)
        return drive(click(ask, self.front), self.hot, self.spool)

    def events(self) -> list[Event]:
        """Everything recorded so far but the saving of customers, oldest first."""
        rows = []
        for stream in self.hot.keys.streams():
            rows += [(entry_id, fields[b"e"]) for entry_id, fields in self.hot.client.xrange(stream)]
        events = [decode_event(data) for _, data in sorted(rows)]
        return [event for event in events if event.type is not EventType.CUSTOMER_SAVED]

    def spooled(self) -> list[Event]:
        """What waits on disk; reading it lets go of it."""
        self.spool.close()
        pairs: list[tuple[str | None, bytes]] = []
        self.spool.drain(pairs.extend)
        return [decode_event(data) for _, data in pairs]


def front_on(hot: HotStore, disk_copy: Path | None = None) -> Front:
    """A fresh process's front."""
    faults: list[str] = []
    snapshot = Snapshot(hot, disk_copy, log=lambda name, reason: faults.append(f"{name}: {reason}"))
    return Front(Keyring([make.SECRET]), snapshot, Gallery(snapshot))


@pytest.fixture
def desk(hot: HotStore, tmp_path: Path) -> Desk:
    """A front that has one block published, `hero`, and no customers yet."""
    streams.ensure_groups(hot)
    desk = Desk(hot, Spool(tmp_path / "spool"), front_on(hot, tmp_path / "published.json"))
    desk.publish()
    return desk
