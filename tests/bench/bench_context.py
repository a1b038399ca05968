"""What is around an open costs: the context of a block that reads it, beside one that reads state alone."""

import itertools
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from app.domain.blocks import Block, compile_block
from app.domain.choice import choose
from app.domain.context import build
from app.domain.opener import Client, judge
from app.domain.surroundings.clients import read_user_agent
from app.flows.calendars import holidays
from app.flows.places import Places
from app.flows.skies import Skies
from app.flows.surroundings import World, surrounding, touch_fields
from app.stores.hot.exchanges import Loaded
from app.stores.hot.weather import Seen
from tests import make
from tests.flows import mmdb

ROUNDS, CALLS = 7, 3_000
STATE = {"customer.tier": "gold", "customer.points": {"$gte": 100}}
WHOLE_US = 150  # what the issue allows for state, local time and device together
CELL = "48.9,2.4"
HELD: dict[str, bytes] = {
    "s": b'{"timezone":"Europe/Paris","locale":"fr-FR","tracking":"full"}',
    "a.tier": b'"gold"',
    "a.points": b"420",
    "a.joined_on": b'"2026-01-07"',
    "a.location": b'{"latitude":48.8566,"longitude":2.3522}',
    "v.purchased": b'{"count":1,"last_at":"2026-11-20T09:00:00+00:00","items":[]}',
    "m.t-1": b"1795000000000|2",
}
PARTS: Sequence[tuple[str, dict[str, Any]]] = (
    ("the reader's device and program", {"client.device": "computer"}),
    ("local time", {"local.hour": {"$gte": 9}, "local.weekday": "friday"}),
    ("a holiday", {"local.is_holiday": False}),
    ("days since a date", {"days_since.joined_on": {"$gt": 30}}),
    ("the place of an address", {"place.country": "FR"}),
    ("weather that this process knows", {"weather.condition": "rain"}),
    ("which open it is, and what was clicked", {"open.count": {"$gte": 2}, "clicked.this_block": False}),
)


def rows() -> list[dict[str, Any]]:
    """CPU microseconds, medians of several rounds, without the two exchanges with the hot store."""
    with tempfile.TemporaryDirectory() as folder:
        file = mmdb.write(Path(folder) / "places.mmdb", {"203.0.113.0/24": mmdb.PARIS})
        skies = Skies()
        skies.take(CELL, Seen({"weather_code": 61, "temperature_2m": 7.4}, 30.0))
        world = World("UTC", Places(file), skies)
        alone_us = _open_us(STATE, world)
        both_us = _open_us({**STATE, "local.hour": {"$gte": 9}, "client.device": "computer"}, world)
        parts = [
            _row(f"added by {name}", _open_us({**STATE, **rule}, world) - alone_us) for name, rule in PARTS
        ]
    agents = (f"{make.CHROME} {number}" for number in itertools.count())
    return [
        _row("context and choice from state alone", alone_us),
        _row("the same with local time and the device", both_us)
        | {"target": f"<= {WHOLE_US}", "met": both_us <= WHOLE_US},
        *parts,
        _row("a user agent never seen before", _us(lambda: read_user_agent(next(agents)))),
    ]


def _open_us(rule: dict[str, Any], world: World) -> float:
    variant = {"id": "it", "when": rule, "creative": make.creative("x")}
    block = compile_block("hero", make.block(variants=[variant]), version=1)
    client = Client(user_agent=make.CHROME, ip="203.0.113.9")
    wanted = [*block.needs.history, *touch_fields(block, "t-1")]
    loaded = Loaded(
        [HELD["s"], *(HELD.get(name) for name in block.needs.state)], [HELD.get(name) for name in wanted]
    )
    calendar = holidays(make.NOW.year)
    return _us(lambda: _opened(block, loaded, client, world, calendar))


def _opened(block: Block, loaded: Loaded, client: Client, world: World, calendar: Any) -> object:
    opener = judge("image", client)
    flow = surrounding(block, loaded, client, opener, world, touch_id="t-1", calendar=calendar)
    try:
        next(flow)
        raise RuntimeError("the weather of the bench is known")
    except StopIteration as done:
        around = done.value
    context = build(
        block.needs,
        loaded.state[1:],
        loaded.history[: len(block.needs.history)],
        customer_id="ana",
        message={"id": "spring"},
        touch={"id": "t-1", "sent_at": make.NOW, "age": 60},
        opener=opener.opener_class.value,
        now=make.NOW,
        around=around,
    )
    return choose(block, context, now=make.NOW)


def _row(name: str, value: float) -> dict[str, Any]:
    return {"name": name, "value": round(value, 1), "unit": "CPU us"}


def _us(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(ROUNDS):
        started = time.process_time()
        for _ in range(CALLS):
            work()
        taken.append((time.process_time() - started) / CALLS * 1e6)
    return statistics.median(taken)
