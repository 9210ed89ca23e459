"""Pages beyond the watched one: which were found, what became of each, and what they say, kept in silence."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, delete, select, update

from bot.models import Kept, OlderPage
from bot.names import address
from bot.store.archive import batches
from bot.store.columns import plain
from bot.store.describing import match_late_criteria
from bot.store.engine import Room, insert_into
from bot.store.keeping import alone, keep_one, version_of
from bot.store.seeing import Visit
from bot.store.tables import backfills, sightings
from bot.store.writings import next_writing

FIELDS = ("source_id", "url", "state", "reviews", "new", "at", "detail", "guessed", "idle", "met")


class Backfilling(Room):
    def older_pages(self, source_id: str) -> tuple[OlderPage, ...]:
        query = select(backfills).where(backfills.c.source_id == source_id).order_by(backfills.c.id)
        with self._database.reading() as connection:
            return tuple(
                OlderPage(**{name: getattr(row, name) for name in FIELDS})
                for row in connection.execute(query)
            )

    def add_older(self, found: Sequence[OlderPage]) -> None:
        with self._database.writing() as connection:
            _add(connection, found)

    def forget_older(self, source_id: str) -> None:
        with self._database.writing() as connection:
            connection.execute(delete(backfills).where(backfills.c.source_id == source_id))

    def keep_older(
        self,
        page: OlderPage,
        kept: Sequence[Kept] = (),
        found: Sequence[OlderPage] = (),
        left: Collection[int] = (),
        as_of: int | None = None,
    ) -> bool:
        with self._database.writing() as connection:
            alone(connection)
            if as_of is not None and version_of(connection) != as_of:
                return False
            writing = next_writing(connection)
            _write(connection, page)
            _add(connection, found)
            if kept:
                assert page.at is not None, "a page that was read was read at some time"
                visit = Visit(source_id=page.source_id, at=page.at, writing=writing, beyond=True)
                _moved(connection, page.source_id, left)
                for one in kept:
                    keep_one(connection, visit, one, baseline=True)
                match_late_criteria(connection, page.at)
            return True


def _row(page: OlderPage) -> dict[str, Any]:
    values = {name: getattr(page, name) for name in FIELDS}
    return values | {"address": address(page.url), "url": plain(page.url), "detail": plain(page.detail)}


def _add(connection: Connection, found: Sequence[OlderPage]) -> None:
    """Those that are not known yet: each address once."""
    rows = [_row(page) for page in found]
    if rows:
        connection.execute(insert_into(connection, backfills).on_conflict_do_nothing(), rows)


def _write(connection: Connection, page: OlderPage) -> None:
    values = _row(page)
    key = [backfills.c.source_id, backfills.c.address]
    statement = insert_into(connection, backfills).values(values)
    connection.execute(statement.on_conflict_do_update(index_elements=key, set_=values))


def _moved(connection: Connection, source_id: str, left: Collection[int]) -> None:
    """Reviews that had left the watched page were not withdrawn: an older page has them."""
    for some in batches(sorted(left)):
        here = (sightings.c.source_id == source_id) & sightings.c.review_id.in_(some)
        connection.execute(update(sightings).where(here).values(beyond=True, missed=0))
