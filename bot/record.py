"""The review record: a review as the JSON object of `read --json`, keys always in the same order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.models import Facts, Link, Review, Section, Theme

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


def from_record(record: dict[str, Any]) -> Review:
    """The review of a record; its themes are not the review's and are left aside.

    A field left out counts as empty. Raises KeyError where there is no title.
    """
    facts = record.get("facts") or {}
    lists: dict[str, Any] = {name: tuple(record.get(name) or ()) for name in _LISTS}
    return Review(
        title=record["title"],
        place=record.get("place"),
        year=record.get("year"),
        published=record.get("published"),
        review_type=record.get("review_type"),
        status=record.get("status") or "published",
        incident=record.get("incident") or "",
        background=record.get("background") or "",
        **lists,
        sections=tuple(
            Section(heading=section["heading"], items=tuple(section["items"]))
            for section in record.get("sections") or ()
        ),
        links=tuple(Link(label=link["label"], url=link["url"]) for link in record.get("links") or ()),
        facts=Facts(
            ages=tuple(facts.get("ages") or ()),
            sex=facts.get("sex"),
            outcome=facts.get("outcome"),
            incident_date=facts.get("incident_date"),
        ),
    )
