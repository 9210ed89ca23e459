"""What kind of prose a paragraph is: what happened to a child, what a review is, how to get help."""

from __future__ import annotations

import re

from bot.reading.facts.ages import ages_of
from bot.reading.facts.outcomes import tells_of_harm
from bot.reading.facts.people import sentences_of
from bot.reading.grammar.finder import Finder

_I = re.IGNORECASE

_OF_THE_REVIEW = Finder(
    r"^(?:(?:this|the|our|each|a|an|one|these|such|what is an?|all|most|some|"
    r"any)\s+)?(?:[\w()’'/-]+\s+){0,6}?reviews?\s+(?:\([^)]*\)\s+)?"
    r"(?:is|are|was|were|looks?|asks?|seeks?|aims?|sets out|makes|may|must|can|"
    r"has|have|does|do|will|took|takes|in rapid time)\b|"
    r"\bpurpose of (?:an?|the|these|this|such|serious|local|child)\b.{0,60}\breviews?\b|"
    r"\breviews?\b[^.]{0,40}\b(?:is|are) (?:held|undertaken|carried out|conducted|commissioned|a locally|"
    r"published|called)\b|"
    r"^(?:when|where|if) (?:an? )?(?:child|adult|person)\b|^prior to \d{4}|\bwere called\b|"
    r"^since \w+ \d{4} such reviews|"
    r"^(?:the|this|our) (?:[\w-]+ )?report (?:asks?|looks?|sets out|says|considers?|examines?|explores?)\b|"
    r"\bwe (?:have )?(?:carried out|undertook|held|completed|commissioned) (?:[\w-]+ ){0,3}reviews\b|"
    r"\b(?:partnership|board|panel|committee|reviewers?|we) (?:has |have )?(?:looked at|considered|examined|"
    r"brought together|reviewed)\b|^it (?:looks|looked|considers|considered|examines|examined|focus\w+|"
    r"explores|sets out|covers|covered|"
    r"identif\w+|concludes|aims|seeks)\b|"
    r"\bcommissioned (?:an?|this|the)\b.{0,60}\breview\b|\b(?:has|have) (?:today |now )?published\b|"
    r"\bpublish(?:es|ed|ing) (?:the|its|their|an?) (?:[\w’'-]+ ){0,6}?(?:reports?|reviews?|findings)\b|"
    r"\b(?:full|final|overview) report (?:is|has|can|will|may)\b|\bnot (?:about|to) (?:blame|apportion)|"
    r"^(?:the panel[’']?s|findings from|what \d+|phase \d|patterns in|an? (?:thematic |"
    r"national )?(?:analysis|overview|summary) of|messages from)|"
    r"^(?:in|on) [\w ]{3,20} the (?:national )?(?:child safeguarding practice review )?panel\b|"
    r"working together (?:to safeguard|20\d\d)"
)
_OF_THE_PAGE = Finder(
    r"\b(?:this|our|these|each) (?:[\w-]+ ){0,4}(?:briefings?|page|document|paper|bulletin|newsletter|"
    r"summary|leaflet|factsheet|list|website|sheet)\b|"
    r"^(?:below|here) (?:is|are)\b|^please\b|^names? (?:in|have|has)\b|\bnames? (?:have|"
    r"has) been changed\b|^if you (?:work|have|would|want|need|are)\b|"
    r"\basked (?:for|that) (?:his|her|their|the) (?:\w+ )?names?\b|\byou can read\b|"
    r"\bour thoughts are with\b|"
    r"^[“\"].{40,}[”\"]?\s*[–—-]\s*[A-Z][\w ,]+$|\bread (?:more|"
    r"the full)\b|^continue reading\b|^for (?:more )?information\b|"
    r"^(?:thank you|source:)|^we (?:would like|want) to know\b|\b(?:reports?|reviews?) (?:stay|"
    r"remain)s? on (?:this|the) page\b|^last updated\b|^jump to\b"
)
_HELP = Finder(
    r"\b(?:call|ring|tel(?:ephone)?|phone|contact|dial|helpline|hotline|out of hours|"
    r"emergency)\b.{0,90}?(?:\b999\b|\(?0\d{2,4}\)?[\s\d]{6,})|"
    r"^(?:worried|concerned) about (?:a|an|the) (?:child|adult)|\be-?mail us\b|"
    r"\bto make a (?:safeguarding )?referral\b|^get in touch\b|"
    r"\b(?:accept|manage|use|uses|about) (?:our |of )?cookies?\b|\bcookie (?:consent|policy|settings|"
    r"preferences)\b|"
    r"^(?:©|copyright\b|\(c\))|^(?:skip|jump) to|^back to top|^skip links?$|^share(?: this\b.*| on\b.*|"
    r" via\b.*)?\W*$|"
    r"^(?:continue reading|read more)\W*$|^print\b.{0,20}$|"
    r"^page (?:last )?updated?\b|^last (?:updated|reviewed|modified)\b"
)
_ANNOUNCES = re.compile(
    r"\b(?:has|have|is|are) (?:today |now )?(?:published|publishing|releas(?:ed|ing))\b[^.]*\breview\b|"
    r"\breview\b[^.]*\b(?:is|was|has been|have been) (?:today )?published\b",
    _I,
)
_LEAD_IN_TO_LINKS = re.compile(
    r"\b(?:here|below|following|website|link|links|visit|download|available|read|see|found|"
    r"view|click)\b[^.]*:?\s*$",
    _I,
)


def about_review(text: str) -> bool:
    """Whether a paragraph tells of reviews, or of the page itself, rather than of a child."""
    of_these = _OF_THE_REVIEW.search(text) or _OF_THE_PAGE.search(text)
    return bool(of_these) and not _opens_with_harm(text) and not _tells_of_one(text)


def says_it_is_out(text: str) -> bool:
    """Whether a paragraph is the one sentence with which a review is announced: `The partnership has today
    published a review into the death of a two-year-old girl.`"""
    return len(sentences_of(text)) == 1 and _ANNOUNCES.search(text) is not None


def _tells_of_one(text: str) -> bool:
    """Whether a sentence that speaks of its review tells of one child in it: `has today published the review
    of Child Q, a boy of 15 who was killed in a street fight`."""
    return any(
        tells_of_harm(part) and ages_of(part) and not re.search(r"(?i)\breviews\b", part)
        for part in sentences_of(text)
    )


def about_page(text: str) -> bool:
    """Whether a paragraph speaks to its reader of the page, not of a child or a finding."""
    return bool(_OF_THE_PAGE.search(text)) and not _opens_with_harm(text)


def _opens_with_harm(text: str) -> bool:
    """Whether the first of several sentences tells of harm, and not of a page or review."""
    first, *rest = sentences_of(text) or [text]
    return (
        bool(rest)
        and tells_of_harm(first)
        and not (_OF_THE_REVIEW.search(first) or _OF_THE_PAGE.search(first))
    )


def for_help(text: str) -> bool:
    """Whether a line is there for help, contact or the page's own use: a number to ring, a copyright."""
    return len(text.split()) < 60 and bool(_HELP.search(text))


def leads_to_links(text: str) -> bool:
    """Whether a line does nothing but hand over to the links after it."""
    return len(text.split()) <= 25 and bool(_LEAD_IN_TO_LINKS.search(text)) and not tells_of_harm(text)


def tells(text: str) -> bool:
    """Whether a paragraph tells what happened to a child."""
    return tells_of_harm(text) and not about_review(text)
