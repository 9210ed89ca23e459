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

from sqlalchemy import Connection, Row, and_, delete, exists, func, insert, or_, select, update

from bot import criteria as asked
from bot.models import REPORTS, Reader, Subscriber, Subscription
from bot.store.archive import in_use
from bot.store.engine import Room, insert_into
from bot.store.readdressing import name_of, readdress
from bot.store.tables import criteria, deliveries, digest_runs, erased, subscribers, subscriptions
from bot.store.wishes import UNWANTED, away, unwanted

Place = tuple[int, str]  # a subscriber's number and the id of a subscription
MISTAKE = timedelta(days=7)
KEPT = ("subscriber_id", "subscription", "former", "name", "schedule", "criteria", "footer", "quiet")


class Enrolment(Room):
    def enrol(self, wanted: Sequence[Subscription], now: datetime) -> None:
        with self._database.writing() as connection:
            _forget_matching(connection, now)
            _allow_back(connection, wanted)
            readdress(connection, _not_erased(connection, wanted))
            places = dict(_places(connection, wanted, now))
            for subscription in wanted:
                _add_criteria(connection, subscription, now)
            _update(connection, places, now)
            take_back_refusals(connection, now)

    def readers(self, schedule: str, now: datetime) -> tuple[Reader, ...]:
        row = subscriptions.c
        runs = digest_runs.c
        on_it = select(row.subscriber_id).where(row.schedule == schedule, row.ended_at.is_(None))
        last_run = select(func.max(runs.slot)).where(
            runs.subscriber_id == subscribers.c.id, runs.schedule == schedule, runs.state == "closed"
        )
        last_slot = last_run.scalar_subquery()
        last_whole = last_run.where(runs.held_over == 0).scalar_subquery()
        joined = func.min(row.scheduled_since)
        had_one = exists().where(
            runs.subscriber_id == subscribers.c.id, runs.state == "closed", runs.schedule != REPORTS
        )
        query = (
            select(
                subscribers,
                joined.label("joined"),
                last_slot.label("last_slot"),
                last_whole.label("last_whole"),
                had_one.label("had_one"),
            )
            .join(subscriptions, row.subscriber_id == subscribers.c.id)
            .where(subscribers.c.id.in_(on_it), subscribers.c.stopped_at.is_(None), ~away(now))
            .where(row.schedule == schedule, contributing())
            .group_by(subscribers.c.id)
            .order_by(subscribers.c.id)
        )
        with self._database.reading() as connection:
            return tuple(
                Reader(
                    id=one.id,
                    subscriber=Subscriber(medium=one.medium, address=one.address),
                    schedule=schedule,
                    joined=one.joined,
                    last_slot=one.last_slot,
                    last_whole=one.last_whole,
                    newcomer=not one.had_one,
                )
                for one in connection.execute(query)
            )


def contributing() -> Any:
    """Rows that bring reviews: active ones, and those whose criteria were changed, for what they owe."""
    return or_(subscriptions.c.ended_at.is_(None), subscriptions.c.reason == "changed")


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
    connection.execute(insert(erased).values(salt=salt, digest=_digest(salt, subscriber), at=now))


def _digest(salt: str, subscriber: Subscriber) -> str:
    return hashlib.sha256(f"{salt} {subscriber.medium} {name_of(subscriber)[1]}".encode()).hexdigest()


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
        connection.execute(insert(subscriptions).values(joined=now, scheduled_since=now, **values))
    return len(stopped)


def take_back_refusals(connection: Connection, now: datetime) -> None:
    """What was not sent because nobody wanted it, and is wanted again after a few days, was stopped by
    mistake: it waits again."""
    row = deliveries.c
    lately = and_(row.state == "refused", row.detail == UNWANTED, row.changed_at >= now - MISTAKE)
    ids = connection.scalars(select(row.id).where(lately)).all()
    if again := set(ids) - unwanted(connection, ids):
        waits = {"state": "queued", "detail": "", "due_at": now, "changed_at": now}
        connection.execute(update(deliveries).where(row.id.in_(again)).values(waits))


def _undo_stop(connection: Connection, row: Row[Any]) -> None:
    """As if nothing had been, with what the criteria before a change still owe."""
    here = subscriptions.c
    same = (here.subscriber_id == row.subscriber_id) & (here.subscription == row.subscription)
    others = connection.execute(select(here.id, here.joined, here.ended_at).where(same)).all()
    begun = {one.joined for one in others}
    changed = [one.id for one in others if one.id != row.id and one.ended_at in begun]
    connection.execute(update(subscriptions).where(here.id.in_(changed)).values(reason="changed"))
    connection.execute(update(subscriptions).where(here.id == row.id).values(ended_at=None, reason=None))


def _forget_matching(connection: Connection, now: datetime) -> None:
    """Criteria that nobody uses miss new reviews: who uses them again has them matched anew, as if they were
    new."""
    connection.execute(update(criteria).where(~in_use()).values(matched=False, added=now))


def _not_erased(connection: Connection, wanted: Sequence[Subscription]) -> list[Subscription]:
    """The same without addresses that were erased and are still named: nobody becomes one of those."""
    forgotten = connection.execute(select(erased)).all()
    if not forgotten:
        return list(wanted)

    def is_held(one: Subscriber) -> bool:
        return not any(_digest(row.salt, one) == row.digest for row in forgotten)

    return [replace(entry, subscribers=tuple(filter(is_held, entry.subscribers))) for entry in wanted]


def _allow_back(connection: Connection, wanted: Sequence[Subscription]) -> None:
    """An erased address that the configuration no longer names may join again another day."""
    named = {one for subscription in wanted for one in subscription.subscribers}
    for row in connection.execute(select(erased)).all():
        if not any(_digest(row.salt, one) == row.digest for one in named):
            connection.execute(delete(erased).where(erased.c.id == row.id))


def _places(
    connection: Connection, wanted: Sequence[Subscription], now: datetime
) -> Iterator[tuple[Place, Subscription]]:
    """Who is to have which subscription. Left out: erased addresses, and readers who stopped all."""
    forgotten = connection.execute(select(erased)).all()
    rows = connection.execute(select(subscribers)).all()
    numbers = {(row.medium, row.folded): row.id for row in rows}
    stopped = {row.id for row in rows if row.stopped_at}
    spelt = {row.id: row.address for row in rows}
    for subscription in wanted:
        for one in subscription.subscribers:
            if any(_digest(row.salt, one) == row.digest for row in forgotten):
                continue
            number = numbers.get(name_of(one))
            if number is None:
                number = _new_subscriber(connection, one, now)
                numbers[name_of(one)] = number
            elif number in spelt and spelt[number] != one.address:
                here = subscribers.c.id == number
                connection.execute(update(subscribers).where(here).values(address=one.address))
            spelt[number] = one.address
            if number not in stopped:
                yield (number, subscription.id), subscription


def _new_subscriber(connection: Connection, one: Subscriber, now: datetime) -> int:
    values = {"medium": one.medium, "address": one.address, "folded": name_of(one)[1], "since": now}
    added = insert(subscribers).values(values).returning(subscribers.c.id)
    number: int = connection.execute(added).scalar_one()
    return number


def _add_criteria(connection: Connection, subscription: Subscription, now: datetime) -> None:
    connection.execute(
        insert_into(connection, criteria)
        .values(
            key=asked.key(subscription.criteria), criteria=subscription.criteria, matched=False, added=now
        )
        .on_conflict_do_nothing()
    )


def _update(connection: Connection, places: dict[Place, Subscription], now: datetime) -> None:
    rows = connection.execute(select(subscriptions).order_by(subscriptions.c.id)).all()
    active = {(row.subscriber_id, row.subscription): row for row in rows if row.ended_at is None}
    latest = {(row.subscriber_id, row.subscription): row for row in rows}
    gone = {place: row for place, row in active.items() if place not in places}
    fresh: list[Place] = []
    for place, subscription in places.items():
        if place in active:
            _refresh(connection, active[place], subscription, now)
        elif place not in latest or latest[place].reason != "stopped":  # a reader's own stop stays
            fresh.append(place)
    # One that goes just as another comes, for the same reader and the same criteria, was given another id.
    # What it still owes must not be lost.
    under_another_id = {(row.subscriber_id, row.criteria): place for place, row in gone.items()}
    for place in fresh:
        before = under_another_id.pop((place[0], asked.key(places[place].criteria)), None)
        if before is None:
            _begin(connection, place, places[place], now)
        else:
            _refresh(connection, gone.pop(before), places[place], now)
    for number, name in gone:
        end(connection, number, name, "removed", now)


def _refresh(connection: Connection, row: Row[Any], subscription: Subscription, now: datetime) -> None:
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
    if any(getattr(row, name) != value for name, value in values.items()):
        own = (here.subscriber_id == row.subscriber_id) & (here.subscription == row.subscription)
        connection.execute(update(subscriptions).where(own, contributing()).values(values))
    if row.criteria != asked.key(subscription.criteria):
        connection.execute(
            update(subscriptions).where(here.id == row.id).values(ended_at=now, reason="changed")
        )
        _begin(connection, (row.subscriber_id, subscription.id), subscription, now)


def _begin(connection: Connection, place: Place, subscription: Subscription, now: datetime) -> None:
    connection.execute(
        insert(subscriptions).values(
            subscriber_id=place[0],
            subscription=place[1],
            name=subscription.name,
            schedule=subscription.schedule.id,
            scheduled_since=now,
            criteria=asked.key(subscription.criteria),
            footer=subscription.footer,
            quiet=subscription.tells_quiet_weeks,
            joined=now,
        )
    )
