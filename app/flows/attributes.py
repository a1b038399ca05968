"""Attributes: what rules and templates may read, told and declared."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.domain.attributes import Attribute, Source
from app.domain.built_in_attributes import BUILT_IN
from app.domain.declarations import compile_attribute
from app.domain.problems import NotFound
from app.flows import publications
from app.flows.publishing import let_out, require_hot
from app.flows.vocabulary import catalogue_of
from app.stores.cold import attributes
from app.stores.cold.engine import Cold
from app.stores.hot.published import ATTRIBUTE
from app.stores.hot.server import HotStore


def everything(cold: Cold, source: Source | None) -> list[Attribute]:
    """The catalogue by path, or those of one source. Raises Unavailable."""
    with cold.reading() as connection:
        held = catalogue_of(connection).attributes.values()
    return sorted((one for one in held if source in (None, one.source)), key=lambda one: one.path)


def declare(
    cold: Cold, hot: HotStore, path: str, document: Mapping[str, Any], *, now: datetime, by: str
) -> Attribute:
    """Say what an attribute of customers is. Blocks know within a second whether it is personal.

    Raises Invalid, Unavailable.
    """
    declared = compile_attribute(path, document, BUILT_IN)
    require_hot(hot)
    with cold.writing() as connection:
        attributes.declare(connection, path, document, now=now, by=by)
    let_out(hot, publications.of_attribute(path, document), "The declaration")
    return declared


def forget(cold: Cold, hot: HotStore, path: str) -> None:
    """Take back what was declared or proposed; should it be seen again, it is proposed again.

    Raises NotFound, Unavailable.
    """
    require_hot(hot)
    with cold.writing() as connection:
        source = attributes.delete(connection, path)
    if source is None:
        raise NotFound(f"Nobody declared {path}, and it was not proposed.")
    if source == attributes.DECLARED:
        let_out(hot, (ATTRIBUTE + path, None), "The deletion")
