"""What stays, for whom and for how long: the rows of the table in docs/stickiness.md, one by one."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.domain.blocks import compile_block
from app.domain.opener import Client
from app.domain.tokens import Kind
from app.flows.driving import Flow, drive
from app.flows.opens import Shown, open_image
from app.stores.hot.exchanges import Load
from tests import make
from tests.desk import Desk

DOCS = Path(__file__).parents[2] / "docs" / "stickiness.md"
HEADING = "| sticky | fetched first by |"
CLIENTS = {
    "a person": make.person(),
    "a machine": Client(user_agent=make.APPLE, ip="17.0.0.1"),
    "a proxy": Client(user_agent=make.GMAIL, ip="66.249.84.1"),
    "a probe": Client(method="HEAD", user_agent=make.CHROME),
}
TOUCHES = {"the same touch": "t-1", "another touch": "t-2"}


def rows() -> Iterator[list[str]]:
    """The cells of the table, without its head."""
    table = DOCS.read_text().split(HEADING, 1)[1].splitlines()[2:]
    for line in table:
        if not line.startswith("|"):
            return
        yield [cell.strip().strip("`") for cell in line.strip("|").split("|")]


def variant(name: str, **fields: Any) -> dict[str, Any]:
    return {
        "id": name,
        "when": {"customer.tier": name},
        "creative": make.creative(name),
        "link": f"https://shop.example/{name}",
        **fields,
    }


class Case:
    """One row: the block as it is published by then, and the moment."""

    def __init__(self, desk: Desk, sticky: str) -> None:
        self.desk = desk
        per, _, span = sticky.partition(" for ")
        self.sticky = {"per": per, **({"for": span} if span else {})}
        self.now = make.NOW
        self.version = 1

    def publish(self, *variants: dict[str, Any], is_recalled: bool = False) -> None:
        self.version += 1
        ending = (make.NOW + timedelta(days=2)).isoformat()
        standing = variants or (variant("gold"), variant("silver", until=ending))
        self.desk.publish(
            version=self.version, is_recalled=is_recalled, sticky=self.sticky, variants=[*standing]
        )

    def begin(self, circumstance: str) -> None:
        """What is so when the block is fetched first."""
        self.publish()
        if circumstance != "before she is known":
            self.desk.save(tier="silver")
        if circumstance == "while recalled":
            self.publish(is_recalled=True)
        if circumstance == "while silver cannot be drawn":
            broken = {"kind": "countdown", "params": {"deadline": "{{ customer.tier }}"}}
            self.publish(variant("silver", creative=broken))

    def go_on(self, change: str) -> None:
        """What changes before it is fetched again."""
        if found := re.search(r"she becomes (\w+)", change):
            self.desk.save(tier=found[1])
        if change == "she is known":
            self.desk.save(tier="silver")
        if change.endswith(("days pass", "a day passes")):
            self.now += timedelta(days=3 if change.endswith("days pass") else 1)
        if change == "a version without silver goes out":
            self.publish(variant("gold"))
        if change in ("another version goes out", "it goes out again", "it can be drawn"):
            self.publish()
        if change == "the block is recalled":
            self.publish(is_recalled=True)

    def fetch(self, by: str, touch_id: str = "t-1") -> None:
        self.desk.open(self.desk.token(touch_id=touch_id), CLIENTS[by], now=self.now)


@pytest.mark.parametrize("row", list(rows()), ids=" / ".join)
def test_a_row_of_the_table_is_so(desk: Desk, row: list[str]) -> None:
    sticky, first, change, again, where, shown, why = row
    by, _, circumstance = first.partition(", ")
    case = Case(desk, sticky)

    case.begin(circumstance)
    if by != "nobody":
        case.fetch(by)
    case.go_on(change)
    case.fetch(again, TOUCHES[where])

    event = desk.events()[-1]
    link = desk.click(desk.token(Kind.BLOCK_LINK, touch_id=TOUCHES[where])).url
    assert (event.variant, event.why) == (shown, why)
    assert link == (f"https://shop.example/{shown}" if shown != "fallback" else "https://shop.example/")


def test_the_table_has_rows() -> None:
    assert len(list(rows())) >= 20


def test_what_stays_is_drawn_from_the_state_of_the_moment(desk: Desk) -> None:
    desk.publish(version=2, sticky={"per": "touch"})
    desk.save(tier="gold", points=1)
    first = desk.open()

    desk.save(points=2, tier="silver")
    again = desk.open()

    assert again.why == "sticky"
    assert again.image.data != first.image.data
    assert desk.click().url == "https://shop.example/gold?c=2"


@pytest.mark.parametrize("per", ["touch", "customer"])
def test_a_choice_that_stays_is_recorded_at_once_at_every_later_open(desk: Desk, per: str) -> None:
    desk.publish(version=2, sticky={"per": per})
    desk.save(tier="gold")

    before = calls(desk)
    for hour in range(4):
        desk.open(now=make.NOW + timedelta(hours=hour))

    assert calls(desk) - before == 4


@pytest.mark.parametrize("per", ["touch", "customer"])
def test_of_two_first_fetches_at_once_the_one_recorded_first_stays(desk: Desk, per: str) -> None:
    desk.publish(version=2, sticky={"per": per})
    desk.save(tier="silver")

    shown = drive(_overtaken(desk), desk.hot, desk.spool)

    assert shown.why == "sticky"
    assert [event.variant for event in desk.events()] == ["gold", "gold"]


def _overtaken(desk: Desk) -> Flow[Shown]:
    """An open in whose middle the customer becomes gold and opens again."""
    flow = open_image(desk.ask(desk.token()), desk.front)
    step = next(flow)
    while True:
        reply = yield step
        if isinstance(step, Load):
            desk.save(tier="gold")
            desk.open()
        try:
            step = flow.send(reply)
        except StopIteration as done:
            shown: Shown = done.value
            return shown


def calls(desk: Desk) -> int:
    """How often the record script has run on this server."""
    told: Any = desk.hot.client.info("commandstats")
    return sum(int(told.get(f"cmdstat_{name}", {}).get("calls", 0)) for name in ("eval", "evalsha"))


def test_where_nothing_is_kept_of_anybody_every_open_chooses_anew(desk: Desk) -> None:
    desk.publish(version=2, sticky={"per": "customer"})
    desk.save(tier="silver", tracking="anonymous")
    desk.open()

    desk.save(tier="gold", tracking="anonymous")

    assert desk.open().why == "rule_held"


def test_a_holdout_is_one_at_every_open_whatever_was_shown_before(desk: Desk) -> None:
    desk.publish(version=2, sticky={"per": "touch"})
    holdout = compile_block("hero", make.block(holdout=50), version=1).holdout
    assert holdout is not None
    who = next(f"c-{number}" for number in range(1_000) if holdout.has(f"c-{number}"))
    desk.save(who, tier="gold")
    assert desk.open(desk.token(customer_id=who)).why == "rule_held"

    desk.publish(version=4, sticky={"per": "touch"}, holdout=50)

    assert desk.open(desk.token(customer_id=who)).why == "holdout"
    assert desk.click(desk.token(Kind.BLOCK_LINK, customer_id=who)).url == "https://shop.example/"
