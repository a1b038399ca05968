"""Uploaded pictures, and API keys."""

from dataclasses import replace
from datetime import timedelta

from app.stores.cold import api_keys, assets
from app.stores.cold.api_keys import ApiKey
from app.stores.cold.assets import Asset
from app.stores.cold.engine import Cold
from tests import make

HERO = Asset("hero", "ab" * 32, "image/png", 600, 200, b"\x89PNG\0\xff")
KEY = ApiKey("key-1", "shop", ("ingest", "decide"), "cd" * 32, make.NOW)


def test_an_asset_is_kept_byte_for_byte_and_replaced_by_name(cold: Cold) -> None:
    newer = replace(HERO, content=b"other", width=300)

    with cold.writing() as connection:
        assets.save(connection, HERO, now=make.NOW)
        first = assets.fetch(connection, "hero")
        assets.save(connection, newer, now=make.NOW)
        everything = list(assets.everything(connection))

    assert (first, everything) == (HERO, [newer])


def test_an_asset_can_be_forgotten(cold: Cold) -> None:
    with cold.writing() as connection:
        assets.save(connection, HERO, now=make.NOW)

        assert (assets.delete(connection, "hero"), assets.delete(connection, "hero")) == (True, False)
        assert assets.fetch(connection, "hero") is None


def test_a_key_is_found_by_its_digest_and_revoked_once(cold: Cold) -> None:
    with cold.writing() as connection:
        api_keys.create(connection, KEY)
        found = api_keys.by_digest(connection, KEY.digest)
        revoked = [api_keys.revoke(connection, "key-1", now=make.NOW) for _ in range(2)]
        listed = api_keys.page(connection)

    assert found == KEY
    assert revoked == [True, False]
    assert listed == [replace(KEY, revoked_at=make.NOW)]


def test_the_last_use_of_a_key_is_kept_to_the_hour(cold: Cold) -> None:
    with cold.writing() as connection:
        api_keys.create(connection, KEY)
        seen = []
        for minutes in (0, 30, 61):
            api_keys.touch_used(connection, ["key-1"], now=make.NOW + timedelta(minutes=minutes))
            [key] = api_keys.page(connection)
            seen.append(key.last_used_at)

    assert seen == [make.NOW, make.NOW, make.NOW + timedelta(minutes=61)]
