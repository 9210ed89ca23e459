"""What links to older reviews are called, in English and Welsh."""

from __future__ import annotations

import re

_REVIEWS = (
    r"(?:reviews|reports|(?:scr|lcspr|cspr|cpr|sar|dhr|cmr)['’]?s|briefings|summaries|adolygiadau"
    r"|adroddiadau)"
)
_KINDS = rf"(?:{_REVIEWS}|publications|documents|news|entries|items|posts|articles|results|newyddion)"
_FILLING = (
    r"(?:our|the|all|of|for|from|in|and|to|by|published|publications?|serious|case|child(?:ren)?['’]?s?|adults?"
    r"|safeguarding|practice|local|learning|review|lessons|archived?|archives|older|previous|financial|calendar"
    r"|years?|completed|national|domestic|homicide|rapid|ymarfer|plant|diogelu|achosion|difrifol|cyhoeddwyd"
    r"|o|yn|y|yr)"
)
_YEAR = r"(?:19[89]|20[0-4])\d"
_YEARS = rf"{_YEAR}(?:\s*(?:[/–—-]|to|and|&)\s*(?:{_YEAR}|\d\d))?"
_OF_YEARS = re.compile(
    rf"(?:(?:{_FILLING}|{_KINDS}|before|pre|up|until|cyn)[\s:–—-]+)*{_YEARS}"
    rf"(?:[\s:–—-]+(?:{_FILLING}|{_KINDS}|earlier|before))*(?:\s*\(\d+\))?",
    re.IGNORECASE,
)
_MANY_REVIEWS = re.compile(rf"\b{_REVIEWS}\b", re.IGNORECASE)
_ONE_REVIEW = re.compile(
    r"\b(?:review|report|scr|l?cspr|cpr|sar|dhr|briefing|summary|adolygiad)\b", re.IGNORECASE
)
_ARCHIVE = re.compile(
    rf"(?:(?:view|see|browse|read|show|go to) )?(?:(?:our|the|all|more) )*"
    rf"(?:archived?|older|previous(?:ly published)?|past|earlier|historic(?:al)?|former)"
    rf"(?: {_FILLING})* {_KINDS}"
    rf"|(?:{_FILLING} )*{_KINDS} \(?archives?\)?"
    rf"|archives?|archifau?"
    rf"|{_KINDS}(?: {_FILLING})* (?:blaenorol|h[ŷy]n)"
    rf"|(?:view|see|browse|show) all(?: {_FILLING})* {_KINDS}"
    rf"|all(?: {_FILLING})* (?:reviews|adolygiadau)",
    re.IGNORECASE,
)
_ON = re.compile(
    rf"(?:go to |to |y )?(?:the )?(?:next|older|previous|prev|newer|earlier|more|load more|show more|last"
    rf"|(?:tudalen |dudalen )?(?:nesaf|flaenorol|olaf)|blaenorol|h[ŷy]n)(?: (?:page|{_KINDS}))?",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(?:(?:go to |ewch i )?(?:page|tudalen|dudalen) ?)?(\d{1,4})(?: (?:of|o) \d+)?", re.IGNORECASE
)
_FIRST = re.compile(
    r"(?:go to )?(?:the )?(?:first|(?:tudalen |y dudalen )?gyntaf|cyntaf)(?: page)?", re.IGNORECASE
)


def page_number(label: str) -> int | None:
    """`2`, `Page 3 of 7`, `Tudalen 4`; None where it is no number."""
    found = _NUMBER.fullmatch(label)
    return int(found[1]) if found else None


def leads_on(label: str) -> bool:
    """`Next`, `Older entries`, `Nesaf`."""
    return bool(_ON.fullmatch(label))


def leads_back_to_the_first(label: str) -> bool:
    """`First`, `Page 1`, `Cyntaf`."""
    return bool(_FIRST.fullmatch(label)) or page_number(label) in (0, 1)


def names_reviews(label: str) -> bool:
    """Whether it says itself that there are several reviews."""
    return bool(_MANY_REVIEWS.search(label))


def names_a_year(label: str) -> bool:
    """`2023`, `Reviews 2021/22`, `Before 2015`; not `Serious case review 2019`, which is one review."""
    return bool(_OF_YEARS.fullmatch(label)) and (names_reviews(label) or not _ONE_REVIEW.search(label))


def names_an_archive(label: str) -> bool:
    """`Archived reviews`, `Previously published reports`, `Archive`, `Adolygiadau blaenorol`."""
    return bool(_ARCHIVE.fullmatch(label))
