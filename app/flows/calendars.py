"""Public holidays: a worker publishes the days of all countries, where a published block asks for them."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from importlib import resources
from typing import Any

from app.stores.hot.codec import encode
from app.stores.hot.published import CALENDAR, Snapshot, held, publish
from app.stores.hot.server import HotStore

HOLIDAYS = f"{CALENDAR}holidays"


def renew(hot: HotStore, snapshot: Snapshot, *, now: datetime) -> str:
    """Publish the days of last year to next year, where some block needs them. Raises Unavailable."""
    snapshot.refresh()
    if not any(block.needs.is_holiday_read for block in snapshot.blocks()):
        return "no block asks for holidays"
    document = holidays(now.year)
    if held(hot, HOLIDAYS) == encode(document):
        return "published already"
    publish(hot, HOLIDAYS, document)
    return f"holidays of {len(document['countries'])} countries published"


@lru_cache(maxsize=1)
def holidays(year: int) -> Mapping[str, Any]:
    """The public holidays of all countries in three years, and which zone lies in which country.

    `{"from", "until", "countries": {"FR": "2026-01-01,…"}, "zones": {"Europe/Paris": "FR"}}`.
    """
    # 17 MB and a third of a second, in a worker that is asked for it and in no web process.
    import holidays as library

    years = range(year - 1, year + 2)
    countries = {
        country: ",".join(sorted(day.isoformat() for day in library.country_holidays(country, years=years)))
        for country in sorted(library.list_supported_countries(include_aliases=False))
    }
    return {"from": years[0], "until": years[-1], "countries": countries, "zones": _zones()}


def _zones() -> dict[str, str]:
    table = resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))
    return {row[2]: row[0] for row in rows}
