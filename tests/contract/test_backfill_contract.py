"""What bot/ports promises of older pages, on every database that the product runs on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime

import pytest

from bot.criteria import key
from bot.models import Kept, KnownReview, Link, OlderPage, Review
from bot.pipeline import deciding
from bot.store import Store
from tests.house import VOCABULARY
from tests.store.factories import (
    DAY,
    JOINED,
    a_review,
    a_run,
    a_subscription,
    asking_for,
    due_titles,
    enrol,
    found,
    mended,
    missing,
    new,
    poll,
    read_first,
    revised,
    same,
    tell,
)

SOURCE = "saltmarsh"
SITE = "https://saltmarsh.example.org/reviews"
OLD = a_review("Child Old", published="2026-10-28", links=(Link(label="Report", url=f"{SITE}/old.pdf"),))


def an_older(number: int = 2, **more: object) -> OlderPage:
    return replace(OlderPage(source_id=SOURCE, url=f"{SITE}?page={number}", detail="Next"), **more)  # type: ignore[arg-type]


def reads(
    store: Store,
    *kept: Kept,
    number: int = 2,
    at: datetime = JOINED,
    left: Collection[int] = (),
    found: Sequence[OlderPage] = (),
) -> None:
    page = an_older(number, state="read", at=at, reviews=len(kept))
    assert store.keep_older(page, kept, found, left)


def sighted(known: KnownReview) -> list[tuple[str, bool, int]]:
    return [(one.url.rpartition("/")[2], one.beyond, one.missed) for one in known.sightings]


@pytest.fixture
def watched(store: Store) -> Store:
    """A source that was read long ago, with a reader who asks for bruising and looks back a month."""
    read_first(store)
    enrol(store, a_subscription())
    return store


def test_pages_wait_in_the_order_in_which_they_were_found_each_once(store: Store) -> None:
    store.add_older([an_older(3), an_older(2), an_older(3, detail="3")])
    store.add_older([an_older(2, detail="again"), an_older(4)])
    store.add_older([OlderPage(source_id="harrowmere", url=f"{SITE}?page=9")])
    assert [(one.url[-1], one.state, one.detail) for one in store.older_pages(SOURCE)] == [
        ("3", "waiting", "Next"),
        ("2", "waiting", "Next"),
        ("4", "waiting", "Next"),
    ]


def test_what_became_of_a_page_comes_back_whole(store: Store) -> None:
    store.add_older([an_older()])
    page = an_older(
        state="read", reviews=7, new=5, at=JOINED, detail="NUL \x00", guessed=True, idle=1, met=("a1", "b2")
    )
    assert store.keep_older(page, (), [an_older(5)])
    assert store.older_pages(SOURCE) == (replace(page, detail="NUL "), an_older(5))
    store.forget_older(SOURCE)
    assert store.older_pages(SOURCE) == ()


def test_a_page_and_its_reviews_are_kept_together_or_not_at_all(watched: Store) -> None:
    version = watched.version()
    poll(watched, new(a_review("Child New")), at=JOINED)
    page = an_older(state="read", at=JOINED)
    assert not watched.keep_older(page, [new(OLD)], [an_older(3)], (), version)
    assert watched.older_pages(SOURCE) == ()
    assert [known.review.title for known, _ in watched.every_review()] == ["Child New"]
    before = watched.version()
    assert watched.keep_older(page, [new(OLD)], (), (), before)
    assert watched.version() > before, "a poll that was compared meanwhile looks again"


def test_a_review_of_an_older_page_is_told_to_nobody_however_far_they_look_back(watched: Store) -> None:
    reads(watched, new(OLD, "bruising"), at=JOINED + DAY)
    assert due_titles(watched, baseline_days=365) == []
    enrol(watched, a_subscription(), a_subscription("new", to=["new@example.org"]), at=JOINED + 2 * DAY)
    assert due_titles(watched, "new@example.org", baseline_days=365) == []
    assert watched.count_new(None, JOINED + 9 * DAY) == 0
    known = found(watched, "Child Old")
    assert (known.backfilled, known.baseline, sighted(known)) == (True, True, [("old.pdf", True, 0)])


def test_nor_after_a_revision_or_a_date_that_comes_later(watched: Store) -> None:
    reads(watched, new(replace(OLD, published=None, year=None), "bruising"), at=JOINED + DAY)
    poll(watched, revised(found(watched, "Child Old"), "bruising", incident="more", published="2026-11-01"))
    assert due_titles(watched, baseline_days=365) == []
    assert watched.count_new(None, JOINED + 9 * DAY) == 0


def test_a_notice_on_an_older_page_whose_review_comes_to_the_watched_one_is_news(watched: Store) -> None:
    reads(watched, new(replace(OLD, status="delayed"), "bruising"), at=JOINED + DAY)
    assert due_titles(watched) == []
    poll(watched, revised(found(watched, "Child Old"), "bruising", status="published"), at=JOINED + 9 * DAY)
    assert due_titles(watched) == ["Child Old"]
    assert not found(watched, "Child Old").backfilled


@pytest.mark.parametrize("notice_was", [reads, poll])
def test_a_notice_whose_review_is_found_on_an_older_page_is_none(
    watched: Store, notice_was: Callable[..., None]
) -> None:
    notice_was(watched, new(replace(OLD, status="delayed"), "bruising"), at=JOINED + DAY)
    known = found(watched, "Child Old")
    reads(watched, mended(known, "bruising", status="published"), at=JOINED + 9 * DAY)
    assert due_titles(watched, baseline_days=365) == []


def test_who_was_told_of_a_review_hears_nothing_of_an_older_page_and_still_of_a_revision(
    watched: Store,
) -> None:
    poll(watched, new(OLD, "bruising"), at=JOINED + DAY)
    assert tell(watched) == ["Child Old"]
    reads(watched, mended(found(watched, "Child Old"), "bruising", incident="fuller"), at=JOINED + 8 * DAY)
    assert due_titles(watched) == []
    poll(watched, revised(found(watched, "Child Old"), "bruising", incident="other"), at=JOINED + 9 * DAY)
    assert due_titles(watched) == ["Child Old"]


def test_polls_count_nothing_that_only_older_pages_have_and_a_poll_that_sees_it_does(watched: Store) -> None:
    reads(watched, new(OLD))
    known = found(watched, "Child Old")
    poll(watched, missing(known), at=JOINED + DAY)
    assert sighted(found(watched, "Child Old")) == [("old.pdf", True, 0)]
    assert watched.absent(SOURCE) == ()
    poll(watched, same(known), at=JOINED + 2 * DAY)
    poll(watched, missing(known), at=JOINED + 3 * DAY)
    assert sighted(found(watched, "Child Old")) == [("old.pdf", False, 1)]
    assert [one.review.title for one in watched.absent(SOURCE)] == ["Child Old"]


def test_an_older_page_refreshes_nothing_of_what_the_watched_one_has(watched: Store) -> None:
    poll(watched, new(OLD), at=JOINED)
    known = found(watched, "Child Old")
    other = replace(OLD, links=(*OLD.links, Link(label="Summary", url=f"{SITE}/summary.pdf")))
    reads(watched, same(known, other), at=JOINED + DAY)
    seen = {one.url: one for one in found(watched, "Child Old").sightings}
    assert seen[f"{SITE}/old.pdf"].last_seen == JOINED
    assert not seen[f"{SITE}/old.pdf"].beyond
    assert seen[f"{SITE}/summary.pdf"].beyond


def test_an_unchanged_page_refreshes_what_it_has_and_not_what_older_ones_have(watched: Store) -> None:
    poll(watched, new(a_review("Child New")), at=JOINED)
    reads(watched, new(OLD), at=JOINED + DAY)
    watched.keep(a_run(at=JOINED + 2 * DAY, records=1), ())
    last = {known.review.title: known.sightings[0].last_seen for known, _ in watched.every_review()}
    assert last == {"Child New": JOINED + 2 * DAY, "Child Old": JOINED + DAY}


def test_a_review_that_left_the_watched_page_for_an_older_one_is_missed_no_longer(watched: Store) -> None:
    poll(watched, new(OLD), new(a_review("Child New")), at=JOINED)
    known = found(watched, "Child Old")
    poll(watched, missing(known), at=JOINED + DAY)
    reads(watched, same(known), at=JOINED + 2 * DAY, left=[known.id])
    assert sighted(found(watched, "Child Old")) == [("old.pdf", True, 0)]
    assert watched.absent(SOURCE) == ()
    assert sighted(found(watched, "Child New")) == [("", False, 0)]


def test_one_that_is_not_said_to_have_left_is_missed_as_before(watched: Store) -> None:
    poll(watched, new(OLD), at=JOINED)
    known = found(watched, "Child Old")
    poll(watched, missing(known), at=JOINED + DAY)
    reads(watched, same(known), at=JOINED + 2 * DAY)
    assert sighted(found(watched, "Child Old")) == [("old.pdf", False, 1)]


def test_nothing_of_how_the_source_stands_is_touched(watched: Store) -> None:
    before = (watched.standings(), watched.last_run(SOURCE), watched.last_good_run(SOURCE))
    reads(watched, new(OLD), at=JOINED + DAY)
    assert (watched.standings(), watched.last_run(SOURCE), watched.last_good_run(SOURCE)) == before


def joined(store: Store, one: Review, other: Review) -> KnownReview:
    numbers = [found(store, review.title).id for review in (one, other)]
    return deciding.join(numbers[0], numbers[1], store, VOCABULARY, JOINED + 30 * DAY)


def test_two_older_reviews_that_a_person_joins_stay_untold(watched: Store) -> None:
    second = replace(OLD, title="Child Older", links=())
    reads(watched, new(OLD, "bruising"), new(second, "bruising"), at=JOINED + DAY)
    assert joined(watched, OLD, second).backfilled
    assert due_titles(watched, baseline_days=365) == []


def test_a_review_that_is_joined_with_an_older_one_comes_when_it_came(watched: Store) -> None:
    told = a_review("Child New")
    poll(watched, new(told, "bruising"), at=JOINED + DAY)
    assert tell(watched) == ["Child New"]
    reads(watched, new(OLD, "bruising"), at=JOINED + 20 * DAY)
    enrol(watched, a_subscription(), a_subscription("new", to=["new@example.org"]), at=JOINED + 20 * DAY)
    assert not joined(watched, told, OLD).backfilled
    assert due_titles(watched) == []
    assert due_titles(watched, "new@example.org", baseline_days=5) == [], "it came long before they did"


def test_what_a_person_splits_off_of_an_older_page_stays_untold(watched: Store) -> None:
    poll(watched, new(replace(OLD, links=()), "bruising"), source="nspcc", at=JOINED)
    known = found(watched, "Child Old")
    reads(watched, same(known, OLD), at=JOINED + DAY)
    new_one = deciding.split(known.id, SOURCE, watched, VOCABULARY, JOINED + 2 * DAY)
    assert new_one.backfilled
    titles = due_titles(watched, baseline_days=365)
    assert len(titles) <= 1, "the other one alone"


def test_criteria_that_came_while_an_older_page_was_read_are_matched_with_it(watched: Store) -> None:
    reads(watched, new(OLD), at=JOINED + DAY)
    assert watched.unmatched_criteria() == {}, "these were there before"
    enrol(watched, a_subscription(theme="fire"), at=JOINED + 2 * DAY)
    assert watched.unmatched_criteria() == {}
    reads(watched, new(a_review("Child Older")), number=3, at=JOINED + 2 * DAY)
    assert list(watched.unmatched_criteria()) == [key(asking_for("fire"))]
