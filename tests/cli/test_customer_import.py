"""`mailtide customers import`: what becomes of rows, good and bad, and of an import that broke off."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from app.cli import customer_import, row_reading
from app.domain.state import Customer
from app.stores.hot import customers
from app.stores.hot.server import HotStore
from tests.cli.conftest import Command
from tests.cli.running import ROOT, running
from tests.servers import ValkeyServer

HILLSTROM = ROOT.parent / "shared" / "data" / "hillstrom.csv.gz"

File = Callable[..., Path]


def _fetch(hot: HotStore, customer_id: str) -> Customer:
    found = customers.fetch(hot, customer_id)
    assert found is not None, customer_id
    return found


def test_rows_become_customers_with_types_found_out(command: Command, hot: HotStore, file: File) -> None:
    path = file(["id,First Name,points,vip,since,zip", 'ana,"Ana, Maria",420,yes,2024-01-05,01234'])

    done = command("customers", "import", str(path), "--id", "id", "--yes")

    assert done.code == 0, done.err
    assert _fetch(hot, "ana").attributes == {
        "first_name": "Ana, Maria",
        "points": 420,
        "vip": True,
        "since": "2024-01-05",
        "zip": "01234",
    }
    assert "1 customers imported" in done.out
    assert "SQL has them once a recorder runs" in done.out


def test_what_becomes_of_the_columns_is_shown_with_examples(command: Command, file: File) -> None:
    path = file(
        ["id;Vorname;punkte;note", "ana;Ana;420;", "bob;Bob;7;a text that is far too long to be shown"]
    )

    done = command("customers", "import", str(path), "--id", "id", "--rename", "punkte=points", "--dry-run")

    assert done.out.splitlines()[:5] == [
        "column   becomes            type     examples",
        "id       the customer's id           ana, bob",
        "Vorname  customer.Vorname   string   Ana, Bob",
        "punkte   customer.points    integer  420, 7",
        "note     customer.note      string   a text that is fa…",
    ]
    assert done.out.splitlines()[-1] == "2 rows can be imported, 0 cannot. Nothing was saved."


def test_flags_change_types_names_and_what_is_left_out(command: Command, hot: HotStore, file: File) -> None:
    path = file(["id,code,a=b,secret", "ana,12,1,x"])
    flags = ("--type", "code=string", "--type", "a=b=number", "--rename", "code=voucher", "--skip", "secret")

    done = command("customers", "import", str(path), "--id", "id", *flags, "--yes")

    assert done.code == 0, done.err
    assert _fetch(hot, "ana").attributes == {"voucher": "12", "a_b": 1}


def test_columns_may_say_zone_locale_tracking_and_consent(
    command: Command, hot: HotStore, file: File
) -> None:
    path = file(["id,tz,lang,may,sms ok,track", "ana,Europe/Paris,fr_FR,yes,0,Anonymous", "bob,,,,,"])
    flags = ("--timezone-column", "tz", "--locale-column", "lang", "--consent", "email=may")

    done = command(
        "customers", "import", str(path), "--id", "id", *flags, "--consent", "sms=sms ok",
        "--tracking-column", "track", "--yes",
    )  # fmt: skip

    assert done.code == 0, done.err
    ana, bob = _fetch(hot, "ana"), _fetch(hot, "bob")
    assert (ana.timezone, ana.locale, ana.tracking.value) == ("Europe/Paris", "fr-FR", "anonymous")
    assert ana.channels == {"email": {"consent": True}, "sms": {"consent": False}}
    assert ana.attributes == {}
    assert (bob.timezone, bob.locale, bob.channels) == (None, None, {})


def test_an_import_merges_and_empty_cells_say_nothing(command: Command, hot: HotStore, file: File) -> None:
    command("customers", "import", str(file(["id,tier,points", "ana,gold,420"])), "--id", "id", "--yes")

    command("customers", "import", str(file(["id,tier,city", "ana,,Paris"])), "--id", "id", "--yes")

    assert _fetch(hot, "ana").attributes == {"tier": "gold", "points": 420, "city": "Paris"}


def test_importing_twice_changes_nothing(command: Command, hot: HotStore, file: File) -> None:
    path = file(["id,tier", "ana,gold", "ana,silver"])
    words = ("customers", "import", str(path), "--id", "id", "--yes")
    command(*words)
    once = _fetch(hot, "ana").attributes

    done = command(*words)

    assert done.code == 0
    assert _fetch(hot, "ana").attributes == once == {"tier": "silver"}


def test_rows_without_an_id_column_are_numbered(command: Command, hot: HotStore, file: File) -> None:
    path = file(["tier", "gold", "", "silver"])

    command("customers", "import", str(path), "--number-rows", "shop-", "--yes")

    assert _fetch(hot, "shop-1").attributes == {"tier": "gold"}
    assert _fetch(hot, "shop-2").attributes == {"tier": "silver"}


BAD = [
    "id,points,tz",
    "ana,420,Europe/Paris",
    "b b,1,",
    "carl,many,",
    "dora,1,Nowhere/Land",
    "eve,1",
    'fred,"1,',
    "gina,1,",
    ",1,",
    "hans,1,",
]
BAD_FLAGS = ("--id", "id", "--type", "points=integer", "--timezone-column", "tz", "--yes")


def test_bad_rows_are_told_by_line_and_set_aside(command: Command, hot: HotStore, file: File) -> None:
    path = file(BAD)

    done = command("customers", "import", str(path), *BAD_FLAGS)

    assert done.code == 1
    assert [line.partition(": ")[0] for line in done.err.splitlines()] == [
        f"line {n}" for n in (3, 4, 5, 6, 7, 9)
    ]
    assert "line 4: points: 'many' is not a whole number" in done.err
    assert "line 5: timezone: 'Nowhere/Land' is not an IANA time zone" in done.err
    assert "line 6: has 2 columns where the header has 3" in done.err
    assert "3 customers imported" in done.out
    assert _fetch(hot, "hans").attributes == {"points": 1}
    aside = path.with_name("customers.rejected.csv").read_text().splitlines()
    assert aside[0] == "mailtide_row,mailtide_reason,id,points,tz"
    assert [line.split(",")[0] for line in aside[1:]] == ["2", "3", "4", "5", "6", "8"]
    assert aside[5].endswith(',fred,"1,')


def test_rows_set_aside_can_be_mended_and_imported(command: Command, hot: HotStore, file: File) -> None:
    path = file(["points", "1", "many", "3"])
    flags = ("--number-rows", "c-", "--type", "points=integer", "--yes")
    command("customers", "import", str(path), *flags)
    aside = path.with_name("customers.rejected.csv")
    aside.write_text(aside.read_text().replace(",many", ",2"))

    done = command("customers", "import", str(aside), *flags)

    assert done.code == 0, done.err
    assert _fetch(hot, "c-2").attributes == {"points": 2}  # its number in the first file


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_out(command: Command, hot: HotStore, file: File, delimiter: str) -> None:
    path = file([delimiter.join(row) for row in (["id", "a", "b"], ["ana", "1", '"x, y; z"'])])

    command("customers", "import", str(path), "--id", "id", "--yes")

    assert _fetch(hot, "ana").attributes == {"a": 1, "b": "x, y; z"}


def test_a_delimiter_can_be_said(command: Command, hot: HotStore, file: File) -> None:
    path = file(["id~a", "ana~1,2;3"])

    command("customers", "import", str(path), "--id", "id", "--delimiter", "~", "--yes")

    assert _fetch(hot, "ana").attributes == {"a": "1,2;3"}


def test_byte_order_marks_windows_lines_and_packed_files_are_read(
    command: Command, hot: HotStore, tmp_path: Path
) -> None:
    path = tmp_path / "customers.csv.gz"
    path.write_bytes(gzip.compress(b'\xef\xbb\xbf"id","name"\r\n"ana","Zo\xc3\xab\r\nB"\r\n'))

    done = command("customers", "import", str(path), "--id", "id", "--yes")

    assert done.code == 0, done.err
    assert _fetch(hot, "ana").attributes == {"name": "Zoë\r\nB"}


def test_another_encoding_has_to_be_said(command: Command, hot: HotStore, file: File) -> None:
    path = file(["id,name", "ana,Zoë"], encoding="cp1252")

    refused = command("customers", "import", str(path), "--id", "id", "--yes")
    done = command("customers", "import", str(path), "--id", "id", "--encoding", "cp1252", "--yes")

    assert refused.code == 1
    assert "is not utf-8: say what it is, such as --encoding cp1252" in refused.err
    assert done.code == 0, done.err
    assert _fetch(hot, "ana").attributes == {"name": "Zoë"}


@pytest.mark.parametrize(
    ("content", "flags", "told"),
    [
        (b"", (), "has an empty first line"),
        (b"\xff\xfei\x00d\x00", (), "is UTF-16: iconv -f UTF-16 -t UTF-8"),
        (b"id\rana\rbob", (), "must stand in one line that ends with a line feed"),
        (b'id,"a\nb"\nana,1\n', (), "must stand in one line"),
        (b"name\nana\n", (), "has no column 'id'; its columns are: name"),
        (b"id,id\nana,1\n", (), "has two columns 'id'"),
        (b"id,a\nana,1\n", ("--skip", "b"), "has no column 'b'"),
        (b"id,a\nana,1\n", ("--skip", "id"), "column 'id' is told to be two things"),
        (b"id,a\nana,1\n", ("--type", "a=text"), "must be COLUMN=TYPE with one of string, integer"),
        (b"id,a\nana,1\n", ("--rename", "a=1st"), "must be COLUMN=NAME; a name starts with a letter"),
        (b"id,a\nana,1\n", ("--consent", "fax=a"), "must be CHANNEL=COLUMN with one of email, sms"),
        (b"id,a\nana,1\n", ("--encoding", "utf-16"), "--encoding utf-16 is not known here"),
        (b",".join(b"c%d" % n for n in range(600)) + b"\n", (), "has 600 columns; 500 can be read"),
    ],
)
def test_what_cannot_be_right_is_told_before_anything_is_read(
    command: Command, tmp_path: Path, content: bytes, flags: tuple[str, ...], told: str
) -> None:
    path = tmp_path / "customers.csv"
    path.write_bytes(content)

    done = command("customers", "import", str(path), "--id", "id", "--yes", *flags)

    assert done.code == 1
    assert told in done.err
    assert done.err.count("\n") == 1


def test_a_file_that_is_not_there_is_told(command: Command, tmp_path: Path) -> None:
    done = command("customers", "import", str(tmp_path / "none.csv"), "--id", "id", "--yes")

    assert (done.code, done.err) == (1, f"mailtide: {tmp_path}/none.csv: No such file or directory\n")


def test_nothing_is_saved_where_nobody_can_say_yes(command: Command, hot: HotStore, file: File) -> None:
    done = command("customers", "import", str(file(["id", "ana"])), "--id", "id")

    assert done.code == 1
    assert "--dry-run shows them, --yes imports" in done.err
    assert customers.fetch(hot, "ana") is None


def test_nothing_that_somebody_else_wrote_is_overwritten(
    command: Command, file: File, tmp_path: Path
) -> None:
    path = file(["id", "a b"])
    other = tmp_path / "other.csv"
    other.write_text("mine\n")
    words = ("customers", "import", str(path), "--id", "id", "--yes")

    for target in (other, path, tmp_path):
        done = command(*words, "--rejected", str(target))
        assert done.code == 1
        assert "name another with --rejected" in done.err

    assert other.read_text() == "mine\n"
    assert path.read_text() == "id\na b\n"


def test_a_line_without_end_takes_bounded_memory_and_only_itself(
    command: Command, hot: HotStore, tmp_path: Path
) -> None:
    path = tmp_path / "customers.csv"
    path.write_bytes(b"id,a\nana," + b"x" * (3 * row_reading.LINE_MAX) + b"\nbob,1\n")

    done = command("customers", "import", str(path), "--id", "id", "--yes")

    assert "line 2: is longer than" in done.err
    assert _fetch(hot, "bob").attributes == {"a": 1}


def test_a_quote_never_closed_spoils_its_own_line(command: Command, hot: HotStore, file: File) -> None:
    rows = [f"c-{number},1" for number in range(1_000)]
    path = file(["id,a", *rows[:500], 'spoilt,"1', *rows[500:]])

    done = command("customers", "import", str(path), "--id", "id", "--yes")

    assert done.err.count("\n") == 1
    assert "1,000 customers imported" in done.out
    assert _fetch(hot, "c-999").attributes == {"a": 1}


def test_an_import_that_broke_off_goes_on_where_it_came_to(
    command: Command, valkey: ValkeyServer, hot: HotStore, file: File, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = file(["id,n", *(f"c-{number},{number if number % 100 else 'bad'}" for number in range(3_000))])
    words = ("customers", "import", str(path), "--id", "id", "--type", "n=integer", "--yes")
    taken: list[int] = []
    whole = customer_import.Rejects.add

    def killing(*args: object) -> None:
        taken.append(1)
        if len(taken) == 15:
            valkey.kill()
        whole(*args)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(customer_import.Rejects, "add", killing)
        broken = command(*words)
    valkey.start()
    done = command(*words)

    assert broken.code == 1
    assert "the same command goes on where this one came to" in broken.err
    assert "Going on after row " in done.out
    aside = path.with_name("customers.rejected.csv").read_text().splitlines()
    assert [line.split(",")[0] for line in aside[1:]] == [str(n + 1) for n in range(0, 3_000, 100)]
    assert _fetch(hot, "c-2999").attributes == {"n": 2_999}
    assert _fetch(hot, "c-1").attributes == {"n": 1}


@pytest.mark.slow
@pytest.mark.skipif(not HILLSTROM.exists(), reason="the 64,000 customers of ../shared/data are not here")
def test_sixty_four_thousand_real_customers_come_in_and_sql_has_them(tmp_path: Path) -> None:
    with running(tmp_path) as one:
        done = one.cli("customers", "import", str(HILLSTROM), "--number-rows", "h-", "--yes",
                       "--rejected", str(tmp_path / "rejected.csv"))  # fmt: skip
        _, body = one.ask("/v1/customers/h-64000")

    assert done.returncode == 0, done.stderr
    assert "64,000 customers imported" in done.stdout
    assert json.loads(body)["attributes"]["history_segment"] == "4) $350 - $500"
