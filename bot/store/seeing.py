"""What a look at a page saw of each review, and where; in whose words, where the record has another's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from bot.models import Change
from bot.store.archive import batches
from bot.store.columns import plain
from bot.store.engine import insert_into
from bot.store.tables import sightings, tellings

LONGEST_ADDRESS = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A look at a page of a source, kept by this writing of the archive; `beyond`: an older page than the one
    that is watched. What is found there is news to nobody."""

    source_id: str
    at: datetime
    writing: int
    beyond: bool = False


def see(connection: Connection, visit: Visit, seen: Sequence[tuple[int, Change]]) -> None:
    """These reviews (by id) are on this source's page: nothing of them is missed, and the addresses that the
    page itself gives were seen now. An older page says nothing of what the watched one has."""
    if not visit.beyond:
        for some in batches([review_id for review_id, _ in seen]):
            here = sightings.c.review_id.in_(some) & (sightings.c.source_id == visit.source_id)
            connection.execute(update(sightings).where(here, sightings.c.missed > 0).values(missed=0))
    rows = [
        {
            "review_id": review_id,
            "source_id": visit.source_id,
            "url": address,
            "first_seen": visit.at,
            "last_seen": visit.at,
            "missed": 0,
            "reason": change.reason,
            "beyond": visit.beyond,
        }
        for review_id, change in seen
        for address in _addresses(change)
    ]
    if rows:
        statement = insert_into(connection, sightings)
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=["review_id", "source_id", "url"],
                set_={"last_seen": statement.excluded.last_seen, "beyond": statement.excluded.beyond},
                where=sightings.c.beyond if visit.beyond else None,
            ),
            rows,
        )
    for review_id, change in seen:
        _write_telling(connection, visit.source_id, review_id, change)


def _addresses(change: Change) -> Sequence[str]:
    review = change.as_seen or change.review
    return list(dict.fromkeys(plain(link.url)[:LONGEST_ADDRESS] for link in review.links)) or [""]


def _write_telling(connection: Connection, source_id: str, review_id: int, change: Change) -> None:
    """The page's own words, where the record has another's; none where they are the record now."""
    row = tellings.c.id == change.telling
    if change.as_seen is None:
        if change.telling is not None:
            connection.execute(delete(tellings).where(row))
        return
    values = {"review_id": review_id, "source_id": source_id, "record": change.as_seen}
    was = change.telling is not None
    if not (was and connection.execute(update(tellings).where(row).values(values)).rowcount):
        connection.execute(insert(tellings).values(values))


def see_again(connection: Connection, visit: Visit) -> None:
    """The page is as it was: what was on it when it was last read is on it still. What had left it by then
    was last seen before. (A page that changed shows at least one review as seen, or none at all.)"""
    here = (sightings.c.source_id == visit.source_id) & ~sightings.c.beyond
    read = select(func.max(sightings.c.last_seen)).where(here).scalar_subquery()
    still = here & (sightings.c.missed == 0) & (sightings.c.last_seen == read)
    connection.execute(update(sightings).where(still).values(last_seen=visit.at))


def miss(connection: Connection, visit: Visit, review_id: int) -> bool:
    """Whether the page that is watched had it, so that it is missed there."""
    here = (sightings.c.review_id == review_id) & (sightings.c.source_id == visit.source_id)
    missed = update(sightings).where(here, ~sightings.c.beyond)
    return bool(connection.execute(missed.values(missed=sightings.c.missed + 1)).rowcount)
