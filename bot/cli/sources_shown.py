"""How the `sources` commands show a page: its reviews, what is missing, and how often it changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.cli import show
from bot.looking.again import LookAgain
from bot.looking.survey import KINDS, NamedFeed, Seen, Survey
from bot.models import Change, Reading, Review
from bot.proposing import Gap, gaps, pace

MOST_SHOWN = 25
COLUMNS = ("title", "place", "type", "published", "learning", "links")
SAID = {
    "new": "new",
    "revised": "changed",
    "mended": "changed a little",
    "missing": "gone",
    "withdrawn": "withdrawn",
}


def show_survey(found: Survey, crawl_delay: float, place: str | None) -> None:
    """What a page is, what stands on it, and what could not be made out. `place`: as it was typed."""
    if found.hub:
        print(f"{found.hub} holds no reviews itself; it points to {found.seen.page.url}.")
        for url in found.besides:
            print(f"It points to {url} too, which is not added by this.")
    if found.instead_of:
        print(f"Nothing was read on {found.instead_of}; its feed is taken instead.")
    _show_page(found.seen, gaps(found.seen.reading.reviews, place=bool(place)), crawl_delay)
    for feed in found.feeds:
        if feed.url != found.seen.page.url:
            print(_feed_said(feed))


def show_again(found: LookAgain) -> None:
    """The same of a source that is there, and what is otherwise than what is kept of it."""
    source = found.source
    missing = gaps(found.seen.reading.reviews, place=bool(source.place), follow=source.follow)
    _show_page(found.seen, missing, found.crawl_delay)
    print()
    if found.first:
        print("Nothing is kept of it yet: the first poll takes what is there as the past.")
        return
    show_changes(found.changes)
    if found.otherwise and any(change.kind == "revised" for change in found.changes):
        print(
            "Its settings are others than at its last poll: readers are told of no change that comes of that."
        )


def show_changes(changes: Sequence[Change]) -> None:
    """What differs from what is kept, a line each."""
    changed = [change for change in changes if change.kind in SAID]
    same = len(changes) - len(changed)
    print(f"Beside what is kept: {same} as {'it was' if same == 1 else 'they were'}{':' if changed else '.'}")
    for change in changed[:MOST_SHOWN]:
        print(f"  {SAID[change.kind]}: {change.review.title}")
    if len(changed) > MOST_SHOWN:
        print(f"  and {len(changed) - MOST_SHOWN} more; --json shows them all.")


def changes_as_json(changes: Sequence[Change]) -> list[dict[str, object]]:
    return [
        {"title": change.review.title, "change": SAID[change.kind], "reason": change.reason}
        for change in changes
        if change.kind in SAID
    ]


def survey_as_json(found: Survey, crawl_delay: float, place: str | None) -> dict[str, object]:
    return {
        **_page(found.seen, gaps(found.seen.reading.reviews, place=bool(place)), crawl_delay),
        "hub": found.hub,
        "besides": list(found.besides),
        "instead_of": found.instead_of,
        "feeds": [{"url": one.url, "reviews": one.reviews, "trouble": one.trouble} for one in found.feeds],
    }


def again_as_json(found: LookAgain) -> dict[str, object]:
    source = found.source
    missing = gaps(found.seen.reading.reviews, place=bool(source.place), follow=source.follow)
    return {
        **_page(found.seen, missing, found.crawl_delay),
        "kept": not found.first,
        "changes": [] if found.first else changes_as_json(found.changes),
        "settings_changed": found.otherwise,
        "refused": found.refused,
    }


def _show_page(seen: Seen, missing: Sequence[Gap], crawl_delay: float) -> None:
    reading = seen.reading
    print(f"{seen.page.url}: {KINDS[seen.kind]}.")
    if reading.state == "hub":
        print("\n".join(reading.see))
    if reading.reviews:
        print()
        show.table(COLUMNS, [_in_short(review) for review in reading.reviews[:MOST_SHOWN]])
        if len(reading.reviews) > MOST_SHOWN:
            print(f"and {len(reading.reviews) - MOST_SHOWN} more; --json shows them all.")
        print()
    if seen.kind == "briefing" and len(reading.reviews) == 1:
        print(
            "This is one review by itself. Reviews that are published later are on the page that lists them."
        )
    for gap in missing:
        print(gap.said)
    rhythm = pace(reading.reviews)
    if rhythm:
        print(f"It seems to have something new {rhythm.said}; the last was on {_day(rhythm.last)}.")
    elif reading.reviews:
        print("How often it changes cannot be told: too few of its reviews have a date.")
    seconds = "1 second" if crawl_delay == 1 else f"{crawl_delay:g} seconds"
    pause = f", with {seconds} between two requests" if crawl_delay else ""
    print(f"Its site's robots.txt lets the bot read it{pause}.")


def _in_short(review: Review) -> tuple[object, ...]:
    """What fits on a line of a terminal. Learning: how many points, recommendations among them."""
    published = review.published or review.year or ""
    when = published if review.status == "published" else f"{published} {review.status}".strip()
    points = len(review.learning) + len(review.recommendations)
    return (review.title, review.place, review.review_type, when, points, len(review.links))


def _day(day: Any) -> str:
    return f"{day:%-d %B %Y}"


def _feed_said(feed: NamedFeed) -> str:
    if feed.seen is None:
        return f"The page names a feed, which could not be read. {feed.trouble}"
    if not feed.reviews:
        return f"The page names a feed, {feed.url}; no reviews are in it at present."
    count = "1 review" if feed.reviews == 1 else f"{feed.reviews} reviews"
    return f"The page names a feed with {count}, {feed.url}; to watch that instead, add its address."


def _page(seen: Seen, missing: Sequence[Gap], crawl_delay: float) -> dict[str, object]:
    rhythm = pace(seen.reading.reviews)
    return {
        "url": seen.page.url,
        "kind": seen.kind,
        "state": seen.reading.state,
        "see": list(seen.reading.see),
        "reviews": _rows(seen.reading),
        "missing": [
            {"field": gap.field, "missing": gap.missing, "of": gap.reviews, "help": gap.help}
            for gap in missing
        ],
        "rhythm": rhythm and {"said": rhythm.said, "days": rhythm.usual.days, "last": str(rhythm.last)},
        "robots": {"allowed": True, "crawl_delay": crawl_delay},
    }


def _rows(reading: Reading) -> list[dict[str, object]]:
    return [
        {
            "title": review.title,
            "place": review.place,
            "type": review.review_type,
            "published": review.published or review.year,
            "status": review.status,
            "learning": len(review.learning),
            "recommendations": len(review.recommendations),
            "links": len(review.links),
        }
        for review in reading.reviews
    ]
