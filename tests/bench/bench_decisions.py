"""Decisions: at the API one by one and a thousand at once; and the ledger against a sorted set."""

import http.client
import itertools
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from app.domain.frequency.ledger import Entry, Mark, Words, touch_mark
from app.domain.frequency.windows import to_ms
from app.flows.answering import Asking
from app.flows.decisions import decide_many
from app.stores.hot import ledger
from app.stores.hot.ledger import Change, Task
from app.stores.hot.server import HotStore, connect
from tests.flows.office import Clerk
from tests.journeys.deployment import Deployment
from tests.servers import ValkeyServer

CUSTOMERS = 2_000
TOUCHES = 10  # each customer has had
ROUNDS = 7
SINGLES = 600
BATCH = 1_000
DECISION_MS = 1.5
DECISIONS_S = 5_000
NEWS = Words("email", "newsletter", "promotional", (), "news", "spring", "spring")
RULES: list[dict[str, Any]] = [
    {"id": "day", "cap": 90, "window": {"calendar": "day"}},
    {"id": "week", "cap": 95, "window": {"rolling": "P7D"}, "channels": ["email"]},
    {"id": "month", "cap": 99, "window": {"rolling": "P28D"}},
]

_numbers = itertools.count(1)


def rows() -> list[dict[str, Any]]:
    """Milliseconds a decision, decisions a second, and both forms of a ledger on one server."""
    with tempfile.TemporaryDirectory() as folder:
        found = _at_the_api(Path(folder))
    with tempfile.TemporaryDirectory(prefix="mailtide-") as folder:
        return found + _ledgers(Path(folder))


def _at_the_api(folder: Path) -> list[dict[str, Any]]:
    deployment = Deployment(folder, processes=1)
    try:
        deployment.start()
        deployment.api("PUT", "/v1/policies/default", {"rules": RULES})
        deployment.api("POST", "/v1/policies/default/publish", {})
        store = connect(deployment.valkey.url, partitions=16)
        _fill(store)
        store.close()
        caller = http.client.HTTPConnection("127.0.0.1", deployment.port, timeout=30)
        single_ms = statistics.median(_post_ms(caller, deployment.key, "", _asking()) for _ in range(SINGLES))
        batch_ms = [
            _post_ms(caller, deployment.key, "/batch", [_asking() for _ in range(BATCH)])
            for _ in range(ROUNDS)
        ]
        rate = BATCH / statistics.median(batch_ms) * 1_000
    finally:
        deployment.stop()
    return [
        {
            "name": "decision with reserve at the API, median",
            "value": round(single_ms, 2),
            "unit": "ms",
            "target": f"<= {DECISION_MS}",
            "met": single_ms <= DECISION_MS,
        },
        {
            "name": f"decisions with reserve in batches of {BATCH} at the API",
            "value": round(rate),
            "unit": "decisions/s",
            "target": f">= {DECISIONS_S}",
            "met": rate >= DECISIONS_S,
        },
    ]


def _asking() -> dict[str, Any]:
    number = next(_numbers)
    return {
        "customer_id": f"c-{number % CUSTOMERS}",
        "touch_id": f"t-{number}",
        "channel": "email",
        "category": "newsletter",
        "class": "promotional",
        "idempotency_key": f"k-{number}",
    }


def _post_ms(caller: http.client.HTTPConnection, key: str, path: str, body: object) -> float:
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    data = json.dumps(body)
    started = time.perf_counter()
    caller.request("POST", f"/v1/decisions{path}", data, headers)
    answer = caller.getresponse()
    told = answer.read()
    taken_ms = (time.perf_counter() - started) * 1_000
    if answer.status not in (200, 207) or b'"refused"' in told[:20]:
        raise AssertionError(told[:500])
    return taken_ms


def _ledgers(folder: Path) -> list[dict[str, Any]]:
    (folder / "valkey").mkdir()
    server = ValkeyServer(folder / "valkey").start()
    store = connect(server.url, partitions=16)
    try:
        _fill(store)
        _fill_rival(store)
        clerk = Clerk(store, folder, RULES, now=datetime.now(UTC))
        packed, plain = [], []
        for _ in range(ROUNDS):  # by turns, so that whatever else the machine does meets both
            packed.append(_rate(lambda: _decide(clerk)))
            plain.append(_rate(lambda: _rival(store, clerk.now)))
        ratios = [mine / other for mine, other in zip(packed, plain, strict=True)]
        sizes = _bytes(store)
    finally:
        store.close()
        server.stop()
    return [
        {
            "name": "decide, reserve and record on the packed ledger, one process",
            "value": round(statistics.median(packed)),
            "unit": "decisions/s",
            "rival": round(statistics.median(plain)),
            "ratio": round(statistics.median(ratios), 2),
        },
        {
            "name": f"ledger of {TOUCHES} touches",
            "value": sizes[0],
            "unit": "bytes a customer",
            "rival": sizes[1],
            "ratio": round(sizes[0] / sizes[1], 2),
        },
    ]


def _fill(store: HotStore) -> None:
    made = _earlier(datetime.now(UTC))
    ledger.carry_out(
        store, [Task(f"c-{number}", lambda _: Change(None, made)) for number in range(CUSTOMERS)]
    )


def _earlier(now: datetime) -> list[Entry]:
    times = [to_ms(now - timedelta(days=2 * place + 1)) for place in range(TOUCHES)]
    return [Entry(at_ms, int(Mark.SENT), at_ms, touch_mark(str(at_ms)), 0, NEWS) for at_ms in times]


def _decide(clerk: Clerk) -> None:
    askings = [
        Asking(customer_id=f"c-{number % CUSTOMERS}", touch_id=f"t-{number}", words=NEWS)
        for number in itertools.islice(_numbers, BATCH)
    ]
    decide_many(clerk.office, askings)


SCRIPT = (Path(__file__).parent / "sorted_set.lua").read_text()


def _fill_rival(store: HotStore) -> None:
    now = datetime.now(UTC)
    with store.client.pipeline(transaction=False) as pipe:
        for number in range(CUSTOMERS):
            touches = {f"t-{number:06d}-{place}": entry.at_ms for place, entry in enumerate(_earlier(now))}
            pipe.zadd(f"z:{number}", touches)
            records = dict.fromkeys(touches, "S|0||email|newsletter|promotional|,news,")
            pipe.hset(f"zh:{number}", mapping=cast("dict[str | bytes, Any]", records))
        pipe.execute()


def _rival(store: HotStore, now: datetime) -> None:
    """The same questions to the plain form; it neither explains nor looks at consent, and writes no event."""
    digest = store.client.script_load(SCRIPT)
    rules = [86_400_000, 90, "", 7 * 86_400_000, 95, "email", 28 * 86_400_000, 99, ""]
    with store.client.pipeline(transaction=False) as pipe:
        for number in itertools.islice(_numbers, BATCH):
            owner = number % CUSTOMERS
            record = f"R|{to_ms(now) + 900_000}||email|newsletter|promotional|,news,"
            args = [to_ms(now), f"t-{number}", record, 8_640_000, 3, *rules]
            pipe.evalsha(digest, 2, f"z:{owner}", f"zh:{owner}", *args)
        pipe.execute()


def _bytes(store: HotStore) -> tuple[int, int]:
    def usage(*keys: str) -> int:
        return sum(cast("int", store.client.memory_usage(key)) for key in keys)

    # Of a customer nobody decided about.
    ledger.carry_out(store, [Task("fresh", lambda _: Change(None, _earlier(datetime.now(UTC))))])
    packed = usage(store.keys.ledger("fresh"))
    touches = {f"t-{place:08d}": place for place in range(TOUCHES)}
    store.client.zadd("z:fresh", touches)
    store.client.hset("zh:fresh", mapping=dict.fromkeys(touches, "S|0||email|newsletter|promotional|,news,"))
    return packed, usage("z:fresh", "zh:fresh")


def _rate(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return BATCH / (time.perf_counter() - started)
