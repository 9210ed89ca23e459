"""How a review's publication stands, and the notes that lists put after a title."""

from __future__ import annotations

import re

from bot.models import ReviewStatus
from bot.reading.grammar.finder import Finder

_I = re.IGNORECASE

_STATUSES: tuple[tuple[ReviewStatus, Finder], ...] = tuple(
    (status, Finder(pattern))  # type: ignore[misc]  # the literals are those of ReviewStatus
    for status, pattern in (
        (
            "withdrawn",
            r"\bno longer (?:published|available|on this (?:page|site))|\bwithdrawn\b(?! from)|"
            r"\bremoved from (?:(?:this|the|our) )?"
            r"(?:page|site|website|list)|"
            r"\b(?:report|review) (?:has been|was) removed\b|"
            r"publication period (?:has )?(?:ended|expired)|\btaken down\b",
        ),
        (
            "delayed",
            r"\bdelayed in publication|publication (?:of \w+ )*(?:is|has been|was)? ?(?:being )?(?:delayed|"
            r"on hold|postponed|"
            r"paused|deferred)|\b(?:report|review) (?:is|has been) (?:delayed|held back)|"
            r"\bdelayed\b(?=\W*$)|"
            r"\bnot yet (?:publicly )?available\b|"
            r"awaiting publication|publication pending|\bembargoed\b|\bunder embargo\b|"
            r"\bnot yet (?:been )?published|"
            r"to be published (?:after|when|once|following)|"
            r"cannot be published (?:until|yet)|will be published (?:after|when|once|following)",
        ),
        (
            "unpublished",
            r"\bunpublished\b|\bnot (?:to be )?published\b(?! on)|decision (?:\w+ ){0,4}not to publish|"
            r"decided not to publish|"
            r"\b(?:will|would|should|shall) not be (?:being )?published|"
            r"\bnot (?:being|for) (?:published|publication)",
        ),
    )
)


def status_in(text: str) -> ReviewStatus | None:
    """How publication stands by the words of an entry or cell; None where nothing is said."""
    return next((status for status, pattern in _STATUSES if pattern.search(text)), None)


_STATUS_NOTE = re.compile(
    r"\s*+[\[(–—-]*+\s*+(?:no longer (?:published|available)|withdrawn|delayed in publication|"
    r"publication delayed|unpublished|"
    r"not (?:to be )?published|awaiting publication|publication pending)(?:\s*\([^()]*(?:19|20)\d\d\))?\W*$",
    _I,
)

_FURTHER = (
    r"(?:learning |practice |practitioner |executive |easy[- ]read |"
    r"(?:\d+|seven|six|five)[- ]min(?:ute)?s? )*"
    r"(?:briefing|summary|version|poster|bulletin|video|podcast|slides|action plan|response)s?"
)
# What a line says of a further document of its review: `Willow – 7 minute briefing available`.
_FURTHER_NOTE = re.compile(
    rf"\s*+(?:[\[(–—,|-]++\s*+)(?:an? |the |our )?{_FURTHER}(?:(?:,| and) {_FURTHER})?\s+"
    r"(?:is |are )?(?:also )?(?:now )?(?:available|attached|to follow|below|included)"
    r"(?: (?:here|below|on request|to download))?\W*$",
    _I,
)
_LAST_PART = re.compile(
    r"\s*(?:\([^()]*\)|\[[^\[\]]*\]|\s[–—-]\s+(?:(?!\s-\s)[^–—:()\[\]])*|:\s+[^–—:()\[\]]*)\W*$"
)


_OF_PUBLICATION = re.compile(
    r"^\W*(?:(?:the|this|a|our)\s+)?(?:(?:full|overview|final|executive|whole|original|associated)\s+)*"
    r"(?:reports?|reviews?|publication|summary|version|document|decision|it|awaiting|"
    r"delayed|no longer|withdrawn|"
    r"unpublished|removed|not)\b",
    _I,
)


def tells_status(sentence: str) -> bool:
    """Whether a sentence says nothing but how publication stands: `The full report is not yet available.`"""
    return (
        len(sentence.split()) <= 30
        and status_in(sentence) is not None
        and bool(_OF_PUBLICATION.match(sentence))
    )


def without_note(text: str) -> str:
    """A line less what it says at its end of how publication stands, and of further documents."""
    part = _LAST_PART.search(text)
    if part and part.start() and len(part[0].split()) <= 12 and status_in(part[0]):
        text = text[: part.start()]
    return _FURTHER_NOTE.sub("", _STATUS_NOTE.sub("", text)).strip()
