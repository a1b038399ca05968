"""`mailtide customers import FILE`: a file's rows become customers; what cannot is set aside."""

import sys
from argparse import Namespace
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from app.cli import checkpoints, houses, rejects, sheets
from app.cli.checkpoints import Checkpoint
from app.cli.column_plan import ROW_COLUMN, plan, table
from app.cli.failing import Failed
from app.cli.progress import Progress
from app.cli.rejects import Rejects
from app.cli.row_reading import Place, Row
from app.cli.sheets import Sheet
from app.domain.columns import Cells
from app.flows.customers import Saying
from app.flows.importing import BATCH, BadRow, Carrier, Rows, wait_until_recorded
from app.stores.absence import Unavailable
from app.stores.hot.server import HotStore, claim
from app.stores.hot.streams import ensure_groups

REFUSALS_TOLD = 20


def carry_out(args: Namespace) -> int:
    """Import. Answers 1 when any row had to be refused. Raises Failed when it broke off."""
    zone = ZoneInfo(houses.read_settings().deployment_zone)
    sheet = sheets.look_at(args.file, encoding=args.encoding, delimiter=args.delimiter)
    cells = Cells(zone, has_decimal_comma=args.decimal_comma)
    rows = sheets.sample(sheet)
    columns = plan(sheet, rows, args, cells)
    print(f"{table(columns, rows)}\n", flush=True)
    prefix = args.number_rows or ""
    reading = _Reading(sheet, Rows(columns, cells, prefix=prefix))
    if args.dry_run:
        return reading.try_out()
    _confirm(args)
    with houses.opened() as house:
        claim(house.hot)
        ensure_groups(house.hot)
        manner = (columns, sheet.delimiter, sheet.encoding, prefix, args.decimal_comma)
        checkpoint = checkpoints.checkpoint_file(house.settings.var_dir, args.file, manner)
        if args.restart:
            checkpoints.forget(checkpoint)
        return reading.carry(house.hot, checkpoint, args.rejected or rejects.beside(args.file))


class _Reading:
    """One file being read: rows are taken, or told of and set aside."""

    def __init__(self, sheet: Sheet, rows: Rows) -> None:
        self._sheet = sheet
        self._rows = rows
        # A file that was set aside tells the rows' numbers in the first file.
        self._number_place = sheet.titles.index(ROW_COLUMN) if ROW_COLUMN in sheet.titles else None
        self._rejects: Rejects | None = None
        self._taken = self._refused = 0
        self._progress = Progress(sheet.path.stat().st_size)
        self._position: Callable[[], int] = lambda: 0

    def try_out(self) -> int:
        """Read everything and save nothing."""
        with sheets.unpacked(self._sheet.path, self._take_position) as file:
            for row, _ in self._sheet.rows(file):
                self._take(row)
        self._progress.clear()
        print(f"{self._taken:,} rows can be imported, {self._refused:,} cannot. Nothing was saved.")
        return int(self._refused > 0)

    def carry(self, hot: HotStore, checkpoint: Path, rejected: Path) -> int:
        """Read on from the checkpoint, save, and wait until SQL has it all."""
        start = checkpoints.read(checkpoint) or Checkpoint(self._sheet.start)
        if start.place.row:
            print(f"Going on after row {start.place.row:,}; --restart begins anew.", flush=True)
        self._taken, self._refused = start.taken, start.refused
        self._rejects = Rejects(rejected, self._sheet, start.rejected_bytes)
        try:
            with Carrier(hot, _now) as carrier:
                self._carry_from(start.place, carrier, checkpoint)
            is_recorded = wait_until_recorded(hot, _now, lambda: self._progress.tell("SQL takes it in ..."))
        except (Unavailable, KeyboardInterrupt) as stopped:
            self._progress.clear()
            why = str(stopped) or "stopped"
            raise Failed(f"{why}; the same command goes on where this one came to") from stopped
        checkpoints.forget(checkpoint)
        self._report(self._taken - start.taken, rejected, is_recorded)
        return int(self._refused > 0)

    def _carry_from(self, start: Place, carrier: Carrier, checkpoint: Path) -> None:
        batch: list[Saying] = []
        place = start
        with sheets.unpacked(self._sheet.path, self._take_position) as file:
            for row, place in self._sheet.rows(file, start):
                saying = self._take(row)
                if saying is not None:
                    batch.append(saying)
                if row.number % BATCH == 0:
                    carrier.put(batch, self._reached(place, checkpoint))
                    batch = []
        carrier.put(batch, self._reached(place, checkpoint))
        carrier.settle()

    def _reached(self, place: Place, checkpoint: Path) -> Callable[[], None]:
        size = self._rejects.size if self._rejects else 0
        reached = Checkpoint(place, self._taken, self._refused, size)
        return lambda: checkpoints.write(checkpoint, reached)

    def _take(self, row: Row) -> Saying | None:
        if row.is_blank:
            return None
        self._progress.show(self._position(), self._taken, self._refused)
        try:
            if row.fault:
                raise BadRow(row.fault)
            saying = self._rows.saying(row.fields, self._number(row))
        except BadRow as bad:
            self._refuse(row, str(bad))
            return None
        self._taken += 1
        return saying

    def _number(self, row: Row) -> int:
        told = row.fields[self._number_place] if self._number_place is not None else ""
        return int(told) if told.isascii() and told.isdigit() and len(told) < 16 else row.number

    def _refuse(self, row: Row, reason: str) -> None:
        self._refused += 1
        if self._rejects is not None:
            self._rejects.add(row, reason)
        if self._refused <= REFUSALS_TOLD:
            self._progress.clear()
            print(f"line {row.line}: {reason}", file=sys.stderr, flush=True)
        elif self._refused == REFUSALS_TOLD + 1:
            print("more rows are refused, and no longer told here", file=sys.stderr, flush=True)

    def _report(self, taken: int, rejected: Path, is_recorded: bool) -> None:
        self._progress.clear()
        took_s = max(self._progress.took_s, 0.001)
        print(f"{taken:,} customers imported in {took_s:.1f} s, {taken / took_s:,.0f} a second.")
        if not is_recorded:
            print("SQL has them once a recorder runs: `mailtide worker`, or `mailtide run`.")
        if self._refused:
            print(f"{self._refused:,} rows were refused. Mend them in {rejected} and import that file.")

    def _take_position(self, position: Callable[[], int]) -> None:
        self._position = position


def _confirm(args: Namespace) -> None:
    if args.yes:
        return
    if not sys.stdin.isatty():
        raise Failed(
            "nobody is here to say whether the columns are right: --dry-run shows them, --yes imports"
        )
    if input("Import these columns? [Y/n] ").strip().lower() not in ("", "y", "yes"):
        raise Failed("nothing was imported; --type, --rename and --skip change what becomes of a column")


def _now() -> datetime:
    return datetime.now(UTC)
