"""What a user agent tells of the reader's device and program."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ua_parser import Parser
from ua_parser.loaders import load_builtins
from ua_parser.regex import Resolver

from app.domain.opener import Client, judge
from app.domain.surroundings.clients import (
    BROWSERS,
    DEVICES,
    ENVIRONMENTS,
    MAIL_APPS,
    SYSTEMS,
    read_client,
    read_user_agent,
)
from tests import make

WEBKIT = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
BLINK = "AppleWebKit/537.36 (KHTML, like Gecko)"
IPHONE = f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) {WEBKIT}"
# user agent -> device, os, browser, mail client, environment
CASES = [
    (f"{IPHONE} Version/18.1 Mobile/15E148 Safari/604.1", "phone", "ios", "safari", None, "browser"),
    (f"{IPHONE} CriOS/131.0 Mobile/15E148 Safari/604.1", "phone", "ios", "chrome", None, "browser"),
    (f"{IPHONE} FxiOS/132.0 Mobile/15E148 Safari/605.1.15", "phone", "ios", "firefox", None, "browser"),
    (f"{IPHONE} Mobile/15E148", "phone", "ios", None, None, None),
    (IPHONE, "phone", "ios", None, None, "mail_app"),
    (f"Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) {WEBKIT} Version/17.5 Mobile/15E148 Safari/604.1",
     "tablet", "ios", "safari", None, "browser"),
    (f"Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) {WEBKIT}", "tablet", "ios", None, None, "mail_app"),
    (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {WEBKIT}",
     "computer", "macos", None, None, "mail_app"),
    (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {WEBKIT} Version/17.6 Safari/605.1.15",
     "computer", "macos", "safari", None, "browser"),
    ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:132.0) Gecko/20100101 Firefox/132.0",
     "computer", "macos", "firefox", None, "browser"),
    (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {BLINK} Chrome/131.0.0.0 Safari/537.36",
     "computer", "windows", "chrome", None, "browser"),
    (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {BLINK} Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0",
     "computer", "windows", "edge", None, "browser"),
    (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {BLINK} Chrome/130.0.0.0 Safari/537.36 OPR/115.0.0.0",
     "computer", "windows", "opera", None, "browser"),
    ("Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko",
     "computer", "windows", "internet_explorer", None, "browser"),
    ("Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 10.0; Tablet PC 2.0; Microsoft Outlook 16.0)",
     "computer", "windows", None, "outlook", "mail_app"),
    ("Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.18129; Pro)",
     "computer", "windows", None, "outlook", "mail_app"),
    ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Thunderbird/128.4.3",
     "computer", "windows", None, "thunderbird", "mail_app"),
    ("Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Thunderbird/115.3.1",
     "computer", "linux", None, "thunderbird", "mail_app"),
    (f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {BLINK} Chrome/131.0.0.0 Safari/537.36",
     "computer", "chromeos", "chrome", None, "browser"),
    ("Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
     "computer", "linux", "firefox", None, "browser"),
    (f"Mozilla/5.0 (Linux; Android 14; Pixel 8) {BLINK} Chrome/131.0.0.0 Mobile Safari/537.36",
     "phone", "android", "chrome", None, "browser"),
    (f"Mozilla/5.0 (Linux; Android 13; SM-X906B) {BLINK} Chrome/131.0.0.0 Safari/537.36",
     "tablet", "android", "chrome", None, "browser"),
    (f"Mozilla/5.0 (Linux; Android 14; SM-S921B) {BLINK} SamsungBrowser/26.0 Chrome/122.0 Mobile Safari/5",
     "phone", "android", "samsung_internet", None, "browser"),
    ("Dalvik/2.1.0 (Linux; U; Android 14; SM-G991B Build/UP1A.231005.007)",
     "phone", "android", None, None, None),
    ("Outlook-iOS/711.2620504.prod.iphone (4.2443.0)", "phone", "ios", None, "outlook", "mail_app"),
    ("Outlook-Android/2.0", "phone", "android", None, "outlook", "mail_app"),
    ("YahooMobile/1.0 (mail; 7.42.0); (Linux; U; Android 13; SM-A546B Build/TP1A);",
     "phone", "android", None, "yahoo_mail", "mail_app"),
    (f"Mozilla/5.0 (SMART-TV; Linux; Tizen 7.0) {BLINK} Version/7.0 TV Safari/537.36",
     "television", "linux", "safari", None, "browser"),
    ("x", None, None, None, None, None),
]  # fmt: skip
_PARSER = Parser(Resolver(load_builtins()))
_ORACLE_SYSTEMS = {
    "iOS": "ios", "Android": "android", "Windows": "windows", "Mac OS X": "macos", "Linux": "linux",
    "Ubuntu": "linux", "Chrome OS": "chromeos", "Tizen": "linux",
}  # fmt: skip


@pytest.mark.parametrize(("user_agent", "device", "system", "browser", "mail_client", "environment"), CASES)
def test_device_system_and_program_are_read(
    user_agent: str,
    device: str | None,
    system: str | None,
    browser: str | None,
    mail_client: str | None,
    environment: str | None,
) -> None:
    told = read_user_agent(user_agent)

    assert [told.get(name) for name in ("device", "os", "browser", "mail_client", "environment")] == [
        device,
        system,
        browser,
        mail_client,
        environment,
    ]
    assert None not in told.values()


@pytest.mark.parametrize("user_agent", [case[0] for case in CASES if case[0] != "x"])
def test_the_system_is_the_one_a_large_parser_finds(user_agent: str) -> None:
    found = _PARSER.parse(user_agent).os

    if found is not None and found.family != "Other":
        assert read_user_agent(user_agent)["os"] == _ORACLE_SYSTEMS[found.family]


@pytest.mark.parametrize(
    ("user_agent", "told"),
    [
        (make.GMAIL, {"opener": "proxy", "environment": "proxy", "mail_client": "gmail"}),
        (make.APPLE, {"opener": "machine_prefetch", "environment": "machine", "mail_client": "apple_mail"}),
        ("YahooMailProxy; x", {"opener": "proxy", "environment": "proxy", "mail_client": "yahoo_mail"}),
        ("python-requests/2.32", {"opener": "bot", "environment": "machine"}),
        ("something", {"opener": "unknown"}),
    ],
)  # fmt: skip
def test_behind_a_proxy_and_of_a_machine_no_device_is_told(user_agent: str, told: dict[str, object]) -> None:
    opener = judge("image", Client(user_agent=user_agent))

    assert read_client(user_agent, opener) == told


@given(st.text(max_size=600))
def test_whatever_is_sent_only_listed_words_come_out(user_agent: str) -> None:
    opener = judge("image", Client(user_agent=user_agent))

    told = read_client(user_agent, opener)

    listed = {
        "device": DEVICES, "os": SYSTEMS, "browser": BROWSERS, "mail_client": MAIL_APPS,
        "environment": ENVIRONMENTS, "opener": (opener.opener_class.value,),
    }  # fmt: skip
    assert all(value in listed[name] for name, value in told.items())
