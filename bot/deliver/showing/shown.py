"""What a reader is shown of a digest: clean text, chosen and cut, for templates and for blocks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from bot.deliver.words import Span
from bot.models import EntryKind
from bot.spoken import KINDS, listed

AMONG = "it was among what you asked for"
OUTCOME = "outcome: "


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """How much of each review is shown. Lengths are in characters. `full`: how many reviews are shown in
    full; those after them get title, facts, why and their first link, and those after `parts` only stand in
    the list of titles, which then leads to the report itself."""

    full: int = 12
    parts: int = 60
    points: int = 5
    prose: int = 900
    point: int = 600
    background: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Quoted words, and whether the source goes on after them."""

    text: str
    goes_on: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """Quoted points, and how many more the source has."""

    shown: tuple[Passage, ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyTheme:
    """Names of themes and the words that prove each of them. No themes: the reader asked for these words
    themselves (the quotes may be left out)."""

    themes: tuple[str, ...]
    quotes: tuple[str, ...]

    @property
    def name(self) -> str:
        return listed(self.themes) if self.themes else "your words"


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """A subscription that brought the review, and what in it did. `narrowed`: what else it was asked by, each
    as a phrase: `a child under 1 year (7 weeks)`, `in Port Lowen`."""

    subscription: str
    themes: tuple[WhyTheme, ...]
    narrowed: tuple[str, ...] = ()

    @property
    def everything(self) -> bool:
        """Whether its reader asked for every review, so that there is no reason for this one."""
        return not self.themes and not self.narrowed

    @property
    def pieces(self) -> tuple[str, ...]:
        """The reasons as a sentence, in pieces: our words and quoted words, turn and turn about."""
        pieces = [""]
        for number, one in enumerate(self.themes):
            pieces[-1] += f"{'; ' if number else ''}{one.name}"
            for place, quote in enumerate(one.quotes):
                pieces[-1] += "”, “" if place else " (“"
                pieces += [quote, ""]
            pieces[-1] += "”)" if one.quotes else ""
        pieces[-1] += (", and " if self.themes and self.narrowed else "") + ", ".join(self.narrowed)
        if self.everything:
            pieces = ["you get every review"]
        return (*pieces[:-1], f"{pieces[-1]}.")

    @property
    def said(self) -> str:
        """The reasons as a sentence: `Neglect (“no food in the house”), and in Port Lowen.`"""
        return "".join(self.pieces)

    @property
    def unquoted(self) -> str:
        """The same where nobody has chosen yet to read of harm: no quotes, and no outcome."""
        themes = tuple(replace(one, quotes=()) for one in self.themes)
        kept = tuple(one for one in self.narrowed if not one.startswith(OUTCOME))
        if self.narrowed and not themes and not kept:
            kept = (AMONG,)
        return replace(self, themes=themes, narrowed=kept).said


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkShown:
    """A link whose words say what it is, and alike for no other link of the digest. `to`: the report (or a
    briefing, a summary), the review's page, or elsewhere, where its document happens to point."""

    label: str
    url: str
    to: Literal["report", "page", "elsewhere"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenShown:
    """Where and since when a review was seen. `url` None: no link."""

    name: str
    url: str | None
    day: str
    attribution: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceShown:
    """One part of a review, the words that went and those that came. `named`: the part within a sentence,
    `the recommendations`. `many`: a list, of which some came or went."""

    field: str
    named: str
    many: bool
    before: Points
    after: Points


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewShown:
    """One review of a digest. `full` False: only title, facts, why and a link. `own_part` False: only a line.
    `withdrawn`: its words and links are left out, since its publisher has taken them back."""

    id: int
    anchor: str
    kind: EntryKind
    withdrawn: bool
    status: str
    full: bool
    own_part: bool
    title: str
    notice: str  # the title where nobody has chosen yet to read of harm
    place: str | None
    meta: tuple[str, ...]  # place, type, year: what stands under the title
    published: str | None
    facts: tuple[str, ...]
    late: bool
    happened: Passage | None
    background: Passage | None
    other: tuple[tuple[str, Points], ...]
    learning: Points
    recommendations: Points
    actions: Points
    good_practice: Points
    questions: Points
    differences: tuple[DifferenceShown, ...]
    why: tuple[Why, ...]
    links: tuple[LinkShown, ...]
    seen: tuple[SeenShown, ...]

    @property
    def has_content(self) -> bool:
        """Whether there are words of the source to show."""
        listed = (self.learning, self.recommendations, self.actions, self.good_practice, self.questions)
        return bool(self.happened or self.background or self.other or any(part.shown for part in listed))

    @property
    def rest(self) -> Literal["report", "source"]:
        """Where a reader finds what is not shown here."""
        return "report" if any(link.to == "report" for link in self.links) else "source"

    @property
    def own_links(self) -> tuple[LinkShown, ...]:
        """Its links without those elsewhere; these too where there is no other way to it."""
        own = tuple(link for link in self.links if link.to != "elsewhere")
        return own or (() if any(seen.url for seen in self.seen) else self.links)

    @property
    def look_at(self) -> SeenShown | None:
        """Where to look for a review that has no link of its own."""
        linked = self.withdrawn or any(link.to != "elsewhere" for link in self.links)
        return None if linked else next((seen for seen in self.seen if seen.url), None)

    @property
    def address(self) -> str | None:
        """Where its title leads when it leads out of the mail: to its report or page, else to where it was
        seen, never to what its document happens to link."""
        own = [link.url for link in self.links if link.to != "elsewhere"]
        return next(iter([*own, *(seen.url for seen in self.seen if seen.url)]), None)

    @property
    def listed(self) -> str:
        """Place and date, for a list of titles; no place where the title has it or none is known."""
        when = f"published {self.published}" if self.published else "no date given"
        where = self.place or ("National" if KINDS["national"] in self.meta else None)
        if not where or where in self.notice:
            return when[0].upper() + when[1:]
        return f"{where}, {when}"

    @property
    def reasons(self) -> tuple[Why, ...]:
        """Why it is here; nothing where its reader gets every review and that is all."""
        return () if all(why.everything for why in self.why) else self.why

    @property
    def told(self) -> tuple[str, ...]:
        """Which of its parts are told, as a sentence names them; the first can stand alone with `is`."""
        parts = (
            ("what changed", self.differences),
            ("what happened", self.happened or self.background),
            ("what was learned", self.learning.shown),
            ("recommendations", self.recommendations.shown),
            ("what was done", self.actions.shown),
            ("good practice", self.good_practice.shown),
            ("questions", self.questions.shown),
            ("what the source says", self.other),
        )
        return tuple(name for name, there in parts if there)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A source that could not be read: how it stands, and the day since when."""

    name: str
    state: str
    since: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedShown:
    """A review that is only named: its title, which tells of no harm, its place where the title has not got
    it, and where it leads."""

    title: str
    place: str | None
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtfulShown:
    """An earlier digest that may not have arrived; `came_back`: it did not. `day`: when it was due. `more`:
    how many reviews it had besides those that are named."""

    day: str
    came_back: bool
    reviews: tuple[NamedShown, ...]
    more: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestShown:
    """A whole digest. Counts are of entries by kind; `long_ago` and `undated` count new ones by their date of
    publication. `themed`: its reader asked for themes or words, and not for everything. `span`, `start` and
    `end` say what time it covers. `tallies`: the new ones are of that time, and all that are of it, so that
    they can be counted against `published_in_all`. `more_doubtful`: how many earlier digests in doubt are not
    named."""

    reviews: tuple[ReviewShown, ...]
    new: int
    revised: int
    withdrawn: int
    themed: bool
    long_ago: int
    undated: int
    subscriptions: tuple[str, ...]
    at_once: bool
    first: bool
    baseline_days: int
    left_in_archive: int
    span: Span
    start: date
    end: date
    checked: int
    published_in_all: int
    tallies: bool
    unread: tuple[Unread, ...]
    doubtful: tuple[DoubtfulShown, ...]
    more_doubtful: int
    held_over: int
    questions: tuple[tuple[str, Points], ...]

    @property
    def total(self) -> int:
        return len(self.reviews)

    @property
    def told(self) -> tuple[str, ...]:
        """Which parts are told of any of its reviews."""
        return tuple(dict.fromkeys(part for review in self.reviews for part in review.told))
