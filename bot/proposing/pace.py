"""How often a page that nobody watches yet seems to change, by the dates of the reviews on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.models import Review
from bot.models.reviews import earliest
from bot.rhythm import Rhythm, rhythm

A_WEEK = timedelta(days=7)
A_QUARTER = timedelta(days=90)


def pace(reviews: Sequence[Review]) -> Rhythm | None:
    """By the days and months on which these were published; None where too few of them say."""
    dated = (
        review.published for review in reviews if review.published and len(review.published) > len("2026")
    )
    return rhythm(day for published in dated if (day := earliest(published)))


def every(rhythm: Rhythm) -> str:
    """How often to look at a page of this rhythm, as sources.yaml says it: soon enough for readers, and no
    more than a small public site needs to bear."""
    if rhythm.usual <= A_WEEK:
        return "6h"
    return "1d" if rhythm.usual <= A_QUARTER else "2d"
