"""The house for one command: settings from the environment, or from what `mailtide run` keeps in var/."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from app import settings, wiring
from app.cli import embedded
from app.cli.failing import Failed
from app.settings import Settings
from app.stores.cold.engine import Cold, connect
from app.stores.hot.server import WrongDeployment
from app.wiring import House

QUIET = "error"  # a command tells in words what a server logs


def read_settings() -> Settings:
    """The settings in force for a command on this machine. Raises WrongSettings."""
    return settings.read(embedded.completed(os.environ))


@contextmanager
def opened(*, log_level: str = QUIET) -> Iterator[House]:
    """A house, closed at the end. Raises WrongSettings and Failed."""
    told = replace(read_settings(), log_level=log_level)
    try:
        house = wiring.build(told)
    except ValueError as wrong:
        raise Failed(str(wrong)) from wrong
    try:
        yield house
    except WrongDeployment as wrong:
        raise Failed(str(wrong)) from wrong
    finally:
        house.close()


@contextmanager
def opened_cold() -> Iterator[Cold]:
    """The cold store alone, closed at the end. Raises WrongSettings and Failed."""
    told = read_settings()
    wiring.configure_logs(QUIET)
    try:
        cold = connect(told.database_url)
    except ValueError as wrong:
        raise Failed(str(wrong)) from wrong
    try:
        yield cold
    finally:
        cold.close()
