"""The roles that lines have in a list of reviews: names, documents, dates, groups, status and prose."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.models import Link, ReviewStatus, ReviewType
from bot.reading.facts.ages import ages_of
from bot.reading.grammar.dates import find_dates, only_date, published_in, without_date
from bot.reading.grammar.families import field_of
from bot.reading.grammar.narrative import tells
from bot.reading.grammar.status import status_in
from bot.reading.grammar.titles import without_number
from bot.reading.grammar.types import kind_named, names_a_case, review_type
from bot.reading.lines import Line
from bot.reading.lists.items import Item, Over, case_of, is_companion_line, is_review_line
from bot.reading.lists.subjects import is_document, same_subject, subject_of
from bot.reading.records.about import kind_of_group
from bot.reading.records.reviews import is_no_review

_CRUMBS = re.compile(r"^(?:you are here:?\s*)?home\s*(?:[»›>/|]|\s-\s)", re.IGNORECASE)
_SMALL_WORDS = frozenset(["and", "or", "of", "the", "&", "in", "to", "de"])
_FILE = re.compile(
    r"\.(?:pdf|docx?|pptx?|odt|odp)(?:$|[?#])|/download/|getmedia|__data/assets", re.IGNORECASE
)


def is_crumbs(line: Line) -> bool:
    """Whether a line is the path to the page: `Home » Practitioners » Case reviews`."""
    return bool(_CRUMBS.match(line.text))


def opens_file(links: Sequence[Link]) -> bool:
    """Whether the first link opens a document rather than a page."""
    return bool(links) and bool(_FILE.search(links[0].url))


def across(line: Line) -> Line | None:
    """A row that is one cell across the table, as a heading: the month or kind of the rows under it."""
    cells = {" ".join("".join(span.text for span in cell).split()) for cell in line.cells} - {""}
    if len(cells) != 1 or line.links or status_in(line.text):
        return None
    text = cells.pop()
    if only_date(text) is None and kind_of_group(text) is None:
        return None
    return replace(line, kind="heading", text=text, level=6) if not names_a_case(text) else None


def case_levels(lines: Sequence[Line]) -> frozenset[int]:
    """The levels of heading at which a page names its reviews: two or more are cases by their words."""
    levels = [line.level for line in lines if line.kind == "heading" and names_a_case(line.text)]
    return frozenset(level for level in levels if levels.count(level) >= 2)


def is_case_heading(
    line: Line, ahead: Sequence[Line], over: Over, levels: frozenset[int] = frozenset()
) -> bool:
    """A line without links that names one review, its documents under it. `levels`: see `case_levels`."""
    after = ahead[0] if ahead else None
    over_links = after is not None and bool(after.links)
    ends = (".", "?") if over_links and line.words <= 8 else (".", ":", "?")
    bare = without_date(line.text)[0]
    if line.kind == "row" or line.words > 16 or line.text.endswith(ends) or not bare or is_no_review(bare):
        return False
    if line.kind != "heading" and not (
        line.words <= 10 and after is not None and status_in(line.text) is None and _is_of_a_case(line, after)
    ):
        return False
    if names_a_case(bare) or (line.kind == "heading" and _is_kind_and_name(bare)):
        return True
    if line.kind == "heading" and line.level in levels and _is_like_the_cases(bare, ahead):
        return True
    said = attributes_of(after) if after is not None and line.kind == "heading" else None
    if said is not None and said.kind and said.published:
        return True
    return is_bare_name(bare) and _has_own(bare, ahead, over)


def _is_like_the_cases(text: str, ahead: Sequence[Line]) -> bool:
    """Whether a heading of the level of the cases is one too: no part or group, and over documents."""
    if field_of(text) is not None or not subject_of(text) or re.search(r"(?i)\breviews\b|\?$", text):
        return False
    return _own_documents(text, ahead) or _links_its_name(text, ahead)


def _links_its_name(name: str, ahead: Sequence[Line]) -> bool:
    """Whether the line right under a heading links to a document by the name that the heading gives."""
    subject = subject_of(ahead[0].links[0].label) if ahead and ahead[0].links else frozenset()
    return bool(subject) and subject <= subject_of(name)


def _is_kind_and_name(text: str) -> bool:
    """`Significant incident learning process: Q and R`, `Serious case review Polly`, and no plural."""
    kind = review_type(text)
    return (
        kind not in (None, "thematic")
        and bool(subject_of(text))
        and not re.search(r"(?i)\breviews\b", text)
        and not re.match(r"(?i)(?:what|how|why|who|when|about|other|the purpose)\b", without_number(text))
    )


def is_bare_name(text: str) -> bool:
    """Whether a heading could be no more than the name that a review gives its child: `Arthur and Star`."""
    if len(text.split()) > 6 or field_of(text) is not None or is_no_review(text) or kind_named(text):
        return False
    words = re.findall(r"[^\W_][\w’'.-]*", text)
    named = all(
        word[0].isupper() or word[0].isdigit() for word in words if word.casefold() not in _SMALL_WORDS
    )
    return (
        named
        and bool(subject_of(text))
        and only_date(text) is None
        and not re.search(r"(?i)reviews|reports", text)
    )


def _has_own(name: str, ahead: Sequence[Line], over: Over) -> bool:
    """Whether under a bare name stand its attributes or its documents, on a page of reviews."""
    said = attributes_of(ahead[0]) if ahead else None
    if said is not None and (said.kind or over.of_reviews):
        return True
    if (
        ahead
        and over.of_reviews
        and tells(ahead[0].text)
        and (ages_of(ahead[0].text) or name in ahead[0].text)
    ):
        return True
    return over.of_reviews and _own_documents(name, ahead)


def _own_documents(name: str, ahead: Sequence[Line]) -> bool:
    """Whether the first links under a heading are documents without a name of their own, or of its name."""
    for other in ahead[:6]:
        if other.kind in ("heading", "row") and not other.links:
            return False
        if other.links:
            label = other.links[0].label
            return is_document(label) or (same_subject(label, name) and is_companion_line(label))
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Attributes:
    """What a line under a name says of the review in short: its kind, date and status."""

    kind: ReviewType | None
    published: str | None
    status: ReviewStatus | None


_ATTRIBUTE_WORDS = frozenset(
    [
        "type",
        "date",
        "status",
        "kind",
        "category",
        "published",
        "publication",
        "first",
        "thematic",
        "not",
        "yet",
    ]
)


def attributes_of(line: Line) -> Attributes | None:
    """`Serious Case Review | March 2019`, `Type: LCSPR`: no more than kind, date and status."""
    if line.kind in ("heading", "row") or line.links or line.words > 12 or line.text.endswith(":"):
        return None
    dates, status, kind = find_dates(line.text), status_in(line.text), kind_of_group(line.text)
    if len(dates) > 1 or not (dates or status or kind) or re.search(r"(?i)\breviews\b", line.text):
        return None
    rest = line.text
    for date in dates:
        rest = rest[: date.start] + rest[date.end :]
    rest = re.sub(r"(?i)\b(?:no longer (?:published|available)|withdrawn|delayed|unpublished)\b", " ", rest)
    if subject_of(rest) - _ATTRIBUTE_WORDS:
        return None
    return Attributes(kind=kind, published=dates[0].value if dates else None, status=status)


def _is_of_a_case(line: Line, after: Line) -> bool:
    """Whether what follows stands under a case: documents; under a bold line, its story, a date or status."""
    if after.links or (line.bold and tells(after.text)):
        return True
    return line.bold and after.words <= 16 and (is_date_line(after) or status_in(after.text) is not None)


def belongs(line: Line, case: Item, over: Over) -> bool:
    """Whether a line of documents is of the case over it: it names no other."""
    if line.kind == "row" or is_prose(line):
        return False
    named = case_of(line.text)
    if named or not is_review_line(line.text, over, strict=True):
        return not named or bool(named & case.case)
    return is_document(line.text) or bool(subject_of(line.text) & subject_of(case.text))


def is_status(line: Line) -> bool:
    """A line under a case that tells how its publication stands, and names no case itself."""
    return line.kind != "row" and line.words <= 24 and bool(status_in(line.text)) and not case_of(line.text)


def status_of_group(line: Line) -> ReviewStatus | None:
    """How the publication of all those in the list after a line stands: `These are no longer published.`"""
    several = re.search(r"(?i)\b(?:following|below|these)\b", line.text)
    return status_in(line.text) if several and line.kind == "text" and not line.links else None


def is_group_heading(line: Line, ahead: Sequence[Line]) -> bool:
    """A heading, a bold line that stands for one, or the line that ends in a colon before a list."""
    if line.kind == "heading":
        return True
    if line.kind != "text" or line.links or is_date_line(line):
        return False
    if line.bold and line.words <= 10 and not line.text.endswith("."):
        return True
    return (
        line.text.endswith(":")
        and line.words <= 24
        and bool(ahead)
        and ahead[0].kind == "point"
        and bool(ahead[0].links)
    )


def is_date_line(line: Line) -> bool:
    """A line that says no more than a date, or when something was published."""
    if line.links or line.words > 8:
        return False
    return only_date(line.text) is not None or published_in(line.text) is not None


def is_year_band(line: Line) -> bool:
    """A bold year by itself, over the reviews of that year."""
    return line.bold and len(only_date(line.text) or "") == 4


def is_prose(line: Line) -> bool:
    """A sentence with links in it, rather than a line of a list."""
    outside = line.text
    for link in line.links:
        outside = outside.replace(link.label, " ", 1)
    words = len(re.findall(r"\w+", outside))
    if words > 20 or (words > 8 and re.search(r"\w{3}[.?!] [A-Z]", line.text)):
        return True
    return bool(re.search(r"(?:[a-z]{3}|\d{4})\)?[.?:]\s*$", line.text) and words > 5)


def is_part(line: Line) -> bool:
    """Whether a heading opens a part of a review, and is over no other: `Learning`, `Downloads`."""
    return field_of(line.text) not in (None, "furniture") and kind_named(line.text) is None
