"""What the tools that `instead` compares are to do, at several sizes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.bench.instead_served import PostOffice, Published, Sites
from tests.bench.instead_tools import Tool, children, learning_bot, rss2email, subscription, urlwatch
from tests.bench.pages import feed
from tests.bench.watched import watched_page

OLD, NEWS = 10, 30  # items that a feed had, and that a digest tells of
PAGES = (10, 25, 50)
RSS = "application/rss+xml; charset=UTF-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Where it all happens."""

    sites: Sites
    office: PostOffice
    commands: Path  # of the other tools


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What both tools are to do: what was there, what is there then, how many letters and different news that makes."""

    before: tuple[Published, ...]
    after: tuple[Published, ...]
    ours: Tool
    theirs: Tool
    letters: int
    news: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A task at several sizes; the last is judged. `unchanged`: a look at what did not change is judged, too.
    `besides`: what ours does there that theirs does not."""

    name: str
    besides: str
    sizes: tuple[int, ...]
    task: Callable[[Stage, int], Task]
    counted: str = "messages"
    unchanged: bool = False


def a_message_an_item(stage: Stage, size: int) -> Task:
    """So many new items in a feed, and as many messages, each about one of them."""
    before, after = _feeds(stage, size)
    readers = [
        subscription(f"reader-{number}", [f"reader{number}@example.org"], child=child)
        for number, child in enumerate(children(after.body)[:size])
    ]
    url, port = after.url, stage.office.port
    return Task(
        before=(before,),
        after=(after,),
        ours=learning_bot([url], readers, port),
        theirs=rss2email(stage.commands, url, ["reader@example.org"], port, digest=False),
        letters=size,
        news=size,
    )


def an_item_to_many(stage: Stage, size: int) -> Task:
    """One new item in a feed, and so many readers who are each sent it."""
    return _to_many(stage, size, 1, digest=False)


def a_digest_to_many(stage: Stage, size: int) -> Task:
    """Some new items in a feed, and so many readers who are each sent all of them in one message."""
    return _to_many(stage, size, NEWS, digest=True)


def _to_many(stage: Stage, size: int, news: int, *, digest: bool) -> Task:
    before, after = _feeds(stage, news)
    url, port = after.url, stage.office.port
    readers = [f"reader{number}@example.org" for number in range(size)]
    return Task(
        before=(before,),
        after=(after,),
        ours=learning_bot([url], [subscription("everybody", readers)], port),
        theirs=rss2email(stage.commands, url, readers, port, digest=digest),
        letters=size,
        news=news,
    )


def _feeds(stage: Stage, newer: int) -> tuple[Published, Published]:
    url = stage.sites.url(0, "/feed/")
    before, after = feed(items=OLD), feed(items=OLD, newer=newer)
    return Published(url=url, body=before, content_type=RSS), Published(url=url, body=after, content_type=RSS)


def changed_pages(stage: Stage, size: int) -> Task:
    """So many pages of 100 kB, each with a new review at its top, and one reader who is told."""
    numbers = range(0, 3 * size, 3)  # those that tell in each entry what happened and what was learned
    urls = [stage.sites.url(number, "/reviews/") for number in range(size)]
    before, after = (
        tuple(
            Published(url=url, body=watched_page(number, newer=newer).body)
            for url, number in zip(urls, numbers, strict=True)
        )
        for newer in (0, 1)
    )
    reader, port = "reader@example.org", stage.office.port
    return Task(
        before=before,
        after=after,
        ours=learning_bot(urls, [subscription("everything", [reader])], port),
        theirs=urlwatch(stage.commands, urls, reader, port),
        letters=1,
        news=size,
    )


COMPARISONS = (
    Comparison(
        name="a message an item",
        besides="each message is composed, rendered and read back by itself, for a reader who asked for other words",
        sizes=(20, 60, 200),
        task=a_message_an_item,
    ),
    Comparison(
        name="an item to many readers",
        besides="starting takes longer, and each message has its own links and is in the ledger before and after",
        sizes=(100, 300, 1000),
        task=an_item_to_many,
    ),
    Comparison(
        name="a digest to many readers",
        besides="starting takes longer, and each message has its own links and is in the ledger before and after",
        sizes=(10, 40, 150),
        task=a_digest_to_many,
    ),
    Comparison(
        name="pages that changed",
        besides="each page is read to its last review, not compared by lines; one that did not change is kept as "
        "looked at, once robots.txt allowed it",
        sizes=PAGES,
        task=changed_pages,
        counted="pages",
        unchanged=True,
    ),
)
