"""Words: how paths are called, how values are written, and verbs that agree with what they follow."""

import re
from collections.abc import Mapping, Sequence

from app.domain.rules.moments import duration, moment

TEXT_SHOWN = 60
LIST_SHOWN = 5

# What stands for a path where its own words would not read well.
CALLED: Mapping[str, str] = {
    "cart.items": "the cart",
    "cart.count": "the number of items in the cart",
    "cart.value": "the value of the cart",
    "history.opens": "the number of touches opened",
    "history.clicks": "the number of touches clicked",
    "history.last_open_at": "the last open",
    "history.last_click_at": "the last click",
    "touch.age": "the age of the touch in seconds",
    "touch.sent_at": "the time of sending",
    "touch.opened_at": "the first open of the touch",
    "open.at": "this moment",
    "open.count": "the number of opens of the touch",
    "client.opener": "the opener",
}
_ENTRIES = {"cart.items": ("an item", "no item")}
_PLAIN = re.compile(r"[\w][\w .:@/-]*\Z")
_NOT_PLAIN = re.compile(r"[\d.:-]+\Z|true\Z|false\Z|null\Z|missing\Z")
_SINGULAR = ("ss", "us", "is", "news")


def called(path: str) -> str:
    """A path in words: `customer.first_name` is "first name", `message.topic` "the message's topic"."""
    known = CALLED.get(path)
    if known is not None:
        return known
    root, _, rest = path.partition(".")
    if not rest:
        return _attribute(root)
    if root == "customer":
        return _attribute(rest)
    if root == "local":
        return f"the local {_words(rest)}"
    if root == "days_since":
        return f"the number of days since {_words(rest)}"
    if root == "activity":
        return _activity(rest)
    return f"the {_words(root)}'s {_words(rest)}"


def entry(path: str, *, is_held: bool) -> str:
    """What an entry of this list is called, with its article or with none of it."""
    return _ENTRIES.get(path, ("an entry", "no entry"))[0 if is_held else 1]


def conjugated(phrase: str, subject: str) -> str:
    """A phrase whose verb, `is` or `has` or another in braces, agrees with the subject."""
    is_plural = _is_plural(subject)

    def agree(verb: re.Match[str]) -> str:
        word = verb[1]
        if not is_plural:
            return word
        return {"is": "are", "has": "have", "does": "do", "matches": "match"}.get(
            word, word.removesuffix("s")
        )

    return re.sub(r"\{(\w+)\}", agree, phrase, count=1)


def written(value: object) -> str:
    """A value as it stands in a sentence: bare where it reads like words, otherwise in quotes."""
    if value is None:
        return "missing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"{value:,}" if isinstance(value, int) and abs(value) >= 10_000 else str(value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list):
        return f"the list of {listed(value, 'and')}" if value else "the empty list"
    return "the given object"


def listed(values: Sequence[object], joiner: str) -> str:
    """Values one after the other: "a, b or c"; of many only the first."""
    shown = [written(one) for one in values[:LIST_SHOWN]]
    if len(values) > LIST_SHOWN:
        shown.append(f"{len(values) - LIST_SHOWN} more")
    return joined(shown, joiner)


def joined(parts: Sequence[str], joiner: str) -> str:
    """Parts one after the other, a comma between all but the last two."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {joiner} {parts[-1]}"


def lasting(text: object) -> str:
    """A duration in words: "30 days", "1 hour and 30 minutes"."""
    shape = re.findall(r"(\d+)([YMWDHS])", str(text).partition("T")[0])
    clock = re.findall(r"(\d+)([HMS])", str(text).partition("T")[2])
    names = {"Y": "year", "M": "month", "W": "week", "D": "day"}
    parts = [(int(count), names[unit]) for count, unit in shape]
    parts += [(int(count), {"H": "hour", "M": "minute", "S": "second"}[unit]) for count, unit in clock]
    told = [f"{count} {name}{'' if count == 1 else 's'}" for count, name in parts if count]
    return joined(told, "and") or "0 seconds"


def is_ahead(text: object) -> bool:
    """Whether a duration is of what is to come."""
    span = duration(text)
    return span is not None and span.is_ahead


def _text(value: str) -> str:
    at = moment(value)
    if at is not None:
        return f"{at:%Y-%m-%d %H:%M} {value[-6:] if value[-1] not in 'Zz' else 'UTC'}"
    shown = value if len(value) <= TEXT_SHOWN else value[:TEXT_SHOWN] + "…"
    return shown if _PLAIN.match(shown) and not _NOT_PLAIN.match(shown) else f"“{shown}”"


def _words(name: str) -> str:
    return name.replace("_", " ").replace("-", " ").replace(".", " ")


def _attribute(name: str) -> str:
    words = _words(name)
    return f"the time of “{words.removesuffix(' at')}”" if words.endswith(" at") else words


def _activity(rest: str) -> str:
    kind, _, what = rest.partition(".")
    if what == "count":
        return f"the number of times of “{_words(kind)}”"
    if what == "last_at":
        return f"the last time of “{_words(kind)}”"
    return f"what was {_words(kind)}" if what == "items" else f"the {_words(kind)} {_words(what)}"


def _is_plural(subject: str) -> bool:
    # "the number of items" is one number; "points" and "the message's tags" are several.
    head = subject.partition(" of ")[0].partition(" in ")[0].split(" since ")[0]
    word = head.rpartition(" ")[2]
    return word.endswith("s") and not word.endswith(_SINGULAR) and len(word) > 2
