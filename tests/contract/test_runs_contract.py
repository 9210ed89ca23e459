"""The polls of a source, one by one, and how it stands by them."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import event, text

from bot.models import Failure, SourceState
from bot.store import Store
from tests.store.factories import DAY, HOUR, JOINED, a_run


def looks(store: Store, *states: SourceState, source: str = "saltmarsh") -> None:
    """One look a day."""
    for number, state in enumerate(states):
        run = replace(a_run(source, JOINED + number * DAY, state, detail=state), new=number)
        if state in ("blocked", "unreadable", "failing"):
            store.fail(run, Failure(kind="source", subject=source, text=state, at=run.ended))
        else:
            store.keep(run, ())


def test_the_polls_of_a_source_are_told_newest_first(store: Store) -> None:
    looks(store, "good", "nothing new", "blocked", "good")
    looks(store, "failing", source="harrowmere")
    assert [run.state for run in store.runs("saltmarsh", 10)] == ["good", "blocked", "nothing new", "good"]
    assert [run.new for run in store.runs("saltmarsh", 2)] == [3, 2]
    assert [run.detail for run in store.runs("harrowmere", 10)] == ["failing"]
    assert store.runs("nowhere", 10) == ()


def test_a_poll_comes_back_as_it_was_kept(store: Store) -> None:
    run = replace(a_run(), new=1, revised=2, withdrawn=3, retry_at=JOINED + HOUR, failed=0)
    store.keep(run, ())
    assert store.runs("saltmarsh", 1) == (run,)


def test_standing_is_since_it_last_changed_between_readable_and_not(store: Store) -> None:
    looks(store, "good", "blocked", "failing", "good", "nothing new", "nothing new")
    looks(store, "good", "good", "blocked", "unreadable", source="harrowmere")
    looks(store, "failing", "failing", source="port-lowen")
    looks(store, "good", "nothing new", source="wetherby")
    since = {one.source_id: (one.since - JOINED) // DAY for one in store.standings() if one.since}
    assert since == {"saltmarsh": 3, "harrowmere": 2, "port-lowen": 0, "wetherby": 0}


def test_how_sources_stand_is_found_by_indexes_however_many_polls_there_were(store: Store) -> None:
    """SQLite says which it uses; PostgreSQL takes what the size of a table suggests, which is small here."""
    if store._database.engine.dialect.name != "sqlite":
        return
    said: list[str] = []
    event.listen(store._database.engine, "before_cursor_execute", lambda *call: said.append(call[2]))
    store.standings()
    (statement,) = (one for one in said if "source_runs" in one)
    with store._database.engine.connect() as connection:
        values = {f"_{number}": 0 for number in range(statement.count("?"))}
        bound = statement
        for name in values:
            bound = bound.replace("?", f":{name}", 1)
        steps = [row[3] for row in connection.execute(text(f"EXPLAIN QUERY PLAN {bound}"), values)]
    whole_source = [one for one in steps if one.endswith("(source_id=?)") and "COVERING" not in one]
    assert not [one for one in steps if one.startswith("SCAN") and "polled" not in one]
    assert not whole_source, "a step goes through every poll of a source"
