"""What happens to pages over the years, and what must never happen to their readers: a flood, or a loss."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.formats import open_document
from bot.identity import recognise
from bot.models import Change, Decision, Facts, KnownReview, Link, Page, Review, Sighting, Telling
from bot.names import handles
from bot.reading import read
from tests.reviews import MONDAY, STORY, a_bare_review, a_review, a_source, known

SITE = "https://saltmarsh.example.org"
OTHER_STORY = (
    "A teenager who had been missing from care was found seriously injured after being exploited to carry drugs. "
    "School exclusion and a change of social worker had left nobody who knew them well."
)


def polled(
    reviews: Sequence[Review],
    before: Sequence[KnownReview],
    *,
    source: str = "saltmarsh",
    rolls: bool = False,
) -> list[Change]:
    return list(recognise(a_source(source), reviews, before, rolls=rolls, now=MONDAY))


def kinds(changes: Sequence[Change]) -> list[str]:
    return [change.kind for change in changes]


def archived(reviews: Sequence[Review], at: str = "saltmarsh") -> list[KnownReview]:
    return [known(review, id=number, at=at) for number, review in enumerate(reviews, 1)]


def linked(title: str, *urls: str, **changes: object) -> Review:
    links = tuple(Link(label=title, url=url) for url in urls)
    return replace(a_bare_review(title), links=links, **changes)  # type: ignore[arg-type]


# --- order and position ---------------------------------------------------------------------------------

TITLES = ("Child A", "Child B", "Baby Liam", "Baby Liam", "Serious Case Review", "Overview report")


@st.composite
def pages_that_changed(draw: st.DrawFn) -> tuple[list[Review], list[KnownReview], list[Review]]:
    """A page, what is known of it, and the page in another order: with titles that several entries have,
    documents that moved, and stories that are told or not."""
    entry = st.builds(
        a_bare_review,
        st.sampled_from(TITLES),
        url=st.sampled_from(
            [None, *(f"{SITE}/documents/{name}.pdf" for name in ("a", "b", "liam", "survey"))]
        ),
        year=st.sampled_from([None, 2019, 2026]),
        incident=st.sampled_from(["", STORY, OTHER_STORY]),
    )
    before = draw(st.lists(entry, max_size=5))
    page = draw(st.lists(st.one_of(entry, st.sampled_from(before)) if before else entry, max_size=6))
    return page, archived(before), draw(st.permutations(page))


@settings(max_examples=150, deadline=None)
@given(pages_that_changed())
def test_a_page_in_any_order_says_the_same(
    case: tuple[list[Review], list[KnownReview], list[Review]],
) -> None:
    page, before, otherwise = case
    assert set(polled(page, before)) == set(polled(otherwise, before))
    assert set(polled(page, before)) == set(polled(page, before[::-1])), "nor does the archive's order matter"


@settings(max_examples=60, deadline=None)
@given(pages_that_changed())
def test_a_page_that_was_just_kept_says_nothing_new(
    case: tuple[list[Review], list[KnownReview], list[Review]],
) -> None:
    page, _, otherwise = case
    first = [change.review for change in polled(page, [])]
    assert set(kinds(polled(otherwise, archived(first)))) <= {"same"}


@settings(max_examples=60, deadline=None)
@given(pages_that_changed())
def test_no_known_review_is_found_twice_on_one_page(
    case: tuple[list[Review], list[KnownReview], list[Review]],
) -> None:
    page, before, _ = case
    met = [change.known.id for change in polled(page, before) if change.known]
    assert len(met) == len(set(met))


def test_a_backdated_review_below_known_ones_is_new() -> None:
    before = [a_review(f"Child {one}", published="2026-10") for one in "ABC"]
    late = a_review("Child Z", year=2024, published="2024-02")
    changes = polled([*before, late], archived(before))
    assert kinds(changes) == ["same", "same", "same", "new"]


# --- two that are called alike --------------------------------------------------------------------------


def test_two_of_one_name_on_one_page_with_other_documents_stay_two() -> None:
    page = [linked("Baby Liam", f"{SITE}/liam-one.pdf"), linked("Baby Liam", f"{SITE}/liam-two.pdf")]
    assert kinds(polled(page, [])) == ["new", "new"]
    assert kinds(polled(page[::-1], archived(page))) == ["same", "same"]


def test_two_of_one_name_stay_two_though_both_link_to_one_guide() -> None:
    guide = f"{SITE}/what-is-a-review"
    page = [linked("Baby Liam", guide, f"{SITE}/one.pdf"), linked("Baby Liam", guide, f"{SITE}/two.pdf")]
    assert kinds(polled(page, [])) == ["new", "new"]


def test_each_of_two_of_one_name_keeps_its_own_when_their_documents_move() -> None:
    first, second = (
        linked("Baby Liam", f"{SITE}/{name}.pdf", year=2026) for name in ("liam-ash", "liam-oak")
    )
    moved = [linked("Baby Liam", f"{SITE}/new/{name}.pdf", year=2026) for name in ("liam-oak", "liam-ash")]
    assert set(kinds(polled(moved, archived([first, second])))) == {"mended"}


@pytest.mark.parametrize(
    "other",
    [
        {"place": "Harrowmere"},
        {"year": 2015, "published": "2015"},
        {"incident": OTHER_STORY, "year": None, "published": None, "place": None},
        {"facts": Facts(sex="female")},
        {"facts": Facts(outcome="death")},
        {"facts": Facts(ages=("14 years",))},
    ],
    ids=lambda other: next(iter(other)),
)
def test_two_of_one_name_elsewhere_are_two_where_something_speaks_against_one(
    other: dict[str, object],
) -> None:
    facts = Facts(ages=("10 weeks",), sex="male", outcome="serious-harm")
    ours = known(a_review("Baby Liam", facts=facts), at="nspcc")
    theirs = a_review("Baby Liam", **{"facts": facts, "incident": "", **other})
    assert kinds(polled([theirs], [ours])) == ["new"]


def test_a_survey_that_every_entry_links_to_makes_nothing_one_review() -> None:
    survey = f"{SITE}/tell-us"
    before = archived(
        [linked(f"Learning from the death of a baby in {place}", survey) for place in ("May", "June")]
    )
    page = [one.review for one in before] + [linked("What a fire at home can teach all of us", survey)]
    assert kinds(polled(page, before)) == ["same", "same", "new"]
    anew = [
        linked("What a fire at home can teach all of us", survey),
        linked("On the loss of a teenager", survey),
    ]
    assert kinds(polled(anew, before))[:2] == ["new", "new"]
    assert kinds(polled(anew, before[:1]))[:2] == ["new", "new"], "nor where one entry alone had it before"


def test_two_of_one_name_on_one_page_are_two_where_their_facts_say_so() -> None:
    before = known(replace(linked("Baby Liam", f"{SITE}/1.pdf"), facts=Facts(sex="male")))
    page = [replace(linked("Baby Liam", f"{SITE}/2.pdf"), facts=Facts(sex="female"))]
    assert kinds(polled(page, [before]))[0] == "new"


def test_another_number_in_a_name_is_another_review() -> None:
    assert (
        kinds(polled([linked("Baby A 2", f"{SITE}/2")], [known(linked("Baby A", f"{SITE}/1"))]))[0] == "new"
    )


def test_the_same_words_under_every_title_tell_no_review_from_another() -> None:
    boiler = {
        "incident": "The full report and a short briefing for practitioners can be read by the links below. "
        * 2
    }
    before = archived([a_bare_review(f"Child {one}", year=2019, **boiler) for one in "ABC"])
    page = [a_bare_review(f"Child {one}", year=2026, **boiler) for one in "ABC"]
    assert kinds(polled(page, before))[:3] == ["new"] * 3


# --- one that moves -------------------------------------------------------------------------------------

MOVES = {
    "from http to https": ("http://saltmarsh.example.org/a/r.pdf", "https://saltmarsh.example.org/a/r.pdf"),
    "with www and without": (
        "https://www.saltmarsh.example.org/a/r.pdf",
        "https://saltmarsh.example.org/a/r.pdf",
    ),
    "to another folder": (f"{SITE}/a/r.pdf", f"{SITE}/b/r.pdf"),
    "to another host": (f"{SITE}/a/r.pdf", "https://scp.example.org/reviews/r"),
    "to a print view": (f"{SITE}/a/r", f"{SITE}/a/r?print=1"),
    "to a contrast view": (f"{SITE}/a/r", f"{SITE}/a/r?contrast=high#main"),
    "with a campaign": (f"{SITE}/a/r", f"{SITE}/a/r?utm_source=news&utm_medium=email"),
    "uploaded again": (
        f"{SITE}/wp-content/uploads/2025/03/r.pdf",
        f"{SITE}/wp-content/uploads/2026/01/r-1.pdf",
    ),
}


@pytest.mark.parametrize(("old", "new"), MOVES.values(), ids=MOVES)
def test_a_page_whose_addresses_all_moved_announces_nothing(old: str, new: str) -> None:
    def page(address: str) -> list[Review]:
        return [linked(f"Child {one}", address.replace("/r", f"/r{one}")) for one in "ABCDEFGH"]

    assert set(kinds(polled(page(new), archived(page(old))))) <= {"same", "mended"}


@pytest.mark.parametrize("view", ["?print=1", "?contrast=high", "#content", "?utm_source=news"])
def test_a_print_view_beside_its_page_is_one_review(view: str) -> None:
    page = [
        linked("Child A", f"{SITE}/a"),
        linked("Child A", f"{SITE}/a{view}"),
        linked("Child B", f"{SITE}/b"),
    ]
    assert kinds(polled(page, [])) == ["new", "new"]


def test_a_review_that_is_also_among_the_latest_is_one_review_with_the_links_of_both() -> None:
    latest = linked("Child A", f"{SITE}/a")
    listed = replace(
        a_review("Child A"),
        links=tuple(Link(label="x", url=f"{SITE}/{name}") for name in ("a", "a-briefing")),
    )
    (change,) = polled([latest, listed], [])
    assert (change.review.learning, len(change.review.links)) == (listed.learning, 2)


def test_of_two_entries_that_are_one_the_fuller_stays_with_the_documents_of_both() -> None:
    latest, listed = (
        linked("Child A", f"{SITE}/a", f"{SITE}/summary"),
        linked("Child A", f"{SITE}/a", incident=STORY),
    )
    (change,) = polled([latest, listed], [])
    assert (change.review.incident, [link.url for link in change.review.links]) == (
        STORY,
        [f"{SITE}/a", f"{SITE}/summary"],
    )


def test_an_address_at_which_a_review_was_ever_seen_is_its_own() -> None:
    before = known(linked("Babby Rowan", f"{SITE}/rowan.pdf"))
    before = replace(before, review=replace(before.review, links=()))
    assert kinds(polled([linked("Baby Rowan", f"{SITE}/rowan.pdf")], [before])) == ["revised"]


FORMS = {
    "the kind of document": "Local Child Safeguarding Practice Review: {} (2021)",
    "an abbreviation": "LCSPR {} - overview report",
    "capitals": "SERIOUS CASE REVIEW {}",
    "the area": "Saltmarsh Serious Case Review - {}",
    "a dash": "Serious case review – {} – final report, redacted",
    "quotation marks": "Learning from ‘{}’",
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("and_moved", [False, True])
def test_titles_that_all_change_their_form_announce_nothing(form: str, and_moved: bool) -> None:
    called = [f"Child {one}" for one in "ABCDEFGHIJKLMNOPQRST"] + [f"Family {one}" for one in ("S22", "Oak")]
    before = [linked(name, f"{SITE}/{name}.pdf") for name in called]
    folder = "/2026" if and_moved else ""
    after = [linked(form.format(name), f"{SITE}{folder}/{name}.pdf", year=2021) for name in called]
    assert set(kinds(polled(after, archived(before)))) == {"mended"}


def test_a_corrected_title_over_the_same_document_is_one_review() -> None:
    before = known(linked("Babby Rowan", f"{SITE}/rowan.pdf"))
    assert kinds(polled([linked("Baby Rowan", f"{SITE}/rowan.pdf")], [before])) == ["mended"]


def test_a_description_that_is_reworded_over_the_same_document_is_one_review() -> None:
    before = known(linked("Unsafe sleeping: what a review found", f"{SITE}/sleeping.pdf"))
    after = linked("Learning from the death of a baby in an unsafe sleeping place", f"{SITE}/sleeping.pdf")
    assert kinds(polled([after], [before])) == ["mended"]


def test_an_address_that_serves_the_latest_report_in_turn_is_two_reviews() -> None:
    before = known(linked("Child Ash", f"{SITE}/latest.pdf"))
    assert kinds(polled([linked("Child Rowan", f"{SITE}/latest.pdf")], [before]))[0] == "new"


def test_a_corrected_year_is_one_review() -> None:
    before = known(a_review(year=2012, published="2012"))
    assert kinds(polled([a_review(year=2021, published="2021")], [before])) == ["mended"]
    moved = known(linked("Child A", f"{SITE}/a.pdf", year=2012))
    assert kinds(polled([linked("Child A", f"{SITE}/a.pdf", year=2021)], [moved])) == ["mended"]


def test_a_name_told_more_fully_is_one_review_where_nothing_else_can_be_meant() -> None:
    before = archived([linked("Henry", f"{SITE}/old/h.pdf"), linked("Iris", f"{SITE}/old/i.pdf")])
    page = [linked("Henry and his brother", f"{SITE}/h.pdf"), linked("Iris", f"{SITE}/i.pdf")]
    assert kinds(polled(page, before)) == ["mended", "mended"]
    two = [linked("Henry Ash", f"{SITE}/1.pdf"), linked("Henry Oak", f"{SITE}/2.pdf")]
    assert kinds(polled(two, before))[:2] == ["new", "new"]


def test_a_review_that_is_listed_before_its_document_exists_is_told_when_it_comes() -> None:
    before = known(a_bare_review("Child K", status="delayed"))
    (change,) = polled([linked("Child K", f"{SITE}/k.pdf")], [before])
    assert change.kind == "revised"
    assert {one.field for one in change.differences} == {"status", "links"}


# --- the same review on two sources ---------------------------------------------------------------------

AT_NSPCC = replace(
    a_review("Baby A", place="Harrowmere", year=2025, published="2025"),
    links=(Link(label="Read the report", url="https://library.example.org/record/7"),),
)
AT_HOME = a_bare_review("Baby A LCSPR", "Harrowmere", "https://harrowmere.example.org/files/baby-a.pdf")


def test_the_nspcc_and_a_partnership_that_only_links_have_one_review() -> None:
    (change,) = polled([AT_HOME], [known(AT_NSPCC, at="nspcc")], source="harrowmere")
    assert (change.kind, change.as_seen) == ("same", AT_HOME)
    assert change.reason == "the same name, place and time on another page"


def test_the_partnership_that_came_first_and_the_nspcc_have_one_review() -> None:
    at_home = known(AT_HOME, at="harrowmere")
    (change,) = polled([AT_NSPCC], [at_home], source="nspcc")
    assert (change.kind, change.reason.endswith("told more fully")) == ("revised", True)


def test_what_was_on_a_page_from_the_start_hides_no_new_review_of_its_name() -> None:
    """A Baby A of any year: nobody was ever told of it. So the new one is announced."""
    of_old = replace(known(AT_HOME, at="harrowmere"), baseline=True)
    seen = known(a_review("Child Z"), id=2, at="nspcc")
    assert kinds(polled([AT_NSPCC, seen.review], [of_old, seen], source="nspcc"))[0] == "new"


def test_a_name_that_two_known_reviews_have_joins_neither() -> None:
    older = replace(AT_NSPCC, year=2012, published="2012", incident="")
    both = [known(AT_NSPCC, at="nspcc"), known(older, id=2, at="nspcc")]
    assert kinds(polled([AT_HOME], both, source="harrowmere")) == ["new"]


def test_what_comes_to_a_watched_page_is_of_now_and_no_review_of_long_ago() -> None:
    long_ago = known(replace(AT_NSPCC, year=2012, published="2012"), at="nspcc")
    watched = known(a_bare_review("Child Z", "Harrowmere"), id=2, at="harrowmere")
    page = [AT_HOME, watched.review]
    assert kinds(polled(page, [long_ago, watched], source="harrowmere")) == ["new", "same"]
    lately = known(AT_NSPCC, at="nspcc")
    assert kinds(polled(page, [lately, watched], source="harrowmere")) == ["same", "same"]


def test_a_document_that_is_years_older_is_another_review() -> None:
    old = replace(
        AT_HOME, links=(Link(label="x", url="https://harrowmere.example.org/uploads/2013/04/a.pdf"),)
    )
    assert kinds(polled([old], [known(AT_NSPCC, at="nspcc")], source="harrowmere")) == ["new"]


def told_at(one: KnownReview, source: str, review: Review, number: int = 1) -> KnownReview:
    seen = Sighting(
        source_id=source, url=review.links[0].url if review.links else "", first_seen=MONDAY, last_seen=MONDAY
    )
    telling = Telling(id=number, source_id=source, review=review)
    return replace(one, sightings=(*one.sightings, seen), tellings=(*one.tellings, telling))


def test_what_was_counted_as_one_review_once_stays_so_while_its_page_says_the_same() -> None:
    """Whatever the rules are by then: an upgrade must not announce what is known."""
    unlike = a_bare_review("The death of a child in a fire", None, f"{SITE}/x")
    both = told_at(known(AT_NSPCC, at="nspcc"), "saltmarsh", unlike)
    (change,) = polled([unlike], [both])
    assert (change.kind, change.reason, change.telling) == ("same", "as it was", 1)


def test_a_corrected_entry_is_compared_with_what_its_own_page_said() -> None:
    both = told_at(known(AT_NSPCC, at="nspcc"), "saltmarsh", linked("Learning from a fire", f"{SITE}/x"))
    (change,) = polled([linked("Learning from a house fire", f"{SITE}/x")], [both])
    assert (change.kind, change.telling) == ("same", 1)


def test_a_page_that_takes_over_the_words_of_the_other_is_still_recognised() -> None:
    both = told_at(known(AT_NSPCC, at="nspcc"), "saltmarsh", linked("Learning from a fire", f"{SITE}/x"))
    assert kinds(polled([AT_NSPCC], [both])) == ["same"]


def test_a_second_source_that_withdraws_keeps_its_own_words_beside_the_record() -> None:
    gone = a_bare_review("Baby A", "Harrowmere", year=2025, status="withdrawn")
    (change,) = polled([gone], [known(AT_NSPCC, at="nspcc")], source="harrowmere")
    assert (change.kind, change.review.learning, change.as_seen) == ("withdrawn", AT_NSPCC.learning, gone)


# --- what a person decided ------------------------------------------------------------------------------


def kept_apart(one: KnownReview, source: str) -> KnownReview:
    decision = Decision(kind="apart", other=99, at=MONDAY, source_id=source)
    return replace(one, decisions=(*one.decisions, decision))


@pytest.mark.parametrize("entry", [a_review(), replace(a_review(), links=AT_HOME.links)])
def test_what_was_split_is_never_put_together_again(entry: Review) -> None:
    apart = kept_apart(known(replace(a_review(), links=AT_HOME.links), at="nspcc"), "saltmarsh")
    assert kinds(polled([entry], [apart])) == ["new"]
    assert kinds(polled([entry], [apart], source="harrowmere")) == ["same"], "elsewhere nobody said so"


def test_two_entries_of_one_page_that_were_joined_stay_one_and_do_not_revise_each_other() -> None:
    first, second = linked("Child A", f"{SITE}/a"), linked("The case of the harbour", f"{SITE}/harbour")
    joined = told_at(known(first), "saltmarsh", second, number=7)
    changes = polled([second, first], [joined])
    assert [(one.kind, one.telling) for one in changes] == [("same", 7), ("same", None)]
    mended = linked("The case of the old harbour", f"{SITE}/harbour")
    changes = polled([mended, first], [joined])
    assert [(one.kind, one.telling) for one in changes] == [("same", 7), ("same", None)]
    assert kinds(polled([first], [joined])) == ["same"], "one of the two that left is not missed"


# --- feeds ----------------------------------------------------------------------------------------------


def feed(*items: str) -> list[Review]:
    xml = (
        '<?xml version="1.0"?><rss version="2.0"><channel><title>Saltmarsh Safeguarding Children Partnership'
        f"</title><link>{SITE}</link><description>News</description>{''.join(items)}</channel></rss>"
    )
    page = Page(url=f"{SITE}/feed", body=xml.encode(), content_type="application/rss+xml")
    return list(read(open_document(page), source=a_source(reads="feed", place="Saltmarsh")).reviews)


def item(title: str, *, guid: str = "", link: str = "", day: int = 1, story: str = STORY) -> str:
    return (
        f"<item><title>{title}</title>"
        + (f"<link>{link}</link>" if link else "")
        + (f'<guid isPermaLink="false">{guid}</guid>' if guid else "")
        + f"<pubDate>{day:02d} Oct 2026 09:00:00 +0100</pubDate><description>{story}</description></item>"
    )


CASES = [(f"LCSPR Child {one} published", f"{SITE}/news/child-{one.lower()}") for one in "ABCDE"]
GUIDS = {
    "one for each": lambda number, poll: f"urn:{number}",
    "none": lambda number, poll: "",
    "one for all": lambda number, poll: "urn:feed",
    "another at every poll": lambda number, poll: f"urn:{poll}-{number}",
    "its own address at every poll": lambda number, poll: f"{SITE}/?p={number}&amp;s={poll}",
}


@pytest.mark.parametrize("guid", GUIDS.values(), ids=GUIDS)
@pytest.mark.parametrize("with_link", [True, False])
def test_no_guid_of_a_feed_floods_or_hides_anything(guid, with_link: bool) -> None:  # type: ignore[no-untyped-def]
    def poll(number: int) -> list[Review]:
        return feed(
            *(
                item(title, guid=guid(n, number), link=link if with_link else "", story=f"{STORY} Case {n}.")
                for n, (title, link) in enumerate(CASES)
            )
        )

    first, second = poll(1), poll(2)
    assert len(first) == len(CASES)
    assert kinds(polled(first, [], rolls=True)) == ["new"] * len(CASES)
    assert set(kinds(polled(second, archived(first), rolls=True))) <= {"same", "mended"}
    more = [*second, *feed(item("LCSPR Child F published", guid=guid(9, 2), link=f"{SITE}/news/child-f"))]
    assert kinds(polled(more, archived(first), rolls=True)).count("new") == 1


def test_a_feed_sorted_oldest_first_and_one_whose_old_items_slide_back_announce_nothing() -> None:
    items = [item(title, link=link, day=n) for n, (title, link) in enumerate(CASES, 1)]
    before = archived(feed(*items))
    assert set(kinds(polled(feed(*reversed(items)), before, rolls=True))) == {"same"}
    assert set(kinds(polled(feed(*items[:2]), before, rolls=True))) == {"same"}


def test_a_title_whose_slug_and_guid_change_with_it_is_the_same_review() -> None:
    before = archived(
        feed(item("LCSPR Child A published", guid="child-a-published", link=f"{SITE}/child-a-published"))
    )
    after = feed(
        item(
            "Child A: local child safeguarding practice review",
            guid="child-a",
            link=f"{SITE}/learning-child-a",
        )
    )
    assert kinds(polled(after, before, rolls=True)) == ["mended"]


def test_a_date_that_is_bumped_with_nothing_else_is_told_to_nobody() -> None:
    title, link = CASES[0]
    before = archived(feed(item(title, link=link, day=1)))
    assert kinds(polled(feed(item(title, link=link, day=20)), before, rolls=True)) == ["mended"]


# --- golden keys ----------------------------------------------------------------------------------------

GOLDEN = [
    (linked("Child A"), ("name:child a",)),
    (linked("LCSPR Baby Rowan", f"{SITE}/Rowan.pdf?utm_source=x"), ("name:baby rowan", "url:saltmarsh.example.org/Rowan.pdf")),
    (linked("Serious Case Review – Family S22: overview report (2019)"), ("name:family s22",)),
    (linked("Saltmarsh Serious Case Review: Child H (Henry)"), ("name:child h henry",)),
    (linked("Children F, G and H"), ("name:children f g h",)),
    (linked("7 minute briefing: ‘Oscar’"), ("name:oscar",)),
    (linked("Serious Case Review"), ("name:serious case review",)),
    (linked("Executive Summary - CN18 Baby F.pdf"), ("name:cn18 baby f",)),
    (linked("Child’s Voice: thematic review"), ("name:child voice",)),
    (linked("Domestic Homicide Review: Adult B"), ("name:adult b",)),
    (linked("Child Practice Review BDS12", "http://www.saltmarsh.example.org:80/reviews/12/"), ("name:bds12", "url:saltmarsh.example.org/reviews/12")),
    (linked("Young Person D", "https://saltmarsh.example.org/download?id=7&print=1#top"), ("name:young person d", "url:saltmarsh.example.org/download?id=7")),
    (linked("Zoë and Siân"), ("name:zoë siân",)),
]  # fmt: skip


@pytest.mark.parametrize(("review", "keys"), GOLDEN, ids=lambda value: getattr(value, "title", None))
def test_our_own_upgrade_changes_no_key_unseen(review: Review, keys: tuple[str, ...]) -> None:
    assert handles(review) == keys


def test_a_page_that_has_slept_for_years_announces_only_what_is_new() -> None:
    before = [
        replace(one, first_seen=MONDAY - timedelta(days=2000))
        for one in archived([AT_HOME, linked("Child A")])
    ]
    assert kinds(polled([AT_HOME, linked("Child A"), linked("Child B")], before)) == ["same", "same", "new"]
