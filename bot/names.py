"""What names a review: the case in its title, its area, the addresses of its documents."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urlsplit

from bot.models import Review

# Words that name the kind of document or the occasion, not the case.
_KIND = re.compile(
    r"\b(?:local|child(?:ren)?'?s? safeguarding|child practice|safeguarding (?:adults?|children)"
    r"|serious case|case management|learning(?: from)?|lessons?|practice|domestic homicide|national|thematic"
    r"|rapid|extended|concise|historical|reviews?|scrs?|l?cspr|sars?|dhrs?|cprs?|reports?|overview|full"
    r"|final|executive|summary|brief(?:ing)?s?|response|(?:seven|7)[ -]minutes?|six[ -]step|synopsis"
    r"|opens in (?:a )?new (?:window|tab)|version \d+|v\d+|published|publication|redacted"
    r"|the|of|for|and|on|in|re|pdf|docx?|word)\b",
    re.IGNORECASE,
)
_GENITIVE = re.compile(r"['’‘`]s\b")
_WORD = re.compile(r"[^\W_]+")
_YEAR = re.compile(r"(?:19|20)\d\d")
# Words of a partnership's name that are not its area, and words that tell one area from its neighbour.
_NOT_AREA = re.compile(
    r"safeguarding|child(?:ren)?|adults?|s|partnerships?|boards?|l?sc[pb]|lscb|sab|c?scp|council|city|county"
    r"|borough|royal|london|metropolitan|district|of|the|and|pan|local|unitary"
)
_COMPASS = re.compile(r"(?:north|south|east|west)(?:ern)?|central|mid|upper|lower")
_TRACKING = re.compile(
    r"^(?:utm_\w+|fbclid|gclid|print|contrast|view|version|ver|v|t|ts|_|sid)$", re.IGNORECASE
)


_ENOUGH = 4096  # what is on some of the longest pages: each is asked for several times in one poll


def handles(review: Review) -> tuple[str, ...]:
    """Keys under which another sighting of this review may be found. They find candidates; `recognise`
    decides. The place is no part of them: sources spell it in several ways."""
    documents = tuple(f"url:{address(link.url)}" for link in review.links)
    return tuple(dict.fromkeys((f"name:{names(review)}", *documents)))


def names(review: Review) -> str:
    """What in the title names the case: `Local CSPR: overview report: Child RS` gives `child rs`. All of the
    title, where nothing in it does."""
    return case_in(review) or folded(review.title)


def case_in(review: Review) -> str:
    """The same, and nothing for a title that is only the kind of document."""
    return _case_in(review.title, review.place or "")


@lru_cache(maxsize=_ENOUGH)
def _case_in(title: str, place: str) -> str:
    words = _WORD.findall(_KIND.sub(" ", _GENITIVE.sub("", title).replace("’", "'")).casefold())
    of_the_place = set(_WORD.findall(place.casefold()))
    return " ".join(word for word in words if word not in of_the_place and not _YEAR.fullmatch(word))


@lru_cache(maxsize=_ENOUGH)
def address(url: str) -> str:
    """An address without what does not tell documents apart: scheme, www, tracking, print views, fragment."""
    parts = urlsplit(url)
    query = urlencode([(key, value) for key, value in parse_qsl(parts.query) if not _TRACKING.match(key)])
    host = (parts.hostname or "").removeprefix("www.")
    port = f":{parts.port}" if parts.port and parts.port not in (80, 443) else ""
    path = parts.path.rstrip("/")
    return f"{host}{port}{path}" + (f"?{query}" if query else "")


def places_differ(one: str | None, other: str | None) -> bool:
    """Whether two areas or partnerships are known to be others: `Brighton & Hove` and `Brighton and Hove SCP`
    are one, `Derbyshire` is part of `Derby and Derbyshire`, but `York` is not in `North Yorkshire`."""
    if not one or not other:
        return False
    a, b = _area(one), _area(other)
    if not a or not b:
        return False
    return not (a <= b or b <= a) or any(_COMPASS.fullmatch(word) for word in a ^ b)


def _area(place: str) -> set[str]:
    return {word for word in folded(place).split() if not _NOT_AREA.fullmatch(word)}


def folded(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))
