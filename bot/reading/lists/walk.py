"""A walk over the lines of a list: each line goes to the review, the group or the date that it is of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from bot.models import Document, Link
from bot.reading.facts.ages import ages_of
from bot.reading.facts.outcomes import tells_of_harm
from bot.reading.grammar.dates import only_date, published_in, without_date
from bot.reading.grammar.families import LISTS
from bot.reading.grammar.labels import labelled
from bot.reading.grammar.status import status_in
from bot.reading.grammar.titles import without_size
from bot.reading.grammar.types import names_a_case, review_type
from bot.reading.languages import english_line
from bot.reading.lines import Line
from bot.reading.lists.announced import announced
from bot.reading.lists.bullets import item_of, line_items
from bot.reading.lists.items import Item, Over, is_companion_line
from bot.reading.lists.roles import (
    across,
    attributes_of,
    belongs,
    case_levels,
    is_case_heading,
    is_crumbs,
    is_date_line,
    is_group_heading,
    is_part,
    is_prose,
    is_status,
    is_year_band,
    status_of_group,
)
from bot.reading.lists.rows import row_items, says_other
from bot.reading.lists.subjects import is_document, subject_of
from bot.reading.records.about import kind_of_group
from bot.reading.urls import own_links


def items_of(document: Document, lines: Sequence[Line]) -> list[Item]:
    """What a page's lines name, in order: reviews, each with what stands under its name, and documents."""
    english = [english_line(line) for line in lines]
    walk = _Walk(document=document, levels=case_levels(english))
    for place, line in enumerate(english):
        walk.take(line, english[place + 1 : place + 8])
    return walk.items


@dataclass(frozen=True, slots=True, kw_only=True)
class _Here:
    """A line, its own links, and the lines after it."""

    line: Line
    links: tuple[Link, ...]
    ahead: Sequence[Line]


@dataclass(slots=True, kw_only=True)
class _Walk:
    """`levels`: see `case_levels`; `case`: the review whose name stands as a heading over its documents;
    `dated_first`: the page gives dates before what they date; `begun`: how many items there were when the
    last heading came; `badge`: the words that stood in a tile before its title, which leads to `badged`."""

    document: Document
    levels: frozenset[int] = frozenset()
    over: Over = field(default_factory=Over)
    case: Item | None = None
    case_level: int = 7
    items: list[Item] = field(default_factory=list)
    dated_first: bool = False
    begun: int = 0
    badge: str = ""
    badged: str = ""

    def take(self, line: Line, ahead: Sequence[Line]) -> None:
        """Give a line to the first role that it fills."""
        here = _Here(line=line, links=own_links(line.links, self.document.url), ahead=ahead)
        if self._ends_case(line):
            self.case = None
        for fills in self._roles():
            if fills(here):
                return
        self._names(here)

    def _roles(self) -> tuple[Callable[[_Here], bool], ...]:
        return (
            self._badges_card,
            self._dates_card,
            self._opens_part,
            self._describes,
            self._announces,
            self._heads_case,
            self._heads_group,
            self._passed_over,
            self._tells_status,
            self._dates,
            self._documents,
        )

    def _ends_case(self, line: Line) -> bool:
        """Whether a line stands beside the name of the case in hand and not under it: the next bullet of its
        depth, the next linked heading of its level."""
        if self.case is None:
            return False
        if line.kind == "point" and 0 < line.level <= self.case.level:
            return True
        return line.kind == "heading" and bool(line.links) and line.level <= self.case_level

    def _badges_card(self, here: _Here) -> bool:
        """The few words that stand in a tile before its title, and lead where that leads: `Form`, `LCSPR`."""
        after = here.ahead[0] if here.ahead else None
        if here.line.kind != "text" or not here.links or after is None or after.kind != "heading":
            return False
        if here.line.words > 6 or names_a_case(here.line.text):
            return False
        if {link.url for link in here.links} != {
            link.url for link in own_links(after.links, self.document.url)
        }:
            return False
        self.badge, self.badged = here.line.text, here.links[0].url
        return True

    def _badged(self, item: Item) -> bool:
        """Give the review of a tile the kind that its badge says; whether that may be one of a review."""
        if not item.links or item.links[0].url != self.badged:
            return True
        kind = kind_of_group(self.badge)
        item.kind = review_type(item.heading.title) or kind or item.kind
        return not says_other(self.badge)

    def _dates_card(self, here: _Here) -> bool:
        """A line of a card that leads where its title leads, and gives its kind, its date or its status."""
        if not (here.links and self.items and here.line.kind == "text"):
            return False
        card = self.items[-1]
        if not {link.url for link in here.links} <= {link.url for link in card.links}:
            return False
        if says_other(here.line.text):
            self.items.pop()
            return True
        said = attributes_of(replace(here.line, links=()))
        date = only_date(here.line.text) or published_in(here.line.text) or (said.published if said else None)
        if said is not None:
            card.kind, card.status = said.kind or card.kind, card.status or said.status
        if date:
            self._date(date)
        return date is not None or said is not None

    def _opens_part(self, here: _Here) -> bool:
        """A heading under the case in hand that opens a part of it."""
        line = here.line
        if self.case is None or not is_part(line):
            return False
        under = line.level > self.case_level if line.kind == "heading" else line.bold and self.case_level < 7
        if under:
            self._give(self.case, here)
        return under

    def _describes(self, here: _Here) -> bool:
        """A line under a name that says no more than kind, date and status."""
        said = attributes_of(here.line) if self.case is not None else None
        case = self.case
        if case is None or said is None:
            return False
        case.status = case.status or said.status
        case.kind = said.kind or case.kind
        if said.published:
            self._date(said.published, band=is_year_band(here.line))
        return True

    def _announces(self, here: _Here) -> bool:
        """A sentence that a review was published, before the links to its documents."""
        told = announced(here.line, self.over)
        if told is None or not (here.links or any(line.links for line in here.ahead[:2])):
            return False
        name, date = told
        self.case, self.case_level = item_of(name, here.links, self.over), 7
        self.case.published = date
        self.items.append(self.case)
        return True

    def _heads_case(self, here: _Here) -> bool:
        line = here.line
        if here.links or not is_case_heading(line, here.ahead, self.over, self.levels):
            return False
        self.case = item_of(line.text, (), self.over, level=line.level if line.kind == "point" else 0)
        self.case.status = status_in(line.text)
        self.case_level = line.level if line.kind == "heading" else 7
        self.items.append(self.case)
        return True

    def _heads_group(self, here: _Here) -> bool:
        heading = across(here.line) if here.line.kind == "row" else here.line
        if (
            heading is None
            or here.links
            or not is_group_heading(heading, here.ahead)
            or self._leads_on(heading)
        ):
            return False
        self.over.under(heading)
        self.case, self.begun, self.dated_first = None, len(self.items), False
        return True

    def _passed_over(self, here: _Here) -> bool:
        """Furniture, the path to the page, and what stands under a heading of events or of others' words."""
        aside = self.over.aside and here.line.kind != "row"
        return self.over.furniture or aside or is_crumbs(here.line)

    def _tells_status(self, here: _Here) -> bool:
        if self.case is None or here.links or not is_status(here.line):
            return False
        self.case.status = self.case.status or status_in(here.line.text)
        self.case.published = self.case.published or published_in(here.line.text)
        return True

    def _dates(self, here: _Here) -> bool:
        date = published_in(here.line.text) or only_date(here.line.text)
        if not is_date_line(here.line) and not (date and self._leads_on(here.line)):
            return False
        self._date(date, band=is_year_band(here.line))
        return True

    def _documents(self, here: _Here) -> bool:
        if self.case is None or not here.links or not belongs(here.line, self.case, self.over):
            return False
        self._give(self.case, here)
        return True

    def _names(self, here: _Here) -> None:
        """A line that names reviews or documents; else what the list says of the review in hand."""
        line = here.line
        names = row_items if line.kind == "row" else line_items
        found = [item for item in names(line, self.over, self.document) if self._badged(item)]
        self.items.extend(found)
        self.over.status = status_of_group(line) or self.over.status
        if len(found) == 1 and line.kind == "heading":
            self.case, self.case_level = found[0], line.level
        elif not found and self.case is not None and line.kind != "row":
            self._give(self.case, here if is_prose(line) else _Here(line=line, links=(), ahead=()))
        elif not found and not here.links and self._tells_of_last(line):
            self.items[-1].lines.append(line)

    def _leads_on(self, line: Line) -> bool:
        """Whether a line only leads on to the documents of the case in hand: `Available reports:`."""
        if self.case is None or line.kind == "heading" or line.links:
            return False
        return line.text.endswith((":", ")")) and is_document(line.text.rstrip(":"))

    def _give(self, case: Item, here: _Here) -> None:
        """Give a case its documents, their date, and what the line says besides."""
        text = here.line.text
        case.links += here.links
        case.published = case.published or published_in(text)
        if here.links and (is_document(text) or frozenset() < subject_of(text) <= subject_of(case.text)):
            self._date_of_document(case, text)
        if not here.line.linked:
            case.lines.append(here.line)

    def _date_of_document(self, case: Item, text: str) -> None:
        """Keep the date of a document: the report's is the review's, a briefing's where there is no other."""
        date = without_date(without_size(text))[1]
        if case.published is None and date and is_companion_line(text):
            case.further = case.further or date
        elif case.published is None:
            case.published = date

    def _tells_of_last(self, line: Line) -> bool:
        """Whether prose right under a review's line tells what happened to its child, or what was learned."""
        if line.kind not in ("text", "point") or len(self.items) <= self.begun or not self.items:
            return False
        run_on = labelled(line.text, line.lead)
        if run_on is not None and run_on.rest and run_on.field in {*LISTS, "incident", "background"}:
            return True
        return bool(tells_of_harm(line.text) and ages_of(line.text) and line.words >= 8)

    def _date(self, date: str | None, *, band: bool = False) -> None:
        """A line that is a date: of the item before it, where dates come after; else of what follows.

        `band`: a bare year over a group, which says no more of its reviews than their year.
        """
        last = self.case or (self.items[-1] if len(self.items) > self.begun else None)
        if band:
            self.case = None
        elif last is not None and not self.dated_first:
            last.published = date if len(last.published or "") <= 4 and date else last.published
            return
        self.dated_first = True
        self.over.batch += 1
        self.over.published = None if band else date
        self.over.year = int(date[:4]) if date else None
