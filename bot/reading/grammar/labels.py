"""Labels in running text: `Learning includes: a; b; and c.`, and the points and terms that they open."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.reading.grammar.families import Field, field_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A line that begins with a label: its field, the label as written, and what comes after it."""

    field: Field
    label: str
    rest: str


_TAIL = (
    r"(?:\s+(?:identified|includes?d?|including|focus(?:es|ed)?(?: on)?|are|is|were|was|relate[sd]? to|"
    r"made|cover(?:s|ed)?|themes?|points?|to|"
    r"the|for|partnership|board|of|this|review|agencies|that|in|local|and|key|main|here|should|a|all|from|"
    r"all|partners|children['’]?s|services|"
    r"panel|national|government|police|health|both|authorit(?:y|ies)|areas?|practitioners|practice))*"
)
_LABEL = re.compile(r"^(?P<label>[^:;.!?]{2,110}?)\s*(?P<mark>:|\s[–—]\s)\s*(?P<rest>.*)$", re.DOTALL)
# The colon lost: `Learning focuses on hotels; the need for interpreters; and registration.`
_NO_COLON = re.compile(
    r"^(?P<label>(?:(?:key|the|main)\s+)?(?:learning|lessons|findings|issues|recommendations|actions)"
    r"(?:\s+(?:themes?|points?|issues|identified))?\s+(?:includes?|focus(?:es)? on|are to))(?P<mark>)\s+"
    r"(?P<rest>[^:;]{3,200};.+)$",
    re.IGNORECASE | re.DOTALL,
)
_BARE = re.compile(
    r"^(?:includes?|including|"
    r"focus(?:es)? on)\s*:\s*(?P<rest>.+)$",
    re.IGNORECASE | re.DOTALL,
)
_VERB_AGAIN = re.compile(r"^(?:identified\s+)?(?:includes?d?|including|are)\s*:\s*", re.IGNORECASE)
# `Recommendations include to national government: a; and to the board: b`: whom a group of points is for.
_TO_WHOM = re.compile(r"(?i)(?<=includes|.include)\s+(to (?:the )?\w.*)$")
_LABEL_VERBS = re.compile(
    r"^(?P<head>.*?)\s+(?:identified\s+)?(?:includes?d?|including|focus(?:es|ed)?(?: on)?|are|is|were|"
    r"relates? to|covers?)(?:\s.*)?$",
    re.IGNORECASE,
)
# `Includes learning about: a; b`: the verb before what it is about.
_VERB_FIRST = re.compile(
    r"^(?:(?:it|the (?:review|report|briefing))\s+)?(?:also\s+)?"
    r"(?:includes?|including|identifie[sd]|identify|highlights?|highlighted|sets? out|draws? out|"
    r"contains?)\s+"
    r"(?P<head>(?:(?:the|key|main|some)\s+)*"
    r"(?:learning|lessons|findings|recommendations|good practice)(?:\s+(?:points|themes))?)"
    r"(?:\s+(?:about|around|on|for|from|in|relating to)"
    r"(?:\s+(?:the|practice|practitioners|agencies|areas))*)?$",
    re.IGNORECASE,
)
_MAKES = re.compile(
    r"^(?:the (?:review|report|panel)\s+)?(?:also\s+)?(?:(?:makes?|made)\s+(?:\w+\s+){0,3}?recommendations?\b"
    r"|recommends that\b)",
    re.IGNORECASE,
)
_MAKES_NO = re.compile(
    r"^(?:the (?:review|report)\s+)?(?:makes?|made|there (?:are|were)) no recommendations?\b",
    re.IGNORECASE,
)


def labelled(text: str, lead: str = "") -> Labelled | None:
    """A run-on line taken apart at its label: `Learning includes: a; b; and c.`

    `lead` is the bold text that the line begins with: bold makes a label of a word before a colon.
    """
    bare = _BARE.match(text)
    if bare:
        return Labelled(field="learning", label="", rest=bare["rest"].strip())
    made = _makes_recommendations(text)
    if made:
        return made
    match = _LABEL.match(text)
    if match is None or len(match["label"].split()) > 14:
        match = _NO_COLON.match(text) or match
    if match is None:
        return _lead_label(text, lead)
    label, rest = match["label"].strip(), _VERB_AGAIN.sub("", match["rest"].strip())
    to_whom = _TO_WHOM.search(label)
    if to_whom:
        label, rest = label[: to_whom.start()], f"{to_whom[1]}: {rest}"
    field = _label_field(
        label, bold=bool(lead) and lead.strip(" :").casefold().startswith(label.split()[0].casefold())
    )
    if field is None or (field == "learning" and _names_document(label, rest)):
        return None
    if match["mark"] not in (":", "") and not (lead and lead.strip(" :–—") == label):
        return None
    return Labelled(field=field, label=label, rest=rest)


_DOCUMENT = re.compile(
    r"\b(?:brief(?:ing)?|poster|leaflet|bulletin|slides|video|podcast|(?:on )?(?:a|one) page"
    r"(?: (?:LC?SPR|CSPR|SCR|SAR))?)$",
    re.IGNORECASE,
)


def _names_document(label: str, rest: str) -> bool:
    """`Learning brief: What you need to know`: a document and its title, and no points."""
    return bool(_DOCUMENT.search(label)) and ";" not in rest and 0 < len(rest.split()) <= 10


def _label_field(label: str, *, bold: bool) -> Field | None:
    words = len(label.split())
    if words > 14:
        return None
    first = _VERB_FIRST.match(label)
    if first:
        return field_of(first["head"])
    verbs = _LABEL_VERBS.match(label)
    head = re.sub(r"\s+to\s+(?:the|all|both|each)?.*$", "", verbs["head"]) if verbs else label
    field = field_of(head)
    if field in (None, "furniture", "links", "section", "summary") and verbs:
        field = field_of(label) or field
    if field in ("furniture", "links"):
        return field if words <= 4 else None
    if field is not None and (bold or verbs or words <= 5):
        return field
    return None


def _makes_recommendations(text: str) -> Labelled | None:
    if _MAKES_NO.match(text):
        before, mark, after = text.partition(":")
        if mark and re.search(r"\bactions?\b", before):
            return Labelled(field="actions", label=before, rest=after.strip())
        return Labelled(field="section", label="", rest=text)
    if _MAKES.match(text):
        before, mark, after = text.partition(":")
        if mark and len(before.split()) <= 14:
            return Labelled(field="recommendations", label=before, rest=after.strip())
        return Labelled(field="recommendations", label="", rest=text)
    return None


def _lead_label(text: str, lead: str) -> Labelled | None:
    """A bold label without a colon, run into its text: **Learning** the need to ..."""
    if not lead or lead == text or len(lead.split()) > 4:
        return None
    field = field_of(lead)
    if field is None or field in ("furniture", "links", "section"):
        return None
    return Labelled(field=field, label=lead, rest=text[len(lead) :].lstrip(" :–—-"))


_LEAD_INS: tuple[tuple[Field, re.Pattern[str]], ...] = tuple(
    (field, re.compile(pattern, re.IGNORECASE))  # type: ignore[misc]  # the literals are those of Field
    for field, pattern in (
        (
            "actions",
            r"\b(?:actions? (?:taken|initiated)|changes? (?:to practice|have been|already|made)|"
            r"(?:taken|took) (?:the following |these |this )?(?:actions?|steps)|following changes)\b",
        ),
        ("recommendations", r"\brecommend(?:s|ed|ations?)?\b"),
        ("good_practice", r"\bgood practice\b|\bworked well\b|\bdone well\b"),
        (
            "learning",
            r"\b(?:learning|lessons?|findings?|learned|(?:found|identified|highlighted) that|key (?:issues|"
            r"points|messages|themes)|main (?:messages|themes|points)|take away)\b",
        ),
        (
            "questions",
            r"\bquestions?\b|^(?:please |you (?:may|might|should) )?(?:consider|reflect|discuss|"
            r"think about|ask yourself)\b",
        ),
    )
)


def lead_in(text: str) -> Field | None:
    """The field that a sentence before a list opens: `The review makes three recommendations:`."""
    if not text.rstrip().endswith(":") or len(text.split()) > 30:
        return None
    return next((field for field, pattern in _LEAD_INS if pattern.search(text)), None)


_OPENERS, _CLOSERS = "([“«{", ")]”»}"
_MARK = re.compile(rf'[{re.escape(_OPENERS + _CLOSERS)}";]')


def points_of(run_on: str) -> tuple[str, ...]:
    """The points of a run-on sentence: parted at semicolons outside brackets and quotations."""
    parts = _split_outside(run_on)
    points = [
        re.sub(r"^and\s+", "", part.strip(), flags=re.IGNORECASE) if n else part.strip()
        for n, part in enumerate(parts)
    ]
    points = [point for point in points if re.search(r"\w", point)]
    if points:
        points[-1] = re.sub(r"(?<!\.)\.$", "", points[-1])
    return tuple(points)


def _split_outside(text: str) -> list[str]:
    if ";" not in text:
        return [text]
    depth, parts, start, straight = 0, [], 0, False
    for found in _MARK.finditer(text):
        place, mark = found.start(), found[0]
        if mark in _OPENERS:
            depth += 1
        elif mark in _CLOSERS:
            depth = max(depth - 1, 0)
        elif mark == '"':
            straight = not straight
        elif mark == ";" and not depth and not straight:
            parts.append(text[start:place])
            start = place + 1
    if depth or straight:  # a bracket or quotation that never closes protects nothing
        return text.split(";")
    return [*parts, text[start:]]


def terms_of(text: str) -> tuple[str, ...]:
    """The keywords of a line: parted at commas or semicolons outside brackets, the final full stop off."""
    text = re.sub(r"(?<!\.)\.$", "", text.strip())
    parts = text.split(";") if text.count(";") >= 2 else re.split(r",(?![^\[(\])]*+[\])])|;|\s[|•·]\s", text)
    return tuple(part.strip() for part in parts if re.search(r"\w", part))


def looks_like_terms(text: str) -> bool:
    """Whether an unlabelled line is a list of terms: short, parted by commas, and no sentence."""
    if text.endswith(("?", "!", ":")) or re.search(r"[.;:] \w", text):
        return False
    terms = terms_of(text)
    words = [len(term.split()) for term in terms]
    if len(terms) < 2 or max(words) > 8 or sum(words) > 4.5 * len(terms):
        return False
    if re.search(
        r"\b(?:was|were|is|are|has|had|have|she|he|they|who|which|that|this|will|should|must)\b", text
    ):
        return False
    return len(terms) >= 3 or all(len(term.split()) <= 3 for term in terms)
