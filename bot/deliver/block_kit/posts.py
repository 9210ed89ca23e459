"""From a digest to Slack posts: one a review where each is posted at once, else a round-up with its detail in
the thread.

A post's own `text` becomes a notification, so it never says what happened. The replies' `text` does, since a
screen reader reads it in place of the blocks, and nobody follows a thread that is only being written.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from jinja2.environment import TemplateModule

from bot.deliver.block_kit.blocks import SlackPart, SlackPost, Spoken, paragraph, text
from bot.deliver.block_kit.lengths import escaped, fitted
from bot.deliver.block_kit.packing import packed
from bot.deliver.block_kit.round_up import RoundUp
from bot.deliver.block_kit.telling import Telling
from bot.deliver.showing.shown import DigestShown, ReviewShown

LONGEST_SUMMARY = 3_000  # escaped; a post that replaces one says a sentence more


class Posts:
    """Composes posts; `words` are the macros of `templates/slack/words.txt`."""

    def __init__(self, words: TemplateModule) -> None:
        self._tell = Telling(words)
        self._round_up = RoundUp(self._tell)

    def of(self, digest: DigestShown, page_url: str | None = None) -> tuple[SlackPost, ...]:
        """The posts of this digest, in order. `page_url`: where the whole of it stands as a page."""
        if not (digest.at_once and digest.reviews):
            return (self._round_up.post(digest, page_url),)
        first, *others = (self._post(review) for review in digest.reviews)
        if lines := packed(self._round_up.doubtful(digest)):
            changes = (*first.changes, *lines) if first.changes else ()
            first = replace(first, thread=(*first.thread, *lines), changes=changes)
        return (first, *others)

    def _post(self, review: ReviewShown) -> SlackPost:
        changed = review.withdrawn or review.kind != "new"
        root, *rest = packed(self._root(review))
        anew = None
        if changed:
            anew, *rest = packed(self._root(review, replaces=True))
        thread = [] if review.withdrawn else packed(self._thread(review))
        summary = self._summary("summary_review", review)
        return SlackPost(
            text=summary,
            blocks=root.blocks,
            thread=(*rest, *thread),
            review_id=review.id,
            changes=(*self._changes(review), *rest) if changed else (),
            anew=replace(anew, text=f"{summary} {escaped(self._tell.say('replaces'))}") if anew else None,
            withdrawn=review.withdrawn,
        )

    def _root(self, review: ReviewShown, *, replaces: bool = False) -> Iterable[Spoken]:
        """`replaces`: it says that there is an earlier post, which could not be edited."""
        yield from self._tell.headed(self._tell.named(review))
        if replaces:
            yield from paragraph(text(self._tell.say("replaces")))
        about = [self._tell.about(review)] if self._tell.about(review) else []
        runs = [text(line) for line in about]
        runs += [text(f"\n{label}" if runs else label, bold=True) for label in self._tell.labels(review)]
        yield from paragraph(*runs)
        if review.reasons:
            why = self._tell.why(review, quoted=False)
            yield from paragraph(text(f"{self._tell.say('why')}\n", bold=True), text(why))
        if not review.withdrawn:
            yield from paragraph(
                text(self._tell.say("detail_in_thread" if review.told else "title_alone", review))
            )
        yield from self._tell.buttons(review, self._tell.named(review))

    def _thread(self, review: ReviewShown) -> Iterable[Spoken]:
        """The content note, the whole title where the channel has not all of it, the detail and the frame."""
        yield from paragraph(text(self._tell.say("content_note")))
        if review.title != review.notice:
            yield from paragraph(text(review.title, bold=True))
        yield from self._tell.detail(review)
        yield from paragraph(text(self._tell.say("help_line")))
        yield from paragraph(text(self._tell.say("sender")))

    def _changes(self, review: ReviewShown) -> list[SlackPart]:
        """What is said in the thread of a post that was edited in place. Who follows the thread is notified,
        so it begins with a line that says nothing of what happened."""
        changed = () if review.withdrawn else tuple(self._tell.what_changed(review))
        if changed:
            return packed([*paragraph(text(self._tell.say("summary_change", review))), *changed])
        [part] = packed(paragraph(text(self._tell.say("withdrawn" if review.withdrawn else "revised"))))
        return [replace(part, text=self._summary("summary_change", review))]

    def _summary(self, name: str, about: object) -> str:
        """For the `text` of a message: whole titles as long as they fit."""
        return escaped(fitted(self._tell.say(name, about), LONGEST_SUMMARY))
