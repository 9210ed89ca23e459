"""Polls of sources, how each source stands, and what went wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import CTE, Connection, Row, Select, and_, case, false, func, insert, select, true

from bot.health import turned
from bot.models import UNREAD, Failure, SavedPage, SourceRun, SourceStanding
from bot.store.engine import Room
from bot.store.notices import write_notice
from bot.store.saved_pages import packed, write_page
from bot.store.tables import failures, saved_pages, source_runs


class Runs(Room):
    def last_run(self, source_id: str) -> SourceRun | None:
        with self._database.reading() as connection:
            return last_run(connection, source_id)

    def last_good_run(self, source_id: str) -> SourceRun | None:
        with self._database.reading() as connection:
            return last_run(connection, source_id, read=True)

    def runs(self, source_id: str, limit: int) -> tuple[SourceRun, ...]:
        newest = source_runs.c.id.desc()
        query = select(source_runs).where(source_runs.c.source_id == source_id).order_by(newest).limit(limit)
        with self._database.reading() as connection:
            return tuple(_run(row) for row in connection.execute(query))

    def fail(self, run: SourceRun, failure: Failure, page: SavedPage | None = None) -> None:
        page_row = packed(page)
        with self._database.writing() as connection:
            write_run(connection, run, page_kept=page is not None)
            write_failure(connection, failure)
            if page_row:
                write_page(connection, page_row)

    def failures(self, limit: int = 20) -> tuple[Failure, ...]:
        query = select(failures).order_by(failures.c.id.desc()).limit(limit)
        with self._database.reading() as connection:
            return tuple(
                Failure(kind=row.kind, subject=row.subject, text=row.text, at=row.at, trace=row.trace)
                for row in connection.execute(query)
            )

    def standings(self) -> tuple[SourceStanding, ...]:
        """`since`: the start of the first poll after the page last changed between readable and not."""
        with self._database.reading() as connection:
            return tuple(
                SourceStanding(
                    source_id=row.source_id,
                    name=row.source_id,
                    state=row.state,
                    since=row.since,
                    last_run=row.started,
                    last_good=row.last_good,
                    records=row.last_records,
                    detail=row.detail,
                    page_kept=row.page_kept,
                    failed=row.failed,
                )
                for row in connection.execute(STANDINGS)
            )


def last_run(connection: Connection, source_id: str, *, read: bool | None = None) -> SourceRun | None:
    """The newest poll of a source; with `read`, the newest that could (or could not) be read."""
    query = select(source_runs).where(source_runs.c.source_id == source_id)
    if read is not None:
        query = query.where(source_runs.c.read == read)
    row = connection.execute(query.order_by(source_runs.c.id.desc()).limit(1)).first()
    return _run(row) if row else None


def write_run(connection: Connection, run: SourceRun, *, page_kept: bool = False) -> None:
    """The run, and a notice where it changes how the source stands. `page_kept`: what came is kept too."""
    notice = turned(last_run(connection, run.source_id), run, page_kept=page_kept)
    since = _unread_since(connection, run) if notice else None
    values = {name: getattr(run, name) for name in SourceRun.__slots__}
    connection.execute(insert(source_runs).values(read=run.state not in UNREAD, **values))
    if notice:  # last, since from then on nobody else can note anything
        write_notice(connection, replace(notice, since=since))


def _unread_since(connection: Connection, run: SourceRun) -> datetime | None:
    """Since when the source could not be read, up to this run; None where it could."""
    row = source_runs.c
    here = row.source_id == run.source_id
    good = select(func.coalesce(func.max(row.id), 0)).where(here, row.read == true()).scalar_subquery()
    since: datetime | None = connection.scalar(select(func.min(row.started)).where(here, row.id > good))
    return since


def write_failure(connection: Connection, failure: Failure) -> None:
    values = {name: getattr(failure, name) for name in Failure.__slots__}
    connection.execute(insert(failures).values(**values))


def _run(row: Row[Any]) -> SourceRun:
    return SourceRun(**{name: getattr(row, name) for name in SourceRun.__slots__})


def _polled() -> CTE:
    """The names of all sources, each found by one step in the index, however many polls it had."""
    runs = source_runs.c
    first = select(func.min(runs.source_id).label("name")).cte("polled", recursive=True)
    following = select(func.min(runs.source_id)).where(runs.source_id > first.c.name).scalar_subquery()
    return first.union_all(select(following).where(first.c.name.is_not(None)))


def _standings() -> Select[Any]:
    """Each source's newest run, its newest good one, and the first of those that stood like the newest."""
    polled = _polled()
    newest, good, first = (source_runs.alias(name) for name in ("newest", "good", "first"))
    run = source_runs.c
    newest_id = select(func.max(run.id)).where(run.source_id == polled.c.name).scalar_subquery()
    here = run.source_id == newest.c.source_id
    good_id = select(func.max(run.id)).where(here, run.read == true()).scalar_subquery()
    turned = source_runs.alias("turned").c
    # Said so that SQLite finds it by the index: with `NOT read` it goes through every run of the source.
    otherwise = case((newest.c.read == true(), false()), else_=true())
    turned_id = (
        select(func.max(turned.id))
        .where(turned.source_id == newest.c.source_id, turned.read == otherwise)
        .correlate(newest)
        .scalar_subquery()
    )
    first_id = (
        select(func.min(run.id))
        .where(here, run.read == newest.c.read, run.id > func.coalesce(turned_id, 0))
        .scalar_subquery()
    )
    doubtful = and_(
        saved_pages.c.source_id == newest.c.source_id,
        saved_pages.c.kind == "doubtful",
        saved_pages.c.fetched_at >= newest.c.started,
    )
    return (
        select(
            newest,
            saved_pages.c.kind.is_not(None).label("page_kept"),
            first.c.started.label("since"),
            good.c.started.label("last_good"),
            good.c.records.label("last_records"),
        )
        .select_from(polled)
        .join(newest, newest.c.id == newest_id)
        .join(first, first.c.id == first_id)
        .outerjoin(good, good.c.id == good_id)
        .outerjoin(saved_pages, doubtful)
        .order_by(newest.c.source_id)
    )


STANDINGS = _standings()
