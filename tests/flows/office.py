"""An office that decides on a real Valkey at whatever time a test says."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.events import Event
from app.domain.frequency.ledger import Words
from app.domain.frequency.policy import compile_policy
from app.domain.problems import Refused
from app.domain.tokens import Keyring
from app.flows import reservations, touches
from app.flows.answering import Asking, Office
from app.flows.decisions import decide_many
from app.flows.policies import Terms
from app.flows.touches import Outcome, Place, Report
from app.stores.hot.codec import decode_event
from app.stores.hot.server import HotStore
from app.stores.hot.spool import Spool
from tests import make

NEWS = Words("email", "news", "promotional")
ONE_A_DAY = {"id": "daily", "cap": 1, "window": {"rolling": "P1D"}}


@dataclass
class Clerk:
    """Asks, confirms, releases and reports for `ana`; `now` moves when a test moves it."""

    hot: HotStore
    folder: Path
    rules: list[Mapping[str, Any]] = field(default_factory=lambda: [ONE_A_DAY])
    now: datetime = make.NOW

    def __post_init__(self) -> None:
        self.spool = Spool(self.folder / "spool")

    @property
    def office(self) -> Office:
        policy = compile_policy("default", {"rules": self.rules}, version=1)
        return Office(
            self.hot,
            self.spool,
            Keyring([make.SECRET]),
            Terms(policy, ZoneInfo("UTC")),
            self.now,
            make.event_id,
        )

    def later(self, **span: float) -> "Clerk":
        """The same office some time later."""
        return replace(self, now=self.now + timedelta(**span))

    def ask(self, touch_id: str, **fields: Any) -> Any:
        """The answer, or the refusal, to one question."""
        told = {"customer_id": "ana", "words": NEWS, "digest": touch_id, **fields}
        return decide_many(self.office, [Asking(touch_id=touch_id, **told)])[0]

    def place(self, answer: Any) -> Place:
        return touches.read_place(self.office.keyring, answer["reservation"]["id"])

    def confirm(self, answer: Any, sent_at: datetime | None = None) -> Outcome:
        return reservations.confirm(self.office, self.place(answer), sent_at=sent_at)

    def release(self, answer: Any) -> str:
        return reservations.release(self.office, self.place(answer))

    def report(self, touch_id: str, **fields: Any) -> Outcome:
        told = {"customer_id": "ana", "words": NEWS, "sent_at": self.now, **fields}
        return touches.report_many(self.office, [Report(touch_id=touch_id, **told)])[0]

    def events(self) -> list[Event]:
        rows = self.hot.client.xrange(self.hot.keys.stream("ana"))
        return [decode_event(fields[b"e"]) for _, fields in rows]

    def told(self) -> list[str]:
        """Every event in a word: what was decided, and what touches became."""
        return [
            str(event.details.get("decision") or event.details.get("state") or event.why)
            for event in self.events()
        ]


def is_sent(answer: Any) -> bool:
    assert not isinstance(answer, Refused), answer
    return bool(answer["decision"] == "send")
