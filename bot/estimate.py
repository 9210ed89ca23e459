"""What a subscription would have brought in a time that is past: how many reviews, which, and why none.

Pure: reviews, criteria and vocabulary in, an Estimate out. The themes of each review are found anew, so that
a phrase that was changed just now counts already. Nothing is kept.

A review counts on the day it was published. One of which only the month is known counts in its middle; one
of which only the year is known, or nothing, when it was first found, unless it was there already when its
source was first read: then it counts in the middle of its year, and where no year is known either, it
cannot be said when it came (`undated`). What was only announced (delayed, unpublished) never reaches a
reader. What its publisher has withdrawn since did reach them, and counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.criteria import CriteriaIndex
from bot.models import Criteria, KnownReview, Reason, earliest, latest
from bot.themes import Vocabulary, tag

FEW = 20  # reviews: with fewer in the time, an estimate says little
NEARLY_ALL = 0.9
ENOUGH_FOR_ALL = 10  # reviews: nearly all of fewer than these is no reason to warn
DAYS_OF_A_MONTH = 30.44

_WHOLE = "whole"

# The parts of a criteria, in the words of subscriptions.yaml, with the fields that hold each.
PARTS: Mapping[str, str] = {
    "themes any": "themes_any",
    "themes all": "themes_all",
    "themes none": "themes_none",
    "words any": "words_any",
    "words all": "words_all",
    "words none": "words_none",
    "where age": "age",
    "where outcome": "outcome",
    "where place": "place",
    "where review_type": "review_type",
    "where source": "source",
}

# What no review does, where a part is why nothing came. {0}: its values with `or`; {1}: with commas.
_LACKING: Mapping[str, str] = {
    "themes any": "carries {0}",
    "themes all": "carries all of {1}",
    "themes none": "is without {0}",
    "words any": "has the words {0}",
    "words all": "has all the words {1}",
    "words none": "is without the words {0}",
    "where age": "states an age {0}",
    "where outcome": "has the outcome {0}",
    "where place": "is of {0}",
    "where review_type": "is of the type {0}",
    "where source": "was seen at {0}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """A review that the subscription would have brought, on which day it counts, and the reasons."""

    known: KnownReview
    on: date
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of the criteria, such as `where age`: how many reviews of the time fit it alone (`fitting`), and
    how many the subscription would have brought `without` it."""

    name: str
    values: tuple[str, ...]
    fitting: int
    without: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What a subscription would have brought from `since` to `until`, both days taken in; newest first.

    `reviews`: how many there were in all. `undated`: how many of the archive may or may not be of that time;
    of those the subscription would have brought `undated_brought`. `older`: how many are from before.
    `ages`: how many of `reviews` state one.
    """

    since: date
    until: date
    reviews: int
    brought: tuple[Brought, ...]
    parts: tuple[Part, ...]
    undated: int = 0
    undated_brought: int = 0
    older: int = 0
    ages: int = 0

    @property
    def per_month(self) -> float:
        return len(self.brought) * DAYS_OF_A_MONTH / ((self.until - self.since).days or 1)

    @property
    def themes(self) -> dict[str, int]:
        """How many of the reviews each theme brought, by its id; the busiest first."""
        counted = Counter(
            reason.theme for one in self.brought for reason in one.reasons if reason.theme is not None
        )
        return dict(counted.most_common())

    @property
    def is_weak(self) -> bool:
        return self.reviews < FEW

    @property
    def is_nearly_all(self) -> bool:
        """Nearly all came, though less was asked for."""
        return (
            bool(self.parts)
            and self.reviews >= ENOUGH_FOR_ALL
            and len(self.brought) >= NEARLY_ALL * self.reviews
        )

    @property
    def hindrance(self) -> Part | None:
        """Where nothing came: the part without which most would have come; None where no single one is to
        blame."""
        worst = max(self.parts, key=lambda part: part.without, default=None)
        return worst if not self.brought and worst and worst.without else None


def estimate(
    criteria: Criteria,
    archive: Iterable[KnownReview],
    vocabulary: Vocabulary,
    now: datetime,
    days: int = 365,
) -> Estimate:
    """What these criteria would have brought in the `days` until `now`.

    Raises ValueError for an age that is no bound, or a word without letters.
    """
    until = now.date()
    since = until - timedelta(days=days)
    asked = {name: getattr(criteria, field) for name, field in PARTS.items() if getattr(criteria, field)}
    index = CriteriaIndex(_questions(criteria, asked))
    brought: list[Brought] = []
    counts: Counter[str] = Counter()
    for known in archive:
        on = day_of(known)
        if known.review.status not in ("published", "withdrawn") or (on and on > until):
            continue
        if on and on < since:
            counts["older"] += 1
            continue
        themes = tag(known.review, vocabulary)
        seen_at = {one.source_id for one in known.sightings}
        matches = {one.criteria: one for one in index.matches(known.review, themes, seen_at)}
        if on is None:
            counts.update(undated=1, undated_brought=_WHOLE in matches)
            continue
        counts.update(tuple(matches))
        counts.update(reviews=1, ages=bool(known.review.facts.ages))
        if _WHOLE in matches:
            brought.append(Brought(known=known, on=on, reasons=matches[_WHOLE].reasons))
    brought.sort(key=lambda one: (one.on, one.known.id), reverse=True)
    return Estimate(
        since=since,
        until=until,
        reviews=counts["reviews"],
        brought=tuple(brought),
        parts=tuple(
            Part(
                name=name,
                values=(value,) if isinstance(value, str) else tuple(value),
                fitting=counts[f"only {name}"],
                without=counts[f"without {name}"],
            )
            for name, value in asked.items()
        ),
        undated=counts["undated"],
        undated_brought=counts["undated_brought"],
        older=counts["older"],
        ages=counts["ages"],
    )


def _questions(criteria: Criteria, asked: Iterable[str]) -> dict[str, Criteria]:
    """The criteria whole, each part alone, and all but each part."""
    questions = {_WHOLE: criteria}
    for name in asked:
        field = PARTS[name]
        questions[f"only {name}"] = replace(Criteria(), **{field: getattr(criteria, field)})
        questions[f"without {name}"] = replace(criteria, **{field: getattr(Criteria(), field)})
    return questions


def day_of(known: KnownReview) -> date | None:
    """The day on which a review counts; None where it cannot be said."""
    review = known.review
    first, last = earliest(review.published), latest(review.published)
    found = known.first_seen.date()
    if first and last and (last - first).days <= 31:
        return min(first + (last - first) / 2, found)
    if not known.baseline:
        return found
    year = first.year if first else review.year
    return min(date(year, 7, 1), found) if year else None


def pace(one: Estimate) -> str:
    """How often, in words: `about 2 a week`, `about 3 a month`, `about 1 in 4 months`."""
    if not one.brought:
        return "none at all"
    a_week = one.per_month * 7 / DAYS_OF_A_MONTH
    if a_week >= 1.5:
        return f"about {a_week:.0f} a week"
    if one.per_month >= 0.75:
        return f"about {one.per_month:.0f} a month"
    return f"about 1 in {1 / one.per_month:.0f} months"


def warnings(one: Estimate) -> tuple[str, ...]:
    """What an administrator should know of an estimate, a sentence or two each; nothing where all is well."""
    said: list[str] = []
    if one.is_weak:
        had = {0: "no review", 1: "only 1 review"}.get(one.reviews, f"only {one.reviews} reviews")
        longer = "It has older ones: `--days` looks back further. " if one.older else ""
        said.append(
            f"The archive has {had} of this time, so this says little. {longer}`learning-bot poll` reads the "
            "sources that are due, `learning-bot status` shows how they stand."
        )
    if one.reviews and not one.brought:
        said.append(_why_none(one))
    if one.is_nearly_all:
        most = next(iter(one.themes), None)
        how = f"take out `{most}`, which brings most, or add `where`" if most else "add themes or `where`"
        said.append(
            "That is nearly every review. You may as well ask for everything (leave out themes, words and "
            f"where), or narrow it: {how}."
        )
    if one.undated:
        said.append(
            f"Left out: {one.undated} without a date that were there when their source was first read. "
            f"It would have brought {one.undated_brought or 'none'} of those."
        )
    return tuple(said)


def _why_none(one: Estimate) -> str:
    part = one.hindrance
    if part is None:
        alone = ", ".join(f"`{each.name}` {each.fitting}" for each in one.parts)
        return f"No single part is the reason. So many of the {one.reviews} reviews fit each alone: {alone}."
    lacking = _LACKING[part.name].format(" or ".join(part.values), ", ".join(part.values))
    if len(one.parts) == 1:
        text = f"None of the {one.reviews} reviews {lacking}."
    else:
        fit = "fits" if part.without == 1 else "fit"
        text = f"{part.without} of the {one.reviews} reviews {fit} all but `{part.name}`: none {lacking}."
    if part.name == "where age":
        text += f" An age is stated in {one.ages or 'none'} of the {one.reviews}."
    return text
