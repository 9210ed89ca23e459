"""What readers have not been told, and keeping what they are told.

Each verb takes many readers of one schedule at once, all in one transaction; those that mean one reader are
the same verbs with one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, Integer, and_, bindparam, exists, insert, literal, or_, select, update

from bot.errors import OvertakenError
from bot.models import Edition, Reader, Untold
from bot.store import untold
from bot.store.archive import batches
from bot.store.arriving import own_rows
from bot.store.claiming import CLAIMED, run_out
from bot.store.doubtful import mention
from bot.store.engine import Room, insert_into
from bot.store.outbox import queue
from bot.store.revised import settle
from bot.store.tables import digest_runs, editions, reviews, subscribers, told
from bot.store.withdrawals import as_offered_now
from bot.store.writings import last_writing

Kept = Sequence[tuple[Reader, Sequence[Edition]]]


class Telling(Room):
    def untold(self, reader: Reader, baseline_days: int, now: datetime) -> Untold:
        return self.untold_to([reader], baseline_days, now)[reader.id]

    def untold_to(self, readers: Sequence[Reader], baseline_days: int, now: datetime) -> dict[int, Untold]:
        """Reviews never told that reach a reader, and reviews told that were revised or withdrawn since;
        those published last come first. `because` is empty where a revised review matches no longer."""
        with self._database.reading() as connection:
            return untold.untold(connection, readers, baseline_days)

    def claim_run(self, reader: Reader, slot: datetime, now: datetime, lease: timedelta) -> bool:
        return bool(self.claim_runs([reader], slot, now, lease))

    def claim_runs(
        self, readers: Sequence[Reader], slot: datetime, now: datetime, lease: timedelta
    ) -> set[int]:
        """One digest of a reader is composed at a time, whatever its schedule: two at once would each find
        the same reviews untold. Where two workers claim at the same moment, the second gets what the first
        is not claiming."""
        with self._database.writing() as connection:
            claimed: set[int] = set()
            for some in batches(sorted(readers, key=lambda one: one.id)):
                row = subscribers.c
                ours = select(row.id).where(row.id.in_([one.id for one in some])).order_by(row.id)
                ids = connection.scalars(ours.with_for_update(skip_locked=True, key_share=True)).all()
                claimed |= _claim(connection, ids, some[0].schedule, slot, now, lease)
            return claimed

    def edition(self, edition_id: str) -> Edition | None:
        with self._database.reading() as connection:
            digest = connection.scalar(select(editions.c.digest).where(editions.c.id == edition_id))
            if digest is None:
                return None
            return as_offered_now(connection, Edition(id=edition_id, digest=digest))

    def keep_edition(
        self, reader: Reader, slot: datetime, composed: Sequence[Edition], now: datetime
    ) -> None:
        """Raises OvertakenError where the run is not claimed, or another worker has closed it meanwhile."""
        if not self.keep_editions([(reader, composed)], slot, now):
            raise OvertakenError(
                f"the {reader.schedule} digest of {slot:%Y-%m-%d %H:%M} was not claimed, or another worker "
                "has kept it meanwhile; nothing is lost, and nothing was kept twice"
            )

    def keep_editions(self, composed: Kept, slot: datetime, now: datetime) -> set[int]:
        """Passed over: who is no longer ours, since another worker was quicker. Raises OvertakenError, and
        keeps nothing of all, where a review in it became part of another meanwhile."""
        with self._database.writing() as connection:
            ours = _close_runs(connection, composed, slot, now)
            kept = [(reader, each) for reader, each in composed if reader.id in ours]
            _keep_new(connection, kept, now)
            active = _active(connection, kept)
            for several, ids in _alike(kept):
                for edition in several:
                    for names, owed in _by_what_brought_it(edition, ids, active):
                        queue(connection, owed, kept[0][0].schedule, edition, slot, now, names)
                _tell(connection, ids, several, now)
            doubts = {
                reader.id: (edition.id, edition.digest.doubtful)
                for reader, each in kept
                for edition in each
                if edition.digest.doubtful
            }
            mention(connection, doubts)
            settle(connection, [reader for reader, _ in kept], now)
            return ours


def _claim(
    connection: Connection, ids: Sequence[int], schedule: str, slot: datetime, now: datetime, lease: timedelta
) -> set[int]:
    run, reader = digest_runs.c, subscribers.c
    other = or_(run.schedule != schedule, run.slot != slot)
    at_it = exists().where(run.subscriber_id == reader.id, CLAIMED, ~run_out(run.lease_until, now), other)
    until = literal(now + lease, run.lease_until.type)
    values = {
        "subscriber_id": reader.id,
        "schedule": literal(schedule),
        "slot": literal(slot, run.slot.type),
        "state": literal("claimed"),
        "lease_until": until,
        "attempts": literal(1, Integer()),
        "saw": last_writing(),  # who begins it anew later may not be who keeps it, so this stays
    }
    free = select(*values.values()).where(reader.id.in_(ids), ~at_it).order_by(reader.id)
    statement = insert_into(connection, digest_runs).from_select(list(values), free)
    statement = statement.on_conflict_do_update(
        index_elements=["subscriber_id", "schedule", "slot"],
        set_={"lease_until": until, "attempts": run.attempts + 1},
        where=and_(run.state == "claimed", run_out(run.lease_until, now)),
    )
    return set(connection.scalars(statement.returning(run.subscriber_id)))


def _close_runs(connection: Connection, composed: Kept, slot: datetime, now: datetime) -> set[int]:
    """Those of these readers whose digest was ours to keep. Not where our claim ran out, and another digest
    of the reader was begun since: it may tell the same."""
    run, other = digest_runs.c, digest_runs.alias("other").c
    since = or_(
        and_(other.state == "claimed", other.lease_until > run.lease_until),
        other.closed_at >= run.lease_until,
    )
    begun_since = exists().where(other.subscriber_id == run.subscriber_id, other.id != run.id, since)
    held_over: dict[int, list[Reader]] = {}
    for reader, each in composed:
        held = max((edition.digest.held_over for edition in each), default=0)
        held_over.setdefault(held, []).append(reader)
    ours: set[int] = set()
    for held, readers in held_over.items():
        for some in batches(sorted(readers, key=lambda one: one.id)):
            claimed = and_(
                run.subscriber_id.in_([one.id for one in some]),
                run.schedule == some[0].schedule,
                run.slot == slot,
                run.state == "claimed",
                or_(run.lease_until > now, ~begun_since),
            )
            values = {"state": "closed", "closed_at": now, "held_over": held}
            closed = update(digest_runs).where(claimed).values(values).returning(run.subscriber_id)
            ours.update(connection.scalars(closed))
    return ours


def _keep_new(connection: Connection, kept: Kept, now: datetime) -> None:
    """Editions that are not kept yet. Locked where they are, or with their last reader they could be erased
    before they have another."""
    wanted = {edition.id: edition for _, each in kept for edition in each}
    there: set[str] = set()
    for some in batches(sorted(wanted)):
        query = select(editions.c.id).where(editions.c.id.in_(some)).order_by(editions.c.id)
        there.update(connection.scalars(query.with_for_update(read=True, key_share=True)))
    rows = [
        {"id": one.id, "digest": one.digest, "reviews": len(one.digest.entries), "at": now}
        for one in (wanted[number] for number in sorted(wanted.keys() - there))
    ]
    if rows:
        connection.execute(insert_into(connection, editions).on_conflict_do_nothing(), rows)


def _alike(kept: Kept) -> Iterator[tuple[Sequence[Edition], list[int]]]:
    """Readers, by number, who get the same editions."""
    found: dict[tuple[str, ...], tuple[Sequence[Edition], list[int]]] = {}
    for reader, each in kept:
        if each:
            found.setdefault(tuple(one.id for one in each), (each, []))[1].append(reader.id)
    yield from found.values()


def _because(edition: Edition) -> tuple[str, ...]:
    """Ids of the subscriptions that brought its reviews; none where it has no review, or one that is told
    because it was told before."""
    entries = edition.digest.entries
    if not all(entry.because for entry in entries):
        return ()
    return tuple(dict.fromkeys(one.subscription for entry in entries for one in entry.because))


def _active(connection: Connection, kept: Kept) -> dict[int, tuple[str, ...]]:
    """By reader, where it is needed: ids of all that they subscribe to on the schedule."""
    readers = [reader for reader, each in kept if not all(map(_because, each))]
    return {
        number: tuple(dict.fromkeys(row.subscription for row in rows if row.ended_at is None))
        for number, rows in own_rows(connection, readers).items()
    }


def _by_what_brought_it(
    edition: Edition, ids: Sequence[int], active: dict[int, tuple[str, ...]]
) -> Iterable[tuple[tuple[str, ...], Sequence[int]]]:
    """Ids of the subscriptions to which readers owe the edition, and whose they are."""
    if names := _because(edition):
        return [(names, ids)]
    found: dict[tuple[str, ...], list[int]] = {}
    for number in ids:
        found.setdefault(active[number], []).append(number)
    return found.items()


# Made once: it is said for every edition.
TELL = insert(told).from_select(
    ["subscriber_id", "review_id", "revision", "at"],
    select(
        subscribers.c.id,
        reviews.c.id,
        bindparam("knows", type_=told.c.revision.type),
        bindparam("now", type_=told.c.at.type),
    )
    .select_from(subscribers.join(reviews, reviews.c.id.in_(bindparam("reviews", expanding=True))))
    .where(subscribers.c.id.in_(bindparam("readers", expanding=True))),
)


def _tell(connection: Connection, ids: Sequence[int], several: Sequence[Edition], now: datetime) -> None:
    by_revision: dict[int, set[int]] = {}
    for entry in (entry for edition in several for entry in edition.digest.entries):
        by_revision.setdefault(entry.revision, set()).add(entry.review_id)
    counting = TELL.execution_options(preserve_rowcount=True)
    for revision, review_ids in by_revision.items():
        for some in batches(sorted(ids)):
            told_of = {"readers": some, "reviews": sorted(review_ids), "knows": revision, "now": now}
            if connection.execute(counting, told_of).rowcount != len(some) * len(review_ids):
                raise OvertakenError(
                    "a review was joined with another while a digest with it was composed; nothing is lost, "
                    "and the digest is composed anew"
                )
