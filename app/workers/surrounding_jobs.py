"""Jobs that keep what is around opens up to date: the weather, and public holidays."""

from urllib.parse import urlsplit

from app.flows import calendars, weather
from app.flows.fetching import Fetcher
from app.wiring import House
from app.workers.jobs import Job, Turn

WEATHER_BYTES = 2 * 2**20


def surrounding_jobs(house: House) -> tuple[Job, ...]:
    """Holidays always, for a block may ask for them any time; the weather where there is a provider."""
    holidays = Job("holidays", 60.0, lambda turn: calendars.renew(house.hot, house.snapshot, now=turn.now))
    provider = house.settings.weather_url
    if not provider:
        return (holidays,)
    fetcher = Fetcher((urlsplit(provider).hostname or "",), types=weather.TYPES, file_bytes=WEATHER_BYTES)

    def renew(turn: Turn) -> str:
        cells = weather.renew(house.hot, fetcher.fetch, provider, is_over=turn.is_over)
        return f"weather of {cells} places fetched"

    return holidays, Job("weather", 10.0, renew, within_s=60.0)
