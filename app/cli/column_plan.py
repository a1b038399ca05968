"""What becomes of a file's columns: guessed from a sample, changed by flags, shown as a table."""

from argparse import Namespace
from collections.abc import Iterable, Mapping, Sequence

from app.cli.failing import Failed
from app.cli.sheets import Sheet
from app.domain.columns import Cells, Kind, attribute_names
from app.domain.customers import ATTRIBUTE_NAME
from app.flows.importing import Column, Role

CHANNELS = ("email", "sms", "push", "call", "visit")
# What the importer itself adds to the rows it sets aside; the file may be mended and imported.
ROW_COLUMN, REASON_COLUMN = "mailtide_row", "mailtide_reason"
EXAMPLES = 3
EXAMPLE_MAX = 18


def plan(sheet: Sheet, rows: Sequence[Sequence[str]], args: Namespace, cells: Cells) -> list[Column]:
    """A column for each of the sheet's. Raises Failed for flags that name none, or cannot be."""
    roles = _roles(sheet, args)
    renamed, kinds = _renamed(sheet, args.rename), _kinds(sheet, args.type)
    rest = [place for place in range(len(sheet.titles)) if place not in roles]
    titles = [sheet.titles[place] for place in rest if place not in renamed]
    fit = iter(attribute_names(titles, taken=renamed.values()))
    columns = [Column(place, sheet.titles[place], role, name) for place, (role, name) in roles.items()]
    for place in rest:
        kind = kinds.get(place) or cells.infer(row[place] for row in rows)
        name = renamed.get(place) or next(fit)
        columns.append(Column(place, sheet.titles[place], Role.ATTRIBUTE, name, kind))
    return sorted(columns, key=lambda column: column.place)


def table(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> str:
    """The plan for people: column, what it becomes, its type, examples."""
    lines = [("column", "becomes", "type", "examples")]
    for one in columns:
        kind = one.kind.value if one.role is Role.ATTRIBUTE else ""
        lines.append((one.title[:30], _becomes(one), kind, _examples(row[one.place] for row in rows)))
    widths = [max(len(line[place]) for line in lines) for place in range(3)]
    return "\n".join(
        "  ".join([*(cell.ljust(width) for cell, width in zip(line, widths, strict=False)), line[3]]).rstrip()
        for line in lines
    )


def _becomes(column: Column) -> str:
    words = {
        Role.ID: "the customer's id",
        Role.ATTRIBUTE: f"customer.{column.name}",
        Role.TIMEZONE: "the time zone",
        Role.LOCALE: "the locale",
        Role.TRACKING: "what may be tracked",
        Role.CONSENT: f"consent to {column.name}",
        Role.NOTHING: "nothing",
    }
    return words[column.role]


def _examples(cells: Iterable[str]) -> str:
    found: dict[str, None] = {}
    for cell in cells:
        text = "".join(letter if letter.isprintable() else "?" for letter in cell.strip())
        if text:
            found[text if len(text) <= EXAMPLE_MAX else text[: EXAMPLE_MAX - 1] + "…"] = None
        if len(found) == EXAMPLES:
            break
    return ", ".join(found)


def _roles(sheet: Sheet, args: Namespace) -> Mapping[int, tuple[Role, str]]:
    named: list[tuple[str, Role, str]] = []
    for title, role in (
        (args.id, Role.ID),
        (args.timezone_column, Role.TIMEZONE),
        (args.locale_column, Role.LOCALE),
        (args.tracking_column, Role.TRACKING),
    ):
        named += [(title, role, "")] if title else []
    named += [(title, Role.CONSENT, channel) for channel, title in _consents(args.consent)]
    named += [(title, Role.NOTHING, "") for title in args.skip]
    own = [title for title in (ROW_COLUMN, REASON_COLUMN) if title in sheet.titles]
    roles: dict[int, tuple[Role, str]] = {sheet.column(title): (Role.NOTHING, "") for title in own}
    for title, role, name in named:
        place = sheet.column(title)
        if place in roles and title not in own:
            raise Failed(f"column {title!r} is told to be two things")
        roles[place] = (role, name)
    return roles


def _consents(told: Sequence[str]) -> list[tuple[str, str]]:
    pairs = []
    for text in told:
        channel, equals, title = text.partition("=")
        if not equals or channel not in CHANNELS:
            raise Failed(f"--consent {text[:80]!r} must be CHANNEL=COLUMN with one of {', '.join(CHANNELS)}")
        pairs.append((channel, title))
    return pairs


def _renamed(sheet: Sheet, told: Sequence[str]) -> dict[int, str]:
    found: dict[int, str] = {}
    for text in told:
        title, equals, name = text.rpartition("=")
        if not equals or not ATTRIBUTE_NAME.match(name):
            raise Failed(
                f"--rename {text[:80]!r} must be COLUMN=NAME; a name starts with a letter or _, then "
                "letters, digits, _ or -; 64 at most"
            )
        if name in found.values():
            raise Failed(f"--rename: two columns are to be {name}")
        found[sheet.column(title)] = name
    return found


def _kinds(sheet: Sheet, told: Sequence[str]) -> dict[int, Kind]:
    found: dict[int, Kind] = {}
    for text in told:
        title, equals, kind = text.rpartition("=")
        if not equals or kind not in list(Kind):
            raise Failed(f"--type {text[:80]!r} must be COLUMN=TYPE with one of {', '.join(Kind)}")
        found[sheet.column(title)] = Kind(kind)
    return found
