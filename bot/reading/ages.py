"""Ages of the children at the incident, in every form that reviews give them.

Ages of other people (whoever did the harm, parents, carers) and ages at other times are left out.
"""

from __future__ import annotations

import re

from bot.reading.people import own_part

_UNITS = {
    "day": "day",
    "week": "week",
    "wk": "week",
    "month": "month",
    "mth": "month",
    "year": "year",
    "yr": "year",
}
_NUMBERS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty"
)
_WORDS = {word: number for number, word in enumerate(_NUMBERS.split())} | {"a": 1, "an": 1}
_N = r"(?:\d{1,3}|" + "|".join(word for word in _WORDS if len(word) > 2) + r")"
_UNIT = r"(?:day|week|wk|month|mth|year|yr)s?"

_COMPOUND = re.compile(
    rf"\b(?P<y>{_N})[\s-]+years?(?:[\s-]+and)?[\s,-]+(?P<m>{_N})[\s-]+months?(?P<old>[\s-]+old\b)?",
    re.IGNORECASE,
)
_OLD = re.compile(
    rf"\b(?P<n>{_N})(?:(?:\s*(?:-|–|to|and|or)\s*)(?P<n2>{_N}))?[\s-]*(?P<unit>{_UNIT})[\s-]+old\b",
    re.IGNORECASE,
)
_AGED = re.compile(
    rf"\b(?:aged|ages|age)\s+(?:of\s+|from\s+|between\s+|just\s+|about\s+|around\s+|only\s+|"
    rf"approximately\s+|under\s+)*"
    rf"(?P<list>{_N}(?:\s*{_UNIT})?(?:\s*(?:,\s*(?:and\s+)?|\s+and\s+|\s+to\s+|\s*[-–]\s*|"
    rf"\s+or\s+)(?:aged\s+)?{_N}(?!\s+of\b)(?:\s*{_UNIT})?)*)"
    r"(?!\s*(?:years? (?:in|for)|times|days? (?:after|before)))",
    re.IGNORECASE,
)
_WAS = re.compile(
    rf"\b(?:was|were|is|are|then|who was|being)\s+(?:only\s+|just\s+|nearly\s+|almost\s+)?(?P<n>{_N})"
    rf"(?=\s+(?:when|at the time|and (?:living|had))\b|\s*(?:,|\.|;|\)|$)|\s+and\b(?!\s+{_N}))",
    re.IGNORECASE,
)
_NAMED = re.compile(
    rf"^(?-i:[A-Z])[\w’'-]{{0,30}}(?: (?-i:[A-Z0-9])[\w’'-]{{0,30}}){{0,3}},\s+(?P<n>{_N}),\s", re.IGNORECASE
)
_APPOSED = re.compile(
    rf"\b(?:children|brothers|sisters|siblings|boys|girls|daughters|sons),\s+"
    rf"(?P<list>{_N}(?:,\s*{_N})*,?\s+and\s+{_N}),\s",
    re.IGNORECASE,
)
_SINCE = re.compile(
    r"\b(?:since(?: (?:she|he|they|mother|father))?(?: was| were)?|since the|born (?:at|prematurely at)|"
    r"until|before|"
    r"(?<!died )(?<!killed )at the|from the|by the|between(?: the)?|at(?: just| only)?|over the|turned|for|"
    r"had (?:\w+ ){1,8}when (?:she|he|they))\s*$",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(?:mother|father|mum|dad|parents?|step-?father|step-?mother|partner|boyfriend|girlfriend|m[ae]n|"
    r"wom[ae]n|"
    r"uncle|aunt|cousin|grand\w+|carers?|guardian|adults?|perpetrators?|offenders?|student|lodger|"
    r"neighbour|male \w|"
    r"half-(?:brother|sister)|step-(?:brother|sister))\b(?!['’]?s? and (?:his|her|their) $)[^.;]{0,14}$",
    re.IGNORECASE,
)
_OLD_OTHERS = re.compile(
    r"^[\s-]*(?!young\b)(?:\w+\s+){0,2}(?:mother|father|mum|dad|parent|man|woman|student|partner|boyfriend|"
    r"stranger|male student|carer|"
    r"cousin|uncle|aunt|perpetrator|neighbour)\b",
    re.IGNORECASE,
)


def ages_of(text: str) -> tuple[str, ...]:
    """The ages of the child or children at the incident, in the order in which they are told."""
    text = own_part(text)
    found: list[tuple[int, tuple[str, ...]]] = []
    taken: list[tuple[int, int]] = []

    def take(match: re.Match[str], ages: tuple[str, ...]) -> None:
        if any(match.start() < end and start < match.end() for start, end in taken):
            return
        taken.append(match.span())
        if ages and not _not_the_child(text, match):
            found.append((match.start(), ages))

    for match in _COMPOUND.finditer(text):
        if match["old"] or re.search(
            r"\b(?:aged?|was)\s+(?:just |only )?$", text[: match.start()], re.IGNORECASE
        ):
            take(match, (f"{_age(match['y'], 'year')} {_age(match['m'], 'month')}",))
    for match in _OLD.finditer(text):
        numbers = [match["n"], *([match["n2"]] if match["n2"] else [])]
        take(match, tuple(_age(number, match["unit"]) for number in numbers))
    for match in _AGED.finditer(text):
        take(match, _listed(match["list"]))
    for match in _APPOSED.finditer(text):
        take(match, _listed(match["list"]))
    for match in (*_WAS.finditer(text), *_NAMED.finditer(text)):
        take(match, (_age(match["n"], "year"),))
    ages = [age for _, group in sorted(found) for age in group if _of_a_child(age)]
    return tuple(dict.fromkeys(ages))


def _not_the_child(text: str, match: re.Match[str]) -> bool:
    before, after = text[max(0, match.start() - 80) : match.start()], text[match.end() : match.end() + 40]
    sentence = re.split(r"[.;]\s", before)[-1]
    if _SINCE.search(before) or _OTHERS.search(sentence) or _OLD_OTHERS.match(after):
        return True
    if match.re is _WAS and match[0].startswith("is ") and re.search(r"\b(?:brother|sister)\b", sentence):
        return True
    if re.match(r"\s+(?:were|was) (?:found guilty|convicted|charged|arrested|sentenced)", after):
        return True
    return bool(re.search(r"(?:under|over|below|above)\s+(?:the age of\s+)?$", before)) and "18" in match[0]


def _listed(text: str) -> tuple[str, ...]:
    """`3, 7, 9 and 16 weeks` and `9 months to 14 years`: a unit serves the numbers before it."""
    pairs = re.findall(rf"({_N})(?:\s*({_UNIT}))?", text, re.IGNORECASE)
    ages: list[str] = []
    unit = "year"
    for number, own in reversed(pairs):
        unit = own or unit
        ages.append(_age(number, unit))
    return tuple(reversed(ages))


def _age(number: str, unit: str) -> str:
    count = _WORDS.get(number.casefold()) or int(number) if not number.isdigit() else int(number)
    name = _UNITS[re.sub(r"s$", "", unit.casefold())]
    return f"{count} {name}" if count == 1 else f"{count} {name}s"


def _of_a_child(age: str) -> bool:
    number, unit = age.split()[:2]
    return not (unit.startswith("year") and int(number) > 18) and int(number) > 0
