"""What a person reads when the database is in trouble, and what never reaches them: a password."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, make_url, select
from sqlalchemy.exc import StatementError

from bot.errors import StoreError
from bot.models import Failure, SavedPage
from bot.store import open_store
from bot.store.columns import Moment
from bot.store.engine import DURABLE, Database, write_ahead
from bot.store.migrations import upgrade
from bot.store.runs import STANDINGS
from bot.store.tables import metadata, source_runs
from tests.store.factories import (
    JOINED,
    a_review,
    a_run,
    a_subscription,
    enrol,
    found,
    missing,
    new,
    poll,
    revised,
)
from tests.store.threads import side_by_side

pytestmark = pytest.mark.usefixtures("real_migrations")


def test_a_new_file_is_made_with_its_folder_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "data" / "deeper" / "learning-bot.db"
    open_store(f"sqlite:///{path}").close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_is_kept_is_there_when_the_file_is_opened_again(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/store.db"
    store = open_store(url)
    poll(store, new(a_review("Baby A")))
    store.close()
    store = open_store(url)
    assert found(store, "Baby A").review == a_review("Baby A")
    store.close()


def test_sqlite_is_set_up_for_several_threads_whole_rows_and_power_cuts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.engine.DURABLE", DURABLE)  # the other tests do without
    database = Database(f"sqlite:///{tmp_path}/store.db")
    with database.reading() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "foreign_keys", "synchronous", "busy_timeout")
        }
    assert pragmas == {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 2, "busy_timeout": 10_000}
    database.close()


def test_readers_do_not_wait_for_a_writer(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/store.db?timeout=0.1")
    with store._database.writing():
        assert store.standings() == ()
    store.close()


def test_a_store_in_memory_serves_several_threads() -> None:
    store = open_store("sqlite://")
    poll(store, new(a_review("Baby A")))
    known = found(store, "Baby A")
    side_by_side(*[lambda: [poll(store, revised(known, year=2025)) for _ in range(5)]] * 4)
    assert found(store, "Baby A").revision == 21
    store.close()


def test_stores_in_memory_know_nothing_of_each_other() -> None:
    one, other = open_store("sqlite://"), open_store("sqlite:///:memory:")
    enrol(one, a_subscription())
    assert list(other.readers("weekly", JOINED)) == []
    one.close()
    other.close()


def test_a_rehearsal_in_one_thread_is_not_seen_by_another(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/store.db")
    seen: list[int] = []
    with store.rehearsal():
        enrol(store, a_subscription())
        side_by_side(lambda: seen.append(len(list(store.readers("weekly", JOINED)))))
    assert seen == [0]
    store.close()


class ABusyFile:
    """A cursor on a file that two others are opening just now; it is theirs for the first few tries."""

    def __init__(self, tries: int, said: str = "database is locked") -> None:
        self.tries, self.said, self.modes = tries, said, list[str]()

    def execute(self, statement: str) -> None:
        self.tries -= 1
        if self.tries >= 0:
            raise sqlite3.OperationalError(self.said)
        self.modes.append(statement)


def test_several_processes_may_open_a_new_file_at_once() -> None:
    """One in a thousand was told that it is locked, at once, whatever its patience."""
    busy = ABusyFile(tries=3)
    write_ahead(busy)  # type: ignore[arg-type]  # of a cursor only what is used
    assert busy.modes == ["PRAGMA journal_mode=WAL"]
    with pytest.raises(sqlite3.OperationalError, match="disk"):
        write_ahead(ABusyFile(tries=1, said="disk I/O error"))  # type: ignore[arg-type]


# --- troubles -------------------------------------------------------------------------------------------


def test_a_database_locked_by_another_program_says_so(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    store = open_store(f"sqlite:///{path}?timeout=0.05")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match=r"store\.db is locked by another program; trying again may help"):
        enrol(store, a_subscription())
    other.close()
    store.close()


def test_a_full_disk_says_so_and_keeps_nothing_half(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/store.db")
    with store._database.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 5}")
    long = a_review("Baby A", incident="words " * 20_000)
    with pytest.raises(StoreError, match="disk is full"):
        poll(store, new(a_review("Baby B")), new(long))
    assert list(store.every_review()) == []
    store.close()


def test_a_folder_that_may_not_be_written_says_so(tmp_path: Path) -> None:
    """In a process without root's rights, which would be let through."""
    open_store(f"sqlite:///{tmp_path}/store.db").close()
    for left_over in tmp_path.glob("store.db-*"):
        left_over.unlink()
    (tmp_path / "store.db").chmod(0o444)
    tmp_path.chmod(0o555)
    program = (
        "from bot.store import open_store\n"
        "try: open_store('sqlite:///store.db').enrol([], __import__('datetime').datetime(2026, 1, 1))\n"
        "except Exception as error: print(type(error).__name__, error)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        preexec_fn=give_up_rights,
    )
    tmp_path.chmod(0o755)
    assert ended.stdout.startswith("StoreError the database store.db "), ended.stdout + ended.stderr
    assert "writable" in ended.stdout


def give_up_rights() -> None:
    """Drop the capability to pass over file permissions, where the tests run as root (CAP_DAC_OVERRIDE)."""
    import ctypes

    if os.geteuid() == 0:
        ctypes.CDLL(None).prctl(24, 1, 0, 0, 0)
        ctypes.CDLL(None).prctl(24, 2, 0, 0, 0)


def test_a_file_that_is_no_database_says_so(tmp_path: Path) -> None:
    path = tmp_path / "sources.yaml"
    path.write_text("sources: []\n" * 200)
    with pytest.raises(StoreError, match=r"sources\.yaml is not a database"):
        open_store(f"sqlite:///{path}")
    assert path.read_text().startswith("sources"), "and it is left as it was"


def test_a_folder_in_place_of_the_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be opened"):
        open_store(f"sqlite:///{tmp_path}")
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"store\.db cannot be made"):
        open_store(f"sqlite:///{tmp_path}/file/store.db")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "learning-bot.db",
        "mysql://root:s3cret@db/x",
        "postgres://me:s3cret@db/x",
        "postgresql://me:s3cret@db:port/x",
        "sqlite+nonesuch:///x.db",
    ],
)
def test_an_address_that_is_none_says_what_would_be_right_and_no_password(url: str) -> None:
    with pytest.raises(StoreError, match=r"right would be sqlite:///data/learning-bot\.db") as caught:
        open_store(url)
    assert "s3cret" not in str(caught.value)


def test_a_server_that_is_not_there_says_so() -> None:
    with pytest.raises(
        StoreError, match=r"PostgreSQL at 127\.0\.0\.1, database reviews cannot be reached"
    ) as error:
        open_store("postgresql+psycopg://bot:s3cret@127.0.0.1:1/reviews")
    assert "s3cret" not in str(error.value)


def test_a_wrong_password_says_so_and_shows_none(postgres_url: str) -> None:
    url = make_url(postgres_url).set(password="s3cret").render_as_string(hide_password=False)
    with pytest.raises(StoreError, match="refused the user or the password") as error:
        open_store(url)
    assert "s3cret" not in str(error.value)


def test_a_database_that_does_not_exist_says_so(postgres_url: str) -> None:
    url = make_url(postgres_url).set(database="nonesuch").render_as_string(hide_password=False)
    with pytest.raises(StoreError, match="database nonesuch or its user does not exist"):
        open_store(url)


def test_a_connection_that_the_server_ended_is_not_used_again(postgres_url: str) -> None:
    database, other = Database(postgres_url), Database(postgres_url)
    with database.reading() as connection:
        number = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    with other.reading() as connection:
        connection.exec_driver_sql(f"SELECT pg_terminate_backend({number}, 5000)")
    with database.writing() as connection:
        assert connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one() != number
    database.close()
    other.close()


def test_a_record_that_cannot_be_read_says_so_and_shows_nothing_of_it() -> None:
    store = open_store("sqlite://")
    poll(store, new(a_review("Baby A")))
    with store._database.writing() as connection:
        connection.exec_driver_sql("UPDATE reviews SET record = '{\"title\": 1}'")
    with pytest.raises(StoreError, match="holds a Review that this version cannot read"):
        list(store.every_review())
    store.close()


def test_a_statement_that_fails_shows_no_values() -> None:
    store = open_store("sqlite://")
    enrol(store, a_subscription())
    with pytest.raises(StoreError) as caught, store._database.writing() as connection:
        connection.execute(metadata.tables["subscribers"].insert(), {"address": "lead@example.org"})
    assert "lead@example.org" not in f"{caught.value} {caught.value.__cause__}"
    store.close()


# --- speed ----------------------------------------------------------------------------------------------


def test_standings_go_through_no_table_however_many_polls_there_were(tmp_path: Path) -> None:
    """With 100,000 polls of 200 sources it takes 15 ms instead of 120, and every digest asks."""
    database = Database(f"sqlite:///{tmp_path}/store.db")
    upgrade(database)
    with database.reading() as connection:
        statement = STANDINGS.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")
        assert [step for *_, step in plan if step.startswith("SCAN") and "polled" not in step] == []
    database.close()


def test_an_unchanged_page_goes_through_no_table_however_full_the_archive_is(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/store.db")
    poll(store, new(a_review("Baby A")))
    poll(store, missing(found(store, "Baby A")))
    asked: list[tuple[str, Any]] = []
    event.listen(store._database.engine, "before_cursor_execute", lambda *a: asked.append((a[2], a[3])))
    assert store.absent("saltmarsh") != ()
    store.keep(a_run(state="nothing new"), ())
    with store._database.reading() as connection:
        for statement, values in [one for one in asked if one[0].startswith(("SELECT", "UPDATE"))]:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            assert [step for *_, step in plan if step.startswith("SCAN")] == [], statement
    store.close()


def test_a_page_is_compressed_while_others_may_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.store.engine.BUSY", 0.2)
    store, other = (open_store(f"sqlite:///{tmp_path}/store.db") for _ in range(2))
    failure = Failure(kind="source", subject="nspcc", text="answered 500", at=JOINED)
    compress = zlib.compress

    def beside_another_writer(body: bytes) -> bytes:
        other.fail(a_run("nspcc", state="failing"), failure)
        return compress(body)

    monkeypatch.setattr("bot.store.saved_pages.zlib.compress", beside_another_writer)
    page = SavedPage(
        source_id="saltmarsh",
        kind="good",
        fetched_at=JOINED,
        url="https://saltmarsh.example.org",
        content_type=None,
        body=b"x",
    )
    store.keep(a_run(), (), page=page)
    store.fail(a_run(state="failing"), failure, replace(page, kind="doubtful"))
    assert len(store.failures()) == 3
    store.close()
    other.close()


# --- moments --------------------------------------------------------------------------------------------


def test_a_moment_without_a_time_zone_is_refused() -> None:
    store = open_store("sqlite://")
    with pytest.raises(StatementError, match="has no time zone"):
        store.keep(a_run(at=datetime(2026, 11, 2)), ())
    assert store.last_run("saltmarsh") is None
    store.close()


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_a_moment_of_another_zone_comes_back_in_utc(database: str, request: pytest.FixtureRequest) -> None:
    url = "sqlite://" if database == "sqlite" else request.getfixturevalue("postgres_url")
    store = open_store(url)
    east = JOINED.astimezone(timezone(timedelta(hours=5)))
    store.keep(a_run(at=east.replace(microsecond=123)), ())
    run = store.last_run("saltmarsh")
    assert run is not None
    assert run.started == JOINED.replace(microsecond=123)
    assert run.started.tzinfo == UTC
    with store._database.reading() as connection:
        later = select(source_runs.c.id).where(source_runs.c.started > east)
        assert len(connection.execute(later).all()) == 1, "moments compare across zones"
    assert isinstance(source_runs.c.started.type, Moment)
    store.close()


def test_a_copy_of_the_files_of_a_running_store_is_whole(tmp_path: Path) -> None:
    """What an operator's backup takes: the file and its write-ahead log."""
    store = open_store(f"sqlite:///{tmp_path}/store.db")
    poll(store, new(a_review("Baby A")))
    (tmp_path / "backup").mkdir()
    for path in tmp_path.glob("store.db*"):
        if path.is_file():
            shutil.copy(path, tmp_path / "backup")
    copy = open_store(f"sqlite:///{tmp_path}/backup/store.db")
    assert found(copy, "Baby A").revision == 1
    copy.close()
    store.close()
