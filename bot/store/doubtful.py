"""Digests that may not have arrived, or did not: readers are told of them until a message arrives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, and_, bindparam, exists, literal_column, or_, select, update

from bot.discreet import discreet
from bot.models import Digest, Doubtful, Entry, Named
from bot.store.archive import batches
from bot.store.tables import deliveries, editions
from bot.store.withdrawals import withdrawn_since
from bot.surveys import asks

STATES: tuple[Literal["uncertain", "refused"], ...] = ("uncertain", "refused")
# In the very words of the index, or SQLite would not use it.
IN_DOUBT = or_(
    deliveries.c.state == literal_column("'uncertain'"), deliveries.c.state == literal_column("'refused'")
)


class Lost(NamedTuple):
    """A delivery by its number, and what its reader is told of it."""

    delivery_id: int
    digest: Doubtful


def doubtful(connection: Connection, subscriber_ids: Iterable[int]) -> dict[int, list[Lost]]:
    """By subscriber: each delivery that ended uncertain or refused, and that no later delivery has told this
    reader of. Where there was no review in a refused one, nothing was lost. What has been withdrawn since is
    named, and not linked."""
    row, later = deliveries.c, deliveries.alias("later").c
    told_of = exists().where(later.id == row.mentioned_in, later.state.not_in(STATES))
    unknown = and_(row.state == "uncertain", row.look_at.is_(None))  # else Slack is about to be asked
    lost = and_(row.state == "refused", editions.c.reviews > 0)
    rows: list[Any] = []
    for some in batches(sorted(subscriber_ids)):
        query = (
            select(row.id, row.subscriber_id, row.slot, row.state, row.edition_id)
            .join(editions, editions.c.id == row.edition_id)
            .where(IN_DOUBT, row.subscriber_id.in_(some), or_(unknown, lost), ~told_of)
            .order_by(row.id)
        )
        rows += connection.execute(query)
    named = _named_in(connection, {one.edition_id for one in rows})
    found: dict[int, list[Lost]] = {}
    for one in rows:
        digest = Doubtful(slot=one.slot, state=one.state, reviews=named[one.edition_id])
        found.setdefault(one.subscriber_id, []).append(Lost(one.id, digest))
    return found


def mention(connection: Connection, told: Mapping[int, tuple[str, tuple[Doubtful, ...]]]) -> None:
    """Keep which delivery tells these readers of these, by subscriber: the one of that edition."""
    if not told:
        return
    row = deliveries.c
    numbers: dict[tuple[int, str], int] = {}
    for some in batches(sorted(told)):
        query = select(row.subscriber_id, row.edition_id, row.id).where(
            row.subscriber_id.in_(some), row.edition_id.in_({edition for edition, _ in told.values()})
        )
        numbers |= {(one.subscriber_id, one.edition_id): one.id for one in connection.execute(query)}
    these = [
        {"number": lost.delivery_id, "in": numbers[subscriber_id, told[subscriber_id][0]]}
        for subscriber_id, several in doubtful(connection, told).items()
        for lost in several
        if lost.digest in told[subscriber_id][1]
    ]
    if these:
        named = update(deliveries).where(row.id == bindparam("number"))
        connection.execute(named.values(mentioned_in=bindparam("in")), these)


def _named_in(connection: Connection, edition_ids: set[str]) -> dict[str, tuple[Named, ...]]:
    """The reviews of these editions as they are named now."""
    found: dict[str, tuple[Named, ...]] = {}
    for some in batches(sorted(edition_ids)):
        query = select(editions.c.id, editions.c.digest).where(editions.c.id.in_(some))
        digests: dict[str, Digest] = {one.id: one.digest for one in connection.execute(query)}
        gone = withdrawn_since(connection, (entry for one in digests.values() for entry in one.entries))
        for number, digest in digests.items():
            named = (_named(entry, linked=entry.review_id not in gone) for entry in digest.entries)
            found[number] = tuple(named)
    return found


def _named(entry: Entry, *, linked: bool) -> Named:
    """Readers meet it above the content note, so its title tells of no harm."""
    review = entry.review
    asking = {link.url for link in review.links if asks(link.label, link.url)}
    urls = (*(link.url for link in review.links), *(seen.url for seen in entry.seen))
    return Named(
        title=discreet(review.title, review.place),
        place=review.place,
        url=next((url for url in urls if url and url not in asking), None) if linked else None,
    )
