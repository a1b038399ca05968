"""Weather: the cells it is asked for in, and what of a provider's answer rules and templates may read.

The names are those of Open-Meteo's `current`, which providers are asked to answer in.
"""

from collections.abc import Mapping
from math import isfinite

CODE = "weather_code"
# name -> what it is, and its bounds where it has any
MEASURES: Mapping[str, tuple[str, float | None, float | None]] = {
    "temperature_2m": ("degrees Celsius two metres above the ground", -100, 70),
    "apparent_temperature": ("what that feels like, degrees Celsius", -120, 90),
    "relative_humidity_2m": ("relative humidity, percent", 0, 100),
    "is_day": ("1 between sunrise and sunset, else 0", 0, 1),
    "precipitation": ("rain, showers and snow of the last quarter of an hour, mm", 0, None),
    "rain": ("rain of the last quarter of an hour, mm", 0, None),
    "showers": ("showers of the last quarter of an hour, mm", 0, None),
    "snowfall": ("snow of the last quarter of an hour, cm", 0, None),
    CODE: ("the WMO code of the weather", 0, 99),
    "cloud_cover": ("clouds, percent of the sky", 0, 100),
    "wind_speed_10m": ("wind ten metres above the ground, km/h", 0, None),
    "wind_gusts_10m": ("its gusts, km/h", 0, None),
}
_CONDITIONS = (
    (frozenset({0, 1}), "clear"), (frozenset({2}), "partly_cloudy"), (frozenset({3}), "cloudy"),
    (frozenset({45, 48}), "fog"), (frozenset({51, 53, 55, 56, 57}), "drizzle"),
    (frozenset({61, 63, 65, 66, 67, 80, 81, 82}), "rain"), (frozenset({71, 73, 75, 77, 85, 86}), "snow"),
    (frozenset({95, 96, 99}), "thunderstorm"),
)  # fmt: skip
CONDITIONS = tuple(name for _, name in _CONDITIONS)
LOCATION = "location"  # the attribute with the customer's latitude and longitude


def cell_of(*told: object) -> str | None:
    """The cell of 0.1 degrees that the first object with a `latitude` and a `longitude` lies in.

    Written `48.9,2.3`. Where a customer is, is not asked or kept any more exactly than that.
    """
    for place in told:
        if isinstance(place, Mapping):
            latitude, longitude = _within(place.get("latitude"), 90), _within(place.get("longitude"), 180)
            if latitude is not None and longitude is not None:
                return f"{latitude + 0:.1f},{longitude + 0:.1f}"
    return None


def coordinates(cell: str) -> tuple[float, float]:
    """The latitude and longitude of a cell's middle."""
    latitude, longitude = cell.split(",")
    return float(latitude), float(longitude)


def read_weather(answer: object) -> dict[str, object]:
    """What of a provider's `current` may be read, with `condition` in a word; empty for anything else.

    Without a code, a `condition` that was told stays: previews make weather up.
    """
    if not isinstance(answer, Mapping):
        return {}
    told: dict[str, object] = {name: value for name in MEASURES if is_measure(value := answer.get(name))}
    code = told.get(CODE, -1)
    condition = next((name for codes, name in _CONDITIONS if code in codes), answer.get("condition"))
    return told | ({"condition": condition} if condition in CONDITIONS else {})


def is_measure(value: object) -> bool:
    """Whether a value is a number that something can be made of."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and isfinite(value) and abs(value) < 1e6  # type: ignore[arg-type]


def _within(value: object, most: float) -> float | None:
    if not is_measure(value) or abs(value) > most:  # type: ignore[arg-type]
        return None
    return round(float(value), 1) + 0.0  # type: ignore[arg-type]
