"""/v1/events: the log by cursor, as JSON, NDJSON and CSV."""

import csv
import io
from datetime import timedelta

import pytest

from app.domain.events import EventType
from app.domain.opener import Opener, OpenerClass
from app.stores.hot import streams
from tests import make
from tests.web.conftest import Caller

HUMAN = Opener(OpenerClass.HUMAN, "probable", "browser")


@pytest.fixture
def recorded(call: Caller) -> Caller:
    """Five events in SQL."""
    events = [
        make.event(
            EventType.CLICK if number == 4 else EventType.IMPRESSION,
            event_id=f"e-{number}",
            at=make.NOW + timedelta(hours=number),
            customer_id="ana" if number % 2 else "bob",
            touch_id=f"t-{number}",
            message_id="spring",
            block_id="hero",
            variant="gold",
            why="rule_held",
            opener=HUMAN,
            url='https://shop.example/?a="1",2' if number == 4 else None,
        )
        for number in range(5)
    ]
    streams.append(call.house.hot, events)
    call.record()
    return call


def ids(answer: dict[str, list[dict[str, str]]]) -> set[str]:
    return {event["event_id"] for event in answer["events"] if event["event_id"].startswith("e-")}


def test_an_event_says_what_is_known_of_it(recorded: Caller) -> None:
    [event] = recorded.ok("GET", "/v1/events?types=click")["events"]

    assert event == {
        "event_id": "e-4",
        "type": "click",
        "at": "2026-11-20T13:02:00Z",
        "received_at": "2026-11-20T09:02:00Z",
        "customer_id": "ana" if 4 % 2 else "bob",
        "touch_id": "t-4",
        "message_id": "spring",
        "block_id": "hero",
        "variant": "gold",
        "why": "rule_held",
        "opener": {"class": "human", "certainty": "probable", "reason": "browser"},
        "url": 'https://shop.example/?a="1",2',
    }


def test_a_cursor_leads_through_all_and_goes_on_later(recorded: Caller) -> None:
    found: list[str] = []
    cursor = ""
    while page := recorded.ok("GET", f"/v1/events?limit=2&after={cursor}"):
        if not page["events"]:
            break
        found += [event["event_id"] for event in page["events"]]
        cursor = page["next_cursor"]
    streams.append(recorded.house.hot, [make.event(event_id="late")])
    recorded.record()

    later = recorded.ok("GET", f"/v1/events?after={page['next_cursor']}")

    assert len(found) == len(set(found)) >= 5
    assert [event["event_id"] for event in later["events"]] == ["late"]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("types=impression", {"e-0", "e-1", "e-2", "e-3"}),
        ("types=click,impression&customer=bob", {"e-0", "e-2", "e-4"}),
        ("from=2026-11-20T12:02:00Z&types=impression,click", {"e-3", "e-4"}),
        ("until=2026-11-20T11:02:00%2B01:00&types=impression", {"e-0"}),
        ("block=hero", {"e-0", "e-1", "e-2", "e-3", "e-4"}),
        ("message=other", set()),
    ],
)
def test_events_are_picked(recorded: Caller, query: str, wanted: set[str]) -> None:
    assert ids(recorded.ok("GET", f"/v1/events?{query}")) == wanted


def test_ndjson_streams_all_and_says_where_to_go_on(recorded: Caller) -> None:
    answer = recorded("GET", "/v1/events?types=impression,click", headers={"Accept": "application/x-ndjson"})

    assert answer.headers["Content-Type"] == "application/x-ndjson"
    assert [line["event_id"] for line in answer.lines] == [f"e-{number}" for number in (0, 1, 2, 3, 4)] or {
        line["event_id"] for line in answer.lines
    } == {f"e-{number}" for number in range(5)}
    cursor = answer.headers["Mailtide-Next-Cursor"]
    assert recorded.ok("GET", f"/v1/events?after={cursor}")["events"] == []


def test_csv_has_one_line_an_event_and_survives_quotes(recorded: Caller) -> None:
    answer = recorded("GET", "/v1/events?types=click", headers={"Accept": "text/csv"})

    [row] = csv.DictReader(io.StringIO(answer.text))
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert (row["event_id"], row["opener_class"]) == ("e-4", "human")
    assert row["at"] == "2026-11-20T13:02:00Z"
    assert row["url"] == 'https://shop.example/?a="1",2'


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("after=nonsense", "after"),
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("limit=ten", "limit"),
        ("types=opened", "types"),
        ("types=customer_saved", "types"),
        ("from=yesterday", "from"),
        ("block=a%20b", "block"),
        ("afer=x", "afer"),
    ],
)
def test_bad_questions_are_refused_by_name(call: Caller, query: str, parameter: str) -> None:
    answer = call("GET", f"/v1/events?{query}")

    assert answer.status == 422
    assert [error["parameter"] for error in answer.json["errors"]] == [parameter]


def test_a_cursor_of_another_list_is_refused(recorded: Caller) -> None:
    timeline = recorded.ok("GET", "/v1/customers/ana/timeline?limit=1")

    answer = recorded("GET", f"/v1/events?after={timeline['next_cursor']}")

    assert answer.status == 422


def test_a_timeline_is_newest_first_and_its_pages_fit_together(recorded: Caller) -> None:
    first = recorded.ok("GET", "/v1/customers/bob/timeline?limit=2")
    second = recorded.ok("GET", f"/v1/customers/bob/timeline?limit=2&after={first['next_cursor']}")

    events = first["events"] + second["events"]
    instants = [event["at"] for event in events]
    assert instants == sorted(instants, reverse=True)
    assert {"e-0", "e-2", "e-4"} <= {
        event["event_id"] for event in recorded.ok("GET", "/v1/customers/bob/timeline")["events"]
    }
    other = recorded("GET", f"/v1/customers/ana/timeline?after={first['next_cursor']}")
    assert other.status == 422


def test_a_customer_nobody_knows_has_no_timeline(call: Caller, saved) -> None:
    saved("new")

    assert call("GET", "/v1/customers/nobody/timeline").status == 404
    assert call.ok("GET", "/v1/customers/new/timeline")["events"] == []


def test_an_export_holds_everything_about_one_customer(recorded: Caller, saved) -> None:
    saved("ana", tier="gold")
    recorded.record()

    told = recorded.ok("GET", "/v1/customers/ana/export")

    assert told["customer"]["attributes"] == {"tier": "gold"}
    assert {event["event_id"] for event in told["events"]} >= {"e-1", "e-3"}
    assert all(event["customer_id"] == "ana" for event in told["events"])
    assert told["suppressions"] == []
    assert recorded("GET", "/v1/customers/nobody/export").status == 404
    assert recorded("GET", "/v1/customers/ana/export", scope="report").status == 403


def test_a_report_tells_people_from_machines(recorded: Caller) -> None:
    report = recorded.ok("GET", "/v1/reports/messages/spring")

    assert report["impressions"] == {"human": 4, "proxy": 0, "machine": 0, "unknown": 0}
    assert report["unique_clicks"] == 1
    assert report["touches"] == {"sent": 0, "reserved": 0}
    assert report["variants"][0]["variant"] == "gold"
    assert recorded("GET", "/v1/reports/messages/none").status == 404


def test_sql_away_is_503_for_those_who_read_it(recorded: Caller) -> None:
    recorded.key("report")
    with recorded.house.cold.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE events")

    answer = recorded("GET", "/v1/events")

    assert answer.status == 503
    assert "mailtide migrate" in answer.json["detail"]
