"""Who asked: a person, a proxy for one, or a machine; with the reason."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Literal

Endpoint = Literal["image", "click"]
Certainty = Literal["certain", "probable", "weak"]

USER_AGENT_MAX = 512


class OpenerClass(StrEnum):
    """The closed set of verdicts."""

    HUMAN = "human"
    PROXY = "proxy"
    MACHINE_PREFETCH = "machine_prefetch"
    SECURITY_SCANNER = "security_scanner"
    LINK_PREVIEW = "link_preview"
    BOT = "bot"
    UNKNOWN = "unknown"
    PROBE = "probe"


PEOPLE = frozenset({OpenerClass.HUMAN, OpenerClass.PROXY})


@dataclass(frozen=True, slots=True)
class Opener:
    """A verdict on one request: what asked, how sure we are, and the signal that told."""

    opener_class: OpenerClass
    certainty: Certainty
    reason: str

    @property
    def is_person(self) -> bool:
        """Whether a reader is behind the request, directly or through a proxy."""
        return self.opener_class in PEOPLE


@dataclass(frozen=True, slots=True)
class Client:
    """What a request tells about its sender; `purpose` holds the prefetch headers' values, joined."""

    method: str = "GET"
    user_agent: str = ""
    ip: str = ""
    purpose: str = ""


PURPOSE_WORDS = ("prefetch", "preview", "prerender")

# Readers behind a proxy that fetches for them. General bot lists call the first one a bot,
# and a sender that believed one lost all of Gmail.
PROXIES = (
    ("GoogleImageProxy", "gmail_image_proxy"),
    ("YahooMailProxy", "yahoo_image_proxy"),
    ("SeznamEmailProxy", "seznam_image_proxy"),
    ("RamblerMail", "rambler_image_proxy"),
    ("mail.ukr.net proxy", "ukrnet_image_proxy"),
    ("FastmailUA", "fastmail_image_proxy"),
    ("Shortwave Image Fetcher", "shortwave_image_proxy"),
    ("Superhuman", "superhuman_image_proxy"),
)

SCANNERS = (
    "barracuda", "bingpreview", "proofpoint", "mimecast", "ironport", "trendmicro", "symantec", "sophos",
    "fireeye", "zscaler", "checkpoint", "forcepoint", "messagelabs", "urldefense", "safelinks", "avanan",
    "virustotal", "phishtank", "netcraft", "cloudmark", "area1", "vadesecure", "spamhaus", "mailguard",
    "existence discovery",
)  # fmt: skip
PREVIEWS = (
    "skypeuripreview", "slackbot", "slack-imgproxy", "facebookexternalhit", "twitterbot", "linkedinbot",
    "whatsapp", "telegrambot", "discordbot", "googlemessages", "msteams", "embedly", "iframely", "vkshare",
    "redditbot", "pinterestbot", "viber", "snapchat", "mastodon", "google-pagerenderer", "preview/",
    "link preview", "prefetch proxy",
)  # fmt: skip
LIBRARIES = (
    "python-requests", "python-urllib", "python-httpx", "aiohttp", "curl/", "wget/", "go-http-client",
    "okhttp", "java/", "apache-httpclient", "libwww-perl", "axios", "node-fetch", "undici", "guzzlehttp",
    "postmanruntime", "ruby", "php/", "winhttp", "restsharp", "headlesschrome", "phantomjs", "puppeteer",
    "playwright", "scrapy",
)  # fmt: skip
CRAWLERS = (
    "bot/",
    "bot;",
    "bot ",
    "bot)",
    "crawler",
    "spider",
    "slurp",
    "archiver",
    "monitor",
    "uptime",
    "pingdom",
)
MAIL_CLIENTS = (
    "thunderbird", "microsoft outlook", "msoffice", "ms-office", "outlook-ios", "outlook-android", "airmail",
    "applemail", "apple mail", "mailspring", "postbox", "lotus-notes", "hcl notes", "k-9 mail", "bluemail",
    "spark/", "evolution/", "kmail", "the bat", "foxmail", "yahoomobile", "mailbird", "em client", "sparrow",
)  # fmt: skip
BROWSERS = ("chrome/", "safari/", "firefox/", "edg/", "edge/", "opera", "opr/", "msie", "trident/", "gecko/")

# Apple Mail on a Mac says no more than WebKit; on telephones, and in apps' web views, the build besides.
_BARE_WEBKIT = re.compile(r"\(khtml, like gecko\)(?: mobile/\w{1,20})?$")
_BY_WORDS: tuple[tuple[tuple[str, ...], OpenerClass, str], ...] = (
    (SCANNERS, OpenerClass.SECURITY_SCANNER, "scanner_user_agent"),
    (PREVIEWS, OpenerClass.LINK_PREVIEW, "link_preview_user_agent"),
    (LIBRARIES, OpenerClass.BOT, "http_library_user_agent"),
    (CRAWLERS, OpenerClass.BOT, "crawler_user_agent"),
)


def judge(endpoint: Endpoint, client: Client) -> Opener:
    """Say who asked for an image or a link, first signal wins.

    Rows 1, 2, 4 to 8 and 14 to 16 of the decision table in docs/tracking.md.
    """
    if client.method in ("HEAD", "OPTIONS"):
        return Opener(OpenerClass.PROBE, "certain", "head_request")
    if client.purpose and any(word in client.purpose.lower() for word in PURPOSE_WORDS):
        return Opener(OpenerClass.MACHINE_PREFETCH, "certain", "purpose_header")
    return judge_user_agent(endpoint, client.user_agent[:USER_AGENT_MAX].strip())


@lru_cache(maxsize=4096)
def judge_user_agent(endpoint: Endpoint, user_agent: str) -> Opener:
    """Judge by the user agent alone (at most 512 characters are read)."""
    if not user_agent:
        return Opener(OpenerClass.BOT, "probable", "empty_user_agent")
    return _of_mailbox_machine(endpoint, user_agent) or _of_words(user_agent.lower())


def _of_mailbox_machine(endpoint: Endpoint, user_agent: str) -> Opener | None:
    is_image = endpoint == "image"
    if user_agent.endswith("Edge/12.246 Mozilla/5.0") or "Gmail-content-sampling" in user_agent:
        verdict = OpenerClass.MACHINE_PREFETCH if is_image else OpenerClass.SECURITY_SCANNER
        return Opener(verdict, "certain", "gmail_prefetch")
    if user_agent == "Mozilla/5.0":
        verdict = OpenerClass.MACHINE_PREFETCH if is_image else OpenerClass.BOT
        return Opener(verdict, "probable", "apple_privacy_prefetch" if is_image else "bare_mozilla")
    for mark, reason in PROXIES:
        if mark in user_agent:
            return (
                Opener(OpenerClass.PROXY, "certain", reason)
                if is_image
                else Opener(OpenerClass.BOT, "probable", reason)
            )
    return None


def _of_words(lowered: str) -> Opener:
    for words, verdict, reason in _BY_WORDS:
        if any(word in lowered for word in words):
            return Opener(verdict, "certain", reason)
    if _BARE_WEBKIT.search(lowered):
        return Opener(OpenerClass.HUMAN, "probable", "bare_webkit")
    if any(word in lowered for word in MAIL_CLIENTS):
        return Opener(OpenerClass.HUMAN, "certain", "mail_client")
    if any(word in lowered for word in BROWSERS):
        return Opener(OpenerClass.HUMAN, "certain", "browser")
    return Opener(OpenerClass.UNKNOWN, "weak", "no_signal")
