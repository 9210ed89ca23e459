"""Following a page's links: which documents of a review to read too, and what they add to its record."""

from __future__ import annotations

from dataclasses import fields, replace

from bot.models import Facts, Link, Review

AT_MOST = 2  # documents a review: the briefing or the report, and one more

_BEST_FIRST = ("briefing", "summary", "learning", "report", "review")


def documents_to_follow(review: Review) -> tuple[Link, ...]:
    """The links worth opening, the short documents first; none where the page tells it all itself."""
    if review.learning and review.incident:
        return ()
    return tuple(sorted(review.links, key=_order)[:AT_MOST])


def _order(link: Link) -> int:
    words = f"{link.label} {link.url}".casefold()
    return next((i for i, word in enumerate(_BEST_FIRST) if word in words), len(_BEST_FIRST))


def completed(review: Review, fuller: Review) -> Review:
    """The review with what `fuller` (its report or briefing) says and the page itself does not."""
    said = {
        part.name: getattr(fuller, part.name)
        for part in fields(Review)
        if part.name != "facts" and not getattr(review, part.name)
    }
    stated = {
        part.name: getattr(fuller.facts, part.name)
        for part in fields(Facts)
        if not getattr(review.facts, part.name)
    }
    return replace(review, **said, facts=replace(review.facts, **stated))
