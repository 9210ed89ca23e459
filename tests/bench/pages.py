"""Invented pages for the reading bench: as long as the real ones, in their layouts, the same words each time."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate

ENTRIES, ITEMS, PAGES = 170, 100, 100
_PLACES = ("Wetherby Vale", "Port Lowen", "Harrowmere", "Saltmarsh", "Fellbridge", "Thornmoor", "Anonymous")
_NAMES = (
    "Ash",
    "Briar",
    "Cedar",
    "Fern",
    "Hazel",
    "Iris",
    "Jay",
    "Kestrel",
    "Linden",
    "Rowan",
    "Sable",
    "Wren",
)
_HARMS = (
    "Death of a {age}-week-old boy in {month}, who had slept beside his parents on a sofa",
    "Life-threatening injuries of a {age}-month-old girl in {month} while in her father's care",
    "Sexual exploitation of a {age}-year-old girl by adults whom she had met online before {month}",
    "Death by suicide of a {age}-year-old boy in {month}, while he waited for an assessment",
    "Neglect of three siblings, the eldest a girl of {age}, which came to light in {month}",
)
_FINDINGS = (
    "what the child said at nursery was written down with care and not passed on to anybody else",
    "the period after a partner leaves is the most dangerous and was taken for the end of the risk",
    "fathers were not asked about their own childhood, their drinking or their work",
    "records took seven weeks to follow the family to a new school and surgery (and one never arrived)",
    "improvement while services were in the home was mistaken for lasting change",
    "missed appointments were each followed by discharge; nobody asked why the child “was not brought”",
    "the part-time timetable left him unoccupied for most of the day",
)
_ADVICE = (
    "agree who will check sleeping arrangements whenever a family with a baby is placed elsewhere",
    "review the time taken to transfer records for children under five",
    "ask about the mental health of both parents at the six-week check",
    "introduce a single point of contact for every child who waits more than twelve weeks",
    "hold a multi-agency meeting before any permanent exclusion of a child at risk outside the home",
)
_KEYWORDS = (
    "infants",
    "neglect",
    "fathers",
    "suicide",
    "young carers",
    "information sharing",
    "home education",
)
_MONTHS = ("January", "March", "May", "July", "August", "October", "November")


class _Words:
    """Words of invented reviews, drawn with a seed."""

    def __init__(self, seed: int) -> None:
        self._draw = random.Random(seed)

    def title(self, number: int) -> str:
        return f"{2026 - number // 20} - {self._draw.choice(_PLACES)} - Child {self._draw.choice(_NAMES)} {number + 1}"

    def incident(self) -> str:
        month = f"{self._draw.choice(_MONTHS)} {self._draw.randint(2016, 2024)}"
        first = self._draw.choice(_HARMS).format(age=self._draw.randint(2, 17), month=month)
        return f"{first}. The family was known to {self._draw.randint(2, 9)} services and had moved twice."

    def findings(self, count: int = 5) -> list[str]:
        return self._draw.sample(_FINDINGS, count)

    def advice(self, count: int = 4) -> list[str]:
        return self._draw.sample(_ADVICE, count)

    def keywords(self) -> str:
        return ", ".join(self._draw.sample(_KEYWORDS, 4))


def listing(seed: int = 1, entries: int = ENTRIES) -> bytes:
    """A year's list as the NSPCC publishes them: 170 entries are 250 kB."""
    words = _Words(seed)
    around = "".join(f"<li><a href='/topic/{n}'>Topic {n}</a></li>" for n in range(40))
    found = "\n".join(_entry(words, number) for number in range(entries))
    return (
        "<!DOCTYPE html><html lang='en-GB'><head><meta charset='utf-8'><title>Reviews of children | Lantern"
        f" Learning</title></head><body><header><nav><ul>{around}</ul></nav></header><main id='main'>"
        f"<h1>Case reviews</h1><p>Reviews that joined the national collection.</p>{found}</main>"
        f"<footer><ul>{around}</ul><p>Lantern Learning</p></footer></body></html>"
    ).encode()


def _entry(words: _Words, number: int) -> str:
    return (
        f'<article class="review" id="r{number}"><h3 class="review__title">{words.title(number)}</h3>'
        f'<div class="review__body"><p>{words.incident()}</p>\n'
        f"<p><strong>Learning</strong> includes: {_series(words.findings())}.</p>\n"
        f"<p><strong>Recommendations</strong> include: {_series(words.advice())}.</p>\n"
        f"<p><strong>Keywords</strong>: {words.keywords()}</p>\n"
        f'<p><a class="link link--pdf" href="https://library.example.org/transfer/review{number}.pdf?file='
        f'{number:032X}">Read the overview report</a></p></div></article>'
    )


def _series(points: list[str]) -> str:
    return f"{'; '.join(points[:-1])}; and {points[-1]}"


def feed(seed: int = 1, items: int = ITEMS, newer: int = 0) -> bytes:
    """A partnership's news as WordPress gives it: 100 items are 169 kB. `newer`: so many came since, at its top."""
    words = _Words(seed)
    told = [_item(words, number) for number in range(items + newer)]
    found = "".join([*told[items:], *told[:items]])
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>News</title>'
        "<link>https://www.wetherbyvale.example.org</link><description>News of the partnership</description>"
        f"{found}</channel></rss>"
    ).encode()


def _item(words: _Words, number: int) -> str:
    address = f"https://www.wetherbyvale.example.org/news/{number}/"
    incident, title = words.incident(), words.title(number).split(" - ")[-1]
    points = "".join(f"<li>{point}</li>" for point in words.findings())
    return (
        f"<item><title>Local Child Safeguarding Practice Review: {title}</title><link>{address}</link>"
        f"<pubDate>Mon, {number % 28 + 1:02} Sep 2025 09:00:00 +0100</pubDate>"
        f"<guid isPermaLink='false'>https://www.wetherbyvale.example.org/?p={5000 + number}</guid>"
        f"<description><![CDATA[<p>{incident} [&#8230;]</p>]]></description><content:encoded><![CDATA[<p>{incident}"
        f"</p>\n<h3>What was learned</h3><ul>{points}</ul><h3>Recommendations</h3><p>The partnership will "
        f"{_series(words.advice())}.</p>\n<p><a href='{address}report.pdf'>Read the review of {title}</a></p>]]>"
        "</content:encoded></item>"
    )


def report(pages: int = PAGES) -> bytes:
    """An overview report in PDF with page numbers, headings, numbered paragraphs and points."""
    out = io.BytesIO()
    template = SimpleDocTemplate(out, pagesize=A4, title="Child Fern: overview report", invariant=1)
    template.build(list(_story(_Words(7), pages)))
    return out.getvalue()


def _story(words: _Words, pages: int) -> Iterator[Flowable]:
    styles = getSampleStyleSheet()
    text = ParagraphStyle("text", parent=styles["Normal"], fontSize=11, leading=14.5, spaceAfter=8)
    point = ParagraphStyle("point", parent=text, leftIndent=18, bulletIndent=4)
    yield Paragraph("Child Fern: local child safeguarding practice review", styles["Title"])
    for page in range(1, pages + 1):
        heading = "Recommendations" if page == pages else f"What was known in {2020 + page % 5}"
        yield Paragraph(f"{page}. {heading}", styles["Heading1"])
        for number in range(1, 5):
            said = f"{words.incident()} It was found that {_series(words.findings(4))}."
            yield Paragraph(f"{page}.{number} {said}", text)
        for finding in words.findings(5):
            yield Paragraph(f"{finding[0].upper()}{finding[1:]}.", point, bulletText="•")
        if page < pages:
            yield PageBreak()
