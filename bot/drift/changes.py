"""Whether what a reading calls new, changed or gone is so on the page itself.

A redesign moves words about; only a publisher brings words and takes them away. So each change is held
against the letters of this page and of the last good one (`glance`): what is gone must no longer stand here,
what is new must not have stood there. Where it does, the reader has lost its way, however little of the page
is concerned.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.drift.doubt import accept_it, counted, doubt
from bot.drift.glance import Glance, letters, plain_address, words
from bot.drift.texts import cut, fields_of, pieces, size, text_of, texts_of, without
from bot.errors import UnreadableDocument
from bot.models import Change, KnownReview, Review, Sighting, Source, SourceRun, latest
from bot.revisions import LISTS, TEXTS

A_LITTLE = 30  # letters that may move into or out of a record: a label, a caption, a date
MANY = 8  # reviews at the last good poll, from which on it means something that most are gone
SEVERAL = 6  # from which on it does where less than a quarter is left; of fewer, one may well be
SOME = 4  # reviews that all leave together; fewer are a short list of the latest
OWN = 60  # letters of prose that no other review on the page has
TELLING = 200  # letters of prose, that are hardly those of another review
WHOLE = 0.8  # of a text must stand on a page for it to stand there

_ENTITY = re.compile(
    r"&(?:amp|nbsp|quot|apos|lt|gt|[lr][sd]quo|[nm]dash|hellip|pound|#\d{2,5}|#x[0-9a-f]{2,4})\b", re.I
)


def settled(
    source: Source,
    changes: Sequence[Change],
    known: Sequence[KnownReview],
    last_good: SourceRun | None,
    now: Glance | None,
    then: Glance | None,
    *,
    emptied: bool = False,
) -> tuple[Change, ...]:
    """The changes, those that only re-arrange a record's words made quiet. Raises UnreadableDocument.

    `known`: what the archive has of this source. `now` and `then`: this page and the last good one; None
    where they could not be looked through, or are not kept. `emptied`: the page says that nothing is there.
    """
    before = _there(source, known, last_good)
    met = {change.known.id for change in changes if change.known and _is_there(change)}
    gone = [one for one in before if one.id not in met and one.review.status != "withdrawn"]
    fresh = [change.review for change in changes if change.kind == "new"]
    _codes(source, changes, before)
    if now and gone:
        _gone_and_still_there(source, gone, before, now)
    if then and fresh:
        _new_and_there_before(source, changes, then)
    kept = tuple(_one(source, change, now, then) for change in changes)
    if not emptied:
        _all_gone(source, before, gone, fresh, len(met) + len(fresh))
    return kept


def _there(source: Source, known: Sequence[KnownReview], last_good: SourceRun | None) -> list[KnownReview]:
    """The reviews that the page held at the last good poll."""
    if last_good is None or not last_good.records:
        return []
    seen = {one.id: [s.last_seen for s in _on_page(source, one) if not s.missed] for one in known}
    newest = max((at for each in seen.values() for at in each), default=None)
    return [one for one in known if newest in seen[one.id]]


def _on_page(source: Source, known: KnownReview) -> list[Sighting]:
    """What only older pages had says nothing of the one that is watched."""
    return [one for one in known.sightings if one.source_id == source.id and not one.beyond]


def _is_there(change: Change) -> bool:
    """Not a review that is missed, nor one that counts as withdrawn because it was."""
    if change.kind == "missing":
        return False
    by_absence = change.known and replace(change.review, status=change.known.review.status)
    return change.kind != "withdrawn" or by_absence != (change.known and change.known.review)


# --- what is gone, and what is new ----------------------------------------------------------------------


def _gone_and_still_there(
    source: Source, gone: Sequence[KnownReview], before: Sequence[KnownReview], now: Glance
) -> None:
    documents = Counter(one for review in before for one in _documents(source, review))
    sentences = Counter(letters(piece) for review in before for piece in set(pieces(review.review)))
    lost = [
        one
        for one in gone
        if _still_there(
            one.review,
            [piece for piece in map(letters, pieces(one.review)) if sentences[piece] < 2],
            {each for each in _documents(source, one) if documents[each] < 2},
            now,
        )
    ]
    if lost:
        raise doubt(
            source,
            f"gave {len(lost)} fewer than before, of which the page still shows the words or documents "
            f"(the first is “{lost[0].review.title[:80]}”)",
            accept_it(source),
        )


def _still_there(review: Review, own: Sequence[str], documents: set[str], page: Glance) -> bool:
    """Whether a page shows this review: the prose that is its `own`, or where that is little its documents,
    or else its title."""
    if sum(map(len, own)) >= OWN:
        standing = sum(len(piece) for piece in own if piece in page.letters)
        return standing >= WHOLE * sum(map(len, own))
    if documents:
        return documents <= page.addresses
    return " " in words(review.title) and page.names(review.title)


def _new_and_there_before(source: Source, changes: Sequence[Change], then: Glance) -> None:
    there = [change.as_seen or change.review for change in changes if _is_there(change)]
    links = Counter(one for review in there for one in {plain_address(link.url) for link in review.links})
    vocabulary = set(then.words.split())
    fresh = [change.review for change in changes if change.kind == "new"]
    old = [one for one in fresh if _all_there(one, links, then, vocabulary)]
    if old:
        raise doubt(
            source,
            f"gave {len(old)} as new that stood on the page at the last good poll already, read otherwise "
            f"(the first is “{old[0].title[:80]}”)",
            accept_it(source),
        )


def _all_there(review: Review, links: Counter[str], page: Glance, vocabulary: set[str]) -> bool:
    """Whether a page showed all of this review: its title, its prose, the documents that are its own."""
    prose = [letters(piece) for piece in pieces(review)]
    documents = {one for link in review.links if links[one := plain_address(link.url)] < 2}
    standing = sum(len(piece) for piece in prose if piece in page.letters)
    if standing < WHOLE * sum(map(len, prose)) or not documents <= page.addresses:
        return False
    telling = bool(documents) or standing >= TELLING
    title = words(review.title)
    return (telling and set(title.split()) <= vocabulary) or (" " in title and page.names(title))


def _documents(source: Source, known: KnownReview) -> set[str]:
    """What this review linked to on this page when it was last there."""
    here = [one for one in _on_page(source, known) if one.url]
    newest = max((one.last_seen for one in here), default=None)
    return {plain_address(one.url) for one in here if one.last_seen == newest}


def _all_gone(
    source: Source,
    before: Sequence[KnownReview],
    gone: Sequence[KnownReview],
    fresh: Sequence[Review],
    count: int,
) -> None:
    """A monthly page replaces all its entries, by others of their kind. A list of documents does not, and no
    list loses most of what it had and gains nothing, unless it is cleared of its oldest."""
    if source.reads == "feed" or not gone:
        return
    enough = len(before) / (2 if len(before) >= MANY else 4) if len(before) >= SEVERAL else 0
    if not fresh and count < enough and not _the_oldest(gone, before):
        raise doubt(
            source,
            f"lost {len(gone)} of its {len(before)} reviews at once and gained none",
            accept_it(source),
        )
    if (
        fresh
        and len(gone) == len(before) >= SOME
        and not (_telling(b.review for b in before) and _telling(fresh))
    ):
        raise doubt(
            source,
            f"gave {counted(len(fresh))} and none of the {len(before)} that were there at the last good "
            "poll, as if it were another page",
            accept_it(source),
        )


def _the_oldest(gone: Sequence[KnownReview], before: Sequence[KnownReview]) -> bool:
    """Whether all that left are older than all that stayed, by the dates that they bear."""
    day = {one.id: latest(one.review.published or str(one.review.year or "")) for one in before}
    left = [day.pop(one.id) for one in gone]
    old, young = [one for one in left if one], [one for one in day.values() if one]
    dated = len(old) == len(gone) and len(young) == len(day) > 0
    return dated and max(old) < min(young)


def _telling(reviews: Iterable[Review]) -> bool:
    """Whether most of them tell what happened or was learned."""
    told = [bool(review.incident or review.learning or review.recommendations) for review in reviews]
    return sum(told) * 2 > len(told)


# --- what is known, and reads otherwise -----------------------------------------------------------------


def _one(source: Source, change: Change, now: Glance | None, then: Glance | None) -> Change:
    """A known review against its own record: what it lost, what it gained."""
    known = change.known
    if known is None or change.kind not in ("revised", "mended") or known.origin not in ("", source.id):
        return change
    if change.review.status != known.review.status or not _on_page(source, known):
        return change
    lost = without(fields_of(known.review), change.review)
    gained = without(fields_of(change.review), known.review)
    kept = [text for text in lost if now and now.shows(text)]
    moved_in = [text for text in gained if then and then.shows(text)]
    if size(kept) >= A_LITTLE:
        raise _misread(source, known, "no longer has words that still stand on the page", kept[0])
    if size(moved_in) >= A_LITTLE:
        raise _misread(source, known, "now has words that stood elsewhere on the page before", moved_in[0])
    _other_documents(source, known, change.review, now, then)
    _retitled(source, known, change.review, now, then)
    _poorer(source, known, change.review, lost)
    if change.kind == "revised" and len(kept) == len(lost) and len(moved_in) == len(gained):
        return replace(change, kind="mended", reason=f"{change.reason}, its words set otherwise")
    return change


def _other_documents(
    source: Source, known: KnownReview, review: Review, now: Glance | None, then: Glance | None
) -> None:
    """Several documents that the page had before are this review's now; or several of its own, or all of
    them, are not its own any more, and still on the page. A report that is new to the page, in the place of
    the one page where reports can be asked for, is the publisher's."""
    before, after = _documents(source, known), {plain_address(link.url) for link in review.links}
    moved_in = (after - before) & then.addresses if then else set()
    if len(moved_in) >= 2:
        raise _misread(source, known, "now has documents that belonged to others", sorted(moved_in)[0])
    left = (before - after) & now.addresses if now else set()
    newly = after - before - then.addresses if then else set()
    if len(left) >= 2 or (left and left == before and not newly):
        raise _misread(source, known, "lost its documents, which are on the page", sorted(left)[0])


def _retitled(
    source: Source, known: KnownReview, review: Review, now: Glance | None, then: Glance | None
) -> None:
    """A corrected title is new to the page, and the old one gone from it; else it is read otherwise."""
    if words(known.review.title) == words(review.title) or now is None or then is None:
        return
    if then.names(review.title) and now.names(known.review.title):
        raise _misread(
            source, known, "is called otherwise now by words that the page had before", review.title
        )


def _poorer(source: Source, known: KnownReview, review: Review, lost: Sequence[str]) -> None:
    """Publishers add and correct; they hardly take all recommendations away, or most of a text."""
    for name in (*TEXTS, *LISTS):
        value = getattr(known.review, name)
        if value and not getattr(review, name) and _all_lost(value, lost):
            raise _misread(source, known, f"lost its {name.replace('_', ' ')}", lost[0])
    all_lost = without(texts_of(known.review), review)
    if size(all_lost) * 2 > size(texts_of(known.review)):
        raise _misread(source, known, "lost most of its text", all_lost[0])


def _all_lost(value: str | Sequence[str], lost: Sequence[str]) -> bool:
    parts = [piece for text in ([value] if isinstance(value, str) else value) for piece in cut(text)]
    return bool(parts) and all(part in lost for part in parts)


def _misread(source: Source, known: KnownReview, what: str, example: str) -> UnreadableDocument:
    return doubt(
        source, f"gave “{known.review.title[:80]}”, which {what} (“{example[:60]}…”)", accept_it(source)
    )


def _codes(source: Source, changes: Sequence[Change], before: Sequence[KnownReview]) -> None:
    """Texts that show the code of a character (`&#8217;`): written twice over by the site. One new entry may
    come so; that what was clean shows them now, or all that is new does, says that the page is read so."""
    showing = [one for one in changes if _is_there(one) and _shows_codes(one.as_seen or one.review)]
    turned = [one for one in showing if one.known and not _shows_codes(one.known.review)]
    fresh = sum(change.kind == "new" for change in changes)
    all_new = len(showing) == fresh >= 2 and not any(one.known for one in showing)
    if turned or (all_new and before and not any(_shows_codes(one.review) for one in before)):
        raise doubt(
            source,
            f"gave {counted(len(showing))} that show the code of a character, such as &amp;, as none did at "
            "the last good poll",
            accept_it(source),
        )


def _shows_codes(review: Review) -> bool:
    return bool(_ENTITY.search(f"{review.title} {text_of(review)}"))
