"""What came of it for the child: death, serious harm, or a concern without harm."""

from __future__ import annotations

import re
from typing import Literal

Outcome = Literal["death", "serious-harm", "other"]

_I = re.IGNORECASE
_DEATH_NOUN = re.compile(
    r"\b(?:deaths?|murders?|killings?|suicides?|homicides?|manslaughter|infanticide|filicide|drownings?|"
    r"stillbirth|fatal)\b",
    _I,
)
_NOT_FATAL = re.compile(
    r"\b(?:near[- ]fatal|near[- ]death|attempted|attempts?|threat(?:s|ened)?|non-fatal|risk of|fear of|"
    r"plot)\b",
    _I,
)
_DIED = re.compile(
    r"\b(?:died|dies|was killed|were killed|killed within|been killed|was (?:fatally|shot dead|"
    r"stabbed to death|found dead|murdered)|took (?:his|her|their) own li(?:fe|ves)|"
    r"taken (?:his|her|their) own li(?:fe|ves)|ended (?:his|her|their) (?:own )?li(?:fe|ves)|"
    r"lost (?:his|her|their) li(?:fe|ves)|could not be (?:resuscitated|revived|saved)|pronounced dead|"
    r"passed away|fatally injured|"
    r"(?:his|her|their|the (?:baby|child|boy|girl|infant)['’]s) deaths?)\b",
    _I,
)
_ADULT = re.compile(
    r"\b(?:mother|father|mum|dad|parents?|grand\w+|uncle|aunt|partner|man|woman|brother|sister|sibling|"
    r"friend|cousin|wife|husband|twin|pregnancy)\b(?:['’]s)?[^.,;]{0,24}$",
    _I,
)
_ADULT_SUBJECT = re.compile(
    r"^(?:\w+\s+){0,4}?(?:of|to|by)\s+(?:an?\s+|the\s+)?(?:(?:\d{2}|"
    r"[a-z]+)[- ]year[- ]old\s+)?(?!young\b)(?:\w+\s+){0,2}?(?:mother|father|(?<!young )woman|"
    r"(?<!young )man|adult|mr|mrs|ms)\b",
    _I,
)
_CHILD_IN = re.compile(
    r"\b(?:boys?|girls?|sons?|daughters?|bab(?:y|ies)|infants?|child(?:ren)?|toddlers?|siblings?|brothers?|"
    r"sisters?|young (?:person|people)|teenagers?|"
    r"\d{1,2}-(?:day|week|month)s?-old)\b",
    _I,
)
_HARM = re.compile(
    r"\b(?:injur\w+|harm(?:ed|s|ing)?|abus\w+|neglect\w*|assault\w*|exploit\w+|fractur\w+|broken|bruis\w+|"
    r"burn\w*|scald\w*|rap(?:e|ed)|poison\w*|"
    r"ingest\w*|methadone|hospital\w*|intensive care|stab\w*|attack\w*|haemat\w+|haemorrh\w+|bleeding|"
    r"wound\w*|mutilat\w+|suicid\w+|self-harm\w*|"
    r"starv\w+|operations?|servitude|malnourish\w+|underweight|shak(?:en|ing)|beat(?:en|ings?)|cruelty|"
    r"hurt|ill-treat\w+|grievous|removal|slapped|"
    r"trauma\w*|mark|swelling|seizures?|limp|drown\w*|overdose|trafficking|kidnap\w*|imprison\w+|"
    r"blackmail\w*|groom\w+|restrain\w+|collapse\w*|"
    r"sore|weigh\w+|ligature|life[- ](?:threatening|changing)|near[- ]fatal|asthma|fgm|torture\w*|missing|"
    r"feeding tube|emaciat\w+|squalor|filthy|"
    r"found in|degrading|shot|hungry|(?:left|been|home) alone|alone at home|abandon\w*|unsupervised)\b",
    _I,
)
_UNHARMED = re.compile(
    r"\b(?:unharmed|no one was (?:hurt|harmed|injured)|nobody was (?:hurt|harmed|injured)|was not (?:hurt|"
    r"harmed|injured)|were not (?:hurt|harmed|injured)|"
    r"without (?:injury|harm)|no harm (?:was|came))\b",
    _I,
)
_CONCERN = re.compile(
    r"^(?:an?\s+)?(?:attempts?\b.*\bto (?:travel|join|leave)|arrest|conviction|allegations?|concerns?)\b", _I
)
_HARMED_ANOTHER = re.compile(
    r"^(?:an?\s+|the\s+)?(?:stabbing|murder|killing|rape|assault|attack|manslaughter|wounding|shooting|"
    r"sexual assault|abuse|attempted murder|serious assault)\b"
    r"\s+(?:\w+\s+)?by\s+(?:an?\s+)?(?:\d{1,2}|two|three)\b",
    _I,
)
_HYPOTHETICAL = re.compile(
    r"\b(?:may|might|could|would|can)\s+(?:have\s+)?$|\bif\b[^.]*$|\bafraid\b[^.]*$|"
    r"\bwhen a child (?:has )?$",
    _I,
)


def tells_of_harm(text: str) -> bool:
    """Whether the words tell of harm or death."""
    return bool(
        _HARM.search(text) or _DIED.search(text) or _DEATH_NOUN.search(text) or _UNHARMED.search(text)
    )


def outcome_of(incident: str, *, title: str = "", intro: str = "") -> Outcome | None:
    """The worst that is told of a child; an adult's death and a concern without harm are `other`."""
    if incident:
        return _told(incident) or (_told(intro) if intro else None)
    if (
        _DEATH_NOUN.search(title)
        and not _NOT_FATAL.search(title)
        and re.search(r"\b(?:infant|child|baby|deaths? of)\b", title, _I)
    ):
        return "death"
    return None


def _told(text: str) -> Outcome | None:
    first = re.split(r"(?<=[.!?])\s+(?=[A-Z“‘\"])", text)[0]
    if _HARMED_ANOTHER.match(first) or (_UNHARMED.search(text) and _CONCERN.match(first)):
        return "other"
    death = _death(text, first)
    if death:
        return death
    if _UNHARMED.search(text) and not re.search(r"\binjur(?:y|ies)\b", first):
        return "other"
    return "serious-harm" if _HARM.search(text) else None


def _death(text: str, first: str) -> Outcome | None:
    opening = _DEATH_NOUN.search(first[:70])
    if opening and not _NOT_FATAL.search(first[: opening.end()]) and opening.start() < 45:
        if _ADULT_SUBJECT.match(first[opening.start() :]) and not _CHILD_IN.search(
            first[opening.end() :].split(" by ")[0]
        ):
            return "other"
        return "death"
    for match in _DIED.finditer(text):
        before = text[max(0, match.start() - 200) : match.start()]
        clause = re.split(r"[.;]\s", before)[-1]
        if _ADULT.search(clause) and not re.search(r"\b(?:who|which)\s*$", clause):
            continue
        if _HYPOTHETICAL.search(clause) or re.search(r"\bnot\s*$", clause):
            continue
        return "death"
    return None
