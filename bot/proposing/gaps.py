"""What the bot could not make out on a page, so that a person sees it before readers do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.models import Review


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """`missing` of all `reviews` have nothing in `field`. `help`: what may be done about it."""

    field: str
    missing: int
    reviews: int
    help: str

    @property
    def said(self) -> str:
        """`No place in 7 of 9 reviews: …`."""
        which = "the only review" if self.reviews == 1 else f"{self.missing} of {self.reviews} reviews"
        return f"No {self.field} in {which}: {self.help}"


_Has = Callable[[Review], object]
_FOLLOW = "`follow: true` opens the linked reports and briefings and reads them too."
_FIELDS: tuple[tuple[str, _Has, str], ...] = (
    ("place", lambda review: review.place, "`place` says whose they are, where the page does not."),
    (
        "date",
        lambda review: review.published or review.year,
        "if the page shows one, `select: {item: …, date: …}` points at it.",
    ),
    ("learning", lambda review: review.learning or review.recommendations or review.sections, _FOLLOW),
    (
        "link to a document",
        lambda review: review.links,
        "if the page has one, `select: {item: …, link: …}` points at it.",
    ),
)


def gaps(reviews: Sequence[Review], *, place: bool = False, follow: bool = False) -> tuple[Gap, ...]:
    """The fields that most of these reviews lack. `place`, `follow`: whether the source sets them already."""
    settled = {
        "place": place or not wants_place(reviews),
        "learning": follow,
        "link to a document": len(reviews) == 1,  # the page itself is the document
    }
    found = []
    for field, has, help in _FIELDS:
        missing = sum(not has(review) for review in reviews)
        if missing * 2 > len(reviews) and not settled.get(field):
            found.append(Gap(field=field, missing=missing, reviews=len(reviews), help=help))
    return tuple(found)


def wants_place(reviews: Sequence[Review]) -> bool:
    """Whether most of these reviews do not say whose they are, though the page is about one area: reviews of
    several areas, and national ones, are not helped by a place for them all."""
    without = sum(not review.place and review.review_type != "national" for review in reviews)
    return without * 2 > len(reviews) and len({review.place for review in reviews if review.place}) <= 1
