"""The reviews that one line of links names: its title, its documents, its date."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.models import Document, Link, ReviewStatus
from bot.reading.grammar.dates import find_dates
from bot.reading.grammar.status import status_in, without_note
from bot.reading.grammar.titles import Heading, split_line, without_size
from bot.reading.grammar.types import review_type
from bot.reading.lines import Line
from bot.reading.lists.items import (
    GENERIC,
    Item,
    Over,
    case_of,
    is_companion_line,
    is_review_line,
    kind_over,
    reviews_section,
)
from bot.reading.lists.roles import is_prose, opens_file
from bot.reading.lists.subjects import is_document, subject_of
from bot.reading.urls import own_links

_TOLD = re.compile(
    r"\b(?:key ?words|(?:key )?themes|topics|tags|learning|key issues|summary)\s*:\s*\S", re.IGNORECASE
)


# A page of documents of many reviews, where it opens no file: `7 minute briefings`.
_COLLECTION = re.compile(
    r"\b(?:briefings|summaries|bulletins|posters|videos|podcasts|webinars)$", re.IGNORECASE
)


def line_items(line: Line, over: Over, document: Document) -> Iterable[Item]:
    """The reviews and documents that a line names; none where it names none."""
    links = own_links(line.links, document.url)
    status = status_in(line.text) or (None if links or line.kind != "point" else over.status)
    if not links and not (status and line.words <= 24):
        return
    if is_prose(line):
        yield from _named_in_prose(line, links, over)
        return
    if (
        len(links) > 1
        and all(is_review_line(link.label, over, strict=True) for link in links)
        and _separate(links)
    ):
        for link in links:
            yield item_of(link.label, (link,), over, level=line.level)
        return
    text = without_size(_main_text(line, links))
    file = opens_file(links)
    if len(links) > 1 and not is_review_line(text, over, file=file):
        yield from (item_of(link.label, (link,), over) for link in links if is_companion_line(link.label))
        return
    if not file and _COLLECTION.search(text) and not subject_of(text):
        return
    text, told = _apart(text, links)
    if is_review_line(text, over, file=file) or (links and (is_companion_line(text) or is_document(text))):
        item = item_of(text, links, over, status=status, level=line.level)
        item.lines += told
        yield item


def _apart(text: str, links: Sequence[Link]) -> tuple[str, list[Line]]:
    """A line less what it tells of the review after its link: `Child Reed (PDF, 98KB) Themes: neglect`."""
    label = _TOLD.search(text) if links else None
    if label is None or not label.start() or label.start() < len(links[0].label):
        return text, []
    return text[: label.start()].strip(), [Line(kind="text", text=text[label.start() :])]


def _named_in_prose(line: Line, links: Sequence[Link], over: Over) -> Iterable[Item]:
    """The reviews that a sentence links to, each with the date that the sentence gives, and one alone with
    the documents that it links to besides."""
    found: list[Item] = []
    for link in links:
        label = re.sub(r"^(?:the|our|an?)\s+", "", link.label)
        if is_review_line(label, over, strict=True):
            item = item_of(label, (link,), over)
            item.published = item.published or _date_in_sentence(line.text, link.label)
            item.status = _status_in_sentence(line.text, item)
            item.prose = True
            found.append(item)
    if len(found) == 1:
        found[0].more.extend(
            link for link in links if link.url != found[0].links[0].url and is_document(link.label)
        )
    yield from found


def _separate(links: Sequence[Link]) -> bool:
    """Whether the links of a line are of different cases."""
    cases = [case_of(link.label) for link in links]
    return all(cases) and len(set(cases)) == len(cases)


def _date_in_sentence(text: str, label: str) -> str | None:
    """The date of the sentence that a link stands in, where it speaks of publishing."""
    for sentence in re.split(r"(?<=[.!?])\s+", text):
        if label in sentence and re.search(r"\bpublish", sentence):
            dates = find_dates(sentence)
            return dates[0].value if len(dates) == 1 else None
    return None


def _status_in_sentence(text: str, item: Item) -> ReviewStatus | None:
    """How publication stands by the sentences that name the case: `... not to publish that of Family S.`"""
    sentences = re.split(r"(?<=[.!?])\s+", text)
    return next(
        (
            said
            for part in sentences
            if item.case and item.case <= case_of(part) and (said := status_in(part))
        ),
        None,
    )


def _main_text(line: Line, links: Sequence[Link]) -> str:
    """The line without the labels of further links: `... report – Sept 2021 (practitioner briefing)`."""
    text = line.text
    generic = [
        link
        for link in links
        if GENERIC.fullmatch(link.label) or (is_document(link.label) and not find_dates(link.label))
    ]
    bare = text
    for link in generic:
        bare = bare.replace(link.label, " ", 1)
    if len(generic) == len(links) and re.search(r"\w", bare) and (subject_of(bare) or review_type(bare)):
        text, links = bare, ()
    for link in (link for link in links[1:] if not case_of(link.label)):
        text = re.sub(r"[(\[]?\s*" + re.escape(link.label) + r"\s*[)\]]?", " ", text, count=1)
    text = re.sub(r"[|•·]\s*(?=$|[|•·])", "", " ".join(text.split()))
    text = re.sub(r"(?:\s*(?:[|•·,;:–—-]|\band\b|\bor\b))+\s*$", "", text)
    text = re.sub(r"^(?:>|»|→)\s*", "", text)
    return _without_article(text, line.links[0].label) if line.links else text


def _without_article(text: str, label: str) -> str:
    """The line less the article before its link: `The [Child B review], published in June 2014; and`."""
    bare = re.sub(r"(?i)^(?:the|an?|our)\s+", "", text)
    if bare == text or not label or not bare.startswith(label):
        return text
    bare = re.sub(r"(?i)(?:[;,.]|\band)*\s*$", "", bare)
    return re.sub(r"(?i)\s*\((?:no date|undated|not dated|date (?:un|not )known)\)$", "", bare)


def item_of(
    text: str,
    links: tuple[Link, ...],
    over: Over,
    *,
    status: ReviewStatus | None = None,
    level: int = 0,
) -> Item:
    """A line as the item of a list. `text`: its words; `over`: what the headings above it say."""
    bare = without_note(text)
    heading = split_line(bare)
    title = re.sub(r"(?:[\s,;|–—-]|\b(?:and|or))+$", "", without_note(heading.title))
    heading = Heading(title=title, place=heading.place, published=heading.published, placed=heading.placed)
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
        level=level,
    )
