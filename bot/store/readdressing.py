"""A changed address: the reader stays who they are, with what they were told and what they are owed.

The configuration knows addresses alone. Where one goes from an entry just as another comes there, of which
nobody has heard, it is the same reader (or their successor) under another address, not one who leaves and one
who joins.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select, update

from bot.models import Subscriber, Subscription
from bot.store.archive import batches
from bot.store.tables import subscribers, subscriptions

Name = tuple[str, str]  # medium and folded address


def readdress(connection: Connection, wanted: Sequence[Subscription]) -> None:
    """Give readers whose address was changed in the configuration the new one. Left out: who stopped
    everything, since the new address has not; and where it cannot be said who became whom."""
    row = subscribers.c
    rows = connection.execute(select(row.id, row.medium, row.folded, row.stopped_at))
    known: dict[Name, Any] = {(one.medium, one.folded): one for one in rows}
    named = {name_of(one) for entry in wanted for one in entry.subscribers}
    left = _left(connection, {known[name].id: name for name in known.keys() - named})
    became: dict[Name, set[Subscriber]] = {}
    for entry in wanted:
        for gone, come in _changed(entry, left.get(entry.id, []), known):
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


def _left(connection: Connection, gone: Mapping[int, Name]) -> dict[str, list[Name]]:
    """By subscription: who had it and is named nowhere any more."""
    row = subscriptions.c
    found: dict[str, list[Name]] = {}
    for some in batches(sorted(gone)):
        theirs = select(row.subscription, row.subscriber_id).where(row.subscriber_id.in_(some))
        for one in connection.execute(theirs.where(row.ended_at.is_(None))):
            found.setdefault(one.subscription, []).append(gone[one.subscriber_id])
    return found


def _changed(
    entry: Subscription, left: Sequence[Name], known: Mapping[Name, Any]
) -> Iterator[tuple[Name, Subscriber]]:
    """Of each medium, the one address that went from this entry and the one that came."""
    for medium in ("email", "slack") if left else ():
        gone = [name for name in left if name[0] == medium]
        come = [one for one in entry.subscribers if one.medium == medium and name_of(one) not in known]
        if len(gone) == 1 and len(come) == 1:
            yield gone[0], come[0]
