"""Pictures and fonts are uploaded: made plain once, kept in SQL, published to every process."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.problems import Invalid, Problem, TooLarge
from app.flows import publications
from app.flows.cleaning.cleaned import MOVING_BYTES
from app.flows.normalising import Unusable, normalise
from app.flows.publishing import let_out, require_hot
from app.stores.cold import assets
from app.stores.cold.assets import Asset
from app.stores.cold.engine import Cold
from app.stores.hot.server import HotStore

UPLOAD_BYTES = 10 * 2**20
NAME = re.compile(r"[A-Za-z0-9._-]{1,100}\Z")


@dataclass(frozen=True, slots=True)
class Upload:
    """What is kept of an uploaded file, and in words what was changed for that."""

    asset: Asset
    changes: Sequence[str]


def upload(
    cold: Cold,
    hot: HotStore,
    name: str,
    content: bytes,
    *,
    now: datetime,
    moving_bytes: int = MOVING_BYTES,
) -> Upload:
    """Keep a picture or a font under a name; one of that name is replaced, also in what was sent.

    A moving GIF of more than `moving_bytes` is made lighter. Raises Invalid, TooLarge, Unavailable.
    """
    if not NAME.match(name):
        raise Invalid(problems=[Problem("/name", "must be 1 to 100 of the characters A-Z a-z 0-9 . _ -")])
    if len(content) > UPLOAD_BYTES:
        raise TooLarge(
            f"A file has {UPLOAD_BYTES // 2**20} MB at most: make a picture smaller, or save it as JPEG."
        )
    try:
        plain = normalise(content, moving_bytes=moving_bytes, is_font_taken=True)
    except Unusable as wrong:
        raise Invalid(problems=[Problem("/file", str(wrong))]) from wrong
    digest = hashlib.sha256(plain.content).hexdigest()
    asset = Asset(name, digest, plain.mimetype, plain.width, plain.height, plain.content)
    require_hot(hot)
    with cold.writing() as connection:
        assets.save(connection, asset, now=now)
    let_out(hot, publications.of_asset(asset), "The file")
    return Upload(asset, plain.changes)
