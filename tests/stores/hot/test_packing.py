"""The packed ledger: what goes in comes out, in 27 bytes a touch."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.frequency.ledger import Entry, Words, dispatch_mark, touch_mark
from app.stores.hot.packing import (
    Unreadable,
    digest_of,
    digests,
    dump_words,
    load_words,
    ordered,
    pack,
    unpack,
)

texts = st.none() | st.text(min_size=1, max_size=20)
words = st.builds(
    Words,
    channel=texts,
    category=texts,
    touch_class=texts,
    tags=st.lists(st.text(min_size=1, max_size=8), max_size=4).map(ordered),
    topic=texts,
    campaign=texts,
    message_id=texts,
    lost=st.just(b""),
)
entries = st.builds(
    lambda at_ms, mark, ttl_ms, touch, dispatch, said: Entry(
        at_ms, mark, at_ms + ttl_ms, touch_mark(touch), dispatch_mark(dispatch), said
    ),
    st.integers(0, 2**48 - 1),
    st.integers(0, 7),
    st.integers(0, 2**32 - 1),
    st.text(max_size=8),
    st.text(max_size=8),
    words,
)


@given(st.lists(entries, max_size=30))
def test_what_is_packed_is_what_comes_back(held: list[Entry]) -> None:
    data = pack(held)

    assert len(data) == (1 + 27 * len(held) if held else 0)
    assert digests(data) == {digest_of(entry.words) for entry in held}
    assert unpack(data, {digest_of(entry.words): entry.words for entry in held}) == tuple(held)


@given(words)
def test_words_are_read_back_and_have_one_number_in_every_process(said: Words) -> None:
    assert load_words(dump_words(said)) == said
    assert len(digest_of(said)) == 6


def test_words_nobody_has_keep_their_number() -> None:
    entry = Entry(1, 1, 1, touch_mark("t"), 0, Words(channel="email"))

    lost = unpack(pack([entry]), {})

    assert lost[0].words.channel is None
    assert pack(lost) == pack([entry])


@pytest.mark.parametrize("data", [b"\x02" + bytes(27), b"\x01" + bytes(26), b"x"])
def test_another_layout_is_not_guessed_at(data: bytes) -> None:
    with pytest.raises(Unreadable):
        unpack(data, {})


@pytest.mark.parametrize("data", [None, b"", b"{}", b"[]", b"[1,2]", b"\xff"])
def test_words_that_are_none_read_as_missing(data: bytes | None) -> None:
    assert load_words(data) is None
