"""Enrolment: making the kept subscriptions those of the configuration, without losing or repeating anything.

A row says what a subscriber asked for from `joined` until `ended_at`. What they asked for never changes in a
row: other criteria end it (`changed`) and begin another. Where and how they get it may change in place.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, func, insert, select, update

from bot import criteria as asked
from bot.models import Subscriber, Subscription
from bot.store.archive import batches, in_use
from bot.store.engine import insert_into
from bot.store.readdressing import Name, name_of, readdress
from bot.store.readership import Readership, contributing
from bot.store.tables import criteria, deliveries, erased, subscribers, subscriptions
from bot.store.wishes import UNWANTED, unwanted
from bot.store.writings import asked_after

MISTAKE = timedelta(days=7)
KEPT = ("subscriber_id", "subscription", "former", "name", "schedule", "criteria", "footer", "quiet")


class Enrolment(Readership):
    def enrol(self, wanted: Sequence[Subscription], now: datetime) -> None:
        with self._database.writing() as connection:
            _forget_matching(connection, now)
            held = _leave_out_erased(connection, wanted)
            readdress(connection, held)
            by_reader = _by_reader(connection, held, now)
            _add_criteria(connection, wanted, now)
            _update(connection, by_reader, now)
            take_back_refusals(connection, now)


def end(connection: Connection, subscriber_id: int, subscription: str, reason: str, now: datetime) -> None:
    """End it for good, and all that its earlier criteria still owed."""
    connection.execute(
        update(subscriptions)
        .where(subscriptions.c.subscriber_id == subscriber_id, subscriptions.c.subscription == subscription)
        .where(contributing())
        .values(ended_at=func.coalesce(subscriptions.c.ended_at, now), reason=reason)
    )


def mark_erased(connection: Connection, subscriber: Subscriber, now: datetime) -> None:
    """Keep that an address asked to be forgotten, without keeping the address."""
    salt = secrets.token_hex(16)
    connection.execute(insert(erased).values(salt=salt, digest=_digest(salt, name_of(subscriber)), at=now))


def _digest(salt: str, name: Name) -> str:
    return hashlib.sha256(f"{salt} {name[0]} {name[1]}".encode()).hexdigest()


def begin_again(
    connection: Connection, subscriber_id: int, now: datetime, subscription: str | None = None
) -> int:
    """What this reader stopped (or only this one of it) goes on; returns how many subscriptions. A stop of a
    few days was a mistake: it goes on as if nothing had been. Later they join anew, from now. The next
    enrolment ends or changes those that the configuration has no longer, or has otherwise."""
    _forget_matching(connection, now)
    query = select(subscriptions).where(subscriptions.c.subscriber_id == subscriber_id)
    latest = {row.subscription: row for row in connection.execute(query.order_by(subscriptions.c.id))}
    stopped = [
        row for row in latest.values() if row.reason == "stopped" and subscription in (None, row.subscription)
    ]
    for row in stopped:
        if now - row.ended_at <= MISTAKE:
            _undo_stop(connection, row)
            continue
        values = {name: getattr(row, name) for name in KEPT}
        since = asked_after(connection, [subscriber_id])
        connection.execute(
            insert(subscriptions).values(joined=now, scheduled_since=now, asked_after=since, **values)
        )
    return len(stopped)


def take_back_refusals(connection: Connection, now: datetime) -> None:
    """What was not sent because nobody wanted it, and is wanted again after a few days, was stopped by
    mistake: it waits again."""
    row = deliveries.c
    lately = and_(row.state == "refused", row.detail == UNWANTED, row.changed_at >= now - MISTAKE)
    waits = {"state": "queued", "detail": "", "due_at": now, "changed_at": now}
    for ids in batches(connection.scalars(select(row.id).where(lately)).all()):
        if again := set(ids) - unwanted(connection, ids):
            connection.execute(update(deliveries).where(row.id.in_(again)).values(waits))


def _undo_stop(connection: Connection, row: Row[Any]) -> None:
    """As if nothing had been, with what the criteria before a change still owe."""
    here = subscriptions.c
    same = (here.subscriber_id == row.subscriber_id) & (here.subscription == row.subscription)
    others = connection.execute(select(here.id, here.joined, here.ended_at).where(same)).all()
    begun = {one.joined for one in others}
    changed = [one.id for one in others if one.id != row.id and one.ended_at in begun]
    since = {"asked_after": asked_after(connection, [row.subscriber_id])}
    connection.execute(update(subscriptions).where(here.id.in_(changed)).values(reason="changed", **since))
    again = {"ended_at": None, "reason": None, **since}
    connection.execute(update(subscriptions).where(here.id == row.id).values(again))


def _forget_matching(connection: Connection, now: datetime) -> None:
    """Criteria that nobody uses miss new reviews: who uses them again has them matched anew, as if they were
    new."""
    connection.execute(update(criteria).where(~in_use()).values(matched=False, added=now))


def _leave_out_erased(connection: Connection, wanted: Sequence[Subscription]) -> Sequence[Subscription]:
    """The same without addresses that were erased and are still named: nobody becomes one of those. One that
    the configuration no longer names may join again another day."""
    forgotten = connection.execute(select(erased)).all()
    if not forgotten:
        return wanted
    columns = select(subscribers.c.medium, subscribers.c.folded)
    kept = {(row.medium, row.folded) for row in connection.execute(columns)}  # none of whom was erased
    strange = {name_of(one) for entry in wanted for one in entry.subscribers} - kept
    held: set[Name] = set()
    for row in forgotten:
        same = {name for name in strange if _digest(row.salt, name) == row.digest}
        held |= same
        if not same:
            connection.execute(delete(erased).where(erased.c.id == row.id))
    return [
        replace(entry, subscribers=tuple(one for one in entry.subscribers if name_of(one) not in held))
        for entry in wanted
    ]


def _by_reader(
    connection: Connection, wanted: Sequence[Subscription], now: datetime
) -> dict[int, dict[str, Subscription]]:
    """Who is to have which subscriptions, by their ids. Left out: readers who stopped all."""
    row = subscribers.c
    _add_subscribers(connection, wanted, now)
    rows = connection.execute(select(row.id, row.medium, row.folded, row.address, row.stopped_at))
    known = {(one.medium, one.folded): (one.id, one.address, one.stopped_at is not None) for one in rows}
    spelt: dict[int, str] = {}
    found: dict[int, dict[str, Subscription]] = {}
    for subscription in wanted:
        for one in subscription.subscribers:
            number, address, stopped = known[name_of(one)]
            if spelt.get(number, address) != one.address:
                connection.execute(update(subscribers).where(row.id == number).values(address=one.address))
            spelt[number] = one.address
            if not stopped:
                found.setdefault(number, {})[subscription.id] = subscription
    return found


def _add_subscribers(connection: Connection, wanted: Sequence[Subscription], now: datetime) -> None:
    row = subscribers.c
    known = {(one.medium, one.folded) for one in connection.execute(select(row.medium, row.folded))}
    come = {name_of(one): one for entry in wanted for one in entry.subscribers if name_of(one) not in known}
    rows = [
        {"medium": medium, "address": come[medium, folded].address, "folded": folded, "since": now}
        for medium, folded in come
    ]
    if rows:
        connection.execute(insert(subscribers), rows)


def _add_criteria(connection: Connection, wanted: Sequence[Subscription], now: datetime) -> None:
    known = set(connection.scalars(select(criteria.c.key)))
    come = {key: one.criteria for one in wanted if (key := asked.key(one.criteria)) not in known}
    rows = [{"key": key, "criteria": one, "matched": False, "added": now} for key, one in come.items()]
    if rows:
        connection.execute(insert_into(connection, criteria).on_conflict_do_nothing(), rows)


def _update(connection: Connection, by_reader: dict[int, dict[str, Subscription]], now: datetime) -> None:
    """Some readers at a time: what one had and is to have concerns no other."""
    row = subscriptions.c
    keys = {one.id: asked.key(one.criteria) for entries in by_reader.values() for one in entries.values()}
    had_any = select(row.subscriber_id).where(row.ended_at.is_(None)).distinct()
    for some in batches(sorted(by_reader.keys() | set(connection.scalars(had_any)))):
        query = select(subscriptions).where(row.subscriber_id.in_(some)).order_by(row.id)
        had: dict[int, list[Row[Any]]] = {}
        for one in connection.execute(query):
            had.setdefault(one.subscriber_id, []).append(one)
        begun: list[dict[str, Any]] = []
        for number in some:
            begun += _change(connection, number, had.get(number, []), by_reader.get(number, {}), keys, now)
        if begun:
            since = asked_after(connection, sorted({each["subscriber_id"] for each in begun}))
            connection.execute(insert(subscriptions), [{**each, "asked_after": since} for each in begun])


def _change(
    connection: Connection,
    number: int,
    rows: Sequence[Row[Any]],
    wanted: dict[str, Subscription],
    keys: dict[str, str],
    now: datetime,
) -> Iterator[dict[str, Any]]:
    """Give one reader what they are to have; yields the rows that begin."""
    active = {row.subscription: row for row in rows if row.ended_at is None}
    latest = {row.subscription: row for row in rows}
    gone = {name: row for name, row in active.items() if name not in wanted}
    # One that goes just as another comes, for the same reader and the same criteria, was given another id.
    # What it still owes must not be lost.
    under_another_id = {row.criteria: name for name, row in gone.items()}
    for name, subscription in wanted.items():
        if name in active:
            before = active[name]
        elif name in latest and latest[name].reason == "stopped":
            continue  # a reader's own stop stays
        elif (former := under_another_id.pop(keys[name], None)) is not None:
            before = gone.pop(former)
        else:
            yield _beginning(number, subscription, keys[name], now)
            continue
        if _refresh(connection, before, subscription, keys[name], now):
            yield _beginning(number, subscription, keys[name], now)
    for name in gone:
        end(connection, number, name, "removed", now)


def _refresh(
    connection: Connection, row: Row[Any], subscription: Subscription, key: str, now: datetime
) -> bool:
    """Change where and how they get it; end it where it asks for something else, and return that it did."""
    here = subscriptions.c
    values: dict[str, Any] = {
        "subscription": subscription.id,
        "name": subscription.name,
        "footer": subscription.footer,
        "quiet": subscription.tells_quiet_weeks,
    }
    if row.subscription != subscription.id:
        values["former"] = tuple(dict.fromkeys((*(row.former or ()), row.subscription)))
    if row.schedule != subscription.schedule.id:
        values |= {"schedule": subscription.schedule.id, "scheduled_since": now}
        values["asked_after"] = asked_after(connection, [row.subscriber_id])
    if any(getattr(row, name) != value for name, value in values.items()):
        own = (here.subscriber_id == row.subscriber_id) & (here.subscription == row.subscription)
        connection.execute(update(subscriptions).where(own, contributing()).values(values))
    if row.criteria == key:
        return False
    connection.execute(update(subscriptions).where(here.id == row.id).values(ended_at=now, reason="changed"))
    return True


def _beginning(number: int, subscription: Subscription, key: str, now: datetime) -> dict[str, Any]:
    return {
        "subscriber_id": number,
        "subscription": subscription.id,
        "name": subscription.name,
        "schedule": subscription.schedule.id,
        "scheduled_since": now,
        "criteria": key,
        "footer": subscription.footer,
        "quiet": subscription.tells_quiet_weeks,
        "joined": now,
    }
