"""A review's record from its heading and what was gathered of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.models import Link, Review, ReviewStatus, ReviewType
from bot.reading.about import About
from bot.reading.dates import year_of
from bot.reading.facts import facts_of
from bot.reading.gathered import Body
from bot.reading.outcomes import outcome_of
from bot.reading.status import status_in
from bot.reading.titles import Heading
from bot.reading.types import kind_named, review_type

_NOT_REVIEWS = re.compile(
    r"\bwhat (?:they are|is an?|are)\b|\ba (?:short |quick )?guide\b|\bhow to\b|\bterms of reference\b|"
    r"\breferral\b|\bpolic(?:y|ies)\b|\bprotocols?\b|"
    r"\bprocedures?\b|\btraining\b|\bcourses?\b|\bwork ?shops?\b|\bwebinars?\b|\bconference\b|"
    r"\bbook (?:now|a place)\b|\bvacanc\w+|\bjobs?\b|\brecruit\w*|"
    r"\bwanted\b|\btender\b|\bconsultation\b|\byour views\b|\bsurvey\b|\bminutes\b|"
    r"\bregister of interests\b|\bprivacy\b|\bspend\b|\bspeech\b|\bnewsletters?\b|"
    r"\brepository\b|\blibrary\b|\btemplates?\b|\btoolkits?\b|\bforms?\b|\bleaflet\b|\bcriteria\b|"
    r"\bexplained\b|\bworking together\b|\bguidance\b|\bappoints?\b|"
    r"\bworking for\b|\bstrategy\b|\bflow ?chart\b|\bcase studies\b|\bnational analysis\b|\bchecklist\b|"
    r"\blegislation\b|\bprogramme\b|\bdates?\b$|\bframework\b|"
    r"\bother (?:areas|boards|partnerships)\b|\bfrequently asked\b|\bserious incident notifications?\b|"
    r"\breport a\b|\bsearch\b|\bsubscri\w+",
    re.IGNORECASE,
)
_AUDIT = re.compile(r"\baudits?\b", re.IGNORECASE)


def is_no_review(text: str) -> bool:
    """Whether a line is of what surrounds reviews: guides, forms, events, vacancies, policies."""
    if re.search(r"(?i)\bannual reports?\b", text) and not re.search(r"(?i)\bpanel\b", text):
        return True
    return bool(_NOT_REVIEWS.search(text))


def is_audit(text: str) -> bool:
    return bool(_AUDIT.search(text))


def review_of(
    heading: Heading, body: Body, about: About, *, kind: ReviewType | None = None, texts: Sequence[str] = ()
) -> Review:
    """The record. What the heading says goes before what the body says, and that before the page."""
    kind = kind or review_type(heading.title) or _kind_of_links(body.links.values())
    published = _more_exact(heading.published, body.published) or body.byline or about.published
    place = heading.place if heading.placed else body.place if body.placed else about.place
    incident = " ".join(body.incident)
    intro = " ".join(text for items in body.as_sections() if not items.heading for text in items.items)
    adult = kind == "sar" or (kind == "dhr" and not re.search(r"\bchild|\bbaby|\binfant", incident))
    whole = " ".join(body.points("recommendations") + body.points("learning"))
    intro = f"{intro} {' '.join(body.summary)}".strip()
    told = incident or (" ".join(body.points("learning")) if kind == "thematic" else "")
    background = " ".join(body.background)
    facts = facts_of(
        incident, title=heading.title, intro=intro, background=background, whole=whole, adult=adult
    )
    if not incident and told and facts.outcome is None:
        facts = replace(facts, outcome=outcome_of(told))
    return Review(
        title=heading.title,
        place=None if kind == "national" else place,
        year=year_of(heading.published) or about.year or year_of(published),
        published=published,
        review_type=kind,
        status=_status(heading.title, texts or (intro,)),
        incident=incident,
        background=background,
        good_practice=body.points("good_practice"),
        learning=body.points("learning"),
        recommendations=body.points("recommendations"),
        actions=body.points("actions"),
        questions=body.points("questions"),
        keywords=tuple(dict.fromkeys(body.points("keywords"))),
        sections=body.as_sections(),
        links=tuple(body.links.values()),
        facts=facts,
    )


def _kind_of_links(links: object) -> ReviewType | None:
    labels = [link.label for link in links if isinstance(link, Link)] if hasattr(links, "__iter__") else []
    return next((kind for label in labels if (kind := kind_named(label) or review_type(label))), None)


def _more_exact(heading: str | None, body: str | None) -> str | None:
    if heading and body and body.startswith(heading):
        return body
    return heading or body


def _status(title: str, texts: Sequence[str]) -> ReviewStatus:
    return (
        status_in(title)
        or next((status for text in texts if (status := status_in(text))), None)
        or "published"
    )
