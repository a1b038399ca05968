"""`make bench`: every `bench_*.py` in turn, as tables on the screen and as build/bench.json.

A figure of one machine says little; a ratio against a rival in the same run travels. Nothing here is a
test: a missed target is shown, and fails nothing.
"""

import argparse
import importlib
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
RESULT = FOLDER.parents[1] / "build" / "bench.json"
HEADINGS = ("measured", "value", "unit", "rival", "ratio", "target", "")

Row = dict[str, Any]


def main() -> None:
    """Measure the parts asked for, all by default."""
    parts = sorted(path.stem.removeprefix("bench_") for path in FOLDER.glob("bench_*.py"))
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__.splitlines()[0])
    parser.add_argument("--only", action="append", choices=parts, help="one part; may be given again")
    found: list[Row] = []
    for part in parser.parse_args().only or parts:
        began = time.monotonic()
        rows: list[Row] = importlib.import_module(f"tests.bench.bench_{part}").rows()
        print(f"\n{part}, measured in {time.monotonic() - began:.0f} s\n\n{table(rows)}", flush=True)
        found += rows
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
    print(f"\n{len(found)} figures are in {RESULT}")


def table(rows: Sequence[Row]) -> str:
    """Rows as a Markdown table, the numbers to the right."""
    lines = [HEADINGS, *(_cells(row) for row in rows)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(HEADINGS))]
    drawn = [_line(line, widths) for line in lines]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:-1]), "-" * widths[-1]]
    return "\n".join([drawn[0], f"| {' | '.join(rule)} |", *drawn[1:]])


def _cells(row: Row) -> tuple[str, ...]:
    met = {True: "met", False: "missed", None: ""}[row.get("met")]
    plain = (_plain(row.get(name)) for name in ("value", "unit", "rival", "ratio", "target"))
    return (row["name"], *plain, met)


def _plain(value: object) -> str:
    if isinstance(value, int | float):
        return f"{value:,}"
    return str(value) if value is not None else ""


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *middle, last = (
        cell.ljust(width) if at in (0, len(cells) - 1) else cell.rjust(width)
        for at, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return f"| {' | '.join([first, *middle, last])} |"


if __name__ == "__main__":
    main()
