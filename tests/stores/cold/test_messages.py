"""Messages and their numbered links."""

import threading

import pytest

from app.stores.cold import messages
from app.stores.cold.drafts import StaleEdition
from app.stores.cold.engine import Cold
from tests import make

LONG = "https://shop.example/?q=" + "é" * 2_000


def test_a_message_is_saved_with_an_edition(cold: Cold) -> None:
    with cold.writing() as connection:
        first = messages.save(connection, "spring", {"channel": "email"}, now=make.NOW, expected=0)
        second = messages.save(connection, "spring", {"channel": "sms"}, now=make.NOW, expected=1)
        held = messages.fetch(connection, "spring")

    assert (first, second) == (1, 2)
    assert held is not None
    assert (held.document, held.edition, held.created_at) == ({"channel": "sms"}, 2, make.NOW)


def test_a_stale_message_is_refused(cold: Cold) -> None:
    with cold.writing() as connection:
        messages.save(connection, "spring", {"a": 1}, now=make.NOW)

    with pytest.raises(StaleEdition), cold.writing() as connection:
        messages.save(connection, "spring", {"a": 2}, now=make.NOW, expected=0)


def test_links_keep_their_numbers_when_wrapped_again(cold: Cold) -> None:
    with cold.writing() as connection:
        messages.save(connection, "spring", {}, now=make.NOW)
        first = messages.number_links(connection, "spring", ["https://a/", LONG, "https://a/"], now=make.NOW)
        second = messages.number_links(connection, "spring", ["https://new/", LONG], now=make.NOW)
        third = messages.number_links(connection, "spring", ["https://a/"], now=make.NOW)
        links = messages.links(connection, "spring")

    assert first == {"https://a/": 1, LONG: 2}
    assert second == {"https://new/": 3, LONG: 2}
    assert third == {"https://a/": 1}
    assert links == {1: "https://a/", 2: LONG, 3: "https://new/"}


def test_two_who_wrap_at_once_never_share_a_number(cold: Cold) -> None:
    with cold.writing() as connection:
        messages.save(connection, "spring", {}, now=make.NOW)

    def wrap(name: str) -> None:
        for number in range(5):
            with cold.writing() as connection:
                messages.number_links(connection, "spring", [f"https://{name}/{number}"], now=make.NOW)

    threads = [threading.Thread(target=wrap, args=(name,)) for name in ("ana", "bob")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with cold.reading() as connection:
        assert list(messages.links(connection, "spring")) == list(range(1, 11))


def test_messages_are_listed_page_by_page(cold: Cold) -> None:
    with cold.writing() as connection:
        for name in ("b", "a"):
            messages.save(connection, name, {}, now=make.NOW)

    with cold.reading() as connection:
        assert [one.message_id for one in messages.page(connection, limit=1)] == ["a"]
        assert [one.message_id for one in messages.page(connection, after="a")] == ["b"]
        assert [one.message_id for one in messages.everything(connection)] == ["a", "b"]
