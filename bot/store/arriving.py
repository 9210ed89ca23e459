"""Which reviews a subscription brings, and to whom they are news: the anti-join on `told`.

Readers are asked about many at a time. What depends on what they asked for alone is found once for all who
asked alike; what they have been told is asked of the database, for all of them in one question.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, exists, func, or_, select

from bot.models import Reader
from bot.store.archive import batches
from bot.store.readership import contributing
from bot.store.tables import matches, reviews, subscriptions, told
from bot.store.writings import NOTHING, by_age

AT_ONCE = "immediately"  # the schedule whose digests have no slots: each review is told as it comes
NEVER, ALWAYS = datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)
MONTH = len("2026-11")


class Row(NamedTuple):
    """What a subscriber asks for, or did before they changed it, in one subscription."""

    subscription: str
    name: str
    criteria: str
    joined: datetime
    scheduled_since: datetime
    ended_at: datetime | None
    footer: str | None
    quiet: bool
    asked_after: int


class Wish(NamedTuple):
    """All of a subscription on which it depends what it brings. `passed`: reviews that came until then were
    looked at for a digest of this schedule. `settled`: what is there by a writing up to this one was."""

    criteria: str
    joined: datetime
    ended_at: datetime | None
    passed: datetime
    settled: int


class _Candidate(NamedTuple):
    """A published review that matches, as far as that says whom it is news to."""

    review_id: int
    anew: datetime | None
    writing: int
    fresh: bool
    came: datetime
    published: str | None
    published_from: date | None
    age: int | None


def own_rows(connection: Connection, readers: Sequence[Reader]) -> dict[int, tuple[Row, ...]]:
    """By reader, in one order for all, so that equal digests come out equal; active rows before ended."""
    row = subscriptions.c
    found: dict[int, list[Row]] = {}
    for some in batches(readers):
        query = (
            select(row.subscriber_id, *(row[name] for name in Row._fields))
            .where(row.subscriber_id.in_([one.id for one in some]), row.schedule == some[0].schedule)
            .where(contributing())
            .order_by(row.subscriber_id, row.subscription, row.ended_at.is_not(None), row.id)
        )
        for subscriber_id, *values in connection.execute(query):
            found.setdefault(subscriber_id, []).append(Row(*values))
    return {reader.id: tuple(found.get(reader.id, ())) for reader in readers}


def wish(reader: Reader, row: Row) -> Wish:
    """Matches that were there when a review came or the subscription began are news; and of those that a
    change of the themes made later, the ones of reviews that no digest of this schedule can have passed over
    yet."""
    if reader.schedule == AT_ONCE:
        passed = NEVER  # each review was looked at when it came
    else:
        moved = row.scheduled_since if row.scheduled_since > row.joined else ALWAYS
        passed = max(reader.last_whole or ALWAYS, moved)
    looked_for = reader.settled is not None and reader.settled > row.asked_after
    settled = reader.settled if reader.settled is not None and looked_for else NOTHING
    return Wish(row.criteria, row.joined, row.ended_at, passed, settled)


def brought_by(
    connection: Connection, wishes: Iterable[Wish], baseline_days: int
) -> dict[Wish, frozenset[int]]:
    """Reviews that each of these brings to who has not been told: those that came since `baseline_days`
    before it joined; of those that were there when their source was first read, those published since then,
    unless they were old already. It reaches back for whom an entry was deleted and restored, or their address
    changed, as for any newcomer: what was found yesterday is told to them today, and `told` repeats nothing.
    What was settled is not looked at again: it takes as long as there is news, not as there is history.
    """
    wanted = set(wishes)
    reach = timedelta(days=baseline_days)
    candidates = _candidates(connection, wanted, reach)
    return {
        one: frozenset(
            each.review_id
            for each in candidates.get(one.criteria, ())
            if _is_news(one, each) and _reaches(one.joined - reach, each, baseline_days)
        )
        for one in wanted
    }


def untold_of(
    connection: Connection, readers: Sequence[Reader], review_ids: Iterable[int]
) -> dict[int, set[int]]:
    """By reader: those of these reviews that match a subscription of theirs and of which they have heard
    nothing."""
    row = subscriptions.c
    heard = exists().where(told.c.subscriber_id == row.subscriber_id, told.c.review_id == matches.c.review_id)
    found: dict[int, set[int]] = {}
    wanted = sorted(review_ids)
    for some in batches(readers):
        own = (row.subscriber_id.in_([one.id for one in some]), row.schedule == some[0].schedule)
        for ids in batches(wanted):
            query = (
                select(row.subscriber_id, matches.c.review_id)
                .join(matches, matches.c.criteria == row.criteria)
                .where(*own, contributing(), matches.c.review_id.in_(ids), ~heard)
            )
            for subscriber_id, review_id in connection.execute(query):
                found.setdefault(subscriber_id, set()).add(review_id)
    return found


def count_published(connection: Connection, wanted: Iterable[frozenset[str]]) -> dict[frozenset[str], int]:
    """By criteria taken together: how many published reviews of the archive match any of them. They are
    counted where they are, since the archive is large."""
    found: dict[frozenset[str], int] = dict.fromkeys(wanted, 0)
    alone = sorted(key for each in found if len(each) == 1 for key in each)
    for some in batches(alone):
        query = _published(matches.c.criteria, func.count()).where(matches.c.criteria.in_(some))
        for key, count in connection.execute(query.group_by(matches.c.criteria)):
            found[frozenset([key])] = count
    for each in found:
        if len(each) > 1:
            any_of_them = _published(func.count(matches.c.review_id.distinct()))
            found[each] = connection.scalar(any_of_them.where(matches.c.criteria.in_(sorted(each)))) or 0
    return found


def published_among(
    connection: Connection, criteria: Iterable[str], review_ids: Iterable[int]
) -> dict[str, set[int]]:
    """By criteria: those of these reviews that are published and match."""
    found: dict[str, set[int]] = {}
    keys, wanted = sorted(criteria), sorted(review_ids)
    for some in batches(keys):
        for ids in batches(wanted):
            query = _published(matches.c.criteria, matches.c.review_id)
            here = query.where(matches.c.criteria.in_(some), matches.c.review_id.in_(ids))
            for key, review_id in connection.execute(here):
                found.setdefault(key, set()).add(review_id)
    return found


def _published(*columns: Any) -> Select[Any]:
    """Of what matches, by published reviews alone."""
    joined = matches.join(reviews, reviews.c.id == matches.c.review_id)
    return select(*columns).select_from(joined).where(reviews.c.status == "published")


def heard_by(connection: Connection, subscriber_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """By subscriber: every review of which they were told anything."""
    row = told.c
    found: dict[int, set[int]] = {}
    for some in batches(sorted(subscriber_ids)):
        query = select(row.subscriber_id, row.review_id).where(row.subscriber_id.in_(some)).distinct()
        for subscriber_id, review_id in connection.execute(query):
            found.setdefault(subscriber_id, set()).add(review_id)
    return {subscriber_id: frozenset(ids) for subscriber_id, ids in found.items()}


def _candidates(connection: Connection, wishes: set[Wish], reach: timedelta) -> dict[str, list[_Candidate]]:
    """By criteria: what may be news to somebody who wishes for it and reaches back so far."""
    of: dict[str, list[Wish]] = {}
    for one in wishes:
        of.setdefault(one.criteria, []).append(one)
    row = reviews.c
    columns = (row.came, row.baseline, row.first_seen, row.published, row.published_from, row.age_when_found)
    found: dict[str, list[_Candidate]] = {}
    for settled, keys in by_age((key, min(one.settled for one in same)) for key, same in of.items()).items():
        since = min(one.joined for key in keys for one in of[key]) - reach
        for some in batches(sorted(keys)):
            query = (
                select(matches.c.criteria, matches.c.review_id, matches.c.anew, matches.c.writing, *columns)
                .join(reviews, row.id == matches.c.review_id)
                .where(matches.c.criteria.in_(some), matches.c.writing > settled)
                .where(row.status == "published", row.came.is_not(None))
                .where(or_(row.came >= since, row.published_from >= since.date()))
            )
            for match in connection.execute(query):
                fresh = not (match.baseline and match.came == match.first_seen)
                dated = (match.published, match.published_from, match.age_when_found)
                each = _Candidate(match.review_id, match.anew, match.writing, fresh, match.came, *dated)
                found.setdefault(match.criteria, []).append(each)
    return found


def _is_news(one: Wish, each: _Candidate) -> bool:
    if each.writing <= one.settled:
        return False
    if one.ended_at is not None and each.came >= one.ended_at:
        return False
    return each.anew is None or each.anew <= one.joined or each.came > one.passed


def _reaches(reach: datetime, each: _Candidate, baseline_days: int) -> bool:
    """Whether it is recent enough. A review that gives only the month in which it was published may be of the
    days from `reach` on: the last of a month is up to 30 days after its first. A year alone is too wide to
    say so."""
    if each.fresh and each.came >= reach:
        return True
    if each.published_from is None or each.age is None:
        return False
    dated_since = each.published_from >= reach.date()
    if dated_since and each.age <= baseline_days:
        return True
    if not baseline_days or len(each.published or "") != MONTH:
        return False  # who wants none of what was there before
    near = dated_since or each.published == f"{reach:%Y-%m}"
    return near and each.came >= reach and each.age <= baseline_days + 30
