"""Kinds of review, and the words for how a review's publication stands."""

from __future__ import annotations

import re

from bot.models import ReviewStatus, ReviewType

_I = re.IGNORECASE

# Order is precedence: the first kind whose words are there is the kind.
_KINDS: tuple[tuple[ReviewType, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, _I))  # type: ignore[misc]  # the literals are those of ReviewType
    for kind, pattern in (
        ("dhr", r"domestic homicide review|\bDHRs?\b|domestic abuse related death review|\bDARDRs?\b"),
        ("sar", r"safeguarding adults?['’]?s? reviews?|\bSARs?(?=\b|_)"),
        (
            "national",
            r"national (?:child )?(?:safeguarding )?(?:practice )?reviews?|"
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
            r"child(?:ren)?(?:['’]?s)? safeguarding practice reviews?|\bL?C?SPRs?\b|\bLCSPRs?\b|\bLSCPRs?\b|"
            r"local safeguarding practice reviews?|local child practice reviews?",
        ),
        ("scr", r"serious case reviews?|\bSCRs?(?=\b|_)|significant case reviews?"),
        ("lcspr", r"\brapid reviews?\b"),
        (
            "lr",
            r"\blearning (?:lessons |together )?reviews?\b|lessons learned reviews?|\bMALRs?\b|\bLLRs?\b|"
            r"\bpartnership (?:learning )?reviews?\b|multi-agency (?:case |practice )?reviews?|"
            r"\blocal reviews?\b|"
            r"\bpractice learning (?:reviews?|events?)\b|\bsafeguarding learning reviews?\b",
        ),
    )
)

_THEMATIC = re.compile(
    r"\bthematic\b|\banalysis of (?:[\w-]+ ){0,4}reviews\b|\bannual reports?\b(?=.*\b(?:panel|reviews)\b)|"
    r"\bpanel\b.*\bannual report\b|\bpanel briefing\b|multi-agency audit\b|"
    r"\blearning (?:and themes )?from (?:(?:our|local|national|recent|rapid|serious|case|child|"
    r"safeguarding|practice|adults?|"
    r"domestic|homicide|two|three|four|five|six|seven|eight|nine|ten|several|\d+)[ ,]+(?:and )?)*reviews\b",
    _I,
)
_SEVERAL = re.compile(r"\b(?i:reviews)\b|\b(?:SCRs|LCSPRs|CSPRs|CPRs|SARs|DHRs)\b")
_CASE_CODE = re.compile(
    r"(?i:\b(?:child|children|baby|infant|family|sibling group|siblings?|young person|adults?|"
    r"young (?:wo)?man|"
    r"mr|mrs|ms|miss|pupil|case|twins))\s+(?:and\s+)?['‘“\"]?(?P<name>[A-Z]{1,3}\d{0,4}\b|\d{1,3}\b|"
    r"[A-Z][a-zà-ÿ]+\b)"
)
# Capitalised words that follow "child" or "family" in titles of topics and services, not of cases.
_NO_NAMES = """
Abuse Act And Are Bereavement Board Care Carers Cases Centre Committee Conference Court Courts
Criminal Death Deaths Development Education Exploitation First Group Groups Health Home Homes House
Housing Hub In Injury Law Learning Living Looked Management Mental Missing Need Neglect Network
Nurse Of Officer Partnership Poverty Practice Protection Review Reviews Safeguarding Safety Scrutiny
Service Services Sexual Social Studies Study Summaries Summary Support Team The Time To Trafficking
Trust Under Violence Voice Welfare Who With Work Worker Files File Index Register Placements
Placement Meetings Notes Mentions
"""
NOT_NAMES = frozenset(_NO_NAMES.split())


def names_a_case(text: str) -> bool:
    """Whether the words name one case: `Child M1`, `Baby Wren`, `Mr and Mrs W`, `Family S22`."""
    return any(match["name"] not in NOT_NAMES for match in _CASE_CODE.finditer(text))


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


_STATUSES: tuple[tuple[ReviewStatus, re.Pattern[str]], ...] = tuple(
    (status, re.compile(pattern, _I))  # type: ignore[misc]  # the literals are those of ReviewStatus
    for status, pattern in (
        (
            "withdrawn",
            r"\bno longer (?:published|available|on this (?:page|site))|\bwithdrawn\b(?! from)|"
            r"\bremoved from (?:this|the) "
            r"(?:page|site|website)|publication period (?:has )?(?:ended|expired)|\btaken down\b",
        ),
        (
            "delayed",
            r"\bdelayed in publication|publication (?:of \w+ )*(?:is|has been|was)? ?(?:being )?(?:delayed|"
            r"on hold|postponed|"
            r"paused|deferred)|\b(?:report|review) (?:is|has been) (?:delayed|held back)|"
            r"\bdelayed\b(?=\W*$)|"
            r"awaiting publication|publication pending|to be published (?:after|when|once|following)|"
            r"cannot be published (?:until|yet)|will be published (?:after|when|once|following)",
        ),
        (
            "unpublished",
            r"\bunpublished\b|\bnot (?:to be )?published\b(?! on)|decision not to publish|"
            r"decided not to publish|"
            r"\bwill not be (?:being )?published|\bnot (?:being|for) (?:published|publication)",
        ),
    )
)


def status_in(text: str) -> ReviewStatus | None:
    """How publication stands by the words of an entry or cell; None where nothing is said."""
    return next((status for status, pattern in _STATUSES if pattern.search(text)), None)


STATUS_NOTE = re.compile(
    r"\s*[\[(–—-]*\s*(?:no longer (?:published|available)|withdrawn|delayed in publication|"
    r"publication delayed|unpublished|"
    r"not (?:to be )?published|awaiting publication|publication pending)\W*$",
    _I,
)
