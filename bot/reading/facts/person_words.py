"""The words for people: nouns, codes, names and pronouns, and the noun phrases that are built of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Sex = Literal["male", "female"]
Kind = Literal["child", "kin", "adult", "name", "he", "they"]

# Kind and sex, then the nouns. Where one word begins another, the longer stands first.
_NOUNS: tuple[tuple[Kind, Sex | None, str], ...] = (
    (
        "adult",
        "male",
        "(?:step-?|grand|god|foster )?fathers?|(?:step-?|grand)?dads?|daddy|grandpa|taid|uncles?|husbands?|"
        "boyfriends?|fianc[eé]|gentlem[ae]n|widower|(?:police|work|fire)m[ae]n|lads?|m[ae]n",
    ),
    (
        "adult",
        "female",
        "(?:step-?|grand|god|foster )?mothers?|(?:step-?)?mum(?:my)?s?|mam|nain|gran|nan|aunts?|auntie|wife|"
        "wives|"
        "girlfriends?|fianc[eé]e|lad(?:y|ies)|widow|midwi(?:fe|ves)|wom[ae]n",
    ),
    (
        "adult",
        None,
        "(?:step-?|grand|foster )?parents?|partners?|carers?|adults?|guardians?|perpetrators?|offenders?|"
        "teachers?|"
        "head ?teachers?|nurses?|doctors?|gps?|workers?|officers?|lodgers?|neighbours?|strangers?|"
        "volunteers?|"
        "students?|relatives?|relations?|friends?|drivers?|staff|tutors?|instructors?|couple|associates?|"
        "landlords?|"
        "paramedics?|coroner|judge|pastor|imam|childminders?|residents?|coach(?:es)?|housemates?|tenants?|"
        "visitors?|passers?-by|babysitters?|nann(?:y|ies)|employees?|assistants?|colleagues?|professionals?|"
        "practitioners?|managers?|consultants?|psychiatrists?|family members?|household members?|suspects?|"
        "assailants?",
    ),
    ("kin", "male", "(?:half-?|step-?|foster |twin )?brothers?"),
    ("kin", "female", "(?:half-?|step-?|foster |twin )?sisters?"),
    ("kin", None, "(?:half-?|step-?|foster |twin )?siblings?|cousins?"),
    ("child", "male", "young m[ae]n|(?:school)?boys?|(?:step-?|grand|foster )?sons?|nephews?|young males?"),
    (
        "child",
        "female",
        "young wom[ae]n|young lad(?:y|ies)|(?:school)?girls?|(?:step-?|grand|foster )?daughters?|nieces?|"
        "young females?",
    ),
    ("child", "male", "males?"),
    ("child", "female", "females?"),
    (
        "child",
        None,
        "young (?:person|people|adults?|ones?)|(?:school|foster )?child(?:ren)?|bab(?:y|ies)|infants?|"
        "toddlers?|"
        "teenagers?|adolescents?|youths?|youngsters?|kids?|pupils?|new-?borns?|neonates?|twins?|triplets|"
        "care leavers?|under-?fives?|minors|youngest|eldest|oldest|young parents?|victims?",
    ),
)
_SEVERAL = re.compile(r"(?:s|children|people|babies|men|women|wives|staff|couple)$", re.IGNORECASE)
_HEAD = "|".join(f"(?P<n{number}>{nouns})" for number, (_, _, nouns) in enumerate(_NOUNS))
_ANY_HEAD = "|".join(nouns for _, _, nouns in _NOUNS)

# `child protection plan`, `children's home`, `pupil referral unit`, `baby monitor`: no person is meant.
_NO_PERSON = (
    r"(?!\s*['’]?s?['’]?\s+(?:and (?:adolescent|young people['’]s|families)|protection|in need|sexual|"
    r"safeguarding|exploitation|abuse|practice|services?|social|homes?|wards?|hospitals?|centres?|units?|"
    r"care|health|clinics?|monitors?|food|seats?|schools?|referral|benefits?|trust|department|guardian|"
    r"academy|college|house|hostel|evening|records?|nursing|trafficking|panel|minding|arrangements?|court|"
    r"mental|club|justice|offending|court|institution|custody|hearing|society|partnership|strategic|"
    r"commissioner|board|reporter|plan|act|line|deaths? (?:review|overview)|boxes|bath|milk|team|reviews?|"
    r"and baby (?:unit|placement|assessment|home)|"
    r"in training|figure)\b)(?!ren['’]s)(?!-)"
)
_DET = (
    r"(?:(?:an?|the|this|these|those|his|her|their|its|my|our|both|all|each|every|any|either|neither|another|"
    r"no|some|several|many|one|two|three|four|five|six|seven|eight|nine|ten|\d{1,2})(?:\s+of)?)"
)
_STOP = (
    rf"(?:{_DET}|\d{{4}}|of|in|on|at|by|with|to|from|for|after|before|during|while|when|where|under|over|"
    rf"about|between|"
    r"into|against|towards?|through|without|within|until|since|than|as|like|via|and|or|but|nor|because|if|so|"
    r"who|whom|whose|which|what|that|how|why|he|she|they|it|him|them|we|you|is|are|was|were|be|been|being|"
    r"has|have|had|having|do|does|did|not|will|would|may|might|can|could|must|should|found|told|died|"
    r"killed|called|said|took|hurt|left|met)(?![\w’'-])"
)
_PHRASE = re.compile(
    rf"(?<![\w’'-])(?P<det>(?:{_DET}\s+){{0,3}})(?P<mods>(?:[“‘\"(]?(?!{_STOP})[\w’'/&-]+[”’\")]?,?\s+){{0,6}}?)"
    rf"(?:ex-|co-)?(?:{_HEAD})\b(?!\s+(?!(?-i:Child|Baby|Young Person) )(?:{_ANY_HEAD})\b){_NO_PERSON}"
    r"(?P<name>(?-i:\s+[“‘\"]?(?:(?:Child |Baby |Young Person )?[A-Z][\w/’-]*?(?:['’](?!s)\w+)?|"
    r"\d{1,2}(?:/\d{4})?(?!\d))[”’\"]?"
    r"(?:,? (?:and|&) (?:[A-Z]|[A-Z][A-Z\d]{1,3}|(?!(?:Child|Baby|Young|Mother|Father|Mum|Dad)\b)[A-Z][a-z]+|"
    r"\d)\b)?(?![\w]))?(?!\s*[-\s](?:day|week|month|year)))?"
    r"(?P<of>['’](?:s\b|(?<=s['’])))?",
    re.IGNORECASE,
)
_TITLED = re.compile(r"\b(?P<title>Mr|Mrs|Ms|Miss|Dr|Adult|Male|Female)\.? (?P<name>[A-Z][\w'’-]*)")

# Words that open a sentence with a capital and are no names.
_OPENERS = (
    "A Abuse Adult After Agencies Alcohol All Allegations Ambulance An Another Any April As At Attendance "
    "August Authority Autumn Baby Before Board Both Boy By Care Child Children Christmas Committee "
    "Concerns Contact Council Court Covid Dad Death Deaths December Domestic Drugs During Each Easter "
    "Education Eight Either Emotional Every Everyone Everything Evidence Family Father February Female "
    "Five For Four Friday From Girl Government Group Half He Health Her Here His Home Hospital Housing "
    "How If In Infant Information Injuries Injury It Its January July June Little Male Many March May "
    "Medication Monday Most Mother Much Mum Murder Neglect Neither Nine No Nobody None Nothing November "
    "Nursery October On One Panel Parents Partner Partnership Person Physical Police Previous Records "
    "Referral Referrals Review Saturday School September Service Services Seven Several Sexual She "
    "Siblings Since Six Social Society Some Somebody Someone Spring Staff Suicide Summer Sunday Support "
    "Team Ten That The Their There These They This Those Three Thursday To Toddler Trust Tuesday Twin Two "
    "Unborn Until Violence We Wednesday What When Where Which While Who Why Winter You Young "
)
_NOT_NAMES = frozenset(_OPENERS.split())
_NAME = re.compile(
    r"(?<![\w’'-])(?P<name>[A-Z](?![a-z]+(?:ings?|ments?|ions?|als|ers|irs|"
    r"ies)\b)[a-zéëïöü]+(?:-[A-Z][a-z]+)?(?: \d{1,2}(?!\d))?)(?P<and>(?:, [A-Z][a-z]+)? (?:and|"
    r"&) [A-Z][a-z]+)?"
    r"(?P<of>['’]s\b)?(?=\s*\(\d|,? (?:who|then)\b|,? aged\b|, (?:an?|the|his|her) |, (?:\d{1,2}\b|"
    r"[a-z-]+(?:,|"
    r" years? old| months? old))|"
    r" (?:was|were|is|had|has|died|took|lived|told|went|drowned|collapsed|suffered|and (?:his|her|their))\b|"
    r",? as )"
)
_LETTERS = re.compile(
    r"(?<![\w’'-])(?!(?:I|A|GP|HV|SW|ED|TV|IT|UK|CP)\b)(?P<name>[A-Z]{1,2}\d{0,2})(?P<of>['’]s\b)?(?= (?:was|"
    r"is|had|has|died|"
    r"told|took|lived)\b|, aged\b|, who\b|['’]s (?:mother|father|parents)\b)"
)
_PRONOUN = re.compile(
    r"\b(?:(?P<male>he|him|his|himself)|(?P<female>she|her|hers|herself)|(?P<they>they|them|their))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A noun phrase, name or pronoun for people: what stands there, not yet who is meant."""

    start: int
    end: int
    kind: Kind
    sex: Sex | None = None
    several: bool = False
    det: str = ""
    mods: str = ""
    head: str = ""
    named: bool = False
    owner: bool = False  # `the father's methadone`: not the father is spoken of, but what is his


def phrases_in(text: str) -> list[Phrase]:
    """Every phrase for people in a text, in order."""
    found = [*_nouns(text)]
    taken = {place for phrase in found for place in range(phrase.start, phrase.end)}
    found += [name for name in _names(text) if name.start not in taken]
    nouns = {phrase.start for phrase in found}
    for match in _PRONOUN.finditer(text):
        sex: Sex | None = "male" if match["male"] else "female" if match["female"] else None
        found.append(
            Phrase(
                start=match.start(),
                end=match.end(),
                kind="they" if sex is None else "he",
                sex=sex,
                several=sex is None,
                head=match[0].casefold(),
                owner=match.start() in nouns,
            )
        )
    return sorted(found, key=lambda phrase: (phrase.start, -phrase.end))


def _names(text: str) -> Iterator[Phrase]:
    """`Kit was`, `Juno, 17,`, `K had`: a name is one by what follows it."""
    for match in (*_NAME.finditer(text), *_LETTERS.finditer(text)):
        if match["name"].split()[0] not in _NOT_NAMES:
            yield Phrase(
                start=match.start(),
                end=match.end(),
                kind="name",
                several=bool(match.groupdict().get("and")),
                named=True,
                head=match["name"],
                owner=bool(match["of"]),
            )


def _nouns(text: str) -> Iterator[Phrase]:
    titled = {match.start(): match for match in _TITLED.finditer(text)}
    for match in titled.values():
        sex: Sex | None = {"Mr": "male", "Male": "male", "Dr": None, "Adult": None}.get(
            match["title"], "female"
        )
        yield Phrase(
            start=match.start(), end=match.end(), kind="adult", sex=sex, named=True, head=match["title"]
        )
    for match in _PHRASE.finditer(text):
        number = next(number for number in range(len(_NOUNS)) if match[f"n{number}"])
        kind, sex, _ = _NOUNS[number]
        head = match[f"n{number}"]
        if match.start(f"n{number}") in titled or (
            "male" in head.casefold() and not re.search(r"old\b|yo\b|y/o", match["mods"], re.IGNORECASE)
        ):
            continue
        if sex is None and (told := re.search(r"\b(?:fe)?male\b", match["mods"], re.IGNORECASE)):
            sex = "female" if told[0].casefold() == "female" else "male"
        yield Phrase(
            start=match.start(),
            end=match.end(),
            kind=kind,
            sex=sex,
            several=bool(_SEVERAL.search(head)),
            det=match["det"].casefold().strip(),
            mods=match["mods"].casefold(),
            head=head.casefold(),
            named=bool(match["name"]),
            owner=bool(match["of"]),
        )
