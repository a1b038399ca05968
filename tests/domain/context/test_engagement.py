"""Which open this is, and what was bought since the touch."""

from datetime import datetime, timedelta

import pytest

from app.domain.context.engagement import PATHS, fields_of, purchases_since, which_open
from tests import make

MS = int(make.NOW.timestamp() * 1000)


@pytest.mark.parametrize(
    ("raw", "person", "machine"),
    [
        (None, 1, 1),
        (b"", 1, 1),
        (b"%d|1" % (MS - 120_000), 2, 2),
        (b"%d|1" % (MS - 30_000), 1, 2),  # the same open: its pictures are fetched one after the other
        (b"%d|1" % (MS + 5_000), 1, 2),
        (b"%d|7" % (MS - 86_400_000), 8, 8),
        (b"junk", 1, 1),
        (b"1|-5", 1, 1),
    ],
)
def test_opens_are_counted_by_people_a_minute_apart(raw: bytes | None, person: int, machine: int) -> None:
    assert which_open(raw, make.NOW, is_person=True) == person
    assert which_open(raw, make.NOW, is_person=False) == machine


def test_each_path_reads_its_own_field_of_the_touch() -> None:
    assert fields_of(frozenset(PATHS), "t-1", "hero") == ("m.t-1", "k.t-1", "b.t-1", "b.t-1|hero")
    assert fields_of(frozenset({"open.is_first", "open.count"}), "t-1", "hero") == ("m.t-1",)
    assert fields_of(frozenset({"clicked.this_block"}), "t-1", "hero") == ("b.t-1|hero",)
    assert fields_of(frozenset(), "t-1", "hero") == ()


SENT = make.NOW - timedelta(days=1)
BEFORE, AFTER = (SENT + timedelta(hours=hours) for hours in (-1, 1))


@pytest.mark.parametrize(
    ("summary", "sent_at", "count"),
    [
        ({}, SENT, 0),
        ({"last_at": AFTER.isoformat()}, SENT, 1),
        ({"last_at": BEFORE.isoformat()}, SENT, 0),
        ({"items": [{"at": one.isoformat()} for one in (AFTER, AFTER, BEFORE)]}, SENT, 2),
        ({"items": [{"at": 7}, 3, {"at": "2026-11-20"}], "last_at": "x"}, SENT, 0),
    ],
)  # fmt: skip
def test_purchases_since_the_touch_are_counted(
    summary: dict[str, object], sent_at: datetime, count: int
) -> None:
    assert purchases_since(summary, sent_at) == count
