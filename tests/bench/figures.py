"""A figure beside its rival's, as one row of the tables."""

from typing import Any


def beside(name: str, value: float, rival: float, unit: str, times: int | None = None) -> dict[str, Any]:
    """Ours and a rival's; the aim, where there is one, is so many times less than the rival."""
    row: dict[str, Any] = {
        "name": name,
        "value": short(value),
        "unit": unit,
        "rival": short(rival),
        "ratio": short(value / rival),
    }
    if times is not None:
        row |= {"target": f"<= 1/{times:,} of rival", "met": value * times <= rival}
    return row


def short(number: float) -> float:
    """Three figures that count."""
    return int(number) if number >= 1_000 else float(f"{number:.3g}")
