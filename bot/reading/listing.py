"""Pages that list reviews with a summary of each, the NSPCC's of all years among them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.models import Document, Review, ReviewType, Source
from bot.reading.about import About, band_date, kind_of_group, list_date, publisher_place
from bot.reading.body import read_body
from bot.reading.dates import only_date
from bot.reading.families import LISTS, field_of
from bot.reading.gathered import Body
from bot.reading.labels import labelled
from bot.reading.lines import Line
from bot.reading.narrative import for_help
from bot.reading.reviews import is_audit, is_no_review, review_of
from bot.reading.titles import Heading, split_heading, split_title
from bot.reading.types import kind_named, names_a_case, review_type

Look = tuple[str, int]


@dataclass(slots=True, kw_only=True)
class Entry:
    """One review of a list: its heading, its lines, a date that stood before it, and the heading over it."""

    head: Line
    heading: Heading
    date: str | None = None
    group: Line | None = None
    lines: list[Line] = field(default_factory=list)


def read_listing(document: Document, lines: Sequence[Line], source: Source | None) -> tuple[Review, ...]:
    """The reviews of a list with summaries; none where the page is no such list."""
    entries, outside = entries_of(lines)
    if not entries:
        return ()
    dated = list_date(outside)
    place = publisher_place(document, [line.text for line in outside], source=source, listing=True)
    reviews = []
    for entry in entries:
        body = read_body(entry.lines, address=document.url, entry=_strong(entry.heading), least=6)
        if not _is_review(entry, body):
            continue
        later, body.links = body.links, {}
        body.link(entry.head.links)
        body.links = body.links | {url: link for url, link in later.items() if url not in body.links}
        published, year = band_date(entry.group) if entry.group else (None, None)
        own = entry.heading.published or entry.date or body.published or body.byline
        about = About(
            address=document.url,
            place=place,
            published=entry.date or published or (dated if not own else None),
            year=None if own else year,
        )
        texts = [line.text for line in entry.lines]
        reviews.append(review_of(entry.heading, body, about, kind=_kind(entry), texts=texts))
    return tuple(reviews)


def _kind(entry: Entry) -> ReviewType | None:
    kind = review_type(entry.heading.title)
    if kind or entry.group is None:
        return kind or ("thematic" if is_audit(entry.heading.title) else None)
    return kind_of_group(entry.group.text)


def entries_of(lines: Sequence[Line]) -> tuple[list[Entry], list[Line]]:
    """The entries of a list, and the lines outside them. No entries where fewer than two have a summary."""
    look = _look_of_heads(lines)
    if look is None:
        return [], list(lines)
    heads = _Heads.of(lines, look)
    entries: list[Entry] = []
    outside: list[Line] = []
    over: Line | None = None
    for place, line in enumerate(lines):
        here = entries[-1] if entries and entries[-1].heading.title else None
        if heads.begins(lines, place, here):
            entries.append(Entry(head=line, heading=split_title(line.text), group=over))
            _pull_date(entries, outside)
        elif heads.ends(line):
            over = line
            outside.append(line)
            entries.append(Entry(head=line, heading=Heading(title="")))
        elif here is not None and not _after_card(line, here):
            here.lines.append(line)
        else:
            outside.append(line)
    return [entry for entry in entries if entry.heading.title], outside


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heads:
    """How the headings of a list's entries are told. `flat`: its labels look like its headings; `openings`:
    what stands under several of them, by which a heading of no review is known for an entry."""

    look: Look
    flat: bool
    openings: frozenset[str]

    @classmethod
    def of(cls, lines: Sequence[Line], look: Look) -> _Heads:
        flat = sum(_look(line) == look and _is_label(line) for line in lines) >= 2
        under: Counter[str] = Counter()
        for place, line in enumerate(lines):
            if _look(line) == look and is_head(line):
                under.update(
                    {other.text.casefold() for other in lines[place + 1 : place + 3] if _is_label(other)}
                )
        return cls(
            look=look, flat=flat, openings=frozenset(text for text, count in under.items() if count >= 2)
        )

    def begins(self, lines: Sequence[Line], place: int, here: Entry | None) -> bool:
        """Whether an entry begins with this line."""
        line = lines[place]
        if _look(line) != self.look or _is_label(line):
            return False
        if is_head(line) or (self.look[0] == "heading" and not self.flat):
            return True
        if any(other.text.casefold() in self.openings for other in lines[place + 1 : place + 3]):
            return True
        own_card = here is not None and here.head.group != 0 and line.group not in (0, here.head.group)
        own_card = own_card or (
            here is not None and here.date is not None and only_date(lines[place - 1].text) is not None
        )
        return self.look[0] == "bold" and own_card and field_of(line.text) is None

    def ends(self, line: Line) -> bool:
        """Whether a heading over entries, or of what is no entry, ends the one before."""
        if field_of(line.text) == "furniture" and (line.kind == "heading" or line.bold):
            return True
        if line.kind != "heading":
            return False
        return (
            line.level < self.look[1]
            if self.look[0] == "heading"
            else not _is_label(line) and not is_head(line)
        )


def _is_label(line: Line) -> bool:
    """Whether a heading opens a part of an entry, and is of no review itself."""
    if line.kind not in ("heading", "text") or line.words > 8:
        return False
    return field_of(line.text) not in (None, "furniture") and kind_named(line.text) is None


def _after_card(line: Line, entry: Entry) -> bool:
    """Whether a line stands after the card of an entry, in no card itself."""
    return (
        bool(entry.head.group)
        and not line.group
        and any(other.group == entry.head.group for other in entry.lines)
    )


def _pull_date(entries: list[Entry], outside: list[Line]) -> None:
    """Give a date that stands before a heading, in its card or before the first of all, to that entry."""
    entry = entries[-1]
    before = entries[-2].lines if len(entries) > 1 and entries[-2].heading.title else outside
    if not before or only_date(before[-1].text) is None or before[-1].kind == "heading":
        return
    same_card = before[-1].group and before[-1].group == entry.head.group
    leads = len(entries) == 1 or entries[0].date is not None
    if same_card or leads:
        entry.date = only_date(before.pop().text)


def _look(line: Line) -> Look:
    return (line.kind, line.level) if line.kind == "heading" else ("bold" if line.bold else line.kind, 0)


def is_head(line: Line) -> bool:
    """Whether a line is the heading of one review."""
    if line.kind == "row" or line.words > 24 or line.text.endswith((".", ";", ",")) or for_help(line.text):
        return False
    if line.kind in ("text", "point") and ((line.linked and not line.bold) or labelled(line.text, line.lead)):
        return False
    return _names_review(split_heading(line.text), line)


def _names_review(heading: Heading, line: Line) -> bool:
    opens = field_of(line.text)
    kind = review_type(heading.title)
    if opens == "furniture" or is_no_review(heading.title) or (opens is not None and kind is None):
        return False
    if _strong(heading):
        return bool(heading.title)
    if (
        re.search(r"(?i)\breviews\b", heading.title)
        and not names_a_case(heading.title)
        and ":" not in heading.title
    ):
        return False
    if line.kind in ("heading",) or line.bold or line.number:
        return (
            (kind is not None and kind != "thematic")
            or names_a_case(heading.title)
            or _thematic_learning(heading, kind)
        )
    return kind is not None and kind != "thematic" and names_a_case(heading.title)


def _thematic_learning(heading: Heading, kind: ReviewType | None) -> bool:
    """`Learning from three rapid reviews: marks on babies`, but no bare `Learning from reviews`."""
    own = len(heading.title.split()) > 4 or re.match(r"(?i)thematic review:", heading.title)
    return kind == "thematic" and bool(own) and ":" in heading.title


def _strong(heading: Heading) -> bool:
    """A heading of year and place, as the lists of the NSPCC have them."""
    return (
        heading.published is not None
        and (heading.placed or heading.title[:1].isupper())
        and heading.title != ""
        and (heading.placed or names_a_case(heading.title) or kind_named(heading.title) is not None)
    )


def _look_of_heads(lines: Sequence[Line]) -> Look | None:
    """The look that most headings with a summary under them share."""
    counts: Counter[Look] = Counter()
    titles: set[str] = set()
    strong = 0
    for place, line in enumerate(lines):
        if is_head(line) and _has_summary(lines, place):
            title = split_heading(line.text).title.casefold()
            if title in titles:
                continue
            titles.add(title)
            counts[_look(line)] += 1
            strong += _strong(split_heading(line.text))
    if not counts:
        return None
    look, number = max(counts.items(), key=lambda item: (item[1], item[0][0] == "heading"))
    return look if number >= 2 or strong else None


def _has_summary(lines: Sequence[Line], place: int) -> bool:
    """Whether prose or a labelled part follows a heading before the next of its look."""
    look = _look(lines[place])
    for line in lines[place + 1 : place + 16]:
        if _look(line) == look and not _is_label(line) and (look[0] == "heading" or is_head(line)):
            return False
        if line.kind == "heading" and look[0] == "heading" and line.level < look[1]:
            return False
        if (
            (line.kind == "text" or not line.links)
            and not line.linked
            and (line.words >= 8 or labelled(line.text, line.lead) is not None)
            and not for_help(line.text)
        ):
            return True
    return False


def _is_review(entry: Entry, body: Body) -> bool:
    """A heading that names a review, or one among them with learning of its own; no topic, no furniture."""
    title = entry.heading.title
    if field_of(title) == "furniture" or (is_no_review(title) and not _strong(entry.heading)):
        return False
    if _strong(entry.heading) or names_a_case(title):
        return True
    kind = review_type(title)
    lists = len(body.labels & LISTS)
    if kind == "thematic" or kind is None:
        return lists >= 2 or (kind == "thematic" and ":" in title and not is_audit(title))
    return True
