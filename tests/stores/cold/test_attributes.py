"""Attributes: what is declared stands over what was seen, and what was seen is bounded."""

from datetime import timedelta

from app.stores.cold import attributes
from app.stores.cold.engine import Cold
from tests import make

LATER = make.NOW + timedelta(hours=1)


def test_what_was_seen_is_proposed_once(cold: Cold) -> None:
    with cold.writing() as connection:
        first = attributes.propose(connection, {"customer.a": {"type": "string"}}, now=make.NOW)
        again = attributes.propose(connection, {"customer.a": {"type": "number"}}, now=LATER)

    with cold.reading() as connection:
        [kept] = attributes.everything(connection)
    assert (first, again) == (1, 0)
    assert (kept.source, kept.document, kept.updated_at) == ("proposed", {"type": "string"}, make.NOW)


def test_a_declaration_takes_the_place_of_a_proposal_and_stays(cold: Cold) -> None:
    with cold.writing() as connection:
        attributes.propose(connection, {"customer.a": {"type": "string"}}, now=make.NOW)
        attributes.declare(connection, "customer.a", {"type": "number"}, now=LATER, by="key-1")
        attributes.propose(connection, {"customer.a": {"type": "string"}}, now=LATER)

    with cold.reading() as connection:
        assert attributes.everything(connection, source="proposed") == []
        [kept] = attributes.everything(connection, source="declared")
        assert attributes.unknown(connection, {"customer.a", "customer.b"}) == {"customer.b"}
    assert (kept.document, kept.updated_by) == ({"type": "number"}, "key-1")


def test_no_more_is_proposed_than_anybody_looks_through(cold: Cold) -> None:
    found = {f"customer.a{number:05}": {"type": "string"} for number in range(1_200)}

    with cold.writing() as connection:
        assert attributes.propose(connection, found, now=make.NOW) == attributes.PROPOSED_MAX
        assert attributes.propose(connection, {"customer.b": {"type": "string"}}, now=make.NOW) == 0


def test_what_is_forgotten_may_be_seen_again(cold: Cold) -> None:
    with cold.writing() as connection:
        attributes.declare(connection, "customer.a", {"type": "number"}, now=make.NOW, by="key-1")
        assert attributes.delete(connection, "customer.a") == "declared"
        assert attributes.delete(connection, "customer.a") is None
        assert attributes.propose(connection, {"customer.a": {"type": "string"}}, now=LATER) == 1
