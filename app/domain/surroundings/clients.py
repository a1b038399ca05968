"""The reader's device and program, as far as the user agent tells: a few words each, not versions.

Written out here because the parser packages take 33 MB of every web process (measured: ua-parser with its
Rust matcher), which is more than all the rest of an open; tests hold the tables against that parser.
"""

from collections.abc import Mapping
from functools import lru_cache

from app.domain.opener import MAIL_CLIENTS, USER_AGENT_MAX, Opener, OpenerClass

DEVICES = ("phone", "tablet", "computer", "television")
SYSTEMS = ("ios", "android", "windows", "macos", "linux", "chromeos")
BROWSERS = ("chrome", "safari", "firefox", "edge", "opera", "samsung_internet", "internet_explorer")
ENVIRONMENTS = ("mail_app", "browser", "proxy", "machine")

# First match wins; what an app calls itself stands before the system it runs on.
_SYSTEMS = (
    ("outlook-ios", "ios"), ("outlook-android", "android"), ("windows phone", "windows"), ("iphone", "ios"),
    ("ipad", "ios"), ("ipod", "ios"), ("android", "android"), ("cros ", "chromeos"), ("windows", "windows"),
    ("macintosh", "macos"), ("mac os x", "macos"), ("linux", "linux"), ("x11", "linux"),
)  # fmt: skip
_TELEVISIONS = (
    "smart-tv", "smarttv", "appletv", "apple tv", "googletv", "google tv", "hbbtv", "bravia", "crkey",
    "aftb", "aftm", "aftn", "afts", "aftt",
)  # fmt: skip
_TABLETS = (
    "ipad", "tablet", "kindle", "playbook", "sm-t", "sm-x", "nexus 7", "nexus 9", "nexus 10", "lenovo tb",
    "pad ",
)  # fmt: skip
_PHONES = ("iphone", "ipod", "outlook-ios", "outlook-android", "windows phone", "mobile", "dalvik")
_BROWSERS = (
    ("edg/", "edge"), ("edge/", "edge"), ("edga/", "edge"), ("edgios/", "edge"), ("opr/", "opera"),
    ("opera", "opera"), ("opt/", "opera"), ("samsungbrowser/", "samsung_internet"), ("fxios/", "firefox"),
    ("crios/", "chrome"), ("firefox/", "firefox"), ("chrome/", "chrome"), ("msie", "internet_explorer"),
    ("trident/", "internet_explorer"), ("safari/", "safari"),
)  # fmt: skip
_MAIL_CLIENTS = (
    ("thunderbird", "thunderbird"), ("outlook", "outlook"), ("ms-office", "outlook"), ("msoffice", "outlook"),
    ("airmail", "airmail"), ("apple mail", "apple_mail"), ("applemail", "apple_mail"),
    ("mailspring", "mailspring"), ("postbox", "postbox"), ("lotus-notes", "notes"), ("hcl notes", "notes"),
    ("k-9 mail", "k9_mail"), ("bluemail", "bluemail"), ("spark/", "spark"), ("evolution/", "evolution"),
    ("kmail", "kmail"), ("the bat", "the_bat"), ("foxmail", "foxmail"), ("yahoomobile", "yahoo_mail"),
    ("mailbird", "mailbird"), ("em client", "em_client"), ("sparrow", "sparrow"),
)  # fmt: skip
_BY_REASON: Mapping[str, str] = {
    "gmail_image_proxy": "gmail", "gmail_prefetch": "gmail", "apple_privacy_prefetch": "apple_mail",
    "yahoo_image_proxy": "yahoo_mail", "seznam_image_proxy": "seznam", "rambler_image_proxy": "rambler",
    "ukrnet_image_proxy": "ukrnet", "fastmail_image_proxy": "fastmail",
    "shortwave_image_proxy": "shortwave", "superhuman_image_proxy": "superhuman",
}  # fmt: skip
MAIL_APPS = tuple(sorted({name for _, name in _MAIL_CLIENTS} | set(_BY_REASON.values())))
_MACHINES = frozenset(
    {OpenerClass.MACHINE_PREFETCH, OpenerClass.SECURITY_SCANNER, OpenerClass.LINK_PREVIEW, OpenerClass.BOT}
)


def read_client(user_agent: str, opener: Opener) -> dict[str, object]:
    """What `client.` has: `opener`, and of `environment device os browser mail_client` what is known.

    Behind a proxy the device is the proxy's own and nothing is said of it; a machine has none.
    """
    told: dict[str, object] = {"opener": opener.opener_class.value}
    if opener.opener_class is OpenerClass.PROXY or opener.opener_class in _MACHINES:
        told["environment"] = "proxy" if opener.opener_class is OpenerClass.PROXY else "machine"
        if opener.reason in _BY_REASON:
            told["mail_client"] = _BY_REASON[opener.reason]
        return told
    return {**told, **read_user_agent(user_agent[:USER_AGENT_MAX])}


@lru_cache(maxsize=4_096)
def read_user_agent(user_agent: str) -> Mapping[str, object]:
    """What a user agent tells of a person's device and program; nothing it does not tell."""
    lowered = user_agent.lower()
    system = _first(_SYSTEMS, lowered)
    mail_client = _first(_MAIL_CLIENTS, lowered)
    is_app = mail_client is not None or any(word in lowered for word in MAIL_CLIENTS)
    # Apple Mail and Outlook for Mac both say no more than this, so neither is named.
    is_app = is_app or lowered.endswith("(khtml, like gecko)")
    browser = None if is_app else _first(_BROWSERS, lowered)
    told = {
        "environment": "mail_app" if is_app else "browser" if browser else None,
        "device": _device(lowered, system),
        "os": system,
        "browser": browser,
        "mail_client": mail_client,
    }
    return {name: value for name, value in told.items() if value is not None}


def _device(lowered: str, system: str | None) -> str | None:
    if any(word in lowered for word in _TELEVISIONS):
        return "television"
    if any(word in lowered for word in _TABLETS) and "tablet pc" not in lowered:
        return "tablet"
    if any(word in lowered for word in _PHONES):
        return "phone"
    if system == "android":
        return "tablet"  # an Android browser on a phone says `Mobile`
    return "computer" if system is not None else None


def _first(table: tuple[tuple[str, str], ...], lowered: str) -> str | None:
    return next((name for word, name in table if word in lowered), None)
