"""`mailtide worker`: a recorder, until SIGTERM or Ctrl-C."""

from argparse import ArgumentParser, Namespace

from app.cli.houses import opened
from app.workers.recorder import work


def declare(_: ArgumentParser) -> None:
    """No arguments: a worker takes its name by itself, and any number may run."""


def carry_out(_: Namespace) -> int:
    """Record until told to stop."""
    with opened() as house:
        work(house)
    return 0
