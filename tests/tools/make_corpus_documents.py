"""Makes the PDF and Word pages of `tests/corpus/`. Run by hand when their words or layouts change:

    .venv/bin/python tests/tools/make_corpus_documents.py

The same words give the same bytes. The PDF is a seven-minute briefing in numbered boxes, two to a row, with
numbered recommendations under them; the Word file a table with a label in each row's first cell.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

from docx import Document
from docx.shared import Pt
from make_demo_documents import HEADING, POINT, SUBTITLE, TEXT, TITLE, _without_times
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

CORPUS = Path(__file__).parents[1] / "corpus"

BOX_HEADING = ParagraphStyle("box heading", parent=HEADING, fontSize=12, leading=15, spaceBefore=2)
BOX_TEXT = ParagraphStyle("box text", parent=TEXT, fontSize=9.5, leading=13, spaceAfter=4)
BOX_POINT = ParagraphStyle("box point", parent=BOX_TEXT, leftIndent=12, bulletIndent=2)

BOXES = (
    (
        "1. Why this briefing?",
        (
            "Ossie was eight weeks old when he died in his parents’ bed in January 2023. It was the coldest "
            "night of the year and the heating had been off for four days.",
            "Both parents had been drinking. No one was charged.",
        ),
        (),
    ),
    (
        "2. What was known about the family?",
        (
            "Ossie’s parents were 20 and 22. They had met in a hostel and this was their first home. His "
            "father had epilepsy and had missed three reviews of his tablets.",
        ),
        (),
    ),
    (
        "3. What worked well?",
        (),
        (
            "The midwife visited on a Sunday because the family had no telephone.",
            "Paramedics told the parents that they would stay with them, and did.",
        ),
    ),
    (
        "4. What have we learned?",
        (),
        (
            "Advice on safer sleep was given at every visit and never made to fit a cold flat with one bed.",
            "Nobody asked about alcohol once the pregnancy was over.",
            "The prepayment meter was known to three services and belonged to none of them.",
        ),
    ),
    (
        "5. What has changed?",
        ("Every family on the hospital’s list is asked how they heat the room in which the baby sleeps.",),
        (),
    ),
    (
        "6. Questions for your team",
        (),
        ("Where will this baby sleep when it is very cold?", "Who pays the meter, and what if they cannot?"),
    ),
)
RECOMMENDATIONS = (
    "Maternity services should plan for out-of-routine nights with each family before the baby is born.",
    "Housing should treat a disconnected meter in a home with a baby as urgent.",
    "Health visitors should ask both parents about alcohol at the six-week review.",
)


def main() -> None:
    (CORPUS / "briefing-pdf-boxes" / "page.pdf").write_bytes(_boxes())
    (CORPUS / "briefing-word-table" / "page.docx").write_bytes(_label_table())


def _boxes() -> bytes:
    out = io.BytesIO()
    template = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=18 * mm,
        rightMargin=18 * mm,
        topMargin=18 * mm,
        bottomMargin=20 * mm,
        title="7 minute briefing",
        lang="en-GB",
        invariant=1,
    )

    def foot(canvas: object, doc: SimpleDocTemplate) -> None:
        canvas.setFont("Helvetica", 8)  # type: ignore[attr-defined]  # reportlab's Canvas is untyped here
        canvas.drawString(18 * mm, 12 * mm, f"Fellgate SCP | April 2024 | Page {doc.page}")  # type: ignore[attr-defined]

    template.build(list(_box_story()), onFirstPage=foot, onLaterPages=foot)
    return out.getvalue()


def _box_story() -> list[Flowable]:
    story: list[Flowable] = [
        Paragraph("7 minute briefing", SUBTITLE),
        Paragraph("Local Child Safeguarding Practice Review: Ossie", TITLE),
        Paragraph("Fellgate Safeguarding Children Partnership", SUBTITLE),
        Spacer(1, 8),
    ]
    cells = [
        [
            Paragraph(heading, BOX_HEADING),
            *[Paragraph(text, BOX_TEXT) for text in texts],
            *[Paragraph(point, BOX_POINT, bulletText="•") for point in points],
        ]
        for heading, texts, points in BOXES
    ]
    rows = [cells[at : at + 2] for at in range(0, len(cells), 2)]
    style = TableStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("BOX", (0, 0), (-1, -1), 0.6, colors.grey),
            ("INNERGRID", (0, 0), (-1, -1), 0.6, colors.grey),
            ("LEFTPADDING", (0, 0), (-1, -1), 9),
            ("RIGHTPADDING", (0, 0), (-1, -1), 9),
        ]
    )
    story.append(Table(rows, colWidths=[87 * mm, 87 * mm], style=style))
    story.append(Paragraph("7. Recommendations", HEADING))
    story += [
        Paragraph(text, POINT, bulletText=f"{number}.") for number, text in enumerate(RECOMMENDATIONS, 1)
    ]
    story.append(Paragraph("Next steps", HEADING))
    story.append(
        Paragraph("The partnership will ask families in the spring what has changed for them.", TEXT)
    )
    return story


LABELLED = (
    ("Case", "Child safeguarding practice review – “Linnet”"),
    ("Date published", "4 November 2022"),
    (
        "Brief summary of the case",
        "Linnet was 15 and in foster care when she was stabbed in a park in May 2021. She survived. She had "
        "been asked by an older boy to hold a bag and had not wanted to.",
    ),
    (
        "Child and family background",
        "Linnet came into care at 11 after years of neglect. She is a sister to three younger boys and asks "
        "after them every day.",
    ),
    (
        "Where practice could have been better",
        "• Linnet’s move to a new area was made in a day and her school place took seven weeks.\n"
        "• The risk in the park was known to the youth service and not to her carers.\n"
        "• Her social worker changed four times in the year.",
    ),
    (
        "Things that went well",
        "• Her carers drove her to her old school until a place was found.\n"
        "• A youth worker recognised the bag.",
    ),
    (
        "Actions required",
        "1. Children’s social care must tell foster carers what is known about places where children are "
        "harmed.\n2. The virtual school must find a place before a move that is planned.",
    ),
    ("Improvements made since the review", "A map of places of concern is shared with carers each month."),
    ("Reflect and discuss", "What do you know about the park nearest to this child?\nWho would tell you?"),
    ("Linnet’s views", "“I liked it when people texted me for no reason.”"),
    ("Key words", "exploitation, foster care, places and spaces"),
)


def _label_table() -> bytes:
    document = Document()
    document.core_properties.title = "Learning from reviews template v3"
    document.core_properties.created = document.core_properties.modified = datetime(2026, 11, 17, tzinfo=UTC)
    document.sections[0].header.paragraphs[0].text = "Ravensby and District Safeguarding Children Partnership"
    run = document.add_paragraph().add_run("Learning from Practice: Linnet")
    run.bold = True
    run.font.size = Pt(20)
    document.add_paragraph("This template is filled in by the review officer after each review.")
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    for label, text in LABELLED:
        left, right = table.add_row().cells
        left.paragraphs[0].add_run(label).bold = True
        first, *others = text.split("\n")
        right.paragraphs[0].text = first
        for other in others:
            right.add_paragraph(other)
    out = io.BytesIO()
    document.save(out)
    return _without_times(out.getvalue())


if __name__ == "__main__":
    main()
