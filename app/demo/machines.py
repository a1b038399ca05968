"""Machines that fetch an email's pictures as mail providers' do, by the flow that the edge drives too."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.demo.inbox import Arrived
from app.domain.opener import Client
from app.flows.addressing import Reader, addresses
from app.flows.clicks import click
from app.flows.driving import drive
from app.flows.opens import open_image
from app.flows.visiting import Ask
from app.wiring import House


@dataclass(frozen=True, slots=True)
class Machine:
    """Something that fetches: what it is called here, and the user agent it comes with."""

    name: str
    user_agent: str
    follows_links: bool = False


MACHINES: Mapping[str, Machine] = {
    "apple": Machine("Apple’s prefetch", "Mozilla/5.0"),
    "gmail": Machine(
        "Gmail’s proxy",
        "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
    ),
    "scanner": Machine(
        "a scanner",
        "Mozilla/5.0 (compatible; Barracuda Sentinel (EE); +https://barracuda.example)",
        follows_links=True,
    ),
}


def fetch_as(
    house: House, machine: Machine, arrived: Arrived, *, now: datetime, new_id: Callable[[], str]
) -> None:
    """Fetch every block's picture of one touch, and its links where the machine does. Raises nothing."""
    made = addresses(house.front, house.settings.base_url)
    reader = Reader(arrived.letter.message_id, arrived.person.customer_id, arrived.touch_id, arrived.sent_at)
    client = Client(user_agent=machine.user_agent, ip="198.51.100.7")
    for block_id in arrived.letter.message["blocks"]:
        ask = Ask(_token(made.image(reader, block_id)), client, now, new_id())
        drive(open_image(ask, house.front), house.hot, house.spool)
        if machine.follows_links:
            ask = Ask(_token(made.block_link(reader, block_id)), client, now, new_id())
            drive(click(ask, house.front), house.hot, house.spool)


def _token(url: str) -> str:
    return url.rsplit("/", 1)[1].partition(".")[0]
