"""Makes the PDF and Word documents of the example site. Run by hand when a page's words change:

    .venv/bin/python tests/tools/make_demo_documents.py

The same words give the same bytes. A page that sums up a review links to a report of the same words: those
are taken from `tests/demo/expected/`. What only the Port Lowen table links to has its words in
`demo_reports.yaml`: the long report (Baby Wren), the Word briefing (Child T) and three short ones.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from docx import Document
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate, Spacer
from ruamel.yaml import YAML

HERE = Path(__file__).parent
PROJECT = HERE.parents[1]
SITE = PROJECT / "bot" / "demo" / "site"
EXPECTED = PROJECT / "tests" / "demo" / "expected"

STYLES = getSampleStyleSheet()
TITLE = ParagraphStyle("title", parent=STYLES["Title"], alignment=0, fontSize=22, leading=27, spaceAfter=10)
SUBTITLE = ParagraphStyle("subtitle", parent=STYLES["Normal"], fontSize=12, leading=17, spaceAfter=4)
HEADING = ParagraphStyle(
    "heading", parent=STYLES["Heading1"], fontSize=15, leading=19, spaceBefore=16, spaceAfter=6
)
TEXT = ParagraphStyle("text", parent=STYLES["Normal"], fontSize=10.5, leading=16, spaceAfter=8)
POINT = ParagraphStyle("point", parent=TEXT, leftIndent=18, bulletIndent=4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A heading with paragraphs, then points (`numbered` or with bullets), then a table."""

    heading: str
    paragraphs: Sequence[str] = ()
    points: Sequence[str] = ()
    numbered: bool = False
    table: Sequence[Sequence[str]] = ()
    page: int = 1  # the page it begins on, for the contents


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    folder: str
    name: str
    partnership: str
    title: str
    published: str
    parts: Sequence[Part]
    contents: bool = False  # a long report: a cover page with its contents


def main() -> None:
    words = YAML(typ="safe").load(HERE / "demo_reports.yaml")
    reports = [_report(entry) for entry in words["reports"]]
    for report in [*reports, *listed_reports({report.name for report in reports})]:
        _keep(report, _pdf(report))
    for entry in words["briefing"]:
        report = _report(entry)
        _keep(report, _briefing(report))


def _report(entry: dict[str, Any]) -> Report:
    return Report(**entry | {"parts": [Part(**part) for part in entry["parts"]]})


def _keep(report: Report, body: bytes) -> None:
    file = SITE / report.folder / "documents" / report.name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(body)


def _pdf(report: Report) -> bytes:
    out = io.BytesIO()
    template = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=25 * mm,
        rightMargin=25 * mm,
        topMargin=27 * mm,
        bottomMargin=24 * mm,
        title=f"{report.title}: local child safeguarding practice review",
        author=report.partnership,
        lang="en-GB",
        invariant=1,
    )

    def foot(canvas: Canvas, doc: SimpleDocTemplate) -> None:
        canvas.setFont("Helvetica", 8)
        canvas.drawRightString(A4[0] - 25 * mm, 13 * mm, f"Page {doc.page}")

    def head_and_foot(canvas: Canvas, doc: SimpleDocTemplate) -> None:
        foot(canvas, doc)
        canvas.drawString(25 * mm, A4[1] - 15 * mm, f"{report.partnership} | {report.title}")

    template.build(list(_story(report)), onFirstPage=foot, onLaterPages=head_and_foot)
    return out.getvalue()


def _story(report: Report) -> Iterator[Flowable]:
    yield Paragraph(report.partnership, SUBTITLE)
    yield Paragraph("Local Child Safeguarding Practice Review", SUBTITLE)
    yield Paragraph(report.title, TITLE)
    yield Paragraph("Overview report" if report.contents else "Summary report", SUBTITLE)
    yield Paragraph(f"Published {report.published}", SUBTITLE)
    if report.contents:
        yield Spacer(1, 30)
        yield Paragraph("Contents", HEADING)
        for number, part in enumerate(report.parts, 1):
            yield Paragraph(f"{number}. {part.heading} {'.' * 40} {part.page}", TEXT)
    page = 1
    for number, part in enumerate((part for part in report.parts if part.paragraphs or part.points), 1):
        if part.page > page:
            page = part.page
            yield PageBreak()
        yield Paragraph(f"{number}. {part.heading}" if report.contents else part.heading, HEADING)
        for text in part.paragraphs:
            yield Paragraph(text, TEXT)
        for count, text in enumerate(part.points, 1):
            yield Paragraph(text, POINT, bulletText=f"{count}." if part.numbered else "•")


# --- reports in the words of the page that links to them ----------------------------------------------


def listed_reports(seen: set[str]) -> Iterator[Report]:
    """A one-page report for each document that a page's review links to; `seen` are made already."""
    for folder, page in [
        ("always", "october-monthly-update"),
        ("always", "october-feed"),
        ("november", "november-monthly-update"),
        ("november", "november-feed"),
        ("november", "november-child-k-briefing"),
        ("november", "november-saltmarsh"),
    ]:
        for review in json.loads((EXPECTED / f"{page}.json").read_text(encoding="utf-8"))["reviews"]:
            name = review["links"][-1]["url"].rpartition("/")[2]
            if name not in seen:
                seen.add(name)
                yield _report_of(review, folder, name)


def _report_of(review: dict[str, Any], folder: str, name: str) -> Report:
    place = review["place"]
    published = review["published"]
    return Report(
        folder=folder,
        name=name,
        partnership=f"{place} Safeguarding Children Partnership" if place else "Published anonymously",
        title=review["title"].split(": ")[0 if "minute" in review["title"] else -1],
        published=published
        if len(published) == 4
        else f"{datetime.fromisoformat((published + '-01')[:10]):%B %Y}",
        parts=[
            Part(heading="Background", paragraphs=[review["background"]] if review["background"] else []),
            Part(heading="What happened", paragraphs=[review["incident"]]),
            Part(heading="Good practice", points=[_sentence(point) for point in review["good_practice"]]),
            Part(heading="What was learned", points=[_sentence(point) for point in review["learning"]]),
            Part(
                heading="Recommendations",
                points=[_sentence(point) for point in review["recommendations"]],
                numbered=True,
            ),
        ],
    )


def _sentence(point: str) -> str:
    return point[0].upper() + point[1:].rstrip(".") + "."


# --- the Word briefing ---------------------------------------------------------------------------------


def _briefing(report: Report) -> bytes:
    """Child T: headings, paragraphs, bullets, and a table of recommendations by agency."""
    document = Document()
    document.core_properties.title = report.title
    document.core_properties.author = report.partnership
    document.core_properties.created = document.core_properties.modified = datetime(2026, 11, 17, tzinfo=UTC)
    document.add_paragraph(report.partnership, style="Subtitle")
    document.add_paragraph(report.title, style="Title")
    document.add_paragraph(f"Published {report.published}")
    for part in report.parts:
        document.add_heading(part.heading, level=1)
        for text in part.paragraphs:
            document.add_paragraph(text)
        for text in part.points:
            document.add_paragraph(text, style="List Bullet")
        if part.table:
            table = document.add_table(rows=0, cols=len(part.table[0]), style="Table Grid")
            for row in part.table:
                for cell, text in zip(table.add_row().cells, row, strict=True):
                    cell.text = text
            for cell in table.rows[0].cells:
                cell.paragraphs[0].runs[0].bold = True
    out = io.BytesIO()
    document.save(out)
    return _without_times(out.getvalue())


def _without_times(body: bytes) -> bytes:
    """The same archive with every entry dated alike, so that unchanged words make unchanged bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as made, zipfile.ZipFile(out, "w") as kept:
        for entry in made.infolist():
            still = zipfile.ZipInfo(entry.filename, date_time=(2026, 11, 17, 9, 0, 0))
            kept.writestr(still, made.read(entry), compress_type=zipfile.ZIP_DEFLATED)
    return out.getvalue()


if __name__ == "__main__":
    main()
