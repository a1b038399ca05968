"""Who asked: the signals of the first cut, and requests seen in the field."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.opener import Client, OpenerClass, judge

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"
)
MAC_MAIL = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
IPHONE_MAIL = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Mobile/15E148"
)
GMAIL = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"
PREFETCH = "Mozilla/5.0 (Windows NT 10.0) Chrome/42.0 Safari/537.36 Edge/12.246 Mozilla/5.0"
FIELD_DATA = Path(__file__).parents[3] / "shared" / "data" / "openers.json"
PERSON = {OpenerClass.HUMAN, OpenerClass.PROXY}


@pytest.mark.parametrize(
    ("endpoint", "client", "verdict", "reason"),
    [
        ("image", Client(method="HEAD", user_agent=CHROME), OpenerClass.PROBE, "head_request"),
        (
            "image",
            Client(user_agent=CHROME, purpose="prefetch"),
            OpenerClass.MACHINE_PREFETCH,
            "purpose_header",
        ),
        ("click", Client(user_agent=""), OpenerClass.BOT, "empty_user_agent"),
        ("image", Client(user_agent=PREFETCH), OpenerClass.MACHINE_PREFETCH, "gmail_prefetch"),
        ("click", Client(user_agent=PREFETCH), OpenerClass.SECURITY_SCANNER, "gmail_prefetch"),
        ("image", Client(user_agent="Mozilla/5.0"), OpenerClass.MACHINE_PREFETCH, "apple_privacy_prefetch"),
        ("click", Client(user_agent="Mozilla/5.0"), OpenerClass.BOT, "bare_mozilla"),
        ("image", Client(user_agent=GMAIL), OpenerClass.PROXY, "gmail_image_proxy"),
        ("click", Client(user_agent=GMAIL), OpenerClass.BOT, "gmail_image_proxy"),
        ("click", Client(user_agent="python-requests/2.32.3"), OpenerClass.BOT, "http_library_user_agent"),
        ("image", Client(user_agent=CHROME), OpenerClass.HUMAN, "browser"),
        ("image", Client(user_agent="Thunderbird/128.0"), OpenerClass.HUMAN, "mail_client"),
        ("image", Client(user_agent=MAC_MAIL), OpenerClass.HUMAN, "bare_webkit"),
        ("image", Client(user_agent=IPHONE_MAIL), OpenerClass.HUMAN, "bare_webkit"),
        ("click", Client(user_agent=IPHONE_MAIL), OpenerClass.HUMAN, "bare_webkit"),
        ("image", Client(user_agent="xyzzy"), OpenerClass.UNKNOWN, "no_signal"),
    ],
)
def test_a_signal_has_its_verdict(endpoint: str, client: Client, verdict: OpenerClass, reason: str) -> None:
    opener = judge(endpoint, client)  # type: ignore[arg-type]

    assert (opener.opener_class, opener.reason) == (verdict, reason)


def test_gmails_readers_are_people_and_its_prefetch_is_not() -> None:
    assert judge("image", Client(user_agent=GMAIL)).is_person
    assert not judge("image", Client(user_agent=PREFETCH)).is_person


@given(st.text(max_size=600), st.text(max_size=40))
def test_any_user_agent_gets_a_verdict(user_agent: str, purpose: str) -> None:
    assert judge("click", Client(user_agent=user_agent, purpose=purpose)).reason


@pytest.mark.skipif(not FIELD_DATA.exists(), reason="the field data is not beside the project")
def test_requests_seen_in_the_field_are_judged_as_they_were() -> None:
    wanted = {
        "image_proxy": PERSON,
        "mail_client": PERSON,
        "machine_prefetch": {OpenerClass.MACHINE_PREFETCH},
        "security_scanner": {OpenerClass.SECURITY_SCANNER},
        "link_preview": {OpenerClass.LINK_PREVIEW, OpenerClass.BOT},
        "http_library": {OpenerClass.BOT},
    }
    wrong = []

    for row in json.loads(FIELD_DATA.read_text())["rows"]:
        endpoint = "click" if row["endpoint"] == "click" else "image"
        seen = judge(endpoint, Client(user_agent=row["ua"])).opener_class
        is_told_by_user_agent = "ip" not in row and "weak" not in row
        if is_told_by_user_agent and row["expect"] in wanted and seen not in wanted[row["expect"]]:
            wrong.append((row["ua"], row["expect"], seen))

    assert wrong == []
