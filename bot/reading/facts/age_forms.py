"""The forms of an age in a text: `8-day-old`, `aged 3 and 5`, `14yrs`, `4/12`, `two and a half`, a birthday.

Only how an age is written; whose it is, and when, is told by `people`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Form = Literal["old", "aged", "at", "birthday"]

_TO_NINETEEN = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_NTH = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth"
)
_ONES = _TO_NINETEEN.split()
_WORDS = (
    {word: number for number, word in enumerate(_ONES)}
    | {ten: 10 * number for number, ten in enumerate(_TENS.split(), 2)}
    | {
        f"{ten}-{one}": 10 * number + count
        for number, ten in enumerate(_TENS.split(), 2)
        for count, one in enumerate(_ONES[1:10], 1)
    }
)
_ORDINALS = {word: number for number, word in enumerate(_NTH.split(), 1)}
_UNITS = {"d": "day", "w": "week", "m": "month", "y": "year"}
_FRACTIONS = {"12": "month", "52": "week", "7": "day"}  # `4/12` in doctors' notes is four months

NUMBER = (
    r"(?:\d{1,2}(?![\d%]|[.:,/]\d)|(?:" + "|".join(sorted(_WORDS, key=len, reverse=True)) + r")(?!teen|ty))"
)
UNIT = r"(?:days?|weeks?|wks?|months?|mths?|years?|yrs?|y/?o)"
_HALF = r"[\s-]and[\s-]a[\s-]half"
_COMPOUND = rf"{NUMBER}[\s-]*(?:years?|yrs?)(?:[\s,-]*(?:and|&))?[\s,-]*{NUMBER}[\s-]*(?:months?|mths?)"
ONE = (
    rf"(?:{_COMPOUND}|\d{{1,2}}/(?:12|52|7)\b|{NUMBER}{_HALF}(?:[\s-]*{UNIT})?|"
    rf"(?:{NUMBER}|an?(?=\s+(?:day|week|month|year)))[\s-]*{UNIT}\b|{NUMBER}\b)"
)
# A number that counts the next noun is no age: `aged 6 and three siblings`.
_COUNTS = (
    r"(?!\s+(?:of|other|more|further|(?!(?:was|is|has|as|this|his|months|weeks|days|years)\b)[a-z]+s|"
    r"children|people|men|women)\b)"
)
LIST = (
    rf"{ONE}{_COUNTS}(?:(?:\s*,\s*(?:and\s+)?|\s+(?:and|to|or)\s+|\s*(?:[-–&]|/(?!\d+/))\s*)"
    rf"(?:aged\s+|of\s+)?{ONE}{_COUNTS}){{0,11}}"
)
ABOUT = (
    r"(?:(?:only|just|nearly|almost|about|around|approximately|barely|some|under|over|less than|not yet|"
    r"still|then|now|between|from|also|all|both|each|either)\s+){0,3}"
)

_OLD = re.compile(
    rf"\b(?P<list>(?:(?:{NUMBER}|an?)\s*(?:-?,|-?\s+(?:to|and|or)\b|-(?:to|and|or)-|-|–)\s*){{0,3}}{ONE})"
    r"(?:[\s-]+olds?|(?<=[\dyY/]o))\b",
    re.IGNORECASE,
)
_OLD_ENDS = re.compile(r"olds?\b|(?<=[\dyY/])o\b", re.IGNORECASE)
_AGED = re.compile(
    rf"\b(?:aged?|ages)\s*:?\s+(?:of\s+)?{ABOUT}(?P<list>{LIST})(?!\s*(?:times|days? (?:after|before)))",
    re.IGNORECASE,
)
_OF_AGE = re.compile(rf"\b(?P<list>{LIST}) of age\b", re.IGNORECASE)
_AT = re.compile(
    rf"\b(?P<before>at|lived(?:\s+for)?)\s+(?:just\s+|only\s+|about\s+|"
    rf"around\s+)?(?P<list>{ONE})(?=\s*(?:[,.;)]|with\b|of\b|and\b|"
    r"from\b|in\b|after\b|when\b|he\b|she\b|they\b|$))",
    re.IGNORECASE,
)
_AT_SIXTEEN = re.compile(
    r"(?:^|(?<=[.,] ))At (?:just |only )?(?P<list>1[3-7]|thirteen|fourteen|fifteen|sixteen|"
    r"seventeen)(?=,? (?:he|she|they|[A-Z]))"
)
_BIRTHDAY = re.compile(
    r"\b(?P<side>before|until|of|from|after|on|following|since|around|near|with)\s+(?:his|her|their|a|"
    r"[\w’'-]+['’]s)\s+"
    rf"(?P<nth>{'|'.join(_ORDINALS)}|\d{{1,2}}(?:st|nd|rd|th))\s+birthday\b",
    re.IGNORECASE,
)
_NOT_AN_AGE = re.compile(
    r"['’]?\s*(?:pregnan|gestation|later|earlier|before|ago\b|after|into|apart|premature|"
    r"in (?:prison|custody))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedAge:
    """Ages as one place of a text states them, each as `N days|weeks|months|years`, and where that stands."""

    start: int
    end: int
    ages: tuple[str, ...]
    form: Form


@lru_cache(maxsize=64)  # the same words are asked for people and for ages
def find_ages(text: str) -> tuple[StatedAge, ...]:
    """Every age that is one by its form alone, in order. A bare number needs its person: see `people`."""
    found: list[StatedAge] = []
    forms: tuple[tuple[re.Pattern[str], Form], ...] = (
        (_OLD, "old"),
        (_OF_AGE, "at"),
        (_AGED, "aged"),
        (_AT, "at"),
        (_AT_SIXTEEN, "aged"),
    )
    taken: set[int] = set()
    for pattern, form in forms:
        for match in _found(pattern, text):
            if not taken.isdisjoint(range(match.start(), match.end())):
                continue
            if pattern is _AT and (
                not re.search(r"[a-z]", match["list"]) or match["list"].casefold() in _WORDS
            ):
                continue  # `at 6` and `at ten` are hours
            of_age = form == "old" or re.match(r"(?i)ag", match[0])  # `at the age of 17 after ...`
            if (of_age or not _NOT_AN_AGE.match(text, match.end())) and not _under(text, match):
                ages = ages_listed(match["list"])
                found.append(StatedAge(start=match.start(), end=match.end(), ages=ages, form=form))
                taken.update(range(match.start(), match.end()))
    for match in _BIRTHDAY.finditer(text):
        years = _ordinal(match["nth"]) - (match["side"].casefold() in ("before", "of", "from", "until"))
        if years > 0 and match["side"].casefold() not in ("since", "until"):
            found.append(
                StatedAge(start=match.start(), end=match.end(), ages=(_age(years, "year"),), form="birthday")
            )
    return tuple(sorted(found, key=lambda age: age.start))


def _found(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """The matches of a pattern, looked for only where they can be: `old` is rarer than numbers."""
    if pattern is _OF_AGE and "of age" not in text.casefold():
        return
    if pattern is not _OLD:
        yield from pattern.finditer(text)
        return
    done = 0
    for end in _OLD_ENDS.finditer(text):
        match = next(
            pattern.finditer(text, max(done, end.start() - 120), min(end.end() + 1, len(text))), None
        )
        if match is not None:
            done = match.end()
            yield match


def _under(text: str, match: re.Match[str]) -> bool:
    """Whether it is a bound of years, `under five`, `over 16`, which is nobody's age."""
    bound = re.search(
        r"\b(?:under|over|below|above|less than|more than)\s+", text[max(0, match.start() - 12) : match.end()]
    )
    return bool(bound) and not re.search(r"days?|weeks?|wks?|months?|mths?", match["list"], re.IGNORECASE)


_PARTS = re.compile(
    rf"(?P<compound>{_COMPOUND})|(?P<fraction>\d{{1,2}}/(?:12|52|7)\b)|"
    rf"(?P<number>{NUMBER}|\ban?(?=\s))(?P<half>{_HALF})?(?:[\s-]*(?P<unit>{UNIT})\b)?",
    re.IGNORECASE,
)


def ages_listed(text: str) -> tuple[str, ...]:
    """`3, 7, 9 and 16 weeks` and `9 months to 14 years`: a unit serves the numbers before it."""
    ages: list[str] = []
    unit = "year"
    for part in reversed(list(_PARTS.finditer(text))):
        if part["compound"]:
            years, months = (_number(number) for number in re.findall(NUMBER, part[0], re.IGNORECASE))
            ages.append(f"{_age(years, 'year')} {_age(months, 'month')}" if months else _age(years, "year"))
        elif part["fraction"]:
            number, of = part["fraction"].split("/")
            ages.append(_age(int(number), _FRACTIONS[of]))
        else:
            unit = _UNITS[part["unit"][0].casefold()] if part["unit"] else unit
            half = " 6 months" if part["half"] and unit == "year" else ""
            ages.append(_age(_number(part["number"]), unit) + half)
    return tuple(age for age in reversed(ages) if not age.startswith("0 "))


def of_a_child(age: str) -> bool:
    """Whether somebody of this age could be the child of a review: up to 18 years."""
    number, unit = age.split()[:2]
    return not (unit.startswith("year") and int(number) > 18)


def _number(text: str) -> int:
    folded = text.casefold()
    return int(folded) if folded.isdigit() else _WORDS.get(folded, 1)


def _ordinal(text: str) -> int:
    return _ORDINALS.get(text.casefold()) or int(re.sub(r"\D", "", text))


def _age(count: int, unit: str) -> str:
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
