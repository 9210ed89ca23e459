"""Who is meant by a phrase for people: a child of the review, a sibling, a grown-up, whoever did the harm.

An account of harm has few parts: those to whom it happened, named first or after `of` or `to`; those who did
it, after `by`; and people who only stand near. Who a noun means is told by its place and by whose it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from bot.reading.facts.age_forms import find_ages, of_a_child
from bot.reading.facts.person_words import Phrase

Who = Literal["child", "sibling", "adult", "harmer", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One mention of a person or persons, and who they are to the review."""

    phrase: Phrase
    who: Who
    sentence: int
    part: bool = False  # one of several children: `the youngest`

    @property
    def start(self) -> int:
        return self.phrase.start

    @property
    def end(self) -> int:
        return self.phrase.end

    @property
    def named(self) -> bool:
        """By a noun or a name, not by a pronoun."""
        return self.phrase.kind not in ("he", "they")


@dataclass(frozen=True, kw_only=True)  # no slots: what is asked for twice is kept
class Place:
    """A phrase where it stands: its sentence, where that begins, and who was mentioned before."""

    text: str
    phrase: Phrase
    sentence: int
    begins: int
    found: Sequence[Mention]  # the last of them
    children: Sequence[Mention]  # the first of them, and the last

    @cached_property
    def before(self) -> str:
        return self.text[max(self.begins, self.phrase.start - 60) : self.phrase.start]

    @cached_property
    def preposition(self) -> str:
        match = _PREPOSITION.search(self.before)
        return match[1].casefold() if match else ""

    @cached_property
    def last(self) -> Mention | None:
        """Who is named right before, in the same sentence."""
        last = next((one for one in reversed(self.found) if one.named), None)
        return last if last and last.sentence == self.sentence else None

    @cached_property
    def gap(self) -> str:
        return self.text[self.last.end : self.phrase.start] if self.last else ""

    def beside(self, who: Who) -> bool:
        """Whether it stands beside one of these: `a boy of 7 and his sister`."""
        return self.last is not None and self.last.who == who and bool(_ONLY_AN_AGE.match(self.gap))


_PREPOSITION = re.compile(
    r"\b(by|with|to|than|as|like|towards?|against|of|from|for|between)\s+(?:at least |up to |around |about |"
    r"more than |both |either |just |an? (?:number|group|gang|series|couple) of |some of |one of |"
    r"members? of )?$",
    re.IGNORECASE,
)
_OWN_DOING = re.compile(
    r"\b(?:self-harm\w*|suicides?|overdoses?|attempts?|ingestion|disclosures?|disclosed|reported|described|"
    r"allegations?|"
    r"account|sustained|suffered|experienced|endured|received|witnessed|raised|told)\s+(?:[\w ]{0,20} )?"
    r"by\s+$",
    re.IGNORECASE,
)
_KNOWN_AS = re.compile(r"\b(?:known|referred to|called|named|identified|anonymised) as $")
_DONE_TO = re.compile(
    r"\b(?:harm|abus|kill|murder|rap|assault|stab|attack|hurt|injur|neglect|beat|strangl|smother|suffocat|"
    r"burn|"
    r"scald|poison|drown|exploit|groom|shak|hit|starv|punch|shoot|shot)\w*\s+$",
    re.IGNORECASE,
)
_ONLY_AN_AGE = re.compile(
    r"^(?:\s*\([^()]{0,40}\)|,? (?:then |both |now )?(?:aged?|who (?:was|is|were)) [\w ,-]{0,40}?|"
    r",? \w+(?: \w+)? old|"
    r", \d{1,2}|, [a-z]+)?,?\s*(?:and|or|&|,|,\s*and)\s+(?:also )?$",
    re.IGNORECASE,
)
_NAMES_WHO = re.compile(  # `Kit, brother of`, `Ada (9) and Bea (7) are sisters`
    r"\s*,\s*|(?:\s*\([^()]{0,20}\))?,? (?:is|are|was|were) ", re.IGNORECASE
)
_HARMED = re.compile(
    r"[^.;]{0,40}?\b(?:(?:were|been|was) (?:\w+ ){0,2}(?:found|taken|killed|hurt|injured|harmed|abused|"
    r"neglected|removed|"
    r"discovered|admitted|rescued|stabbed|attacked|poisoned|burn\w+|assaulted|murdered|shot|raped|exploited)|"
    r"died|"
    r"suffered|drowned|sustained)\b",
    re.IGNORECASE,
)
_PEER_HARMED = re.compile(
    r"\b(?:deaths?|murder|suicide|overdose|injur(?:y|ies)|rape|assault|stabbing|abuse|exploitation|poisoning|"
    r"harm|neglect|"
    r"burns|fractures?|wounding|killing) (?:of|to|on)\s+$",
    re.IGNORECASE,
)
_YOUNG = re.compile(
    r"(?:,|\s\(| aged)?\s?(?:who (?:was|were) |aged |then |both )*(?:1[0-7]|[4-9]|thirteen|fourteen|fifteen|"
    r"sixteen|"
    r"seventeen)\b"
)
_PEERS = frozenset(("girlfriend", "boyfriend", "friend", "friends"))
_NUMBERED = re.compile(
    r"(?:an?|another|some|several|many|other|two|three|four|five|six|seven|eight|nine|ten|\d+)\b"
)
_OTHER_ONES = re.compile(
    r"\b(?:older|elder|other|previous|former|adopted|second|third|fourth|fifth|sixth|seventh|eighth|own|"
    r"surviving|local|all|most|many|these|such)\b"
)


def role_of(at: Place) -> Who:
    """Who a phrase means."""
    phrase = at.phrase
    if phrase.kind in ("he", "they"):
        return _meant(at)
    return _adult(at) if phrase.kind == "adult" or _grown(phrase) else _young(at)


def is_part(phrase: Phrase) -> bool:
    """Whether a phrase is of one of several: `the youngest`, `one boy`."""
    words = f"{phrase.det} {phrase.mods}"
    return phrase.head in ("youngest", "eldest", "oldest") or bool(
        re.search(r"\b(?:younger|elder|older|one)\b(?!-)", words)
    )


def _grown(phrase: Phrase) -> bool:
    ages = find_ages(phrase.mods)
    return bool(ages and not of_a_child(ages[-1].ages[-1])) or bool(
        re.search(r"\badult\b", phrase.mods) or phrase.head == "young adults"
    )


def _adult(at: Place) -> Who:
    """A grown-up; a friend of the child's own age who was harmed too is one of the children."""
    peer = at.phrase.head in _PEERS and _YOUNG.match(at.text, at.phrase.end)
    if peer and (at.beside("child") or _PEER_HARMED.search(at.before)):
        return "child"
    return "harmer" if at.preposition == "by" else "adult"


def _young(at: Place) -> Who:
    """Who a boy, a sister, a name is."""
    phrase, word = at.phrase, at.preposition
    if word == "by" and not _OWN_DOING.search(at.before):
        return "harmer"
    compared = word in ("than", "as", "like") and not _KNOWN_AS.search(at.before)
    if compared or re.match(r"(?:no|any|every|each)\b(?! of\b)", phrase.det):
        return "other"
    if at.beside("harmer"):
        return "harmer"
    if phrase.kind == "kin":
        return _kin(at)
    harmers = [one for one in at.found if one.who == "harmer" and one.phrase.head == phrase.head]
    if not at.children and phrase.det == "the" and harmers:
        return "harmer"
    return _child(at)


def _kin(at: Place) -> Who:
    """A brother or sister: one of the children where harmed beside them, else a sibling."""
    phrase, children = at.phrase, at.children
    told_of_harm = not children or children[0].sentence == at.sentence or _HARMED.match(at.text, phrase.end)
    last = at.last if told_of_harm else None
    if last and at.beside("child") and not last.phrase.owner:
        return "child"
    if _DONE_TO.search(at.before) or (children and _PEER_HARMED.search(at.before)):
        return "child"
    whose = re.match(r"(?:his|her|their|its)\b", phrase.det) or (
        last and last.phrase.owner and not at.gap.strip()
    )
    if last and last.who == "child" and not whose and _NAMES_WHO.fullmatch(at.gap):
        return "child"
    if not children and at.preposition in ("towards", "toward", "against", "of", "to", "between"):
        return "child"
    if not children and not whose and (phrase.named or phrase.several or phrase.det in ("", "a", "the")):
        return "child"
    family = any(one.phrase.several for one in children) and (whose or phrase.several)
    if family and not re.search(r"\b(?:half|step|older)\b", phrase.mods + phrase.head):
        return "child"  # of a family of which several were harmed
    return "sibling"


def _child(at: Place) -> Who:
    """A child by noun, code or name: of the review, unless others of it were told of and this is a new "
    "one."""
    phrase, children, last = at.phrase, at.children, at.last
    if at.preposition == "of" and phrase.head == "twins" and not phrase.det:
        return "other"
    if not children:
        return "child"
    if last and last.phrase.owner and not at.gap.strip() and last.who in ("adult", "harmer", "sibling"):
        return "other"
    if at.beside("child") or phrase.named:
        return "child"
    if _OTHER_ONES.search(phrase.mods) and not phrase.det.startswith(("the", "both", "all")):
        return "child" if "second" in phrase.mods and children[-1].sentence == at.sentence else "other"
    if _NUMBERED.match(phrase.det) or (not phrase.det and phrase.several):
        return _new_child(at)
    return "child"


def _new_child(at: Place) -> Who:
    """`a boy`, `two girls`, where children were told of before: others, unless in the same breath or a "
    "group."""
    children = at.children
    alias = at.phrase.det in ("a", "an") and children[0].sentence == at.sentence - 1 and not _told(children)
    if alias or children[-1].sentence == at.sentence:
        return "other" if at.preposition in ("with", "from", "for") else "child"
    named = {one.start for one in children if one.phrase.named}
    return "child" if len(named) > 1 or any(one.phrase.several for one in children) else "other"


def _told(children: Sequence[Mention]) -> bool:
    """Whether a sex or an age has been told of any of them."""
    return any(one.phrase.sex or re.search(r"\bold\b", one.phrase.mods) for one in children)


_PARENT = re.compile(
    r"(?:his|her)\s+(?:(?!own\b)[\w-]+\s+)?(?:mother|father|mum|dad|parents?|step-?\w+|grand\w+|nain|taid|"
    r"carers?|"
    r"foster (?:carers?|parents?)|brothers?|sisters?|siblings?|twin|half-\w+|cot|school|nursery|family|birth|"
    r"uncle|aunt)\b",
    re.IGNORECASE,
)


def _meant(at: Place) -> Who:
    """Whom a pronoun means: the child, unless a grown-up of that sex stands before it; else nobody for "
    "sure."""
    phrase, children = at.phrase, at.children
    if phrase.kind == "they":
        return "child" if children or not at.found else "other"
    others = [
        one
        for one in at.found
        if one.sentence >= at.sentence - 1
        and one.named
        and one.who != "child"
        and one.phrase.sex in (None, phrase.sex)
        and not one.phrase.several
    ]
    here = [one for one in others if one.sentence == at.sentence]
    if not children:
        return "adult" if others else "child"
    sexes = {one.phrase.sex for one in children} - {None}
    if sexes and phrase.sex not in sexes:
        return "adult"
    if phrase.sex in sexes:
        child_here = any(one.sentence == at.sentence for one in children)
        return "adult" if here and here[-1].phrase.kind == "adult" and not child_here else "child"
    if any(one.phrase.several for one in children) and not any(one.part for one in children):
        return "other"
    if _PARENT.match(at.text, phrase.start) and not here:
        return "child"
    return "other" if here or _rival_before(at, others) else "child"


def _rival_before(at: Place, others: Sequence[Mention]) -> Mention | None:
    """Who else the last sentence was about. Where it was about the child, this one goes on about the "
    "child."""
    before = [one for one in at.found if one.sentence == at.sentence - 1 and not one.phrase.owner]
    if before and before[0].who == "child":
        return None
    return next((one for one in others if one.who != "harmer"), None)
