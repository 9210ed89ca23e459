"""Which line of a page about one review is its title, and which lines over it only lead up to it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.models import Document
from bot.reading.grammar.dates import find_dates, published_in
from bot.reading.grammar.families import LISTS, field_of
from bot.reading.grammar.labels import labelled
from bot.reading.grammar.narrative import about_page
from bot.reading.grammar.places import partnership_places
from bot.reading.grammar.types import kind_named, names_a_case, review_type
from bot.reading.lines import Line

_NEAR_THE_TOP = 14  # lines among which a title is looked for

# `Seven Minute Briefing: Wren`, `Practice learning brief – Child AJ`: a document's kind, then whose it is.
_NAMED_DOCUMENT = re.compile(
    r"^(?=[^:–—|]{0,80}\b(?i:briefing|brief|summary|report|review|leaflet|bulletin|factsheet|learning|lessons|"
    r"poster|note)s?\b)[^:–—|]{3,80}?(?:\s*[:|]|\s+[–—-])\s+(?P<name>[‘“\"']?[A-Z](?:[^:.]|: ){0,80})$",
)
_BARE_KIND = re.compile(
    r"^(?:the |an? |our )?(?:(?:local|child|children['’]?s?|adults?['’]?s?|safeguarding|practice|serious|"
    r"case|management|learning|domestic|homicide|rapid|extended|concise|single|unified|multi-agency|overview|"
    r"executive|final|full|short|summary|significant|together|independent|and|from|the|of|an?|report|review|"
    r"briefing|brief|key|seven|7|six|five|minute|one|page|practitioner|publication|published|version)[:,]?\s*)+"
    r"(?:\([A-Z]+s?\))?$",
    re.IGNORECASE,
)
_SITE_IN_TITLE = re.compile(
    r"\s+[|–—-]\s+(?=[^|–—]*(?:Safeguarding|Partnership|Board|SCP|Council|Committee|Trust)\b)"
)


def title_of(document: Document, lines: Sequence[Line]) -> tuple[int | None, str]:
    """Where the title stands, and what it says: of the lines near the top the one most like a review's name.

    None and the document's own title, where only that names a review; None and nothing without either.
    """
    scores = {
        place: score
        for place, line in enumerate(lines[:_NEAR_THE_TOP])
        if _could_be_title(line, place) and (score := _score(line, place, lines, document)) > 0
    }
    named = {place: score for place, score in scores.items() if _names_one(lines[place].text)}
    if not named:
        named = {place: score for place, score in scores.items() if _is_name_over_kind(lines, place)}
    if named:  # what only names a kind of document, or a part of the site, leads up to it
        scores = {
            place: score for place, score in scores.items() if place in named or not _leads_up(lines[place])
        }
    by_look = [place for place in named if lines[place].kind == "heading" or lines[place].bold]
    if by_look:
        scores = {place: score for place, score in scores.items() if place in by_look or place not in named}
    if scores:
        best = max(scores, key=lambda place: (scores[place], -place))
        return best, lines[best].text
    if document.title and (review_type(document.title) or names_a_case(document.title)):
        return None, _SITE_IN_TITLE.split(document.title)[0]
    return None, ""


def leads_up(line: Line) -> bool:
    """Whether a line over a title says no more than whose the document is, or of which kind."""
    return line.kind != "row" and (names_publisher(line) or _leads_up(line))


def is_section_name(text: str) -> bool:
    """Whether a heading is that of a part of a site: `Child Safeguarding Practice Reviews`."""
    return (
        bool(
            re.search(r"(?i)\b(?:reviews|briefings|reports|publications|news|SCRs|LCSPRs|CSPRs|SARs)\b", text)
        )
        and not names_a_case(text)
        and ":" not in text
        and len(text.split()) <= 10
    )


def is_bare_kind(text: str) -> bool:
    """Whether a line is a kind of review or document and nothing else: `Overview report`."""
    return bool(_BARE_KIND.match(text)) and field_of(text) in (None, "links")


def _leads_up(line: Line) -> bool:
    return bool(_BARE_KIND.match(line.text)) or is_section_name(line.text)


def _names_one(text: str) -> bool:
    """Whether a line names one review or its document."""
    if field_of(text) in ("links", "furniture"):
        return False
    if names_a_case(text) or (not is_section_name(text) and _own_name(text)):
        return True
    match = _NAMED_DOCUMENT.match(text)
    if match is None or _BARE_KIND.match(match["name"]):  # `Seven Minute Briefing: Serious Case Review`
        return False
    return field_of(match["name"]) is None and not partnership_places(text)


def _own_name(text: str) -> bool:
    """Whether a line is a kind of review and a name: `SAR Gwen`, `Serious Case Review Toby`."""
    if kind_named(text) is None:
        return False
    rest = re.sub(r"\(.*?\)|\b[A-Z]{2,5}R\b", " ", text)
    words = [word for word in re.findall(r"[\w’'-]+", rest) if not _BARE_KIND.match(word)]
    return 0 < len(words) <= 4 and all(word[0].isupper() or word == "and" for word in words)


def _is_name_over_kind(lines: Sequence[Line], place: int) -> bool:
    """Whether a heading is no more than a name, with the kind of review next to it: `Bramley`."""
    line = lines[place]
    words = re.findall(r"[\w’'-]+", line.text)
    capital = all(word[0].isupper() or word in ("and", "of") for word in words)
    if line.kind != "heading" or not 0 < len(words) <= 5 or not capital or field_of(line.text):
        return False
    if partnership_places(line.text) or kind_named(line.text) or is_section_name(line.text):
        return False
    return any(
        is_bare_kind(other.text) and kind_named(other.text) for other in lines[max(place - 1, 0) : place + 3]
    )


def _could_be_title(line: Line, place: int) -> bool:
    if line.kind in ("row", "point") or line.words > 24:
        return False
    if line.kind == "heading":
        return True
    if line.text.endswith((".", ";", ":")):
        return False
    return not place or not (line.linked or published_in(line.text) or _is_labelled(line))


def _is_labelled(line: Line) -> bool:
    """Whether a line is a label and what it opens; `Learning summary: Child B` is a title."""
    return labelled(line.text, line.lead) is not None and not _names_one(line.text)


def _score(line: Line, place: int, lines: Sequence[Line], document: Document) -> int:
    text = line.text
    kind, case, document_named = review_type(text), names_a_case(text), _names_one(text)
    score = _score_of_look(line, place, lines)
    score += (4 if kind else 0) + (3 if case else 0) + (3 if document_named and not case else 0)
    if document.title and text.casefold() in document.title.casefold() and line.words >= 2:
        score += 2
    if partnership_places(text) and not case:
        score -= 6
    top = line.kind == "heading" and line.level == 1
    opens = field_of(text)
    if opens in ("incident", "background", "summary", *LISTS) and not kind and not document_named and not top:
        score -= 9
    if opens in ("furniture", "section", "links") and not kind:
        score -= 9
    if line.kind == "text" and (line.words > 16 or about_page(text)):
        score -= 6
    by_look = line.kind == "heading" or (line.bold and place < 4)
    return score - place // 4 if by_look or kind or case or document_named else 0


def _score_of_look(line: Line, place: int, lines: Sequence[Line]) -> int:
    if line.kind == "heading":
        highest = min(other.level for other in lines[:_NEAR_THE_TOP] if other.kind == "heading")
        return {1: 5, 2: 2}.get(line.level, 1) + (1 if line.level == highest > 1 else 0)
    return 1 if line.bold and place < 4 else 0


def names_publisher(line: Line) -> bool:
    """Whether a line over the title says no more than whose document it is."""
    return (
        line.words <= 12
        and bool(partnership_places(line.text))
        and not re.search(r"[.;:?!]$", line.text)
        and kind_named(line.text) is None
        and not names_a_case(line.text)
        and not find_dates(line.text)
    )
