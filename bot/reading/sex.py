"""The sex of the child or children: by the nouns used of them, else by the pronouns."""

from __future__ import annotations

import re
from typing import Literal

from bot.reading.people import own_part, sentences_of

_NOUN = re.compile(
    r"\b(?P<male>boys?|sons?|brothers?|young m[ae]n|male (?:baby|infant|child))\b|"
    r"\b(?P<female>girls?|daughters?|sisters?|young wom[ae]n|female (?:baby|infant|child))\b",
    re.IGNORECASE,
)
_GROUP = re.compile(
    r"\b(?:(?:two|three|four|five|six|seven|eight|nine|ten|several|\d{1,2}|the|"
    r"all)\s+(?:\w+\s+){0,2}?(?:children|siblings|babies|infants|"
    r"young people|twins)|(?<!his )(?<!her )(?<!their )(?<!older )siblings|both children)\b",
    re.IGNORECASE,
)
_PRONOUN = re.compile(
    r"\b(?P<male>he|him|his|himself)\b|\b(?P<female>she|her|hers|"
    r"herself)\b",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"\b(?:mother|mum|father|dad|parents?|partner|boyfriend|girlfriend|uncle|aunt|grand\w+|m[ae]n|wom[ae]n|"
    r"carer|step\w+|"
    r"male \w|worker|nurse|doctor|officer|sister|brother|cousin|student)\b",
    re.IGNORECASE,
)
_KIN = re.compile(
    r"\b(?:half-|step-?|older |elder |younger |little |big )?(?:brothers?|sisters?|"
    r"siblings)\b",
    re.IGNORECASE,
)

_BESIDE = re.compile(
    r"\band (?:(?P<his>his)|her) (?:\w+ )?(?:(?P<brother>brothers?)|sisters?)(?=,? (?:aged|\d|who))",
    re.IGNORECASE,
)
_AND_SIBLINGS = re.compile(
    r"\b[A-Z]\w+ (?:and|or) (?:(?P<male>his)|(?P<female>her)) (?:\w+ )?(?:siblings?|brothers?|sisters?|"
    r"family)\b"
)

Sex = Literal["male", "female", "mixed"]


def sex_of(text: str, *, whole: str = "", several: bool = False) -> Sex | None:
    """The sex of the child or children: by the nouns used of them, else by the pronouns.

    `several`: the title is of more than one child, who may be told of one a sentence.
    """
    own = own_part(text)
    sentences = sentences_of(own)
    if several:
        kinds = {kind for sentence in sentences[:3] if (kind := _sex_of_nouns(sentence))}
        found = "mixed" if len(kinds) > 1 else kinds.pop() if kinds else None
        return None if found and _one_of_many(own, " ".join(sentences[:3]), found) else found
    for sentence in sentences[:4]:
        found = _sex_of_nouns(sentence)
        if found:
            return None if _one_of_many(own, sentence, found) else found
        if _PRONOUN.search(sentence) and not _GROUP.search(sentence):
            break
    if _GROUP.search(sentences[0] if sentences else ""):
        return None
    return _sex_of_pronouns(own) or _sex_by_parent(text) or _sex_of_pronouns_of_baby(whole)


_OF_ANOTHER = re.compile(r"\b(?:older|elder|half-|step-?|with|by|to|and|from|of)\s*(?:his|her|their)?\s*$")
_TOLD_TOO = re.compile(r"(?:old|aged [\w ,]+|and (?:his|her))\s*$")


def _sex_of_nouns(sentence: str) -> Sex | None:
    """`two girls and a boy` is mixed; `his sister`, beside nobody else, is another child."""
    kinds: dict[str, bool] = {}
    beside = _BESIDE.search(sentence)
    if beside:
        kinds = {"male" if beside["his"] else "female": True, "male" if beside["brother"] else "female": True}
    for match in _NOUN.finditer(sentence):
        before = sentence[: match.start()]
        if _KIN.fullmatch(match[0]) and _OF_ANOTHER.search(before) and not _TOLD_TOO.search(before):
            continue
        if re.match(r",? aged\b", sentence[match.end() :]):
            kinds[str(match.lastgroup)] = True
            continue
        if (
            re.search(r"\b(?:his|her|their|mother’s|mother's)\s+(?:\w+\s+)?$", before)
            and not kinds
            and not re.search(r"-old\s*$", before)
        ):
            continue
        kinds[str(match.lastgroup)] = True
    if len(kinds) == 2:
        return "mixed"
    return "male" if "male" in kinds else "female" if "female" in kinds else None


def _one_of_many(text: str, sentence: str, found: Sex) -> bool:
    """Whether the noun is of one child where the review is of several."""
    if found == "mixed":
        return False
    first = sentences_of(text)[0]
    several = _GROUP.search(first)
    return several is not None and not re.search(
        r"\b(?:boys|girls|brothers|sisters|sons|daughters)\b", sentence, re.IGNORECASE
    )


def _sex_of_pronouns(text: str) -> Sex | None:
    """The first pronoun that no other person stands before in its sentence."""
    for sentence in sentences_of(text):
        match = _PRONOUN.search(sentence)
        if match and not _PERSON.search(sentence[: match.start()]):
            return "male" if match.lastgroup == "male" else "female"
    beside = _AND_SIBLINGS.search(text)
    return None if beside is None else "male" if beside["male"] else "female"


_BY_PARENT = re.compile(
    r"\bby (?:(?P<male>his)|(?P<female>her)) (?:\w+ )?(?:father|mother|parents?|step\w+|brother|uncle|"
    r"grand\w+|carers?)\b"
)


def _sex_by_parent(text: str) -> Sex | None:
    """`killed by her father` tells of a girl."""
    match = _BY_PARENT.search(text)
    return None if match is None else "male" if match["male"] else "female"


def _sex_of_pronouns_of_baby(text: str) -> Sex | None:
    for match in re.finditer(
        r"\b(?:the |with |about )?baby(?!['’])\b(?P<gap>[^.;]{0,60})", text, re.IGNORECASE
    ):
        pronoun = _PRONOUN.search(match["gap"])
        if (
            pronoun
            and not _PERSON.search(match["gap"][: pronoun.start()])
            and not re.search(
                r"(?:mum|mother|parents?)\b[^.;]{0,40}$",
                text[max(0, match.start() - 60) : match.start()],
                re.IGNORECASE,
            )
        ):
            return "male" if pronoun.lastgroup == "male" else "female"
    return None
