"""What workers have in common: the configuration, turns at a host, a channel's second, the engine's tables."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import Connection, make_url, text

from bot.errors import SourceError, StoreError
from bot.store import Store, open_store
from bot.worker import tables
from tests.contract.test_delivery_contract import CHANNEL, MONDAY, SENT, queue
from tests.store import postgres
from tests.store.emptying import empty
from tests.store.factories import DAY, LEASE, a_review, new, poll, settle, tell

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def one() -> Iterator[Store]:
    store = open_store(postgres.database_or_skip())
    empty(store)
    yield store
    store.close()


@pytest.fixture
def other(one: Store) -> Iterator[Store]:
    store = open_store(postgres.database_or_skip())
    yield store
    store.close()


def test_the_configuration_of_those_at_work_holds_for_all(one: Store, other: Store) -> None:
    assert one.agree("this", MONDAY, edited=False)
    assert not other.agree("that", MONDAY + SECOND, edited=False)
    assert one.agree("this", MONDAY + SECOND, edited=False)


def test_an_edit_at_a_running_worker_holds_for_all_once_they_have_it(one: Store, other: Store) -> None:
    assert one.agree("this", MONDAY, edited=False)
    assert other.agree("that", MONDAY + SECOND, edited=True)
    assert not one.agree("this", MONDAY + SECOND, edited=False)
    assert one.agree("that", MONDAY + 2 * SECOND, edited=True)


def test_a_configuration_whose_workers_are_gone_holds_for_nobody(one: Store, other: Store) -> None:
    assert one.agree("this", MONDAY, edited=False)
    assert not other.agree("that", MONDAY + MINUTE - SECOND, edited=False)
    assert other.agree("that", MONDAY + MINUTE, edited=False)


def test_a_host_is_asked_by_one_process_at_a_time_and_the_next_knows_when_that_was(
    one: Store, other: Store
) -> None:
    assert one.turns
    assert other.turns
    order: list[str] = []

    def next_one() -> None:
        assert other.turns
        with other.turns("saltmarsh.example") as state:
            order.append("second")
            assert state.asked_at == MONDAY
            assert state.away == (MONDAY, MINUTE)

    with one.turns("saltmarsh.example") as state:
        waiting = threading.Thread(target=next_one)
        waiting.start()
        with other.turns("harrowmere.example"):  # another host's turn is free
            time.sleep(0.2)
        order.append("first")
        state.asked_at, state.away = MONDAY, (MONDAY, MINUTE)
    waiting.join(10)
    assert order == ["first", "second"]


def test_postgres_soon_finds_out_that_a_worker_s_machine_is_gone_and_a_worker_that_postgres_is(
    one: Store,
) -> None:
    with one._database.engine.connect() as first, one._database.engine.connect() as second:
        for each in (first, second):
            assert each.scalar(text("SHOW tcp_keepalives_idle")) == "15"
            assert _asks_after(each) == 15


def test_how_soon_a_worker_finds_out_can_be_said_in_the_address() -> None:
    url = make_url(postgres.database_or_skip()).update_query_dict({"keepalives_idle": "70"})
    store = open_store(url.render_as_string(hide_password=False))
    with store._database.engine.connect() as connection:
        assert _asks_after(connection) == 70
    store.close()


def _asks_after(connection: Connection) -> int:
    """The seconds of silence after which our side asks whether the other is there; 0 for never."""
    driven = connection.connection.driver_connection
    assert isinstance(driven, psycopg.Connection)
    with socket.socket(fileno=os.dup(driven.fileno())) as line:
        asks = line.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        return line.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) if asks else 0


def test_a_turn_that_ends_in_an_error_is_kept_and_given_back(one: Store, other: Store) -> None:
    assert other.turns

    def ask_in_vain() -> None:
        assert one.turns
        with one.turns("saltmarsh.example") as state:
            state.asked_at = MONDAY
            raise SourceError("no answer", trouble="failing", again=True)

    with pytest.raises(SourceError):
        ask_in_vain()
    with other.turns("saltmarsh.example") as state:
        assert state.asked_at == MONDAY


def test_a_channel_rests_a_second_between_the_messages_of_two_workers(one: Store, other: Store) -> None:
    queue(one, CHANNEL)
    poll(one, new(a_review("Baby B"), "bruising"), at=MONDAY)
    tell(one, CHANNEL, at=MONDAY + 7 * DAY)
    now = MONDAY + 8 * DAY
    (first,) = one.claim_deliveries("slack", now, LEASE, 10)
    settle(one, first.id, SENT, at=now)
    half = now + SECOND / 2
    assert other.claim_deliveries("slack", half, LEASE, 10) == ()
    assert len(other.claim_deliveries("slack", now + SECOND, LEASE, 10)) == 1


def test_the_engine_s_tables_are_made_once_and_again_where_they_are_older(postgres_url: str) -> None:
    where = tables.address(postgres_url)
    tables.prepare(where)
    _says(where, f"CREATE TABLE {tables.SCHEMA}.mark ()")
    tables.prepare(where)
    assert _says(where, f"SELECT to_regclass('{tables.SCHEMA}.mark')::text") is not None
    _says(where, f"COMMENT ON SCHEMA {tables.SCHEMA} IS '02.00.00_01_older.sql'")
    tables.prepare(where)
    assert _says(where, f"SELECT to_regclass('{tables.SCHEMA}.mark')::text") is None
    assert _says(where, f"SELECT to_regclass('{tables.SCHEMA}.procrastinate_jobs')::text") is not None


def test_tables_of_a_newer_engine_are_left_alone(postgres_url: str) -> None:
    where = tables.address(postgres_url)
    tables.prepare(where)
    _says(where, f"COMMENT ON SCHEMA {tables.SCHEMA} IS '99.00.00_01_newer.sql'")
    with pytest.raises(StoreError, match="newer than this version knows"):
        tables.prepare(where)


@pytest.fixture
def postgres_url() -> str:
    postgres.server_or_skip()
    return postgres.fresh_database()


def _says(where: str, statement: str) -> str | None:
    with psycopg.connect(where, autocommit=True) as connection:
        cursor = connection.execute(statement)
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None
