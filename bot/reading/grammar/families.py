"""The families of labels: which field of a record a heading, a label or a lead-in opens.

Labels are read by their words, not by their look: `Key issues:`, `Learning includes:`, `What did we find?`,
`4. The Findings` all open the learning. Letters lost or doubled in typing do not matter.
"""

from __future__ import annotations

import difflib
import re
from functools import lru_cache

from bot.reading.grammar.wordings import FAMILIES, Field

__all__ = ["LISTS", "Field", "field_of", "heading_words"]

LISTS: frozenset[Field] = frozenset(
    {"good_practice", "learning", "recommendations", "actions", "questions", "keywords"}
)

_COMPILED = tuple((field, re.compile(rf"(?:{pattern})", re.IGNORECASE)) for field, pattern in FAMILIES)

_NUMBERING = re.compile(
    r"^(?:(?:section|part|step|minute|box|stage)\s+\w+\s*[:.–-]?\s*|\(?\d{1,2}(?:\.\d+)*[.):]?\s+(?!min|step|point|page|key|things|lesson)|"
    r"[ivx]{1,4}[.)]\s+|[a-h][.)]\s+)",
    re.IGNORECASE,
)
_ICONS = re.compile(r"^[^\w“‘\"'’(\[£]+(?=\s*\w)|(?<=\w)\s+[^\w\s?!.,:;'’”\")\]]+$")  # signs of an icon font
_SPELLINGS = {
    word: re.compile(rf"\b{word[0]}\w{{{len(word) - 3},{len(word) + 1}}}\b", re.IGNORECASE)
    for word in ("recommendations", "background", "learning", "keywords", "questions", "findings", "incident")
}


def heading_words(text: str) -> str:
    """A heading without its number, closing mark and edge punctuation."""
    text = _NUMBERING.sub("", _ICONS.sub("", " ".join(text.split())))
    return text.strip(" :.–—-*#").strip()


def _spelled(text: str) -> str:
    for word, pattern in _SPELLINGS.items():
        for match in pattern.finditer(text):
            got = match[0].casefold()
            if got != word and difflib.SequenceMatcher(None, got, word).ratio() >= 0.88:
                text = text.replace(match[0], word)
    return text


def field_of(heading: str) -> Field | None:
    """The field that a heading opens; None for a heading of no family."""
    if len(heading) > 400:  # of which its number and icons may be a part
        return None
    words = heading_words(heading).strip("?").strip()
    if "(" in words or "[" in words:
        words = re.sub(r"\s*[\[(][^\])]*[\])]?\s*$", "", words) or words
    if not words or len(words.split()) > 14 or len(words) > 140:
        return None
    return _family_of(words)


def _either(words: str) -> list[str]:
    """`Impact / What has changed?` says the same twice; `Update – what we have done` asks after its dash."""
    parts = [part.strip(" ?") for part in words.split("/")] if "/" in words else []
    asked = re.search(r"\s[–—-]\s((?:what|how|why)\b.*)$", words, re.IGNORECASE)
    return [*parts, asked[1]] if asked else parts


# `What are the key messages?`, `Five lessons`: what is asked after, or counted.
_ASKED = re.compile(
    r"^(?:what (?:are|were|is|was) (?:the |our |some )?|"
    r"(?:the )?(?:\d{1,2}|two|three|four|five|six|seven|eight|nine|ten) )",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)  # the same few labels are asked about again and again
def _family_of(words: str) -> Field | None:
    words = re.sub(
        r"(?<=we|ey|ou)['’](ve|re)\b", lambda match: " have" if match[1] == "ve" else " are", words
    )
    for candidate in dict.fromkeys((words, _spelled(words), _ASKED.sub("", words), *_either(words))):
        for field, pattern in _COMPILED:
            if pattern.fullmatch(candidate):
                return field
    return None
