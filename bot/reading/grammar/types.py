"""Kinds of review, and the names of cases."""

from __future__ import annotations

import re

from bot.models import ReviewType
from bot.reading.grammar.finder import Finder
from bot.reading.grammar.places import known_place

_I = re.IGNORECASE

# Order is precedence: the first kind whose words are there is the kind.
_KINDS: tuple[tuple[ReviewType, Finder], ...] = tuple(
    (kind, Finder(pattern))  # type: ignore[misc]  # the literals are those of ReviewType
    for kind, pattern in (
        ("dhr", r"domestic homicide review|\bDHRs?\b|domestic abuse related death review|\bDARDRs?\b"),
        ("sar", r"safeguarding adults?['’]?s? reviews?|\bSARs?(?=\b|_)"),
        (
            "national",
            r"national (?:child )?(?:safeguarding )?(?:practice )?reviews?|"
            r"\bnational (?:safeguarding )?panel\b[^.]{0,40}\b(?:report|review)\b|"
            r"child safeguarding practice review panel(?:['’]s)? (?:national )?(?:report|review)",
        ),
        (
            "cpr",
            r"\bchild practice reviews?\b|\bM?CPRs?\b(?! ?\d{3})|single unified safeguarding reviews?|"
            r"\bSUSRs?\b|"
            r"adolygiad ymarfer plant",
        ),
        ("cmr", r"case management reviews?|\bCMRs?\b"),
        (
            "lcspr",
            r"child(?:ren)?(?:['’]?s)? safeguarding practice reviews?|\b(?:L?C?SPR|LSCPR)s?(?=\b|_)|"
            r"\bsafeguarding practice reviews?|local child practice reviews?",
        ),
        ("scr", r"serious case reviews?|\bSCRs?(?=\b|_)|significant case reviews?"),
        ("lcspr", r"\brapid reviews?\b"),
        (
            "lr",
            r"\blearning (?:lessons |together )?reviews?\b|lessons learned reviews?|\bMALRs?\b|\bLLRs?\b|"
            r"\bsignificant incident learning process(?:es)?\b|\bSILPs?\b|"
            r"\bpartnership (?:learning )?reviews?\b|multi-agency (?:case |practice )?reviews?|"
            r"\blocal reviews?\b|"
            r"\bpractice learning (?:reviews?|events?)\b|\bsafeguarding learning reviews?\b",
        ),
    )
)

_THEMATIC = re.compile(
    r"\bthematic\b|\banalysis of (?:[\w-]+ ){0,4}reviews\b|\bannual reports?\b(?=.*\b(?:panel|reviews)\b)|"
    r"\bpanel\b.*\bannual report\b|\bpanel briefing\b|multi-agency audit\b|"
    r"\blearning (?:and themes )?from (?-i:[A-Z][a-z]+ (?:and [A-Z][a-z]+ )?)?"
    r"(?:(?:our|local|national|recent|rapid|serious|case|child|"
    r"safeguarding|practice|adults?|neglect|suicides?|exploitation|infants?|"
    r"domestic|homicide|two|three|four|five|six|seven|eight|nine|ten|several|\d+)[ ,]+(?:and )?)*reviews\b",
    _I,
)
_SEVERAL = re.compile(r"\b(?i:reviews)\b|\b(?:SCRs|LCSPRs|CSPRs|CPRs|SARs|DHRs)\b")
_CASE_CODE = Finder(
    r"(?i:\b(?:child|children|baby|infant|family|sibling group|siblings?|young (?:person|people)|adults?|"
    r"young (?:wo)?man|"
    r"mr|mrs|ms|miss|pupil|case|twins))\s+(?:and\s+)?['‘“\"]?(?P<name>[A-Z]{1,3}\d{0,4}\b|\d{1,3}\b|"
    r"[A-Z][a-zà-ÿ]+\b)",
    re.NOFLAG,
)
# Capitalised words that follow "child" or "family" in titles of topics and services, not of cases.
_NO_NAMES = """
Abuse Act And Are Bereavement Board Care Carers Cases Centre Committee Conference Court Courts
Criminal Death Deaths Development Education Exploitation First Group Groups Health Home Homes House
Housing Hub In Injury Law Learning Living Looked Management Mental Missing Need Neglect Network
Nurse Of Officer Partnership Poverty Practice Protection Review Reviews Safeguarding Safety Scrutiny
Service Services Sexual Social Studies Study Summaries Summary Support Team The Time To Trafficking
Trust Under Violence Voice Welfare Who With Work Worker Files File Index Register Placements
Placement Meetings Notes Mentions Strategy Plan Plans Policy Panel Programme Project Forum Charter Guide
Guidance Procedures Act Advocacy Champion Champions
Environment Conflict Breakdown Setting Settings Dynamics Members Assessment Assessments Marriage Labour
Sleeping Wellbeing Behaviour Behaviours Minding Maltreatment Cruelty Justice Resilience Hubs Bruising
Injuries Suicide Safe Safely Safer
"""
NOT_NAMES = frozenset(_NO_NAMES.split())

# `The Heron children`, `Ash siblings`: a name before its word. It ends the line, or its part of it; without
# "the", only words that a topic seldom ends in.
_NAMED_GROUP = Finder(
    r"(?:\b(?i:the)\s+(?P<the>[A-Z][a-zà-ÿ’'-]+|[A-Z]\d{0,2})\s+"
    r"(?i:children|siblings|sisters|brothers|twins|famil(?:y|ies)|babies|girls|boys)"
    r"|(?:^|[–—:|]\s|\s-\s)(?P<bare>[A-Z][a-zà-ÿ’'-]+|[A-Z]\d{0,2})\s+(?i:siblings|twins|family))"
    r"(?=\s*(?:$|[–—:|,()-]|(?i:local|serious|learning|overview|child|full|briefing|summary|report|review|"
    r"LC?SPR|CSPR|SCR)\b))",
    re.NOFLAG,
)
_NO_FAMILY_NAMES = """
A Adopted Adoptive All An Any Asian Bereaved Birth Black Blended Close Deaf Disabled Engaging Every
Extended Foster Four Gypsy Half Harmed Hearing Helping Hidden Identical Invisible Involving Keeping
Kinship Large Little Local Lone Lost Many Migrant Military New Non Nuclear Older Other Our Own Parent
Poor Protecting Refugee Resident Roma Safer School Separated Single Sole Some Step Strengthening
Supporting Surviving The These Think Those Three Together Traveller Troubled Twin Two Unaccompanied
Unborn Unseen Vulnerable White Whole Wider Working Young Younger Youngest Your
"""
_DESCRIBED = frozenset(_NO_FAMILY_NAMES.split())


def group_named(text: str) -> str | None:
    """The family that a line is named after: `The Heron children` gives `Heron`. A place is no name."""
    for match in _NAMED_GROUP.finditer(text):
        name = match["the"] or match["bare"]
        if name not in NOT_NAMES and name not in _DESCRIBED and not known_place(name):
            return str(name)
    return None


def names_a_case(text: str) -> bool:
    """Whether the words name one case: `Child M1`, `Baby Wren`, `Family S22`, `The Ash siblings`."""
    if any(match["name"] not in NOT_NAMES for match in _CASE_CODE.finditer(text)):
        return True
    return group_named(text) is not None


_QUOTED_NAMES = re.compile(
    r"(?:[“‘\"'][A-Z][\w’-]*(?:,? (?:and |& )?[A-Z][\w’-]*){0,2}[”’\"'](?:,| and| &)? ?){1,3}"
)


def is_quoted_name(text: str) -> bool:
    """Whether a line is no more than names in quotation marks: `“Jay”`, `"Una" and "Bob"`."""
    return bool(_QUOTED_NAMES.fullmatch(text.strip()))


def kind_named(text: str) -> ReviewType | None:
    """The kind of review that the words name; None where they name none."""
    return next((kind for kind, pattern in _KINDS if pattern.search(text)), None)


def review_type(title: str) -> ReviewType | None:
    """The kind that a title gives. Reviews in the plural, with no case named, are thematic."""
    if names_a_case(title) and not re.search(r"\bthematic\b", title, _I):
        return kind_named(title)
    if _THEMATIC.search(title):
        return "thematic"
    kind = kind_named(title)
    if kind and _SEVERAL.search(title) and kind != "national":
        return "thematic"
    return kind


def type_in_text(texts: tuple[str, ...]) -> ReviewType | None:
    """The kind that a document calls itself in passing, the formal kinds before a rapid review."""
    whole = "\n".join(texts)
    found = [(kind, match.start()) for kind, pattern in _KINDS if (match := pattern.search(whole))]
    formal = [item for item in found if not re.match(r"rapid", whole[item[1] :], _I)]
    local = [item for item in formal if item[0] != "national"]
    best = min(local or formal or found, key=lambda item: item[1], default=None)
    return best[0] if best else None
