"""A changed address: the reader stays who they are, with what they were told and what they are owed.

The configuration knows addresses alone. Where one goes from an entry just as another comes there, of which
nobody has heard, it is the same reader (or their successor) under another address, not one who leaves and one
who joins.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, select, update

from bot.models import Subscriber, Subscription
from bot.store.tables import subscribers, subscriptions

Name = tuple[str, str]  # medium and folded address


def readdress(connection: Connection, wanted: Sequence[Subscription]) -> None:
    """Give readers whose address was changed in the configuration the new one. Left out: who stopped
    everything, since the new address has not; and where it cannot be said who became whom."""
    rows = connection.execute(select(subscribers)).all()
    known: dict[Name, Row[Any]] = {(row.medium, row.folded): row for row in rows}
    named = {name_of(one) for entry in wanted for one in entry.subscribers}
    became: dict[Name, set[Subscriber]] = {}
    for entry in wanted:
        for gone, come in _changed(connection, entry, known, named):
            became.setdefault(gone, set()).add(come)
    came_for = Counter(name_of(come) for candidates in became.values() for come in candidates)
    for gone, candidates in became.items():
        come = next(iter(candidates))
        if len(candidates) == 1 and came_for[name_of(come)] == 1 and known[gone].stopped_at is None:
            values = {"address": come.address, "folded": name_of(come)[1], "bounced_at": None}
            here = subscribers.c.id == known[gone].id
            connection.execute(update(subscribers).where(here).values(values))


def name_of(one: Subscriber) -> Name:
    """The address as it is compared: without regard to case, as mail servers and Slack do in practice."""
    return one.medium, one.address.strip().casefold()


def _changed(
    connection: Connection, entry: Subscription, known: dict[Name, Row[Any]], named: set[Name]
) -> Iterator[tuple[Name, Subscriber]]:
    """Of each medium, the one address that went from this entry and the one that came."""
    row = subscriptions.c
    here = select(row.subscriber_id).where(row.subscription == entry.id, row.ended_at.is_(None))
    before = set(connection.scalars(here))
    for medium in ("email", "slack"):
        gone = [
            name
            for name, reader in known.items()
            if reader.id in before and name not in named and name[0] == medium
        ]
        come = [one for one in entry.subscribers if one.medium == medium and name_of(one) not in known]
        if len(gone) == 1 and len(come) == 1:
            yield gone[0], come[0]
