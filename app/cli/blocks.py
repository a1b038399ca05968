"""`mailtide blocks`: list them; write the drafts to a folder of JSON files; read such a folder."""

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.cli.failing import Failed
from app.cli.houses import opened
from app.domain.ids import is_id
from app.flows import prechecking, publishing
from app.stores.cold.drafts import Draft
from app.stores.cold.engine import Cold
from app.stores.hot.codec import Undecodable, decode
from app.web.bodies import DEPTH_MAX, is_deeper_than
from app.wiring import House

PAGE = 200
FILE_MAX = 2**20  # bytes
SUFFIX = ".json"
BY = "mailtide blocks import"


def declare(parser: ArgumentParser) -> None:
    """list, export and import."""
    does = parser.add_subparsers(dest="does", metavar="list|export|import", required=True)
    does.add_parser("list", help="every block with its edition and published version")
    export = does.add_parser("export", help="write each draft to FOLDER/<block id>.json")
    export.add_argument("folder", metavar="FOLDER", type=Path)
    take = does.add_parser("import", help="save each FOLDER/<block id>.json as the draft of that block")
    take.add_argument("folder", metavar="FOLDER", type=Path)
    take.add_argument("--publish", action="store_true", help="publish the drafts that changed, too")


def carry_out(args: Namespace) -> int:
    """One of the three."""
    with opened() as house:
        _DOES[args.does](house, args)
    return 0


def _list(house: House, _: Namespace) -> None:
    for draft in _drafts(house.cold):
        published = f"version {draft.published_version}" if draft.published_version else "not published"
        print(f"{draft.id}  edition {draft.edition}  {published}{'  recalled' if draft.is_recalled else ''}")


def _export(house: House, args: Namespace) -> None:
    args.folder.mkdir(parents=True, exist_ok=True)
    drafts = list(_drafts(house.cold))
    for draft in drafts:
        text = json.dumps(draft.document, ensure_ascii=False, indent=2)
        (args.folder / f"{draft.id}{SUFFIX}").write_text(text + "\n", encoding="utf-8")
    print(f"{_counted(len(drafts))} written to {args.folder}.")


def _import(house: House, args: Namespace) -> None:
    files = sorted(args.folder.glob(f"*{SUFFIX}"))
    if not files:
        raise Failed(f"{args.folder} has no file that ends with {SUFFIX}")
    now = datetime.now(UTC)
    documents, hosts = dict(map(_read, files)), house.settings.link_hosts
    changed = publishing.save_drafts(house.cold, documents, now=now, by=BY, link_hosts=hosts)
    print(f"{_counted(len(changed))} saved as drafts, {len(files) - len(changed)} as they were.")
    for block_id in changed if args.publish else ():
        note = f"from {block_id}{SUFFIX}"
        version, warnings = prechecking.publish(
            house.cold,
            house.hot,
            house.front,
            block_id,
            now=now,
            by=BY,
            note=note,
            expected=None,
            link_hosts=hosts,
            needs_approval=house.settings.needs_approval,
        )
        print(f"{block_id} is published as version {version}.")
        for warning in warnings:
            print(f"{block_id}{warning.pointer}: {warning.detail}")


def _read(file: Path) -> tuple[str, dict[str, Any]]:
    """The block's id and its document."""
    block_id = file.name.removesuffix(SUFFIX)
    if not is_id(block_id):
        raise Failed(f"{file}: a block's id is 1 to 128 of the characters A-Z a-z 0-9 . _ : @ -")
    if file.stat().st_size > FILE_MAX:
        raise Failed(f"{file} is larger than {FILE_MAX} bytes")
    try:
        document = decode(file.read_bytes())
    except (Undecodable, RecursionError) as wrong:
        raise Failed(f"{file} is not JSON: {wrong}") from wrong
    if not isinstance(document, dict) or is_deeper_than(document, DEPTH_MAX):
        raise Failed(f"{file} must hold one JSON object, a block, nested {DEPTH_MAX} deep at most")
    return block_id, document


def _drafts(cold: Cold) -> Iterator[Draft]:
    after = ""
    while found := publishing.page(cold, after=after, limit=PAGE):
        yield from found
        after = found[-1].id


def _counted(number: int) -> str:
    return "1 block" if number == 1 else f"{number} blocks"


_DOES: dict[str, Callable[[House, Namespace], None]] = {"list": _list, "export": _export, "import": _import}
