"""What is told of one review on Slack, in blocks: what stands in the channel, and all that its thread has.

In the channel nobody has chosen yet to read of harm: no quotes and no titles that tell of it stand there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import chain, count
from urllib.parse import urlsplit

from jinja2.environment import TemplateModule

from bot.deliver.block_kit import blocks
from bot.deliver.block_kit.blocks import Block, Spoken, link, paragraph, points, text, titled
from bot.deliver.block_kit.lengths import counted, fitted
from bot.deliver.showing.links import SUFFIXES
from bot.deliver.showing.shown import LinkShown, Passage, Points, ReviewShown
from bot.deliver.words import cut
from bot.discreet import discreet, tells_of_harm

MOST_BUTTONS = 5
LONGEST_NAME = 40  # of a review, as a button says it aloud
MOST_LINKS = 8  # of a review; its page has the rest
KIND = re.compile(r"report|briefing|summary", re.IGNORECASE)
OF_FILE = re.compile(r" \(((?:PDF|Word|PowerPoint)\b[^()]*)\)")


def aloud(shown: str, named: str, taken: Sequence[str]) -> str:
    """What a button says aloud: its words and which review it is of, both cut so that Slack takes the whole,
    and alike for no two."""
    name = fitted(named, LONGEST_NAME)
    numbered = (f" ({number})" for number in count(2))
    for after in chain([""], numbered):
        room = blocks.LONGEST_BUTTON - counted(f": {name}{after}")
        if (heard := f"{fitted(shown, room)}: {name}{after}") not in taken:
            return heard
    raise AssertionError("numbers do not end")


class Telling:
    """Tells of reviews. `words` are the macros of `templates/slack/words.txt`."""

    def __init__(self, words: TemplateModule) -> None:
        self._words = words

    def say(self, name: str, *about: object) -> str:
        """One piece of wording, as a single line of plain text."""
        return " ".join(str(getattr(self._words, name)(*about)).split())

    # --- in the channel ---------------------------------------------------------------------------------

    def named(self, review: ReviewShown) -> str:
        """What a review is called in the channel, with its place."""
        place = review.place if review.place and review.place not in review.notice else None
        return f"{review.notice}, {place}" if place else review.notice

    def about(self, review: ReviewShown) -> str:
        """Its place where its title has not got it, its type and its date."""
        parts = [part for part in review.meta if part != review.place]
        if review.published:
            parts.append(self.say("published", review.published))
        return ". ".join(parts) + "." if parts else ""

    def labels(self, review: ReviewShown) -> Iterable[str]:
        """How it stands: withdrawn, changed, from earlier, delayed."""
        if review.withdrawn:
            yield self.say("withdrawn")
        elif review.kind == "revised":
            yield self.say("revised")
        elif review.late:
            yield self.say("late")
        if status := self.say("status", review.status):
            yield status

    def why(self, review: ReviewShown, *, quoted: bool) -> str:
        """The reasons, each subscription's on a line of its own."""
        return "\n".join(
            f"{why.subscription}: {why.said if quoted else why.unquoted}" for why in review.reasons
        )

    def buttons(self, review: ReviewShown, named: str, most: int = MOST_BUTTONS) -> list[Spoken]:
        """Its report and its page, as buttons; as links where no button takes the address. `named`: what it
        is called aloud, where the buttons of other reviews have the same words."""
        made: list[Block] = []
        linked: list[Block] = []
        taken: set[str] = set()
        for words, url in self._ways(review)[:most]:
            numbered = (f"{words} ({number})" for number in count(2))
            shown = next(one for one in chain([words], numbered) if one not in taken)
            taken.add(shown)
            action = f"review-{review.id}-{len(made) + 1}"
            heard = aloud(shown, named, [one["accessibility_label"] for one in made])
            if one := blocks.button(shown, url, heard=heard, action=action):
                made.append(one)
            else:
                linked += [link(shown, url), text("\n")]
        return [*paragraph(*linked[:-1]), *blocks.buttons(made)]

    def _ways(self, review: ReviewShown) -> list[tuple[str, str]]:
        """The ways to a review, the report first: words and address."""
        own = [one for one in review.links if one.to != "elsewhere"]
        if not own:
            seen = [one.url for one in review.seen if one.url][:1]
            return [] if review.withdrawn else [(self.say("open_seen"), url) for url in seen]
        own.sort(key=lambda one: one.to != "report" or not re.search("report", one.label, re.IGNORECASE))
        return [(self._on_button(one, review), one.url) for one in own]

    def _on_button(self, one: LinkShown, review: ReviewShown) -> str:
        """The link's own words without the review's name, which stands above; ours where they say no more
        than that name or its kind, are too long, or tell of harm."""
        name = cut(discreet(review.title, review.place), 90)[0]
        own = one.label.partition(f": {name}")[0]
        of_file, kind = OF_FILE.search(own), KIND.search(own)
        bare = (
            not kind
            or bool(KIND.fullmatch(OF_FILE.sub("", own)))
            or review.title.casefold() in own.casefold()
        )
        asking = own if re.match("read|open", own, re.IGNORECASE) else self.say("read_own", own)
        if not bare and counted(asking) <= blocks.LONGEST_BUTTON and not tells_of_harm(own):
            return asking
        if one.to == "page":
            return self.say("open_page")
        by_name = SUFFIXES.get(urlsplit(one.url).path.rsplit(".", 1)[-1].lower(), "")
        return self.say(
            "read_it", kind[0].lower() if kind else "document", of_file[1] if of_file else by_name
        )

    # --- in the thread ----------------------------------------------------------------------------------

    def headed(self, words: str) -> Iterable[Spoken]:
        """A large title, and the whole of it below where Slack's title is too short for it."""
        yield blocks.header(words)
        if counted(words) > blocks.LONGEST_HEADER:
            yield from paragraph(text(words))

    def detail(self, review: ReviewShown) -> Iterable[Spoken]:
        """All that is told of it, its title and the content note aside."""
        yield from self.what_changed(review)
        if review.facts:
            yield from paragraph(text(". ".join(review.facts) + "."))
        for name, passage in (("what_happened", review.happened), ("background", review.background)):
            if passage:
                yield from titled(self.say(name), self._quoted(passage, review.rest))
        for heading, part in review.other:
            yield from self._points(heading or self.say("from_the_source"), part, review.rest)
        for name, part in (
            ("learning", review.learning),
            ("recommendations", review.recommendations),
            ("actions", review.actions),
            ("good_practice", review.good_practice),
            ("questions", review.questions),
        ):
            yield from self._points(self.say(name), part, review.rest)
        yield from self._links(review)
        if review.reasons:
            yield from titled(self.say("why"), self.why(review, quoted=True))
        yield from self._seen(review)

    def what_changed(self, review: ReviewShown) -> Iterable[Spoken]:
        """The words that went and those that came."""
        for number, one in enumerate(review.differences):
            if number == 0:
                yield from paragraph(text(self.say("what_changed"), bold=True))
            yield from self._points(self.say("before", one), one.before)
            yield from self._points(self.say("now", one), one.after)

    def _links(self, review: ReviewShown) -> Iterable[Spoken]:
        runs: list[Block] = []
        for one in review.own_links[:MOST_LINKS]:
            runs += [text("\n"), link(one.label, one.url)]
        if more := len(review.own_links) - MOST_LINKS:
            runs += [text(f"\n{self.say('more', more, 'source')}")] if more > 0 else []
        if runs:
            yield from paragraph(text(self.say("links"), bold=True), *runs)
        elif (look := review.look_at) and look.url:
            after = " ".join(
                [self.say("since", look), *([f"{look.attribution}."] if look.attribution else [])]
            )
            yield from paragraph(
                text(f"{self.say('unlinked')} "), link(look.name, look.url), text(f" {after}")
            )

    def _seen(self, review: ReviewShown) -> Iterable[Spoken]:
        for number, seen in enumerate(review.seen):
            if seen is review.look_at:
                continue
            said = self.say("also_seen" if number or review.look_at else "first_seen", seen.name, seen.day)
            runs = [link(said, seen.url) if seen.url else text(said)]
            if seen.attribution:
                runs.append(text(f" {seen.attribution}."))
            yield from paragraph(*runs)

    def _points(self, title: str, part: Points, rest: str = "source") -> list[Spoken]:
        items = [self._quoted(passage, rest) for passage in part.shown]
        if part.more:
            items.append(self.say("more", part.more, rest))
        return points(title, items) if part.shown else []

    def _quoted(self, passage: Passage, rest: str) -> str:
        return f"{passage.text} {self.say('goes_on', rest)}" if passage.goes_on else passage.text
