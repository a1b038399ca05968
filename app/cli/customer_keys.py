"""`mailtide customers keys FILE`: the same file with one more column, the customer key of each row."""

import os
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from app.cli import houses, sheets
from app.cli.failing import Failed
from app.cli.row_reading import LINE_MAX, Row
from app.cli.sheets import Sheet
from app.domain.ids import is_id
from app.domain.tokens import Keyring

FAULTS_TOLD = 20


def carry_out(args: Namespace) -> int:
    """Write the file with the keys; every other byte stays. Answers 1 when a row could get none."""
    keyring = _keyring()
    sheet = sheets.look_at(args.file, encoding=args.encoding, delimiter=args.delimiter)
    place = sheet.column(args.id)
    if args.column in sheet.titles:
        raise Failed(f"{args.file.name} has a column {args.column!r} already: name another with --column")
    if not args.column.isprintable() or set(args.column) & {'"', sheet.delimiter}:
        raise Failed("--column must be a plain name, without quotes and the delimiter")
    faults = 0
    with _output(args) as out, sheets.unpacked(args.file) as file:
        out.write((sheets.BOM if sheet.has_bom else b"") + _longer(sheet, sheet.header, args.column))
        for row, _ in sheet.rows(file):
            if row.is_blank:
                out.write(row.raw)
                continue
            fault = _fault(row, place)
            faults += bool(fault)
            if fault and faults <= FAULTS_TOLD:
                print(f"line {row.line}: {fault}: no key", file=sys.stderr)
            key = "" if fault else keyring.customer_key(row.fields[place].strip())
            out.write(row.raw if row.fault else _longer(sheet, row.raw, key))
    if faults:
        print(f"{faults:,} rows have no key.", file=sys.stderr)
    return int(faults > 0)


def _keyring() -> Keyring:
    try:
        return Keyring(houses.read_settings().signing_keys)
    except ValueError as wrong:
        raise Failed(str(wrong)) from wrong


def _fault(row: Row, place: int) -> str:
    if len(row.raw) > LINE_MAX:
        # Only its beginning is at hand, and the rest must not be lost.
        raise Failed(f"line {row.line} {row.fault}: the file cannot be copied")
    if row.fault or is_id(row.fields[place].strip()):
        return row.fault
    return f"{row.fields[place][:40]!r} is no customer id"


def _longer(sheet: Sheet, raw: bytes, cell: str) -> bytes:
    """The row with one more cell, quoted where its last one is."""
    body = raw.rstrip(b"\r\n")
    mark = '"' if body.endswith(b'"') else ""
    return body + f"{sheet.delimiter}{mark}{cell}{mark}".encode(sheet.encoding) + raw[len(body) :]


@contextmanager
def _output(args: Namespace) -> Iterator[BinaryIO]:
    """Standard output, or a file that is there whole or not at all."""
    if args.output is None:
        yield sys.stdout.buffer
        sys.stdout.flush()
        return
    target: Path = args.output
    if target.exists() and target.samefile(args.file):
        raise Failed("the output cannot be the file that is read: name another with -o")
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with draft.open("wb") as file:
            yield file
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
