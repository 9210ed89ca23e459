"""Wording of what a digest says: text made safe, dates, facts, cuts at a sentence's end."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta
from typing import Literal
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot.languages import is_welsh, runs_right_to_left
from bot.models import Digest, Facts
from bot.spoken import MONTHS, date_as_given, listed
from bot.themes.ages import age_length

OUTCOMES = {"death": "death", "serious-harm": "serious harm"}  # "other" has no words that are always true
VALUES = {
    **OUTCOMES,
    "delayed": "delayed in publication",
    "unpublished": "not to be published",
    "withdrawn": "no longer offered",
}
FIELDS = {
    "good_practice": "good practice",
    "incident": "what happened",
    "learning": "key learning",
    "facts": "the facts",
    "published": "date of publication",
    "review_type": "type of review",
    "sections": "other parts of the review",
    "questions": "questions for reflection",
    "actions": "what was done as a result",
}
FACTS = {"outcome": "outcome", "ages": "age", "sex": "sex", "incident_date": "date of the incident"}
JOINERS = "\u200c\u200d"  # needed inside words of some scripts, and inside emoji
ABBREVIATED = re.compile(
    r"\b(?:e\.g|i\.e|etc|cf|vs|no|nos|p|pp|para|Dr|Mr|Mrs|Ms|Prof|St|Rev|[A-Z])\.$", re.IGNORECASE
)
LONGEST_ABBREVIATED = 8  # characters, with what stands before
SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*(?=\s)")
WEEK = timedelta(days=7)
# A mail address, or a number as it is dialled in the United Kingdom: 0808 800 5000, +44 1632 960001, 999.
REACHED = re.compile(
    r"([\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<![\w.])(?:\+44 ?|0)\d(?:[ ]?\d){7,10}(?!\w)|\b(?:999|101|111)\b)"
)
WELSH, RIGHT_TO_LEFT, NO_MARKS = Markup(' lang="cy"'), Markup(' dir="rtl"'), Markup("")


def clean(text: str) -> str:
    """One line of plain text: control characters, line separators and white space of any kind become single
    spaces; what is invisible or turns the direction of text is taken out. (U+2028 in a title stops Python's
    email package; a right-to-left override can show a different address from the real one.)"""
    folded = " ".join(text.split())
    if folded.isprintable():
        return folded
    return " ".join(folded.translate(CLEANED).split())


class _Cleaned(dict[int, str]):
    """What each character becomes, found when it is first met."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        category = unicodedata.category(letter)
        if category in ("Cc", "Zl", "Zp"):
            kept = " "
        else:
            kept = letter if category not in ("Cf", "Cs", "Co") or letter in JOINERS else ""
        self[code] = kept
        return kept


CLEANED = _Cleaned()


def web_address(url: str) -> str | None:
    """The address fit for a link: http or https with a host, nothing in it that could end the link early.
    None for any other."""
    bare = clean(url)
    try:
        parts = urlsplit(bare)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not host:
        return None
    return quote(bare, safe="%/:=&?~#+!$,;'@()*[]-._")


def cut(text: str, limit: int) -> tuple[str, bool]:
    """The text up to the last end of a sentence within `limit` characters, and whether anything was left out.
    Without such an end it stops between two words, with an ellipsis."""
    if len(text) <= limit:
        return text, False
    for end in reversed([match.end() for match in SENTENCE_END.finditer(text[: limit + 1])]):
        if end < limit // 4:
            break
        if not ABBREVIATED.search(text, max(0, end - LONGEST_ABBREVIATED), end):
            return text[:end], True
    head = text[: limit - 1]
    space = head.rfind(" ")
    return (head[:space] if space > limit // 2 else head).rstrip(" ,;:–-") + "…", True


def plain(error: Exception) -> str:
    """What an exception says, on one short line; of the system's errors the words, without their number. Its
    kind if it says nothing."""
    words_of_system = error.strerror if isinstance(error, OSError) else None
    said = words_of_system if isinstance(words_of_system, str) else str(error)
    return cut(clean(said), 120)[0].rstrip(".") or type(error).__name__


def marks(text: str) -> Markup:
    """What the element that holds this text says of it, so that it is read aloud and set as it should be:
    ` lang="cy"` for Welsh, ` dir="rtl"` for what runs from right to left, else nothing."""
    if runs_right_to_left(text):
        return RIGHT_TO_LEFT
    return WELSH if is_welsh(text) else NO_MARKS


def reachable(text: str) -> Markup:
    """Words of our own or an administrator's, escaped, with a link on each mail address and telephone
    number."""
    parts = REACHED.split(str(text))
    for place in range(1, len(parts), 2):
        said = parts[place]
        url = f"mailto:{said}" if "@" in said else f"tel:{''.join(said.split())}"
        parts[place] = Markup('<a href="{}">{}</a>').format(url, said)
    return Markup("").join(parts)


def day(moment: date) -> str:
    """`16 November 2026`."""
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"


def short_day(moment: date) -> str:
    """`16 November`."""
    return f"{moment.day} {MONTHS[moment.month - 1]}"


def local_day(moment: datetime, timezone: str) -> date:
    """The day it is there at that moment."""
    return moment.astimezone(ZoneInfo(timezone)).date()


def published(given: str | None) -> str | None:
    """The date of publication as it is said, None if there is none."""
    return date_as_given(clean(given)) if given else None


def facts(stated: Facts, *, of_one: bool = True) -> tuple[str, ...]:
    """Ages (the youngest first), outcome and date of the incident, those that are known: `Age: 8 days`.
    `of_one` False, for a review of several: no one outcome is true of them all."""
    said: list[str] = []
    if stated.ages:
        ages = sorted(dict.fromkeys(clean(age) for age in stated.ages), key=_length)
        said.append(f"{'Age' if len(ages) == 1 else 'Ages'}: {listed(ages)}")
    if of_one and stated.outcome in OUTCOMES:
        said.append(f"Outcome: {OUTCOMES[stated.outcome]}")
    if stated.incident_date:
        said.append(f"Incident: {published(stated.incident_date)}")
    return tuple(said)


def _length(age: str) -> tuple[bool, int]:
    """The younger first; last what is no age in units."""
    length = age_length(age)
    return length is None, length or 0


def field(name: str) -> str:
    """What a reader calls a part of the record."""
    whole, _, part = name.partition(".")
    if whole == "facts" and part:
        return FACTS.get(part, part.replace("_", " "))
    return FIELDS.get(name, name.replace("_", " "))


Span = Literal["week", "days", "day"]


def period(digest: Digest) -> tuple[Span, date, date]:
    """What time a digest covers, with its first and last day where it is read: a week, several days, or one
    day (a daily digest, one sent at once, and a reader's first)."""
    last = local_day(digest.slot, digest.timezone)
    if digest.since is None:
        return "day", last, last
    first = local_day(digest.since, digest.timezone)
    length = last - first
    if length <= timedelta(days=1):
        return "day", last, last
    if length == WEEK:
        return "week", first, last - timedelta(days=1)
    return "days", first, last
