"""Whole pages, from bytes to records: each paragraph, point, cell and link of the body ends in one place."""

from __future__ import annotations

from html import escape

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.formats import open_document
from bot.models import Page, Review
from bot.reading import read
from bot.record import as_record

_LABELS = ("Background", "Learning", "Recommendations", "Good practice", "Model", "Local matters")
_PART = st.tuples(st.sampled_from(_LABELS), st.sampled_from(("run-on", "bullets", "paragraphs")))
_ENTRY = st.lists(_PART, min_size=1, max_size=4, unique_by=lambda part: part[0])


class _Writer:
    """Writes a page, and remembers what it wrote: every text has a number that no other text has."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.links: list[str] = []

    def text(self, about: str) -> str:
        self.texts.append(f"N{len(self.texts):03}")
        return f"{self.texts[-1]} was what the reviewer wrote of {about} in so many words"

    def link(self, label: str) -> str:
        self.links.append(f"https://fenmarchscp.example.org/files/{len(self.links)}.pdf")
        return f'<a href="{self.links[-1]}">{escape(label)}</a>'

    def part(self, label: str, form: str, level: int) -> str:
        about = label.casefold()
        if form == "run-on":
            return f"<p><b>{label}:</b> {self.text(about)}; and {self.text(about)}.</p>"
        if form == "bullets":
            return (
                f"<h{level}>{label}</h{level}><ul><li>{self.text(about)}</li><li>{self.text(about)}</li></ul>"
            )
        return f"<h{level}>{label}</h{level}><p>{self.text(about)}.</p><p>{self.text(about)}.</p>"

    def story(self) -> str:
        self.texts.append(f"N{len(self.texts):03}")
        return f"<p>Death of a baby of ten weeks in May 2021. {self.texts[-1]} was how it came to light.</p>"

    def entry(self, name: str, parts: list[tuple[str, str]], level: int) -> str:
        inside = "".join(self.part(label, form, level + 1) for label, form in parts)
        link = f"<p>{self.link('Read the overview report')}</p>"
        return f"<h{level}>2021 – Fenmarch – {name}</h{level}>{self.story()}{inside}{link}"


def _reviews(body: str) -> tuple[Review, ...]:
    page = Page(
        url="https://fenmarchscp.example.org/reviews",
        body=f"<html><head><title>Case reviews</title></head><body><main>{body}</main></body></html>".encode(),
        content_type="text/html; charset=utf-8",
    )
    return read(open_document(page)).reviews


def _said(review: Review) -> list[str]:
    record = as_record(review)
    said = [record["incident"], record["background"]]
    for name in ("good_practice", "learning", "recommendations", "actions", "questions", "keywords"):
        said.extend(record[name])
    for section in record["sections"]:
        said.extend(section["items"])
    return said


def _each_once(writer: _Writer, reviews: tuple[Review, ...]) -> None:
    said = " ".join(text for review in reviews for text in _said(review))
    assert {text: said.count(text) for text in writer.texts} == dict.fromkeys(writer.texts, 1)
    links = [link.url for review in reviews for link in review.links]
    assert sorted(links) == sorted(writer.links)


@settings(max_examples=40, deadline=None)
@given(st.lists(_ENTRY, min_size=2, max_size=4), st.sampled_from([2, 3, 4]))
def test_a_list_of_reviews_loses_nothing(entries: list[list[tuple[str, str]]], level: int) -> None:
    writer = _Writer()
    body = "".join(writer.entry(f"Child {'ABCD'[n]}", parts, level) for n, parts in enumerate(entries))
    reviews = _reviews(f"<h1>Case reviews published in 2021</h1>{body}")
    assert len(reviews) == len(entries)
    _each_once(writer, reviews)


@settings(max_examples=40, deadline=None)
@given(_ENTRY, st.booleans())
def test_a_page_of_one_review_loses_nothing(parts: list[tuple[str, str]], table: bool) -> None:
    writer = _Writer()
    body = "".join(writer.part(label, form, 2) for label, form in parts)
    if table and "Recommendations" not in dict(parts):
        cells = "".join(
            f"<tr><td>{n}</td><td>{writer.text('a recommendation')} that all should follow</td>"
            f"<td>{writer.text('who leads')}</td></tr>"
            for n in (1, 2)
        )
        body += f"<h2>Recommendations</h2><table><tr><th>No</th><th>Recommendation</th><th>Lead</th></tr>{cells}</table>"
    story = writer.story()
    link = writer.link("Read the overview report (PDF)")
    reviews = _reviews(
        f"<h1>Serious Case Review: Baby Wren</h1><h2>What happened</h2>{story}{body}<p>{link}</p>"
    )
    assert len(reviews) == 1
    _each_once(writer, reviews)


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 12), st.sampled_from(["li", "p", "td", "h3"]), st.booleans())
def test_a_list_of_links_loses_no_document(count: int, tag: str, briefs: bool) -> None:
    writer = _Writer()
    lines = []
    for n in range(count):
        name = f"Child {chr(65 + n)}"
        link = writer.link(f"Serious Case Review {name}")
        brief = f" {writer.link('Learning briefing')}" if briefs else ""
        line = f"<{tag}>{link}{brief}</{tag}>"
        lines.append(f"<tr>{line}</tr>" if tag == "td" else line)
    inside = "".join(lines)
    wrapped = {"li": f"<ul>{inside}</ul>", "td": f"<table>{inside}</table>"}.get(tag, inside)
    reviews = _reviews(f"<h1>Published serious case reviews</h1>{wrapped}")
    assert len(reviews) == count
    _each_once(writer, reviews)
