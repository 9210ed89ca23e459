"""What was gathered of one review, before it becomes a record."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.models import Link, Section
from bot.reading.grammar.families import LISTS, Field
from bot.reading.grammar.labels import looks_like_terms, points_of, terms_of
from bot.reading.urls import own_links


@dataclass(slots=True, kw_only=True)
class Body:
    """What was gathered of one review. `loose` is prose under no label."""

    address: str = ""
    incident: list[str] = field(default_factory=list)
    summary: list[str] = field(default_factory=list)
    summary_heading: str = ""
    background: list[str] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)
    lists: dict[Field, list[str]] = field(default_factory=dict)
    sections: dict[str, list[str]] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    place: str | None = None
    placed: bool = False  # whether the review says whose it is, or that this is not told
    published: str | None = None
    byline: str | None = None
    labels: set[Field] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)

    def points(self, name: Field) -> tuple[str, ...]:
        return tuple(self.lists.get(name, ()))

    def as_sections(self) -> tuple[Section, ...]:
        ordered = sorted(self.sections.items(), key=lambda item: item[0] != "")
        return tuple(Section(heading=heading, items=tuple(items)) for heading, items in ordered if items)

    def keep(self, heading: str, text: str) -> None:
        self.sections.setdefault(heading, []).append(text)

    def add(self, name: Field, points: Sequence[str]) -> None:
        """Add points, keywords or prose to a field."""
        self.labels.add(name)
        if name in LISTS:
            self.lists.setdefault(name, []).extend(point for point in points if point)
        elif name in ("incident", "summary", "background"):
            {"incident": self.incident, "summary": self.summary, "background": self.background}[name].extend(
                points
            )

    def link(self, links: Sequence[Link]) -> None:
        for link in own_links(links, self.address):
            self.links.setdefault(link.url, link)


def take_run_on(name: Field, label: str, rest: str, body: Body) -> None:
    """Add what follows a label to its field: points parted at semicolons, terms at commas."""
    if (
        name == "learning"
        and not label
        and "learning" in body.labels
        and "recommendations" not in body.labels
    ):
        name = "recommendations"
    if not rest:
        return
    if (
        name == "learning"
        and re.search(r"(?i)\b(?:themes?|topics?)$", label)
        and ";" not in rest
        and looks_like_terms(rest)
    ):
        name = "keywords"
    if name == "keywords" and ";" in rest and not re.match(r"(?i)key ?-?words?", label):
        name = "learning" if any(len(term.split()) > 7 for term in terms_of(rest)) else name
    if name == "keywords":
        body.add(name, terms_of(rest))
    elif name in LISTS:
        body.add(name, points_of(rest))
    else:
        body.add(name, [rest])
