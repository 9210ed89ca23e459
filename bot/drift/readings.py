"""Whether a reading is a likely one for its page: by `expect`, by what the page gave before, and by the
page's own bytes."""

from __future__ import annotations

import re
from collections.abc import Collection

from bot.drift.doubt import accept_it, counted, cut_short, doubt
from bot.drift.figures import figures
from bot.drift.glance import Glance
from bot.models import Page, Reading, Review, Source, SourceRun

ENOUGH_TO_JUDGE = 8  # reviews at the last good poll, from which on a sudden drop means something
DROP = 4  # a quarter of what it was
FEW = 3  # reviews, below which a share of them says nothing
MOST = 0.5  # of the reviews had a field: then it is one of the page's own
LONG_TITLE = 45  # words; the longest real ones have about thirty
LOOKS_LIKE = 4  # headings of entries on a page, from which on they are a list of entries

_C1 = re.compile("[\x80-\x9f\N{REPLACEMENT CHARACTER}]")


def check(
    source: Source,
    reading: Reading,
    last_good: SourceRun | None,
    seen: Glance | None = None,
    then: Glance | None = None,
    titles: Collection[str] = (),
) -> None:
    """Raises UnreadableDocument where the reading is not to be trusted.

    `last_good`: the last poll that could be read; `seen`: what a second look at the page found, and `then` at
    the last good one; `titles`: those of the reviews that were read there before, which an administrator may
    have accepted, odd as they are. A page that
    says itself that nothing is published is believed; so is one that only points elsewhere, unless it held
    reviews before.
    """
    if reading.state == "hub" and last_good and last_good.records:
        raise doubt(
            source,
            f"only points elsewhere now ({', '.join(reading.see[:3])}), and held "
            f"{counted(last_good.records)} at the last good poll",
            "set its new address in sources.yaml, or, if it holds none any more, " + accept_it(source),
        )
    if reading.state != "read":
        return
    _count(source, reading, last_good, seen, then)
    for review in reading.reviews:
        if review.title not in titles:
            _title(source, review)
    _one_title(source, reading)
    _shares(source, reading, last_good)


def note(reading: Reading, seen: Glance | None) -> str:
    """What an administrator should know of a page that can be trusted: that it shows a part of its list, or
    states more entries than were read. Empty where it states nothing else."""
    if seen is None or seen.stated is None or seen.total is None or reading.state != "read":
        return ""
    if seen.total > seen.stated:
        return f"the page says that it shows {seen.stated} of {seen.total}; the others are on further pages"
    if len(reading.reviews) < seen.stated:
        return f"the page says that it has {seen.stated}, and {counted(len(reading.reviews))} could be read"
    return ""


def whole(
    source: Source,
    page: Page,
    seen: Glance | None,
    last_good: SourceRun | None,
    good: Page | None,
    *,
    accept: bool = False,
) -> None:
    """Raises UnreadableDocument where the page was cut short on its way. That it does not close its markup
    says nothing of a page that never did; a feed always does.

    `accept`: an administrator says that the page is right, which is believed of a missing end tag alone.
    """
    what = f"came to {len(page.body):,} bytes and is cut short"
    if seen and seen.in_a_tag:
        raise cut_short(source, f"{what}: it ends inside a tag")
    closed = seen.closed if seen else None
    if good and not closed and len(page.body) < len(good.body) and good.body.startswith(page.body):
        raise cut_short(
            source, f"{what}: it is the first part of the last good page ({len(good.body):,} bytes)"
        )
    closed_before = last_good is not None and last_good.figures.closed is True
    if not accept and closed is False and (closed_before or b"<channel" in page.body[:2000]):
        raise cut_short(source, f"{what}: its end tag is missing")


def _count(
    source: Source,
    reading: Reading,
    last_good: SourceRun | None,
    seen: Glance | None,
    then: Glance | None,
) -> None:
    count = len(reading.reviews)
    gave = f"gave {counted(count)}"
    low, high = source.expect_min, source.expect_max
    before = last_good.records if last_good and last_good.records else 0
    if low is not None and count < low:
        raise doubt(
            source, f"{gave}, and at least {low} were expected", "lower `expect: min` in sources.yaml"
        )
    if high is not None and count > high:
        raise doubt(
            source, f"{gave}, and at most {high} were expected", "raise `expect: max` in sources.yaml"
        )
    if source.reads != "feed" and before >= ENOUGH_TO_JUDGE and count * DROP < before:
        raise doubt(source, f"{gave}, and {before} were there at the last good poll", accept_it(source))
    if seen is None:
        return
    selective = source.include or source.exclude or source.select
    were_others = then is not None and _hold_others(then, before)  # newsletters, say, and it was accepted
    if not selective and _hold_others(seen, count) and not were_others:
        raise doubt(
            source, f"gave {counted(count)}, and has {seen.entries} headings of entries", accept_it(source)
        )
    agreed = last_good is not None and last_good.figures.stated == last_good.records
    if agreed and seen.stated is not None and count * 4 < seen.stated * 3:
        raise doubt(
            source,
            f"{gave}, and says itself that it shows {seen.stated}, which agreed at the last good poll",
            accept_it(source),
        )


def _hold_others(seen: Glance, count: int) -> bool:
    """Whether most of what looks like headings of entries was not read as reviews."""
    return seen.entries >= LOOKS_LIKE and count * 2 < seen.entries


def _title(source: Source, review: Review) -> None:
    title = review.title
    if not title.strip() or _C1.search(title):
        raise doubt(source, f"gave a review whose title cannot be read ({title[:80]!r})", accept_it(source))
    if len(title.split()) >= LONG_TITLE:
        raise doubt(
            source,
            f"gave a review whose title has {len(title.split())} words (“{title[:80]}…”)",
            accept_it(source),
        )


def _one_title(source: Source, reading: Reading) -> None:
    titles = {review.title.casefold() for review in reading.reviews}
    if len(reading.reviews) > FEW and len(titles) == 1 and _tell_nothing_apart(reading):
        raise doubt(
            source,
            f"gave {len(reading.reviews)} reviews that are all called “{reading.reviews[0].title[:80]}”",
            accept_it(source),
        )


def _tell_nothing_apart(reading: Reading) -> bool:
    """A list of months or partnerships may call each "Child safeguarding practice review"."""
    return len({(review.place, review.published, review.year) for review in reading.reviews}) == 1


def _shares(source: Source, reading: Reading, last_good: SourceRun | None) -> None:
    """A field that most reviews had and that hardly any has now. (Feeds show a few, of any kind.)"""
    before = last_good.records if last_good and last_good.records else 0
    if last_good is None or source.reads == "feed" or before < ENOUGH_TO_JUDGE or len(reading.reviews) <= FEW:
        return
    now = figures(reading, None).shares
    for name, share in last_good.figures.shares.items():
        if share >= MOST and now.get(name, 0.0) * DROP < share:
            raise doubt(
                source,
                f"gave {counted(len(reading.reviews))}, {now.get(name, 0.0):.0%} of them with {name}, and "
                f"{share:.0%} had it at the last good poll",
                accept_it(source),
            )
