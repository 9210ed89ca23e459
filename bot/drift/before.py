"""Whether what is new to the archive is old on the page: it stood there before it was read like this."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.drift.changes import OWN
from bot.drift.glance import Glance, letters, plain_address
from bot.drift.texts import pieces
from bot.models import Review


def stood_there(reviews: Sequence[Review], page: Glance) -> frozenset[Review]:
    """Those of a reading of which an earlier page showed some: a document, half of the prose, or where there
    is little prose the title. What several of them share tells nothing."""
    sentences = Counter(one for review in reviews for one in _prose(review))
    links = Counter(one for review in reviews for one in _links(review))
    return frozenset(
        review
        for review in reviews
        if _stood(
            review,
            [one for one in _prose(review) if sentences[one] < 2],
            {one for one in _links(review) if links[one] < 2},
            page,
        )
    )


def _stood(review: Review, prose: Sequence[str], links: set[str], page: Glance) -> bool:
    if links & page.addresses:
        return True
    length = sum(map(len, prose))
    if length < OWN:
        return page.names(review.title)
    return 2 * sum(len(one) for one in prose if one in page.letters) >= length


def _prose(review: Review) -> set[str]:
    return {letters(one) for one in pieces(review)}


def _links(review: Review) -> set[str]:
    return {plain_address(link.url) for link in review.links}
