"""Older pages beside what else goes on: a person joins and splits, a poll withdraws, readers ask for more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.models import KnownReview, OlderPage, Schedule, Source
from bot.pipeline import deciding
from bot.pipeline.backfill import backfill, prepare
from tests.house import AT_ONCE, VOCABULARY, House, entry
from tests.reviews import a_source
from tests.test_backfill import an_old, link, page

YEARLY = Schedule(id="weekly", cron="0 8 * * mon", baseline_days=365)
ONE, OTHER = a_source(), a_source("harrowmere")
CHANGED = an_old("Child K", 2026).replace("ask who", "always ask twice and write down who")


@pytest.fixture
def house() -> House:
    """Two sources, a reader who has had all that is new, and two reviews from an older page of the first."""
    house = House(ONE, OTHER)
    house.site.gives(OTHER.url, page(an_old("Child X", 2026)))
    shows(house, an_old("Child A", 2026))
    house.site.gives(f"{ONE.url}?page=1", page(an_old("Child K", 2026), an_old("Child L", 2026)))
    house.subscribes("lead@example.org", schedule=YEARLY)
    house.polls()
    house.a_week_passes()
    house.email.taken.clear()
    reads_older(house)
    return house


def shows(house: House, *entries: str, also: str = "") -> None:
    """The page that is watched."""
    house.site.gives(ONE.url, page(*entries, links=link("?page=1", "2") + also))


def reads_older(house: House, source: Source = ONE) -> None:
    prepare(source, house.collecting, again=True)
    backfill(source, house.collecting)
    house.clock.passes(minutes=1)


def titled(house: House, title: str) -> KnownReview:
    (found,) = [known for known, _ in house.store.every_review() if known.review.title == title]
    return found


def told(house: House) -> list[tuple[str, str]]:
    """What everybody was told since this was asked last."""
    house.a_week_passes()
    found = sorted({one for message in house.got() + house.got(house.slack) for one in message})
    house.email.taken.clear()
    house.slack.taken.clear()
    return found


def days_pass(house: House, number: int, *entries: str) -> None:
    """On each of which the page that is watched has these, and something else about it changed."""
    for _ in range(number):
        house.clock.passes(days=1)
        shows(house, *entries, also=str(house.clock.now()))
        house.polls()


def join(house: House, one: KnownReview, other: KnownReview) -> KnownReview:
    joined = deciding.join(one.id, other.id, house.store, VOCABULARY, house.clock.now())
    house.clock.passes(minutes=1)
    return joined


def split(house: House, one: KnownReview, where: str) -> KnownReview:
    parted = deciding.split(one.id, where, house.store, VOCABULARY, house.clock.now())
    house.clock.passes(minutes=1)
    return parted


def test_what_is_split_off_a_review_that_came_from_an_older_page_is_told_to_nobody(house: House) -> None:
    shows(house, an_old("Child A", 2026), an_old("Child K", 2026))
    house.site.gives(OTHER.url, page(an_old("Child X", 2026), an_old("Child K", 2026)))
    house.polls()
    assert split(house, titled(house, "Child K"), ONE.id).backfilled
    house.polls()
    assert told(house) == []


def test_a_notice_that_is_joined_to_a_review_of_an_older_page_makes_no_news_of_it(house: House) -> None:
    notice = (
        "<h3>2026 – Saltmarsh – The K case</h3><p>This review is delayed: it will be published later.</p>"
    )
    house.site.gives(OTHER.url, page(an_old("Child X", 2026), notice))
    house.polls()
    delayed = titled(house, "The K case")
    assert delayed.review.status == "delayed"
    assert join(house, titled(house, "Child K"), delayed).backfilled
    assert told(house) == []
    shows(house, an_old("Child A", 2026), CHANGED)
    house.polls()
    assert titled(house, "Child K").notable > 1
    assert told(house) == []


def test_what_only_an_older_page_has_stops_no_poll_after_a_join_that_was_undone(house: House) -> None:
    address = "https://saltmarsh.example.org/bay.pdf"
    bay = entry("The bay case", year=2026, incident="Two children were found at the bay.", link=address)
    days_pass(house, 1, an_old("Child A", 2026), bay)
    days_pass(house, 1, an_old("Child A", 2026))
    both = join(house, titled(house, "Child K"), titled(house, "The bay case"))
    assert {seen.url: seen.missed for seen in both.sightings} == {"": 0, address: 1}
    split(house, both, address)
    for _ in range(4):
        house.clock.passes(days=1)
        assert {run.state for run in house.polls()} <= {"good", "nothing new"}
    assert titled(house, "Child K").review.status == "published"
    assert titled(house, "The bay case").review.status == "withdrawn"


def test_of_two_that_are_joined_the_watched_page_misses_what_it_had_of_either(house: House) -> None:
    both = join(house, titled(house, "Child A"), titled(house, "Child K"))
    assert [(seen.url, seen.beyond) for seen in both.sightings] == [("", False)]
    other = join(house, titled(house, "Child L"), both)
    assert [(seen.url, seen.beyond) for seen in other.sightings] == [("", False)]


def test_a_review_that_moves_to_an_older_page_and_back_is_told_as_what_it_is(house: House) -> None:
    first = an_old("Child A", 2026)
    days_pass(house, 1, an_old("Child M", 2026), first)
    assert told(house) == [("Child M", "new")]
    house.site.gives(f"{ONE.url}?page=1", page(an_old("Child M", 2026), an_old("Child L", 2026)))
    days_pass(house, 1, first)
    reads_older(house)
    days_pass(house, 5, first)
    assert told(house) == []
    days_pass(house, 1, an_old("Child M", 2026).replace("ask who", "always ask twice who"), first)
    assert told(house) == [("Child M", "revised")]
    days_pass(house, 5, first)
    assert told(house) == [("Child M", "withdrawn")]


def test_a_poll_withdraws_nothing_that_is_found_on_an_older_page_meanwhile(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = an_old("Child A", 2026)
    days_pass(house, 1, an_old("Child M", 2026), first)
    assert told(house) == [("Child M", "new")]
    days_pass(house, 2, first)
    house.site.gives(f"{ONE.url}?page=1", page(an_old("Child M", 2026)))
    house.store.forget_older(ONE.id)
    monkeypatch.setattr("bot.pipeline.backfill.LATELY", timedelta(days=2))  # it polled a while ago
    as_kept = house.store.keep
    read: list[bool] = []

    def keep(*poll: Any) -> bool:
        if not read:
            read.append(True)
            reads_only_older(house)
        return as_kept(*poll)

    monkeypatch.setattr(house.store, "keep", keep)
    days_pass(house, 1, first)
    assert titled(house, "Child M").review.status == "published"
    assert told(house) == []


def test_a_withdrawal_that_was_not_told_yet_and_is_undone_by_an_older_page_never_was(house: House) -> None:
    first = an_old("Child A", 2026)
    days_pass(house, 1, an_old("Child M", 2026), first)
    assert told(house) == [("Child M", "new")]
    days_pass(house, 4, first)
    assert titled(house, "Child M").review.status == "withdrawn"
    house.site.gives(f"{ONE.url}?page=1", page(an_old("Child M", 2026)))
    reads_older(house)
    assert titled(house, "Child M").review.status == "published"
    assert told(house) == []
    days_pass(house, 1, an_old("Child M", 2026).replace("ask who", "always ask twice who"), first)
    assert told(house) == [("Child M", "revised")]


def test_what_the_watched_page_calls_withdrawn_stays_so_though_an_older_page_has_it_still(
    house: House,
) -> None:
    first, its_own = an_old("Child A", 2026), an_old("Child M", 2026)
    gone = its_own.replace("</h3>", "</h3><p>This review has been withdrawn.</p>")
    days_pass(house, 1, its_own, first)
    assert told(house) == [("Child M", "new")]
    days_pass(house, 1, gone, first)
    assert told(house) == [("Child M", "withdrawn")]
    house.site.gives(f"{ONE.url}?page=1", page(its_own))
    reads_older(house)
    assert titled(house, "Child M").review.status == "withdrawn"
    assert told(house) == []


def reads_only_older(house: House) -> None:
    """As another process does."""
    house.store.add_older([OlderPage(source_id=ONE.id, url=f"{ONE.url}?page=1")])
    backfill(ONE, house.collecting)


def test_whoever_asks_for_more_or_other_things_is_told_of_no_older_review(house: House) -> None:
    for days in (31, 365):
        schedule = replace(YEARLY, baseline_days=days)
        house.subscribes("new@example.org", "newcomer", schedule=schedule)
        house.subscribes("slack:#now", "now", schedule=AT_ONCE, place=["Saltmarsh"])
        found = told(house)
        house.subscribes("new@example.org", "newcomer", schedule=schedule, place=["Saltmarsh"])
        house.subscribes("slack:#now", "now", schedule=AT_ONCE)
        house.subscribes("lead@example.org", "all", schedule=schedule, words_any=["ask"])
        assert {title for title, _ in found + told(house)} <= {"Child A", "Child X"}
