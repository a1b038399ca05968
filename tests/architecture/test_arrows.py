"""Every import contract of pyproject.toml, broken on purpose: one that cannot be broken holds nothing."""

import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
CONTRACTS = tomllib.loads((HOUSE / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]


@dataclass(frozen=True, slots=True)
class Arrow:
    """One arrow drawn the wrong way: the lines to add, by file, and the contract that must report it."""

    contract: str
    lines: Mapping[str, str]

    def __str__(self) -> str:
        return f"{self.contract}: " + ", ".join(f"{path} says {line}" for path, line in self.lines.items())


ARROWS = [
    Arrow("one-way", {"app/domain/events.py": "import app.stores.hot.keys"}),
    Arrow("one-way", {"app/stores/hot/keys.py": "import app.flows.opens"}),
    Arrow("one-way", {"app/flows/opens.py": "import app.wiring"}),
    Arrow("one-way", {"app/flows/opens.py": "import app.web"}),
    Arrow("one-way", {"app/flows/opens.py": "import app.settings"}),
    Arrow("one-way", {"app/wiring.py": "import app.workers"}),
    Arrow("one-way", {"app/wiring.py": "import app.demo"}),
    Arrow("one-way", {"app/demo/__init__.py": "import app.web"}),
    Arrow("one-way", {"app/workers/__init__.py": "import app.web"}),
    Arrow("one-way", {"app/web/__init__.py": "import app.cli"}),
    Arrow("one-way", {"app/drawer.py": '"""A module that has no place in the layers."""'}),
    Arrow("renderers-know-nothing-of-app", {"renderers/__init__.py": "import app.domain.events"}),
    Arrow("only-flows-render", {"app/domain/events.py": "import renderers"}),
    Arrow("only-flows-render", {"app/web/__init__.py": "import renderers"}),
    Arrow("an-open-never-reaches-sql", {"app/flows/opens.py": "import app.stores.cold"}),
    Arrow("an-open-never-reaches-sql", {"app/flows/clicks.py": "import sqlalchemy"}),
    Arrow("an-open-never-reaches-sql", {"app/web/edge.py": "import app.wiring"}),
    Arrow("an-open-never-reaches-sql", {"app/web/edge.py": "import flask"}),
    Arrow(
        "an-open-never-reaches-sql",
        {"app/flows/driving.py": "import app.flows.detour", "app/flows/detour.py": "import app.stores.cold"},
    ),
    Arrow("flask-stays-in-web", {"app/flows/opens.py": "import werkzeug"}),
    Arrow("flask-stays-in-web", {"app/wiring.py": "import flask_openapi"}),
    Arrow("redis-stays-in-hot", {"app/flows/opens.py": "import redis"}),
    Arrow("redis-stays-in-hot", {"app/stores/cold/__init__.py": "import hiredis"}),
    Arrow("sql-stays-in-cold", {"app/flows/opens.py": "import sqlalchemy"}),
    Arrow("sql-stays-in-cold", {"app/cli/__init__.py": "import migrations"}),
    Arrow("drivers-stay-in-cold", {"app/demo/__init__.py": "import sqlite3"}),
    Arrow("drivers-stay-in-cold", {"app/stores/hot/keys.py": "import sqlite3"}),
    Arrow("drivers-stay-in-cold", {"app/cli/__init__.py": "import alembic"}),
    Arrow("domain-is-pure", {"app/domain/events.py": "import secrets"}),
    Arrow("domain-is-pure", {"app/domain/events.py": "import pydantic"}),
    Arrow("settings-are-passed", {"app/stores/hot/keys.py": "import app.settings"}),
    Arrow("settings-are-passed", {"app/flows/opens.py": "import app.settings"}),
]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the code and its contracts, to be drawn upon."""
    tree = tmp_path_factory.mktemp("arrows")
    for package in ("app", "renderers"):
        shutil.copytree(HOUSE / package, tree / package, ignore=_not_python)
    shutil.copy(HOUSE / "pyproject.toml", tree)
    return tree


def _not_python(folder: str, names: list[str]) -> set[str]:
    return {name for name in names if not name.endswith(".py") and not (Path(folder) / name).is_dir()}


def _lint(tree: Path, *options: str) -> subprocess.CompletedProcess[str]:
    # The folder is named as sys.path's first entry, so the copy is read and not the installed project.
    program = "import sys; sys.path.insert(0, ''); import importlinter.cli as cli; cli.lint_imports_command()"
    command = [sys.executable, "-I", "-c", program, "--no-cache", "--no-logo", *options]
    return subprocess.run(command, cwd=tree, capture_output=True, text=True, timeout=60)


@pytest.mark.slow
def test_the_house_keeps_every_contract(copy: Path) -> None:
    report = _lint(copy)

    assert report.returncode == 0, report.stdout + report.stderr
    assert f"{len(CONTRACTS)} kept, 0 broken" in report.stdout


@pytest.mark.slow
@pytest.mark.parametrize("arrow", ARROWS, ids=str)
def test_an_arrow_drawn_the_wrong_way_is_reported(arrow: Arrow, copy: Path) -> None:
    name = next(contract["name"] for contract in CONTRACTS if contract["id"] == arrow.contract)
    before = {path: _text(copy / path) for path in arrow.lines}

    for path, line in arrow.lines.items():
        (copy / path).write_text(f"{before[path] or ''}\n{line}\n")
    try:
        report = _lint(copy, "--contract", arrow.contract)
    finally:
        for path, text in before.items():
            _restore(copy / path, text)

    assert report.returncode == 1, report.stdout + report.stderr
    assert f"{name} BROKEN" in " ".join(report.stdout.split())


def _text(file: Path) -> str | None:
    return file.read_text() if file.exists() else None


def _restore(file: Path, text: str | None) -> None:
    if text is None:
        file.unlink()
    else:
        file.write_text(text)


def test_every_contract_is_broken_by_some_arrow() -> None:
    assert {arrow.contract for arrow in ARROWS} == {contract["id"] for contract in CONTRACTS}
