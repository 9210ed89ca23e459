"""What a review says was not so: "no evidence of", "there was no abuse", "was not a feature".

The rules are few, because "neglect was not recognised" and "no professional explored the domestic abuse" are
what a reader wants to see. A denial reaches to the end of its clause, and none is heard where the sentence
goes on to what professionals did ("no evidence that the abuse was considered").
"""

from __future__ import annotations

import re

from bot.themes.words import Passage, bounds

_DENIES = re.compile(
    r"\b(?:no|without|nor|not) (?:\w+ )?(?:evidence|history|indications?|suggestions?|signs?|concerns?|"
    r"allegations?|disclosures?|reports?|reason to (?:suspect|believe))\b(?! (?:sharing|were shared))|"
    r"\bnothing (?:to|that) suggest\w*|\b(?:do|does|did) not suggest\b|\bno one was (?:hurt|harmed)\b|"
    r"\bno (?:[\w-]+ ){0,5}(?:deaths?|cases?|incidents?) (?:[\w-]+ ){0,3}involving\b|"
    r"\bin the absence of\b|\bnot related to\b|\brather than\b|"
    r"\bnothing (?:\w+ ){0,6}(?:pointed to|indicated)\b|"
    r"\b(?:was|were|is|are) not (?:known|thought|believed|said) to\b"
)
_DENIED_BEFORE = re.compile(
    r"\b(?:was|were|is|are) (?:not (?:a |an )?(?:features?|factors?|supported|substantiated|suspected(?! by)|"
    r"present|an? issue|thought to)|never (?:a |an )?(?:features?|factors?|"
    r"suspected|alleged)|ruled out|excluded as|discounted|unfounded|never at risk|"
    r"(?:[\w-]+ and )?(?:found|shown|held) to be (?:false|untrue|unfounded|malicious))\b"
    r"(?! (?:until|because|for)\b)"
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
    *("absence of", "ruled out", "excluded as", "discounted", "unfounded", "to be "),
)
_REACH = 90  # characters that a denial reaches over at most


def may_deny(lower: str) -> bool:
    """Whether there can be a denial anywhere in a text in lower case: a quick look, that misses none."""
    return any(map(lower.__contains__, _MARKS))


def denied(text: Passage, first: int, after: int) -> bool:
    """Whether the phrase is said not to be so."""
    start, end = bounds(text, first, after, text.sentences)
    sentence = text.text[start:end].lower()
    begins, ends = text.starts[first] - start, text.ends[after - 1] - start
    for rule in (_NONE, _NEVER):
        if any(none.start() <= begins and ends <= none.end() for none in rule.finditer(sentence)):
            return True
    for denial in _DENIES.finditer(sentence):
        between = sentence[denial.end() : begins]
        near = denial.start() < begins and len(between) <= _REACH
        if near and not re.search(r"[,:]|\b(?:but|although|however|until|whether)\b", between):
            return not _PRACTICE_VERBS.search(sentence[denial.end() :])
    denial_after = _DENIED_BEFORE.search(sentence, ends)
    return denial_after is not None and not re.search(r"[,:]", sentence[ends : denial_after.start()])
