"""All of them, in one list."""

from __future__ import annotations

from tests.nasties import Nasty
from tests.nasties.feeds import feeds
from tests.nasties.markup import markup
from tests.nasties.pdfs import pdfs
from tests.nasties.texts import texts
from tests.nasties.words import words


def every() -> list[Nasty]:
    return [*markup(), *texts(), *feeds(), *pdfs(), *words()]


FEW = (
    "100,000 unclosed <div>", "5,000 nested <blockquote>", "an attribute of 20 MB", "a million words and <br>",
    "20,000 review links", "24 MB of text without a space", "a listing of 1,000 entries", "50,000 headings",
    "colspan and rowspan of a million", "300,000 <!--", "text of 1 MB of '[a]('", "UTF-16 without a mark",
    "feed: billion laughs", "feed: an outside entity (file)", "feed: 20,000 items", "feed: a title of 10 MB",
    "PDF: page tree in a circle", "PDF: a stream of 1 GB, packed twice", "PDF: forms that double 30 times",
    "PDF: a code map of a huge range", "PDF: 100,000 pages", "PDF: locked",
    "DOCX: 10 GB declared and packed", "DOCX: 150 MB of elements, as declared", "DOCX: names that share their bytes",
    "DOCX: 1,000 nested tables", "DOCX: billion laughs",
)  # fmt: skip
