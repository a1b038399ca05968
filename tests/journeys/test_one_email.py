"""One email, opened for real: from the policy to the decision that knows about the click."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image as Pictures

from tests import make
from tests.journeys.deployment import Deployment

pytestmark = pytest.mark.slow

POLICY = {"rules": [{"id": "two-a-week", "cap": 2, "window": {"rolling": "P7D"}, "channels": ["email"]}]}
MESSAGE = {
    "name": "Spring",
    "channel": "email",
    "category": "newsletter",
    "class": "promotional",
    "blocks": ["hero"],
}


def decision(touch_id: str) -> dict[str, object]:
    return {
        "idempotency_key": f"ask-{touch_id}",
        "customer_id": "ana",
        "touch_id": touch_id,
        "channel": "email",
        "category": "newsletter",
        "class": "promotional",
        "reserve": True,
    }


def test_an_email_is_sent_opened_clicked_and_counted(deployment: Deployment) -> None:
    # The platform sets up: a policy, a block, a message, a customer.
    api = deployment.api
    api("PUT", "/v1/policies/default", POLICY)
    api("POST", "/v1/policies/default/publish", {"note": "two a week"})
    api("PUT", "/v1/blocks/hero", make.block())
    assert api("POST", "/v1/blocks/hero/publish", {"note": "first"})["version"] == 1
    api("PUT", "/v1/messages/spring", MESSAGE)
    ana = {
        "attributes": {"first_name": "Ana", "tier": "silver", "points": 420},
        "channels": {"email": {"consent": True}},
    }
    api("PUT", "/v1/customers/ana", ana)

    # It asks before it sends, then reports what was sent and gets the URLs.
    sent_at = datetime.now(UTC).replace(microsecond=0)
    first = api("POST", "/v1/decisions", decision("t-1"))
    assert (first["decision"], first["reason"]) == ("send", "OK")
    touch = {
        "touch_id": "t-1",
        "customer_id": "ana",
        "message_id": "spring",
        "sent_at": sent_at.isoformat(),
        "reservation_id": first["reservation"]["id"],
    }
    reported = api("POST", "/v1/touches", touch)
    assert reported["status"] == "recorded"
    assert api("POST", "/v1/touches", touch)["status"] == "duplicate"
    urls = reported["urls"]["blocks"]["hero"]

    # Ana opens; her state changes; she opens again and sees what is true now.
    make.wait_until(lambda: deployment.fetch(urls["image"]).headers["X-Mailtide-Why"] == "no_rule_held")
    before = deployment.fetch(urls["image"])
    api("PATCH", "/v1/customers/ana", {"attributes": {"tier": "gold"}})
    after = deployment.fetch(urls["image"], make.GMAIL)
    assert before.status == after.status == 200
    assert after.headers["X-Mailtide-Why"] == "rule_held"
    assert before.body != after.body
    with Pictures.open(io.BytesIO(after.body)) as picture:
        assert picture.size == (300, 100)

    # She clicks where the last shown picture promised, though her points changed meanwhile.
    api("PATCH", "/v1/customers/ana", {"attributes": {"points": 1}})
    click = deployment.fetch(urls["link"])
    assert (click.status, click.headers["Location"]) == (302, "https://shop.example/gold?c=420")

    # Everything is in the ledger, people and reasons included.
    make.wait_until(lambda: len(deployment.recorded(type="click")) == 1)
    events = deployment.recorded()
    shown = [
        (event["variant"], event["opener"]["class"]) for event in events if event["type"] == "impression"
    ]
    assert shown[-1] == ("gold", "proxy")
    assert len([event for event in events if event["type"] == "open"]) == 1
    assert deployment.recorded(type="click")[0]["url"] == "https://shop.example/gold?c=420"

    # A second touch reaches the cap; the third is refused, with the rule and the next free moment.
    assert api("POST", "/v1/decisions", decision("t-2"))["decision"] == "send"
    refused = api("POST", "/v1/decisions", decision("t-3"))
    assert (refused["decision"], refused["reason"]) == ("suppress", "CAP_REACHED")
    binding = refused["binding"]
    assert (binding["rule_id"], binding["used"], binding["cap"]) == ("two-a-week", 2, 2)
    next_free = datetime.fromisoformat(binding["next_free_at"])
    assert abs(next_free - (sent_at + timedelta(days=7))) < timedelta(seconds=5)

    # And the customer's timeline tells the whole story, newest first.
    make.wait_until(lambda: len(deployment.recorded(type="decision")) == 3)
    timeline = api("GET", "/v1/customers/ana/timeline")["events"]
    assert timeline[0]["type"] == "decision"
    assert {"touch", "impression", "open", "click", "decision"} <= {event["type"] for event in timeline}
    report = api("GET", "/v1/reports/messages/spring")
    assert report["touches"]["sent"] == 1
