"""Finding against two others that cannot be wrong in the same way: every place tried, and SQLite's full text."""

from __future__ import annotations

import json
import random
import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.themes import Vocabulary, parse_vocabulary
from bot.themes.finding import PhraseIndex, find
from bot.themes.phrases import Phrase
from bot.themes.words import Passage, passage

TESTS = Path(__file__).parents[1]
_TOKEN = re.compile(r"\([^()]*\)\??|<[^<>]*>|\.\.\.|~|[^\s()<>~]+")

Words = tuple[list[str], list[str], dict[str, list[str]]]  # phrases as they are written, all words, sets
Hit = tuple[int, str, str, int]  # its first word, its theme and text, the word after its last


def hits_of(vocabulary: Vocabulary, text: Passage) -> list[Hit]:
    return sorted((first, one.theme, one.text, after) for one, first, after in vocabulary.hits(text))


def every_place_tried(phrases: Sequence[Phrase], text: Passage) -> list[Hit]:
    """What stands in the text, said slowly: each phrase, from each word, in each way that it can be read."""
    hits: list[Hit] = []
    said = {key for keys in text.keys for key in keys}
    for phrase in phrases:
        if said.isdisjoint(phrase.elements[0]):
            continue  # it can begin nowhere
        for place in range(len(text.keys)):
            ends = list(ends_of(phrase, text, place, 0))
            if ends:
                one_word = len(phrase.elements) == 1 and place + 1 in ends
                hits.append((place, phrase.theme, phrase.text, place + 1 if one_word else ends[0]))
    return sorted(hits)


def ends_of(phrase: Phrase, text: Passage, place: int, number: int) -> Iterator[int]:
    for key in text.keys[place]:
        for tail in phrase.elements[number].get(key, ()):
            after = place + 1 + len(tail)
            words = text.keys[place + 1 : after]
            if len(words) < len(tail) or text.sentences[after - 1] != text.sentences[place]:
                continue
            if not all(wanted in keys for wanted, keys in zip(tail, words, strict=True)):
                continue
            if number + 1 == len(phrase.elements):
                yield after
                continue
            for following in range(after, min(after + phrase.gaps[number] + 1, len(text.keys))):
                if text.sentences[following] == text.sentences[place]:
                    yield from ends_of(phrase, text, following, number + 1)


@pytest.fixture(scope="module")
def written(mapping: Mapping[str, Any]) -> Words:
    """The phrases of a vocabulary as they are written, all its words, and its sets."""
    texts = [
        text if isinstance(text, str) else text["phrase"]
        for entry in mapping["themes"]
        for strength in ("strong", "weak", "not")
        for text in entry.get(strength, ())
    ]
    words = sorted({word for text in texts for word in re.findall(r"[\w'’]+", text)})
    return texts, words, mapping["sets"]


def said(phrase: str, sets: Mapping[str, list[str]], words: list[str], draw: random.Random) -> str:
    """A phrase as a text may have it: one of its alternatives each, and other words in its gaps."""
    spoken: list[str] = []
    for token in _TOKEN.findall(phrase):
        if token in {"...", "~"}:
            spoken.extend(draw.choices(words, k=draw.randint(0, 8)))
        elif token.endswith(")?") and draw.random() < 0.5:
            continue
        else:
            inner = draw.choice(token.strip("()?").split("|"))
            while inner.startswith("<"):
                inner = draw.choice(sets[inner.strip("<>")])
            spoken.append(inner.replace("=", ""))
    if draw.random() < 0.2:
        spoken.insert(draw.randrange(len(spoken) + 1), draw.choice((",", ".", draw.choice(words))))
    if draw.random() < 0.1:
        spoken.reverse()
    return " ".join(spoken)


def soup(written: Words, draw: random.Random) -> str:
    """Phrases and words of the vocabulary one after the other, with a mark here and there, meaning nothing."""
    texts, words, sets = written
    parts = [
        said(draw.choice(texts), sets, words, draw) if draw.random() < 0.7 else draw.choice(words)
        for _ in range(draw.randint(1, 12))
    ]
    return "".join(part + draw.choice((" ", " ", " ", ". ", ", ")) for part in parts)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_in_a_soup_of_its_own_words_the_vocabulary_finds_what_trying_every_place_finds(
    vocabulary: Vocabulary, written: Words, seed: int
) -> None:
    text = passage(soup(written, random.Random(seed)))
    assert hits_of(vocabulary, text) == every_place_tried(vocabulary.index.phrases, text)


SMALL = st.lists(st.sampled_from("abcd"), min_size=1, max_size=3).map(" ".join)
BRACKET = st.lists(SMALL, min_size=1, max_size=3, unique=True).map(lambda words: f"({'|'.join(words)})")
PHRASES = st.lists(BRACKET | SMALL, min_size=1, max_size=4).flatmap(
    lambda parts: st.lists(
        st.sampled_from([" ", " ... ", "? "]), min_size=len(parts) - 1, max_size=len(parts) - 1
    ).map(
        lambda joints: (
            parts[0]
            + "".join(
                (joint if joint != "? " or parts[i].startswith("(") else " ") + parts[i + 1]
                for i, joint in enumerate(joints)
            )
        )
    )
)


@settings(max_examples=200, deadline=None)
@given(
    written=st.lists(PHRASES, min_size=1, max_size=6, unique=True),
    words=st.lists(st.sampled_from(["a", "b", "c", "d", "e", "a.", "b.", "c,"]), max_size=14),
)
def test_phrases_of_few_words_are_found_wherever_they_stand(written: list[str], words: list[str]) -> None:
    made = parse_vocabulary({"themes": [{"id": "letters", "name": "Letters", "strong": written}]})
    text = passage(" ".join(words))
    assert hits_of(made, text) == every_place_tried(made.index.phrases, text)


def invented_values() -> Iterator[str]:
    """What the invented pages of the tests say."""
    for file in sorted(TESTS.glob("unseen/*/expected.json")):
        for review in cast("list[dict[str, Any]]", json.loads(file.read_text("utf-8")).get("reviews", [])):
            yield review["title"]
            yield review["incident"]
            yield from review["learning"]
            yield from review["recommendations"]


def test_in_the_invented_pages_the_vocabulary_finds_what_trying_every_place_finds(
    vocabulary: Vocabulary,
) -> None:
    found = 0
    for value in sorted(set(invented_values()))[::15]:
        text = passage(value)
        hits = hits_of(vocabulary, text)
        assert hits == every_place_tried(vocabulary.index.phrases, text)
        found += len(hits)
    assert found > 150


@pytest.fixture(scope="module")
def full_text() -> sqlite3.Connection:
    """The stems of each invented sentence as a row of SQLite's full-text search."""
    database = sqlite3.connect(":memory:")
    database.execute("create virtual table sentences using fts5(stems, tokenize = 'unicode61')")
    for value in sorted(set(invented_values())):
        text = passage(value)
        for number in sorted(set(text.sentences)):
            stems = (keys[0] for keys, own in zip(text.keys, text.sentences, strict=True) if own == number)
            database.execute("insert into sentences values (?)", (" ".join(stems),))
    return database


def test_a_plain_phrase_stands_where_the_full_text_search_of_sqlite_has_it(
    vocabulary: Vocabulary, full_text: sqlite3.Connection
) -> None:
    plain = [one for one in vocabulary.index.phrases if re.fullmatch(r"[a-z]+(?: [a-z]+)*", one.text)]
    index = PhraseIndex(lambda: plain)
    ours: set[tuple[str, int]] = set()
    for row, stems in full_text.execute("select rowid, stems from sentences").fetchall():
        words = tuple((stem,) for stem in stems.split())
        text = Passage(stems, words, (0,) * len(words), (0,) * len(words), (0,) * len(words), ())
        ours.update((phrase.text, row) for phrase, _, _ in find(index, text))
    theirs: set[tuple[str, int]] = set()
    for written in {one.text for one in plain}:
        asked = " ".join(keys[0] for keys in passage(written).keys)
        rows = full_text.execute("select rowid from sentences where stems match ?", (f'"{asked}"',))
        theirs.update((written, row) for (row,) in rows)
    assert ours == theirs
    assert len(ours) > 300
