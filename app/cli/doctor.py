"""`mailtide doctor`: what is wrong with this deployment, why it matters, what to do."""

import os
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

from app import wiring
from app.cli import embedded, surroundings
from app.cli.houses import QUIET, read_settings
from app.flows import diagnosing, fonts
from app.flows.diagnosing import Finding
from app.settings import VARIABLES, Settings, WrongSettings

TITLES = {"ok": "ok  ", "warn": "look", "fail": "FAIL"}


def declare(_: ArgumentParser) -> None:
    """No arguments: the environment is what is looked at."""


def carry_out(_: Namespace) -> int:
    """Look at everything, and tell. Answers 1 when anything fails."""
    findings = list(_look())
    width = max(len(one.name) for one in findings)
    for one in findings:
        print(f"{TITLES[one.status]}  {one.name:<{width}}  {one.what}")
        if one.status != "ok":
            indent = " " * (width + 8)
            print(f"{indent}why:  {one.why}\n{indent}do:   {one.remedy}")
    failed, odd = (sum(one.status == status for one in findings) for status in ("fail", "warn"))
    print(f"\n{_counted(failed)} to mend, {_counted(odd)} to look at." if failed or odd else "\nAll is well.")
    return int(failed > 0)


def _look() -> Iterator[Finding]:
    try:
        settings = read_settings()
    except WrongSettings as wrong:
        yield from map(_fault, str(wrong).splitlines())
        return
    yield diagnosing.good("settings", f"{len(VARIABLES)} variables, none wrong")
    folder = surroundings.look_at_folder(settings.var_dir.absolute())
    yield folder
    yield surroundings.look_at_base_url(settings.base_url, is_production=_is_production(settings))
    yield surroundings.look_at_proxies(settings.base_url, settings.trusted_proxies)
    yield surroundings.look_at_secret(embedded.rooms(os.environ).signing_key)
    if folder.status != "fail":
        yield from _look_inside(settings)


def _look_inside(settings: Settings) -> Iterator[Finding]:
    try:
        house = wiring.build(replace(settings, log_level=QUIET))
    except ValueError as wrong:
        yield _fault(str(wrong))
        return
    with closing(house):
        yield from diagnosing.look_at_stores(
            house.hot, house.cold, house.spool, house.snapshot, now=datetime.now(UTC)
        )
        yield diagnosing.look_at_keys(house.cold)
        yield diagnosing.look_at_policy(house.snapshot, settings.policy_id)
        yield fonts.diagnose()
        yield diagnosing.look_at_places(settings.place_file)


def _fault(told: str) -> Finding:
    return Finding(
        "settings", "fail", told, "no server starts with it", "set it right where the servers start"
    )


def _is_production(settings: Settings) -> bool:
    """A database server is what a deployment has that is meant for others."""
    return not settings.database_url.startswith("sqlite:")


def _counted(number: int) -> str:
    return "1 thing" if number == 1 else f"{number} things"
