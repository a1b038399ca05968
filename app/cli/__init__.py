"""The `mailtide` command; each of its commands is a module here.

A command's module is imported when it is asked for, so that `mailtide --help` answers at once. It has
`declare(parser)`, which adds its arguments, and `carry_out(args)`, which answers the exit code.
"""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from app.cli.failing import Failed, failure_of

COMMANDS = {
    "run": "start everything on this machine: Valkey, SQLite, the recorder, the web server",
    "doctor": "say what is wrong with this deployment, why it matters and what to do",
    "migrate": "bring the database to the tables of this version",
    "prepare": "migrate, fill an empty Redis, leave an admin key, load the demo; `run` does it first",
    "worker": "run a recorder: it carries events from Redis into SQL",
    "keys": "make, list and revoke API keys",
    "customers": "import customers from a file; add the customer key to one",
    "blocks": "list the blocks; write their drafts to a folder of files, and read one",
    "explain": "say why somebody was shown what, and whether it would be the same today",
    "prune": "delete recorded events and decisions that are older than so many days",
    "gallery": "draw every kind of picture with hard values onto a page to look at",
    "rebuild": "give Redis back from SQL what it lost",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Carry out one command line. Answers 0, 1 for a failure told on stderr, 2 for wrong usage."""
    words = sys.argv[1:] if argv is None else list(argv)
    args = _parser(words).parse_args(words)
    try:
        return int(import_module(f"app.cli.{args.command}").carry_out(args))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read our output has seen enough; nothing may be written at exit either.
        sys.stderr.close()
        return 1
    except Exception as error:
        told = failure_of(error)
        if told is None:
            raise
        print(told, file=sys.stderr)
        return 1


def _parser(words: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mailtide",
        description="Open-time email personalisation.",
        formatter_class=lambda prog: argparse.HelpFormatter(prog, max_help_position=14),
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, about in COMMANDS.items():
        command = commands.add_parser(name, help=about, description=about[0].upper() + about[1:] + ".")
        if words[:1] == [name]:
            import_module(f"app.cli.{name}").declare(command)
    return parser


__all__ = ["Failed", "main"]
