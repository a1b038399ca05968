"""The real application on a real Valkey and a real SQLite file, spoken to over WSGI."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from app import wiring
from app.domain.events import Event
from app.flows import keys
from app.flows.recording import record
from app.settings import Settings
from app.stores.hot import streams
from app.web.app import create
from app.wiring import House
from tests import make
from tests.servers import ValkeyServer

BASE_URL = "https://m.shop.example"


@dataclass(frozen=True)
class Told:
    """An answer: status, headers, and the body as text and, where it is JSON, decoded."""

    status: int
    headers: Any
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.text.splitlines()]


class Caller:
    """The platform's side: calls with a key, and what the house does in between."""

    def __init__(self, house: House, valkey: ValkeyServer) -> None:
        self.house = house
        self.valkey = valkey
        self.client: FlaskClient = create(house).test_client()
        self._keys: dict[tuple[str, ...], str] = {}

    def key(self, *scopes: str) -> str:
        """The text of a key with these scopes."""
        if scopes not in self._keys:
            new = keys.create(self.house.cold, "tests", scopes, now=datetime.now(UTC))
            self._keys[scopes] = new.text
        return self._keys[scopes]

    def __call__(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        scope: str | None = "admin",
        headers: dict[str, str] | None = None,
        data: Any = None,
        content_type: str | None = None,
    ) -> Told:
        """Call the API; `body` goes as JSON, `data` as it is."""
        told = dict(headers or {})
        if scope is not None:
            told.setdefault("Authorization", f"Bearer {self.key(scope)}")
        if body is not None:
            data, content_type = json.dumps(body), content_type or "application/json"
        answer = self.client.open(path, method=method, data=data, content_type=content_type, headers=told)
        return Told(answer.status_code, answer.headers, answer.get_data(as_text=True))

    def ok(self, method: str, path: str, body: object = None, **how: Any) -> Any:
        """The decoded body of a good answer."""
        answer = self(method, path, body, **how)
        assert answer.status < 300, answer.text
        return answer.json

    def record(self) -> None:
        """Bring what waits in the streams to SQL, as a recorder does."""
        hot, cold = self.house.hot, self.house.cold
        streams.ensure_groups(hot)
        while entries := streams.read_new(hot, "tests", count=500, block_ms=1):
            record(cold, entries, now=datetime.now(UTC))
            streams.finish(hot, entries)

    def waiting(self) -> list[Event]:
        """The events in the streams, oldest first."""
        from app.stores.hot.codec import decode_event

        rows = []
        for stream in self.house.hot.keys.streams():
            rows += [(entry_id, fields[b"e"]) for entry_id, fields in self.house.hot.client.xrange(stream)]
        return [decode_event(data) for _, data in sorted(rows)]


@pytest.fixture
def house(valkey: ValkeyServer, sqlite_url: str, tmp_path: Path) -> Iterator[House]:
    """One process's parts."""
    made = wiring.build(
        Settings(
            signing_keys=(make.SECRET,),
            redis_url=valkey.url,
            database_url=sqlite_url,
            base_url=BASE_URL,
            var_dir=tmp_path / "var",
        )
    )
    yield made
    made.close()


@pytest.fixture
def call(house: House, valkey: ValkeyServer) -> Caller:
    """The platform's side of one process."""
    return Caller(house, valkey)


@pytest.fixture
def saved(call: Caller) -> Callable[..., str]:
    """Saves a customer and gives back the id."""

    def save(customer_id: str = "ana", **attributes: object) -> str:
        call.ok("PUT", f"/v1/customers/{customer_id}", {"attributes": attributes})
        return customer_id

    return save
