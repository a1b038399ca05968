"""`mailtide customers`: import them from a file; add the customer key to a file."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from importlib import import_module
from pathlib import Path


def declare(parser: ArgumentParser) -> None:
    """import and keys."""
    does = parser.add_subparsers(dest="does", metavar="import|keys", required=True)
    _declare_import(does.add_parser("import", help="merge customers from a CSV file, which may be .gz"))
    _declare_keys(does.add_parser("keys", help="add the column that a platform keeps as its merge field"))


def carry_out(args: Namespace) -> int:
    """One of the two."""
    return int(import_module(_MODULES[args.does]).carry_out(args))


_MODULES = {"import": "app.cli.customer_import", "keys": "app.cli.customer_keys"}


def _declare_import(parser: ArgumentParser) -> None:
    _declare_file(parser)
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--id", metavar="COLUMN", help="the column that holds the customer's id")
    which.add_argument(
        "--number-rows", metavar="PREFIX", help="there is no such column: ids are PREFIX1, PREFIX2, ..."
    )
    for flag, metavar, about in (
        (
            "--type",
            "COLUMN=TYPE",
            "string, integer, number, boolean or datetime in place of what was guessed",
        ),
        ("--rename", "COLUMN=NAME", "the attribute's name in place of the column's"),
        ("--skip", "COLUMN", "leave a column out"),
        ("--consent", "CHANNEL=COLUMN", "a column of yes and no: may the customer be touched on it"),
    ):
        parser.add_argument(flag, metavar=metavar, action="append", default=[], help=about)
    parser.add_argument("--timezone-column", metavar="COLUMN", help="IANA zones, such as Europe/Paris")
    parser.add_argument("--locale-column", metavar="COLUMN", help="language tags, such as fr-FR")
    parser.add_argument("--tracking-column", metavar="COLUMN", help="off, anonymous, pseudonymous, ... full")
    parser.add_argument("--decimal-comma", action="store_true", help="12,5 is a number")
    parser.add_argument("--rejected", metavar="FILE", type=Path, help="where rows that cannot be taken go")
    parser.add_argument("--dry-run", action="store_true", help="read everything, tell, and save nothing")
    parser.add_argument("--yes", action="store_true", help="do not ask whether the columns are right")
    parser.add_argument(
        "--restart", action="store_true", help="begin anew where a stopped import would go on"
    )


def _declare_keys(parser: ArgumentParser) -> None:
    _declare_file(parser)
    parser.add_argument("--id", metavar="COLUMN", required=True, help="the column with the customer's id")
    parser.add_argument("--column", metavar="NAME", default="mailtide_key", help="the new column's name")
    parser.add_argument(
        "-o", "--output", metavar="OUT", type=Path, help="where to; otherwise standard output"
    )


def _declare_file(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path, help="CSV, the columns' names in its first line")
    parser.add_argument("--delimiter", metavar="CHAR", type=_delimiter, help="otherwise found out: , ; tab |")
    parser.add_argument("--encoding", metavar="NAME", help="otherwise utf-8; cp1252 for old Excel")


def _delimiter(text: str) -> str:
    named = {"tab": "\t", "\\t": "\t"}.get(text, text)
    if len(named) != 1 or named in '"\r\n' or not named.isascii():
        raise ArgumentTypeError("must be one character, or tab")
    return named
