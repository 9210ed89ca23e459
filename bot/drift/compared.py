"""One page and its reading, held against the last good ones of its source."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.drift.before import stood_there
from bot.drift.changes import settled
from bot.drift.figures import figures
from bot.drift.glance import Glance, glance
from bot.drift.readings import check, note, whole
from bot.models import Change, Figures, KnownReview, Page, Reading, Review, Source, SourceRun

MOST_BYTES = 3_000_000  # of a page that is looked at twice: a third of a second; no list of reviews is longer
MOST = 1_000_000  # letters of a page, a book's worth: looking for each sentence of more would take too long


@dataclass(frozen=True, kw_only=True)
class Compared:
    """`last_good` and `good`: the last poll that could be read, and the page as it was then. `part` and
    `good_part`: what the source's own selectors leave of both. `otherwise`: it was read in another way then,
    so that what differs is ours. `accept`: an administrator says that the page is right."""

    source: Source
    page: Page
    part: Page
    reading: Reading
    last_good: SourceRun | None
    good: Page | None
    good_part: Page | None
    otherwise: bool = False
    accept: bool = False

    @cached_property
    def _now(self) -> Glance | None:
        return _second_look(self.part)

    @cached_property
    def _then(self) -> Glance | None:
        return _second_look(self.good_part) if self.good_part else None

    @cached_property
    def _whole(self) -> Glance | None:
        return self._now if self.part is self.page else _second_look(self.page)

    @cached_property
    def _whole_then(self) -> Glance | None:
        """The last good page, without regard to what is selected of it."""
        if self.good_part and self.good_part is self.good:
            return self._then
        return _second_look(self.good) if self.good else None

    def check(self, titles: Collection[str] = ()) -> None:
        """Raises UnreadableDocument where the reading is not a likely one for this page. `titles`: those of
        the reviews that were read there before."""
        whole(self.source, self.page, self._whole, self.last_good, self.good, accept=self.accept)
        if not self.accept:
            check(self.source, self.reading, self.last_good, self._whole, self._whole_then, titles)

    def known_before(self, changes: Sequence[Change]) -> list[bool]:
        """Of each change, whether it is known from before, though it is new to the archive: the page is read
        in another way than then. In doubt it is; a page that is read anew must not flood anybody."""
        if self.accept and not self.otherwise:
            return self._told_before(changes)
        if not self.otherwise or self.good is None or self.good.url != self.page.url or not self._whole_then:
            return [self.otherwise] * len(changes)
        old = stood_there([change.review for change in changes], self._whole_then)
        return [change.review in old for change in changes]

    def _told_before(self, changes: Sequence[Change]) -> list[bool]:
        """Of a page that was accepted: the reviews of which the last good one told what happened and what was
        learned. An announcement does not tell both, so its report is told when it comes."""
        if self.good is None or self.good.url != self.page.url or not self._whole_then:
            return [False] * len(changes)
        stories = [_story(change.review) for change in changes]
        lessons = [_lessons(change.review) for change in changes]
        old, learned = (stood_there(each, self._whole_then) for each in (stories, lessons))
        return [one in old and other in learned for one, other in zip(stories, lessons, strict=True)]

    def settled(self, changes: Sequence[Change], known: Sequence[KnownReview]) -> tuple[Change, ...]:
        """The changes as the page itself bears them out. Raises UnreadableDocument where it does not."""
        if self.otherwise:  # what is not read any more did not leave the page
            return tuple(change for change in changes if change.kind != "missing")
        if self.accept:
            return tuple(changes)
        now, then = (None if each and len(each.letters) > MOST else each for each in (self._now, self._then))
        emptied = self.reading.state != "read"
        return settled(self.source, changes, known, self.last_good, now, then, emptied=emptied)

    @property
    def figures(self) -> Figures:
        return figures(self.reading, self._whole)

    @property
    def note(self) -> str:
        """What an administrator should know of a page that can be trusted."""
        return note(self.reading, self._whole)


def _story(review: Review) -> Review:
    """What happened, without title and documents."""
    return Review(title="", incident=review.incident, background=review.background)


def _lessons(review: Review) -> Review:
    """What was learned and is to be done, without title and documents."""
    return Review(
        title="",
        good_practice=review.good_practice,
        learning=review.learning,
        recommendations=review.recommendations,
        actions=review.actions,
    )


def _second_look(page: Page) -> Glance | None:
    return glance(page) if len(page.body) <= MOST_BYTES else None
