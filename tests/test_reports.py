"""What an administrator hears of sources: a change, once, in the run in which it is seen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.errors import SourceError
from bot.models import Outcome
from tests.house import House, entry
from tests.reviews import a_source

PAGE = a_source().url
OLD = entry("Child Old", year=2020)


@pytest.fixture
def house() -> House:
    """A house with an administrator, whose source has been read before."""
    house = House()
    house.site.publishes(PAGE, OLD)
    house.polls()
    house.administered_by("admin@example.org")
    return house


def reported(house: House) -> list[list[tuple[str, str, str]]]:
    """What each report that came says: kind, source, state."""
    return [
        [(notice.kind, notice.source_id, notice.state) for notice in one.edition.digest.notices]
        for one in house.email.taken
        if one.edition.digest.schedule == "reports"
    ]


def test_an_administrator_hears_of_a_source_in_the_run_in_which_it_turns_bad_or_good_again(
    house: House,
) -> None:
    house.polls()
    assert house.reports() == [], "no report when nothing is wrong"
    house.site.fails(PAGE)
    house.polls()
    assert house.reports() == ["sent"]
    house.polls()
    assert house.reports() == [], "once a change"
    house.site.publishes(PAGE, OLD)
    house.polls()
    assert house.reports() == ["sent"]
    assert reported(house) == [
        [("not read", "saltmarsh", "failing")],
        [("read again", "saltmarsh", "nothing new")],
    ]


def test_what_changed_while_nobody_composed_stands_in_one_report(house: House) -> None:
    for fault in (None, SourceError("keep out", trouble="blocked", again=False)):
        house.site.fails(PAGE, fault)
        house.polls()
    assert house.reports() == ["sent"]
    assert reported(house) == [[("not read", "saltmarsh", "failing"), ("not read", "saltmarsh", "blocked")]]


def test_who_becomes_administrator_hears_of_what_comes_and_not_of_all_that_was(house: House) -> None:
    house.site.fails(PAGE)
    house.polls()
    house.reports()
    house.clock.passes(hours=1)
    house.administered_by("admin@example.org", "#bots")
    assert house.reports() == []
    house.site.publishes(PAGE, OLD)
    house.polls()
    assert sorted(house.reports()) == ["sent", "sent"]
    (post,) = house.slack.taken
    assert [notice.kind for notice in post.edition.digest.notices] == ["read again"]


def test_reports_bring_no_reviews_and_reviews_no_reports(house: House) -> None:
    house.subscribes("lead@example.org")
    house.site.publishes(PAGE, entry("Baby Rowan"), OLD)
    house.polls()
    house.site.fails(PAGE)
    house.polls()
    house.a_week_passes()
    assert house.reports() == ["sent"]
    mails = [(one.subscriber.address, len(one.edition.digest.entries)) for one in house.email.taken]
    assert mails == [("lead@example.org", 1), ("admin@example.org", 0)]


def test_a_source_that_is_silent_for_longer_than_ever_is_asked_about_once(house: House) -> None:
    for number in range(6):
        house.clock.passes(days=14)
        house.site.publishes(PAGE, *(entry(f"Child {letter}") for letter in "ABCDEF"[: number + 1]), OLD)
        house.polls()
    for days, asked in ((20, 0), (2, 1), (60, 0)):
        house.clock.passes(days=days)
        house.polls()
        house.asks_about_silence()
        assert len(house.reports()) == asked, days
    assert reported(house) == [[("silent", "saltmarsh", "nothing new")]]


def test_an_administrators_first_digest_is_a_first_digest_whatever_was_reported_before(house: House) -> None:
    house.site.fails(PAGE)
    house.polls()
    assert house.reports() == ["sent"]
    house.subscribes("admin@example.org")
    house.a_week_passes()
    assert house.email.taken[-1].edition.digest.baseline_days == 31


def test_a_report_calls_a_source_by_its_name(house: House) -> None:
    house.site.fails(PAGE)
    house.polls()
    house.reports()
    (notice,) = house.email.taken[-1].edition.digest.notices
    assert (notice.name, notice.url) == (house.sources["saltmarsh"].name, PAGE)


def test_an_administrator_hears_once_where_a_page_has_moved_for_good(house: House) -> None:
    for address in (
        "https://saltmarsh.example/new",
        "https://saltmarsh.example/new",
        "https://saltmarsh.example/newer",
    ):
        house.site.moves(PAGE, address)
        house.site.publishes(PAGE, OLD, entry(f"Child {address[-5:]}"))
        house.polls()
    house.reports()
    (told,) = (one.edition.digest.notices for one in house.email.taken)
    assert [(one.kind, one.detail) for one in told] == [
        ("moved", "https://saltmarsh.example/new"),
        ("moved", "https://saltmarsh.example/newer"),
    ]


def test_a_source_that_was_paused_before_the_report_is_no_trouble(house: House) -> None:
    house.site.fails(PAGE)
    house.polls()
    house.sources["saltmarsh"] = replace(house.sources["saltmarsh"], enabled=False)
    assert house.reports() == []


def test_a_digest_that_was_lost_is_told_by_the_next_digest_and_not_used_up_by_a_report(house: House) -> None:
    house.subscribes("admin@example.org")
    house.site.publishes(PAGE, entry("Baby Rowan"), OLD)
    house.polls()
    house.email.will_end(Outcome(state="uncertain"))
    house.a_week_passes()
    house.site.fails(PAGE)
    house.polls()
    assert house.reports() == ["sent"]
    assert not house.email.taken[-1].edition.digest.doubtful
    house.a_week_passes()
    (lost,) = house.email.taken[-1].edition.digest.doubtful
    assert [review.title for review in lost.reviews] == ["Baby Rowan"]


def test_a_report_that_may_not_have_arrived_is_mentioned_in_the_next(house: House) -> None:
    house.email.will_end(Outcome(state="uncertain"))
    house.site.fails(PAGE)
    house.polls()
    assert house.reports() == ["uncertain"]
    house.site.publishes(PAGE, OLD)
    house.polls()
    assert house.reports() == ["sent"]
    (lost,) = house.email.taken[-1].edition.digest.doubtful
    assert (lost.state, lost.reviews) == ("uncertain", ())
