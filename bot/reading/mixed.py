"""Pages that tell of some of their reviews and only link to others: the two readings of them, as one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.models import Document, Review
from bot.reading.grammar.status import status_in
from bot.reading.grammar.types import names_a_case
from bot.reading.lines import Line
from bot.reading.lists.subjects import subject_of
from bot.reading.urls import own_links


def both(told: Sequence[Review], linked: Sequence[Review]) -> tuple[Review, ...]:
    """The reviews of a page once each, in its order: as told where it tells of them, else as linked.

    `told` alone where the links are of nothing else, or leave out what the page tells.
    """
    further = [review for review in linked if not any(_is_of(review, other) for other in told)]
    if not further or not all(any(_is_of(review, other) for review in linked) for other in told):
        return tuple(told)
    found: list[Review] = []
    given: list[Review] = []
    for review in linked:
        own = next((other for other in told if _is_of(review, other)), None)
        if own is None and review not in found:
            found.append(review)
        elif own is not None and own not in given:
            given.append(own)
            found.append(own if own.published else _dated(own, review))
    return tuple(found)


def _dated(told: Review, linked: Review) -> Review:
    """A review as told, with the date that its link gives."""
    return replace(told, published=linked.published, year=told.year or linked.year)


def more_is_linked(document: Document, lines: Sequence[Line], told: Sequence[Review]) -> bool:
    """Whether a line links to what none of these reviews has, or says how the publication of one stands."""
    known = {link.url for review in told for link in review.links}
    return any(
        status_in(line.text) or any(link.url not in known for link in own_links(line.links, document.url))
        for line in lines
    )


def _is_of(review: Review, told: Review) -> bool:
    """Whether a record read from links is of a review that the page tells of."""
    if review.title.casefold() == told.title.casefold():
        return True
    addresses = {link.url for link in review.links}
    if addresses and addresses <= {link.url for link in told.links}:
        return True
    return bool(subject_of(review.title)) and subject_of(review.title) == subject_of(told.title)


def tells_of_several(lines: Sequence[Line], linked: Sequence[Review]) -> bool:
    """Whether a page headed as a list of reviews tells of one of the several that it links to."""
    top = next((line.text for line in lines if line.kind == "heading"), "")
    if len(linked) < 2 or names_a_case(top) or not re.search(r"(?i)\breviews\b", top):
        return False
    return any(review.incident or review.learning for review in linked)
