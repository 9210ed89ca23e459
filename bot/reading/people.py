"""Whose words are whose: sentences, and the part of an account that is of the child."""

from __future__ import annotations

import re

_CHILD = (
    r"(?:boys?|girls?|sons?|daughters?|brothers?|sisters?|bab(?:y|ies)|infants?|child(?:ren)?|toddlers?|"
    r"siblings?|twins?|teenagers?|"
    r"young (?:person|people|m[ae]n|wom[ae]n)|newborns?|pupils?|neonates?)"
)
CHILD_WORD = re.compile(rf"\b{_CHILD}\b|-old\b|\baged\b", re.IGNORECASE)
_BY = re.compile(
    r"\bby (?:(?:an?|the|his|her|their|its|two|three|four|five|six|several|older|another|members?|men|"
    r"people|others?|unknown|some(?:one|body))\b)",
    re.IGNORECASE,
)


def sentences_of(text: str) -> list[str]:
    """The sentences of a text."""
    return [part for part in re.split(r"(?<=[.!?…])[\"”’)]*\s+(?=[A-Z“‘\"])", text) if part]


def own_part(text: str) -> str:
    """The text less those who did the harm: from `by a`, `by her`, to the end of the sentence or clause."""
    kept = []
    for sentence in sentences_of(text):
        child = CHILD_WORD.search(sentence)
        match = _BY.search(sentence, child.end()) if child else None
        if match is None:
            kept.append(sentence)
            continue
        rest = re.search(
            r"[,;]\s|\bwhile\b|\bin (?=[A-Z\d])|\bon (?=\d)|\bbetween\b", sentence[match.end() :]
        )
        kept.append(sentence[: match.start()] + (sentence[match.end() + rest.start() :] if rest else "."))
    return " ".join(kept)
