"""`mailtide gallery`: a page of its own folder, with every picture it names."""

import re
from pathlib import Path

from app.cli.gallery import FOLDER, PAGE
from renderers import KINDS
from tests.cli.conftest import Command


def test_the_page_shows_every_kind_and_has_every_picture(command: Command, tmp_path: Path) -> None:
    out = tmp_path / "gallery"

    done = command("gallery", str(out))

    page = (out / PAGE).read_text(encoding="utf-8")
    named = set(re.findall(rf'src="{FOLDER}/(.*?)"', page))
    assert (done.code, done.err) == (0, "")
    assert str(out / PAGE) in done.out
    assert set(re.findall(r'<section id="(.*?)">', page)) == set(KINDS)
    assert named == {path.name for path in (out / FOLDER).iterdir()}
    assert all(image for image in re.findall(r'<img [^>]*?alt="(.*?)"', page.split("</nav>")[1]))


def test_a_gallery_is_drawn_over_an_earlier_one(command: Command, tmp_path: Path) -> None:
    assert command("gallery", str(tmp_path / "new")).code == 0
    (tmp_path / "new" / FOLDER / "old-kind-0-1x.png").write_bytes(b"")

    assert command("gallery", str(tmp_path / "new")).code == 0
    assert not (tmp_path / "new" / FOLDER / "old-kind-0-1x.png").exists()


def test_the_files_of_somebody_else_are_left_alone(command: Command, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / PAGE).write_text("mine")
    (tmp_path / "note").write_text("mine")

    site, note = (command("gallery", str(tmp_path / name)) for name in ("site", "note"))

    assert (site.code, note.code) == (1, 1)
    assert "holds other files: name a new or empty folder" in site.err
    assert "is a file: name a folder" in note.err
    assert [path.name for path in (tmp_path / "site").iterdir()] == [PAGE]
