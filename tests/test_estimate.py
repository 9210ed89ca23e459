"""What a subscription would have brought in the past year, and why that was none, or nearly all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.estimate import Estimate, day_of, estimate, pace, warnings
from bot.models import Criteria, Facts, KnownReview
from bot.themes import parse_vocabulary
from tests.reviews import a_review, known

NOW = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
VOCABULARY = parse_vocabulary(
    {
        "themes": [
            {"id": "bruising", "name": "Bruising", "strong": ["bruising"]},
            {"id": "kites", "name": "Kites", "strong": ["kite"]},
        ]
    }
)
BRUISING = Criteria(themes_any=("bruising",))


def one(
    title: str = "Baby Rowan", *, baseline: bool = True, days: int = 10, **changes: object
) -> KnownReview:
    """A review of the archive, found so many days ago, by default when its source was first read."""
    found = NOW - timedelta(days=days)
    changes = {"published": "2026-10", "incident": "", "learning": (), "recommendations": (), **changes}
    return replace(known(a_review(title, **changes), first_seen=found), baseline=baseline)


def bruised(title: str = "Baby Rowan", **changes: object) -> KnownReview:
    return one(title, **{"learning": ("ask about bruising",), **changes})  # type: ignore[arg-type]  # by name


def of(criteria: Criteria, *archive: KnownReview, days: int = 365) -> Estimate:
    numbered = (replace(each, id=number) for number, each in enumerate(archive, 1))
    return estimate(criteria, numbered, VOCABULARY, NOW, days)


def titles(made: Estimate) -> list[str]:
    return [each.known.review.title for each in made.brought]


def test_it_brings_the_reviews_of_the_year_that_fit_newest_first() -> None:
    made = of(
        BRUISING,
        bruised("Older", published="2026-02"),
        one("Other"),
        bruised("Newer", published="2026-09-03"),
        bruised("Long ago", published="2024-05"),
    )
    assert (titles(made), made.reviews) == (["Newer", "Older"], 3)
    assert made.themes == {"bruising": 2}
    assert made.brought[0].reasons[0].evidence[0].quote == "ask about bruising"


def test_themes_are_found_with_the_vocabulary_in_force() -> None:
    made = of(Criteria(themes_any=("kites",)), one("Sky", learning=("a kite was seen",)))
    assert titles(made) == ["Sky"]


def test_the_time_is_as_long_as_asked() -> None:
    archive = (bruised("Now", published="2026-11-10"), bruised("Then", published="2026-09-10"))
    assert titles(of(BRUISING, *archive, days=30)) == ["Now"]
    assert len(of(BRUISING, *archive).brought) == 2


@pytest.mark.parametrize(
    ("review", "day"),
    [
        (one(published="2026-03-05"), date(2026, 3, 5)),
        (one(published="2026-03", baseline=False), date(2026, 3, 16)),
        (one(published="2026-11", days=10), date(2026, 11, 6)),  # not after it was found
        (one(published="2019", baseline=False, days=20), date(2026, 10, 27)),
        (one(published=None, year=2026, baseline=False, days=20), date(2026, 10, 27)),
        (one(published=None, year=2025), date(2025, 7, 1)),
        (one(published="2025"), date(2025, 7, 1)),
        (one(published=None, year=None), None),
    ],
)
def test_the_day_on_which_a_review_counts(review: KnownReview, day: date | None) -> None:
    assert day_of(review) == day


def test_what_was_there_before_and_has_no_date_is_left_out_and_said() -> None:
    nothing = {"published": None, "year": None}
    made = of(BRUISING, *(bruised(**nothing) for _ in range(3)), one(**nothing))  # type: ignore[arg-type]  # by name
    assert (made.reviews, made.undated, made.undated_brought) == (0, 4, 3)
    assert any(
        "Left out: 4 without a date that were there when their source was first read. It would have brought 3"
        in text
        for text in warnings(made)
    )


def test_an_announcement_never_reaches_a_reader_and_a_withdrawn_review_did() -> None:
    made = of(BRUISING, bruised("Soon", status="delayed"), bruised("Gone", status="withdrawn"))
    assert (titles(made), made.reviews) == (["Gone"], 1)


def test_where_it_was_seen_counts() -> None:
    assert of(Criteria(source=("saltmarsh",)), bruised()).brought
    assert not of(Criteria(source=("elsewhere",)), bruised()).brought


@pytest.mark.parametrize(
    ("count", "days", "says"),
    [
        (0, 365, "none at all"),
        (104, 365, "about 2 a week"),
        (36, 365, "about 3 a month"),
        (2, 365, "about 1 in 6 months"),
    ],
)
def test_how_often_is_said_in_words(count: int, days: int, says: str) -> None:
    assert pace(of(BRUISING, *(bruised() for _ in range(count)), days=days)) == says


def test_a_small_archive_makes_a_weak_estimate() -> None:
    assert "only 1 review of this time" in warnings(of(BRUISING, bruised()))[0]
    assert "no review of this time" in warnings(of(BRUISING))[0]
    assert "--days" not in warnings(of(BRUISING))[0]
    assert "`--days` looks back further" in warnings(of(BRUISING, bruised(published="2020-01")))[0]
    assert warnings(of(BRUISING, *(bruised() for _ in range(5)), *(one() for _ in range(15)))) == ()


def test_none_names_the_part_that_keeps_them_out() -> None:
    young = Facts(ages=("14 years",))
    made = of(
        replace(BRUISING, age="< 1 year"),
        bruised(facts=young),
        bruised(),
        *(one(facts=Facts(ages=("4 months",))) for _ in range(18)),
    )
    (said,) = warnings(made)
    assert said == ("18 of the 20 reviews fit all but `themes any`: none carries bruising.")
    (said,) = warnings(
        of(replace(BRUISING, age="< 1 year"), bruised(facts=young), *(one() for _ in range(19)))
    )
    assert said == (
        "1 of the 20 reviews fits all but `where age`: none states an age < 1 year. "
        "An age is stated in 1 of the 20."
    )


def test_none_of_a_single_part_says_so_plainly() -> None:
    (said,) = warnings(of(Criteria(themes_all=("bruising", "kites")), *(bruised() for _ in range(20))))
    assert said == "None of the 20 reviews carries all of bruising, kites."


def test_none_where_no_single_part_is_to_blame_counts_each() -> None:
    criteria = Criteria(themes_any=("kites",), place=("Port Lowen",), age="< 1 year")
    (said,) = warnings(of(criteria, one(place="Port Lowen"), *(one() for _ in range(19))))
    assert "No single part is the reason" in said
    assert "`themes any` 0, `where age` 0, `where place` 1" in said


def test_nearly_all_is_said_with_what_would_narrow_it() -> None:
    made = of(BRUISING, *(bruised() for _ in range(18)), one(), one())
    assert made.is_nearly_all
    assert "take out `bruising`" in warnings(made)[0]
    assert not of(BRUISING, *(bruised() for _ in range(17)), *(one() for _ in range(3))).is_nearly_all
    assert not of(BRUISING, *(bruised() for _ in range(9))).is_nearly_all, "too few to say"


def test_who_asks_for_everything_is_not_warned_of_it() -> None:
    assert warnings(of(Criteria(), *(bruised() for _ in range(25)))) == ()
