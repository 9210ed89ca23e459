"""From a digest to Slack posts: one a review where each is posted at once, else a round-up with its detail in
the thread.

A post's own `text` becomes a notification, so it never says what happened. The replies' `text` does, since a
screen reader reads it in place of the blocks, and nobody follows a thread that is only being written.
There are no buttons: a button that only opens a page makes Slack warn that the app does not answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from jinja2.environment import TemplateModule

from bot.deliver import blocks
from bot.deliver.blocks import (
    SlackPart,
    SlackPost,
    Spoken,
    fitted,
    link,
    packed,
    paragraph,
    points,
    text,
    titled,
)
from bot.deliver.shown import DigestShown, LinkShown, Passage, Points, ReviewShown
from bot.deliver.words import listed
from bot.discreet import tells_of_harm

LONGEST_SUMMARY = 3_000  # escaped; a post that replaces one says a sentence more


class Posts:
    """Composes posts; `words` are the macros of `templates/slack/words.txt`."""

    def __init__(self, words: TemplateModule) -> None:
        self._words = words

    def of(self, digest: DigestShown) -> tuple[SlackPost, ...]:
        """The posts of this digest, in order."""
        if digest.at_once and digest.reviews:
            first, *others = (self._review_post(review) for review in digest.reviews)
            if digest.doubtful:
                lines = packed(self._doubtful(digest))
                changes = (*first.changes, *lines) if first.changes else ()
                first = replace(first, thread=(*first.thread, *lines), changes=changes)
            return (first, *others)
        return (self._round_up(digest),)

    # --- a post -----------------------------------------------------------------------------------------

    def _review_post(self, review: ReviewShown) -> SlackPost:
        changed = review.withdrawn or review.kind != "new"
        root, *rest = packed(self._root(review))
        anew = None
        if changed:
            anew, *rest = packed(self._root(review, replaces=True))
        thread = [] if review.withdrawn else packed(self._detail(review))
        summary = self._summary("summary_review", review)
        return SlackPost(
            text=summary,
            blocks=root.blocks,
            thread=(*rest, *thread),
            review_id=review.id,
            changes=(*self._changes(review), *rest) if changed else (),
            anew=replace(anew, text=f"{summary} {blocks.escaped(self._say('replaces'))}") if anew else None,
            withdrawn=review.withdrawn,
        )

    def _round_up(self, digest: DigestShown) -> SlackPost:
        root, *rest = packed(self._overview(digest))
        thread = [*rest]
        told = [review for review in digest.reviews if not review.withdrawn and review.full]
        for review in told:
            title = paragraph(text(review.title, bold=True))
            note = paragraph(text(self._say("content_note"))) if review is told[0] else ()
            thread += packed([*note, *title, *self._detail(review, noted=True)])
        return SlackPost(
            text=self._summary("summary_digest", digest),
            blocks=root.blocks,
            thread=(*thread, *packed(self._frame(digest))),
        )

    def _changes(self, review: ReviewShown) -> list[SlackPart]:
        """What is said in the thread of a post that was edited in place. Who follows the thread is notified,
        so it begins with a line that says nothing of what happened."""
        changed = () if review.withdrawn else tuple(self._what_changed(review))
        if changed:
            return packed([*paragraph(text(self._say("summary_change", review))), *changed])
        [part] = packed(paragraph(text(self._say("withdrawn" if review.withdrawn else "revised"))))
        return [replace(part, text=self._summary("summary_change", review))]

    # --- what stands in the channel ---------------------------------------------------------------------

    def _root(self, review: ReviewShown, *, replaces: bool = False) -> Iterable[Spoken]:
        """`replaces`: it says that there is an earlier post, which could not be edited."""
        named = self._named(review)
        yield blocks.header(named)
        if blocks.counted(named) > blocks.LONGEST_HEADER:
            yield from paragraph(text(named))
        if replaces:
            yield from paragraph(text(self._say("replaces")))
        if about := self._about(review):
            yield from paragraph(text(about))
        for label in self._labels(review):
            yield from paragraph(text(label, bold=True))
        yield from self._why(review, quoted=False)
        if review.links:
            runs = [text(f"{self._say('links')}\n", bold=True)]
            for one in review.links[:5]:
                runs += [link(self._discreet(one), one.url), text("\n")]
            yield from paragraph(*runs[:-1])
        else:
            yield from self._unlinked(review)
        if not review.withdrawn:
            yield from paragraph(
                text(self._say("detail_in_thread" if review.told else "title_alone", review))
            )

    def _overview(self, digest: DigestShown) -> Iterable[Spoken]:
        yield blocks.header(self._say("headline", digest))
        yield from paragraph(text(self._say("opening", digest)))
        yield from self._doubtful(digest)
        for review in digest.reviews:
            yield blocks.divider()
            title = self._named(review)
            runs = [
                link(title, review.address, bold=True) if review.address else text(title, bold=True),
            ]
            if about := self._about(review):
                runs.append(text(f"\n{about}"))
            runs += [text(f"\n{label}", bold=True) for label in self._labels(review)]
            themes = dict.fromkeys(name for why in review.why for one in why.themes for name in one.themes)
            if themes:
                runs.append(text(f"\n{', '.join(themes)}"))
            yield from paragraph(*runs)
        yield blocks.divider()
        yield from paragraph(text(self._say("checked_in_short", digest)))
        yield from paragraph(text(self._say("help_line")))

    def _doubtful(self, digest: DigestShown) -> Iterable[Spoken]:
        for one in digest.doubtful:
            runs = [text(self._say("doubtful", one), bold=True)]
            for named in one.reviews:
                said = f"{named.title}, {named.place}" if named.place else named.title
                runs += [text("\n"), link(said, named.url) if named.url else text(said)]
            yield from paragraph(*runs)

    @staticmethod
    def _named(review: ReviewShown) -> str:
        """What a review is called in the channel, with its place."""
        place = review.place if review.place and review.place not in review.notice else None
        return f"{review.notice}, {place}" if place else review.notice

    def _discreet(self, one: LinkShown) -> str:
        """A link's words for the channel, where nobody has chosen yet to read of harm."""
        return self._say("to_the_review") if tells_of_harm(one.label) else one.label

    def _unlinked(self, review: ReviewShown) -> Iterable[Spoken]:
        if not review.withdrawn and not review.links and review.seen and (url := review.seen[0].url):
            yield from paragraph(text(f"{self._say('unlinked')} "), link(review.seen[0].name, url))

    def _about(self, review: ReviewShown) -> str:
        parts = [part for part in review.meta if part != review.place]
        if review.published:
            parts.append(self._say("published", review.published))
        return ". ".join(parts) + "." if parts else ""

    def _labels(self, review: ReviewShown) -> Iterable[str]:
        if review.withdrawn:
            yield self._say("withdrawn")
        elif review.kind == "revised":
            yield self._say("revised")
        elif review.late:
            yield self._say("late", review.published)
        if status := self._say("status", review.status):
            yield status

    def _why(self, review: ReviewShown, *, quoted: bool = True) -> Iterable[Spoken]:
        """`quoted` False in the channel itself, where nobody has chosen yet to read of harm."""
        if not review.why:
            return
        runs = [text(self._say("why"), bold=True)]
        for why in review.why:
            reasons = []
            for one in why.themes:
                name = listed(one.themes) or self._say("your_words" if one.quotes else "everything")
                quotes = ", ".join(f"“{quote}”" for quote in one.quotes)
                reasons.append(f"{name} ({quotes})" if quotes and quoted else name)
            runs.append(text(f"\n{why.subscription}: {'; '.join(reasons) or self._say('everything')}."))
        yield from paragraph(*runs)

    # --- what stands in the thread ----------------------------------------------------------------------

    def _detail(self, review: ReviewShown, *, noted: bool = False) -> Iterable[Spoken]:
        """All that is told of a review. `noted`: the content note and the frame stand elsewhere."""
        if not noted:
            yield from self._opening(review)
        yield from self._what_changed(review)
        if review.facts:
            yield from paragraph(text(". ".join(review.facts) + "."))
        for name, passage in (("what_happened", review.happened), ("background", review.background)):
            if passage:
                yield from titled(self._say(name), self._quoted(passage, review.rest))
        for heading, part in review.other:
            yield from self._points(heading or self._say("from_the_source"), part, review.rest)
        for name, part in (
            ("learning", review.learning),
            ("recommendations", review.recommendations),
            ("actions", review.actions),
            ("good_practice", review.good_practice),
            ("questions", review.questions),
        ):
            yield from self._points(self._say(name), part, review.rest)
        if noted:
            yield from self._link_lines(review)
        yield from self._why(review)
        yield from self._seen(review)
        if not noted:
            yield from paragraph(text(self._say("help_line")))
            yield from paragraph(text(self._say("sender")))

    def _opening(self, review: ReviewShown) -> Iterable[Spoken]:
        """The content note, and the whole title where the channel has not all of it."""
        yield from paragraph(text(self._say("content_note")))
        if review.title != review.notice:
            yield from paragraph(text(review.title, bold=True))

    def _link_lines(self, review: ReviewShown) -> Iterable[Spoken]:
        if not review.links:
            yield from self._unlinked(review)
            return
        runs: list[blocks.Block] = []
        for one in review.links[:8]:
            runs += [link(one.label, one.url), text("\n")]
        yield from paragraph(*runs[:-1])

    def _seen(self, review: ReviewShown) -> Iterable[Spoken]:
        for number, seen in enumerate(review.seen):
            said = self._say("also_seen" if number else "first_seen", seen.name, seen.day)
            runs = [link(said, seen.url) if seen.url else text(said)]
            if seen.attribution:
                runs.append(text(f" {seen.attribution}."))
            yield from paragraph(*runs)

    def _what_changed(self, review: ReviewShown) -> Iterable[Spoken]:
        for number, one in enumerate(review.differences):
            if number == 0:
                yield from paragraph(text(self._say("what_changed"), bold=True))
            yield from self._points(self._say("before", one), one.before)
            yield from self._points(self._say("now", one), one.after)

    def _frame(self, digest: DigestShown) -> Iterable[Spoken]:
        if digest.unread:
            yield from paragraph(
                text(f"{self._say('what_was_checked')}\n", bold=True), text(self._say("checked", digest))
            )
            yield from points("", [self._say("standing", source) for source in digest.unread])
        yield from paragraph(text(self._say("sender")))

    def _points(self, title: str, part: Points, rest: str = "source") -> list[Spoken]:
        items = [self._quoted(passage, rest) for passage in part.shown]
        if part.more:
            items.append(self._say("more", part.more, rest))
        return points(title, items) if part.shown else []

    def _quoted(self, passage: Passage, rest: str) -> str:
        return f"{passage.text} {self._say('goes_on', rest)}" if passage.goes_on else passage.text

    # --- wording ----------------------------------------------------------------------------------------

    def _say(self, name: str, *about: object) -> str:
        return " ".join(str(getattr(self._words, name)(*about)).split())

    def _summary(self, name: str, about: object) -> str:
        """For the `text` of a message: whole titles as long as they fit."""
        return blocks.escaped(fitted(self._say(name, about), LONGEST_SUMMARY))
