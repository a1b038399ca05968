"""One process's application: the edge in front of Flask, and the keeper beside them."""

from app.web.app import create
from app.web.edge import Edge
from app.web.keeper import Keeper
from app.wiring import House


def serve(house: House) -> Edge:
    """The callable for a WSGI server; starts the process's keeper."""
    Keeper(house.snapshot, house.hot, house.spool, house.front.gallery, house.front.world.places).start()
    rest = create(house)
    return Edge(house.front, house.hot, house.spool, rest, trusted_proxies=house.settings.trusted_proxies)
