"""Ages of the children at the incident: each age of a text is somebody's, and of some time.

Ages of siblings, parents and whoever did the harm are left out, and so are ages at other times: at birth,
when a child came into care, now.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.reading.facts.age_forms import ABOUT, LIST, ONE, StatedAge, ages_listed, find_ages, of_a_child
from bot.reading.facts.people import Account, account_of
from bot.reading.facts.who import Mention

When = Literal["then", "now", "other"]

_FOLLOWS = (
    r"(?=\s*(?:[,.;:)–—]|-\s|$)|\s+(?:who|was|were|is|are|had|has|with|to|in|on|at|by|from|whose|and|or|"
    r"after|when|"
    r"while|that|which|as|under|living|found|killed|died|took|being|subject|told|left|suffered|but|the|over|"
    r"between|during|he|she|they|"
    r"drowned|\w+ed)\b)"
)
_BRACKETS = re.compile(
    rf"\s*\((?:(?:male|female|boy|girl|m|"
    rf"f)\b[\s,;]*)?{ABOUT}(?:aged?\s*:?\s*)?{ABOUT}(?P<list>{LIST})(?:\s*old)?"
    r"(?:[\s,;]*(?:male|female|boys?|girls?|m|f))?\s*[,;)]",
    re.IGNORECASE,
)
_APPOSED = re.compile(
    rf"\s*(?:,|–|—|-(?=\s))\s*(?P<now>now\s+)?{ABOUT}(?P<list>{LIST})(?:\s+old)?"
    rf"(?=\s*(?:[,;.)–—]|-\s|$)|\s+and\s+(?:his|her|their)\b)",
    re.IGNORECASE,
)
_OF = re.compile(rf"\s+of\s+{ABOUT}(?P<list>{ONE}(?:\s+(?:and|or|to)\s+{ONE})?){_FOLLOWS}", re.IGNORECASE)
_WAS = re.compile(
    rf",?\s*(?:who\s+)?(?:(?P<now>(?:is|are|[’']s)(?:\s+now)?)|was|were|being|(?:had\s+)?(?:just|recently|"
    rf"only just)\s+turned)\s+(?:[a-z]+ly\s+)?{ABOUT}"
    rf"(?P<list>{LIST})(?:\s*old)?{_FOLLOWS}",
    re.IGNORECASE,
)
_THEN = re.compile(
    rf",?\s*\(?(?:both\s+|all\s+)?(?:then|now)\s+{ABOUT}(?P<list>{LIST}){_FOLLOWS}", re.IGNORECASE
)
_LINK = re.compile(
    r"(?:[\s,(–—-]|\b(?:who|was|were|then|both|all|each|just|only|nearly|almost|still|respectively|not|yet|"
    r"about|"
    r"around|under|over|less|than|the|and|being|some|approximately|a|an|at|between|ranging|(?P<now>is|are|"
    r"now|currently))\b)*",
    re.IGNORECASE,
)
# What is told beside an age of another time: how a child came, moved and was looked after.
_LIFE_COURSE = (
    r"(?:born|moved|arrived|came|come|coming|placed|adopted|removed|entered|began|begun|started|left (?:home|"
    r"school|care|the)|met|"
    r"separated|made subject|made the subject|first (?:known|seen|referred|came)|taken into|went into|"
    r"discharged|diagnosed|excluded|turned|previous\w*|earlier|immunis\w+|registered|looked after|in care|"
    r"accommodated|permanently)"
)
_OTHER_TIME = re.compile(
    rf"\b(?:since|until|before|from|by|for|over|between)\s+(?:the\s+)?(?:age\s+of\s+)?(?:about |just )?"
    rf"(?:(?:he|she|they|it|\w+)\s+)?$|"
    r"\b(?:pregnan\w+|booked)\b(?![^.;]*\b(?:died|dead|found)\b)[^.;]*$|"
    rf"\b(?:since|until|before|from|between)\b[^.;]{{0,20}}$|\b{_LIFE_COURSE}\b[^.;]*$|^earlier\b|"
    r"\bturned $|\bonly (?:live|have)\b",
    re.IGNORECASE,
)
_LINKED_OTHER = re.compile(
    r"\b(?:since|until|before|from the time|between|previous\w*|in the years)\b[^,.;]{0,30}$", re.IGNORECASE
)
_HAD_WHEN = re.compile(r"(?:\bhad\b|[’']d\b|\b" + _LIFE_COURSE + r"\b)[^;.]*\bwhen\s*$", re.IGNORECASE)
_CAME_WHEN = re.compile(
    rf"[\s,]*(?:years? old |old )?when (?:\w+ ){{1,3}}?(?:was |were |had |first ){{0,2}}(?:first |"
    rf"been )?{_LIFE_COURSE}\b",
    re.IGNORECASE,
)
_AND_WHEN = re.compile(rf"[^.;]{{0,80}}?\band (?:only |just )?(?P<list>{ONE})(?: old)? when\b", re.IGNORECASE)
_CLAUSE = re.compile(
    r"[;:]\s|,\s(?:and|but|while|who|whose|which|when)\s|\b(?:when|while|although|but|because)\b"
)
_PLUPERFECT = re.compile(r"\bhad\b(?! (?:no|a|an|the)\b)[^.;]*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Ages as told of one mention, and of when they are."""

    start: int
    end: int
    ages: tuple[str, ...]
    mention: Mention | None
    when: When


def ages_of(text: str) -> tuple[str, ...]:
    """The ages of the child or children at the incident, in the order in which they are told."""
    told = [one for one in ages_told(text) if one.mention is None or one.mention.who == "child"]
    then = [age for one in told if one.when == "then" for age in one.ages if of_a_child(age)]
    now = [age for one in told if one.when == "now" for age in one.ages if of_a_child(age)]
    return tuple(dict.fromkeys(then or now))


def ages_told(text: str) -> list[Told]:
    """Every age of a text, with whose it is and when."""
    account = account_of(text)
    stated = find_ages(text)
    told = [*_beside_people(account, stated)]
    covered = {place for one in told for place in range(one.start, one.end)}
    told += [_linked(account, age) for age in stated if covered.isdisjoint(range(age.start, age.end))]
    return sorted(told, key=lambda one: one.start)


def _beside_people(account: Account, stated: Sequence[StatedAge]) -> Iterator[Told]:
    """The ages within a phrase or right after it: `a 9-year-old boy`, `Child Q (8)`, `a boy of 9`, `Kit was "
    "15`."""
    ends, starts = 0, [age.start for age in stated]
    for mention in account.mentions:
        phrase = mention.phrase
        if phrase.kind in ("he", "they"):
            patterns = [_WAS] if phrase.head in ("he", "she", "they") else []
        else:
            for age in stated[bisect_left(starts, phrase.start) : bisect_left(starts, phrase.end)]:
                if age.start >= ends:
                    yield Told(start=age.start, end=age.end, ages=age.ages, mention=mention, when="then")
            patterns = [] if phrase.owner else [_BRACKETS, _THEN, _APPOSED, _OF, _WAS]
        match = next(
            (found for pattern in patterns if (found := pattern.match(account.text, phrase.end))), None
        )
        if (
            match
            and match.end() > ends
            and not re.match(r"\s*(?:per cent|%)", account.text[match.end() : match.end() + 20])
        ):
            ends = match.end()
            yield _beside(account, mention, match)
            again = _AND_WHEN.match(account.text, ends) if match.re is _WAS else None
            if again:
                yield _beside(account, mention, again)


def _beside(account: Account, mention: Mention, match: re.Match[str]) -> Told:
    when: When = "now" if match.re in (_WAS, _APPOSED) and match["now"] else "then"
    if match.re is _THEN and "now" in match[0].casefold():
        when = "now"
    before = account.before(mention.start)
    if match.re is _WAS and (
        _HAD_WHEN.search(before)
        or _LINKED_OTHER.search(before)
        or _CAME_WHEN.match(account.text, match.end())
    ):
        when = "other"
    return Told(
        start=match.start(), end=match.end(), ages=ages_listed(match["list"]), mention=mention, when=when
    )


def _linked(account: Account, age: StatedAge) -> Told:
    """An age that is one by its form: of the person right before it, else of whom its clause is about."""
    before, after = account.around(age.start)
    near = [one for one in before if not one.phrase.owner]
    if near and near[-1].phrase.head not in ("his", "her", "their", "him", "them"):
        last = near[-1]
        words = account.before(last.start)
        link = _LINK.fullmatch(account.text, last.end, age.start)
        at = age.form in ("at", "birthday") or re.search(r"\bat (?:the )?$", account.before(age.start))
        if link and (last.who == "child" or not at):
            came = _HAD_WHEN.search(words) or _CAME_WHEN.match(account.text, age.end)
            earlier = came or (not last.named and _LINKED_OTHER.search(words))
            when: When = "other" if earlier else "now" if link["now"] else "then"
            return Told(start=age.start, end=age.end, ages=age.ages, mention=last, when=when)
    clause = _CLAUSE.split(account.before(age.start))[-1]
    subject = next((one for one in near if one.start >= age.start - len(clause)), None)
    if subject is None:
        subject = next((one for one in (*near, *after) if not one.phrase.owner), None)
    when = "other" if _at_another_time(account, age, clause) else "then"
    return Told(start=age.start, end=age.end, ages=age.ages, mention=subject, when=when)


def _at_another_time(account: Account, age: StatedAge, clause: str) -> bool:
    """Whether an age is told with how life went before: `placed at 8 months`, `seen at five weeks`."""
    if _OTHER_TIME.search(clause):
        return True
    if _PLUPERFECT.search(account.before(age.start) if age.form == "at" else clause):
        return True
    fronted = age.form != "aged" and not re.match(r"(?i)[\s,]*in|.*\b(?:was|were)\s+$", clause)
    return fronted and bool(
        re.match(r"[^.;]{0,40}?\bhad (?:been|not)\b", account.text[age.end : age.end + 60])
    )
