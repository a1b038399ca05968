"""Weathers: the nine that are drawn, how they are named in words and WMO codes, and their skies."""

from enum import StrEnum

from renderers.colour import Rgb, read


class Sky(StrEnum):
    CLEAR = "clear"
    PARTLY_CLOUDY = "partly_cloudy"
    CLOUDY = "cloudy"
    FOG = "fog"
    RAIN = "rain"
    SHOWERS = "showers"
    SNOW = "snow"
    THUNDER = "thunder"
    WIND = "wind"


# Open-Meteo's weather_code: WMO code table 4677, cut to what its models tell apart.
_CODES = {
    0: Sky.CLEAR, 1: Sky.CLEAR, 2: Sky.PARTLY_CLOUDY, 3: Sky.CLOUDY, 45: Sky.FOG, 48: Sky.FOG,
    **dict.fromkeys((51, 53, 55, 56, 57, 61, 63, 65, 66, 67), Sky.RAIN),
    **dict.fromkeys((71, 73, 75, 77, 85, 86), Sky.SNOW),
    **dict.fromkeys((80, 81, 82), Sky.SHOWERS),
    **dict.fromkeys((95, 96, 99), Sky.THUNDER),
}  # fmt: skip

_WORDS = {
    "sun": Sky.CLEAR, "sunny": Sky.CLEAR, "clear sky": Sky.CLEAR, "mainly clear": Sky.CLEAR,
    "few clouds": Sky.PARTLY_CLOUDY, "scattered clouds": Sky.PARTLY_CLOUDY, "mostly sunny": Sky.PARTLY_CLOUDY,
    "partly sunny": Sky.PARTLY_CLOUDY, "broken clouds": Sky.CLOUDY, "clouds": Sky.CLOUDY,
    "mostly cloudy": Sky.CLOUDY, "overcast": Sky.CLOUDY, "mist": Sky.FOG, "haze": Sky.FOG, "foggy": Sky.FOG,
    "drizzle": Sky.RAIN, "rainy": Sky.RAIN, "light rain": Sky.RAIN, "heavy rain": Sky.RAIN,
    "rain showers": Sky.SHOWERS, "shower rain": Sky.SHOWERS, "sleet": Sky.SNOW, "snowy": Sky.SNOW,
    "snowfall": Sky.SNOW, "storm": Sky.THUNDER, "thunderstorm": Sky.THUNDER, "windy": Sky.WIND,
}  # fmt: skip

# From the top of the picture to its foot. White is read on the dark ones, ink on the light ones.
_DAYS = {
    Sky.CLEAR: ("#0a5a94", "#1273ab"),
    Sky.PARTLY_CLOUDY: ("#155c88", "#2a7199"),
    Sky.CLOUDY: ("#42596a", "#536c7d"),
    Sky.FOG: ("#e9ecec", "#d5dcdd"),
    Sky.RAIN: ("#2b4858", "#3f6072"),
    Sky.SHOWERS: ("#1f5470", "#386b84"),
    Sky.SNOW: ("#dbe7ee", "#f3f7f9"),
    Sky.THUNDER: ("#232c3b", "#3d4759"),
    Sky.WIND: ("#0d5f68", "#1e747d"),
}
_NIGHT, _WHITE_NIGHT = ("#081626", "#16314b"), ("#1a2b41", "#31455d")


def read_sky(text: str) -> Sky:
    """A word or a WMO code to one of the nine. Raises ValueError."""
    code = text.strip()
    if code.isascii() and code.isdigit() and len(code) < 4 and int(code) in _CODES:
        return _CODES[int(code)]
    plain = " ".join(text.lower().replace("_", " ").replace("-", " ").split())
    named = plain.replace(" ", "_")
    if named in list(Sky):
        return Sky(named)
    if plain in _WORDS:
        return _WORDS[plain]
    raise ValueError(f"must be a WMO weather code or one of {', '.join(Sky)}")


def sky_colours(sky: Sky, *, is_day: bool) -> tuple[Rgb, Rgb]:
    """Top and foot of a sky."""
    if is_day:
        top, foot = _DAYS[sky]
    else:
        top, foot = _WHITE_NIGHT if sky in (Sky.SNOW, Sky.FOG) else _NIGHT
    return read(top), read(foot)
