"""Migrations make exactly the tables of bot/store/tables.py, and keep the full-text index beside them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot.errors import StoreError
from bot.models import ArchiveQuery, Figures
from bot.store import open_store, search_index
from bot.store.engine import Database
from bot.store.migrations import head, upgrade
from bot.store.tables import metadata
from tests.store.factories import a_review, new, poll
from tests.store.threads import side_by_side

pytestmark = pytest.mark.usefixtures("real_migrations")


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/new/folder/store.db"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    database = Database(url)
    yield database
    database.close()


def differences(database: Database) -> list[object]:
    """What Alembic would write a migration for."""
    with database.reading() as connection:
        options = {
            "compare_type": True,
            "include_name": lambda name, kind, parents: not search_index.is_hidden(name),
        }
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


def triggers(database: Database) -> set[str]:
    with database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        return {name for (name,) in rows}


def test_upgrading_to_head_gives_the_tables_of_this_version(database: Database) -> None:
    assert differences(database) != []
    upgrade(database)
    assert differences(database) == []
    upgrade(database)
    assert differences(database) == []


def test_the_last_migration_is_known_without_waiting_for_alembic() -> None:
    config = Config()
    config.set_main_option("script_location", "bot.store:migrations")
    config.set_main_option("path_separator", "os")
    assert head() == ScriptDirectory.from_config(config).get_current_head()


def test_the_search_index_has_its_triggers_or_its_column(database: Database) -> None:
    upgrade(database)
    if database.is_sqlite:
        expected = {f"reviews_fts_{event}" for event in ("insert", "update", "delete")}
        assert triggers(database) == expected
        return
    with database.reading() as connection:
        query = "SELECT is_generated FROM information_schema.columns WHERE column_name = 'reviews_fts'"
        assert connection.exec_driver_sql(query).scalar_one() == "ALWAYS"


def test_the_search_index_can_be_dropped_and_made_again_with_what_is_there(url: str) -> None:
    store = open_store(url)
    poll(store, new(a_review("Baby Rowan")))
    with store._database.writing() as connection:
        search_index.drop(connection)
        search_index.create(connection)
    assert len(store.search(ArchiveQuery(words="rowan"))) == 1
    store.close()


def test_processes_that_start_together_take_turns(url: str) -> None:
    side_by_side(*[lambda: open_store(url).close()] * 3)
    open_store(url).close()


def test_a_database_of_a_newer_version_is_left_alone(url: str) -> None:
    store = open_store(url)
    with store._database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    store.close()
    with pytest.raises(StoreError, match="newer version"):
        open_store(url)


def test_a_poll_from_before_figures_were_kept_is_still_the_last_good_one(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/store.db"
    database = Database(url)
    upgrade(database, "0001")
    columns = "source_id, read, started, ended, state, new, revised, withdrawn, detail, validators"
    with database.writing() as connection:
        connection.exec_driver_sql(
            f"INSERT INTO source_runs ({columns}) VALUES ('saltmarsh', 1, '2026-11-02 08:00:00.000000',"
            " '2026-11-02 08:00:00.000000', 'good', 3, 0, 0, '', '{}')"
        )
    database.close()
    store = open_store(url)
    run = store.last_good_run("saltmarsh")
    assert run is not None
    assert run.figures == Figures()
    store.close()


def test_numbers_of_readers_and_deliveries_are_never_given_twice(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/store.db")
    upgrade(database)
    with database.reading() as connection:
        for table in ("subscribers", "deliveries"):
            query = f"SELECT sql FROM sqlite_master WHERE name = '{table}'"
            assert "AUTOINCREMENT" in connection.exec_driver_sql(query).scalar_one()
    database.close()
