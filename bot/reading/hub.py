"""Pages without reviews: those that say there are none, and those that point to where they are."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.models import Document
from bot.reading.lines import Line
from bot.reading.urls import own_links

_REVIEWS = r"(?:reviews?|reports?|SCRs?|LCSPRs?|CSPRs?|SARs?|CPRs?|DHRs?|briefings?|publications?)"
_NONE = re.compile(
    rf"\b(?:there (?:are|is|have been|has been)|we (?:have|do) (?:not|n['’]t)|the (?:partnership|"
    rf"board) (?:has|have|does))\b[^.]{{0,50}}\b(?:no|not(?: any)?|none|"
    rf"n['’]t any)\b[^.]{{0,70}}\b{_REVIEWS}\b|"
    rf"\b(?:we|partnership|board)(?: currently| presently)? (?:do|does)(?: not|n['’]t)(?: currently|"
    rf" presently| yet)? have any\b[^.]{{0,60}}\b{_REVIEWS}\b|"
    rf"\b(?:there (?:are|is)|we have|(?:partnership|board) has)\b (?:currently |presently |"
    rf"at present )?(?:no|not)\b[^.]{{0,80}}\b{_REVIEWS}\b|"
    rf"^(?:no|none of the)\b[^.]{{0,60}}\b{_REVIEWS}\b[^.]{{0,60}}\b(?:published|available|present|found|"
    rf"display|show|currently|this time|yet)\b|"
    rf"\b{_REVIEWS}\b[^.]{{0,60}}\b(?:have|has) not (?:yet )?(?:been )?published\b|"
    rf"\bno {_REVIEWS} (?:have been|are|were|has been|to)\b|"
    rf"\b{_REVIEWS}\b[^.]{{0,30}}\bwill (?:be (?:published|added|uploaded|posted|shown|listed|available)|"
    rf"appear)\b[^.]{{0,60}}\b(?:here|page|when|once|as)\b|"
    r"\bnid oes\b[^.]{0,60}\b(?:adolyg|adrodd)\w+|"
    r"^(?:to follow|coming soon|none (?:at present|currently|published)|currently none)\.?$",
    re.IGNORECASE,
)
_WORTH_SEEING = re.compile(
    r"\b(?:published reviews?|full reports?|(?:serious case|safeguarding practice|practice|learning|case|"
    r"adult|homicide|published) reviews?|read (?:the|our) reviews?|all reviews?)\b",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"\b(?:repository|national|library|panel|nspcc|refer(?:ral)?|forms?|training|policy|guidance|"
    r"working together|procedures?|hub|adults? board)\b",
    re.IGNORECASE,
)


def nothing_there(lines: Sequence[Line]) -> bool:
    """Whether the page says that no reviews are published."""
    return any(_NONE.search(sentence) for line in lines for sentence in re.split(r"(?<=[.!?])\s+", line.text))


def see_instead(document: Document, lines: Sequence[Line]) -> tuple[str, ...]:
    """The addresses of the pages that hold the reviews, by the words of the link or its heading."""
    found: dict[str, None] = {}
    heading = ""
    for line in lines:
        if line.kind == "heading":
            heading = line.text
            if not line.linked:
                continue
        for link in own_links(line.links, document.url):
            if _ELSEWHERE.search(link.label) or _ELSEWHERE.search(heading):
                continue
            if _WORTH_SEEING.search(link.label) or _WORTH_SEEING.search(heading):
                found.setdefault(link.url, None)
    return tuple(found)
