"""`mailtide customers keys`: one more column, and every other byte as it was."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.tokens import Keyring
from tests import make
from tests.cli.conftest import Command

File = Callable[..., Path]

KEYRING = Keyring([make.SECRET])


def _keys(command: Command, path: Path, *flags: str) -> tuple[int, str, str]:
    done = command("customers", "keys", str(path), "--id", "id", *flags)
    return done.code, done.out, done.err


def test_every_row_gets_the_key_that_names_its_customer(command: Command, file: File) -> None:
    code, out, _ = _keys(command, file(["id,name", "ana,Ana", "stranger,X"]))

    header, *rows = out.splitlines()
    assert code == 0
    assert header == "id,name,mailtide_key"
    assert [row.rsplit(",", 1)[0] for row in rows] == ["ana,Ana", "stranger,X"]
    assert [KEYRING.verify_customer(row.rsplit(",", 1)[1]) for row in rows] == ["ana", "stranger"]


def test_all_else_stays_byte_for_byte(command: Command, tmp_path: Path) -> None:
    path, out = tmp_path / "list.csv", tmp_path / "out.csv"
    path.write_bytes(b'\xef\xbb\xbf"id";"note"\r\n"ana";"a ""b""\r\nc"\r\n\r\n bob ; x\r\n"eve";y')

    code, _, err = _keys(command, path, "-o", str(out))

    one, two, three = (KEYRING.customer_key(name).encode() for name in ("ana", "bob", "eve"))
    assert code == 0, err
    assert out.read_bytes() == (
        b'\xef\xbb\xbf"id";"note";"mailtide_key"\r\n"ana";"a ""b""\r\nc";"'
        + one + b'"\r\n\r\n bob ; x;' + two + b'\r\n"eve";y;' + three
    )  # fmt: skip


def test_rows_that_name_nobody_are_told_and_stay(command: Command, file: File) -> None:
    code, out, err = _keys(command, file(["id,name", "a b,X", "bob", "eve,E"]))

    assert code == 1
    assert out.splitlines()[1:3] == ["a b,X,", "bob"]
    assert out.splitlines()[3].startswith("eve,E,")
    assert err.splitlines() == [
        "line 2: 'a b' is no customer id: no key",
        "line 3: has 1 columns where the header has 2: no key",
        "2 rows have no key.",
    ]


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (("--column", "name"), "has a column 'name' already: name another with --column"),
        (("--column", "a,b"), "--column must be a plain name"),
        (("--delimiter", "ab"), "must be one character, or tab"),
    ],
)
def test_a_column_that_cannot_be_added_is_refused(
    command: Command, file: File, flags: tuple[str, ...], told: str
) -> None:
    code, out, err = _keys(command, file(["id,name", "ana,Ana"]), *flags)

    assert code in (1, 2)
    assert told in err
    assert out == ""


def test_the_file_itself_is_never_written_over(command: Command, file: File) -> None:
    path = file(["id,name", "ana,Ana"])
    before = path.read_bytes()

    code, _, err = _keys(command, path, "-o", str(path))

    assert code == 1
    assert "cannot be the file that is read" in err
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir() if one.name.endswith(".csv")] == [path.name]


CELL = st.text(st.characters(codec="utf-8", exclude_characters='\0\r\n",;\t|'), max_size=8)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
@given(st.lists(st.tuples(CELL, CELL), max_size=6))
def test_taking_the_column_away_gives_the_file_back(
    command: Command, tmp_path: Path, rows: list[tuple[str, str]]
) -> None:
    path, out = tmp_path / "list.csv", tmp_path / "out.csv"
    lines = ["id,a,b", *(f"c-{place},{a},{b}" for place, (a, b) in enumerate(rows))]
    path.write_bytes(("\n".join(lines) + "\n").encode())

    code, _, err = _keys(command, path, "--delimiter", ",", "-o", str(out))

    assert code == 0, err
    assert [line.rsplit(",", 1)[0] for line in out.read_bytes().decode().split("\n")[:-1]] == lines
