"""Deliveries of unknown outcome: their readers are told of them in the next digest, until one arrives."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, exists, select, update

from bot.models import Digest
from bot.store.tables import deliveries, editions


def uncertain_lines(connection: Connection, subscriber_id: int) -> list[tuple[int, str]]:
    """A line for each delivery of unknown outcome that no later delivery has told this reader of."""
    later = deliveries.alias("later")
    told_of = exists().where(
        later.c.id == deliveries.c.mentioned_in, later.c.state.not_in(("refused", "uncertain"))
    )
    query = (
        select(deliveries.c.id, deliveries.c.slot, editions.c.digest)
        .join(editions, editions.c.id == deliveries.c.edition_id)
        .where(deliveries.c.subscriber_id == subscriber_id, deliveries.c.state == "uncertain", ~told_of)
        .order_by(deliveries.c.id)
    )
    return [(row.id, _uncertain_line(row.slot, row.digest)) for row in connection.execute(query)]


def mention(connection: Connection, subscriber_id: int, lines: Iterable[str], delivery_id: int) -> None:
    """Keep which delivery tells the reader of their uncertain ones."""
    said = set(lines)
    ids = [one for one, line in uncertain_lines(connection, subscriber_id) if line in said] if said else []
    connection.execute(update(deliveries).where(deliveries.c.id.in_(ids)).values(mentioned_in=delivery_id))


def _uncertain_line(slot: datetime, digest: Digest) -> str:
    local = slot.astimezone(ZoneInfo(digest.timezone))
    titles = ", ".join(entry.review.title for entry in digest.entries) or "no new reviews"
    return f"the digest of {local.day} {local:%B %Y} may not have reached you: it had {titles}"
