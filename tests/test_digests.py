"""What one reader is told: order, kinds, first digests, quiet weeks, and equal digests made one edition."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest

from bot.digests import compose, coverage, edition
from bot.models import (
    Because,
    Coverage,
    Difference,
    Digest,
    Doubtful,
    Due,
    Named,
    Reader,
    Review,
    Schedule,
    Sighting,
    Source,
    SourceStanding,
    Subscriber,
    Untold,
)
from bot.pipeline.send import overdue
from tests.reviews import MONDAY, a_review, a_source, known

WEEKLY = Schedule(id="weekly", cron="0 8 * * mon")
AT_ONCE = Schedule(id="immediately", cron=None)
LEAD = Reader(
    id=1,
    subscriber=Subscriber(medium="email", address="lead@example.org"),
    schedule="weekly",
    joined=MONDAY - timedelta(days=90),
    last_slot=MONDAY - timedelta(days=7),
    newcomer=False,
)
CHANNEL = replace(LEAD, subscriber=Subscriber(medium="slack", address="#learning"), schedule="immediately")
SOURCES = {"saltmarsh": a_source("saltmarsh"), "nspcc": a_source("nspcc")}


def due(review: Review, *, id: int = 1, told: int | None = None) -> Due:
    because = (Because(subscription="babies", name="Babies", reasons=()),)
    return Due(known=known(review, id=id), themes=(), because=because, told_revision=told)


def composed(
    *items: Due, reader: Reader = LEAD, schedule: Schedule = WEEKLY, **untold: object
) -> tuple[Digest, ...]:
    what = Untold(due=items, subscriptions=("Babies",), **untold)  # type: ignore[arg-type]
    return compose(reader, schedule, MONDAY, what, Coverage(checked=2), SOURCES)


def test_the_newest_comes_first_then_revisions_then_withdrawals() -> None:
    (digest,) = composed(
        due(a_review("Withdrawn", status="withdrawn"), id=1, told=1),
        due(a_review("Revised", published="2026-11"), id=2, told=1),
        due(a_review("Older", published="2026-09"), id=3),
        due(a_review("Newer", published="2026-10-30"), id=4),
        due(a_review("Undated", published=None), id=5),
    )
    assert [(entry.review.title, entry.kind) for entry in digest.entries] == [
        ("Newer", "new"),
        ("Older", "new"),
        ("Undated", "new"),
        ("Revised", "revised"),
        ("Withdrawn", "withdrawn"),
    ]


def test_a_quiet_week_is_a_digest_without_entries() -> None:
    (digest,) = composed()
    assert digest.entries == ()
    assert digest.coverage.checked == 2


def test_who_does_not_want_quiet_weeks_gets_none() -> None:
    assert composed(quiet=False) == ()
    assert len(composed(due(a_review()), quiet=False)) == 1


def test_more_reviews_than_anybody_reads_are_left_for_the_next_digest_the_newest_first() -> None:
    found = [due(a_review(f"Child {n}", published=f"2026-10-{n % 28 + 1:02}"), id=n) for n in range(1, 71)]
    (digest,) = composed(*found)
    assert (len(digest.entries), digest.held_over) == (60, 10)
    left = {one.known.id for one in found} - {entry.review_id for entry in digest.entries}
    oldest = max(one.known.review.published or "" for one in found if one.known.id in left)
    assert all((entry.review.published or "") >= oldest for entry in digest.entries)
    (rest,) = composed(*(one for one in found if one.known.id in left))
    assert (len(rest.entries), rest.held_over) == (10, 0)


def test_who_does_not_want_quiet_weeks_hears_of_a_lost_digest_all_the_same() -> None:
    def lost(*reviews: Named) -> Doubtful:
        return Doubtful(slot=MONDAY, state="refused", reviews=reviews)

    assert composed(quiet=False, doubtful=(lost(),)) == (), "where there was nothing in it, nothing was lost"
    assert len(composed(quiet=False, doubtful=(lost(Named(title="Child A")),))) == 1


def test_what_is_told_at_once_is_not_more_than_anybody_reads_either() -> None:
    found = [due(a_review(f"Child {n}"), id=n) for n in range(1, 71)]
    (mail,) = composed(*found, reader=replace(LEAD, schedule="immediately"), schedule=AT_ONCE)
    assert (len(mail.entries), mail.held_over) == (60, 10)
    assert len(composed(*found, reader=CHANNEL, schedule=AT_ONCE)) == 60


def test_nothing_is_sent_at_once_when_there_is_nothing() -> None:
    assert composed(reader=CHANNEL, schedule=AT_ONCE) == ()


def test_a_channel_that_wants_each_review_at_once_gets_one_post_a_review() -> None:
    two = (due(a_review("Child A"), id=1), due(a_review("Child B"), id=2))
    digests = composed(*two, reader=CHANNEL, schedule=AT_ONCE)
    assert [[entry.review.title for entry in digest.entries] for digest in digests] == [
        ["Child A"],
        ["Child B"],
    ]


def test_a_first_digest_says_how_far_back_it_reaches_and_what_it_leaves() -> None:
    (digest,) = composed(
        due(a_review()), reader=replace(LEAD, last_slot=None, newcomer=True), left_in_archive=40
    )
    assert (digest.baseline_days, digest.left_in_archive) == (31, 40)


def test_a_later_digest_says_nothing_of_the_baseline() -> None:
    (digest,) = composed(due(a_review()), left_in_archive=40)
    assert (digest.baseline_days, digest.left_in_archive) == (None, 0)


def test_a_first_digest_on_another_schedule_is_no_first_digest() -> None:
    (digest,) = composed(due(a_review()), reader=replace(LEAD, last_slot=None), left_in_archive=40)
    assert (digest.baseline_days, digest.left_in_archive) == (None, 0)


def test_a_review_published_long_ago_is_labelled_late_but_one_of_this_year_is_not() -> None:
    (digest,) = composed(
        due(a_review("Long ago", published="2024-03"), id=1),
        due(a_review("This year", published="2026"), id=2),
    )
    assert {entry.review.title: entry.late for entry in digest.entries} == {
        "Long ago": True,
        "This year": False,
    }


def test_a_review_seen_on_two_sources_names_both_once() -> None:
    review = due(a_review())
    more = Sighting(source_id="nspcc", url="x", first_seen=MONDAY, last_seen=MONDAY)
    twice = replace(review, known=replace(review.known, sightings=(*review.known.sightings, more, more)))
    (digest,) = composed(twice)
    assert [seen.source_id for seen in digest.entries[0].seen] == ["saltmarsh", "nspcc"]


def test_a_first_telling_shows_no_differences() -> None:
    change = Difference(field="learning", before=(), after=("x",))
    (digest,) = composed(replace(due(a_review()), differences=(change,)))
    assert digest.entries[0].differences == ()


def test_equal_digests_are_one_edition_and_others_are_not() -> None:
    (one,), (same,), (other,) = composed(due(a_review())), composed(due(a_review())), composed()
    assert edition(one).id == edition(same).id != edition(other).id


def standing(source_id: str, state: str, last_run: datetime | None = MONDAY) -> SourceStanding:
    return SourceStanding(
        source_id=source_id,
        name=source_id,
        state=state,  # type: ignore[arg-type]
        since=MONDAY,
        last_run=last_run,
        last_good=None,
    )


def test_coverage_names_what_could_not_be_read_and_leaves_out_what_is_not_watched() -> None:
    sources = {**SOURCES, "off": a_source("off", enabled=False)}
    standings = [standing("saltmarsh", "good"), standing("nspcc", "blocked"), standing("off", "failing")]
    found = coverage([*standings, standing("gone", "failing")], sources, 7, partial(overdue, MONDAY))
    assert (found.checked, found.published_in_all) == (2, 7)
    assert [(one.source_id, one.state) for one in found.unread] == [("nspcc", "blocked")]


def unread(source: Source, stood: SourceStanding) -> list[tuple[str, datetime | None]]:
    found = coverage([stood], {source.id: source}, 0, partial(overdue, MONDAY))
    return [(one.state, one.since) for one in found.unread]


@pytest.mark.parametrize(
    ("every", "hours_ago", "read"),
    [(6, 5, True), (6, 11.9, True), (6, 12.1, False), (24, 40, True), (24, 49, False), (0.1, 0.9, True)],
)
def test_a_source_is_unread_once_a_poll_is_missing_and_not_when_a_digest_comes_between_two(
    every: float, hours_ago: float, read: bool
) -> None:
    source = a_source(every=timedelta(hours=every))
    last = MONDAY - timedelta(hours=hours_ago)
    assert unread(source, standing("saltmarsh", "good", last)) == ([] if read else [("never read", last)])


@pytest.mark.parametrize(("days_ago", "read"), [(1, True), (2, False)])
def test_a_source_with_hours_of_its_own_is_unread_once_it_missed_them(days_ago: int, read: bool) -> None:
    source = a_source(cron="30 7 * * *")  # half an hour before the digest: it may be at work
    last = MONDAY - timedelta(days=days_ago)
    assert unread(source, standing("saltmarsh", "nothing new", last)) == (
        [] if read else [("never read", last)]
    )


def test_a_source_that_was_read_since_a_late_digest_was_due_is_read() -> None:
    assert unread(a_source(), standing("saltmarsh", "good", MONDAY + timedelta(days=3))) == []


def test_a_source_that_failed_last_is_named_by_its_failure_however_long_ago() -> None:
    old = standing("saltmarsh", "failing", MONDAY - timedelta(days=20))
    assert unread(a_source(), old) == [("failing", MONDAY)]


def test_a_source_that_nobody_ever_looked_at_is_no_checked_one() -> None:
    found = coverage([], SOURCES, 0, partial(overdue, MONDAY))
    assert [(one.source_id, one.state, one.since) for one in found.unread] == [
        ("saltmarsh", "never read", None),
        ("nspcc", "never read", None),
    ]
