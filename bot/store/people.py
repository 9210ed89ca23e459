"""What a reader may ask for: to stop, to see what is held about them, to be forgotten."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, String, cast, delete, or_, select, update

from bot.models import Subscribed, Subscriber, SubscriberStanding
from bot.store.engine import Room
from bot.store.enrolment import begin_again, end, mark_erased, take_back_refusals
from bot.store.tables import (
    deliveries,
    digest_runs,
    editions,
    failures,
    posts,
    reviews,
    subscribers,
    subscriptions,
    told,
)


class People(Room):
    def stop(self, subscriber_id: int, subscription: str | None, now: datetime) -> None:
        with self._database.writing() as connection:
            if subscription is not None:
                end(connection, subscriber_id, subscription, "stopped", now)
                _stays_stopped(connection, subscriber_id, subscription)
                return
            here = subscriptions.c.subscriber_id == subscriber_id
            for (name,) in connection.execute(
                select(subscriptions.c.subscription).where(here).distinct()
            ).all():
                end(connection, subscriber_id, name, "stopped", now)
            one = subscribers.c.id == subscriber_id
            connection.execute(update(subscribers).where(one).values(stopped_at=now))

    def start_again(self, subscriber_id: int, subscription: str | None, now: datetime) -> None:
        with self._database.writing() as connection:
            if begin_again(connection, subscriber_id, now, subscription) or subscription is None:
                one = subscribers.c.id == subscriber_id
                connection.execute(update(subscribers).where(one).values(stopped_at=None))
                take_back_refusals(connection, now)

    def pause(self, subscriber_id: int, until: datetime | None, now: datetime) -> None:
        with self._database.writing() as connection:
            one = subscribers.c.id == subscriber_id
            connection.execute(update(subscribers).where(one).values(paused_until=until))

    def resume(self, address: str, now: datetime) -> int:
        """Undo the reader's own stop, of all or of single subscriptions, a pause, and what bounces did.
        Returns how many rows that is: subscriptions, or else the reader alone; 0 where there is nothing."""
        with self._database.writing() as connection:
            count = 0
            for row in _held(connection, address):
                one = subscribers.c.id == row.id
                kept_away = {"stopped_at": None, "paused_until": None, "bounced_at": None}
                away = any(getattr(row, name) is not None for name in kept_away)
                connection.execute(update(subscribers).where(one).values(kept_away))
                counted = update(deliveries).where(deliveries.c.subscriber_id == row.id)
                connection.execute(counted.values(bounced=False))
                count += begin_again(connection, row.id, now) or int(away)
            take_back_refusals(connection, now)
            return count

    def standing_of(self, subscriber_id: int) -> SubscriberStanding | None:
        with self._database.reading() as connection:
            query = select(subscribers).where(subscribers.c.id == subscriber_id)
            row = connection.execute(query).first()
            return _standing(connection, row) if row else None

    def unreached(self) -> tuple[SubscriberStanding, ...]:
        """Addresses that get nothing because they took nothing, by address."""
        with self._database.reading() as connection:
            query = select(subscribers).where(subscribers.c.bounced_at.is_not(None))
            rows = connection.execute(query.order_by(subscribers.c.folded)).all()
            return tuple(_standing(connection, row) for row in rows)

    def export(self, address: str) -> dict[str, object]:
        """Moments as ISO 8601 text, so that it can be written as JSON. `subscribers` is empty for an address
        that is not held."""
        with self._database.reading() as connection:
            held = [_exported(connection, row) for row in _held(connection, address)]
        return {"address": address, "subscribers": held}

    def erase(self, address: str, now: datetime) -> int:
        with self._database.writing() as connection:
            return sum(_erase(connection, row, now) for row in _held(connection, address))


def _stays_stopped(connection: Connection, subscriber_id: int, subscription: str) -> None:
    """What the configuration took away before does not come back with it."""
    row = subscriptions.c
    gone = (row.subscriber_id == subscriber_id) & (row.subscription == subscription)
    connection.execute(update(subscriptions).where(gone, row.reason == "removed").values(reason="stopped"))


def _standing(connection: Connection, one: Row[Any]) -> SubscriberStanding:
    row = subscriptions.c
    columns = (row.subscription, row.former, row.name, row.ended_at, row.reason)
    query = select(*columns).where(row.subscriber_id == one.id)
    latest = {each.subscription: each for each in connection.execute(query.order_by(row.id))}
    return SubscriberStanding(
        id=one.id,
        subscriber=Subscriber(medium=one.medium, address=one.address),
        subscriptions=tuple(
            Subscribed(id=each.subscription, name=each.name, state=_state(each), former=each.former or ())
            for _, each in sorted(latest.items())
        ),
        paused_until=one.paused_until,
        stopped=one.stopped_at is not None,
        bounced=one.bounced_at,
    )


def _state(row: Any) -> Literal["active", "stopped", "ended"]:
    if row.ended_at is None:
        return "active"
    return "stopped" if row.reason == "stopped" else "ended"


def _held(connection: Connection, address: str) -> list[Row[Any]]:
    """An address as a person writes it: `lead@example.org`, `#learning-babies`, `slack:#learning-babies`."""
    folded = address.strip().casefold()
    names = [subscribers.c.folded == folded]
    if folded.startswith("slack:"):
        names.append((subscribers.c.medium == "slack") & (subscribers.c.folded == folded[len("slack:") :]))
    return list(connection.execute(select(subscribers).where(or_(*names)).order_by(subscribers.c.id)))


def _exported(connection: Connection, one: Row[Any]) -> dict[str, object]:
    row, told_, run, sent = subscriptions.c, told.c, digest_runs.c, deliveries.c
    asked = select(
        row.subscription,
        row.name,
        row.schedule,
        row.criteria,
        row.footer,
        row.quiet,
        row.joined,
        row.ended_at,
        row.reason,
    ).where(row.subscriber_id == one.id)
    heard = (
        select(reviews.c.title, reviews.c.place, told_.revision, told_.at)
        .join(reviews, reviews.c.id == told_.review_id)
        .where(told_.subscriber_id == one.id)
    )
    runs = select(run.schedule, run.slot, run.state, run.closed_at).where(run.subscriber_id == one.id)
    messages = select(
        sent.id, sent.schedule, sent.slot, sent.state, sent.attempts, sent.changed_at, sent.detail
    ).where(sent.subscriber_id == one.id)
    posted = (
        select(posts.c.delivery_id, posts.c.channel, posts.c.ts)
        .join(deliveries, sent.id == posts.c.delivery_id)
        .where(sent.subscriber_id == one.id)
    )
    return {
        "medium": one.medium,
        "address": one.address,
        "since": one.since.isoformat(),
        **{
            name: moment.isoformat() if (moment := getattr(one, name)) else None
            for name in ("stopped_at", "paused_until", "bounced_at")
        },
        "subscriptions": _rows(connection, asked.order_by(row.id)),
        "told": _rows(connection, heard.order_by(told_.at, told_.review_id)),
        "digests": _rows(connection, runs.order_by(run.slot)),
        "deliveries": _rows(connection, messages.order_by(sent.id)),
        "posts": _rows(connection, posted.order_by(posts.c.id)),
        "failures": _rows(connection, select(failures.c.at, failures.c.text).where(_own_failures(one.id))),
    }


def _rows(connection: Connection, query: Any) -> list[dict[str, object]]:
    return [
        {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}
        for row in connection.execute(query).mappings()
    ]


def _own_failures(subscriber_id: int) -> Any:
    numbers = select(cast(deliveries.c.id, String)).where(deliveries.c.subscriber_id == subscriber_id)
    return (failures.c.kind == "delivery") & failures.c.subject.in_(numbers)


def _erase(connection: Connection, one: Row[Any], now: datetime) -> int:
    """Rows that hang on the subscriber first, so that each is counted; then editions that nobody else got."""
    sent = select(deliveries.c.id).where(deliveries.c.subscriber_id == one.id)
    own = select(deliveries.c.edition_id).where(deliveries.c.subscriber_id == one.id)
    candidates = connection.scalars(own).all()
    mark_erased(connection, Subscriber(medium=one.medium, address=one.address), now)
    count = 0
    for statement in (
        delete(failures).where(_own_failures(one.id)),
        delete(posts).where(posts.c.delivery_id.in_(sent)),
        *(
            delete(table).where(table.c.subscriber_id == one.id)
            for table in (deliveries, digest_runs, told, subscriptions)
        ),
        delete(subscribers).where(subscribers.c.id == one.id),
        delete(editions).where(
            editions.c.id.in_(candidates), editions.c.id.not_in(select(deliveries.c.edition_id))
        ),
    ):
        count += connection.execute(statement).rowcount
    return count
