"""The outbox: how deliveries get on and how they end, each settled by its number.

queued -> sending -> sent | refused | deferred (-> sending) | uncertain (-> a person, or Slack, says)
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    bindparam,
    exists,
    insert,
    null,
    or_,
    select,
    update,
)

from bot.errors import BotError
from bot.models import Edition, Failure, OutboxItem, Outcome, Posted, Settled
from bot.store.archive import batches
from bot.store.bouncing import count_bounce
from bot.store.claiming import BACK, Claiming
from bot.store.engine import insert_into
from bot.store.holding import end_hold, hold
from bot.store.joining import joined_into
from bot.store.runs import write_failure
from bot.store.tables import deliveries, posts, subscribers
from bot.store.waiting import items
from bot.store.wishes import UNWANTED, is_away, is_unwanted, standings, surely_wanted

FIRST_WAIT = timedelta(minutes=15)  # doubled with every attempt
LONGEST_WAIT = timedelta(hours=6)
MARK = 16  # of the letters of an edition's id, which each mail of it carries
GIVE_UP = timedelta(days=7)  # of trying: a long weekend of a full mailbox must not destroy a digest
A_DAY = timedelta(days=1)
LOST = "its claim ran out, and another worker may be at it"
AWAY = "nothing is sent to this address now"


class Outbox(Claiming):
    def enter(
        self, handing: Sequence[int], settled: Sequence[Settled], now: datetime, stop_after: int
    ) -> dict[int, str]:
        with self._database.writing() as connection:
            self._settle(connection, settled, now, stop_after)
            return self._hand_over(connection, handing, now) if handing else {}

    def _hand_over(self, connection: Connection, handing: Sequence[int], now: datetime) -> dict[int, str]:
        ours = [{"number": number, "worker": self._worker, "now": now} for number in handing]
        if connection.execute(HANDED_OVER_AS_USUAL, ours).rowcount == len(handing):
            return {}
        return self._look_closer(connection, handing, now)

    def _look_closer(self, connection: Connection, handing: Sequence[int], now: datetime) -> dict[int, str]:
        """The same, where it is not as usual with some of them."""
        reasons = dict.fromkeys(handing, LOST)
        for row in standings(connection, handing):
            if row.state != "sending" or row.claimed_by != self._worker:
                continue
            if is_unwanted(connection, row):
                reasons[row.id] = UNWANTED
            elif is_away(row, now):
                reasons[row.id] = AWAY
            else:
                del reasons[row.id]
        for number in [one for one in handing if one not in reasons]:
            ours = {"number": number, "worker": self._worker, "now": now}
            if not connection.execute(HANDED_OVER, ours).rowcount:
                reasons[number] = LOST
        back = {UNWANTED: {"state": "refused", "detail": UNWANTED, "look_at": None}, AWAY: BACK}
        for reason, values in back.items():
            if ids := [number for number, said in reasons.items() if said == reason]:
                change = update(deliveries).where(deliveries.c.id.in_(ids))
                connection.execute(change.values(changed_at=now, **values))
        return reasons

    def posted(self, delivery_id: int, post: Posted) -> None:
        """The part is there, whoever's the delivery is by now; unless it was erased."""
        row = deliveries.c
        ours = and_(row.id == delivery_id, row.state == "sending", row.claimed_by == self._worker)
        with self._database.writing() as connection:
            if connection.scalar(select(row.id).where(row.id == delivery_id)):
                _write_posts(connection, delivery_id, (post,))
                connection.execute(update(deliveries).where(ours).values(handed_over=False, look_at=None))

    def _settle(
        self, connection: Connection, settled: Sequence[Settled], now: datetime, stop_after: int
    ) -> None:
        """Nothing happens where a delivery was erased, or is another worker's by now."""
        plain = [one for one in settled if one.outcome.state == "sent" and not one.outcome.posted]
        if plain:
            same = {"worker": self._worker, "now": now}
            rows = [{"number": one.delivery_id, "said": one.outcome.detail, **same} for one in plain]
            connection.execute(SENT, rows)
        for one in settled:
            if one.outcome.state != "sent" or one.outcome.posted:
                self._settle_one(connection, one, now, stop_after)
        answered = [one.delivery_id for one in settled if one.outcome.state in ("sent", "refused")]
        if self._trying and answered:
            for medium in _media(connection, answered) & self._trying:
                end_hold(connection, medium, now)
                self._trying.discard(medium)

    def _settle_one(self, connection: Connection, one: Settled, now: datetime, stop_after: int) -> None:
        row, outcome = deliveries.c, one.outcome
        own = and_(row.id == one.delivery_id, row.claimed_by == self._worker, _open(row))
        found = connection.execute(
            select(deliveries, subscribers.c.medium)
            .join(subscribers, subscribers.c.id == row.subscriber_id)
            .where(own)
            .with_for_update(of=deliveries)
        ).first()
        if found is None:
            return
        _write_posts(connection, found.id, outcome.posted)
        held_until = None
        if outcome.holds and not _is_the_only_one(connection, found):
            held_until = hold(connection, found.medium, outcome, now)
        ending = _ending(found, outcome, now, held_until)
        values = {"lease_until": None, "look_at": None, "changed_at": now, **ending}
        connection.execute(update(deliveries).where(row.id == found.id).values(values))
        if outcome.bounced:
            count_bounce(connection, found, now, stop_after)

    def fail_delivery(self, delivery_id: int, failure: Failure) -> None:
        """Nothing is kept of a delivery that was erased: the text may hold the address."""
        with self._database.writing() as connection:
            if connection.scalar(select(deliveries.c.id).where(deliveries.c.id == delivery_id)):
                write_failure(connection, failure)

    def bounced(
        self, delivery_id: int, edition: str, detail: str, *, hard: bool, now: datetime, stop_after: int
    ) -> str:
        """Raises nothing for what is not ours: anybody can write a bounce."""
        with self._database.writing() as connection:
            one = connection.execute(
                select(deliveries).where(deliveries.c.id == delivery_id).with_for_update()
            ).first()
            if one is None or one.edition_id[:MARK] != edition:
                return "unknown"
            if one.state not in ("sent", "uncertain"):
                return "known"
            values = {"state": "refused", "detail": detail, "look_at": None, "changed_at": now}
            connection.execute(update(deliveries).where(deliveries.c.id == one.id).values(values))
            failure = Failure(kind="delivery", subject=str(one.id), text=detail, at=now)
            write_failure(connection, failure)
            return "stopped" if hard and count_bounce(connection, one, now, stop_after) else "kept"

    def retry(self, delivery_id: int, now: datetime) -> OutboxItem:
        return self._decide(delivery_id, now, "retried", state="queued", detail="", **AFRESH, due_at=now)

    def resolve(self, delivery_id: int, now: datetime) -> OutboxItem:
        return self._decide(delivery_id, now, "resolved", state="sent")

    def _decide(self, delivery_id: int, now: datetime, verb: str, **values: Any) -> OutboxItem:
        with self._database.writing() as connection:
            one = deliveries.c.id == delivery_id
            state = connection.scalar(select(deliveries.c.state).where(one).with_for_update())
            if state is None:
                raise BotError(f"there is no delivery {delivery_id}; `status` lists those that can be {verb}")
            if state not in ("uncertain", "deferred", "refused"):
                raise BotError(
                    f"delivery {delivery_id} is {state}; only an uncertain, deferred or refused one "
                    f"can be {verb}"
                )
            values = {"claimed_by": None, "look_at": None, "changed_at": now, **values}
            connection.execute(update(deliveries).where(one).values(values))
            return items(connection, one)[0]


AFRESH: dict[str, Any] = {"first_tried": None, "failing_since": None, "held_at": None}


def queue(
    connection: Connection,
    readers: Sequence[int],
    schedule: str,
    edition: Edition,
    slot: datetime,
    now: datetime,
    brought_by: tuple[str, ...],
) -> None:
    """A delivery of this edition to each of these readers, to be sent from now on. `brought_by`: ids of
    subscriptions."""
    values = {
        "edition_id": edition.id,
        "schedule": schedule,
        "slot": slot,
        "due_at": now,
        "subscriptions": brought_by,
        "changed_at": now,
    }
    for some in batches(sorted(readers)):
        connection.execute(QUEUE, {**NOT_TRIED, **values, "readers": some})


def _open(row: Any) -> ColumnElement[bool]:
    """May be settled. An uncertain one: its lease ran out, and we know better now."""
    return or_(row.state == "sending", row.state == "uncertain")


def _media(connection: Connection, ids: Sequence[int]) -> set[Any]:
    query = select(subscribers.c.medium).join(deliveries, subscribers.c.id == deliveries.c.subscriber_id)
    return set(connection.scalars(query.where(deliveries.c.id.in_(ids)).distinct()))


# Made once: it is said for every edition.
NOT_TRIED: dict[str, Any] = {"state": "queued", "attempts": 0, "handed_over": False, "detail": ""}
_SAME = ("edition_id", "schedule", "slot", "due_at", "subscriptions", "changed_at", *NOT_TRIED)
QUEUE = insert(deliveries).from_select(
    ["subscriber_id", *_SAME],
    select(subscribers.c.id, *(bindparam(name, type_=deliveries.c[name].type) for name in _SAME))
    .where(subscribers.c.id.in_(bindparam("readers", expanding=True)))
    .order_by(subscribers.c.id),
)
# Made once: they are said for every letter.
HANDED_OVER = (
    update(deliveries)
    .where(
        deliveries.c.id == bindparam("number"),
        deliveries.c.state == "sending",  # asked once more: another worker may have given it back meanwhile
        deliveries.c.claimed_by == bindparam("worker"),
    )
    .values(handed_over=True, handed_at=bindparam("now"))
)
HANDED_OVER_AS_USUAL = HANDED_OVER.where(surely_wanted(bindparam("now")))
SENT = (
    update(deliveries)
    .where(
        deliveries.c.id == bindparam("number"),
        deliveries.c.claimed_by == bindparam("worker"),
        _open(deliveries.c),
    )
    .values(
        state="sent",
        detail=bindparam("said"),
        lease_until=null(),
        look_at=null(),
        changed_at=bindparam("now"),
    )
)


def _write_posts(connection: Connection, delivery_id: int, taken: Sequence[Posted]) -> None:
    """A review that was joined into another since the delivery was claimed has that one's number now."""
    if not taken:
        return
    now_called = joined_into(connection, {one.review_id for one in taken if one.review_id})
    rows = [
        {
            "delivery_id": delivery_id,
            "channel": one.channel,
            "ts": one.ts,
            "review_id": now_called.get(one.review_id, one.review_id) if one.review_id else None,
        }
        for one in taken
    ]
    connection.execute(insert_into(connection, posts).on_conflict_do_nothing(), rows)


def _is_the_only_one(connection: Connection, one: Row[Any]) -> bool:
    """Whether others went the same way since this one last met what it calls a trouble of the way: then it is
    its own, and must not hold up everybody again and again."""
    if one.held_at is None:
        return False
    row = deliveries.c
    on_it = exists().where(subscribers.c.id == row.subscriber_id, subscribers.c.medium == one.medium)
    others = exists().where(row.state == "sent", row.handed_at > one.held_at, row.id != one.id, on_it)
    return bool(connection.scalar(select(others)))


def _ending(one: Row[Any], outcome: Outcome, now: datetime, held_until: datetime | None) -> dict[str, Any]:
    if outcome.state == "uncertain":
        look_at = now + outcome.retry_after if outcome.retry_after else None
        return {"state": "uncertain", "detail": outcome.detail, "look_at": look_at}
    if outcome.state != "deferred":
        return {"state": outcome.state, "detail": outcome.detail}
    deferred = {"state": "deferred", "detail": outcome.detail}
    if held_until is not None:  # a trouble not its own: it is no try of it, and after it others go first
        return deferred | {"due_at": held_until, "held_at": now, "attempts": max(0, one.attempts - 1)}
    was_left_alone = now - one.due_at > A_DAY  # in a pause, or the bot was asleep: nobody tried it
    since = now if was_left_alone else one.failing_since or now
    if now - since >= GIVE_UP:
        return {
            "state": "refused",
            "detail": f"{outcome.detail} (given up after {GIVE_UP.days} days of trying)",
        }
    wait = outcome.retry_after or min(FIRST_WAIT * 2 ** min(max(0, one.attempts - 1), 10), LONGEST_WAIT)
    return deferred | {"due_at": now + wait, "failing_since": since}
