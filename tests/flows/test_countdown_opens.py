"""What a countdown shows depends on who fetches it, and on when the touch was sent."""

from datetime import timedelta

from app.domain.opener import Client
from renderers.gif import outline
from tests import make
from tests.desk import Desk

AHEAD = "{% if client.opener == 'machine_prefetch' %}Ends on Sunday at 8 pm{% endif %}"


def put(desk: Desk, **params: object) -> None:
    """A block that shows a countdown to everybody who is known, and to nobody else."""
    desk.save()
    shown = {"id": "own", "creative": {"kind": "countdown", "params": params}}
    hidden = {"creative": {"kind": "collapse", "params": {}}}
    desk.publish(version=9, variants=[shown], fallback=hidden, width=200, height=50)


def test_who_fetches_ahead_of_the_reader_gets_a_date_that_does_not_get_old(desk: Desk) -> None:
    put(desk, deadline="2026-12-24T20:00:00Z", instead=AHEAD)

    ahead = desk.open(client=Client(user_agent=make.APPLE)).image
    read = desk.open().image

    assert outline(ahead.data).frames == 1
    assert outline(ahead.data).size == (200, 50)
    assert outline(read.data).frames == 60


def test_a_countdown_may_begin_with_the_touch(desk: Desk) -> None:
    put(desk, deadline="{{ touch.sent_at }}", plus_hours=1)
    sent = make.NOW - timedelta(minutes=59, seconds=50)

    image = desk.open(desk.token(sent_at=sent)).image

    assert outline(image.data).frames == 11
