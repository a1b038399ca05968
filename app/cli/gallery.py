"""`mailtide gallery`: a page of every kind of picture with values that are hard on it, to be looked at."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape
from itertools import groupby
from pathlib import Path

from app.cli.failing import Failed
from app.demo.pictures import pictures
from app.flows.exhibiting import EXAMPLE, Exhibit, exhibits

PAGE, FOLDER = "index.html", "pictures"
MARK = '<meta name="generator" content="mailtide gallery">'
_ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif"}


def declare(parser: ArgumentParser) -> None:
    """Where to."""
    parser.add_argument("out", metavar="OUT", type=Path, help="a new or empty folder, or an earlier gallery")


def carry_out(args: Namespace) -> int:
    """Draw everything, and write the page beside its pictures."""
    _check(args.out)
    folder = args.out / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    drawn = pictures()
    assets = {"hero": drawn["demo-window"], "card": drawn["demo-teapot"], "grid": drawn["demo-teapot"]}
    shown = list(exhibits(assets, now=datetime.now(UTC)))
    (args.out / PAGE).write_text("".join(_page(shown, folder)), encoding="utf-8")
    kinds = len({one.kind for one in shown})
    print(f"{len(shown)} pictures of {kinds} kinds: open {args.out / PAGE} in a browser.")
    return 0


def _check(out: Path) -> None:
    """Nothing of somebody else's is written over."""
    if not out.exists():
        return
    if not out.is_dir():
        raise Failed(f"{out} is a file: name a folder")
    page = out / PAGE
    if any(out.iterdir()) and not (page.is_file() and MARK in page.read_text(encoding="utf-8")[:1000]):
        raise Failed(f"{out} holds other files: name a new or empty folder")


def _page(shown: list[Exhibit], folder: Path) -> Iterator[str]:
    yield (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n{MARK}\n'
        '<meta name="viewport" content="width=device-width">\n<title>Gallery · mailtide</title>\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<header>\n<p class=mark>mailtide</p>\n"
        "<h1>Every kind of picture</h1>\n"
        "<p>Below, each with values that are hard on it: at one bitmap pixel a CSS pixel on the left, at two "
        "on the right. Values that no picture can be made of say so; there the reader would see the fallback."
        '</p>\n</header>\n<main>\n<nav aria-label="Kinds">\n'
    )
    for one in shown:
        if one.name == EXAMPLE:
            yield _link(one)
    yield '</nav>\n<p class=swap><label><input type="checkbox" id="swap"> Swap light and dark</label></p>\n'
    for kind, group in groupby(shown, key=lambda one: one.kind):
        yield f'<section id="{kind}">\n<h2>{kind}</h2>\n'
        for number, one in enumerate(group):
            yield _row(one, number, folder)
        yield "</section>\n"
    yield "</main>\n</body>\n</html>\n"


def _link(one: Exhibit) -> str:
    """The example of a kind, small, on the way to the rest."""
    image = ""
    if one.twice is not None and one.twice.width_px > 1:
        size = f'width="{one.size.width_px}" height="{one.size.height_px}"'
        image = f'<img src="{FOLDER}/{_name(one.kind, 0, 2, one.twice.mimetype)}" alt="" {size}>'
    return f'<a href="#{one.kind}">{image}<span>{one.kind}</span></a>\n'


def _row(one: Exhibit, number: int, folder: Path) -> str:
    title = f"<h3>{escape(one.name)}</h3>"
    if one.once is None or one.twice is None:
        return f"<div class=row>{title}<p class=why>{escape(one.why)}</p></div>\n"
    figures = []
    for scale, image in ((1, one.once), (2, one.twice)):
        name = _name(one.kind, number, scale, image.mimetype)
        (folder / name).write_bytes(image.data)
        across, down = max(1, image.width_px // scale), max(1, image.height_px // scale)
        size = f'width="{across}" height="{down}"'
        weight = f"{len(image.data):,} bytes of {_ENDINGS[image.mimetype].upper()}"
        alt = escape(f"{one.kind}, {one.name}, {scale}×")
        figures.append(
            f'<figure><img src="{FOLDER}/{name}" alt="{alt}" {size} loading="lazy">'
            f"<figcaption>{image.width_px} × {image.height_px}, {weight}</figcaption></figure>"
        )
    return f"<div class=row>{title}<div class=pair>{''.join(figures)}</div></div>\n"


def _name(kind: str, number: int, scale: int, mimetype: str) -> str:
    return f"{kind}-{number}-{scale}x.{_ENDINGS[mimetype]}"


_STYLE = """
:root { --ink: #0b2a3b; --tide: #0e7c86; --foam: #f4f8f8; --line: #d5e0e2; --soft: #46606d }
* { box-sizing: border-box }
body { margin: 0; background: var(--foam); color: var(--ink); font: 16px/1.5 system-ui, sans-serif;
  font-variant-numeric: tabular-nums }
header, main { max-width: 1344px; margin: 0 auto; padding: 24px }
main { padding-top: 0 }
.mark { margin: 0; font-weight: 600; color: var(--tide) }
h1 { font-size: 31px; line-height: 1.2; margin: 4px 0 8px }
h2 { font-size: 25px; margin: 24px 0 8px; padding-top: 24px; border-top: 1px solid var(--line) }
h3 { font-size: 14px; font-weight: 600; margin: 0 0 8px }
header p { max-width: 75ch; margin: 0 0 12px }
nav { columns: 3; column-gap: 24px }
nav a { display: block; break-inside: avoid; margin: 0 0 24px; color: var(--ink); text-decoration: none;
  border: 1px solid var(--line); border-radius: 8px; overflow: hidden; background: #fff }
nav a:hover { border-color: var(--tide) }
nav img { margin: 0 auto }
nav span { display: block; padding: 8px 16px; border-top: 1px solid var(--line); font-size: 14px;
  font-weight: 600 }
.swap { margin: 24px 0 0 }
:focus-visible { outline: 2px solid var(--tide); outline-offset: 2px }
.row { margin: 24px 0 }
.pair { display: grid; grid-template-columns: 1fr 1fr; border: 1px solid var(--line); border-radius: 8px;
  overflow: hidden }
figure { margin: 0; padding: 24px; background: #fff; min-width: 0 }
figure + figure { background: #081c27; color: #e6eef0 }
body:has(#swap:checked) figure { background: #081c27; color: #e6eef0 }
body:has(#swap:checked) figure + figure { background: #fff; color: var(--ink) }
img { display: block; max-width: 100%; height: auto }
figcaption { font-size: 14px; margin-top: 8px; opacity: .8 }
.why { margin: 0; padding: 12px 16px; border: 1px solid var(--line); border-radius: 8px; background: #fff;
  color: var(--soft) }
@media (max-width: 760px) { .pair { grid-template-columns: 1fr } header, main { padding: 16px } }
"""
