"""Pictures are uploaded: decoded once within bounds, kept in SQL, published to every process."""

import hashlib
import re
from datetime import datetime

from app.domain.problems import Invalid, Problem, TooLarge
from app.flows import publications
from app.flows.publishing import let_out, require_hot
from app.stores.cold import assets
from app.stores.cold.assets import Asset
from app.stores.cold.engine import Cold
from app.stores.hot.server import HotStore
from renderers.assets import Undecodable, decode

ASSET_BYTES = 2 * 2**20
MAGIC = ((b"\x89PNG", "image/png"), (b"\xff\xd8", "image/jpeg"), (b"GIF8", "image/gif"))
NAME = re.compile(r"[A-Za-z0-9._-]{1,100}\Z")


def upload(cold: Cold, hot: HotStore, name: str, content: bytes, *, now: datetime) -> Asset:
    """Keep a picture under a name; one of that name is replaced, also in what was sent.

    Raises Invalid, TooLarge, Unavailable.
    """
    if not NAME.match(name):
        raise Invalid(problems=[Problem("/name", "must be 1 to 100 of the characters A-Z a-z 0-9 . _ -")])
    if len(content) > ASSET_BYTES:
        raise TooLarge(
            f"A picture has {ASSET_BYTES // 2**20} MB at most; this has {len(content) / 2**20:.1f} MB."
        )
    try:
        width_px, height_px = decode(content).size
    except Undecodable as wrong:
        raise Invalid(problems=[Problem("/file", str(wrong))]) from wrong
    digest = hashlib.sha256(content).hexdigest()
    asset = Asset(name, digest, _mimetype(content), width_px, height_px, content)
    require_hot(hot)
    with cold.writing() as connection:
        assets.save(connection, asset, now=now)
    let_out(hot, publications.of_asset(asset), "The picture")
    return asset


def _mimetype(content: bytes) -> str:
    # It was decoded as one of these three, so one of them it is.
    return next(mimetype for magic, mimetype in MAGIC if content.startswith(magic))
