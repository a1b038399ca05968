"""The HTML of one message as it lies in a demo customer's inbox: wrapped for its touch, like any other."""

from app.demo import contents
from app.demo.inbox import Arrived
from app.demo.loading import shop_url
from app.flows.addressing import Reader, addresses
from app.wiring import House


def html_of(house: House, arrived: Arrived) -> str:
    """The email. Raises Unavailable."""
    base_url = house.settings.base_url
    made = addresses(house.front, base_url)
    letter = arrived.letter
    reader = Reader(letter.message_id, arrived.person.customer_id, arrived.touch_id, arrived.sent_at)
    html = contents.email(letter, shop_url=shop_url(base_url), pictures_url=f"{base_url}/demo/pictures")
    for block_id in letter.message["blocks"]:
        html = html.replace(f'data-mailtide-block="{block_id}"', f'src="{made.image(reader, block_id)}"')
    return html.replace("{{unsubscribe}}", made.unsubscribe(reader))
