"""How well themes are found in reviews and sentences whose labels were given by people who knew no rule.

The floors stand just under what was last measured. `python -m tests.themes.methods` prints the figures, also of
other ways of finding themes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from bot.models import Review
from bot.themes import Vocabulary, tag
from tests.themes.labelled import HELD_BACK, IN_VIEW, UNSEEN, Count, Labelled, paged, recorded

HERE = Path(__file__).parent
MANY = ("learning", "recommendations", "questions")


def found_in(review: Review, vocabulary: Vocabulary) -> frozenset[str]:
    return frozenset(theme.id for theme in tag(review, vocabulary))


@pytest.mark.parametrize(
    ("read", "folder", "precision", "recall"),
    [
        pytest.param(recorded, HELD_BACK, 0.865, 0.87, id="reviews held back"),
        pytest.param(recorded, IN_VIEW, 0.965, 0.94, id="reviews in view"),
        pytest.param(paged, UNSEEN, 0.95, 0.97, id="pages in view"),
    ],
)
def test_readers_get_the_themes_that_careful_readers_gave(
    read: Callable[[Path], Iterable[Labelled]],
    folder: Path,
    precision: float,
    recall: float,
    vocabulary: Vocabulary,
) -> None:
    count = Count()
    for one in read(folder):
        count.add(one, found_in(one.review, vocabulary))
    assert count.right.total() > 800
    had, found, _ = count.figures()
    assert (had >= precision, found >= recall) == (True, True), f"precision {had:.3f}, recall {found:.3f}"


def sentences(name: str) -> list[tuple[str, Review]]:
    """The themes and sentences of a file, each sentence as the only one of a review."""
    lines = (HERE / name).read_text("utf-8").splitlines()
    return [
        (theme, review_of(field, text)) for theme, field, text in (line.split(" | ", 2) for line in lines)
    ]


def review_of(field: str, text: str) -> Review:
    if field == "title":
        return Review(title=text)
    if field == "keywords":
        return Review(title="Child X", keywords=tuple(word.strip() for word in text.split(";")))
    return Review(title="Child X", **{field: (text,) if field in MANY else text})


@pytest.mark.parametrize(
    ("name", "carries", "least"), [("carried.txt", True, 0.91), ("silent.txt", False, 0.99)]
)
def test_a_sentence_carries_a_theme_or_only_has_its_words(
    name: str, carries: bool, least: float, vocabulary: Vocabulary
) -> None:
    """`theme | field | sentence`, by an author who had seen no phrase: half of them was held back at first."""
    tried = sentences(name)
    assert len(tried) >= 400
    wrong = [
        (theme, review) for theme, review in tried if (theme in found_in(review, vocabulary)) is not carries
    ]
    assert 1 - len(wrong) / len(tried) >= least, wrong
