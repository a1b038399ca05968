"""Events in words: who, what, why."""

import pytest

from app.demo.telling import Line, told
from app.domain.events import EventType
from app.domain.opener import Client, judge
from tests import make

NAMES = {"demo-greeting": "Greeting"}


def shown(user_agent: str, **fields: object) -> Line:
    opener = judge("image", Client(user_agent=user_agent))
    event = make.event(
        EventType.IMPRESSION,
        message_id="demo-letter",
        block_id="demo-greeting",
        variant="gold",
        why="rule_held",
        opener=opener,
        **fields,
    )
    return told(event, NAMES)


@pytest.mark.parametrize(
    ("user_agent", "who", "word"),
    [
        (make.CHROME, "people", "person"),
        (make.GMAIL, "proxy", "proxy"),
        (make.APPLE, "machine", "machine"),
        ("Barracuda Sentinel", "machine", "scanner"),
        ("curl/8", "machine", "bot"),
        ("something else", "machine", "unknown"),
    ],
)
def test_who_is_behind_an_impression(user_agent: str, who: str, word: str) -> None:
    line = shown(user_agent)

    assert (line.who, line.word) == (who, word)
    assert line.title == "Greeting showed “gold”"
    assert line.detail.startswith("Its rule held. By ")


def test_a_click_tells_where_it_went() -> None:
    event = make.event(
        EventType.CLICK,
        block_id="demo-greeting",
        why="as_shown",
        url="https://shop.example/gold",
        opener=judge("click", make.person()),
    )

    line = told(event, NAMES)

    assert (line.title, line.url) == ("Clicked Greeting", "https://shop.example/gold")
    assert line.detail == "Where the picture shown last promised. By a browser (certain)."


def test_a_decision_tells_its_reason_in_a_sentence() -> None:
    details = {"decision": "suppress", "reason": "CAP_REACHED", "explain": "4 of 4 e-mails."}

    line = told(make.event(EventType.DECISION, message_id="demo-sale", details=details), NAMES)

    assert (line.who, line.word, line.detail) == ("suppress", "suppress", "4 of 4 e-mails.")
    assert line.title.endswith("The kiln sale is on")


@pytest.mark.parametrize("event_type", [one for one in EventType if not one.value.startswith("customer_")])
def test_every_type_of_event_has_words_even_when_it_says_little(event_type: EventType) -> None:
    assert told(make.event(event_type), {}).title
