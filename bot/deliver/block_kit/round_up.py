"""The round-up of a digest: titles, reasons and buttons in the channel, as many as fit; the rest in the
thread.

Each review is a few lines and a row of buttons. A `section` with a button beside its text would save a block;
but then the title could not be bold without being markup, which text of a source never is here, and on a
phone the words would share the line with the button.
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.deliver.block_kit import blocks
from bot.deliver.block_kit.blocks import Block, SlackPart, SlackPost, Spoken, link, paragraph, points, text
from bot.deliver.block_kit.lengths import address_aloud, counted, escaped, fitted
from bot.deliver.block_kit.packing import MOST_TEXT, opened, packed
from bot.deliver.block_kit.telling import Telling
from bot.deliver.showing.shown import DigestShown, DoubtfulShown, ReviewShown

FEW = 5  # titles of earlier digests that stand in the channel; more stand in the thread
LONGEST_TITLE = 300  # in a summary that is read aloud; the blocks have all of it


class RoundUp:
    """Composes round-ups, with the wording of `tell`."""

    def __init__(self, tell: Telling) -> None:
        self._tell = tell

    def post(self, digest: DigestShown, page_url: str | None) -> SlackPost:
        """The digest as one message and its thread. `page_url`: where the whole of it stands as a page."""
        numbers = range(1, digest.total + 1)
        groups = [list(self._entry(*pair, digest)) for pair in zip(numbers, digest.reviews, strict=True)]
        [root, *rest], left = opened(
            list(self._head(digest)), groups, lambda left: list(self._tail(digest, left, page_url))
        )
        thread = [*rest, *left]
        for one in digest.doubtful:
            if len(one.reviews) > FEW:
                thread += packed(self._lost(one))
        thread += self._details(digest)
        return SlackPost(
            text=self._summary(digest, page_url),
            blocks=root.blocks,
            thread=(*thread, *packed(self._frame(digest))),
        )

    def doubtful(self, digest: DigestShown) -> Iterable[Spoken]:
        """Every earlier digest that may not have arrived, with what was in it."""
        for one in digest.doubtful:
            yield from self._lost(one)

    # --- in the channel ---------------------------------------------------------------------------------

    def _head(self, digest: DigestShown) -> Iterable[Spoken]:
        yield blocks.header(self._tell.say("headline", digest))
        yield from paragraph(text(self._tell.say("opening", digest)))
        if introduction := self._tell.say("introduction"):
            yield from paragraph(text(introduction))
        for one in digest.doubtful:
            if len(one.reviews) > FEW:
                yield from paragraph(text(self._tell.say("doubtful_in_thread", one), bold=True))
            else:
                yield from self._lost(one)

    def _entry(self, number: int, review: ReviewShown, digest: DigestShown) -> Iterable[Spoken]:
        """One review: title and place, type and date, how it stands, why it is here, and how to get to it."""
        named = f"{self._counted(number, digest)}{self._tell.named(review)}"
        runs = [text(named, bold=True)]
        if about := self._tell.about(review):
            runs.append(text(f"\n{about}"))
        runs += [text(f"\n{label}", bold=True) for label in self._tell.labels(review)]
        if review.differences:
            parts = [one.field for one in review.differences]
            runs.append(text(f"\n{self._tell.say('changed_parts', parts)}"))
        if review.reasons:
            why = [one.unquoted for one in review.reasons]
            if len(digest.subscriptions) > 1:
                why = self._tell.why(review, quoted=False).splitlines()
            runs.append(text(f"\n{self._tell.say('why')}: {' '.join(why)}"))
        yield from paragraph(*runs)
        yield from self._tell.buttons(review, named, most=1)

    def _tail(self, digest: DigestShown, left: int, page_url: str | None) -> Iterable[Spoken]:
        """`left`: how many reviews did not fit, and stand in the thread."""
        waiting = [self._tell.say("more_reviews", left)] if left else []
        waiting += [said] if (said := self._tell.say("held_over", digest)) else []
        if waiting:
            yield from paragraph(text(" ".join(waiting), bold=True))
        yield blocks.divider()
        yield from paragraph(text(self._tell.say("checked_in_short", digest)))
        yield from paragraph(text(self._tell.say("help_line")))
        if page_url:
            yield from self._pages(digest, page_url)

    def _pages(self, digest: DigestShown, page_url: str) -> Iterable[Spoken]:
        pages = [("whole_digest", page_url)]
        if digest.total > digest.withdrawn:
            pages.append(("meeting_sheet", f"{page_url}/meeting"))
        made: list[Block] = []
        for name, url in pages:
            words = self._tell.say(name)
            if one := blocks.button(words, url, heard=words, action=name):
                made.append(one)
            else:
                yield from paragraph(link(words, url))
        yield from blocks.buttons(made)

    # --- in the thread ----------------------------------------------------------------------------------

    def _details(self, digest: DigestShown) -> list[SlackPart]:
        """A message or more for each review of which there is more to tell."""
        parts: list[SlackPart] = []
        for number, review in enumerate(digest.reviews, start=1):
            if review.full and not review.withdrawn:
                note = [] if parts else list(paragraph(text(self._tell.say("content_note"))))
                title = self._tell.headed(f"{self._counted(number, digest)}{review.title}")
                parts += packed([*note, *title, *self._tell.detail(review)])
        return parts

    def _lost(self, one: DoubtfulShown) -> Iterable[Spoken]:
        runs = [text(self._tell.say("doubtful", one), bold=True)]
        for named in one.reviews:
            said = f"{named.title}, {named.place}" if named.place else named.title
            runs += [text("\n"), link(said, named.url) if named.url else text(said)]
        yield from paragraph(*runs)

    def _frame(self, digest: DigestShown) -> Iterable[Spoken]:
        if digest.unread:
            yield from paragraph(
                text(f"{self._tell.say('what_was_checked')}\n", bold=True),
                text(self._tell.say("checked", digest)),
            )
            yield from points("", [self._tell.say("standing", source) for source in digest.unread])
        yield from paragraph(text(self._tell.say("sender")))

    @staticmethod
    def _counted(number: int, digest: DigestShown) -> str:
        """So that a review in the list is found in the thread."""
        return f"{number}. " if digest.total > 1 else ""

    # --- read aloud -------------------------------------------------------------------------------------

    def _summary(self, digest: DigestShown, page_url: str | None) -> str:
        """What stands in the channel for somebody who hears it: as many titles as fit, and how many more."""
        begin = self._tell.say("summary_opening", digest)
        end = self._tell.say("summary_closing", digest, address_aloud(page_url or ""))
        titles = [
            fitted(self._tell.say("summary_title", number, review), LONGEST_TITLE)
            for number, review in enumerate(digest.reviews, start=1)
        ]
        for shown in range(len(titles), -1, -1):
            left = [self._tell.say("more_reviews", len(titles) - shown)] if shown < len(titles) else []
            said = " ".join(part for part in (begin, *titles[:shown], *left, end) if part)
            if counted(said) <= MOST_TEXT:
                return escaped(said)
        return escaped(fitted(f"{begin} {end}", MOST_TEXT))
