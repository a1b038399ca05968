"""`mailtide worker`: a recorder, until SIGTERM or Ctrl-C."""

from argparse import ArgumentParser, Namespace

from app.cli.houses import opened, read_settings
from app.workers.recorder import work


def declare(_: ArgumentParser) -> None:
    """No arguments: a worker takes its name by itself, and any number may run."""


def carry_out(_: Namespace) -> int:
    """Record until told to stop."""
    with opened(log_level=read_settings().log_level) as house:
        work(house)
    return 0
