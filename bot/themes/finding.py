"""Where phrases stand in a text: all of them at once, by words that they cannot do without.

Of each element of a phrase one alternative must stand, and of that alternative every word, so also its
rarest. A phrase is filed under the rarest words of its rarest element. A text brings up, word by word, what
is filed under it; what lacks the word beside it, or a word of another element in the sentence, is dropped;
only the rest is tried from its beginning. So most phrases are never looked at, however many there are.

How rare a word is, the vocabulary itself tells well enough: a word of many phrases is common, and so is a
short one; and those that every sentence has are known. A wrong guess costs time and finds the same.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import chain
from typing import NamedTuple

from bot.themes.phrases import Element, Phrase
from bot.themes.words import Passage

Keys = tuple[str, ...]  # the forms by which one word can be asked for
Alternative = tuple[str, ...]  # the keys of its words
Common = Callable[[str], float]

COMMONER = 50.0  # how much more common the words of every review are than the vocabulary would have it
_WORDS = """
    a about all an and are as at be been but by child children could did do famili family for from had has
    have he her him his how in is it its more no not of on one or parent she should that the their them they
    this to was were what when which who with would you
"""
EVERYWHERE = frozenset(_WORDS.split())

# A phrase under one of its words, as a bare tuple, for thousands are looked at in a review:
# - how many words the phrase has, where these are all of it (0: it is to be tried)
# - sets of keys: a sentence without one of each cannot have the phrase
# - the most and the least words between the beginning of the phrase and this one
# - the number of the phrase
_Row = tuple[int, tuple[frozenset[str], ...], int, int, int]
_ByKey = dict[str, list[_Row]]
# What is filed under a key: rows that need no other word; others by the word that must stand after it, or
# before it, or somewhere in the sentence.
_Filed = tuple[list[_Row], _ByKey, _ByKey, _ByKey]


class _Shelf(NamedTuple):
    """`under`: what is filed under the keys of a word; remembers it. `needed`: all keys that some phrase must
    have in its sentence."""

    under: Callable[[Keys], tuple[_Filed, ...]]
    needed: frozenset[str]


class PhraseIndex:
    """Phrases in the order they were given; made and filed when a text is first looked at, for that takes
    half a second and most commands look at none."""

    def __init__(self, make: Callable[[], Iterable[Phrase]]) -> None:
        self._make = make

    @cached_property
    def phrases(self) -> tuple[Phrase, ...]:
        return tuple(self._make())

    @cached_property
    def shelf(self) -> _Shelf:
        return _filed(self.phrases)


def _filed(phrases: Sequence[Phrase]) -> _Shelf:
    common = _commonness(phrases)
    filed: dict[str, _Filed] = {}
    needed: set[str] = set()
    for number, phrase in enumerate(phrases):
        for key, beside, side, row in _rows(number, phrase, common):
            alone, by_next, by_last, by_any = filed.setdefault(key, ([], {}, {}, {}))
            whole, needs, most, least, _ = row
            needed.update(*needs)
            if side:
                for other in beside:
                    (by_next if side > 0 else by_last).setdefault(other, []).append(row)
            elif needs:
                for other in needs[0]:
                    by_any.setdefault(other, []).append((whole, needs[1:], most, least, number))
            else:
                alone.append(row)

    @lru_cache(maxsize=50_000)
    def under(keys: Keys) -> tuple[_Filed, ...]:
        return tuple(filed[key] for key in keys if key in filed)

    return _Shelf(under, frozenset(needed))


def _commonness(phrases: Sequence[Phrase]) -> Common:
    """How common a key seems to be: by how many phrases ask for it, and how short it is."""
    asked = Counter(
        key
        for phrase in phrases
        for element in phrase.elements
        for one in _alternatives(element)
        for key in one
    )
    bare = {key: key.removeprefix("=") for key in asked}
    return {
        key: count / len(bare[key]) ** 2 * (COMMONER if bare[key] in EVERYWHERE else 1)
        for key, count in asked.items()
    }.__getitem__


def _alternatives(element: Element) -> list[Alternative]:
    return [(key, *tail) for key, tails in element.items() for tail in tails]


def _rows(number: int, phrase: Phrase, common: Common) -> Iterator[tuple[str, frozenset[str], int, _Row]]:
    """The rows of a phrase, one for each alternative of its rarest element, and where to file it: under
    which key, and under which keys of the word beside it, on which side (1: after, -1: before, 0: none)."""
    elements = [_alternatives(element) for element in phrase.elements]
    needs = [frozenset(min(one, key=common) for one in choices) for choices in elements]
    costs = [sum(map(common, keys)) for keys in needs]
    at = costs.index(min(costs))
    lengths = [[len(one) for one in choices] for choices in elements[:at]]
    least = sum(map(min, lengths))
    most = sum(map(max, lengths)) + sum(phrase.gaps[:at])
    for one in elements[at]:
        place = one.index(min(one, key=common))
        beside, side, known = _beside(phrase, elements, at, one, place, common)
        whole = 0
        if len(elements) == len(one) == 1:
            whole = 1
        elif side and len(elements) == 2 and all(len(each) == 1 for each in chain(*elements)):
            whole = 2
        others = sorted((cost, i) for i, cost in enumerate(costs) if i not in {at, known})
        needed = tuple(needs[i] for _, i in others)
        yield one[place], beside, side, (whole, needed, most + place, least + place, number)


def _beside(
    phrase: Phrase, elements: list[list[Alternative]], at: int, one: Alternative, place: int, common: Common
) -> tuple[frozenset[str], int, int]:
    """The rarest keys that must stand beside a word of an alternative, on which side, and of which element.

    Nothing, side 0, where the words on both sides are free.
    """
    choices: list[tuple[frozenset[str], int, int]] = []
    if place:
        choices.append((frozenset({one[place - 1]}), -1, at))
    elif at and not phrase.gaps[at - 1]:
        choices.append((frozenset(other[-1] for other in elements[at - 1]), -1, at - 1))
    if place + 1 < len(one):
        choices.append((frozenset({one[place + 1]}), 1, at))
    elif at + 1 < len(elements) and not phrase.gaps[at]:
        choices.append((frozenset(other[0] for other in elements[at + 1]), 1, at + 1))
    return min(choices, key=lambda choice: sum(map(common, choice[0])), default=(frozenset(), 0, at))


def find(index: PhraseIndex, text: Passage) -> list[tuple[Phrase, int, int]]:
    """Each phrase that stands in the text, with its first word and the word after its last.

    In the order of the text, at one word in the order of the phrases. A phrase is found once at a word:
    as its first alternatives that fit, or as one word where one word makes it.
    """
    spots: set[tuple[int, int, int]] = set()
    first = 0
    for after in _ends(text):
        _look(index, text.keys, first, after, spots)
        first = after
    found: list[tuple[Phrase, int, int]] = []
    last = (-1, -1)
    for start, number, end in sorted(spots):
        if last != (start, number):
            last = (start, number)
            found.append((index.phrases[number], start, end))
    return found


def _ends(text: Passage) -> Iterator[int]:
    """The word after the last of each sentence."""
    sentences, place = text.sentences, 0
    while place < len(sentences):
        place = bisect_right(sentences, sentences[place], place)
        yield place


def _look(
    index: PhraseIndex, keys: tuple[Keys, ...], first: int, after: int, spots: set[tuple[int, int, int]]
) -> None:
    """Add the phrases of one sentence: the first word of each, its number, and the word after its last."""
    under, needed = index.shelf
    present = needed.intersection(chain.from_iterable(keys[first:after]))
    for place in range(first, after):
        for filed in under(keys[place]):
            before = keys[place - 1] if place > first else ()
            behind = keys[place + 1] if place + 1 < after else ()
            for whole, needs, most, least, number in _likely(filed, before, behind, present):
                if whole:
                    spots.add((place - most, number, place - most + whole))
                    continue
                for need in needs:
                    if need.isdisjoint(present):
                        break
                else:
                    phrase = index.phrases[number]
                    begins = phrase.elements[0].keys()
                    for start in range(max(place - most, first), place - least + 1):
                        if not begins.isdisjoint(keys[start]):
                            end = _end_of(phrase, keys, start, after)
                            if end is not None:
                                spots.add((start, number, end))


def _likely(filed: _Filed, before: Keys, behind: Keys, present: frozenset[str]) -> list[_Row]:
    """The rows that a word brings up: those for which the word is there that must be beside it or near."""
    alone, by_next, by_last, by_any = filed
    rows = alone.copy()
    if by_next:
        for key in behind:
            rows += by_next.get(key, ())
    if by_last:
        for key in before:
            rows += by_last.get(key, ())
    if by_any:
        for key in by_any.keys() & present:
            rows += by_any[key]
    return rows


def _end_of(phrase: Phrase, keys: tuple[Keys, ...], place: int, limit: int, number: int = 0) -> int | None:
    """Where the phrase ends, before `limit`, when its element `number` stands at `place`; None where not."""
    element, following = phrase.elements[number], number + 1
    for key in keys[place]:
        for tail in element.get(key, ()):
            after = place + 1 + len(tail)
            if tail and (after > limit or not _stand(tail, keys, place + 1)):
                continue
            if following == len(phrase.elements):
                return after
            begins = phrase.elements[following].keys()
            for start in range(after, min(after + phrase.gaps[number] + 1, limit)):
                if not begins.isdisjoint(keys[start]):
                    end = _end_of(phrase, keys, start, limit, following)
                    if end is not None:
                        return end
    return None


def _stand(tail: Keys, keys: tuple[Keys, ...], place: int) -> bool:
    """Whether these keys stand one after the other from `place` on."""
    return all(key in keys[place + i] for i, key in enumerate(tail))
