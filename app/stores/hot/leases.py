"""Leases: of several workers one does a piece of work, and another takes it over when that one died."""

from app.stores.hot.keys import lease
from app.stores.hot.server import HotStore, answering


def take(store: HotStore, name: str, holder: str, *, ms: int) -> bool:
    """Take a lease that nobody holds; it ends by itself. Raises Unavailable."""
    with answering():
        return bool(store.client.set(lease(name), holder, nx=True, px=ms))


def keep(store: HotStore, name: str, holder: str, *, ms: int) -> bool:
    """Hold it so much longer; False when it is somebody else's by now. Raises Unavailable."""
    with answering():
        return bool(store.scripts.call("hold_lease", [lease(name)], [holder, ms]))


def leave(store: HotStore, name: str, holder: str) -> None:
    """Let go of a lease that is still ours. Raises Unavailable."""
    with answering():
        store.scripts.call("hold_lease", [lease(name)], [holder, 0])
