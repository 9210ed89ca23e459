"""What a reader has not been told, and keeping what they are told: the anti-join on `told`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    exists,
    false,
    func,
    insert,
    or_,
    select,
    true,
    update,
)

from bot.errors import OvertakenError
from bot.models import Because, Due, Edition, KnownReview, Reader, Reason, Untold, earliest
from bot.store.archive import batches, load, themes_of
from bot.store.claiming import run_out
from bot.store.doubtful import doubtful, mention
from bot.store.engine import Room, insert_into
from bot.store.enrolment import contributing
from bot.store.outbox import queue
from bot.store.revised import differences_since, revised_since, settle
from bot.store.tables import (
    digest_runs,
    editions,
    matches,
    reviews,
    subscribers,
    subscriptions,
    told,
)
from bot.store.withdrawals import as_offered_now

AT_ONCE = "immediately"  # the schedule whose digests have no slots: each review is told as it comes


class Telling(Room):
    def untold(self, reader: Reader, baseline_days: int, now: datetime) -> Untold:
        """Reviews never told that reach this reader, and reviews told that were revised or withdrawn since;
        those published last come first. `because` is empty where a revised review matches no longer."""
        with self._database.reading() as connection:
            rows = _own_rows(connection, reader)
            active = [row for row in rows if row.ended_at is None]
            arrived = {row.id: _arrived(connection, reader, row, baseline_days) for row in rows}
            revised = revised_since(connection, reader.id)
            ids = set().union(revised, *arrived.values())
            asked = _asked(rows, arrived, _matching(connection, {row.criteria for row in rows}, ids))
            return Untold(
                due=_due(connection, ids, asked, revised),
                subscriptions=tuple(dict.fromkeys(row.name for row in active)),
                footer=next((row.footer for row in active if row.footer), None),
                left_in_archive=_left(connection, reader, active, ids),
                quiet=any(row.quiet for row in active),
                doubtful=tuple(one for _, one in doubtful(connection, reader.id)),
            )

    def claim_run(self, reader: Reader, slot: datetime, now: datetime, lease: timedelta) -> bool:
        """One digest of a reader is composed at a time, whatever its schedule: two at once would each find
        the same reviews untold."""
        run = digest_runs.c
        with self._database.writing() as connection:
            one = select(subscribers.c.id).where(subscribers.c.id == reader.id).with_for_update()
            if connection.scalar(one) is None:
                return False
            other = or_(run.schedule != reader.schedule, run.slot != slot)
            at_it = exists().where(
                run.subscriber_id == reader.id, run.state == "claimed", ~run_out(run.lease_until, now), other
            )
            if connection.scalar(select(at_it)):
                return False
            statement = insert_into(connection, digest_runs).values(
                subscriber_id=reader.id,
                schedule=reader.schedule,
                slot=slot,
                state="claimed",
                lease_until=now + lease,
                attempts=1,
            )
            statement = statement.on_conflict_do_update(
                index_elements=["subscriber_id", "schedule", "slot"],
                set_={"lease_until": now + lease, "attempts": run.attempts + 1},
                where=and_(run.state == "claimed", run_out(run.lease_until, now)),
            )
            return connection.execute(statement.returning(run.id)).first() is not None

    def edition(self, edition_id: str) -> Edition | None:
        with self._database.reading() as connection:
            digest = connection.scalar(select(editions.c.digest).where(editions.c.id == edition_id))
            if digest is None:
                return None
            return as_offered_now(connection, Edition(id=edition_id, digest=digest))

    def keep_edition(
        self, reader: Reader, slot: datetime, composed: Sequence[Edition], now: datetime
    ) -> None:
        """Raises StoreError where the run is not claimed, or another worker has closed it meanwhile."""
        with self._database.writing() as connection:
            held_over = max((edition.digest.held_over for edition in composed), default=0)
            _close_run(connection, reader, slot, now, held_over)
            for edition in composed:
                values = {
                    "id": edition.id,
                    "digest": edition.digest,
                    "reviews": len(edition.digest.entries),
                    "at": now,
                }
                connection.execute(insert_into(connection, editions).values(values).on_conflict_do_nothing())
                brought_by = _brought_by(connection, reader, edition)
                delivery_id = queue(connection, reader, edition, slot, now, brought_by)
                mention(connection, reader.id, edition.digest.doubtful, delivery_id)
            _tell(connection, reader, composed, now)
            settle(connection, reader.id, now)


def _brought_by(connection: Connection, reader: Reader, edition: Edition) -> tuple[str, ...]:
    """Ids of the subscriptions to which this reader owes the edition: those that brought its reviews; all on
    the schedule where it has none, or has one that is told because it was told before."""
    entries = edition.digest.entries
    if entries and all(entry.because for entry in entries):
        return tuple(dict.fromkeys(one.subscription for entry in entries for one in entry.because))
    rows = _own_rows(connection, reader)
    return tuple(dict.fromkeys(row.subscription for row in rows if row.ended_at is None))


def _own_rows(connection: Connection, reader: Reader) -> Sequence[Row[Any]]:
    """In one order for all readers, so that equal digests come out equal; active rows before ended ones."""
    row = subscriptions.c
    query = (
        select(subscriptions)
        .where(row.subscriber_id == reader.id, row.schedule == reader.schedule, contributing())
        .order_by(row.subscription, row.ended_at.is_not(None), row.id)
    )
    return connection.execute(query).all()


def _never_told(subscriber_id: Any) -> ColumnElement[bool]:
    """A published review of which this subscriber has heard nothing."""
    heard = exists().where(told.c.subscriber_id == subscriber_id, told.c.review_id == reviews.c.id)
    return and_(reviews.c.status == "published", ~heard)


def _arrived(connection: Connection, reader: Reader, row: Row[Any], baseline_days: int) -> set[int]:
    """Reviews never told that this subscription brings: those that came since `baseline_days` before it
    joined; of those that were there when their source was first read, those published since then, unless
    they were old already. It reaches back for whom an entry was deleted and restored, or their address
    changed, as for any newcomer: what was found yesterday is told to them today, and `told` repeats nothing.
    """
    fresh = ~and_(reviews.c.baseline, reviews.c.came == reviews.c.first_seen)
    reach: datetime = row.joined - timedelta(days=baseline_days)
    conditions = [
        matches.c.criteria == row.criteria,
        _news(reader, row),
        reviews.c.came.is_not(None),
        _never_told(row.subscriber_id),
        or_(
            and_(fresh, reviews.c.came >= reach),
            and_(reviews.c.published_from >= reach.date(), reviews.c.age_when_found <= baseline_days),
            _of_a_month(reach, baseline_days),
        ),
    ]
    if row.ended_at is not None:
        conditions.append(reviews.c.came < row.ended_at)
    query = select(reviews.c.id).join(matches, matches.c.review_id == reviews.c.id).where(*conditions)
    return set(connection.scalars(query))


def _news(reader: Reader, row: Row[Any]) -> ColumnElement[bool]:
    """Matches that were there when a review came or the subscription began; and of those that a change of the
    themes made later, the ones of reviews that no digest of this schedule can have passed over yet."""
    ordinary = or_(matches.c.anew.is_(None), matches.c.anew <= row.joined)
    if reader.schedule == AT_ONCE:
        return ordinary  # each review was looked at when it came
    moved = row.scheduled_since if row.scheduled_since > row.joined else None
    passed = max((moment for moment in (reader.last_whole, moved) if moment), default=None)
    return true() if passed is None else or_(ordinary, reviews.c.came > passed)


def _of_a_month(reach: datetime, baseline_days: int) -> ColumnElement[bool]:
    """Reviews that give only the month in which they were published, and may be of the days from `reach` on:
    the last of a month is up to 30 days after its first. A year alone is too wide to say so."""
    if not baseline_days:
        return false()  # who wants none of what was there before
    month = f"{reach:%Y-%m}"
    return and_(
        func.length(reviews.c.published) == len(month),
        or_(reviews.c.published == month, reviews.c.published_from >= reach.date()),
        reviews.c.came >= reach,
        reviews.c.age_when_found <= baseline_days + 30,
    )


def _matching(
    connection: Connection, keys: set[str], ids: set[int]
) -> dict[tuple[str, int], tuple[Reason, ...]]:
    found: dict[tuple[str, int], tuple[Reason, ...]] = {}
    for some in batches(sorted(ids)):
        query = select(matches).where(matches.c.criteria.in_(keys), matches.c.review_id.in_(some))
        found |= {(row.criteria, row.review_id): row.reasons for row in connection.execute(query)}
    return found


def _asked(
    rows: Iterable[Row[Any]],
    arrived: dict[int, set[int]],
    matching: dict[tuple[str, int], tuple[Reason, ...]],
) -> dict[int, tuple[Because, ...]]:
    """Which subscriptions brought each review: every active one that matches, and a changed one's earlier
    criteria where they alone did."""
    found: dict[int, dict[str, Because]] = {}
    for row in rows:
        for (key, review_id), reasons in matching.items():
            if key != row.criteria or (row.ended_at is not None and review_id not in arrived[row.id]):
                continue
            because = Because(subscription=row.subscription, name=row.name, reasons=reasons)
            found.setdefault(review_id, {}).setdefault(row.subscription, because)
    return {review_id: tuple(one.values()) for review_id, one in found.items()}


def _due(
    connection: Connection,
    ids: set[int],
    asked: dict[int, tuple[Because, ...]],
    revised: dict[int, int],
) -> tuple[Due, ...]:
    themes = themes_of(connection, ids)
    differences = differences_since(connection, revised)
    found = sorted(load(connection, ids).values(), key=_age_order, reverse=True)
    return tuple(
        Due(
            known=known,
            themes=themes.get(known.id, ()),
            because=asked.get(known.id, ()),
            told_revision=revised.get(known.id),
            differences=differences.get(known.id, ()),
        )
        for known in found
    )


def _age_order(known: KnownReview) -> tuple[date, datetime, int]:
    """When it was published as far as that is known, then when it was first seen."""
    return earliest(known.review.published) or date.min, known.first_seen, known.id


def _left(connection: Connection, reader: Reader, active: Sequence[Row[Any]], ids: set[int]) -> int:
    """For a reader who never had a digest: how many matching reviews are older than it reaches."""
    run = digest_runs.c
    had_one = exists().where(run.subscriber_id == reader.id, run.state == "closed")
    if connection.scalar(select(had_one)):
        return 0
    query = (
        select(matches.c.review_id)
        .join(reviews, reviews.c.id == matches.c.review_id)
        .where(matches.c.criteria.in_({row.criteria for row in active}), _never_told(reader.id))
    )
    return len(set(connection.scalars(query)) - ids)


def _close_run(connection: Connection, reader: Reader, slot: datetime, now: datetime, held_over: int) -> None:
    run = digest_runs.c
    closed = (
        update(digest_runs)
        .where(run.subscriber_id == reader.id, run.schedule == reader.schedule, run.slot == slot)
        .where(run.state == "claimed")
        .values(state="closed", closed_at=now, held_over=held_over)
        .returning(run.id)
    )
    if connection.execute(closed).first() is None:
        raise OvertakenError(
            f"the {reader.schedule} digest of {slot:%Y-%m-%d %H:%M} was not claimed, or another worker has "
            "kept it meanwhile; nothing is lost, and nothing was kept twice"
        )


def _tell(connection: Connection, reader: Reader, composed: Sequence[Edition], now: datetime) -> None:
    entries = dict.fromkeys(
        (entry.review_id, entry.revision) for edition in composed for entry in edition.digest.entries
    )
    rows = [
        {"subscriber_id": reader.id, "review_id": review_id, "revision": revision, "at": now}
        for review_id, revision in entries
    ]
    if rows:
        connection.execute(insert(told), rows)
