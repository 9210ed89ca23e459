"""What a review says was not so: "no evidence of", "there was no abuse", "was not a feature". And what is
only the name of a body.

The rules are few, because "neglect was not recognised" and "no professional explored the domestic abuse" are
what a reader wants to see. A denial reaches to the end of its clause, and none is heard where the sentence
goes on to what professionals did ("no evidence that the abuse was considered").
"""

from __future__ import annotations

import re

from bot.themes.words import Passage, bounds

_DENIES = re.compile(
    r"\b(?:no|without|nor|not any) (?:\w+ )?(?:evidence|history|indications?|suggestions?|signs?|concerns?|"
    r"allegations?|disclosures?|reports?|reason to (?:suspect|believe))\b"
    r"(?! (?:sharing|to\b|(?:was|were|had been|were ever) (?:shared|raised|made|sent|passed|followed)))|"
    r"\bnot (?:evidence|reason to (?:suspect|believe))\b|"
    r"\bnothing (?:to|that) suggest\w*|\b(?:do|does|did) not suggest\b|\bno one was (?:hurt|harmed)\b|"
    r"\bno (?:[\w-]+ ){0,5}(?:deaths?|cases?|incidents?) (?:[\w-]+ ){0,3}involving\b|"
    r"\bin the absence of (?:any )?(?:evidence|signs?|indications?|history|concerns?)\b|\bnot related to\b|"
    r"\b(?:accident|accidental|illness|disease|infection|condition)(?: \w+){0,2} rather than\b|"
    r"\bnothing (?:\w+ ){0,6}(?:pointed to|indicated)\b|"
    r"\b(?:was|were|is|are) not (?:known|thought|believed|said) to "
    r"(?:be|have|use|misuse|take|carry|drink|smoke|self|belong|harm|abuse|hit)\b"
)
_DENIED_BEFORE = re.compile(
    r"\b(?:was|were|is|are) (?:(?:not|never) (?:a |an )?(?:features?|factors?)|"
    r"not (?:substantiated|an issue|thought to)|ruled out|excluded as|unfounded|never at risk|never alleged|"
    r"(?:[\w-]+ and )?(?:found|shown|held) to be (?:false|untrue|unfounded|malicious))\b"
    r"(?! (?:too|until|because|for|even|despite|although|when|without|on the basis)\b)"
)
_HARM = (
    r"(?:abuse|violence|neglect|exploitation|assaults?|harm|self-harm|injur(?:y|ies)|bruis(?:es|ing)|"
    r"fractures?|misuse)"
)
# "There was no sexual abuse" itself; not "no response to abuse", nor "no domestic abuse training".
_NONE = re.compile(
    rf"\bthere (?:was|were|is|are|has been|have been|had been) no "
    rf"(?:(?!(?:of|about|for|from|in|into|on|to|that|the|with)\b)[\w-]+ ){{0,3}}?{_HARM}"
    rf"(?:,? (?:or|nor|and) (?:[\w-]+ )?{_HARM})*"
    r"(?=\W*$|[,.;:)]|"
    r" (?:in|at|by|of|to|towards|from|between|within|during|but|and|or|on|known|here)\b)"
)
# "She had never self-harmed", "neither parent had ever used drugs", "had not been abused".
_NEVER = re.compile(
    r"\b(?:not|never|neither (?:\w+ ){1,3}(?:has|had|have|was|were)) (?:ever )?"
    r"(?:(?:self-harmed|self-harm)\b|"
    r"been (?:harmed|injured|abused|exploited|neglected|trafficked|homeless)\b|"
    r"(?:use|used|misuse|misused|take|took|taken|drink|drank|drunk) (?:\w+ ){0,2}"
    r"(?:drugs|alcohol|substances|cannabis|heroin|cocaine)\b(?! \w*serious))"
)
_PRACTICE_VERBS = re.compile(
    r"\b(?:consider|explor|assess|ask|record|discuss|recogni[sz]|shar|challeng|identif|act|respond|understood|"
    r"understand|refer|enquir|follow|look|addressed|question|explain|respon|spoken|seen by|serious|account|"
    r"notice|recorded|tool|polic|guidance|training)\w*"
)
# Without one of these no rule above can hold.
_MARKS = (
    *("no ", "not ", "nor ", "without ", "nothing ", "never ", "neither ", "none of ", "rather than"),
    *("absence of", "ruled out", "excluded as", "unfounded", "to be "),
)
_TURNS = re.compile(r":|\b(?:but|although|however|until|whether|despite)\b")
# "No concerns about drugs, alcohol or violence": a comma goes on with a list that ends in `or`.
_LISTED = re.compile(r"[^,]*(?:, (?:[\w'-]+ ?){1,3})*,? ?(?:or|nor) (?:[\w'-]+ ?){1,4}")
_BODIES = frozenset(
    {"partnership", "board", "forum", "committee", "subgroup", "panel", "foundation", "charity"}
)
_REACH = 90  # characters that a denial reaches over at most
_BACK = 40  # characters between a phrase and the denial that follows it, at most
_AROUND = 250  # characters of the sentence that are looked at, on both sides


def in_a_name(text: Passage, first: int, after: int) -> bool:
    """Whether the phrase is part of a body's name: the Safer Sleep Partnership, the Domestic Abuse Forum."""
    last = min(after + 2, len(text.keys))
    words = [text.text[text.starts[place] : text.ends[place]] for place in range(first, last)]
    if not all(word[:1].isupper() for word in words[: after - first]):
        return False
    for word in words[after - first :]:
        if not word[:1].isupper():
            return False
        if word.lower() in _BODIES:
            return True
    return False


def may_deny(lower: str) -> bool:
    """Whether there can be a denial anywhere in a text in lower case: a quick look, that misses none."""
    return any(map(lower.__contains__, _MARKS))


def denied(text: Passage, first: int, after: int) -> bool:
    """Whether the phrase is said not to be so."""
    start, end = bounds(text, first, after, text.sentences)
    start, end = max(start, text.starts[first] - _AROUND), min(end, text.ends[after - 1] + _AROUND)
    sentence = text.text[start:end].lower()
    begins, ends = text.starts[first] - start, text.ends[after - 1] - start
    for rule in (_NONE, _NEVER):
        if any(none.start() <= begins and ends <= none.end() for none in rule.finditer(sentence)):
            return True
    for denial in _DENIES.finditer(sentence):
        between = sentence[denial.end() : begins]
        near = denial.start() < begins and len(between) <= _REACH
        listed = _LISTED.match(sentence, denial.end()) if "," in between else None
        goes_on = "," not in between or (listed is not None and listed.end() >= ends)
        if near and goes_on and not _TURNS.search(between):
            return not _PRACTICE_VERBS.search(sentence[denial.end() :])
    denial_after = _DENIED_BEFORE.search(sentence, ends, ends + 2 * _BACK)
    between = sentence[ends : denial_after.start()] if denial_after else ""
    return denial_after is not None and len(between) <= _BACK and not re.search(r"[,:]| and ", between)
