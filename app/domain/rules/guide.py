"""The guide's tables of operators and attributes; a test holds docs/rules.md to them."""

from app.domain.attributes import Attribute, Catalogue

GUIDE: tuple[tuple[str, str], ...] = (
    (
        "a plain value, `$eq`",
        'is that value; `true` is not 1, 1 is not `"1"`, and null is also what is missing',
    ),
    ("`$ne`", "is not that value, or is missing"),
    (
        "`$gt` `$gte` `$lt` `$lte`",
        (
            "is a number compared with a number, or a text with a text (by code point); compared with a "
            "moment that tells its offset, it is read as a moment"
        ),
    ),
    ("`$between`", "is from the first to the second of two numbers, texts or moments, both included"),
    ("`$in`", "is in the list; for a list, one of its entries is"),
    ("`$nin`", "is not in the list, or is missing"),
    ("`$ini` `$nini`", "the same without regard to case"),
    ("`$all` `$alli`", "is a list that has all of these; `$alli` without regard to case"),
    ("`$size`", "is a list of that length, or one whose length passes the operators"),
    ("`$elemMatch`", "is a list with an entry for which the condition (or the operators) holds"),
    (
        "`$startsWith` `$contains` `$endsWith`",
        "is a text that begins with this, has it in it, ends with it; `$contains` also: a list that has it",
    ),
    (
        "`$regex` `$regexi`",
        (
            "is a text in which the pattern is found, by [RE2](https://github.com/google/re2/wiki/Syntax), "
            "which no text makes slow; `$regexi` without regard to case"
        ),
    ),
    ("`$notRegex` `$notRegexi`", "is not, or is missing"),
    (
        "`$within`",
        "is a moment of the last while, such as `P30D` or `PT2H`; of the next while with a minus, `-P7D`",
    ),
    ("`$olderThan`", "is a moment longer ago than that"),
    (
        "`$veq` `$vne` `$vgt` `$vgte` `$vlt` `$vlte`",
        "is a version of software, compared part by part: 1.9 is before 1.10, and 2.0.0-beta before 2.0.0",
    ),
    ("`$exists`", "`true`: is there and not null; `false`: is missing or null"),
    ("`$type`", "is a `string`, `number`, `boolean`, `array`, `object` or `null`"),
    ("`$not`", "does not pass the operators inside; beside paths it takes a condition that must not hold"),
    (
        "`$and` `$or` `$nor`",
        "stand beside paths and take lists of conditions: all hold, any does, none does",
    ),
    ("`$inGroup` `$notInGroup`", "stand beside paths and name a segment: its rule holds, or does not"),
    (
        "`$attr`",
        (
            'stands for a value: another attribute, as in `{"$gte": {"$attr": "customer.goal"}}`; where that '
            "one is missing, the comparison is false"
        ),
    ),
)


def operators_table() -> str:
    """The table as Markdown."""
    rows = [f"| {names} | {about} |" for names, about in GUIDE]
    return "\n".join(["| operator | holds when the value |", "|---|---|", *rows])


def attributes_table(catalogue: Catalogue) -> str:
    """Every attribute as Markdown: path, type, what it may be, whom it tells of, what it is."""
    rows = [
        f"| `{one.path}` | {one.type or 'any'} | {_bounds(one)} | {_whom(one)} | {one.about} |"
        for one in catalogue.attributes.values()
    ]
    head = "| path | type | values | personal | what it is |"
    return "\n".join([head, "|---|---|---|---|---|", *rows])


def _whom(held: Attribute) -> str:
    return "yes" if held.is_personal else ""


def _bounds(held: Attribute) -> str:
    if held.values:
        return " ".join(f"`{one}`" for one in held.values)
    if held.low is None and held.high is None:
        return ""
    if held.high is None:
        return f"{held.low:g} or more"
    return f"{held.low:g} to {held.high:g}" if held.low is not None else f"{held.high:g} at most"
