"""The weather as one reader is told it: sky, day or night, temperature, place and words, read and checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from renderers.bidi import is_rtl
from renderers.figures import write_number
from renderers.model import CannotRender
from renderers.numbers import read_number
from renderers.shaping import clean
from renderers.skies import Sky, read_sky

TEXTS = ("condition", "temperature", "unit", "is_day", "place", "text")

_COLDEST, _HOTTEST = -150, 250
_DAY = ("", "1", "true", "yes", "day")
_NIGHT = ("0", "false", "no", "night")


class Degrees(StrEnum):
    CELSIUS = "celsius"
    FAHRENHEIT = "fahrenheit"


_UNITS = {
    "celsius": Degrees.CELSIUS,
    "c": Degrees.CELSIUS,
    "°c": Degrees.CELSIUS,
    "fahrenheit": Degrees.FAHRENHEIT,
    "f": Degrees.FAHRENHEIT,
    "°f": Degrees.FAHRENHEIT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is shown: a title, and what stands below it."""

    sky: Sky
    is_day: bool
    temperature: str
    title: str
    below: str

    @property
    def is_mirrored(self) -> bool:
        return is_rtl(self.title, otherwise=is_rtl(self.below))


def tell(texts: Mapping[str, str], names: Mapping[Sky, str], given_in: Degrees) -> Told:
    """Raises CannotRender with the pointer of what cannot be read."""
    try:
        sky = read_sky(texts["condition"])
    except ValueError as bad:
        raise CannotRender(f"/condition: {bad}") from bad
    place, text = clean(texts["place"]).strip(), clean(texts["text"]).strip()
    lesser = [place, names[sky]] if text else [names[sky]] if place else []
    return Told(
        sky=sky,
        is_day=_read_day(texts["is_day"]),
        temperature=_read_temperature(texts["temperature"], given_in, texts["unit"]),
        title=text or place or names[sky],
        below=" · ".join(part for part in lesser if part),
    )


def _read_day(text: str) -> bool:
    plain = text.strip().lower()
    if plain not in _DAY + _NIGHT:
        raise CannotRender("/is_day: must be 1 by day and 0 by night")
    return plain in _DAY


def _read_temperature(text: str, given_in: Degrees, unit: str) -> str:
    """`21°C`; nothing for nothing."""
    wanted = _UNITS.get(unit.strip().lower()) if unit.strip() else given_in
    if wanted is None:
        raise CannotRender("/unit: must be celsius or fahrenheit")
    if not text.strip():
        return ""
    try:
        number = float(read_number(text))
    except ValueError as bad:
        raise CannotRender(f"/temperature: {bad}") from bad
    if wanted is not given_in:
        number = number * 9 / 5 + 32 if wanted is Degrees.FAHRENHEIT else (number - 32) * 5 / 9
    if not _COLDEST <= number <= _HOTTEST:
        raise CannotRender(f"/temperature: must lie between {_COLDEST} and {_HOTTEST} degrees")
    return f"{write_number(round(number))}°{'C' if wanted is Degrees.CELSIUS else 'F'}"
