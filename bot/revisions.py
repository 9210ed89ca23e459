"""What changed between two records of one review, and whether a reader must hear of it.

A recommendation added changes the meaning; a comma, a capital or a mended typo does not. Texts are compared
word by word: a word that became another one changes the meaning, and so does any number, denial, duty
("should", "must") or measure of time, however small the edit. In doubt a change counts: readers hear of one
too many sooner than of one too few.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Literal

from rapidfuzz.distance import OSA, Levenshtein

from bot.models import Difference, Review

LISTS = ("good_practice", "learning", "recommendations", "actions", "questions")
TEXTS = ("incident", "background")

# Words that carry the meaning: no slip of the pen changes them into something else unnoticed.
_WEIGHTY = re.compile(
    r".*\d.*|.|not?|never|none|nor|neither|without|cannot|un\w+|(?:in|im|il|ir|dis|non)\w{5,}|n[o']t|\w+n't"
    r"|should|shall|must|may|might|can|could|will|would|need|ought|only|always|all|any|every|some|most|few|many"
    r"|and|or|before|after|more|less|least|under|over|until|since|if|unless"
    r"|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty|hundred|half|first|second|third"
    r"|hours?|days?|weeks?|months?|years?|daily|weekly|monthly|yearly|once|twice"
    r"|he|she|his|her|hers|him|mother|father|male|female|boys?|girls?|man|men|woman|women"
)
# Words whose coming, going or changing mends a sentence and says nothing else.
_SLIGHT = re.compile(
    r"an?|the|that|which|is|are|was|were|be|been|being|has|have|had|of|its?|this|these", re.IGNORECASE
)
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


def compare(
    before: Review, after: Review
) -> tuple[Literal["revised", "mended", "withdrawn", "same"], tuple[Difference, ...]]:
    """How `after` differs: `withdrawn` (it says so itself), `revised` in meaning, `mended` or the `same`.

    The differences are those that a reader must hear of.
    """
    if before == after:
        return "same", ()
    if after.status == "withdrawn" and before.status != "withdrawn":
        return "withdrawn", (_status(before, after),)
    differences = [_status(before, after)] if before.status != after.status else []
    for name in TEXTS:
        differences.extend(_text(name, getattr(before, name), getattr(after, name)))
    for name in LISTS:
        differences.extend(_points(name, getattr(before, name), getattr(after, name)))
    if not before.links and after.links:
        differences.append(
            Difference(field="links", before=(), after=tuple(link.label for link in after.links))
        )
    return ("revised", tuple(differences)) if differences else ("mended", ())


def _status(before: Review, after: Review) -> Difference:
    return Difference(field="status", before=(before.status,), after=(after.status,))


def _text(name: str, before: str, after: str) -> list[Difference]:
    if _same_meaning(before, after):
        return []
    return [Difference(field=name, before=(before,) if before else (), after=(after,) if after else ())]


def _points(name: str, before: Sequence[str], after: Sequence[str]) -> list[Difference]:
    """Points that went and points that came. Their order does not matter, nor where one ends and the next
    begins."""
    gone = list(before)
    came: list[str] = []
    for point in after:
        match = next((one for one in gone if one == point), None)
        match = match or next((one for one in gone if _same_meaning(one, point)), None)
        if match is None:
            came.append(point)
        else:
            gone.remove(match)
    if _words(" ".join(gone)) == _words(" ".join(came)):
        return []
    return [Difference(field=name, before=tuple(gone), after=tuple(came))]


def _same_meaning(before: str, after: str) -> bool:
    a, b = _words(before), _words(after)
    if a == b:
        return True
    if _numbers(a) != _numbers(b) or not a or not b:
        return False
    return all(_mends(gone, came) for gone, came in _places(a, b))


def _places(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """The places at which two texts differ: the words that went and the words that came."""
    steps = Levenshtein.opcodes(before, after)
    for same, some in groupby(steps, key=lambda step: step.tag == "equal"):
        if not same:
            edits = list(some)
            yield (
                before[edits[0].src_start : edits[-1].src_end],
                after[edits[0].dest_start : edits[-1].dest_end],
            )


def _words(text: str) -> list[str]:
    """Words without regard to case, punctuation, dashes, quotes and white space."""
    plain = (
        unicodedata.normalize("NFKC", text).casefold().replace("’", "'").replace("‘", "'").replace("\xad", "")
    )
    return _WORD.findall(plain)


def _numbers(words: Sequence[str]) -> list[str]:
    return [word for word in words if re.search(r"\d", word)]


def _mends(before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether the words of one place in a text became these without another meaning."""
    if "".join(before) == "".join(after):
        return True
    a, b = ([word for word in words if not _SLIGHT.fullmatch(word)] for words in (before, after))
    return len(a) == len(b) and all(_typo(one, other) for one, other in zip(a, b, strict=True))


def _typo(before: str, after: str) -> bool:
    """Whether a word is another with a slip of the pen: one in a short word, two in a long one, and seldom in
    the first letter, where `increase` and `decrease` differ."""
    if before == after:
        return True
    if _WEIGHTY.fullmatch(before) or _WEIGHTY.fullmatch(after):
        return False
    length = max(len(before), len(after))
    slips = 0 if length <= 3 else 1 if length <= 7 else 2
    return before[0] == after[0] and OSA.distance(before, after) <= slips
