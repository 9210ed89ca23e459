"""Where phrases stand in a text: all of them at once, by words that they cannot do without.

Of each element of a phrase one alternative must stand, and of that alternative every word, so also its
rarest. A phrase is filed under the rarest words of its rarest element. A text brings up, word by word, what
is filed under it; what lacks the word beside it, or a word of another element in the sentence, is dropped;
only the rest is tried from its beginning. So most phrases are never looked at, however many there are.

How rare a word is, the vocabulary itself tells well enough: a word of many phrases is common, and so is a
short one. A wrong guess costs time and finds the same.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from bot.themes.phrases import Element, Phrase
from bot.themes.words import Passage

Keys = tuple[str, ...]  # the forms by which one word can be asked for
Alternative = tuple[str, ...]  # the keys of its words
Common = Callable[[str], float]


# A phrase under one of its words, as a bare tuple, for thousands are looked at in a review:
# - how many words on the word is that must stand beside (1 or -1; 0: none)
# - how many words the phrase has, where these are all of it (0: it is to be tried)
# - sets of keys: a sentence without one of each cannot have the phrase
# - the most and the least words between the beginning of the phrase and this one
# - the number of the phrase
_Row = tuple[int, int, tuple[frozenset[str], ...], int, int, int]
_ByKey = dict[str, list[_Row]]
# What is filed under a key: rows that need no word beside it; others by that word, after it and before it.
_Filed = tuple[list[_Row], _ByKey, _ByKey]


@dataclass(frozen=True, slots=True, eq=False)
class PhraseIndex:
    """Phrases in the order they were given. `under`: what is filed under the keys of a word; remembers it."""

    phrases: tuple[Phrase, ...]
    under: Callable[[Keys], tuple[_Filed, ...]]


def index_phrases(phrases: Sequence[Phrase]) -> PhraseIndex:
    """The index by which `find` finds these phrases."""
    common = _commonness(phrases)
    filed: dict[str, _Filed] = {}
    for number, phrase in enumerate(phrases):
        for key, beside, row in _rows(number, phrase, common):
            alone, by_next, by_last = filed.setdefault(key, ([], {}, {}))
            if not beside:
                alone.append(row)
            for other in beside:
                (by_next if row[0] > 0 else by_last).setdefault(other, []).append(row)

    @lru_cache(maxsize=50_000)
    def under(keys: Keys) -> tuple[_Filed, ...]:
        return tuple(filed[key] for key in keys if key in filed)

    return PhraseIndex(tuple(phrases), under)


def _commonness(phrases: Sequence[Phrase]) -> Common:
    """How common a key seems to be: by how many phrases ask for it, and how short it is."""
    asked = Counter(
        key
        for phrase in phrases
        for element in phrase.elements
        for one in _alternatives(element)
        for key in one
    )
    return {key: count / len(key.removeprefix("=")) ** 2 for key, count in asked.items()}.__getitem__


def _alternatives(element: Element) -> list[Alternative]:
    return [(key, *tail) for key, tails in element.items() for tail in tails]


def _rows(number: int, phrase: Phrase, common: Common) -> Iterator[tuple[str, frozenset[str], _Row]]:
    """The rows of a phrase, one for each alternative of its rarest element, and the key to file it under."""
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
        yield one[place], beside, (side, whole, needed, most + place, least + place, number)


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


def find(index: PhraseIndex, text: Passage) -> Iterator[tuple[Phrase, int, int]]:
    """Each phrase that stands in the text, with its first word and the word after its last.

    In the order of the text, at one word in the order of the phrases. A phrase is found once at a word:
    as its first alternatives that fit, or as one word where one word makes it.
    """
    last = (-1, -1)
    for first, number, after in sorted(_spots(index, text)):
        if last != (first, number):
            last = (first, number)
            yield index.phrases[number], first, after


def _spots(index: PhraseIndex, text: Passage) -> Iterator[tuple[int, int, int]]:
    """The first word of a phrase, its number, and the word after its last; some of them twice."""
    sentences = text.sentences
    sentence, present = -1, frozenset[str]()
    for place, (side, whole, needs, most, least, number) in _likely(index, text):
        if whole:
            if sentences[place] == sentences[place + side]:
                yield place - most, number, place - most + whole
            continue
        if needs and sentence != sentences[place]:
            sentence, present = sentences[place], _present(text, place)
        for need in needs:
            if need.isdisjoint(present):
                break
        else:
            for first, after in _readings(index.phrases[number], text, place, most, least):
                yield first, number, after


def _likely(index: PhraseIndex, text: Passage) -> Iterator[tuple[int, _Row]]:
    """The rows that each word brings up, where the word is beside it that must be."""
    around = (*text.keys, ())  # so that there is no word before the first, nor after the last
    for place, filed in enumerate(map(index.under, text.keys)):
        for alone, by_next, by_last in filed:
            for row in alone:
                yield place, row
            for key in around[place + 1] if by_next else ():
                for row in by_next.get(key, ()):
                    yield place, row
            for key in around[place - 1] if by_last else ():
                for row in by_last.get(key, ()):
                    yield place, row


def _present(text: Passage, place: int) -> frozenset[str]:
    """The keys of all words in the sentence of this word."""
    number = text.sentences[place]
    first, after = bisect_left(text.sentences, number), bisect_right(text.sentences, number)
    return frozenset(chain.from_iterable(text.keys[first:after]))


def _readings(phrase: Phrase, text: Passage, place: int, most: int, least: int) -> Iterator[tuple[int, int]]:
    """Where the phrase begins, `most` to `least` words before `place`, and where it then ends."""
    number = text.sentences[place]
    first = max(place - most, bisect_left(text.sentences, number, 0, place))
    limit = bisect_right(text.sentences, number, place)
    begins = phrase.elements[0].keys()
    for start in range(first, place - least + 1):
        if not begins.isdisjoint(text.keys[start]):
            after = _end_of(phrase, text.keys, start, limit)
            if after is not None:
                yield start, after


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
