"""Digests that may not have arrived, or did not: readers are told of them until a message arrives."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from sqlalchemy import Connection, and_, exists, or_, select, update

from bot.discreet import discreet
from bot.models import Doubtful, Entry, Named
from bot.store.tables import deliveries, editions
from bot.store.withdrawals import withdrawn_since

STATES: tuple[Literal["uncertain", "refused"], ...] = ("uncertain", "refused")


def doubtful(connection: Connection, subscriber_id: int) -> list[tuple[int, Doubtful]]:
    """Each delivery, by its number, that ended uncertain or refused, and that no later delivery has told this
    reader of. Where there was no review in a refused one, nothing was lost. What has been withdrawn since is
    named, and not linked."""
    row, later = deliveries.c, deliveries.alias("later").c
    told_of = exists().where(later.id == row.mentioned_in, later.state.not_in(STATES))
    unknown = and_(row.state == "uncertain", row.look_at.is_(None))  # else Slack is about to be asked
    lost = and_(row.state == "refused", editions.c.reviews > 0)
    query = (
        select(row.id, row.slot, row.state, editions.c.digest)
        .join(editions, editions.c.id == row.edition_id)
        .where(
            row.subscriber_id == subscriber_id,
            or_(unknown, lost),
            ~told_of,
        )
        .order_by(row.id)
    )
    return [(one.id, _doubtful(connection, one)) for one in connection.execute(query)]


def mention(connection: Connection, subscriber_id: int, told: Iterable[Doubtful], delivery_id: int) -> None:
    """Keep which delivery tells the reader of these."""
    these = set(told)
    ids = [number for number, one in doubtful(connection, subscriber_id) if one in these] if these else []
    connection.execute(update(deliveries).where(deliveries.c.id.in_(ids)).values(mentioned_in=delivery_id))


def _doubtful(connection: Connection, row: Any) -> Doubtful:
    entries: tuple[Entry, ...] = row.digest.entries
    gone = withdrawn_since(connection, entries)
    return Doubtful(
        slot=row.slot,
        state=row.state,
        reviews=tuple(_named(entry, linked=entry.review_id not in gone) for entry in entries),
    )


def _named(entry: Entry, *, linked: bool) -> Named:
    """Readers meet it above the content note, so its title tells of no harm."""
    review = entry.review
    links = [link.url for link in review.links] or [seen.url for seen in entry.seen]
    return Named(
        title=discreet(review.title, review.place),
        place=review.place,
        url=next(filter(None, links), None) if linked else None,
    )
