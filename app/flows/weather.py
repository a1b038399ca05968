"""A worker fetches the weather that opens asked for, of many cells at once, of the deployment's provider."""

import json
from collections.abc import Callable, Iterator, Sequence

from app.domain.surroundings.weather import MEASURES, coordinates, is_measure
from app.flows.fetching import File, Refused
from app.stores.hot import weather
from app.stores.hot.server import HotStore

FRESH_S = 600.0  # providers measure every quarter of an hour
WANTED_S = 1_800.0  # a cell nobody asked for in this time is let go
AT_ONCE = 100  # cells an address can name
TYPES = ("application/json",)

Fetch = Callable[[str], File]


def renew(hot: HotStore, fetch: Fetch, provider: str, *, is_over: Callable[[], bool] = lambda: False) -> int:
    """Fetch what is wanted and old; answers of how many cells. Raises Unavailable and Refused.

    `provider` answers as Open-Meteo's /v1/forecast does: `current` of each `latitude` and `longitude`.
    """
    due = weather.due(hot, older_than_s=FRESH_S, wanted_within_s=WANTED_S)
    for start in range(0, len(due), AT_ONCE):
        if is_over():
            return start
        cells = due[start : start + AT_ONCE]
        answers = _read(fetch(_address(provider, cells)).content or b"", len(cells))
        weather.keep(hot, list(zip(cells, answers, strict=True)))
    return len(due)


def _address(provider: str, cells: Sequence[str]) -> str:
    places = [coordinates(cell) for cell in cells]
    latitudes, longitudes = (",".join(f"{place[side]:.1f}" for place in places) for side in (0, 1))
    asked = f"latitude={latitudes}&longitude={longitudes}&current={','.join(MEASURES)}"
    return f"{provider}{'&' if '?' in provider else '?'}{asked}"


def _read(content: bytes, count: int) -> list[dict[str, float]]:
    try:
        told = json.loads(content)
    except (ValueError, RecursionError) as wrong:
        raise Refused("the weather provider did not answer in JSON") from wrong
    listed = told if isinstance(told, list) else [told]
    if len(listed) != count or not all(isinstance(one, dict) and "current" in one for one in listed):
        raise Refused("the weather provider did not answer `current` for each place that was asked for")
    return [dict(_measures(one["current"])) for one in listed]


def _measures(current: object) -> Iterator[tuple[str, float]]:
    for name in MEASURES:
        value = current.get(name) if isinstance(current, dict) else None
        if is_measure(value):
            yield name, value  # type: ignore[misc]
