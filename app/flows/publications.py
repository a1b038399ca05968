"""What is published, in the shape the hot store holds: made here when publishing and when rebuilding."""

import base64
from collections.abc import Mapping
from typing import Any

from app.stores.cold.assets import Asset
from app.stores.cold.learnt_weights import Weighing
from app.stores.hot.published import ASSET, ATTRIBUTE, BLOCK, LINKS, MESSAGE, POLICY, SEGMENT, WEIGHTS

# The field of the `published` hash, and its document; None withdraws it.
Publication = tuple[str, Mapping[str, Any] | None]


def of_block(block_id: str, version: int, document: Mapping[str, Any], *, is_recalled: bool) -> Publication:
    """One version of a block; a recalled one serves only its fallback."""
    return BLOCK + block_id, {"version": version, "document": document, "recalled": is_recalled}


def of_policy(policy_id: str, version: int, document: Mapping[str, Any]) -> Publication:
    """One version of a policy."""
    return POLICY + policy_id, {"version": version, "document": document}


def of_segment(segment_id: str, version: int, document: Mapping[str, Any]) -> Publication:
    """One version of a segment."""
    return SEGMENT + segment_id, {"version": version, "document": document}


def of_attribute(path: str, document: Mapping[str, Any]) -> Publication:
    """What is declared of an attribute."""
    return ATTRIBUTE + path, document


def of_message(message_id: str, document: Mapping[str, Any]) -> Publication:
    """A message as rules, decisions and touches read it."""
    return MESSAGE + message_id, document


def of_links(message_id: str, urls: Mapping[int, str]) -> Publication:
    """The wrapped links of a message by number."""
    return LINKS + message_id, {"links": {str(number): url for number, url in urls.items()}}


def of_asset(asset: Asset) -> Publication:
    """A picture's bytes, with what they are."""
    data = base64.b64encode(asset.content).decode()
    return ASSET + asset.name, {"data": data, "mimetype": asset.mimetype, "sha256": asset.sha256}


def of_weights(weighing: Weighing) -> Publication:
    """The shares that a bandit's arms are dealt by from now on."""
    arms, shares = zip(*((one["arm"], one["share"]) for one in weighing.document["arms"]), strict=True)
    return WEIGHTS + weighing.experiment_id, {
        "number": weighing.number,
        "coverage": weighing.document["coverage"],
        "arms": list(arms),
        "shares": list(shares),
    }
