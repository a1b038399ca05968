"""The file of rows that could not be taken: the file's own lines, each with its row and the reason."""

import csv
import io
from pathlib import Path

from app.cli.column_plan import REASON_COLUMN, ROW_COLUMN
from app.cli.failing import Failed
from app.cli.row_reading import Row
from app.cli.sheets import Sheet


class Rejects:
    """Written beside the source as rows are refused; made by the first. It can be mended and imported."""

    def __init__(self, path: Path, sheet: Sheet, kept_bytes: int) -> None:
        """Begin after `kept_bytes`: what stands beyond was written after the last checkpoint.

        Raises Failed where there is something else than a file that an import wrote.
        """
        self.path = path
        self._sheet = sheet
        # A file that was set aside once and is imported again has both columns already.
        self._is_marked = ROW_COLUMN in sheet.titles
        self.size = kept_bytes
        if path.exists():
            _refuse_others(path, sheet)
            with path.open("r+b") as file:
                file.truncate(kept_bytes)
            if not kept_bytes:
                path.unlink()

    def add(self, row: Row, reason: str) -> None:
        """Set one row aside."""
        head = b"" if self.size else self._line([ROW_COLUMN, REASON_COLUMN], self._sheet.header)
        data = head + self._line([str(row.number), reason], row.raw)
        with self.path.open("ab") as file:
            file.write(data)
        self.size += len(data)

    def _line(self, marks: list[str], raw: bytes) -> bytes:
        line = raw if raw.endswith(b"\n") else raw + b"\n"
        if self._is_marked:
            return line
        text = io.StringIO()
        csv.writer(text, delimiter=self._sheet.delimiter, lineterminator="").writerow([*marks, ""])
        return text.getvalue().encode(self._sheet.encoding, "backslashreplace") + line


def _refuse_others(path: Path, sheet: Sheet) -> None:
    """Nothing that somebody else wrote is overwritten, least of all the file that is read."""
    if path.samefile(sheet.path):
        raise Failed(f"{path} is the file that is read: name another with --rejected")
    if path.is_file():
        with path.open("rb") as file:
            if (
                file.read(len(ROW_COLUMN) + 1).strip(b'"').startswith(ROW_COLUMN.encode())
                or not path.stat().st_size
            ):
                return
    raise Failed(f"{path} is there already and was not written by an import: name another with --rejected")


def beside(source: Path) -> Path:
    """`customers.csv.gz` has its rows set aside in `customers.rejected.csv`."""
    name = source.name.removesuffix(".gz")
    stem = name.removesuffix(Path(name).suffix)
    return source.with_name(f"{stem}.rejected.csv")
