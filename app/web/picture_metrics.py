"""What drawing costs and saves, for /metrics: read once a second, so that no open pays for it."""

import structlog
from prometheus_client import Counter, Gauge

from app.flows.pictures import Gallery

PICTURES = Counter(
    "mailtide_pictures_total", "Pictures shown, by whether they were kept ready or had to be drawn", ["found"]
)
PICTURES_BYTES = Gauge(
    "mailtide_pictures_held_bytes", "Bytes of pictures kept ready", multiprocess_mode="livesum"
)
DESIGNS_BYTES = Gauge(
    "mailtide_designs_held_bytes", "Bytes of compiled designs kept", multiprocess_mode="livesum"
)
HEAVY = Counter("mailtide_heavy_pictures_total", "Pictures drawn that no step brought under IMAGE_MAX_BYTES")
REMOTE = Counter(
    "mailtide_remote_images_total", "Pictures of other servers that were to be shown, by how", ["found"]
)
MISSING = Counter(
    "mailtide_missing_characters_total",
    "Different characters drawn as an empty box, no face having them",
    ["script"],
)

log = structlog.get_logger("pictures")


class PictureMeter:
    """Carries one process's figures over into the counters."""

    def __init__(self, gallery: Gallery) -> None:
        self._gallery = gallery
        self._told: dict[tuple[str, str], int] = {}

    def read(self) -> None:
        """Add what came since the last reading."""
        gallery = self._gallery
        PICTURES.labels("kept").inc(self._new(("pictures", "kept"), gallery.hits))
        PICTURES.labels("drawn").inc(self._new(("pictures", "drawn"), gallery.misses))
        if gallery.remote is not None:
            for how, count in list(gallery.remote.found.items()):
                REMOTE.labels(how).inc(self._new(("remote", how), count))
        HEAVY.inc(self._new(("pictures", "heavy"), gallery.heavy))
        for block_id, heaviest in list(gallery.heavy_blocks.items()):
            if self._new(("heavy", block_id), heaviest):
                log.warning("picture_over_budget", block_id=block_id, bytes=heaviest)
        for script, count in gallery.missing_characters().items():
            MISSING.labels(script).inc(self._new(("missing", script), count))
        pictures, designs = gallery.held_bytes
        PICTURES_BYTES.set(pictures)
        DESIGNS_BYTES.set(designs)

    def _new(self, name: tuple[str, str], count: int) -> int:
        before = self._told.get(name, 0)
        self._told[name] = count
        return count - before
