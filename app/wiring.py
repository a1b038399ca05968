"""Settings -> the real stores and what stands on them; built nowhere else."""

import sys
from dataclasses import dataclass

import structlog

from app.domain.blocks import holdout_of
from app.domain.tokens import Keyring
from app.flows import fonts
from app.flows.pictures import Gallery
from app.flows.places import NoPlaces, Places
from app.flows.remote_images import RemoteImages
from app.flows.slow_work import SlowWork
from app.flows.surroundings import World
from app.flows.visiting import Front
from app.settings import Settings
from app.stores.absence import Unavailable
from app.stores.cold.engine import Cold
from app.stores.cold.engine import connect as connect_cold
from app.stores.hot.published import Snapshot
from app.stores.hot.server import HotStore
from app.stores.hot.server import connect as connect_hot
from app.stores.hot.spool import Spool

log = structlog.get_logger("wiring")


@dataclass(frozen=True, slots=True)
class House:
    """One process's parts."""

    settings: Settings
    hot: HotStore
    cold: Cold
    spool: Spool
    keyring: Keyring
    snapshot: Snapshot
    front: Front

    def close(self) -> None:
        """Let go of files, connections and threads."""
        self.front.gallery.close()
        self.spool.close()
        self.hot.close()
        self.cold.close()


def configure_logs(level: str) -> None:
    """Write logs as JSON lines from this level on; the same for every process."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
    )


def build(settings: Settings) -> House:
    """Make the parts. Nothing is reached for yet but the snapshot, which may stay as on disk."""
    configure_logs(settings.log_level)
    settings.var_dir.mkdir(parents=True, exist_ok=True)
    fonts.look_in(settings.fonts_dir)
    hot = connect_hot(settings.redis_url, partitions=settings.partitions)
    keyring = Keyring(settings.signing_keys)
    snapshot = Snapshot(hot, settings.var_dir / "published.json", log=_refused)
    try:
        snapshot.refresh()
    except Unavailable:
        log.warning("redis_away_at_start", snapshot_revision=snapshot.revision)
    gallery = Gallery(
        snapshot,
        image_max_bytes=settings.image_max_bytes,
        slow=SlowWork(),
        remote=_remote(settings, hot),
        link_hosts=settings.link_hosts,
    )
    return House(
        settings=settings,
        hot=hot,
        cold=connect_cold(settings.database_url),
        spool=Spool(settings.var_dir / "spool"),
        keyring=keyring,
        snapshot=snapshot,
        front=Front(
            keyring,
            snapshot,
            gallery,
            world=World(settings.deployment_zone, _places(settings)),
            holdout=holdout_of(settings.global_holdout_percent, "")
            if settings.global_holdout_percent
            else None,
        ),
    )


def _places(settings: Settings) -> Places | None:
    if settings.place_file is None:
        return None
    try:
        return Places(settings.place_file)
    except NoPlaces as wrong:
        # Opens go on without: the place of every reader is unknown.
        log.error("no_places", reason=str(wrong))
        return None


def _remote(settings: Settings, hot: HotStore) -> RemoteImages | None:
    if not settings.image_hosts:
        return None
    return RemoteImages(hot, settings.image_hosts, wait_s=settings.image_wait_ms / 1000)


def _refused(name: str, reason: str) -> None:
    log.error("publication_refused", name=name, reason=reason)
