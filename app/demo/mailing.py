"""The HTML of one message as it lies in a demo customer's inbox: wrapped for its touch, like any other."""

from datetime import datetime

from app.demo import contents
from app.demo.contents import Letter
from app.demo.inbox import Arrived
from app.flows.addressing import Reader, addresses
from app.flows.wrapping import Wrapping, wrap
from app.wiring import House


def html_of(house: House, arrived: Arrived, *, now: datetime) -> str:
    """The email, every address in it this touch's own. Raises Unavailable."""
    letter = arrived.letter
    reader = Reader(letter.message_id, arrived.person.customer_id, arrived.touch_id, arrived.sent_at)
    unsubscribe = addresses(house.front, house.settings.base_url).unsubscribe(reader)
    # What wrapping left alone is the platform's to fill in, and the platform is us.
    return wrapped(house, letter, reader, now=now).replace("{{unsubscribe}}", unsubscribe)


def wrapped(house: House, letter: Letter, reader: Reader, *, now: datetime) -> str:
    """The HTML as `POST /v1/messages/{id}/wrap` gives it for one touch. Raises Unavailable."""
    base_url = house.settings.base_url
    told = Wrapping(
        contents.email(letter, base_url),
        touch_id=reader.touch_id,
        customer_id=reader.customer_id,
        sent_at=reader.sent_at,
    )
    made = wrap(house.cold, house.hot, house.front, base_url, letter.message_id, told, now=now)
    return str(made["html"])
