"""Quotes: the words of a review that prove a theme, cut where a reader would cut them."""

from __future__ import annotations

from bot.themes.words import Passage, bounds

QUOTE = 160  # characters
FEWEST_WORDS = 4  # of a quote, where its sentence has more
FEWEST_WORDS_OF_A_PART = 12  # of a quote cut inside a clause, which says little by itself

_JOINING = "and but or so which who whose when where while because although though unless until that"
_JOINS = frozenset(f"={word}" for word in _JOINING.split())


def quote(text: Passage, first: int, after: int) -> str:
    """The sentence around these words; where that is long the clause; where that is long, words around.

    Four words at least where the sentence has them, 160 characters at most, and no bracket left open.
    """
    start, end = bounds(text, first, after, text.sentences)
    if end - start <= QUOTE:
        return _closed(text, start, end, first, after)
    for numbers, fewest in ((text.clauses, FEWEST_WORDS), (_phrases(text), FEWEST_WORDS_OF_A_PART)):
        start, end = _widened(text, first, after, numbers, fewest)
        if end - start <= QUOTE:
            return _closed(text, start, end, first, after)
    low, high = first, after - 1
    while room := _room(text, low, high):
        low, high = room[-1] if high - after < first - low else room[0]
    start, end = text.starts[low], min(text.ends[high], text.starts[low] + QUOTE)
    return _closed(text, start, end, first, after)


def _phrases(text: Passage) -> tuple[int, ...]:
    """Clauses cut finer, before the words that a part of a sentence begins with."""
    numbers: list[int] = []
    number = 0
    for place, clause in enumerate(text.clauses):
        begins = not _JOINS.isdisjoint(text.keys[place])
        if place and (begins or clause != text.clauses[place - 1]):
            number += 1
        numbers.append(number)
    return tuple(numbers)


def _widened(text: Passage, first: int, after: int, numbers: tuple[int, ...], fewest: int) -> tuple[int, int]:
    """From where to where the clauses of these words reach, with their neighbours while words are few.

    The neighbour before is taken first, for it says who; none that makes the quote too long.
    """
    low, high = _whole(text, first, after - 1, numbers)
    while high - low + 1 < fewest:
        wider = [_whole(text, a, b, numbers) for a, b in _room(text, low, high)]
        fitting = [(a, b) for a, b in wider if text.ends[b] - text.starts[a] <= QUOTE]
        few = high - low + 1 < FEWEST_WORDS
        if not wider or (not fitting and not few):
            break
        low, high = (fitting or wider)[0]
    return text.starts[low], text.ends[high]


def _whole(text: Passage, low: int, high: int, numbers: tuple[int, ...]) -> tuple[int, int]:
    """The first and the last word of the clauses of these words, within their sentence."""
    kin, sentences = (numbers[low], numbers[high]), text.sentences
    while low and numbers[low - 1] == kin[0] and sentences[low - 1] == sentences[low]:
        low -= 1
    while high + 1 < len(numbers) and numbers[high + 1] == kin[1] and sentences[high + 1] == sentences[high]:
        high += 1
    return low, high


def _room(text: Passage, low: int, high: int) -> list[tuple[int, int]]:
    """These words with one more before, and with one more after, where the sentence and the length allow."""
    return [
        (a, b)
        for a, b in ((low - 1, high), (low, high + 1))
        if a >= 0
        and b < len(text.keys)
        and text.sentences[a] == text.sentences[low]
        and text.sentences[b] == text.sentences[high]
        and text.ends[b] - text.starts[a] <= QUOTE
    ]


def _closed(text: Passage, start: int, end: int, first: int, after: int) -> str:
    """The quote with the bracket that closes it, or without the one left open at its edge."""
    words = text.text[start:end]
    if words.count("(") > words.count(")"):
        if text.text[end : end + 1] == ")" and end - start < QUOTE:
            return text.text[start : end + 1]
        opening = start + words.rindex("(")
        if text.ends[after - 1] <= opening:
            return text.text[start:opening].rstrip(" ,–—-")
        if opening < text.starts[first] and end - opening > QUOTE // 4:
            return text.text[opening + 1 : end].lstrip()
    elif words.count(")") > words.count("("):
        closing = start + words.index(")")
        if text.ends[after - 1] <= closing:
            return text.text[start:closing].rstrip()
        if closing < text.starts[first]:
            return text.text[closing + 1 : end].lstrip(" ,–—-")
    return words
