"""What happened, in words: one line an event, with who is behind it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.demo import contents
from app.domain.events import Event, EventType
from app.domain.opener import Opener, OpenerClass


@dataclass(frozen=True, slots=True)
class Line:
    """One event for a screen. `who` is people, proxy, machine, send, suppress, defer or plain."""

    event_id: str
    who: str
    word: str
    title: str
    detail: str
    at: datetime
    url: str = ""


def told(event: Event, names: Mapping[str, str]) -> Line:
    """The event in words; `names` are the blocks' by id."""
    make = _MAKERS.get(event.type, _other)
    who, word, title, detail = make(event, names)
    return Line(event.event_id, who, word, title, detail, event.at, event.url or "")


def _impression(event: Event, names: Mapping[str, str]) -> tuple[str, str, str, str]:
    who, word = _class_of(event.opener)
    because = _because(event.opener)
    if event.block_id is None:
        return who, word, "The message’s pixel was fetched", because
    name = names.get(event.block_id, event.block_id)
    why = WHY.get(event.why or "", event.why or "")
    return who, word, f"{name} showed “{event.variant}”", f"{why}. {because}"


def _open(event: Event, _: Mapping[str, str]) -> tuple[str, str, str, str]:
    who, word = _class_of(event.opener)
    return who, word, f"Opened: {_subject(event)}", "The first picture of this touch that a person caused."


def _click(event: Event, names: Mapping[str, str]) -> tuple[str, str, str, str]:
    who, word = _class_of(event.opener)
    of = names.get(event.block_id or "", "a link") if event.block_id else "a link"
    why = CLICK_WHY.get(event.why or "", WHY.get(event.why or "", event.why or ""))
    return who, word, f"Clicked {of}", f"{why}. {_because(event.opener)}"


def _touch(event: Event, _: Mapping[str, str]) -> tuple[str, str, str, str]:
    state = str(event.details.get("state", "sent"))
    if state == "sent":
        over = " It broke a cap." if event.details.get("over_cap") else ""
        return "plain", "touch", f"Sent: {_subject(event)}", f"It counts under the caps.{over}"
    title = {"reserved": "A place was held", "released": "A place was let go"}.get(state, state)
    return "plain", "touch", title, f"For: {_subject(event)}"


def _decision(event: Event, _: Mapping[str, str]) -> tuple[str, str, str, str]:
    decision = str(event.details.get("decision", ""))
    explained = str(event.details.get("explain") or event.details.get("reason") or "")
    who = decision if decision in ("send", "suppress", "defer") else "plain"
    return who, decision, f"Asked before sending: {_subject(event)}", explained


def _activity(event: Event, _: Mapping[str, str]) -> tuple[str, str, str, str]:
    what = str(event.details.get("type", "")).replace("_", " ")
    item = contents.PRODUCTS.get(str(event.details.get("item_id")))
    return "plain", "activity", f"{what.capitalize()}: {item.name if item else 'something'}", ""


def _preference(event: Event, _: Mapping[str, str]) -> tuple[str, str, str, str]:
    scope = str(event.details.get("scope", ""))
    return "suppress", "unsubscribed", "Unsubscribed", f"Scope {scope}: decisions obey it from now on."


def _other(event: Event, _: Mapping[str, str]) -> tuple[str, str, str, str]:
    return "plain", event.type.value, event.type.value.capitalize(), str(event.why or "")


_MAKERS = {
    EventType.IMPRESSION: _impression,
    EventType.OPEN: _open,
    EventType.CLICK: _click,
    EventType.TOUCH: _touch,
    EventType.DECISION: _decision,
    EventType.ACTIVITY: _activity,
    EventType.PREFERENCE: _preference,
}

WHY = {
    "rule_held": "Its rule held",
    "no_rule_held": "No rule held, so the fallback was shown",
    "sticky": "Shown before in this touch",
    "recalled": "The block is recalled",
    "unknown_customer": "The customer is not known",
    "unknown_touch": "The touch is not known",
    "state_unavailable": "The state could not be read",
    "cannot_render": "It could not be drawn, so the fallback was shown",
    "too_few_items": "There were too few items to show this customer, so the fallback was shown",
    "render_budget": "Drawing it took too long, so the fallback was shown; the next open has it",
}
CLICK_WHY = {
    "as_shown": "Where the picture shown last promised",
    "message_link": "A link of the message itself",
}
CLASSES = {
    OpenerClass.HUMAN: ("people", "person"),
    OpenerClass.PROXY: ("proxy", "proxy"),
    OpenerClass.MACHINE_PREFETCH: ("machine", "machine"),
    OpenerClass.SECURITY_SCANNER: ("machine", "scanner"),
    OpenerClass.LINK_PREVIEW: ("machine", "preview"),
    OpenerClass.BOT: ("machine", "bot"),
    OpenerClass.UNKNOWN: ("machine", "unknown"),
}
REASONS = {
    "browser": "a browser",
    "mail_client": "a mail program",
    "bare_webkit": "a mail program’s view",
    "gmail_image_proxy": "Gmail’s image proxy, for a reader",
    "yahoo_image_proxy": "Yahoo’s image proxy, for a reader",
    "apple_privacy_prefetch": "Apple’s privacy prefetch; nobody opened",
    "gmail_prefetch": "Gmail’s prefetch; nobody opened",
    "scanner_user_agent": "a security scanner’s user agent; nobody opened",
    "http_library_user_agent": "a program’s HTTP library",
    "purpose_header": "a prefetch header; nobody opened",
    "empty_user_agent": "no user agent",
}


def _class_of(opener: Opener | None) -> tuple[str, str]:
    return CLASSES.get(opener.opener_class, ("machine", "unknown")) if opener else ("plain", "")


def _because(opener: Opener | None) -> str:
    if opener is None:
        return ""
    reason = REASONS.get(opener.reason, opener.reason.replace("_", " "))
    return f"By {reason} ({opener.certainty})."


def _subject(event: Event) -> str:
    letter = contents.letters().get(event.message_id or "")
    return letter.subject if letter else str(event.message_id or "a message")
