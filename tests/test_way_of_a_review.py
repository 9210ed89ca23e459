"""The way of a review, from a page to its readers, with the real core and a real archive."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest

from bot.errors import ConfigError, Problem, SourceError, StoreError
from bot.models import Delivery, KnownReview, NotModified, Outcome, Page, Posted, Validators
from bot.pipeline import collect, send
from bot.ports import Progress
from tests.house import AT_ONCE, WEEKLY, House, entry
from tests.reviews import a_source

PAGE = a_source().url
ABUSE = "Sexual abuse of a 9-year-old boy by a family friend."
ABUSE_LEARNING = ("the response to child sexual abuse must not wait for evidence",)


@pytest.fixture
def house() -> House:
    """A house whose source has been met before, with one old review, and nobody subscribed."""
    house = House()
    house.site.publishes(PAGE, entry("Child Old", year=2020))
    house.polls()
    return house


def test_a_new_review_reaches_its_reader_once(house: House) -> None:
    house.subscribes("lead@example.org")
    house.site.publishes(PAGE, entry("Baby Rowan"), entry("Child Old", year=2020))
    (run,) = house.polls()
    assert (run.state, run.new) == ("good", 1)
    assert house.a_week_passes() == ["sent"]
    assert house.a_week_passes() == ["sent"]
    assert house.got() == [[("Baby Rowan", "new")], []], "the second week is quiet, and says so"


def test_what_is_too_much_for_one_digest_comes_with_the_next_and_nothing_twice(house: House) -> None:
    house.subscribes("lead@example.org")
    titles = [f"Child {name}" for name in range(101, 172)]
    house.site.publishes(PAGE, *map(entry, titles), entry("Child Old", year=2020))
    house.polls()
    house.a_week_passes()
    house.a_week_passes()
    house.a_week_passes()
    first, second, third = house.got()
    assert (len(first), len(second), third) == (60, 11, [])
    assert sorted(title for title, _ in first + second) == titles


def due_in(house: House) -> timedelta:
    """How long until the source is polled."""
    now = house.clock.now()
    return collect.next_poll(house.sources["saltmarsh"], house.store, now) - now


def test_a_source_that_fails_is_tried_soon_and_then_more_and_more_seldom_until_it_is_good(
    house: House,
) -> None:
    house.site.fails(PAGE)
    waits = []
    for _ in range(9):
        house.polls()
        waits.append(due_in(house))
    assert waits == sorted(waits)
    assert waits[0] < timedelta(hours=1)
    assert timedelta(hours=21) < waits[-1] < timedelta(hours=27)
    assert house.store.standings()[0].failed == 9
    house.site.publishes(PAGE, entry("Child Old", year=2020))
    house.polls()
    assert house.store.standings()[0].failed == 0
    assert timedelta(hours=5) < due_in(house) <= timedelta(hours=6)


def test_a_site_that_asks_us_to_stay_away_is_left_alone_for_as_long(house: House) -> None:
    stay_away = timedelta(hours=30)
    house.site.fails(PAGE, SourceError("busy", trouble="failing", again=True, retry_after=stay_away))
    house.polls()
    assert stay_away - timedelta(minutes=1) < due_in(house) <= stay_away


def test_a_source_whose_settings_were_corrected_is_not_put_off_for_what_failed_before(house: House) -> None:
    house.site.fails(PAGE, SourceError("busy", trouble="failing", again=True, retry_after=timedelta(days=2)))
    house.polls()
    house.clock.passes(hours=7)
    assert due_in(house) > timedelta(days=1)
    house.sources["saltmarsh"] = replace(house.sources["saltmarsh"], url=f"{PAGE}/new")
    assert due_in(house) == timedelta()


def test_once_a_week_a_page_is_asked_for_whole_though_nothing_seems_to_change(house: House) -> None:
    days = []
    for day in range(16):
        house.clock.passes(hours=23, minutes=59, seconds=59)
        house.polls()
        if house.site.asked[-1] == (PAGE, False):
            days.append(day)
    assert days == [6, 13]


def test_the_first_poll_of_a_source_floods_nobody(house: House) -> None:
    house.subscribes("lead@example.org")
    house.a_week_passes()
    assert house.got() == [[]]


def test_a_reader_gets_what_was_asked_for_with_the_words_that_prove_it(house: House) -> None:
    house.subscribes("lead@example.org", "babies", themes_any=("bruising-non-mobile",))
    house.subscribes("slack:#abuse", "abuse", AT_ONCE, themes_any=("child-sexual-abuse",))
    house.site.publishes(
        PAGE,
        entry("Baby Rowan"),
        entry("Child S", incident=ABUSE, learning=ABUSE_LEARNING, recommendations=("train practitioners",)),
        entry("Child Old", year=2020),
    )
    house.polls()
    house.sends()
    house.a_week_passes()
    assert house.got(house.slack) == [[("Child S", "new")]]
    assert house.got(house.email) == [[("Baby Rowan", "new")]]
    (because,) = house.email.taken[0].edition.digest.entries[0].because
    assert because.subscription == "babies"
    assert "bruising in babies who are not mobile" in str(because.reasons[0].evidence)


def test_two_subscriptions_of_one_reader_bring_a_review_once_and_say_both(house: House) -> None:
    house.subscribes("lead@example.org", "babies", themes_any=("infants",))
    house.subscribes("lead@example.org", "everything")
    house.site.publishes(PAGE, entry("Baby Rowan"), entry("Child Old", year=2020))
    house.polls()
    assert house.a_week_passes() == ["sent"], "one message, not two"
    (one,) = house.email.taken[0].edition.digest.entries
    assert {because.subscription for because in one.because} == {"babies", "everything"}


def test_a_page_that_did_not_change_is_asked_for_conditionally_and_not_read_again(house: House) -> None:
    (run,) = house.polls()
    assert (run.state, run.records) == ("nothing new", 1)
    assert house.site.asked == [(PAGE, False), (PAGE, True)]


def test_corrected_settings_read_an_unchanged_page_again(house: House) -> None:
    house.sources["saltmarsh"] = replace(house.sources["saltmarsh"], place="Saltmarsh")
    house.polls()
    assert house.site.asked[-1] == (PAGE, False)


def test_a_revision_is_told_to_those_who_know_the_review_and_says_what_changed(house: House) -> None:
    house.subscribes("lead@example.org")
    house.site.publishes(PAGE, entry("Baby Rowan"), entry("Child Old", year=2020))
    house.polls()
    house.a_week_passes()
    more = ("relaunch the bruising protocol", "audit the protocol within a year")
    house.site.publishes(PAGE, entry("Baby Rowan", recommendations=more), entry("Child Old", year=2020))
    (run,) = house.polls()
    assert run.revised == 1
    house.a_week_passes()
    assert house.got()[-1] == [("Baby Rowan", "revised")]
    (difference,) = house.email.taken[-1].edition.digest.entries[0].differences
    assert difference.after == ("audit the protocol within a year",)


def test_a_review_that_was_gone_and_is_back_by_the_next_digest_is_no_news(house: House) -> None:
    stays, comes = entry("Child Old", year=2020), entry("Baby Rowan")
    house.subscribes("lead@example.org")
    house.site.publishes(PAGE, comes, stays)
    house.polls()
    house.a_week_passes()
    house.site.publishes(PAGE, stays)
    for _ in range(4):
        house.clock.passes(days=1)
        house.polls()
    (rowan,) = (known for known, _ in house.store.every_review() if known.review.title == "Baby Rowan")
    assert rowan.review.status == "withdrawn"
    house.site.publishes(PAGE, comes, stays)
    house.polls()
    house.a_week_passes()
    assert house.got() == [[("Baby Rowan", "new")], []]


def test_a_mended_typo_is_told_to_nobody(house: House) -> None:
    house.subscribes("lead@example.org")
    house.site.publishes(
        PAGE, entry("Baby Rowan", incident="Injuries to a 10-week-old babby girl in May 2025.")
    )
    house.polls(accept=True)
    house.a_week_passes()
    house.site.publishes(PAGE, entry("Baby Rowan"))
    house.polls()
    house.a_week_passes()
    assert house.got() == [[("Baby Rowan", "new")], []]


def test_a_review_on_two_sources_is_told_once_and_shows_both() -> None:
    other = a_source("nspcc")
    house = House(a_source(), other)
    for url in (PAGE, other.url):
        house.site.publishes(url, entry("Child Old", year=2020))
    house.polls()
    house.subscribes("lead@example.org")
    for url in (PAGE, other.url):
        house.site.publishes(url, entry("Baby Rowan"), entry("Child Old", year=2020))
    house.polls()
    house.a_week_passes()
    assert house.got() == [[("Baby Rowan", "new")]]
    (one,) = house.email.taken[0].edition.digest.entries
    assert {seen.source_id for seen in one.seen} == {"saltmarsh", "nspcc"}


def test_a_source_that_fails_stops_no_other_and_is_named_in_the_digest() -> None:
    other = a_source("nspcc")
    house = House(a_source(every=timedelta(days=7)), other)
    house.site.publishes(PAGE, entry("Child Old", year=2020))
    house.site.fails(other.url)
    house.subscribes("lead@example.org")
    house.polls()
    house.site.publishes(PAGE, entry("Baby Rowan"), entry("Child Old", year=2020))
    assert {run.source_id: run.state for run in house.polls()} == {"saltmarsh": "good", "nspcc": "failing"}
    house.a_week_passes()
    digest = house.email.taken[-1].edition.digest
    assert [entry.review.title for entry in digest.entries] == ["Baby Rowan"]
    assert [(one.source_id, one.state) for one in digest.coverage.unread] == [("nspcc", "failing")]


def test_the_bot_s_own_fault_on_one_source_stops_no_other_and_leaves_a_failure_to_see() -> None:
    other = a_source("nspcc")
    house = House(a_source(), other)
    house.site.publishes(PAGE, entry())
    house.site.fails(other.url, RuntimeError("a fault of our own"))
    assert [run.state for run in house.polls()] == ["good", "failing"]
    (failure,) = house.store.failures()
    assert failure.subject == "nspcc"
    assert "a fault of our own" in failure.text
    assert "RuntimeError" in failure.trace


def test_a_page_that_suddenly_yields_little_is_an_error_and_nothing_of_it_is_kept(house: House) -> None:
    more = [entry(f"Child {letter}", incident="") for letter in "ABCDEFGHIJK"]
    many = [*more, entry("Child Old", year=2020)]
    house.site.publishes(PAGE, *many)
    house.polls()
    house.site.publishes(PAGE, entry("Child Z"))
    (run,) = house.polls()
    assert run.state == "unreadable"
    assert "12 were there" in run.detail
    house.site.publishes(PAGE, *many)
    (run,) = house.polls()
    assert (run.state, run.new) == ("nothing new", 0), "its validators were not kept either"


def test_a_page_that_says_that_nothing_is_published_is_a_state_of_its_own(house: House) -> None:
    house.site.says_nothing_is_published(PAGE)
    (run,) = house.polls()
    assert run.state == "nothing there"
    (run,) = house.polls()
    assert run.state == "nothing there", "unchanged, it still says so"


def test_garbage_is_unreadable_and_loses_nothing(house: House) -> None:
    house.site.gives(PAGE, b"\x00\x01\x02" * 400)
    (run,) = house.polls()
    assert run.state == "unreadable"
    assert len(list(house.store.every_review())) == 1


def test_a_refused_delivery_is_kept_with_its_reason_and_can_be_retried(house: House) -> None:
    house.subscribes("lead@example.org")
    house.email.will_end(Outcome(state="refused", detail="550 no such user"))
    assert house.a_week_passes() == ["refused"]
    (item,) = house.store.outbox(("refused",))
    assert "550" in item.detail
    house.store.retry(item.id, house.clock.now())
    assert house.sends() == ["sent"]


def test_a_deferred_delivery_is_tried_again_later_by_itself(house: House) -> None:
    house.subscribes("lead@example.org")
    house.email.will_end(Outcome(state="deferred", detail="451 later", retry_after=timedelta(minutes=10)))
    assert house.a_week_passes() == ["deferred"]
    assert house.sends() == []
    house.clock.passes(minutes=11)
    assert house.sends() == ["sent"]


def test_an_uncertain_delivery_is_not_repeated_and_the_next_digest_says_so(house: House) -> None:
    house.subscribes("lead@example.org")
    house.site.publishes(PAGE, entry("Baby Rowan"), entry("Child Old", year=2020))
    house.polls()
    house.email.will_end(Outcome(state="uncertain", detail="lost after the dot"))
    assert house.a_week_passes() == ["uncertain"]
    assert house.sends() == []
    house.a_week_passes()
    (doubt,) = house.email.taken[-1].edition.digest.doubtful
    assert doubt.state == "uncertain"
    assert [named.title for named in doubt.reviews] == ["Baby Rowan"]


@pytest.mark.parametrize(
    "fault", [RuntimeError("a fault of our own"), SourceError("x", trouble="failing", again=True)]
)
def test_the_bot_s_own_fault_on_one_delivery_stops_no_other(house: House, fault: Exception) -> None:
    house.subscribes("a@example.org", "one")
    house.subscribes("b@example.org", "two")
    house.email.will_end(fault)
    assert sorted(house.a_week_passes()) == ["deferred", "sent"]
    (failure,) = house.store.failures()
    assert (failure.kind, type(fault).__name__ in failure.text) == ("delivery", True)


def test_three_weeks_asleep_are_caught_up_in_one_digest(house: House) -> None:
    house.subscribes("lead@example.org")
    house.a_week_passes()
    house.clock.passes(days=15)
    house.site.publishes(PAGE, entry("Baby Rowan"), entry("Child Old", year=2020))
    house.polls()
    assert house.a_week_passes() == ["sent"]
    assert house.sends() == []
    assert house.got()[-1] == [("Baby Rowan", "new")]


def test_a_changed_schedule_repeats_nothing_and_loses_nothing(house: House) -> None:
    house.subscribes("lead@example.org")
    house.site.publishes(PAGE, entry("Baby Rowan"), entry("Child Old", year=2020))
    house.polls()
    house.a_week_passes()
    house.site.publishes(
        PAGE, entry("Baby Sky", incident=""), entry("Baby Rowan"), entry("Child Old", year=2020)
    )
    house.polls()
    house.reschedules("all", AT_ONCE)
    assert house.sends() == ["sent"]
    house.reschedules("all", WEEKLY)
    house.a_week_passes()
    assert house.got() == [[("Baby Rowan", "new")], [("Baby Sky", "new")], []]


def test_a_changed_theme_loses_nothing_that_the_old_one_had_matched(house: House) -> None:
    house.subscribes("lead@example.org", "mine", themes_any=("bruising-non-mobile",))
    house.site.publishes(PAGE, entry("Baby Rowan"), entry("Child Old", year=2020))
    house.polls()
    house.subscribes("lead@example.org", "mine", themes_any=("radicalisation",))
    house.a_week_passes()
    assert house.got() == [[("Baby Rowan", "new")]]


def test_who_unsubscribes_gets_nothing_more(house: House) -> None:
    house.subscribes("lead@example.org")
    house.unsubscribes("all")
    assert house.a_week_passes() == []


def test_a_review_withdrawn_by_its_publisher_is_said_to_be(house: House) -> None:
    stays = entry("Child Old", year=2020)
    house.subscribes("lead@example.org")
    house.site.publishes(PAGE, entry("Baby Rowan"), stays)
    house.polls()
    house.a_week_passes()
    house.site.publishes(PAGE, stays)
    said = [(run.state, run.withdrawn) for _ in range(3) for run in house.polls()]
    assert said == [("nothing new", 0), ("nothing new", 0), ("good", 1)], "though the page stays as it is"
    house.a_week_passes()
    assert house.got()[-1] == [("Baby Rowan", "withdrawn")]


def test_three_polls_within_a_minute_withdraw_nothing_until_a_day_has_passed(house: House) -> None:
    stays = entry("Child Old", year=2020)
    house.site.publishes(PAGE, entry("Baby Rowan"), stays)
    house.polls()
    house.site.publishes(PAGE, stays)
    assert [house.polls()[0].withdrawn for _ in range(6)] == [0] * 6
    house.clock.passes(days=1)
    assert [house.polls()[0].withdrawn for _ in range(2)] == [1, 0]


def test_reviews_of_a_page_that_says_that_nothing_is_published_are_withdrawn_in_the_end(house: House) -> None:
    house.subscribes("lead@example.org")
    house.site.publishes(PAGE, entry("Baby Rowan"), entry("Child Old", year=2020))
    house.polls()
    house.a_week_passes()
    house.site.says_nothing_is_published(PAGE)
    runs = [run for _ in range(4) for run in house.polls()]
    assert [(run.state, run.withdrawn) for run in runs] == [
        ("nothing there", 0),
        ("nothing there", 0),
        ("nothing there", 2),
        ("nothing there", 0),
    ]
    house.a_week_passes()
    assert house.got()[-1] == [("Baby Rowan", "withdrawn")], "of the other no reader had ever heard"


def test_few_pages_are_fetched_before_the_first_of_them_is_kept() -> None:
    sources = [a_source(f"place-{number}") for number in range(40)]
    house = House(*sources)
    for source in sources:
        house.site.publishes(source.url, entry())
    waiting: list[int] = []
    keep = house.store.keep

    def slowly(*poll: Any, **named: Any) -> bool:
        time.sleep(0.01)
        waiting.append(len(house.site.asked) - len(waiting))
        return keep(*poll, **named)

    house.store.keep = slowly  # type: ignore[method-assign]
    assert [run.source_id for run in house.polls()] == [source.id for source in sources]
    assert max(waiting) <= collect.MOST_AHEAD


def test_a_review_that_another_process_kept_meanwhile_is_not_kept_twice(house: House) -> None:
    """As when somebody types `poll` while the service is polling the same review at another source."""
    house.site.publishes(PAGE, entry("Baby Rowan"), entry("Child Old", year=2020))
    look_up = house.store.sharing
    overtaken = []

    def known_while_another_process_keeps(handles: Sequence[str]) -> tuple[KnownReview, ...]:
        known = look_up(handles)
        if handles and not overtaken:
            overtaken.append(True)
            house.polls()
        return known

    house.store.sharing = known_while_another_process_keeps  # type: ignore[method-assign]
    (run,) = house.polls()
    assert (overtaken, run.new) == ([True], 0)
    assert sorted(known.review.title for known, _ in house.store.every_review()) == [
        "Baby Rowan",
        "Child Old",
    ]


REPORT = "https://saltmarsh.example.org/documents/ash.pdf"
BARE = f'<ul><li><a href="{REPORT}">Local Child Safeguarding Practice Review: Child Ash (2026)</a></li></ul>'
WHOLE = """# Local Child Safeguarding Practice Review: Child Ash

## What happened

Sexual abuse of a 9-year-old boy by a family friend in May 2025.

## Learning

- the response to child sexual abuse must not wait for evidence
- he was not seen alone
"""


@pytest.fixture
def following() -> House:
    """A house whose source only lists its reports, each of which is opened and read too."""
    house = House(a_source(follow=True, place="Saltmarsh"))
    house.site.says_nothing_is_published(PAGE)
    house.polls()
    house.subscribes("lead@example.org", "abuse", themes_any=("child-sexual-abuse",))
    house.site.publishes(PAGE, BARE)
    return house


def test_a_review_that_is_only_listed_is_completed_from_its_report(following: House) -> None:
    following.site.serves_text(REPORT, WHOLE)
    following.polls()
    following.a_week_passes()
    assert following.got() == [[("Local Child Safeguarding Practice Review: Child Ash", "new")]]
    following.polls()
    assert following.site.asked.count((REPORT, False)) == 1, "a document is opened once"


def test_a_report_that_cannot_be_had_is_named_and_tried_again_at_the_next_poll(following: House) -> None:
    following.site.serves_text(REPORT, WHOLE)
    following.site.fails(REPORT)
    (run,) = following.polls()
    assert (run.new, "answered 500" in run.detail) == (1, True)
    following.site.serves_text(REPORT, WHOLE)
    (run,) = following.polls()
    assert (run.revised, run.detail) == (1, "")
    following.a_week_passes()
    assert following.got() == [[("Local Child Safeguarding Practice Review: Child Ash", "new")]]


def test_many_reports_that_cannot_be_had_are_one_sentence(following: House) -> None:
    reports = [f"https://saltmarsh.example.org/documents/{name}.pdf" for name in ("ash", "elm", "oak")]
    items = (
        f'<li><a href="{url}">Safeguarding Practice Review: Child {url[-7:-4]} (2026)</a></li>'
        for url in reports
    )
    following.site.publishes(PAGE, f"<ul>{''.join(items)}</ul>")
    for url in reports:
        following.site.fails(url)
    (run,) = following.polls()
    assert run.detail == (
        f"3 linked documents could not be read; the first: {reports[0]} answered 500, an error of its own; the "
        "next poll may succeed."
    )


def test_corrected_settings_announce_nothing_of_what_was_there_before(house: House) -> None:
    house.subscribes("lead@example.org")
    house.sources["saltmarsh"] = replace(house.sources["saltmarsh"], exclude=("Older",))
    house.site.publishes(
        PAGE, entry("Baby Rowan"), entry("Child Old", year=2020), entry("Child Older", year=2012)
    )
    house.polls()
    house.a_week_passes()
    house.sources["saltmarsh"] = replace(house.sources["saltmarsh"], exclude=("Rowan",))
    for _ in range(4):
        house.polls()
    house.a_week_passes()
    assert house.got() == [[("Baby Rowan", "new")], []]


def test_an_unforeseen_fault_after_the_message_was_handed_over_is_uncertain(house: House) -> None:
    """The line that keeps a message from being sent twice."""
    house.subscribes("lead@example.org")
    deliver = house.email.deliver

    def fails_after_handing_over(delivery: Delivery, progress: Progress) -> Outcome:
        deliver(delivery, progress)
        raise RuntimeError("a fault of our own")

    house.email.deliver = fails_after_handing_over  # type: ignore[method-assign]
    assert house.a_week_passes() == ["uncertain"]


def test_a_subscription_to_one_source_gets_what_was_seen_there_and_no_more() -> None:
    house = House(a_source(), a_source("nspcc"))
    for source in house.sources.values():
        house.site.publishes(source.url, entry("Child Old", year=2020))
    house.polls()
    house.subscribes("lead@example.org", "national", source=("nspcc",))
    house.site.publishes(PAGE, entry("Baby Rowan"), entry("Child Old", year=2020))
    house.site.publishes(
        house.sources["nspcc"].url, entry("Baby Sky", incident=""), entry("Child Old", year=2020)
    )
    house.polls()
    house.a_week_passes()
    assert house.got() == [[("Baby Sky", "new")]]


def test_follow_switched_on_later_completes_what_is_known_and_tells_nobody_of_it() -> None:
    house = House(a_source(place="Saltmarsh"))
    house.site.publishes(PAGE, BARE)
    house.site.serves_text(REPORT, WHOLE)
    house.polls()
    house.subscribes("lead@example.org")
    house.sources["saltmarsh"] = replace(house.sources["saltmarsh"], follow=True)
    house.polls()
    ((known, _),) = house.store.every_review()
    assert known.review.learning
    house.a_week_passes()
    assert house.got() == [[]]


def test_a_revision_that_waits_with_its_first_post_finds_that_post_to_edit(house: House) -> None:
    """As after an outage of Slack: both were composed before either could be posted."""
    house.subscribes("slack:#all", "all", AT_ONCE)
    taken: list[Delivery] = []

    def posts(delivery: Delivery, progress: Progress) -> Outcome:
        (shown,) = delivery.edition.digest.entries
        progress.posted(Posted(channel="C1", ts=f"{delivery.id}.0", review_id=shown.review_id))
        taken.append(delivery)
        return Outcome(state="sent")

    house.slack.deliver = posts  # type: ignore[method-assign]
    house.site.publishes(PAGE, entry("Baby Rowan"), entry("Child Old", year=2020))
    house.polls()
    send.compose_due((AT_ONCE,), house.sending)
    more = ("relaunch the bruising protocol", "audit the protocol within a year")
    house.site.publishes(PAGE, entry("Baby Rowan", recommendations=more), entry("Child Old", year=2020))
    house.polls()
    assert house.sends() == ["sent", "sent"]
    first, second = taken
    assert [post.ts for post in second.earlier] == [f"{first.id}.0"]


def test_a_round_that_the_archive_ends_asks_no_other_site() -> None:
    names = [f"place-{number}" for number in range(40)]
    house = House(*(a_source(name) for name in names))
    for source in house.sources.values():
        house.site.publishes(source.url, entry())
    fetch = house.site.fetch

    def slowly(url: str, validators: Validators | None = None) -> Page | NotModified:
        time.sleep(0.01)
        return fetch(url, validators)

    def full(*poll: object) -> bool:
        raise StoreError("the disk is full")

    with (
        patch.object(house.site, "fetch", slowly),
        patch.object(house.store, "keep", full),
        pytest.raises(StoreError),
    ):
        house.polls()
    assert len(house.site.asked) < len(names)


def test_a_template_that_cannot_be_filled_in_holds_up_the_mail_and_uses_up_nobodys_tries(
    house: House,
) -> None:
    mistake = ConfigError([Problem(file="review.html", line=3, field="", text="`reveiw` is undefined")])
    house.subscribes("lead@example.org")
    house.subscribes("head@example.org", "two")
    house.email.will_end(mistake)
    house.a_week_passes()
    assert house.email.taken == []
    (hold,) = house.store.holds(house.clock.now())
    assert "review.html:3: `reveiw` is undefined" in hold.detail
    house.store.lift_holds()
    house.clock.passes(hours=1)
    assert sorted(house.sends()) == ["sent", "sent"]
