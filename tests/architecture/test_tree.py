"""The shape of the tree: sizes, names, docstrings, libraries, locks, and what never belongs in a file."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
LONGEST_MODULE = 300
# Rooms that everything ends up in, and that answer no "where is X".
DRAWERS = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "base", "misc", "services"}
# What the domain may compute with beside the standard library; import-linter holds which parts of that.
COMPUTING_LIBRARIES = {"babel", "liquid", "re2"}
# Written in pieces, so that this file does not find itself.
REGISTRY_HOSTS = ["pypi" + ".org", "python" + "hosted.org", "registry." + "npmjs", "deb." + "debian.org"]
MACHINE_PATHS = [
    "/work" + "/main",
    "/work" + "/shared",
    "/tmp" + "/scratch",
    "/ro" + "ot/",
    "/opt" + "/pypi",
    "/opt" + "/wheels",
]
LOCKS = ["requirements.lock", "requirements-dev.lock"]


def _modules(*packages: str) -> list[Path]:
    return sorted(module for package in packages for module in (HOUSE / package).rglob("*.py"))


def _named(module: Path) -> str:
    return module.relative_to(HOUSE).as_posix()


@pytest.mark.parametrize("module", _modules("app", "renderers"), ids=_named)
def test_a_module_can_be_read_in_one_sitting_and_says_its_subject(module: Path) -> None:
    text = module.read_text(encoding="utf-8")

    assert len(text.splitlines()) <= LONGEST_MODULE, "split it by subject"
    assert ast.get_docstring(ast.parse(text)), "its first line says the module's subject"
    assert not DRAWERS & {module.stem, module.parent.name}, "name it by what is in it"


def test_the_domain_computes_with_nothing_but_the_standard_library_and_computing_libraries() -> None:
    allowed = COMPUTING_LIBRARIES | set(sys.stdlib_module_names)

    strangers = {
        f"{_named(module)} imports {name}"
        for module in _modules("app/domain")
        for name in _imported(module)
        if name.partition(".")[0] not in allowed and not name.startswith("app.domain")
    }

    assert strangers == set()


def _imported(module: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module == "app":
            names |= {f"app.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_hashes_and_names_no_address(lock: str) -> None:
    text = (HOUSE / lock).read_text()
    pins = re.findall(
        r"^[a-z0-9][\w.-]*==\S+.*\n((?:    --hash=sha256:[0-9a-f]{64}.*\n)+)", text, re.MULTILINE
    )

    assert len(pins) == len(re.findall(r"^[a-z0-9]", text, re.MULTILINE)), "every package has its hashes"
    assert "://" not in text
    assert "index" not in re.sub(r"[\w-]*index[\w-]*==", "", text)


def test_the_tests_run_on_the_versions_that_are_deployed() -> None:
    deployed, tested = (
        set(re.findall(r"^[a-z0-9]\S*==\S+", (HOUSE / lock).read_text(), re.MULTILINE)) for lock in LOCKS
    )

    assert deployed <= tested


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text())["project"]
    locked = set(re.findall(r"^([a-z0-9][\w.-]*)==", (HOUSE / LOCKS[0]).read_text(), re.MULTILINE))

    wanted = {re.split(r"[\[<>=!~; ]", name)[0].lower() for name in project["dependencies"]}

    assert {name for name in wanted if re.sub(r"[-_.]+", "-", name) not in locked} == set(), "make lock"


def test_no_file_names_a_machine_or_a_registry() -> None:
    unwelcome = re.compile("|".join(re.escape(text) for text in REGISTRY_HOSTS + MACHINE_PATHS).encode())

    found = {name for name in _committed() if unwelcome.search((HOUSE / name).read_bytes())}

    assert found == set()


def _committed() -> list[str]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=HOUSE, capture_output=True, check=False)
    if listing.returncode:
        pytest.skip("not a git checkout: nothing says which files belong to it")
    return [name for name in listing.stdout.decode().split("\0") if name and (HOUSE / name).is_file()]


@pytest.mark.parametrize("module", _modules("app", "renderers", "tests"), ids=_named)
def test_nothing_is_left_to_chance_and_no_part_is_a_mock(module: Path) -> None:
    imported = _imported(module)

    assert "random" not in imported, "hash the ids: the same customer must get the same answer"
    assert not {name for name in imported if name.startswith("unittest")}, "test with real parts"


@pytest.mark.parametrize("page", sorted([*HOUSE.glob("*.md"), *HOUSE.glob("docs/**/*.md")]), ids=_named)
def test_every_link_of_a_page_leads_to_a_file(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = re.findall(r"\]\(([^)\s#]+)", text)

    missing = [target for target in targets if "://" not in target and not (page.parent / target).exists()]

    assert missing == []


def test_every_decision_is_in_their_table() -> None:
    decisions = HOUSE / "docs" / "decisions"
    table = (decisions / "README.md").read_text(encoding="utf-8")

    assert [page.name for page in sorted(decisions.glob("[0-9]*.md")) if f"({page.name})" not in table] == []
