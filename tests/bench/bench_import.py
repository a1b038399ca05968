"""Customers a second from a CSV file into Redis and SQL, beside a rival that PUTs each through the API."""

import csv
import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from app.domain.ids import partition_of
from tests.cli.running import ROOT, Running, running

HILLSTROM = ROOT.parent / "shared" / "data" / "hillstrom.csv.gz"
ROUNDS = 3
CUSTOMERS = 64_000
RIVAL_CUSTOMERS = 400
TARGET = 4_000


def rows() -> list[dict[str, Any]]:
    """Rate of the whole command, until SQL has the last row; and its memory at the most."""
    with tempfile.TemporaryDirectory(prefix="mailtide-") as name:
        folder = Path(name)
        file = HILLSTROM if HILLSTROM.exists() else _made_up(folder / "customers.csv")
        with running(folder, WEB_CONCURRENCY="1") as one:
            rates, rival, peak_kib = [], [], 0
            for number in range(ROUNDS):
                rival.append(_put_each(one, number))
                rate, used_kib = _import(one, file, number)
                rates.append(rate)
                peak_kib = max(peak_kib, used_kib)
    value, other = statistics.median(rates), statistics.median(rival)
    told = "64,000 real customers" if file == HILLSTROM else "64,000 customers"
    return [
        {
            "name": f"import: {told}, CSV to Redis and SQL",
            "value": round(value),
            "unit": "rows/s",
            "rival": round(other),
            "ratio": round(value / other, 1),
            "target": TARGET,
            "met": value >= TARGET,
        },
        {"name": "import: the command's memory at the most", "value": round(peak_kib / 1024), "unit": "MiB"},
    ]


def _import(one: Running, file: Path, number: int) -> tuple[float, int]:
    aside = str(one.folder / "rejected.csv")
    words = ("customers", "import", str(file), "--number-rows", f"b{number}-", "--yes", "--rejected", aside)
    began = time.perf_counter()
    process = one.spawn(*words)
    peak_kib = 0
    while process.poll() is None:
        peak_kib = max(peak_kib, _peak_kib(process.pid))
        time.sleep(0.05)
    took_s = time.perf_counter() - began
    assert process.returncode == 0, one.said()
    return CUSTOMERS / took_s, peak_kib


def _put_each(one: Running, number: int) -> float:
    attributes = {"recency": 10, "history": 142.44, "zip_code": "Rural", "channel": "Web", "newbie": 0}
    body = json.dumps({"attributes": attributes}).encode()
    began = time.perf_counter()
    for row in range(RIVAL_CUSTOMERS):
        status, _ = one.ask(f"/v1/customers/rival-{number}-{row}", method="PUT", body=body)
        assert status == 200
    return RIVAL_CUSTOMERS / (time.perf_counter() - began)


def _peak_kib(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    found = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
    return int(found[0]) if found else 0


def _made_up(file: Path) -> Path:
    """Rows like the real ones, where these are not at hand."""
    places = ("Rural", "Urban", "Surburban")
    with file.open("w", newline="") as out:
        table = csv.writer(out)
        table.writerow(["recency", "history", "mens", "womens", "zip_code", "newbie", "channel", "spend"])
        for row in range(CUSTOMERS):
            lot = partition_of(str(row), 1_000)
            table.writerow([lot % 12, lot * 1.37, lot % 2, (lot + 1) % 2, places[lot % 3], 0, "Web", 0])
    return file
