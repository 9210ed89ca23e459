"""The words of a record, taken apart, to be looked for on a page or in another record."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.drift.glance import PIECE, letters
from bot.models import Review
from bot.revisions import LISTS, TEXTS

_SENTENCE = re.compile(r"(?<=[.!?;:])\s+|\n")


def pieces(review: Review) -> Iterator[str]:
    """The sentences and points of a record that are long enough to be known again."""
    for text in texts_of(review):
        yield from (piece for piece in cut(text) if len(letters(piece)) >= PIECE)


def cut(text: str) -> list[str]:
    return [piece for piece in _SENTENCE.split(text) if letters(piece)]


def texts_of(review: Review) -> Iterator[str]:
    yield from fields_of(review)
    for section in review.sections:
        yield from section.items


def fields_of(review: Review) -> Iterator[str]:
    """The prose that readers are told of; what the source has besides stands in `sections`."""
    for name in TEXTS:
        yield getattr(review, name)
    for name in LISTS:
        yield from getattr(review, name)


def text_of(review: Review) -> str:
    return " ".join(texts_of(review))


def without(texts: Iterable[str], other: Review) -> list[str]:
    """The sentences and points of these that are nowhere in the record."""
    whole = letters(f"{other.title} {text_of(other)}")
    return [piece for text in texts for piece in cut(text) if letters(piece) not in whole]


def size(texts: Iterable[str]) -> int:
    return sum(len(letters(text)) for text in texts)
