"""An excerpt is the words around what was looked for, and no more."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.store.excerpts import WORDS, around, opening

TOLD = (
    "The family had moved twice. A health visitor saw a bruise, and asked about it at once.\n"
    "Nobody told the nursery of the bruises that were seen; the families’ fears had grown, and both GPs knew of them."
)


@pytest.mark.parametrize(
    ("looked_for", "excerpt"),
    [
        ([["nursery"]], "Nobody told the nursery of the bruises"),
        ([["bruising"]], "A health visitor saw a bruise, and"),
        ([["family"]], "The family had moved twice. A health"),
        ([["grow"], ["fear"]], "… the nursery of the bruises that"),
        ([["bruise"], ["fear"]], "Nobody told the nursery of the bruises"),
        ([["moved", "twice"]], "The family had moved twice. A health"),
        ([["GP"]], "… that were seen; the families’ fears"),
    ],
)
def test_it_begins_near_the_words_in_any_inflection(looked_for: list[list[str]], excerpt: str) -> None:
    assert " ".join(around(TOLD, looked_for).split()[:7]) == excerpt


def test_what_is_not_there_has_no_excerpt() -> None:
    assert around(TOLD, [["dog"]]) == ""
    assert around(TOLD, [["twice", "moved"]]) == ""
    assert around("", [["dog"]]) == ""
    assert around(TOLD, []) == ""


def test_an_opening_is_the_first_words() -> None:
    assert opening("One two. Three.") == "One two. Three."
    assert opening("word " * 30) == "word " * WORDS + "…"


@given(text=st.text(max_size=300), words=st.lists(st.text("abcß一9ŵ", min_size=1, max_size=4), max_size=3))
def test_any_text_has_an_excerpt_of_its_own_words(text: str, words: list[str]) -> None:
    for excerpt in (around(text, [words]), opening(text)):
        told = excerpt.removeprefix("… ").removesuffix(" …")
        assert told in " ".join(text.split())
        assert len(told.split()) <= WORDS
