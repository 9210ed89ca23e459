"""A page that suddenly yields little is an error, never an empty digest."""

from __future__ import annotations

import pytest

from bot import drift
from bot.errors import UnreadableDocument
from bot.models import Reading, SourceRun
from tests.reviews import MONDAY, a_bare_review, a_review, a_source


def reading(count: int) -> Reading:
    return Reading(state="read", reviews=tuple(a_bare_review(f"Child {n}") for n in range(count)))


def last_good(records: int) -> SourceRun:
    return SourceRun(source_id="saltmarsh", started=MONDAY, ended=MONDAY, state="good", records=records)


def test_a_page_with_what_was_expected_is_trusted() -> None:
    drift.check(a_source(expect_min=3, expect_max=10), reading(5), last_good(6))


def test_fewer_than_expected_names_the_setting_to_correct() -> None:
    with pytest.raises(UnreadableDocument, match=r"1 review, and at least 3 .* lower `expect: min`"):
        drift.check(a_source(expect_min=3), reading(1), None)


def test_more_than_expected_names_the_setting_to_correct() -> None:
    with pytest.raises(UnreadableDocument, match=r"12 reviews, and at most 10 .* raise `expect: max`"):
        drift.check(a_source(expect_max=10), reading(12), None)


def test_a_sudden_drop_is_an_error_that_says_how_to_accept_it() -> None:
    with pytest.raises(UnreadableDocument, match=r"40 were there .* poll saltmarsh --accept"):
        drift.check(a_source(), reading(9), last_good(40))


def test_a_small_list_may_shrink() -> None:
    drift.check(a_source(), reading(1), last_good(5))


def test_a_feed_may_hold_any_number_of_the_latest() -> None:
    drift.check(a_source(reads="feed"), reading(1), last_good(40))


def test_a_page_that_says_that_nothing_is_published_is_believed() -> None:
    drift.check(a_source(expect_min=3), Reading(state="nothing there"), last_good(40))


def test_a_title_that_cannot_be_read_spoils_the_page() -> None:
    spoilt = Reading(state="read", reviews=(a_review("Child \N{REPLACEMENT CHARACTER}"),))
    with pytest.raises(UnreadableDocument, match="title cannot be read"):
        drift.check(a_source(), spoilt, None)
