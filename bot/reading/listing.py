"""Pages that list reviews with a summary of each, the NSPCC's of all years among them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from bot.models import Document, Review, ReviewType, Source
from bot.reading.facts.people import sentences_of
from bot.reading.grammar.dates import only_date
from bot.reading.grammar.families import LISTS, field_of
from bot.reading.grammar.narrative import tells
from bot.reading.grammar.status import tells_status
from bot.reading.grammar.titles import Heading, as_placed, share_places, split_line, split_title
from bot.reading.grammar.types import is_quoted_name, kind_named, names_a_case, review_type
from bot.reading.lines import Line
from bot.reading.lists.heads import Heads, is_bare_name, is_strong, look_of, look_of_heads, story_under
from bot.reading.lists.roles import attributes_of
from bot.reading.records.about import About, band_date, kind_of_group, list_date, publisher_place
from bot.reading.records.body import read_body
from bot.reading.records.gathered import Body
from bot.reading.records.reviews import is_audit, is_no_review, review_of


@dataclass(slots=True, kw_only=True)
class Entry:
    """One review of a list: its heading, its lines, a date or badge (in a card, its kind) that stood before
    it, the date and kind of the lines right under it, and the heading over it."""

    head: Line
    heading: Heading
    date: str | None = None
    badge: str = ""
    kind: ReviewType | None = None
    group: Line | None = None
    lines: list[Line] = field(default_factory=list)


def read_listing(document: Document, lines: Sequence[Line], source: Source | None) -> tuple[Review, ...]:
    """The reviews of a list with summaries; none where the page is no such list."""
    entries, outside = entries_of(lines)
    if not entries:
        return ()
    place = publisher_place(document, [line.text for line in outside], source=source, listing=True)
    page = About(address=document.url, place=place, published=list_date(outside))
    found = list(_reviews_among(entries, document.url))
    if share_places([entry.heading for entry, _ in found]):
        placed = [as_placed(entry.heading) for entry in entries]
        if placed != [entry.heading for entry in entries]:
            for entry, heading in zip(entries, placed, strict=True):
                entry.heading = heading
            found = list(_reviews_among(entries, document.url))
    return tuple(_review(entry, body, page) for entry, body in found)


def _reviews_among(entries: Sequence[Entry], address: str) -> Iterator[tuple[Entry, Body]]:
    """The entries that are reviews, each with what was gathered of it."""
    for entry in entries:
        own = is_strong(entry.heading) or _tells_in_all(entry)
        body = read_body(entry.lines, address=address, entry=own, least=6)
        if _is_review(entry, body):
            yield entry, body


def _tells_in_all(entry: Entry) -> bool:
    """Whether the prose of an entry whose kind is told tells what happened, though no paragraph by itself
    does."""
    return entry.kind not in (None, "thematic") and not any(tells(line.text) for line in entry.lines)


def _review(entry: Entry, body: Body, page: About) -> Review:
    later, body.links = body.links, {}
    body.link(entry.head.links)
    body.links = body.links | {url: link for url, link in later.items() if url not in body.links}
    published, year = band_date(entry.group) if entry.group else (None, None)
    own = entry.heading.published or entry.date or body.published or body.byline
    about = replace(
        page,
        published=entry.date or published or (page.published if not own else None),
        year=None if own else year,
    )
    texts = [text for line in entry.lines for text in sentences_of(line.text) if tells_status(text)]
    return review_of(entry.heading, body, about, kind=_kind(entry), texts=texts)


def _kind(entry: Entry) -> ReviewType | None:
    kind = "national" if entry.heading.national else review_type(entry.heading.title)
    kind = kind or kind_named(entry.badge) or entry.kind
    if kind or entry.group is None or entry.heading.placed:
        return kind or ("thematic" if is_audit(entry.heading.title) else None)
    return kind_of_group(entry.group.text)


def entries_of(lines: Sequence[Line]) -> tuple[list[Entry], list[Line]]:
    """The entries of a list, and the lines outside them. No entries where fewer than two have a summary."""
    look = look_of_heads(lines)
    if look is None:
        return [], list(lines)
    heads = Heads.of(lines, look)
    entries: list[Entry] = []
    outside: list[Line] = []
    over: Line | None = None
    for place, line in enumerate(lines):
        here = entries[-1] if entries and entries[-1].heading.title else None
        if heads.begins(lines, place, here.head if here else None, dated=bool(here and here.date)):
            entries.append(Entry(head=line, heading=_split(line), group=over))
            _pull_badge(entries, outside)
            _pull_date(entries, outside)
        elif heads.ends(line):
            over = over if line.linked else line
            outside.append(line)
            entries.append(Entry(head=line, heading=Heading(title="")))
        elif here is not None and not _after_card(line, here):
            here.lines.append(line)
        else:
            outside.append(line)
    entries = [entry for entry in entries if entry.heading.title]
    for entry in entries:
        _take_attributes(entry)
    return entries, outside


def _take_attributes(entry: Entry) -> None:
    """Take the lines that say no more than kind and date, in either order, from under the heading:
    `Serious Case Review`, `Published: 14 June 2022`."""
    while entry.lines:
        said = attributes_of(entry.lines[0])
        if said is None or said.status or entry.lines[0].text.endswith("."):
            return
        if (said.kind and entry.kind) or (said.published and entry.date):
            return
        entry.kind = entry.kind or said.kind
        entry.date = entry.date or said.published
        entry.lines.pop(0)


def _after_card(line: Line, entry: Entry) -> bool:
    """Whether a line stands after the card of an entry, in no card itself."""
    return (
        bool(entry.head.group)
        and not line.group
        and any(other.group == entry.head.group for other in entry.lines)
    )


def _pull_badge(entries: list[Entry], outside: list[Line]) -> None:
    """Give the few words that stand in a card before its heading to that entry."""
    entry = entries[-1]
    before = entries[-2].lines if len(entries) > 1 and entries[-2].heading.title else outside
    if len(entries) > 1 and entries[-2].head.group == entry.head.group:
        return
    while before and entry.head.group and before[-1].group == entry.head.group and before[-1].words <= 6:
        if before[-1].kind == "heading" or only_date(before[-1].text) is not None:
            return
        entry.badge = before.pop().text


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


def _split(line: Line) -> Heading:
    return split_line(line.text) if look_of(line)[0] == "linked" else split_title(line.text)


def _is_review(entry: Entry, body: Body) -> bool:
    """A heading that names a review, or one among them with learning of its own; no topic, no furniture."""
    title = entry.heading.title
    if entry.badge and is_no_review(entry.badge) and kind_named(entry.badge) is None:
        return False
    if field_of(title) == "furniture" or (is_no_review(title) and not is_strong(entry.heading)):
        return False
    if (
        is_strong(entry.heading)
        or names_a_case(title)
        or is_quoted_name(title)
        or (entry.kind and field_of(title) not in LISTS)
    ):
        return True
    if is_bare_name(entry.head) and story_under([entry.head, *entry.lines], 0):
        return True
    kind = review_type(title)
    lists = len(body.labels & LISTS)
    if kind == "thematic" or kind is None:
        told = ":" in title or bool(re.match(r"(?i)(?:a |the )?thematic review (?:of|into|on)\b", title))
        own = kind == "thematic" and (lists >= 1 or (told and not is_audit(title)))
        return lists >= 2 or own
    return True
