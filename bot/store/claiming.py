"""Claims on deliveries: each is one worker's at a time, under a lease that it renews while it lives.

A worker that died leaves its claims behind. What it had not handed over goes back to where it was; what it
may have handed over is uncertain, and on Slack the channel itself can look whether it arrived.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    case,
    delete,
    exists,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    text,
    update,
)

from bot.models import Delivery, Digest, Edition, Failure, Medium, Posted, Subscriber
from bot.store.engine import Database, Room
from bot.store.holding import hold_of, in_force
from bot.store.joining import joined_into
from bot.store.runs import write_failure
from bot.store.tables import deliveries, digest_runs, editions, posts, subscribers
from bot.store.wishes import UNWANTED, away, unwanted
from bot.store.withdrawals import as_offered_now

STRAY = timedelta(
    minutes=2
)  # no lease ends later than this: one that does was taken by a clock set back since
AN_HOUR = timedelta(hours=1)
A_DAY = timedelta(days=1)
CHANNEL_RESTS = timedelta(seconds=1)  # between two workers' messages; each keeps the same among its own
EDITIONS_KEPT = 16
STOPPED = (
    "The bot was stopped while it handed this over, so it may or may not have arrived: ask the reader, then "
    "`outbox resolve` or `outbox retry`."
)


class Claiming(Room):
    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._worker = secrets.token_hex(8)  # says which claims are this store's own
        self._trying: set[str] = set()  # media whose hold is over, and that have taken nothing since
        self._editions: OrderedDict[str, Edition] = OrderedDict()

    def claim_deliveries(
        self, medium: Medium, now: datetime, lease: timedelta, limit: int, an_hour: int | None = None
    ) -> tuple[Delivery, ...]:
        """Those due first go first, and one at a time for a subscriber: what a second one edits, the first
        must have posted. What is on its way to somebody who no longer wants it is refused here instead."""
        row = deliveries.c
        with self._database.writing() as connection:
            if (hold := hold_of(connection, medium)) is not None:
                if in_force(hold, now):
                    return ()
                self._trying.add(medium)
                limit = min(limit, 1)  # one finds out whether it is over
            if an_hour is not None:
                limit = min(limit, an_hour - _in_the_last_hour(connection, medium, now))
            states: dict[int, Row[Any]] = {}
            while limit > 0 and not states:
                found = connection.execute(_free(medium, now, self._worker).limit(limit)).all()
                gone = unwanted(connection, [one.id for one in found])
                if gone:
                    refused = {"state": "refused", "detail": UNWANTED, "look_at": None, "changed_at": now}
                    connection.execute(update(deliveries).where(row.id.in_(gone)).values(refused))
                states = {one.id: one for one in found if one.id not in gone}
                if not found:
                    return ()
            connection.execute(
                update(deliveries)
                .where(row.id.in_(states))
                .values(
                    state="sending",
                    attempts=row.attempts + 1,
                    claimed_by=self._worker,
                    lease_until=now + lease,
                    handed_over=False,
                    first_tried=func.coalesce(row.first_tried, literal(now, row.first_tried.type)),
                    changed_at=now,
                )
            )
            return self._claimed(connection, {number: one.state for number, one in states.items()})

    def renew(self, now: datetime, lease: timedelta) -> None:
        """What this worker is at stays its own for so much longer."""
        row = deliveries.c
        mine = and_(row.state == "sending", row.claimed_by == self._worker)
        with self._database.writing() as connection:
            connection.execute(update(deliveries).where(mine).values(lease_until=now + lease))

    def give_back(self, ids: Sequence[int]) -> None:
        """What this worker claimed and did not begin goes back to where it was."""
        with self._database.writing() as connection:
            self._give_back(connection, deliveries.c.id.in_(ids))

    def release(self) -> None:
        """All that this worker claimed and has not handed over: nobody need wait for its lease."""
        with self._database.writing() as connection:
            self._give_back(connection, ~deliveries.c.handed_over)

    def recover(self, now: datetime) -> int:
        row = deliveries.c
        over = and_(row.state == "sending", run_out(row.lease_until, now))
        with self._database.writing() as connection:
            returned = connection.execute(
                update(deliveries).where(over, ~row.handed_over).values(changed_at=now, **BACK)
            )
            on_slack = exists().where(subscribers.c.id == row.subscriber_id, subscribers.c.medium == "slack")
            moment = literal(now, row.look_at.type)
            for number in connection.scalars(select(row.id).where(over, row.handed_over, ~on_slack)):
                failure = Failure(kind="delivery", subject=str(number), text=STOPPED, at=now)
                write_failure(connection, failure)
            unknown = connection.execute(
                update(deliveries)
                .where(over, row.handed_over)
                .values(
                    state="uncertain",
                    lease_until=None,
                    look_at=case((on_slack, moment), else_=null()),
                    changed_at=now,
                    detail=STOPPED,
                )
            )
            run = digest_runs.c
            left = delete(digest_runs).where(CLAIMED, run_out(run.lease_until, now))
            return returned.rowcount + unknown.rowcount + connection.execute(left).rowcount

    def spent_until(self, medium: Medium, now: datetime, an_hour: int) -> datetime | None:
        row = deliveries.c
        query = select(row.handed_at).where(_went_lately(medium, now)).order_by(row.handed_at.desc())
        with self._database.reading() as connection:
            first_of_them: datetime | None = connection.scalar(query.offset(an_hour - 1).limit(1))
            return first_of_them + AN_HOUR if first_of_them else None

    def others_until(self, now: datetime) -> datetime | None:
        row, run = deliveries.c, digest_runs.c
        theirs = and_(row.state == "sending", row.claimed_by != self._worker, row.lease_until <= now + STRAY)
        composing = and_(CLAIMED, ~run_out(run.lease_until, now))
        with self._database.reading() as connection:
            queries = (
                select(func.max(row.lease_until)).where(theirs),
                select(func.max(run.lease_until)).where(composing),
            )
            return max((one for one in map(connection.scalar, queries) if one), default=None)

    def _give_back(self, connection: Connection, which: ColumnElement[bool]) -> None:
        row = deliveries.c
        mine = and_(row.state == "sending", row.claimed_by == self._worker, ~row.handed_over)
        fewer = case((row.attempts > 0, row.attempts - 1), else_=0)
        connection.execute(update(deliveries).where(mine, which).values(attempts=fewer, **BACK))

    def _claimed(self, connection: Connection, states: dict[int, str]) -> tuple[Delivery, ...]:
        row = deliveries.c
        own = (row.id, row.edition_id, row.subscriber_id, row.attempts, row.subscriptions, row.first_tried)
        query = (
            select(*own, subscribers.c.medium, subscribers.c.address)
            .join(subscribers, subscribers.c.id == row.subscriber_id)
            .where(row.id.in_(states))
        )
        rows: dict[int, Any] = {one.id: one for one in connection.execute(query)}
        shown = {
            id: as_offered_now(connection, self._edition(connection, id))
            for id in {one.edition_id for one in rows.values()}
        }
        return tuple(
            self._delivery(connection, rows[number], state, shown[rows[number].edition_id])
            for number, state in states.items()
        )

    def _delivery(self, connection: Connection, row: Row[Any], state: Any, edition: Edition) -> Delivery:
        on_slack = row.medium == "slack"
        return Delivery(
            id=row.id,
            edition=edition,
            subscriber_id=row.subscriber_id,
            subscriber=Subscriber(medium=row.medium, address=row.address),
            state=state,
            attempts=row.attempts,
            subscriptions=row.subscriptions or (),
            first_tried=row.first_tried,
            posted=tuple(_posts(connection, posts.c.delivery_id == row.id)) if on_slack else (),
            earlier=_earlier(connection, row, edition.digest) if on_slack else (),
        )

    def _edition(self, connection: Connection, edition_id: str) -> Edition:
        """Editions never change, and many deliveries share one."""
        if edition_id not in self._editions:
            composed = connection.scalars(select(editions.c.digest).where(editions.c.id == edition_id)).one()
            self._editions[edition_id] = Edition(id=edition_id, digest=composed)
            while len(self._editions) > EDITIONS_KEPT:
                self._editions.popitem(last=False)
        return self._editions[edition_id]


# Where a claim that came to nothing goes: what was uncertain before it still is.
BACK: dict[str, Any] = {
    "state": case((deliveries.c.look_at.is_not(None), "uncertain"), else_="queued"),
    "claimed_by": None,
    "lease_until": None,
}


# In the very words of the index, or SQLite would not use it.
STILL_OPEN = and_(
    deliveries.c.state != literal_column("'sent'"), deliveries.c.state != literal_column("'refused'")
)
CLAIMED = digest_runs.c.state == literal_column("'claimed'")


def run_out(lease_until: Any, now: datetime) -> ColumnElement[bool]:
    """Whether a lease is over, or was taken by a clock that was ahead."""
    return or_(lease_until <= now, lease_until > now + STRAY)


def _free(medium: Medium, now: datetime, worker: str) -> Any:
    row = deliveries.c
    other = deliveries.alias("other").c
    in_the_way = or_(other.state == "sending", and_(other.id < row.id, _claimable(other, now)))
    waits = exists().where(other.subscriber_id == row.subscriber_id, other.id != row.id, in_the_way)
    reader = subscribers.c
    reachable = exists().where(reader.id == row.subscriber_id, reader.medium == medium, ~away(now))
    free = select(row.id, row.state).where(STILL_OPEN, _claimable(row, now), reachable, ~waits)
    if medium == "slack":
        lately = and_(other.changed_at > now - CHANNEL_RESTS, other.changed_at <= now)
        theirs = and_(other.state == "sent", other.claimed_by != worker)
        free = free.where(~exists().where(other.subscriber_id == row.subscriber_id, theirs, lately))
    return free.order_by(row.due_at, row.id).with_for_update(skip_locked=True)


def _claimable(row: Any, now: datetime) -> ColumnElement[bool]:
    """A queued one waits for nothing, and no deferred one for a day: one that seems to was put off by a clock
    that has been set back since."""
    state = row.state + literal_column("''")  # hidden from SQLite's planner, which would sort all that wait
    return or_(
        state == "queued",
        and_(state == "deferred", or_(row.due_at <= now, row.due_at > now + A_DAY)),
        and_(state == "uncertain", or_(row.look_at <= now, row.look_at > now + A_DAY)),
    )


def _went_lately(medium: Medium, now: datetime) -> ColumnElement[bool]:
    row = deliveries.c
    here = exists().where(subscribers.c.id == row.subscriber_id, subscribers.c.medium == medium)
    return and_(row.handed_at > now - AN_HOUR, row.handed_at <= now + STRAY, here)


def _in_the_last_hour(connection: Connection, medium: Medium, now: datetime) -> int:
    """How many were handed over, or are about to be. Two workers count one after the other."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE holds IN SHARE ROW EXCLUSIVE MODE"))
    row = deliveries.c
    here = exists().where(subscribers.c.id == row.subscriber_id, subscribers.c.medium == medium)
    about_to = and_(row.state == "sending", ~row.handed_over, here)
    counted = or_(_went_lately(medium, now), about_to)
    return connection.scalar(select(func.count()).select_from(deliveries).where(counted)) or 0


def _earlier(connection: Connection, row: Row[Any], digest: Digest) -> tuple[Posted, ...]:
    """Posts of these reviews in this channel, under the numbers that the digest knows them by."""
    shown = {entry.review_id for entry in digest.entries}
    now_called = joined_into(connection, shown)
    known_as = {now_called.get(one, one): one for one in shown}
    former = select(deliveries.c.id).where(
        deliveries.c.subscriber_id == row.subscriber_id, deliveries.c.id < row.id
    )
    found = _posts(connection, posts.c.delivery_id.in_(former), posts.c.review_id.in_(known_as))
    return tuple(replace(one, review_id=known_as[one.review_id]) for one in found if one.review_id)


def _posts(connection: Connection, *conditions: ColumnElement[bool]) -> Iterator[Posted]:
    for row in connection.execute(select(posts).where(*conditions).order_by(posts.c.id)):
        yield Posted(channel=row.channel, ts=row.ts, review_id=row.review_id)
