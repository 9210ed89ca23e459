"""Text as words: cut at white space and hyphens, reduced to stems, with their places kept.

`neglected`, `Neglect` and `neglecting` share a stem; so do `normalise` and `normalize`, `haematoma` and
`hematoma`, `children` and `child`. A word carries several keys, so that a phrase may ask for its stem, for
its very form (`=missing`, which is not `missed`), or for its capitals (`=DA`, which is not `da`).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cache, lru_cache
from threading import Lock
from typing import Any

_PIECE = re.compile(r"[^\W_]+(?:['’][^\W_]+)*['’]?|[.!?;](?=[\"'”’)]|$)|[,:()]")
_FULL_STOPS = frozenset(".!?;")
_MARKS = _FULL_STOPS | frozenset(",:()")
_DASHES = frozenset("–—-")  # that end a clause where they stand alone
_POSSESSIVE = re.compile(r"['’]s?$")
_ISE = re.compile(r"iz(e|es|ed|er|ing|ation|ations)$")
_CAPITALS = re.compile(r"[A-Z][A-Z0-9]+s")
# Plurals that the stemmer cannot know.
_IRREGULAR = {"children": "child", "men": "man", "women": "woman", "wives": "wife", "knives": "knife"}

_stemmer_lock = Lock()  # the stemmer keeps the word it works on in itself


@dataclass(frozen=True, slots=True)
class Passage:
    """One value of a record: its text with white space folded, and its words in order.

    `keys[i]`: the forms by which word i can be asked for. `starts`, `ends`: its place in `text`.
    `sentences`, `clauses`: the number of the sentence and of the clause it stands in.
    """

    text: str
    keys: tuple[tuple[str, ...], ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    sentences: tuple[int, ...]
    clauses: tuple[int, ...]


@lru_cache(maxsize=50_000)
def keys_of(word: str) -> tuple[str, ...]:
    """The stem of a word, its lower-case form and, where it has capitals, its very form."""
    bare = _POSSESSIVE.sub("", word) or word
    lower = bare.lower()
    keys = [stem(lower), "=" + lower]
    if bare != lower:
        keys.append("=" + bare)
        if _CAPITALS.fullmatch(bare):  # GPs is GP
            keys.append("=" + bare[:-1])
    return tuple(keys)


@lru_cache(maxsize=50_000)
def stem(lower: str) -> str:
    """The stem of a lower-case word, British and American spelling alike."""
    word = _IRREGULAR.get(lower, lower)
    word = _ISE.sub(r"is\1", word).replace("ae", "e")
    with _stemmer_lock:
        return str(_stemmer().stemWord(word))


@cache
def _stemmer() -> Any:
    import snowballstemmer  # with the stemmers of forty languages, which no command needs that reads nothing

    return snowballstemmer.stemmer("english")


def passage(value: str) -> Passage:
    """A value of a record as words."""
    keys: list[tuple[str, ...]] = []
    starts: list[int] = []
    ends: list[int] = []
    sentences: list[int] = []
    clauses: list[int] = []
    at = sentence = clause = 0
    chunks = value.split()
    for words, length, full_stops, marks in map(_cut, chunks):
        for word, start, end, sentences_before, clauses_before in words:
            keys.append(word)
            starts.append(at + start)
            ends.append(at + end)
            sentences.append(sentence + sentences_before)
            clauses.append(clause + clauses_before)
        at += length + 1
        if marks:
            sentence += full_stops
            clause += marks
    return Passage(
        " ".join(chunks), tuple(keys), tuple(starts), tuple(ends), tuple(sentences), tuple(clauses)
    )


@lru_cache(maxsize=50_000)
def _cut(chunk: str) -> tuple[tuple[tuple[tuple[str, ...], int, int, int, int], ...], int, int, int]:
    """What stands between two spaces: its words, its length, and how many sentences and clauses end in it.

    Of each word: its keys, its start and end, and how many sentences and clauses end before it.
    """
    words: list[tuple[tuple[str, ...], int, int, int, int]] = []
    full_stops = 0
    marks = 1 if chunk in _DASHES else 0
    for piece in _PIECE.finditer(chunk):
        mark = piece[0]
        if mark in _MARKS:
            full_stops += mark in _FULL_STOPS
            marks += 1
        else:
            words.append((keys_of(mark), piece.start(), piece.end(), full_stops, marks))
    return tuple(words), len(chunk), full_stops, marks


def bounds(text: Passage, first: int, after: int, numbers: tuple[int, ...]) -> tuple[int, int]:
    """From where to where the sentences or clauses reach that hold these words."""
    low, high = bisect_left(numbers, numbers[first]), bisect_right(numbers, numbers[after - 1])
    return text.starts[low], text.ends[high - 1]
