"""Invented reviews and what surrounds them, for tests: each with a verb-like name and sensible defaults."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.models import KnownReview, Link, Review, Sighting, Source

MONDAY = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)

STORY = (
    "A baby of ten weeks was taken to hospital with a fractured arm in May 2025. Both parents were known to "
    "adult mental health services, and a health visitor had recorded bruising two weeks before."
)


def a_review(title: str = "Baby Rowan", **changes: object) -> Review:
    review = Review(
        title=title,
        place="Saltmarsh",
        year=2026,
        published="2026-10",
        review_type="lcspr",
        incident=STORY,
        learning=("bruising in a baby who is not mobile needs a referral at once", "ask who is in the home"),
        recommendations=("the partnership should relaunch its bruising protocol",),
    )
    return replace(review, **changes)  # type: ignore[arg-type]


def a_bare_review(
    title: str, place: str | None = "Saltmarsh", url: str | None = None, **changes: object
) -> Review:
    """What a list of links gives: a title, and perhaps a link."""
    links = (Link(label=title, url=url),) if url else ()
    return replace(Review(title=title, place=place, links=links), **changes)  # type: ignore[arg-type]


def a_source(source_id: str = "saltmarsh", **changes: object) -> Source:
    source = Source(id=source_id, name=source_id.title(), url=f"https://{source_id}.example.org/reviews")
    return replace(source, **changes)  # type: ignore[arg-type]


def known(
    review: Review,
    *,
    id: int = 1,
    at: str = "saltmarsh",
    missed: int = 0,
    first_seen: datetime = MONDAY - timedelta(days=60),
    revision: int = 1,
) -> KnownReview:
    urls = [link.url for link in review.links] or [""]
    return KnownReview(
        id=id,
        review=review,
        revision=revision,
        notable=revision,
        baseline=False,
        first_seen=first_seen,
        origin=at,
        sightings=tuple(
            Sighting(source_id=at, url=url, first_seen=first_seen, last_seen=first_seen, missed=missed)
            for url in urls
        ),
    )
