"""`mailtide explain`: why somebody was shown what, and whether it would be the same today."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from app.cli.houses import opened
from app.flows.explaining import Explained, explain


def declare(parser: ArgumentParser) -> None:
    """The event."""
    parser.add_argument("event_id", metavar="EVENT_ID", help="an impression, as /v1/events lists it")


def carry_out(args: Namespace) -> int:
    """Tell in words."""
    with opened() as house:
        found = explain(house.cold, house.hot, house.front, args.event_id, now=datetime.now(UTC))
    for line in lines_of(found):
        print(line)
    return 0


def lines_of(found: Explained) -> Iterator[str]:
    """An explanation, line by line."""
    event = found.event
    customer = event.customer_id or "unknown"
    yield f"{event.at:%Y-%m-%d %H:%M:%S} UTC, block {event.block_id}, customer {customer}"
    yield found.sentence
    for row in found.trace:
        running = "" if row["is_running"] else ", not running then"
        yield f"  {row['variant']}: {'held' if row['held'] else 'did not hold'}{running}"
        for term in row["terms"]:
            yield f"    {_term(term)}: {'held' if term['held'] else 'did not hold'}"
    if found.withheld:
        yield f"Not kept of this customer: {', '.join(found.withheld)}"
    if found.is_replayed is not None:
        again = "gives the same answer" if found.is_replayed else "gives another answer"
        yield f"Made again from version {found.version} and what it read, it {again}."
    yield from _today(found)


def _today(found: Explained) -> Iterator[str]:
    today = found.today
    if today is None:
        return
    if not today.differs:
        yield f"Today, by version {today.version}, it would be the same."
        return
    yield f"Today, by version {today.version}, it would be {today.variant} ({today.why})."
    for change in today.through:
        if change["change"] == "term":
            yield f"  {change['variant']}: {_term(change)}, then {change.get('seen_then')!r}"
        else:
            yield f"  {change['variant']}: {change['change']}"


def _term(term: Mapping[str, Any]) -> str:
    return f"{term['path']} {term['operator']} {term['expected']!r}, saw {term['seen']!r}"
