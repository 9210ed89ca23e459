"""What an administrator joins or splits stays so, poll after poll, and readers hear of nothing twice."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.errors import UsageError
from bot.models import ArchiveQuery, KnownReview
from bot.pipeline import collect, deciding
from tests.house import VOCABULARY, House, entry
from tests.reviews import a_source

PAGE, OTHER = a_source().url, a_source("nspcc").url
OLD = entry("Child Old", year=2020)
ROWAN = entry("Baby Rowan", link="https://library.example.org/rowan.pdf")
HARBOUR = entry(
    "The harbour case", incident="A baby girl was hurt at home.", learning=("listen to neighbours",)
)


@pytest.fixture
def house() -> House:
    """Two sources that were met before, and one reader of everything."""
    house = House(a_source(), a_source("nspcc"))
    for url in (PAGE, OTHER):
        house.site.publishes(url, OLD)
    house.polls()
    house.subscribes("lead@example.org")
    return house


def titled(house: House, title: str) -> list[KnownReview]:
    return [known for known, _ in house.store.every_review() if known.review.title == title]


def join(house: House, one: KnownReview, other: KnownReview) -> KnownReview:
    return deciding.join(one.id, other.id, house.store, VOCABULARY, house.clock.now())


def split(house: House, one: KnownReview, source: str) -> KnownReview:
    return deciding.split(one.id, source, house.store, VOCABULARY, house.clock.now())


def publishes(house: House, here: str, there: str) -> None:
    house.site.publishes(PAGE, here, OLD)
    house.site.publishes(OTHER, there, OLD)
    house.polls()


def test_what_was_split_stays_two_whatever_its_pages_do(house: House) -> None:
    publishes(house, ROWAN, ROWAN)
    house.a_week_passes()
    (both,) = titled(house, "Baby Rowan")
    assert {seen.source_id for seen in both.sightings} == {"saltmarsh", "nspcc"}
    split(house, both, "nspcc")
    mended = ROWAN.replace("Injuries to", "Serious injuries to")
    for here, there in [(ROWAN, ROWAN), (mended, ROWAN), (mended, mended), (ROWAN, mended)]:
        publishes(house, here, there)
        assert [len(one.sightings) for one in titled(house, "Baby Rowan")] == [1, 1]
    assert sum(run.new for run in house.polls()) == 0


def test_a_poll_that_a_split_overtakes_does_not_undo_it(house: House) -> None:
    address = "https://library.example.org/harbour.pdf"
    harbour = entry("The harbour case", incident="A baby girl was hurt at home.", link=address)
    house.site.publishes(PAGE, ROWAN, harbour, OLD)
    house.polls()
    (one,), (other,) = titled(house, "Baby Rowan"), titled(house, "The harbour case")
    both = join(house, one, other)

    class Overtaken:
        """Splits the review between comparing and keeping, once."""

        def __init__(self) -> None:
            self.parted: KnownReview | None = None

        def __getattr__(self, name: str) -> Any:
            return getattr(house.store, name)

        def keep(self, *poll: Any) -> bool:
            self.parted = self.parted or split(house, both, address)
            return house.store.keep(*poll)

    archive = Overtaken()
    house.site.publishes(PAGE, ROWAN, harbour, OLD, "<p>Updated today.</p>")
    collect.collect(house.sources["saltmarsh"], replace(house.collecting, archive=archive))
    (rowan,), (parted,) = titled(house, "Baby Rowan"), titled(house, "The harbour case")
    assert [seen.url for seen in parted.sightings] == [address]
    assert (len(rowan.sightings), rowan.tellings) == (1, ())


def test_a_poll_of_an_unchanged_page_that_a_join_overtakes_looks_again(house: House) -> None:
    publishes(house, ROWAN, HARBOUR)
    (one,), (other,) = titled(house, "Baby Rowan"), titled(house, "The harbour case")
    house.site.publishes(OTHER, OLD)
    house.polls()
    look_up = house.store.absent

    def absent_while_they_are_joined(source_id: str) -> tuple[KnownReview, ...]:
        gone = look_up(source_id)
        if titled(house, "The harbour case"):
            join(house, one, other)
        return gone

    house.store.absent = absent_while_they_are_joined  # type: ignore[method-assign]
    (run,) = house.polls("nspcc")
    assert (run.state, run.withdrawn) == ("nothing new", 0)


def test_what_is_no_address_is_said_to_be_none_of_the_review(house: House) -> None:
    publishes(house, ROWAN, ROWAN)
    (both,) = titled(house, "Baby Rowan")
    with pytest.raises(UsageError, match="never seen at http"):
        split(house, both, "http://[")


def test_readers_who_were_told_of_both_together_hear_of_neither_again(house: House) -> None:
    publishes(house, ROWAN, ROWAN)
    house.a_week_passes()
    (both,) = titled(house, "Baby Rowan")
    split(house, both, "nspcc")
    house.polls()
    house.a_week_passes()
    assert house.got() == [[("Baby Rowan", "new")], []]


def test_readers_who_were_told_of_nothing_yet_hear_of_both(house: House) -> None:
    publishes(house, ROWAN, ROWAN)
    (both,) = titled(house, "Baby Rowan")
    split(house, both, "nspcc")
    house.polls()
    house.a_week_passes()
    assert house.got() == [[("Baby Rowan", "new"), ("Baby Rowan", "new")]]


def test_what_was_joined_stays_one_whatever_its_pages_do(house: House) -> None:
    publishes(house, ROWAN, HARBOUR)
    house.a_week_passes()
    (one,), (other,) = titled(house, "Baby Rowan"), titled(house, "The harbour case")
    known = join(house, one, other)
    mended = HARBOUR.replace("at home", "at her home")
    for there in (HARBOUR, mended, mended.replace("The harbour case", "The harbour case (Rowan)")):
        publishes(house, ROWAN, there)
        (found,) = titled(house, "Baby Rowan")
        assert (found.id, {seen.missed for seen in found.sightings}) == (known.id, {0})
        assert titled(house, "The harbour case") == []
    house.a_week_passes()
    assert house.got()[1:] == [[]], "and nobody is told of either again"


def test_a_review_that_its_page_lists_twice_is_joined_for_good(house: House) -> None:
    house.site.publishes(PAGE, ROWAN, HARBOUR, OLD)
    house.polls()
    house.a_week_passes()
    (one,), (other,) = titled(house, "Baby Rowan"), titled(house, "The harbour case")
    join(house, one, other)
    for page in ([HARBOUR, ROWAN], [ROWAN, HARBOUR.replace("hurt", "badly hurt")], [ROWAN], [ROWAN, HARBOUR]):
        house.site.publishes(PAGE, *page, OLD)
        (run, _) = house.polls(accept=True)
        assert (run.new, run.revised, run.withdrawn) == (0, 0, 0)
    house.a_week_passes()
    assert house.got()[1:] == [[]]


def test_a_revision_of_a_joined_review_is_told_once(house: House) -> None:
    publishes(house, ROWAN, HARBOUR)
    house.a_week_passes()
    (one,), (other,) = titled(house, "Baby Rowan"), titled(house, "The harbour case")
    join(house, one, other)
    more = ("relaunch the bruising protocol", "audit it in a year")
    publishes(
        house,
        entry("Baby Rowan", recommendations=more, link="https://library.example.org/rowan.pdf"),
        HARBOUR,
    )
    house.a_week_passes()
    house.a_week_passes()
    assert house.got()[1:] == [[("Baby Rowan", "revised")], []]


def test_two_entries_of_one_page_that_were_joined_can_be_split_by_their_address(house: House) -> None:
    address = "https://library.example.org/harbour.pdf"
    harbour = entry("The harbour case", incident="A baby girl was hurt at home.", link=address)
    house.site.publishes(PAGE, ROWAN, harbour, OLD)
    house.polls()
    house.a_week_passes()
    (one,), (other,) = titled(house, "Baby Rowan"), titled(house, "The harbour case")
    known = join(house, one, other)
    with pytest.raises(UsageError, match=r"seen at saltmarsh alone, .* name the address of one"):
        split(house, known, "saltmarsh")
    parted = split(house, known, address)
    assert (parted.review.title, [seen.url for seen in parted.sightings]) == ("The harbour case", [address])
    for page in ([harbour, ROWAN], [ROWAN, harbour.replace("hurt", "badly hurt"), entry("Child New")]):
        house.site.publishes(PAGE, *page, OLD)
        house.polls()
    assert [
        len(one.sightings) for title in ("Baby Rowan", "The harbour case") for one in titled(house, title)
    ] == [1, 1]
    house.a_week_passes()
    assert {title for title, kind in house.got()[-1] if kind == "new"} == {"Child New"}


TITLES = ("Baby Rowan", "The harbour case", "Child Ash")


def test_the_number_of_a_review_that_was_joined_is_given_to_no_other() -> None:
    """What a person noted down of it would name a stranger. Found by hypothesis."""
    house = House(a_source())
    house.site.publishes(PAGE, OLD)
    house.polls()
    published = [OLD]
    for title in ("Child Ash", "Child Birch"):
        published.append(entry(title, incident=f"Injuries to {title} were found in May by a nurse."))
        house.site.publishes(PAGE, *published)
        house.polls()
    ash, birch = titled(house, "Child Ash")[0], titled(house, "Child Birch")[0]
    join(house, ash, birch)
    published.append(entry("Child Cedar", incident="Child Cedar was scalded in a bath in June 2026."))
    house.site.publishes(PAGE, *published)
    house.polls()
    assert titled(house, "Child Cedar")[0].id > max(ash.id, birch.id)


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("publish"), st.sampled_from(TITLES), st.sampled_from(["saltmarsh", "nspcc"])),
            st.tuples(st.just("join"), st.sampled_from(TITLES), st.sampled_from(TITLES)),
            st.tuples(st.just("split"), st.sampled_from(TITLES), st.sampled_from(["saltmarsh", "nspcc"])),
            st.tuples(st.just("digest"), st.just(""), st.just("")),
        ),
        min_size=4,
        max_size=12,
    )
)
@example(
    [
        ("publish", "Baby Rowan", "nspcc"),
        ("publish", "Baby Rowan", "saltmarsh"),
        ("digest", "", ""),
        ("publish", "Child Ash", "saltmarsh"),
        ("join", "Child Ash", "Baby Rowan"),
        ("split", "Child Ash", "saltmarsh"),
    ]
)
@example(
    [
        ("publish", "Baby Rowan", "nspcc"),
        ("publish", "Baby Rowan", "saltmarsh"),
        ("digest", "", ""),
        ("publish", "Child Ash", "saltmarsh"),
        ("join", "Child Ash", "Baby Rowan"),
        ("split", "Child Ash", "nspcc"),
    ]
)
@example(  # what stays of a review that was told is another one by now, of the same number
    [
        ("publish", "Child Ash", "saltmarsh"),
        ("digest", "", ""),
        ("publish", "Child Ash", "nspcc"),
        ("split", "Child Ash", "saltmarsh"),
    ]
)
def test_whatever_is_joined_and_split_and_when_nobody_is_told_twice_and_nobody_misses_one(
    events: list[tuple[str, str, str]],
) -> None:
    house = House(a_source(), a_source("nspcc"))
    pages: dict[str, list[str]] = {"saltmarsh": [OLD], "nspcc": [OLD]}
    for url, source in ((PAGE, "saltmarsh"), (OTHER, "nspcc")):
        house.site.publishes(url, *pages[source])
    house.polls()
    house.subscribes("lead@example.org")
    stories = {
        title: f"Injuries to {title} were found in {place} by a nurse."
        for title, place in zip(TITLES, ("May", "June", "July"), strict=True)
    }
    for verb, one, other in [*events, ("digest", "", "")]:
        if verb == "publish":
            told = entry(
                one, incident=stories[one], link=f"https://{other}.example.org/{TITLES.index(one)}.pdf"
            )
            if told not in pages[other]:
                pages[other].append(told)
            house.site.publishes(PAGE if other == "saltmarsh" else OTHER, *pages[other])
        elif verb == "digest":
            house.a_week_passes()
        else:
            with suppress(UsageError, IndexError):
                if verb == "join":
                    join(house, titled(house, one)[0], titled(house, other)[0])
                else:
                    split(house, titled(house, one)[0], other)
        house.polls()
    house.a_week_passes()
    entries = [one for taken in house.email.taken for one in taken.edition.digest.entries]
    told_new = [tuple(link.url for link in one.review.links) for one in entries if one.kind == "new"]
    assert len(told_new) == len(set(told_new)), "nothing is told as new twice"
    assert {one.kind for one in entries} <= {"new"}, "and a decision revises nothing"
    for known, _ in house.store.every_review():
        if known.review.title != "Child Old":
            addresses = {link.url for one in entries for link in one.review.links}
            seen = {sighting.url for one in entries for sighting in known.sightings if sighting.url}
            assert addresses & seen or {one.review.title for one in entries} & {known.review.title}


# --- withdrawn ------------------------------------------------------------------------------------------


def withdrawn(house: House) -> KnownReview:
    house.site.publishes(PAGE, ROWAN, OLD)
    house.polls()
    house.a_week_passes()
    house.site.publishes(PAGE, OLD)
    for _ in range(3):
        house.polls()
    (known,) = titled(house, "Baby Rowan")
    assert known.review.status == "withdrawn"
    return known


def test_a_review_is_withdrawn_only_after_several_good_polls_of_its_page(house: House) -> None:
    house.site.publishes(PAGE, ROWAN, OLD)
    house.polls()
    house.clock.passes(days=1)
    house.site.publishes(PAGE, OLD)
    assert [house.polls("saltmarsh")[0].withdrawn for _ in range(2)] == [0, 0]
    house.site.fails(PAGE)
    assert [house.polls("saltmarsh")[0].withdrawn for _ in range(5)] == [0] * 5, "a failed poll says nothing"
    house.site.publishes(PAGE, OLD)
    assert [house.polls("saltmarsh")[0].withdrawn for _ in range(2)] == [1, 0]


def test_a_review_that_comes_back_in_time_is_not_withdrawn(house: House) -> None:
    house.site.publishes(PAGE, ROWAN, OLD)
    house.polls()
    for _ in range(3):
        house.site.publishes(PAGE, OLD)
        house.polls()
        house.polls()
        house.site.publishes(PAGE, ROWAN, OLD)
        assert house.polls("saltmarsh")[0].revised == 0
    (known,) = titled(house, "Baby Rowan")
    assert (known.review.status, known.revision) == ("published", 1)


def test_a_withdrawn_review_is_said_to_be_and_its_link_is_not_offered(house: House) -> None:
    known = withdrawn(house)
    house.a_week_passes()
    assert house.got()[-1] == [("Baby Rowan", "withdrawn")]
    (found, *_) = house.store.search(ArchiveQuery(words="Rowan"))
    assert found.known.id == known.id


def test_a_second_source_that_withdraws_a_review_is_believed_and_not_contradicted_at_every_poll(
    house: House,
) -> None:
    publishes(house, ROWAN, ROWAN)
    said = "This review has been withdrawn."
    gone = entry("Baby Rowan", incident=said, learning=(), recommendations=())
    heard = []
    for poll in range(4):
        more = [entry(f"Child {number}", year=2019) for number in range(poll)]
        house.site.publishes(PAGE, ROWAN, OLD, *more)
        house.site.publishes(OTHER, gone, OLD, *more)
        heard.append(sum(run.revised + run.withdrawn for run in house.polls(accept=True)))
        (known,) = titled(house, "Baby Rowan")
        assert (known.review.status, known.origin) == ("withdrawn", "saltmarsh")
    assert heard == [1, 0, 0, 0]
    publishes(house, ROWAN, ROWAN)
    house.site.publishes(PAGE, ROWAN, OLD, entry("Child Z", year=2019))
    house.polls(accept=True)
    assert titled(house, "Baby Rowan")[0].review.status == "published", "until it takes that back"


def test_a_site_that_moves_with_all_its_titles_in_another_form_announces_nothing(house: House) -> None:
    names = [f"Child {letter}" for letter in "ABCDEFGHIJKLMNOPQRST"]
    site = "https://saltmarsh.example.org"
    house.site.publishes(PAGE, *(entry(name, link=f"{site}/old/{name[-1]}.pdf") for name in names))
    house.polls(accept=True)
    house.a_week_passes()
    house.sources["saltmarsh"] = replace(house.sources["saltmarsh"], url=f"{site}/new")
    form = "Local Child Safeguarding Practice Review: {} (2026)"
    moved = [entry(form.format(name), link=f"{site}/new/{name[-1]}.pdf") for name in reversed(names)]
    house.site.publishes(f"{site}/new", *moved)
    house.polls(accept=True)
    house.a_week_passes()
    assert house.got()[-1] == []
