"""The search as a large archive has it: few reviews are looked at closely, and each way finds the same."""

from __future__ import annotations

import pytest

from bot.models import ArchiveQuery
from bot.store import Store, search
from tests.store.factories import a_review, new, poll


def titles(store: Store, words: str = "", **narrowed: object) -> list[str]:
    query = ArchiveQuery(words=words, **narrowed)  # type: ignore[arg-type]  # tests name real fields
    return [one.known.review.title for one in store.search(query)]


@pytest.fixture
def library(store: Store) -> Store:
    poll(
        store,
        new(
            a_review(
                "Child Ash",
                place="Port Lowen",
                year=2024,
                published="2024-05-01",
                incident="Neglect was seen, and neglect was named, and the neglect went on.",
                learning=("Neglect is seldom one day’s.",),
            ),
            "neglect",
        ),
        new(
            a_review(
                "Child Birch",
                place="Saltmarsh",
                year=None,
                published="2026-02",
                incident="There was some neglect among much else that is told here at length.",
                review_type="scr",
            )
        ),
        new(
            a_review(
                "Child Cedar",
                place=None,
                year=2019,
                published=None,
                incident="A dog had neglected to bark.",
            ),
            "neglect",
        ),
    )
    return store


@pytest.fixture(params=["few", "many"])
def each_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """As words are looked for that few have, and as those that many have."""
    if request.param == "many":
        monkeypatch.setattr(search, "MOST_RANKED", 0)
    return str(request.param)


def test_words_that_few_reviews_have_put_first_what_says_most_of_them(library: Store) -> None:
    assert titles(library, "neglect")[0] == "Child Ash"
    assert titles(library, "neglect", limit=1) == ["Child Ash"]


def test_where_more_have_them_than_are_ranked_the_latest_come_first_and_undated_ones_last(
    library: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "MOST_RANKED", 2)
    assert titles(library, "neglect") == ["Child Birch", "Child Ash", "Child Cedar"]
    assert titles(library, "neglect", limit=2) == ["Child Birch", "Child Ash"]
    monkeypatch.setattr(search, "MOST_RANKED", 3)
    assert titles(library, "neglect")[0] == "Child Ash"


@pytest.mark.usefixtures("each_way")
def test_each_way_finds_the_same_whatever_it_is_narrowed_by(library: Store) -> None:
    assert set(titles(library, "neglect")) == {"Child Ash", "Child Birch", "Child Cedar"}
    assert set(titles(library, "neglect", theme="neglect")) == {"Child Ash", "Child Cedar"}
    assert titles(library, "neglect", theme="bruising") == []
    assert titles(library, "neglect", place="lowen") == ["Child Ash"]
    assert titles(library, "neglect", year=2026) == ["Child Birch"]
    assert titles(library, "neglect", year=2019) == ["Child Cedar"]
    assert titles(library, "neglect", review_type="scr") == ["Child Birch"]
    assert titles(library, "neglect", theme="neglect", place="Port", year=2024) == ["Child Ash"]
    assert titles(library, "dog bark") == ["Child Cedar"]
    assert titles(library, "much-else") == ["Child Birch"]
    assert titles(library, "else-much") == []
    assert titles(library, "drought") == []


@pytest.mark.parametrize("year", [-5, 10_000, 10**30])
def test_a_year_that_no_calendar_has_finds_nothing(library: Store, year: int) -> None:
    assert titles(library, year=year) == []


@pytest.mark.usefixtures("each_way")
def test_a_search_leaves_the_database_as_it_was_for_the_next(library: Store) -> None:
    with library.rehearsal():
        assert titles(library, "dog") == titles(library, "dog") == ["Child Cedar"]
    assert titles(library) == ["Child Birch", "Child Ash", "Child Cedar"]


def test_a_place_of_any_length_can_be_kept_and_found(store: Store) -> None:
    long = "Saltmarsh " + "and Port Lowen — " * 500
    poll(store, new(a_review("Child Ash", place=long)))
    assert titles(store, place="saltmarsh and port") == ["Child Ash"]
    (kept,) = (known.review.place for known, _ in store.every_review())
    assert kept == long
