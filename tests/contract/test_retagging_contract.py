"""Reviews tagged anew because the themes are others: what is kept, and to whom it is news."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from bot.criteria import key
from bot.models import ArchiveQuery, Kept, Match, Reason, Retagged, Theme
from bot.store import Store
from tests.store.factories import (
    AT_ONCE,
    DAILY,
    DAY,
    JOINED,
    LEASE,
    a_review,
    a_subscription,
    asking_for,
    composed,
    due,
    due_titles,
    enrol,
    found,
    mended,
    new,
    poll,
    read_first,
    reader,
    revised,
    tell,
)


def of(vocabulary: str, kept: Kept) -> Kept:
    return replace(kept, vocabulary=vocabulary)


def retag(store: Store, title: str, *themes: str, at: datetime, vocabulary: str = "second") -> None:
    """The themes of a review are these from now on, and so are its matches."""
    matches = tuple(
        Match(criteria=key(asking_for(theme)), reasons=(Reason(theme=theme),)) for theme in themes
    )
    one = Retagged(
        known=found(store, title),
        themes=tuple(Theme(id=theme, evidence=()) for theme in themes),
        matches=matches,
    )
    store.retag([one], vocabulary, at)


def with_theme(store: Store, theme: str) -> list[str]:
    return [one.known.review.title for one in store.search(ArchiveQuery(theme=theme))]


@pytest.fixture
def archive(store: Store) -> Store:
    """A source that was met long ago, and a reader who joined then and asks for `fire`, which nothing has."""
    read_first(store)
    enrol(store, a_subscription(theme="fire"), at=JOINED - 300 * DAY)
    return store


def test_reviews_of_another_vocabulary_are_given_until_they_are_tagged_anew(store: Store) -> None:
    poll(store, of("first", new(a_review("Baby A"))), of("second", new(a_review("Baby B"))))
    assert [one.review.title for one in store.tagged_otherwise("second")] == ["Baby A"]
    retag(store, "Baby A", "fire", at=JOINED)
    assert store.tagged_otherwise("second") == ()
    assert with_theme(store, "fire") == ["Baby A"]
    assert len(store.tagged_otherwise("first")) == 2


def test_a_review_of_an_earlier_version_of_the_bot_is_of_no_vocabulary(store: Store) -> None:
    poll(store, of("", new(a_review("Baby A"))))
    assert len(store.tagged_otherwise("second")) == 1


def test_what_a_poll_has_revised_meanwhile_is_left_as_the_poll_has_it(archive: Store) -> None:
    poll(archive, of("first", new(a_review("Baby A"))))
    before = found(archive, "Baby A")
    poll(archive, of("second", revised(before, "bruising", place="Lowen")))
    archive.retag([Retagged(known=before, themes=(), matches=())], "second", JOINED)
    assert with_theme(archive, "bruising") == ["Baby A"]
    archive.retag([Retagged(known=before, themes=(), matches=())], "third", JOINED)
    assert len(archive.tagged_otherwise("third")) == 1, "it is looked at again"


def test_nobody_is_told_an_old_review_because_the_themes_are_others(archive: Store) -> None:
    poll(archive, new(a_review("Baby Old", published=None)), at=JOINED - 20 * DAY)
    tell(archive, at=JOINED - 10 * DAY)
    retag(archive, "Baby Old", "fire", at=JOINED - 9 * DAY)
    assert due_titles(archive) == []


def test_what_came_since_the_last_digest_is_in_the_next(archive: Store) -> None:
    poll(archive, new(a_review("Baby Old")), at=JOINED - 20 * DAY)
    tell(archive, at=JOINED - 10 * DAY)
    poll(archive, new(a_review("Baby New")), at=JOINED - 9 * DAY)
    for title in ("Baby Old", "Baby New"):
        retag(archive, title, "fire", at=JOINED - 8 * DAY)
    assert due_titles(archive) == ["Baby New"]
    assert due(archive)[0].because[0].reasons == (Reason(theme="fire"),)
    assert tell(archive, at=JOINED) == ["Baby New"]
    assert due_titles(archive) == []


def test_what_was_too_much_for_the_last_digest_is_in_the_next_though_only_a_change_brings_it(
    archive: Store,
) -> None:
    tell(archive, at=JOINED - 10 * DAY)
    poll(archive, new(a_review("Baby A")), new(a_review("Baby B")), at=JOINED - 9 * DAY)
    for title in ("Baby A", "Baby B"):
        retag(archive, title, "fire", at=JOINED - 8 * DAY)
    one = reader(archive)
    (edition,) = composed(archive, one, JOINED)
    first, second = edition.digest.entries
    kept = replace(edition, digest=replace(edition.digest, entries=(first,), held_over=1))
    archive.claim_run(one, JOINED, JOINED, LEASE)
    archive.keep_edition(one, JOINED, [kept], JOINED)
    assert due_titles(archive) == [second.review.title]
    tell(archive, at=JOINED + 7 * DAY)
    assert due_titles(archive) == []


def test_what_had_no_digest_yet_is_a_baseline_as_any(store: Store) -> None:
    read_first(store)
    poll(store, new(a_review("Baby A")), at=JOINED - 20 * DAY)
    enrol(store, a_subscription(theme="fire"), at=JOINED)
    retag(store, "Baby A", "fire", at=JOINED + DAY)
    assert due_titles(store) == ["Baby A"]


def test_who_joins_after_the_change_has_a_baseline_as_any(archive: Store) -> None:
    poll(archive, new(a_review("Baby A")), at=JOINED - 20 * DAY)
    tell(archive, at=JOINED - 10 * DAY)
    retag(archive, "Baby A", "fire", at=JOINED - 9 * DAY)
    both = ("lead@example.org", "new@example.org")
    enrol(archive, a_subscription(theme="fire", to=both), at=JOINED)
    tell(archive, "new@example.org", at=JOINED)
    assert due_titles(archive) == []
    assert reader(archive, "new@example.org").last_slot == JOINED


def test_what_is_told_at_once_was_looked_at_when_it_came(store: Store) -> None:
    at_once = replace(AT_ONCE, id="immediately")
    read_first(store)
    enrol(store, a_subscription(theme="fire", schedule=at_once), at=JOINED - 300 * DAY)
    poll(store, new(a_review("Baby A")), at=JOINED - DAY)
    retag(store, "Baby A", "fire", at=JOINED)
    assert due_titles(store, schedule="immediately") == []
    poll(store, new(a_review("Baby B"), "fire"), at=JOINED + DAY)
    assert due_titles(store, schedule="immediately") == ["Baby B"]


def test_who_moved_to_another_schedule_is_told_nothing_from_before_either(archive: Store) -> None:
    poll(archive, new(a_review("Baby A")), at=JOINED - 20 * DAY)
    tell(archive, at=JOINED - 10 * DAY)
    enrol(archive, a_subscription(theme="fire", schedule=DAILY), at=JOINED - 9 * DAY)
    retag(archive, "Baby A", "fire", at=JOINED - 8 * DAY)
    assert due_titles(archive, schedule="daily") == []


def test_what_matches_no_longer_is_not_due_and_what_was_due_still_is(archive: Store) -> None:
    tell(archive, at=JOINED - 10 * DAY)
    for title in ("Baby A", "Baby B"):
        poll(archive, new(a_review(title), "fire"), at=JOINED - 40 * DAY)
    assert due_titles(archive) == ["Baby B", "Baby A"], "found before that digest, and told late"
    retag(archive, "Baby A", "bruising", at=JOINED)
    retag(archive, "Baby B", "fire", "bruising", at=JOINED)
    assert due_titles(archive) == ["Baby B"]
    assert sorted(with_theme(archive, "bruising")) == ["Baby A", "Baby B"]


@pytest.mark.parametrize("change", [revised, mended])
def test_a_later_revision_does_not_make_an_old_review_news(
    archive: Store, change: Callable[..., Kept]
) -> None:
    poll(archive, new(a_review("Baby Old")), at=JOINED - 20 * DAY)
    tell(archive, at=JOINED - 10 * DAY)
    retag(archive, "Baby Old", "fire", at=JOINED - 9 * DAY)
    poll(archive, change(found(archive, "Baby Old"), "fire", place="Lowen"), at=JOINED - 8 * DAY)
    retag(archive, "Baby Old", "fire", at=JOINED - 7 * DAY, vocabulary="third")
    assert due_titles(archive) == []


def test_criteria_not_yet_matched_with_the_archive_match_as_new_ones_do(archive: Store) -> None:
    poll(archive, new(a_review("Baby A")), at=JOINED - 20 * DAY)
    tell(archive, at=JOINED - 15 * DAY)
    archive.enrol([a_subscription(theme="fire"), a_subscription("dogs", theme="dog")], JOINED - 10 * DAY)
    retag(archive, "Baby A", "dog", at=JOINED - 9 * DAY)
    assert due_titles(archive) == ["Baby A"]


def test_criteria_enrolled_while_the_archive_was_tagged_anew_are_matched_again(archive: Store) -> None:
    poll(archive, new(a_review("Baby A")), at=JOINED - 20 * DAY)
    enrol(archive, a_subscription(theme="dog"), at=JOINED)
    retag(archive, "Baby A", "fire", at=JOINED)
    assert list(archive.unmatched_criteria()) == [key(asking_for("dog"))]


def test_who_subscribes_after_the_change_gets_the_past_as_any(archive: Store) -> None:
    poll(archive, new(a_review("Baby A")), at=JOINED - 20 * DAY)
    tell(archive, at=JOINED - 10 * DAY)
    retag(archive, "Baby A", "fire", at=JOINED - 9 * DAY)
    enrol(archive, a_subscription(theme="fire"), a_subscription("more", theme="fire"), at=JOINED)
    assert due_titles(archive) == ["Baby A"]
    assert due_titles(archive, baseline_days=10) == []
