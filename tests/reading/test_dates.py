from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reading.grammar.dates import (
    byline_date,
    find_dates,
    first_date,
    only_date,
    published_in,
    without_date,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12 March 2026", "2026-03-12"),
        ("3rd of May 2021", "2021-05-03"),
        ("21 February, 2022", "2022-02-21"),
        ("Tuesday 4th Sept 2018", "2018-09-04"),
        ("26-03-2018 09:30 AM", "2018-03-26"),
        ("3/4/2021", "2021-04-03"),
        ("31/01/11", "2011-01-31"),
        ("2026-03-12T09:00:00Z", "2026-03-12"),
        ("Mawrth 2019", "2019-03"),
        ("5 Rhagfyr 2020", "2020-12-05"),
        ("Feb 2020", "2020-02"),
        ("May\u00a02022", "2022-05"),
        ("May’22", "2022-05"),
        ("the spring of 2021", "2021"),
        ("2018-19", "2018"),
        ("between May and November 2017", "2017-05"),
        ("between 2006 and 2009", "2006"),
    ],
)
def test_a_date_keeps_the_precision_it_was_written_with(text: str, value: str) -> None:
    assert first_date(text) == value


@pytest.mark.parametrize(
    "text", ["May", "on Tuesday", "13/25/2021", "CPR 02/2020", "£2000000", "12 of 20", "May 22"]
)
def test_what_is_no_date_is_not_made_one(text: str) -> None:
    assert first_date(text) is None


@settings(max_examples=50, deadline=None)
@given(
    st.dates(date(1980, 1, 1), date(2049, 12, 31)),
    st.sampled_from(["%d %B %Y", "%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%d"]),
)
def test_every_written_day_is_read_as_that_day(day: date, form: str) -> None:
    assert first_date(f"Published {day.strftime(form)}.") == day.isoformat()


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=80))
def test_any_text_gives_ordered_dates_that_exist(text: str) -> None:
    found = find_dates(text)
    assert [one.start for one in found] == sorted(one.start for one in found)
    for one in found:
        assert len(one.value) in (4, 7, 10)
        if len(one.value) == 10:
            date.fromisoformat(one.value)


def test_a_date_alone_is_told_from_one_in_a_sentence() -> None:
    assert only_date("(14 February 2022)") == "2022-02-14"
    assert only_date("Child F died on 14 February 2022") is None


@pytest.mark.parametrize(
    ("line", "rest", "value"),
    [
        ("Child P report – March 2024", "Child P report", "2024-03"),
        ("Child C overview report (2017)", "Child C overview report", "2017"),
        ("Child X - Executive Summary (published 31/01/11)", "Child X - Executive Summary", "2011-01-31"),
        ("Child Practice Review CPR 02/2020", "Child Practice Review CPR 02/2020", None),
    ],
)
def test_a_line_gives_up_the_date_at_its_end(line: str, rest: str, value: str | None) -> None:
    assert without_date(line) == (rest, value)


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("Date published: 19 June 2024 4 min read", "2024-06-19"),
        ("Published on 21 February, 2022", "2022-02-21"),
        ("Last updated: 2 September 2025", None),
        ("The survey closes on 30 September 2018", None),
        ("Report completed August 2022", None),
    ],
)
def test_only_the_date_of_publication_counts(line: str, value: str | None) -> None:
    assert published_in(line) == value


def test_a_byline_ends_in_a_date_and_a_story_does_not() -> None:
    assert byline_date("Quality and Learning Group, April 2021") == "2021-04"
    assert byline_date("Injuries to a 2-year-old boy in April 2020.") is None
