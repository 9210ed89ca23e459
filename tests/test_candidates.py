"""Which reviews of the archive a page is held against: its own, and others only where something is not as it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.models import Decision, KnownReview, Reading, Review, Telling
from bot.pipeline.candidates import candidates, titles_here
from tests.reviews import MONDAY, a_bare_review, a_source, known

HERE = a_source()
A, B = a_bare_review("Child A"), a_bare_review("Child B")
ELSEWHERE = {
    "name:child a": known(a_bare_review("Child A", place="Harrowmere"), id=7, at="harrowmere"),
    "name:child b": known(a_bare_review("Child B", place="Harrowmere"), id=8, at="harrowmere"),
}


@dataclass
class InventedArchive:
    """Has these reviews of the source, and those of ELSEWHERE by their handles."""

    here: Sequence[KnownReview] = ()

    def known(self, source_id: str, keys: Sequence[str]) -> tuple[KnownReview, ...]:
        assert not keys, "what shares handles with this page is asked for by itself"
        return tuple(one for one in self.here if any(seen.source_id == source_id for seen in one.sightings))

    def sharing(self, keys: Sequence[str]) -> tuple[KnownReview, ...]:
        return tuple(ELSEWHERE[key] for key in dict.fromkeys(keys) if key in ELSEWHERE)


def found(*page: Review, here: Sequence[KnownReview]) -> list[int]:
    archive = InventedArchive(here)
    reading = Reading(state="read", reviews=page)
    return [one.id for one in candidates(HERE, reading, archive)]  # type: ignore[arg-type]  # the two verbs that it needs


def test_a_review_that_is_as_it_was_is_looked_for_nowhere_else() -> None:
    assert found(A, B, here=[known(A, id=1), known(B, id=2)]) == [1, 2]


def test_one_that_is_new_or_changed_is() -> None:
    corrected = replace(B, year=2024)
    assert found(A, B, here=[known(A, id=1)]) == [1, 8]
    assert found(A, corrected, here=[known(A, id=1), known(B, id=2)]) == [1, 2, 8]
    assert found(A, B, here=[]) == [7, 8]


def test_what_the_page_says_counts_and_not_what_another_page_says_of_the_same() -> None:
    fuller = replace(A, incident="Told at length on another page.")
    elsewhere_too = replace(known(fuller, id=1), origin="harrowmere")
    told = replace(elsewhere_too, tellings=(Telling(id=1, source_id=HERE.id, review=A),))
    assert found(A, here=[told]) == [1]
    assert found(fuller, here=[told]) == [1, 7]
    told_there = (Telling(id=1, source_id="harrowmere", review=A),)
    assert found(A, here=[replace(known(fuller, id=1), tellings=told_there)]) == [1, 7]


def test_a_review_that_a_person_set_apart_is_not_this_one() -> None:
    apart = Decision(kind="apart", other=9, at=MONDAY, source_id=HERE.id)
    assert found(A, here=[replace(known(A, id=1), decisions=(apart,))]) == [1, 7]


def test_titles_are_those_of_this_page() -> None:
    assert titles_here(HERE, [known(A), *ELSEWHERE.values()]) == {"Child A"}
