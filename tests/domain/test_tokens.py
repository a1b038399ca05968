"""Tokens: what was signed comes back, and nothing else ever opens anything."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.tokens import BadToken, Keyring, Kind, Ticket

OLD, NEW = "an-old-secret-of-thirty-two-chars", "a-new-secret-of-thirty-two-chars!"
SENT_AT = datetime(2026, 11, 20, 9, 2, tzinfo=UTC)
TICKET = Ticket(Kind.IMAGE, "spring", "spring-hero", "ana", "t-1", SENT_AT)

ids = st.text(st.characters(codec="utf-8"), max_size=60)
tickets = st.builds(
    Ticket,
    st.sampled_from(Kind),
    ids,
    ids,
    ids,
    ids,
    st.none() | st.integers(1, 2**32 - 1).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
)


@given(tickets)
def test_a_token_says_what_was_signed(ticket: Ticket) -> None:
    keyring = Keyring([NEW])

    assert keyring.verify(keyring.sign(ticket), ticket.kind) == ticket


def test_a_token_of_ordinary_ids_stays_short() -> None:
    assert len(Keyring([NEW]).sign(TICKET)) < 80


def test_old_keys_verify_and_new_ones_sign() -> None:
    before = Keyring([OLD]).sign(TICKET)
    keyring = Keyring([NEW, OLD])

    assert keyring.verify(before, Kind.IMAGE) == TICKET
    assert keyring.sign(TICKET) == Keyring([NEW]).sign(TICKET)


def test_a_retired_key_opens_nothing() -> None:
    with pytest.raises(BadToken):
        Keyring([NEW]).verify(Keyring([OLD]).sign(TICKET), Kind.IMAGE)


def test_a_token_opens_only_the_endpoint_it_was_made_for() -> None:
    keyring = Keyring([NEW])

    with pytest.raises(BadToken):
        keyring.verify(keyring.sign(TICKET), Kind.PIXEL, Kind.LINK)


def test_every_single_changed_character_is_noticed() -> None:
    keyring = Keyring([NEW])
    token = keyring.sign(TICKET)

    for place, letter in enumerate(token):
        forged = token[:place] + ("A" if letter != "A" else "B") + token[place + 1 :]
        with pytest.raises(BadToken):
            keyring.verify(forged, Kind.IMAGE)


@settings(max_examples=2_000)
@given(st.text(max_size=900) | st.binary(max_size=300).map(lambda raw: raw.hex()))
def test_random_tokens_are_refused_and_never_raise_anything_else(token: str) -> None:
    with pytest.raises(BadToken):
        Keyring([NEW]).verify(token, *Kind)


@settings(max_examples=500)
@given(st.binary(max_size=200))
def test_well_signed_nonsense_is_refused_too(body: bytes) -> None:
    import base64

    from app.domain import tokens

    keyring = Keyring([NEW])
    mac = tokens._mac(tokens._derive(NEW), body)
    token = base64.urlsafe_b64encode(body + mac).rstrip(b"=").decode()

    try:
        keyring.verify(token, *Kind)
    except BadToken:
        return
    assert body[0] >> 4 == tokens.LAYOUT


def test_a_customer_key_names_its_customer() -> None:
    keyring = Keyring([NEW])

    assert keyring.verify_customer(keyring.customer_key("ana@example.com")) == "ana@example.com"


def test_no_secret_at_all_is_refused_at_boot() -> None:
    with pytest.raises(ValueError, match="SIGNING_KEYS is empty: set at least one secret"):
        Keyring([])
