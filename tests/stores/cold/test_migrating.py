"""Migrations give exactly the tables that the code knows, on both databases, from any folder."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.stores.cold import catalog_tables, touches, vote_tables
from app.stores.cold.engine import Cold, connect
from app.stores.cold.migrating import FOLDER, downgrade, migrate
from app.stores.cold.revision import NEWEST, is_current
from app.stores.cold.tables import metadata
from app.stores.cold.touches import Touch
from tests import make


def test_the_migrated_tables_are_those_of_the_code(cold: Cold) -> None:
    with cold.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        differences = compare_metadata(context, metadata)

    assert differences == []
    assert {vote_tables.votes.metadata, catalog_tables.items.metadata} == {metadata}


def test_the_newest_revision_is_the_last_script() -> None:
    assert ScriptDirectory(str(FOLDER)).get_heads() == [NEWEST]


def test_migrating_twice_changes_nothing(cold: Cold, database_url: str) -> None:
    migrate(database_url)

    assert is_current(cold.engine)


def test_a_downgrade_leaves_nothing_and_an_upgrade_brings_it_back(cold: Cold, database_url: str) -> None:
    downgrade(database_url, "base")
    was_current = is_current(cold.engine)
    migrate(database_url)

    assert not was_current
    assert is_current(cold.engine)


def test_touches_survive_that_they_are_told_apart_by_customer_and_back(cold: Cold, database_url: str) -> None:
    def of(customer_id: str) -> Touch:
        return Touch(touch_id="t-1", customer_id=customer_id, changed_at=make.NOW, tags=("vip",))

    with cold.writing() as connection:
        touches.save_many(connection, [of("bob"), of("ana")])

    downgrade(database_url, "0001")
    migrate(database_url)

    with cold.reading() as connection:
        held = [touches.fetch(connection, customer_id, "t-1") for customer_id in ("ana", "bob")]
    assert held == [of("ana"), None]


def test_migrating_works_from_any_folder_and_makes_the_databases(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    migrate("sqlite:///new/folder/mailtide.db")

    cold = connect("sqlite:///new/folder/mailtide.db")
    assert is_current(cold.engine)
    cold.close()


def test_an_empty_database_is_not_current(tmp_path: Path) -> None:
    cold = connect(f"sqlite:///{tmp_path}/empty.db")

    assert not is_current(cold.engine)
    cold.close()
