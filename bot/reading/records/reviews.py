"""A review's record from its heading and what was gathered of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.models import Link, Review, ReviewStatus, ReviewType
from bot.reading.facts import facts_of
from bot.reading.facts.ages import ages_of
from bot.reading.facts.outcomes import Outcome, outcome_of, tells_of_harm
from bot.reading.facts.people import sentences_of
from bot.reading.grammar.dates import year_of
from bot.reading.grammar.finder import Finder
from bot.reading.grammar.status import status_in
from bot.reading.grammar.titles import Heading
from bot.reading.grammar.types import kind_named, review_type
from bot.reading.records.about import About
from bot.reading.records.gathered import Body

_NOT_REVIEWS = Finder(
    r"\bwhat (?:they are|is an?|are)\b|\ba (?:short |quick )?guide\b|"
    r"\bhow (?:to|they|it|these|we|reviews)\b|\bterms of reference\b|"
    r"\breferral\b|\bpolic(?:y|ies)\b|\bprotocols?\b|"
    r"\bprocedures?\b|\btraining\b|\bcourses?\b|\bwork ?shops?\b|\bwebinars?\b|\bconference\b|"
    r"\bbook (?:now|a place)\b|\bvacanc\w+|\bjobs?\b|\brecruit\w*|"
    r"\bwanted\b|\btender\b|\bconsultation\b|\byour views\b|\bsurvey\b|\bminutes\b|"
    r"\bregister of interests\b|\bprivacy\b|\bspend\b|\bspeech\b|\bnewsletters?\b|"
    r"\brepository\b|\blibrary\b|\btemplates?\b|\btoolkits?\b|\bforms?\b|\bleaflet\b|\bcriteria\b|"
    r"\bexplained\b|\bworking together\b|\bguidance\b|\bappoints?\b|"
    r"\bworking for\b|\bstrategy\b|\bflow ?chart\b|\bcase studies\b|\bnational analysis\b|\bchecklist\b|"
    r"\blegislation\b|\bprogramme\b|\bdates?\b$|\bframework\b|"
    r"\bforums?\b|\bseminars?\b|\bmaster ?class\b|\bother (?:areas|boards|partnerships)\b|"
    r"\bfrequently asked\b|\bserious incident notifications?\b|"
    r"^(?:[\w-]+ ){0,2}events$|\bkeeping children safe in education\b|\breport a\b|\bsearch\b|\bsubscri\w+"
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
    adult = kind == "sar" or (kind == "dhr" and not _of_a_child(incident))
    whole = " ".join(body.points("recommendations") + body.points("learning"))
    intro = f"{intro} {' '.join(body.summary)}".strip()
    background = " ".join(body.background)
    facts = facts_of(
        incident, title=heading.title, intro=intro, background=background, whole=whole, adult=adult
    )
    if kind == "thematic" and not incident and facts.outcome is None:
        facts = replace(facts, outcome=_worst_stated(body))
    return Review(
        title=heading.title,
        place=None if kind == "national" else place,
        year=year_of(heading.published) or about.year or year_of(published),
        published=published,
        review_type=kind,
        status=heading.status or _status(heading.title, texts or (intro,)),
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


_WORST_FIRST: tuple[Outcome, ...] = ("death", "serious-harm", "other")
_TELLS_WHAT_WAS = re.compile(r"\b(?:was|were|had|died|took)\b")
_PARENT = re.compile(r"\b(?:mother|father|parent|mum|dad|woman|man)s? (?:of|with) (?:\w+ )?child(?:ren)?\b")
_CHILD = re.compile(r"\b(?:child(?:ren)?|bab(?:y|ies)|infants?|boys?|girls?|toddlers?|teenagers?)\b")


def _of_a_child(incident: str) -> bool:
    """Whether a domestic homicide review tells, in its first sentence, of harm to a child; children whom a
    later one mentions are the victim's."""
    first = next(iter(sentences_of(incident)), "")
    return bool(_CHILD.search(_PARENT.sub(" ", first))) and tells_of_harm(first)


def _worst_stated(body: Body) -> Outcome | None:
    """The worst that a thematic review states of its children: in its learning, where that tells what was and
    not what to do, and where it introduces each with an age."""
    learned = " ".join(point for point in body.points("learning") if _TELLS_WHAT_WAS.search(point))
    cases = [text for part in body.as_sections() for text in part.items if ages_of(text)]
    found = {outcome_of(text) for text in (learned, *cases) if text}
    return next((worst for worst in _WORST_FIRST if worst in found), None)


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
