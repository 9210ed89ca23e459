"""Lists of links: bullets, tables with status cells, cards, groups under a date, A to Z lists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from bot.models import Document, Link, Review, ReviewStatus, Source
from bot.reading.about import About, kind_of_group, publisher_place
from bot.reading.cases import one_a_review
from bot.reading.dates import find_dates, only_date, published_in
from bot.reading.gathered import Body
from bot.reading.items import (
    Item,
    Over,
    case_of,
    is_companion_line,
    is_review_line,
    kind_over,
    reviews_section,
)
from bot.reading.lines import Line
from bot.reading.reviews import is_no_review, review_of
from bot.reading.rows import row_items
from bot.reading.status import status_in, without_note
from bot.reading.titles import Heading, split_line
from bot.reading.types import names_a_case, review_type
from bot.reading.urls import own_links


def read_links(document: Document, lines: Sequence[Line], source: Source | None) -> tuple[Review, ...]:
    """The reviews of a list of links; none where no line is one."""
    texts = [line.text for line in lines if not line.linked and line.kind != "row"]
    place = publisher_place(document, texts, source=source, listing=True)
    items = [item for item in _items(document, lines) if item.links or item.status]
    found = []
    for item in one_a_review(items):
        about = About(address=document.url, place=place, published=item.published, year=item.year)
        body = Body(address=document.url)
        body.links = {link.url: link for link in (*item.links, *item.more)}
        heading = Heading(title=item.heading.title, place=item.heading.place, placed=item.heading.placed)
        review = review_of(
            heading, body, about, kind=item.kind, texts=(_STATUS_WORDS[item.status] if item.status else "",)
        )
        found.append(review)
    return tuple(found)


_STATUS_WORDS: dict[ReviewStatus, str] = {
    "published": "",
    "withdrawn": "no longer published",
    "delayed": "delayed in publication",
    "unpublished": "unpublished",
}


@dataclass(slots=True, kw_only=True)
class _Walk:
    """A walk over a page's lines. `case`: the review whose name stands as a heading over its documents;
    `dated_first`: the page gives dates before what they date."""

    document: Document
    over: Over = field(default_factory=Over)
    case: Item | None = None
    items: list[Item] = field(default_factory=list)
    dated_first: bool = False
    begun: int = 0  # how many items there were when the last heading came

    def take(self, line: Line, after: Line | None) -> None:
        links = own_links(line.links, self.document.url)
        if links and self._same_address(links) and (only_date(line.text) or published_in(line.text)):
            self._date(only_date(line.text) or published_in(line.text))
        elif not links and _is_case_heading(line, after, self.over):
            self.case = _item(line.text, (), self.over)
            self.items.append(self.case)
        elif _is_group_heading(line) and not links:
            self.over.under(line)
            self.case, self.begun, self.dated_first = None, len(self.items), False
        elif self.over.furniture:
            return
        elif self.case is not None and not links and _is_status(line):
            self.case.status = self.case.status or status_in(line.text)
        elif line.kind == "row" and (across := _across(line)):
            self.over.under(across)
            self.begun, self.dated_first = len(self.items), False
        elif _is_date_heading(line):
            self._date(published_in(line.text) or only_date(line.text))
        elif self.case is not None and links and _belongs(line, self.case):
            self.case.links += links
            self.case.published = self.case.published or published_in(line.text)
        elif line.kind == "row":
            self.items.extend(row_items(line, self.over, self.document))
        else:
            self.items.extend(_line_items(line, self.over, self.document))

    def _same_address(self, links: Sequence[Link]) -> bool:
        """Whether a line of a card leads where its title leads."""
        return bool(self.items) and {link.url for link in links} <= {
            link.url for link in self.items[-1].links
        }

    def _date(self, date: str | None) -> None:
        """A line that is a date: of the item before it, where dates come after; else of what follows."""
        last = self.case or (self.items[-1] if len(self.items) > self.begun else None)
        if last is not None and not self.dated_first:
            last.published = last.published or date
            return
        self.dated_first = True
        self.over.batch += 1
        self.over.published = date
        self.over.year = int(date[:4]) if date else None


def _items(document: Document, lines: Sequence[Line]) -> Iterable[Item]:
    walk = _Walk(document=document)
    for place, line in enumerate(lines):
        walk.take(line, lines[place + 1] if place + 1 < len(lines) else None)
    return walk.items


def _across(line: Line) -> Line | None:
    """A row that is one cell across the table, as a heading: the month or kind of the rows under it."""
    cells = {" ".join("".join(span.text for span in cell).split()) for cell in line.cells} - {""}
    if len(cells) != 1 or line.links or status_in(line.text):
        return None
    text = cells.pop()
    if only_date(text) is None and kind_of_group(text) is None:
        return None
    return replace(line, kind="heading", text=text, level=6) if not names_a_case(text) else None


def _is_case_heading(line: Line, after: Line | None, over: Over) -> bool:
    """A line without links that names one review, its documents under it."""
    if (
        line.kind == "row"
        or line.words > 16
        or line.text.endswith((".", ":", "?"))
        or published_in(line.text)
    ):
        return False
    if line.kind != "heading" and not (line.words <= 10 and after is not None and _is_of_a_case(line, after)):
        return False
    return names_a_case(line.text) and not is_no_review(line.text) and status_in(line.text) is None


def _is_of_a_case(line: Line, after: Line) -> bool:
    """Whether what follows stands under a case: documents; under a bold line, a date or status."""
    if after.links:
        return True
    return line.bold and after.words <= 16 and (_is_date_heading(after) or status_in(after.text) is not None)


def _belongs(line: Line, case: Item) -> bool:
    """Whether a line of documents is of the case over it: it names no other."""
    named = case_of(line.text)
    return line.kind != "row" and not _is_prose(line) and (not named or bool(named & case.case))


def _is_status(line: Line) -> bool:
    """A line under a case that tells how its publication stands, and names no case itself."""
    return line.kind != "row" and line.words <= 24 and bool(status_in(line.text)) and not case_of(line.text)


def _is_group_heading(line: Line) -> bool:
    """A heading, or a bold line that stands for one."""
    if line.kind == "heading":
        return True
    return (
        line.kind == "text"
        and line.bold
        and not line.links
        and line.words <= 10
        and not _is_date_heading(line)
        and not line.text.endswith(".")
    )


def _is_date_heading(line: Line) -> bool:
    if line.links or line.words > 8:
        return False
    return only_date(line.text) is not None or (published_in(line.text) is not None and line.words <= 8)


def _line_items(line: Line, over: Over, document: Document) -> Iterable[Item]:
    links = own_links(line.links, document.url)
    status = status_in(line.text)
    if not links and not (status and line.words <= 24):
        return
    if _is_prose(line):
        for link in links:
            label = re.sub(r"^(?:the|our|an?)\s+", "", link.label)
            if is_review_line(label, over, strict=True):
                item = _item(label, (link,), over)
                item.published = item.published or _date_in_sentence(line.text, link.label)
                yield item
        return
    if (
        len(links) > 1
        and all(is_review_line(link.label, over, strict=True) for link in links)
        and _separate(links)
    ):
        for link in links:
            yield _item(link.label, (link,), over)
        return
    text = _main_text(line, links)
    if len(links) > 1 and not is_review_line(text, over):
        yield from (_item(link.label, (link,), over) for link in links if is_companion_line(link.label))
        return
    if is_review_line(text, over) or (links and is_companion_line(text)):
        yield _item(text, links, over, status=status)


def _separate(links: Sequence[Link]) -> bool:
    """Whether the links of a line are of different cases."""
    cases = [case_of(link.label) for link in links]
    return all(cases) and len(set(cases)) == len(cases)


def _is_prose(line: Line) -> bool:
    """A sentence with links in it, rather than a line of a list."""
    outside = line.text
    for link in line.links:
        outside = outside.replace(link.label, " ", 1)
    words = len(re.findall(r"\w+", outside))
    return words > 20 or bool(re.search(r"[a-z]{3}[.?]\s*$", line.text) and words > 5)


def _date_in_sentence(text: str, label: str) -> str | None:
    """The date of the sentence that a link stands in, where it speaks of publishing."""
    for sentence in re.split(r"(?<=[.!?])\s+", text):
        if label in sentence and re.search(r"\bpublish", sentence):
            dates = find_dates(sentence)
            return dates[0].value if len(dates) == 1 else None
    return None


_GENERIC = re.compile(
    r"(?i)(?:(?:read|view|see|open|download|the|full|overview|final|executive|published|english|welsh|"
    r"cymraeg|saesneg|pdf|"
    r"learning|link|to|here|\d+[ -]min(?:ute)?)\b\W*)*"
    r"(?:report|summary|briefing|brief|document|review|pdf|english|welsh|cymraeg|here|download|"
    r"adroddiad)\b\W*"
    r"(?:[(\[]?(?:english|welsh|cymraeg|saesneg|pdf|word)[)\]]?\W*)*"
)


def _main_text(line: Line, links: Sequence[Link]) -> str:
    """The line without the labels of further links: `... report – Sept 2021 (practitioner briefing)`."""
    text = line.text
    generic = [link for link in links if _GENERIC.fullmatch(link.label)]
    bare = text
    for link in generic:
        bare = bare.replace(link.label, " ", 1)
    if len(generic) == len(links) and re.search(r"\w", bare) and (names_a_case(bare) or review_type(bare)):
        text, links = bare, ()
    for link in links[1:]:
        text = re.sub(r"[(\[]?\s*" + re.escape(link.label) + r"\s*[)\]]?", " ", text, count=1)
    text = re.sub(
        r"\s*(?:[|•·,;:–—-]|\band\b|\bor\b)\s*$",
        "",
        re.sub(r"[|•·]\s*(?=$|[|•·])", "", " ".join(text.split())),
    )
    return re.sub(r"^(?:>|»|→)\s*", "", text)


def _item(text: str, links: tuple[Link, ...], over: Over, *, status: ReviewStatus | None = None) -> Item:
    bare = without_note(text)
    heading = split_line(bare)
    published = heading.published or over.published
    return Item(
        text=bare,
        heading=heading,
        links=links,
        published=published,
        year=None if heading.published else over.year,
        status=status,
        kind=review_type(heading.title) or kind_over(over),
        over=over.text,
        batch=over.batch,
        reviews_section=reviews_section(over),
    )
