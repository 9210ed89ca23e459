"""How much of each review a mail shows, so that it is read in about five minutes and weighs 80 kB at most.

A mail steps down from all to least, each review to no less than `LEAST`. Where that still weighs too much,
later reviews get a few lines or only their title, which leads to the report.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, count

from bot.deliver import words
from bot.deliver.showing.shown import Detail, DigestShown, DoubtfulShown, LinkShown, NamedShown, ReviewShown
from bot.models import Digest, Entry, Review

LARGEST = 80_000  # bytes of HTML; Gmail hides what comes after about 102 kB
FIVE_MINUTES = 7_500  # characters of the reviews' own words: some 1,250 words
WORDS_A_MINUTE = 230
AROUND = 250  # words of the frame: the content note, what was checked, where to turn, about this email
ALL = Detail()
LEAST = Detail(points=2, prose=300, point=220, background=False)
BY_TIME = (
    ALL,
    Detail(points=4, prose=700, point=400),
    Detail(points=3, prose=450, point=300, background=False),
    LEAST,
)
BY_SIZE = tuple(
    replace(LEAST, full=full, parts=parts)
    for full, parts in ((8, 60), (12, 12), (8, 8), (6, 6), (4, 4), (2, 2), (0, 0))
)

# Roughly what stands around a review's words, in bytes of finished HTML. They only choose where to begin: a
# mail that weighs more than was thought is rendered again with less.
FRAME, LINE, PART, ITEM, LINK = 7_000, 350, 1_700, 60, 150

# Where only titles are left, the most that each may have: sixty of them fit then, whatever they are made of.
TITLE, PLACE, ADDRESS = 80, 40, 260

# Lists that are not of reviews: sources not read, earlier digests in doubt. Where they weigh more than LISTS,
# only the first of each are named.
LISTS = 16_000
UNREAD, DOUBTFUL, TOLD, SUBSCRIPTIONS = 20, 12, 4, 12  # TOLD: earlier digests whose reviews are named
NAMED = 10  # reviews of each


def rungs(digest: Digest) -> Sequence[Detail]:
    """The details to try for a mail, from the one that should fit down to the least. Never empty."""
    kept = next(place for place, one in enumerate(BY_TIME) if one is LEAST or _in_five_minutes(digest, one))
    return _lighter(digest, [*BY_TIME[kept:], *BY_SIZE], 1.0)


def smaller(digest: Digest, tried: Sequence[Detail], size: int) -> Sequence[Detail]:
    """What is left to try after the first of `tried` gave HTML of so many bytes, more than may be. Shorter by
    one at least."""
    return _lighter(digest, tried[1:], size / _weight(digest, tried[0]))


def _lighter(digest: Digest, details: Sequence[Detail], scale: float) -> Sequence[Detail]:
    """Those from the first on whose weight, times `scale`, should be allowed; the last in any case."""
    fitting = (place for place, one in enumerate(details) if _weight(digest, one) * scale <= LARGEST)
    return details[next(fitting, len(details) - 1) :]


def _in_five_minutes(digest: Digest, detail: Detail) -> bool:
    told = (entry.review for entry in digest.entries[: detail.full] if entry.kind == "new")
    return sum(_length(review, detail) for review in told) <= FIVE_MINUTES


def _lists(review: Review, detail: Detail) -> list[tuple[str, ...]]:
    told = [review.learning, review.recommendations, review.actions, review.good_practice, review.questions]
    if not any((review.incident, review.background, *told[:2])):  # only then other sections are shown
        told += [section.items for section in review.sections[:2]]
    return [items[: detail.points] for items in told]


def _length(review: Review, detail: Detail) -> int:
    """About how many characters of its own words are shown."""
    points = sum(min(len(item), detail.point) for items in _lists(review, detail) for item in items)
    background = min(len(review.background), detail.prose // 2)
    happened = min(len(review.incident), detail.prose)
    return points + happened + (background if detail.background or not happened else 0)


def _weight(digest: Digest, detail: Detail) -> int:
    """About how many bytes of HTML the mail has."""
    weights = (_entry_weight(entry, place, detail) for place, entry in enumerate(digest.entries))
    return FRAME + min(_lists_weight(digest), LISTS) + sum(weights)


def _lists_weight(digest: Digest) -> int:
    unread = sum(PART // 12 + min(len(one.name), TITLE) for one in digest.coverage.unread)
    named = (one for doubtful in digest.doubtful for one in doubtful.reviews)
    earlier = sum(ITEM + len(one.title) + len(one.place or "") + len(one.url or "") for one in named)
    return unread + LINE * len(digest.doubtful) + earlier


def _entry_weight(entry: Entry, place: int, detail: Detail) -> int:
    review = entry.review
    line = LINE + len(review.title)
    if place >= detail.parts:
        return line
    links = review.links if place < detail.full else review.links[:1]
    weight = line + PART + len(review.title) + sum(LINK + len(one.url) + len(one.label) for one in links)
    if place >= detail.full or entry.kind != "new":
        return weight
    return weight + _length(review, detail) + ITEM * sum(map(len, _lists(review, detail)))


def fitted(shown: DigestShown, digest: Digest, detail: Detail, page_url: str | None) -> DigestShown:
    """The digest as a mail shows it with this detail: names not longer than anybody reads; where `detail` has
    no part of its own for any review, or the lists around them are long, only the first of what is listed.

    There reviews are only titles, no two alike, each short enough that sixty of them fit. One whose address
    is too long leads to the page of the whole digest (`page_url`); without it, it has none, and says why."""
    unread = tuple(replace(one, name=_short(one.name, TITLE)) for one in shown.unread)
    shown = replace(shown, unread=unread, subscriptions=_subscriptions(shown.subscriptions))
    if _brief(digest, detail):
        shown = _with_fewer_doubtful(shown)
    if detail.parts:
        return shown
    used: set[str] = set()
    return replace(shown, reviews=tuple(_only_title(review, page_url, used) for review in shown.reviews))


def unread_named(digest: Digest, detail: Detail) -> int:
    """How many of the sources that could not be read are named; the others are counted."""
    unread = len(digest.coverage.unread)
    return min(unread, UNREAD) if _brief(digest, detail) else unread


def _brief(digest: Digest, detail: Detail) -> bool:
    return not detail.parts or _lists_weight(digest) > LISTS


def _subscriptions(names: tuple[str, ...]) -> tuple[str, ...]:
    short = tuple(_short(name, TITLE) for name in names)
    return (
        (*short[:SUBSCRIPTIONS], f"{len(names) - SUBSCRIPTIONS} more")
        if len(names) > SUBSCRIPTIONS
        else short
    )


def _short(text: str, limit: int) -> str:
    """At most `limit` letters, and fewer of those that take more than two bytes as HTML."""
    length = limit
    while len(html.escape(kept := words.cut(text, length)[0]).encode()) > 2 * limit and length > 1:
        length = length * 3 // 4
    return kept


def _only_title(review: ReviewShown, page_url: str | None, used: set[str]) -> ReviewShown:
    short, address = _short(review.notice, TITLE), review.address
    notice = next(one for one in chain([short], (f"{short} ({n})" for n in count(2))) if one not in used)
    used.add(notice)
    place = _short(review.place, PLACE) if review.place else None
    if address and not _fits(address):
        address = f"{page_url}#{review.anchor}" if page_url else None
        notice = notice if page_url else f"{notice} (its address is too long for an email)"
    links = (LinkShown(label=notice, url=address, to="page"),) if address else ()
    return replace(review, notice=notice, place=place, links=links, seen=())


def _with_fewer_doubtful(shown: DigestShown) -> DigestShown:
    """Only the first digests in doubt: of a few the first reviews, of the others one and how many more."""
    kept = [_few(one, NAMED if place < TOLD else 1) for place, one in enumerate(shown.doubtful[:DOUBTFUL])]
    return replace(shown, doubtful=tuple(kept), more_doubtful=len(shown.doubtful) - len(kept))


def _few(doubtful: DoubtfulShown, number: int) -> DoubtfulShown:
    """The first reviews of an earlier digest, and how many more it had."""
    named = tuple(
        NamedShown(
            title=_short(one.title, TITLE),
            place=_short(one.place, PLACE) if one.place else None,
            url=one.url if one.url and _fits(one.url) else None,
        )
        for one in doubtful.reviews[:number]
    )
    return replace(doubtful, reviews=named, more=len(doubtful.reviews) - len(named))


def _fits(address: str) -> bool:
    return len(html.escape(address)) <= ADDRESS


def minutes(shown: DigestShown, *texts: str) -> int:
    """How long the mail takes to read. `texts`: the reviews' parts as plain text, and what else is told with
    them."""
    listed = (f"{one.notice} {one.listed}" for one in shown.reviews)
    named = (f"{one.title} {one.place or ''}" for doubtful in shown.doubtful for one in doubtful.reviews)
    meeting = (point.text for _, questions in shown.questions for point in questions.shown)
    spoken = " ".join([*texts, *listed, *named, *meeting])
    return max(1, round((AROUND + len(spoken.split())) / WORDS_A_MINUTE))
