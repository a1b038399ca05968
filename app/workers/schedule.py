"""Every job of the workers, and how often it is done."""

from app.flows.bandits import learn
from app.flows.rebuilding import catch_up
from app.wiring import House
from app.workers.catalog_jobs import catalog_jobs
from app.workers.jobs import Job, Turn
from app.workers.surrounding_jobs import surrounding_jobs


def jobs_of(house: House) -> tuple[Job, ...]:
    """The jobs of a deployment."""
    return (
        Job("catch-up", 600.0, lambda _: _catch_up(house)),
        *catalog_jobs(house),
        *surrounding_jobs(house),
        Job("bandits", 600.0, lambda turn: _learn(house, turn)),
    )


def _catch_up(house: House) -> str:
    # Publishing tells everyone itself; this mends what broke between its two writes.
    return f"{catch_up(house.hot, house.cold)} documents published"


def _learn(house: House, turn: Turn) -> str:
    return f"{learn(house.hot, house.cold, now=turn.now)} bandits changed"
