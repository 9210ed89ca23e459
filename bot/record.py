"""The review record: a review as the JSON object of `read --json`, keys always in the same order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.models import Review, Theme

_LISTS = ("good_practice", "learning", "recommendations", "actions", "questions", "keywords")


def as_record(review: Review, themes: Sequence[Theme] = ()) -> dict[str, Any]:
    """The record of a review and its themes. A field with nothing in it is None, "" or []."""
    return {
        "title": review.title,
        "place": review.place,
        "year": review.year,
        "published": review.published,
        "review_type": review.review_type,
        "status": review.status,
        "incident": review.incident,
        "background": review.background,
        **{name: list(getattr(review, name)) for name in _LISTS},
        "sections": [
            {"heading": section.heading, "items": list(section.items)} for section in review.sections
        ],
        "links": [{"label": link.label, "url": link.url} for link in review.links],
        "facts": {
            "ages": list(review.facts.ages),
            "sex": review.facts.sex,
            "outcome": review.facts.outcome,
            "incident_date": review.facts.incident_date,
        },
        "themes": [
            {
                "id": theme.id,
                "evidence": [{"field": proof.field, "quote": proof.quote} for proof in theme.evidence],
            }
            for theme in themes
        ],
    }
