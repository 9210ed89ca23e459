"""What is counted on a page at a good poll, for the next one to be compared with."""

from __future__ import annotations

from bot.drift.glance import Glance
from bot.models import Figures, Reading

FIELDS = (
    "place",
    "year",
    "published",
    "incident",
    "learning",
    "recommendations",
    "links",
)


def figures(reading: Reading, seen: Glance | None) -> Figures:
    count = len(reading.reviews)
    with_field = {name: sum(bool(getattr(one, name)) for one in reading.reviews) for name in FIELDS}
    return Figures(
        shares={name: round(has / count, 3) for name, has in with_field.items() if has},
        stated=seen.stated if seen else None,
        closed=seen.closed if seen else None,
    )
