"""Deliveries that may not have arrived, or did not: readers are told of them until a message arrives."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, and_, exists, or_, select, update

from bot.discreet import discreet
from bot.models import Digest, Review
from bot.spoken import date_as_given
from bot.store.tables import deliveries, editions

SAID = {"uncertain": "may not have reached you", "refused": "could not be delivered to you"}


def uncertain_lines(connection: Connection, subscriber_id: int) -> list[tuple[int, str]]:
    """A line for each delivery that ended uncertain or refused, and that no later delivery has told this
    reader of. Where there was no review in a refused one, nothing was lost."""
    row, later = deliveries.c, deliveries.alias("later").c
    told_of = exists().where(later.id == row.mentioned_in, later.state.not_in(SAID))
    unknown = and_(row.state == "uncertain", row.look_at.is_(None))  # else Slack is about to be asked
    lost = and_(row.state == "refused", editions.c.reviews > 0)
    query = (
        select(row.id, row.slot, row.state, editions.c.digest)
        .join(editions, editions.c.id == row.edition_id)
        .where(row.subscriber_id == subscriber_id, or_(unknown, lost), ~told_of)
        .order_by(row.id)
    )
    return [(one.id, _line(one.slot, one.state, one.digest)) for one in connection.execute(query)]


def mention(connection: Connection, subscriber_id: int, lines: Iterable[str], delivery_id: int) -> None:
    """Keep which delivery tells the reader of these."""
    said = set(lines)
    ids = [one for one, line in uncertain_lines(connection, subscriber_id) if line in said] if said else []
    connection.execute(update(deliveries).where(deliveries.c.id.in_(ids)).values(mentioned_in=delivery_id))


def _line(slot: datetime, state: str, digest: Digest) -> str:
    day = date_as_given(slot.astimezone(ZoneInfo(digest.timezone)).date().isoformat())
    titles = "; ".join(_named(entry.review) for entry in digest.entries) or "no new reviews"
    return f"The digest of {day} {SAID[state]}: it had {titles}."


def _named(review: Review) -> str:
    """The line stands above a digest's content note, so its titles tell of no harm."""
    return discreet(review.title, review.place)
