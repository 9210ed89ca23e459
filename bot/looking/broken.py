"""Whether the bot would notice: a source's last good page, changed as web sites change theirs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from bot.breaking import broken
from bot.errors import BotError, SourceError
from bot.identity import GONE_AFTER
from bot.models import (
    UNREAD,
    KnownReview,
    NotModified,
    Page,
    Review,
    Source,
    SourceRun,
    Validators,
)
from bot.names import folded
from bot.pipeline.collect import collect
from bot.pipeline.follow import Collecting

APART = timedelta(hours=12)  # between two polls of a rehearsal
ONE_WAY_OR_ANOTHER = 0.1  # of a review's words may come or go where nothing counts as lost
MOST = 0.98  # of the ways must be noticed: what the corpus is held to as well
PLAIN = {
    "cut half way": "the page comes only by half",
    "bot-block page": "a wall against robots stands in front of it",
    "chat-bot shell": "only the frame comes, which a script would fill",
    "classes renamed": "its classes get other names",
    "ids renamed": "its ids get other names",
    "tables to divs": "its tables become boxes",
    "links wrapped": "its links get a box each",
    "headings demoted": "its headings become smaller ones",
    "labels to bold runs": "its headings become bold lines",
    "order reversed": "its reviews stand the other way round",
    "entries merged": "two reviews run into one",
    "blocks stripped": "part of the text is gone",
    "white space collapsed": "its white space is gone",
    "deeply nested": "its content lies many boxes deep",
    "charset removed": "it no longer says its character set",
    "table rows re-ordered": "its table is sorted otherwise",
    "stray end tag": "a tag closes what was never opened",
    "consent overlay": "a question about cookies lies over it",
    "entities escaped twice": "its signs are escaped twice",
}

Outcome = Literal["read as before", "alarm", "lost silently", "told wrongly"]
NOTICED: tuple[Outcome, ...] = ("read as before", "alarm")


def enough(outcomes: Sequence[Outcome]) -> bool:
    """Whether nothing was told wrongly, and most of the ways were noticed."""
    noticed = sum(one in NOTICED for one in outcomes)
    return "told wrongly" not in outcomes and noticed >= MOST * len(outcomes) > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """How the bot took the page changed in one way. `said`: its error, or what was lost or told."""

    way: str
    outcome: Outcome
    said: str

    @property
    def plain(self) -> str:
        """The way in words: `its tables become boxes`."""
        return PLAIN.get(self.way, self.way)


class _Rehearsed:
    """Polls with a clock and a fetcher of their own: the page that is given, and half a day between two. No
    document is opened, and no site asked."""

    def __init__(self, source: Source, page: Page, parts: Collecting, accept: bool) -> None:
        self._source = source
        self._page = page
        self._now = parts.clock.now()
        self._parts = replace(parts, fetcher=self, clock=self)
        self._accept = accept

    def now(self) -> datetime:
        return self._now

    def fetch(self, url: str, validators: Validators | None = None) -> Page | NotModified:
        if url != self._source.url:
            raise SourceError(f"{url} was not opened", trouble="failing", again=True)
        return self._page

    def polls(self) -> SourceRun:
        """In this thread, as a rehearsal is seen by the thread alone that it belongs to."""
        run = collect(self._source, self._parts, accept=self._accept)
        self._now += APART
        return run

    def meets(self, changed: Page) -> tuple[Outcome, str]:
        """What became of it while the page was so, and when it was right again."""
        known = self._known()
        good, self._page = self._page, changed
        runs = [self.polls() for _ in range(2)]
        if any(run.state not in UNREAD for run in runs):
            runs += [self.polls() for _ in range(GONE_AFTER - 1)]
        after = {one.id: one for one in self._known()}
        self._page = good
        runs.append(self.polls())
        return _judged(runs, known, after)

    def _known(self) -> tuple[KnownReview, ...]:
        return self._parts.archive.known(self._source.id, ())


def try_ways(
    source: Source,
    page: Page,
    parts: Collecting,
    rehearsal: Callable[[], AbstractContextManager[None]],
    ways: Sequence[str],
    *,
    accept: bool = False,
    each: Callable[[object], None] = lambda way: None,
) -> list[Tried]:
    """A source's good page changed in each way that changes it, polled until a review that is gone would
    count as withdrawn, and then put right again.

    `ways`: of bot/breaking. `parts`: with an archive that holds nothing of this source; `rehearsal` undoes
    what it keeps inside. `accept`: as if a person said each time that the page is right, which passes over
    what would stop it. Raises BotError where the page would not be believed as it is.
    """
    rehearsed = _Rehearsed(source, page, parts, accept)
    for _ in range(2):
        run = rehearsed.polls()
        if run.state in UNREAD:
            raise BotError(f"The last good page of `{source.id}` would not be believed now: {run.detail}")
    tried = []
    for way in ways:
        changed = broken(page, way)
        if changed is not None:
            with rehearsal():
                outcome, said = rehearsed.meets(changed)
                tried.append(Tried(way=way, outcome=outcome, said=said))
        each(way)
    return tried


def _judged(
    runs: Sequence[SourceRun], known: Sequence[KnownReview], after: dict[int, KnownReview]
) -> tuple[Outcome, str]:
    for run in runs:
        if run.new or run.revised or run.withdrawn:
            told = f"{run.new} new, {run.revised} revised, {run.withdrawn} withdrawn"
            return "told wrongly", f"readers would be told of {told}"
    if all(run.state in UNREAD for run in runs[:-1]):
        return "alarm", runs[0].detail
    lost = [loss for one in known if (loss := _loss(one, after.get(one.id)))]
    return ("lost silently", "; ".join(lost)) if lost else ("read as before", "")


def _loss(before: KnownReview, after: KnownReview | None) -> str:
    """What the archive no longer knows of a review, in words; nothing where all is well."""
    if after is None or any(one.missed for one in after.sightings):
        return f"“{before.review.title}” would be gone"
    if folded(before.review.title) != folded(after.review.title):
        return f"“{before.review.title}” would be called “{after.review.title}”"
    words, still = _words(before.review), _words(after.review)
    if abs(still - words) > ONE_WAY_OR_ANOTHER * words:
        return f"“{before.review.title}” would have {still} words, and has {words} now"
    if len({link.url for link in after.review.links}) < len({link.url for link in before.review.links}):
        return f"“{before.review.title}” would lose links"
    return ""


def _words(review: Review) -> int:
    lists = (
        review.good_practice,
        review.learning,
        review.recommendations,
        review.actions,
        review.questions,
        *(section.items for section in review.sections),
    )
    texts = [review.incident, review.background, *(point for points in lists for point in points)]
    return sum(len(text.split()) for text in texts)
