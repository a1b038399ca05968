"""The jobs of catalogues: copies that broke are mended, lists made anew, and what goes together is learnt."""

from app.flows import catalogs, popularity, shelving
from app.flows.feeds import polling, saying
from app.wiring import House
from app.workers.jobs import Job, Turn

SHELVE_EVERY_S = 15.0  # so long a new item may wait for its place in a list
RELATE_EVERY_S = 600.0
FEEDS_EVERY_S = 30.0  # how often it is looked which feeds are due


def catalog_jobs(house: House) -> tuple[Job, ...]:
    """What is done for catalogues, and how often."""
    return (
        Job(shelving.JOB, SHELVE_EVERY_S, lambda turn: _shelve(house, turn)),
        Job(saying.JOB, FEEDS_EVERY_S, lambda turn: _poll(house, turn)),
        Job("related-items", RELATE_EVERY_S, lambda turn: _relate(house, turn)),
    )


def _shelve(house: House, turn: Turn) -> str:
    house.snapshot.refresh()
    copied = catalogs.bring_along(house.cold, house.hot)
    learnt = popularity.learn(house.cold, house.hot, now=turn.now)
    made = shelving.shelve(house.cold, house.hot, house.snapshot.blocks(), now=turn.now)
    return f"{copied} catalogues copied, {learnt} events read, lists of {made} catalogues made"


def _relate(house: House, turn: Turn) -> str:
    return f"{popularity.relate(house.cold, house.hot, now=turn.now)} items have others that go with them"


def _poll(house: House, turn: Turn) -> str:
    looked, failed = polling.poll_due(
        house.cold,
        house.hot,
        polling.fetch_public,
        now=turn.now,
        is_over=turn.is_over,
        link_hosts=house.settings.link_hosts,
    )
    return f"{looked} feeds looked at, {failed} failed"
