"""What a reader must hear of, and what is only mended."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.following import completed, documents_to_follow
from bot.models import Link
from bot.revisions import compare
from tests.reviews import a_bare_review, a_review

POINTS = ("share what is known", "see the child alone", "ask who is in the home")


def test_nothing_changed_is_the_same() -> None:
    assert compare(a_review(), a_review()) == ("same", ())


@settings(max_examples=20)
@given(st.permutations(POINTS))
def test_points_in_another_order_are_no_revision(points: list[str]) -> None:
    assert compare(a_review(learning=POINTS), a_review(learning=tuple(points)))[0] in ("same", "mended")


@pytest.mark.parametrize("field", ["learning", "recommendations", "good_practice", "actions", "questions"])
def test_a_point_that_came_or_went_is_a_revision_in_every_list(field: str) -> None:
    before, after = a_review(**{field: POINTS[:2]}), a_review(**{field: POINTS})
    kind, (difference,) = compare(before, after)
    assert (kind, difference.field, difference.before, difference.after) == ("revised", field, (), POINTS[2:])
    kind, (difference,) = compare(after, before)
    assert (kind, difference.before, difference.after) == ("revised", POINTS[2:], ())


def test_a_comma_and_a_capital_are_mended() -> None:
    before = a_review(learning=("practitioners should share what is known about the family early",))
    after = a_review(learning=("Practitioners should share what is known about the family, early",))
    assert compare(before, after)[0] == "mended"


def test_a_new_title_or_date_is_mended() -> None:
    assert compare(a_review(), a_review("Baby Rowan (full report)", published="2026-10-05"))[0] == "mended"


@pytest.mark.parametrize("status", ["delayed", "unpublished"])
def test_a_change_of_status_is_a_revision(status: str) -> None:
    kind, (difference,) = compare(a_review(status=status), a_review())
    assert (kind, difference.field, difference.after) == ("revised", "status", ("published",))


def test_a_status_of_withdrawn_is_a_withdrawal() -> None:
    assert compare(a_review(), a_review(status="withdrawn"))[0] == "withdrawn"


def test_a_changed_link_is_mended_but_a_first_one_is_a_revision() -> None:
    old, new = (Link(label="Report", url=f"https://a.example.org/{n}.pdf") for n in (1, 2))
    assert compare(a_review(links=(old,)), a_review(links=(new,)))[0] == "mended"
    assert compare(a_review(), a_review(links=(new,)))[0] == "revised"


def test_a_report_completes_what_its_page_leaves_out_and_overrules_nothing() -> None:
    listed = a_bare_review("Baby Rowan", year=2026)
    whole = completed(listed, a_review("Overview report", place="Elsewhere", year=2020))
    assert (whole.title, whole.place, whole.year) == ("Baby Rowan", "Saltmarsh", 2026)
    assert whole.learning == a_review().learning


def test_the_briefing_is_opened_before_the_report_and_nothing_where_all_is_told() -> None:
    links = tuple(
        Link(label=name, url="https://a.example.org/x") for name in ("Report", "Form", "7 minute briefing")
    )
    assert [link.label for link in documents_to_follow(a_bare_review("Child A", links=links))] == [
        "7 minute briefing",
        "Report",
    ]
    assert documents_to_follow(a_review(links=links)) == ()
