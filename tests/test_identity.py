"""Which review is which: across polls, across sources, and when a page changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.identity import GONE_AFTER, GONE_FOR, recognise
from bot.models import Change, Facts, KnownReview, Link, Review, Sighting
from bot.names import address, handles, names, places_differ
from tests.reviews import MONDAY, STORY, a_bare_review, a_review, a_source, known


def polled(
    reviews: Sequence[Review],
    before: Sequence[KnownReview],
    *,
    source: str = "saltmarsh",
    rolls: bool = False,
    now: datetime = MONDAY,
    empty: bool = False,
) -> list[Change]:
    return list(recognise(a_source(source), reviews, before, rolls=rolls, now=now, empty=empty))


def kinds(changes: Sequence[Change]) -> list[str]:
    return [change.kind for change in changes]


@pytest.mark.parametrize(
    ("title", "place", "expected"),
    [
        ("Local Child Safeguarding Practice Review: overview report: Child RS", None, "child rs"),
        ("Baby ‘R’: Local Child Safeguarding Practice Review", None, "baby r"),
        ("Child A", None, "child a"),
        ("Serious Case Review Family S22", None, "family s22"),
        ("Six-step Briefing: CN18 Baby F", None, "cn18 baby f"),
        ("Saltmarsh LCSPR Baby Rowan 2026", "Saltmarsh", "baby rowan"),
        ("Annual report", None, "annual"),
        ("Serious Case Review", None, "serious case review"),
    ],
)
def test_the_names_in_a_title_are_what_is_left_without_the_kind_of_document(
    title: str, place: str | None, expected: str
) -> None:
    assert names(Review(title=title, place=place)) == expected


@pytest.mark.parametrize(
    "same",
    [
        "http://www.saltmarsh.example.org/reviews/rowan/",
        "https://saltmarsh.example.org/reviews/rowan?utm_source=news&print=1",
        "https://saltmarsh.example.org/reviews/rowan#top",
    ],
)
def test_one_document_has_one_address_however_it_is_written(same: str) -> None:
    assert address(same) == address("https://saltmarsh.example.org/reviews/rowan")


def test_a_query_that_names_the_document_is_part_of_its_address() -> None:
    assert address("https://a.example.org/download?id=1") != address("https://a.example.org/download?id=2")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Brighton & Hove", "Brighton and Hove Safeguarding Children Partnership"),
        ("Derby and Derbyshire", "Derbyshire"),
        ("Leicestershire and Rutland", "Leicestershire"),
        ("Kingston", "Royal Borough of Kingston"),
        ("Saltmarsh", None),
    ],
)
def test_one_area_is_spelt_in_several_ways(one: str, other: str | None) -> None:
    assert not places_differ(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("York", "North Yorkshire"), ("Somerset", "North Somerset"), ("Saltmarsh", "Harrowmere")],
)
def test_neighbours_are_not_one_area(one: str, other: str) -> None:
    assert places_differ(one, other)


def test_an_unknown_review_is_new() -> None:
    assert kinds(polled([a_review()], [])) == ["new"]


def test_the_same_page_again_says_nothing_new() -> None:
    assert kinds(polled([a_review()], [known(a_review())])) == ["same"]


@settings(max_examples=30)
@given(st.permutations([a_review(f"Child {letter}", incident="") for letter in "ABCDEF"]))
def test_order_never_matters(reviews: list[Review]) -> None:
    before = [known(a_review(f"Child {letter}", incident=""), id=ord(letter)) for letter in "ABCDEF"]
    changes = polled(reviews, before)
    assert kinds(changes) == ["same"] * 6
    assert all(change.known and change.known.review.title == change.review.title for change in changes)


def test_two_children_called_alike_stay_two() -> None:
    older = a_review("Baby Liam", year=2019, published="2019", incident="")
    newer = a_review("Baby Liam", year=2026, incident="", learning=("ask about the sleeping place",))
    changes = polled([newer, older], [known(older)])
    assert kinds(changes) == ["new", "same"]


def test_child_a_is_never_taken_for_child_b_however_alike_their_pages_are() -> None:
    assert kinds(polled([a_review("Child B")], [known(a_review("Child A"))]))[0] == "new"


def test_a_recommendation_added_is_a_revision_and_says_which() -> None:
    after = a_review(
        recommendations=("the partnership should relaunch its bruising protocol", "audit it in a year")
    )
    (change,) = polled([after], [known(a_review())])
    assert change.kind == "revised"
    assert [(one.field, one.after) for one in change.differences] == [
        ("recommendations", ("audit it in a year",))
    ]


def test_a_mended_typo_is_kept_but_not_told() -> None:
    before = a_review(incident=STORY.replace("hospital", "hopsital"))
    assert kinds(polled([a_review()], [known(before)])) == ["mended"]


@pytest.mark.parametrize(
    "after",
    [
        STORY.replace("ten weeks", "ten weeks").replace("May 2025", "May 2024"),
        STORY.replace("were known", "were not known"),
    ],
)
def test_a_number_or_a_denial_changes_the_meaning_however_small_the_edit(after: str) -> None:
    assert kinds(polled([a_review(incident=after)], [known(a_review())])) == ["revised"]


def test_a_report_put_online_for_a_listed_review_is_a_revision() -> None:
    before = a_bare_review("Child K")
    after = a_bare_review("Child K", url="https://saltmarsh.example.org/k.pdf")
    assert kinds(polled([after], [known(before)])) == ["revised"]


def test_the_same_review_on_a_second_source_is_one_review_seen_twice() -> None:
    listed = a_bare_review("Baby Rowan (overview report)", year=2026)
    (change,) = polled([listed], [known(a_review(), at="nspcc")], source="saltmarsh")
    assert change.kind == "same"
    assert change.review == a_review(), "the fuller record is kept"


def test_a_second_source_that_tells_more_completes_the_record() -> None:
    listed = a_bare_review("Baby Rowan", year=2026)
    (change,) = polled([a_review()], [known(listed, at="saltmarsh")], source="nspcc")
    assert change.kind == "revised"
    assert change.review.learning


def test_two_sources_that_tell_one_review_in_different_words_do_not_revise_each_other_for_ever() -> None:
    ours = known(a_review(), at="nspcc")
    theirs = a_review(incident=STORY.replace("A baby of ten weeks", "An infant aged ten weeks"))
    assert kinds(polled([theirs], [ours], source="saltmarsh")) == ["same"]


def test_child_a_of_another_place_is_another_review() -> None:
    elsewhere = a_review("Child A", place="Harrowmere")
    assert kinds(polled([elsewhere], [known(a_review("Child A"), at="nspcc")]))[0] == "new"


def test_child_a_of_another_decade_is_another_review() -> None:
    before = known(a_review("Child A", year=2012, published="2012"), at="nspcc")
    assert kinds(polled([a_review("Child A", year=2026)], [before]))[0] == "new"


def test_records_that_contradict_each_other_are_two_reviews() -> None:
    boy = a_review("Child A", facts=Facts(sex="male"), incident="")
    girl = a_review("Child A", facts=Facts(sex="female"), incident="")
    assert kinds(polled([girl], [known(boy, at="nspcc")]))[0] == "new"


def test_a_document_under_a_corrected_title_is_the_same_review() -> None:
    url = "https://saltmarsh.example.org/documents/henry.pdf"
    before = a_bare_review("Child H", url=url)
    after = a_bare_review("Child H (Henry)", url=url)
    assert kinds(polled([after], [known(before)])) == ["mended"]


def test_a_slip_in_a_title_is_mended_but_another_name_over_the_same_words_is_another_review() -> None:
    before = known(a_review("Babby Rowan"))
    assert kinds(polled([a_review("Baby Rowan")], [before])) == ["mended"]
    assert kinds(polled([a_review("Child Ash")], [before]))[0] == "new"


def test_a_link_that_every_entry_has_identifies_none_of_them() -> None:
    form = Link(label="Tell us what you think", url="https://saltmarsh.example.org/survey")
    page = [replace(a_bare_review(f"Child {one}"), links=(form,)) for one in "AB"]
    changes = polled([*page, replace(a_bare_review("Child C"), links=(form,))], [known(one) for one in page])
    assert kinds(changes) == ["same", "same", "new"]


def test_an_entry_twice_on_one_page_is_one_review() -> None:
    assert kinds(polled([a_review(), a_review()], [])) == ["new"]


def test_a_review_that_left_is_missing_first_and_withdrawn_after_several_good_polls() -> None:
    stays = known(a_review("Child A", published="2026-01"), id=1)
    gone = a_review("Child B", published="2026-05")
    for missed in range(GONE_AFTER):
        (_, change) = polled([stays.review], [stays, known(gone, id=2, missed=missed)])
        assert change.kind == ("withdrawn" if missed + 1 == GONE_AFTER else "missing")
    assert change.review.status == "withdrawn"


def test_three_polls_within_a_day_withdraw_nothing() -> None:
    stays = known(a_review("Child A", published="2026-01"), id=1)
    gone = known(a_review("Child B", published="2026-05"), id=2, missed=GONE_AFTER + 5)
    left = gone.sightings[0].last_seen
    soon = polled([stays.review], [stays, gone], now=left + GONE_FOR - timedelta(seconds=1))
    assert kinds(soon) == ["same", "missing"]
    assert kinds(polled([stays.review], [stays, gone], now=left + GONE_FOR)) == ["same", "withdrawn"]


def test_a_page_that_says_that_nothing_is_published_withdraws_what_it_had() -> None:
    last = known(a_review("Child B", published="2026-05"), id=2)
    (change,) = polled([], [last], empty=True)
    assert (change.kind, change.known) == ("missing", last)
    missed = tuple(replace(one, missed=GONE_AFTER - 1) for one in last.sightings)
    (change,) = polled([], [replace(last, sightings=missed)], empty=True)
    assert (change.kind, change.review.title) == ("withdrawn", "Child B")
    assert polled([], [last]) == [], "a page that is read and has none says nothing of them"
    assert polled([], [last], empty=True, rolls=True) == []


def test_a_monthly_page_that_says_that_there_are_none_this_month_withdraws_nothing() -> None:
    before = known(a_review("Child A", published="2026-04"), id=1)
    last = known(a_review("Child B", published="2026-05"), id=2)
    last = replace(
        last, sightings=tuple(replace(one, last_seen=MONDAY - timedelta(days=9)) for one in last.sightings)
    )
    assert polled([], [before, last], empty=True) == []


def test_a_review_that_another_source_still_shows_is_not_withdrawn() -> None:
    stays = known(a_review("Child A", published="2026-01"))
    gone = known(a_review("Child B", published="2026-05"), id=2, missed=GONE_AFTER)
    there = Sighting(source_id="nspcc", url="", first_seen=MONDAY, last_seen=MONDAY)
    gone = replace(gone, sightings=(*gone.sightings, there))
    assert kinds(polled([stays.review], [stays, gone])) == ["same", "missing"]


def test_a_month_that_gives_way_to_the_next_withdraws_nothing() -> None:
    old = [known(a_review(f"Child {one}", published="2026-09"), id=ord(one), missed=9) for one in "ABC"]
    new = [a_review(f"Child {one}", published="2026-10") for one in "XYZ"]
    assert kinds(polled(new, old)) == ["new"] * 3


def test_a_feed_that_shows_the_latest_few_withdraws_nothing() -> None:
    stays = known(a_review("Child A", published="2026-01"))
    gone = known(a_review("Child B", published="2026-05"), id=2, missed=9)
    assert kinds(polled([stays.review], [stays, gone], rolls=True)) == ["same"]


def test_a_page_that_says_no_longer_published_withdraws_at_once() -> None:
    (change,) = polled([a_review(status="withdrawn")], [known(a_review())])
    assert change.kind == "withdrawn"


def test_a_page_being_followed_does_not_lose_what_its_report_added() -> None:
    fuller = known(a_review())
    listed = a_bare_review("Baby Rowan", year=2026, published="2026-10", review_type="lcspr")
    (change,) = recognise(a_source(follow=True), [listed], [fuller], rolls=False, now=MONDAY)
    assert change.kind == "same"


def test_the_keys_of_a_review_are_pinned_since_changing_them_would_announce_the_whole_archive_again() -> None:
    review = a_bare_review("LCSPR Baby Rowan", url="https://www.saltmarsh.example.org/Rowan.pdf?utm_source=x")
    assert handles(review) == ("name:baby rowan", "url:saltmarsh.example.org/Rowan.pdf")


def test_a_renamed_partnership_announces_nothing_again() -> None:
    before = [known(a_bare_review(f"Child {one}", place="Cumbria"), id=ord(one)) for one in "ABC"]
    after = [a_bare_review(f"Child {one}", place="Cumberland") for one in "ABC"]
    assert set(kinds(polled(after, before))) == {"mended"}


def test_two_years_of_child_a_each_find_their_own() -> None:
    at_nspcc = known(a_review("Child A", year=2024, incident="", learning=(), recommendations=()), at="nspcc")
    page = [a_bare_review("Child A", year=year) for year in (2023, 2024)]
    assert kinds(polled(page, [at_nspcc])) == ["new", "same"]


def test_ages_in_other_units_do_not_split_a_review() -> None:
    weeks = a_review(facts=Facts(ages=("10 weeks",), outcome="serious-harm"), incident="")
    months = a_review(facts=Facts(ages=("2 months",), outcome="other"), incident="")
    assert kinds(polled([months], [known(weeks, at="nspcc")])) == ["same"]


def test_a_withdrawal_counts_whoever_says_it_and_is_not_taken_back_by_the_others() -> None:
    (change,) = polled(
        [a_bare_review("Baby Rowan", year=2026, status="withdrawn")], [known(a_review(), at="nspcc")]
    )
    assert (change.kind, change.review.learning) == ("withdrawn", a_review().learning)
    withdrawn = known(change.review, at="saltmarsh")
    assert kinds(polled([a_review(learning=())], [withdrawn], source="nspcc")) == ["same"]


def test_one_undated_review_that_stays_withdraws_nothing() -> None:
    stays = known(a_review("Child A", published=None, year=None))
    gone = known(a_review("Child B", published="2026-05"), id=2, missed=9)
    assert kinds(polled([stays.review], [stays, gone])) == ["same"]


def test_a_stale_sighting_elsewhere_does_not_keep_a_withdrawn_review_alive() -> None:
    stays = known(a_review("Child A", published="2026-01"))
    gone = known(a_review("Child B", published="2026-05"), id=2, missed=GONE_AFTER)
    long_ago = MONDAY - timedelta(days=200)
    stale = Sighting(source_id="nspcc", url="", first_seen=long_ago, last_seen=long_ago)
    gone = replace(gone, sightings=(*gone.sightings, stale))
    assert kinds(polled([stays.review], [stays, gone])) == ["same", "withdrawn"]


def test_what_another_source_says_is_kept_as_it_says_it() -> None:
    listed = a_bare_review("Baby Rowan", year=2026, url="https://saltmarsh.example.org/rowan.pdf")
    (change,) = polled([listed], [known(a_review(), at="nspcc")])
    assert (change.kind, change.as_seen) == ("same", listed)


def test_a_review_seen_long_ago_is_still_the_same() -> None:
    before = known(a_review(), first_seen=MONDAY - timedelta(days=900))
    assert kinds(polled([a_review()], [before])) == ["same"]
