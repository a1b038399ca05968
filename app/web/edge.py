"""The hot endpoints /o /i /c as a thin WSGI callable in front of Flask, which costs ten times as much."""

import itertools
import os
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any
from urllib.parse import unquote_plus

import structlog
from prometheus_client import Counter

from app.domain.opener import USER_AGENT_MAX, Client
from app.flows.clicks import Sent, click
from app.flows.driving import drive
from app.flows.opens import Shown, nothing, open_fallback, open_image, open_pixel
from app.flows.visiting import Ask, Front
from app.stores.hot.server import HotStore
from app.stores.hot.spool import Spool
from app.web.client_address import client_ip
from app.web.metrics import EDGE_ANSWERS, EDGE_SECONDS

Environ = Mapping[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], object]
Wsgi = Callable[[Any, Any], Iterable[bytes]]

METHODS = ("GET", "HEAD", "OPTIONS")
VALUE_MAX = 800
ANSWER_ROOM = 100

# Gmail's proxy keeps what it may keep, and a kept countdown is a wrong countdown.
FRESH = [
    ("Cache-Control", "no-cache, no-store, max-age=0, must-revalidate"),
    ("Pragma", "no-cache"),
    ("Expires", "0"),
]
PURPOSES = ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_PURPOSE", "HTTP_X_MOZ")

NOWHERE = b"""<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>This link leads nowhere</title>
<body style="font:16px/1.5 system-ui;margin:15vh auto;max-width:34em;padding:0 16px;color:#0b2a3b">
<h1 style="font-size:25px">This link leads nowhere</h1>
<p>It is damaged, or what it led to was withdrawn.
Please look at the sender's site, or at the newest message.</p></body></html>
"""

_SECONDS = {endpoint: EDGE_SECONDS.labels(endpoint) for endpoint in "oic"}
_numbers = itertools.count()

log = structlog.get_logger("edge")


class Edge:
    """Answers opens and clicks itself and hands everything else on."""

    def __init__(
        self, front: Front, hot: HotStore, spool: Spool, rest: Wsgi, *, trusted_proxies: int = 0
    ) -> None:
        self._front = front
        self._hot = hot
        self._spool = spool
        self._rest = rest
        self._trusted_proxies = trusted_proxies
        self._answers = {"/o/": self._pixel, "/i/": self._image, "/c/": self._click}

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """WSGI."""
        path: str = environ["PATH_INFO"]
        answer = self._answers.get(path[:3])
        if answer is None:
            return self._rest(environ, start_response)
        if environ["REQUEST_METHOD"] not in METHODS:
            return _wrong_method(start_response)
        started = time.perf_counter()
        body = answer(environ, path[3:], start_response)
        _SECONDS[path[1]].observe(time.perf_counter() - started)
        return () if environ["REQUEST_METHOD"] == "HEAD" else (body,)

    def _image(self, environ: Environ, name: str, start_response: StartResponse) -> bytes:
        ask = self._ask(environ, name)
        try:
            shown = drive(open_image(ask, self._front), self._hot, self._spool)
        except Exception:  # the one handler: a bug is logged, the reader sees a picture
            log.exception("open_failed")
            shown = self._after_a_bug(ask)
        return _picture("i", shown, start_response)

    def _pixel(self, environ: Environ, name: str, start_response: StartResponse) -> bytes:
        try:
            shown = drive(open_pixel(self._ask(environ, name), self._front), self._hot, self._spool)
        except Exception:  # the same, and the pixel is always the same picture
            log.exception("pixel_failed")
            shown = nothing("failed")
        return _picture("o", shown, start_response)

    def _click(self, environ: Environ, name: str, start_response: StartResponse) -> bytes:
        try:
            sent = drive(click(self._ask(environ, name), self._front), self._hot, self._spool)
        except Exception:  # a click has no picture to fall back to
            log.exception("click_failed")
            sent = Sent(None, "failed")
        _answered("c", sent.why).inc()
        if sent.url is None:
            headers = [
                ("Content-Type", "text/html; charset=utf-8"),
                ("Content-Length", str(len(NOWHERE))),
                *FRESH,
            ]
            start_response("404 Not Found", headers)
            return NOWHERE
        headers = [
            ("Location", sent.url),
            ("Content-Length", "0"),
            ("Referrer-Policy", "no-referrer"),
            *FRESH,
        ]
        start_response("302 Found", headers)
        return b""

    def _ask(self, environ: Environ, name: str) -> Ask:
        token = name.partition(".")[0]
        told = _told(environ.get("QUERY_STRING", ""))
        client = Client(
            method=environ["REQUEST_METHOD"],
            user_agent=environ.get("HTTP_USER_AGENT", "")[:USER_AGENT_MAX],
            ip=client_ip(environ, self._trusted_proxies),
            purpose=" ".join(environ[header][:64] for header in PURPOSES if header in environ),
        )
        now = datetime.now(UTC)
        return Ask(token, client, now, new_id(now), told.get("c", ""), told.get("t", ""), told.get("a", ""))

    def _after_a_bug(self, ask: Ask) -> Shown:
        try:
            return open_fallback(ask, self._front)
        except Exception:  # noqa: BLE001 - logged by the caller; whatever is broken, a picture goes out
            return nothing("failed")


def new_id(now: datetime) -> str:
    """An id no other process makes, sorting by time."""
    # One draw a process and a counter: asking the system for chance at every hit costs 20 us.
    return f"{int(now.timestamp() * 1000):012x}{_process()}{next(_numbers):08x}"


@cache
def _process() -> str:
    return os.urandom(8).hex()


# A server that forks after the first id would otherwise have two processes making the same ones.
os.register_at_fork(after_in_child=_process.cache_clear)


@cache
def _answered(endpoint: str, why: str) -> Counter:
    return EDGE_ANSWERS.labels(endpoint, why)


def _picture(endpoint: str, shown: Shown, start_response: StartResponse) -> bytes:
    _answered(endpoint, shown.why).inc()
    image = shown.image
    start_response(
        "200 OK",
        [
            ("Content-Type", image.mimetype),
            ("Content-Length", str(len(image.data))),
            ("X-Content-Type-Options", "nosniff"),
            ("X-Mailtide-Why", shown.why),
            *FRESH,
        ],
    )
    return image.data


def _wrong_method(start_response: StartResponse) -> Iterable[bytes]:
    body = b"This address takes GET and HEAD.\n"
    headers = [
        ("Allow", ", ".join(METHODS)),
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Length", str(len(body))),
    ]
    start_response("405 Method Not Allowed", headers)
    return (body,)


def _told(query: str) -> dict[str, str]:
    """What an address says besides its token: the platform's merge fields `c` and `t`, and an answer `a`."""
    told: dict[str, str] = {}
    if query:
        for pair in query[: 2 * VALUE_MAX + ANSWER_ROOM].split("&"):
            name, _, value = pair.partition("=")
            if name in ("c", "t", "a"):
                told[name] = unquote_plus(value)[:VALUE_MAX]
    return told
