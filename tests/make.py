"""Plain makers with good defaults; a test names only what it is about."""

import itertools
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from app.domain.events import Event, EventType
from app.domain.opener import Client

NOW = datetime(2026, 11, 20, 9, 2, tzinfo=UTC)
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"
)
GMAIL = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"
APPLE = "Mozilla/5.0"
SECRET = "a-secret-for-tests-of-40-characters-long"

_numbers = itertools.count(1)


def event_id() -> str:
    """An id no other call gave."""
    return f"event-{next(_numbers):08d}"


def event(event_type: EventType = EventType.IMPRESSION, **fields: Any) -> Event:
    """An event that happened just now."""
    return Event(**{"event_id": event_id(), "type": event_type, "at": NOW, "received_at": NOW, **fields})


def person() -> Client:
    """Somebody at a browser."""
    return Client(user_agent=CHROME, ip="203.0.113.9")


def creative(text: str, **params: object) -> dict[str, object]:
    """A text creative."""
    return {"kind": "text", "params": {"text": text, **params}}


def block(**fields: object) -> dict[str, object]:
    """A block document: gold customers see one thing, everybody else the fallback."""
    return {
        "name": "Spring hero",
        "width": 300,
        "height": 100,
        "alt": "Your spring offer",
        "sticky": {"per": "none"},
        "variants": [
            {
                "id": "gold",
                "when": {"customer.tier": "gold"},
                "creative": creative(
                    "{{ customer.first_name | default: 'You' }}, {{ customer.points }} points"
                ),
                "link": "https://shop.example/gold?c={{ customer.points }}",
            }
        ],
        "fallback": {"creative": creative("Spring is here"), "link": "https://shop.example/"},
        **fields,
    }


def wait_until(is_so: Callable[[], bool], *, timeout_s: float = 10.0) -> None:
    """Wait for something that another process or thread brings about."""
    end = time.monotonic() + timeout_s
    while not is_so():
        if time.monotonic() > end:
            raise AssertionError(f"not so after {timeout_s} s")
        time.sleep(0.02)
