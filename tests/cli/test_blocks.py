"""`mailtide blocks`: drafts go out to files and come back, all or none."""

import json
from pathlib import Path

import pytest

from tests import make
from tests.cli.conftest import Command


def _write(folder: Path, **documents: object) -> None:
    folder.mkdir(exist_ok=True)
    for name, document in documents.items():
        (folder / f"{name}.json").write_text(json.dumps(document))


def test_blocks_come_in_from_files_and_go_out_the_same(command: Command, tmp_path: Path) -> None:
    _write(tmp_path / "in", hero=make.block(), footer=make.block(name="Ünten"))

    done = command("blocks", "import", str(tmp_path / "in"), "--publish")
    out = command("blocks", "export", str(tmp_path / "out"))

    assert done.out.splitlines() == [
        "2 blocks saved as drafts, 0 as they were.",
        "footer is published as version 1.",
        "hero is published as version 1.",
    ]
    assert out.out == f"2 blocks written to {tmp_path}/out.\n"
    for name in ("hero", "footer"):
        written = (tmp_path / "out" / f"{name}.json").read_text()
        assert json.loads(written) == json.loads((tmp_path / "in" / f"{name}.json").read_text())
    assert "Ünten" in (tmp_path / "out" / "footer.json").read_text()
    assert command("blocks", "list").out.splitlines()[0] == "footer  edition 1  version 1"


def test_what_did_not_change_is_neither_saved_nor_published_again(command: Command, tmp_path: Path) -> None:
    _write(tmp_path / "in", hero=make.block(), footer=make.block())
    command("blocks", "import", str(tmp_path / "in"), "--publish")
    _write(tmp_path / "in", hero=make.block(alt="Another"))

    done = command("blocks", "import", str(tmp_path / "in"), "--publish")

    assert done.out.splitlines() == [
        "1 block saved as drafts, 1 as they were.",
        "hero is published as version 2.",
    ]


def test_one_bad_file_keeps_all_out_and_every_fault_is_told(command: Command, tmp_path: Path) -> None:
    _write(tmp_path / "in", good=make.block(), wide=make.block(width=0), odd=make.block(colour="red"))

    done = command("blocks", "import", str(tmp_path / "in"))

    assert done.code == 1
    assert "wide/width" in done.err
    assert "odd/colour" in done.err
    assert command("blocks", "list").out == ""


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("hero.json", "{", "is not JSON"),
        ("hero.json", "[" * 100_000, "is not JSON"),
        ("hero.json", '{"a":' * 40 + "1" + "}" * 40, "nested 32 deep at most"),
        ("hero.json", "[]", "must hold one JSON object"),
        ("he ro.json", "{}", "a block's id is 1 to 128"),
        ("hero.txt", "{}", "has no file that ends with .json"),
        ("hero.json", " " * (2**20 + 1), "is larger than"),
    ],
)
def test_a_file_that_is_no_block_is_told(
    command: Command, tmp_path: Path, name: str, content: str, told: str
) -> None:
    (tmp_path / name).write_text(content)

    done = command("blocks", "import", str(tmp_path))

    assert done.code == 1
    assert told in done.err
