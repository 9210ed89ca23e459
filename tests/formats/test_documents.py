"""PDF and Word files, and files of other kinds: opened for what they are, or refused by name."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import docx
import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from bot.errors import UnreadableDocument
from bot.formats import open_document
from bot.models import Document, Page

URL = "https://www.saltmarsh.example.org/reviews/child-v.pdf"
HEIGHT = A4[1]


def opened(body: bytes, *, url: str = URL, content_type: str | None = "application/pdf") -> Document:
    return open_document(Page(url=url, body=body, content_type=content_type))


def told(document: Document) -> list[str]:
    return [f"{block.kind[0]} {block.text}" for block in document.blocks if not block.furniture]


def pdf(draw: Callable[[Canvas], None]) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    draw(canvas)
    canvas.save()
    return out.getvalue()


def write(
    canvas: Canvas, x: float, y: float, lines: list[str], *, size: float = 10, font: str = "Helvetica"
) -> None:
    """Lines from (x, y) downwards, y counted from the top of the page."""
    canvas.setFont(font, size)
    for number, text in enumerate(lines):
        canvas.drawString(x, HEIGHT - y - number * size * 1.3, text)


TEXT = [
    "The review found that the family had moved four times in two years and that each move",
    "had ended the help that went before. Nobody had asked the boy where he slept, and the",
    "school that knew him best was not at the meeting.",
]


def briefing(canvas: Canvas) -> None:
    canvas.setTitle("Child V briefing")
    write(canvas, 40, 60, ["Learning from Child V"], size=20, font="Helvetica-Bold")
    write(canvas, 40, 100, ["What happened"], size=13, font="Helvetica-Bold")
    write(canvas, 40, 120, TEXT)
    write(canvas, 40, 175, ["Learning"], size=13, font="Helvetica-Bold")
    write(
        canvas,
        40,
        195,
        ["\u2022 Ask where children sleep, and look, at every visit that you make to a home and not only"],
    )
    write(canvas, 48, 208, ["at the first"])
    write(canvas, 40, 221, ["\u2022 Invite the school"])
    write(canvas, 40, 250, ["Read the full report"])
    canvas.linkURL("https://www.saltmarsh.example.org/full.pdf", (40, HEIGHT - 252, 140, HEIGHT - 240))
    canvas.showPage()


def test_a_briefing_has_headings_paragraphs_points_and_links() -> None:
    document = opened(pdf(briefing))
    assert told(document) == [
        "h Learning from Child V",
        "h What happened",
        "p " + " ".join(TEXT),
        "h Learning",
        "p Ask where children sleep, and look, at every visit that you make to a home and not only at the first",
        "p Invite the school",
        "p Read the full report",
    ]
    assert [block.kind for block in document.blocks][4:6] == ["point", "point"]
    assert [block.level for block in document.blocks if block.kind == "heading"] == [1, 2, 2]
    assert [link.url for block in document.blocks for link in block.links] == [
        "https://www.saltmarsh.example.org/full.pdf"
    ]
    assert (document.format, document.title) == ("pdf", "Child V briefing")


def test_columns_are_read_one_after_the_other_however_they_are_drawn() -> None:
    left = [f"Left line {n} of the first column" for n in range(9)]
    right = [f"right line {n} of the second one" for n in range(9)]

    def draw(canvas: Canvas) -> None:
        for number in range(9):
            write(canvas, 320, 100 + 13 * number, [right[number]])
            write(canvas, 40, 100 + 13 * number, [left[number]])
        write(
            canvas,
            40,
            60,
            ["A title that stands across both of the columns of this page, as wide as they are"],
            size=13,
        )

    words = " ".join(block.text for block in opened(pdf(draw)).blocks)
    assert words.endswith(" ".join(left + right))
    assert words.startswith("A title")


def test_a_title_that_reaches_across_the_gutter_does_not_mix_the_columns() -> None:
    def draw(canvas: Canvas) -> None:
        write(canvas, 40, 60, ["7 Minute Briefing: Child D"], size=24)
        for number in range(14):
            write(canvas, 40, 100 + 13.5 * number, [f"Left line {number} goes over to the next line and"])
            if number < 11:
                write(canvas, 310, 105 + 14 * number, [f"Right line {number} goes on to the next one and"])

    words = " ".join(block.text for block in opened(pdf(draw)).blocks)
    order = [
        words.index(f"{side} line {n} ")
        for side, count in (("Left", 14), ("Right", 11))
        for n in range(count)
    ]
    assert order == sorted(order)
    assert words.startswith("7 Minute Briefing: Child D")


def test_a_table_between_paragraphs_is_still_a_table() -> None:
    def draw(canvas: Canvas) -> None:
        write(canvas, 40, 60, [*TEXT, "A short line that ends the paragraph above the table here."])
        write(canvas, 40, 130, ["Action plan"], size=13, font="Helvetica-Bold")
        for number in range(4):
            write(canvas, 40, 150 + 40 * number, [f"{number + 1}. Train all staff on", "bruising by summer"])
            write(canvas, 240, 150 + 40 * number, ["Integrated Care Board"])
            write(canvas, 420, 150 + 40 * number, ["June"])
        write(canvas, 40, 330, ["What happened next"], size=13, font="Helvetica-Bold")
        write(canvas, 40, 350, TEXT)

    blocks = opened(pdf(draw)).blocks
    assert [block.kind for block in blocks][-7:] == ["heading", *["row"] * 4, "heading", "paragraph"]
    assert blocks[-3].text == "4. Train all staff on bruising by summer | Integrated Care Board | June"


def test_drawn_boxes_are_read_whole() -> None:
    def draw(canvas: Canvas) -> None:
        for number, x in enumerate((40, 220, 400)):
            canvas.rect(x, HEIGHT - 300, 160, 200)
            write(canvas, x + 8, 130, [f"{number + 1}. Box {number}"], size=12, font="Helvetica-Bold")
            write(canvas, x + 8, 150, [f"words {number} a", f"words {number} b"])
        write(canvas, 40, 60, ["Seven minute briefing"], size=20)

    blocks = opened(pdf(draw)).blocks
    assert [block.text for block in blocks] == [
        "Seven minute briefing", "Box 0", "words 0 a words 0 b", "Box 1", "words 1 a words 1 b", "Box 2", "words 2 a words 2 b",
    ]  # fmt: skip
    assert len({block.group for block in blocks[1:]}) == 3


def test_a_table_is_rows_of_cells() -> None:
    def draw(canvas: Canvas) -> None:
        write(canvas, 40, 60, TEXT)
        for number, row in enumerate(
            [("Agency", "Action", "By when"), *[(f"Board {n}", f"Train staff {n}", "June") for n in range(4)]]
        ):
            for x, cell in zip((40, 160, 320), row, strict=True):
                write(
                    canvas,
                    x,
                    130 + 22 * number,
                    [cell],
                    font="Helvetica-Bold" if number == 0 else "Helvetica",
                )

    rows = [block for block in opened(pdf(draw)).blocks if block.kind == "row"]
    assert [row.text for row in rows] == [
        "Agency | Action | By when",
        *[f"Board {n} | Train staff {n} | June" for n in range(4)],
    ]
    assert [row.header for row in rows] == [True, False, False, False, False]


def test_running_lines_go_and_divided_words_and_pages_join() -> None:
    def draw(canvas: Canvas) -> None:
        for number in range(3):
            write(canvas, 40, 30, ["OFFICIAL: Child V overview report"], size=8)
            write(canvas, 280, 820, [f"Page {number + 1} of 3"], size=8)
            write(
                canvas,
                40,
                100,
                [
                    "and so the safe-" if number else "The safe-",
                    "guarding partners of safeguarding agreed that self-",
                    "harm was missed",
                ],
            )
            canvas.showPage()

    assert told(opened(pdf(draw))) == [
        "p The safeguarding partners of safeguarding agreed that self-harm was missed"
        + " and so the safeguarding partners of "
        "safeguarding agreed that self-harm was missed"
        * 1
        + " and so the safeguarding partners of safeguarding agreed that self-harm was missed"
    ]


def test_a_hundred_pages_open() -> None:
    def draw(canvas: Canvas) -> None:
        for number in range(100):
            write(canvas, 40, 100, [f"Page text {number}."])
            canvas.showPage()

    assert told(opened(pdf(draw)))[-1].endswith("Page text 99.")


def picture(canvas: Canvas) -> None:
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    canvas.drawImage(ImageReader(Image.new("L", (40, 60), 200)), 0, 0, *A4)
    canvas.showPage()


def locked() -> bytes:
    from reportlab.lib.pdfencrypt import StandardEncryption

    out = io.BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption("secret", ownerPassword="owner"))
    briefing(canvas)
    canvas.save()
    return out.getvalue()


def packed(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


def misnamed() -> bytes:
    """A good Word document whose text says that it is in an encoding that nobody has. Found by fuzzing."""
    out, good_one = io.BytesIO(), io.BytesIO()
    document = docx.Document()
    document.add_paragraph("Child W was three weeks old.")
    document.save(good_one)
    with zipfile.ZipFile(good_one) as good, zipfile.ZipFile(out, "w") as made:
        for name in good.namelist():
            body = good.read(name)
            if name == "word/document.xml":
                body = b"<?xml version='1.0' encoding='UT'?>" + body[body.index(b"?>") + 2 :]
            made.writestr(name, body)
    return out.getvalue()


def bomb() -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("word/document.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(210):
            part.write(b" " * 1_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (pdf(briefing)[:-600], "cut off"),
        (misnamed(), "damaged"),
        (pdf(briefing)[:40] + b"\n%%EOF", "damaged"),
        (b"%PDF-1.7\n" + b"\xff\x00garbage" * 40 + b"\n%%EOF", "damaged"),
        (locked(), "password"),
        (pdf(picture), "scanned"),
        (pdf(lambda canvas: canvas.showPage()), "without words"),
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "PNG"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "JPEG"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ".doc"),
        (b"{\\rtf1\\ansi text}", "rtf"),
        (packed("xl/workbook.xml"), "Excel"),
        (packed("ppt/presentation.xml"), "PowerPoint"),
        (packed("mimetype", "content.xml"), "OpenDocument"),
        (packed("report.pdf"), "zip archive"),
        (packed("word/document.xml")[:60], "cut off"),
        (packed("word/document.xml"), "damaged"),
        (bomb(), "unpack"),
        (b"\x00\x01\x02\x03" * 100, "no known kind"),
        (b'{"reviews": [1, 2]}', "JSON"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_read_is_refused_in_one_sentence(body: bytes, says: str) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        opened(body)
    assert says in str(caught.value)
    assert URL in str(caught.value)
    assert not caught.value.again


@pytest.mark.parametrize(
    ("body", "content_type", "address", "expected"),
    [
        (pdf(briefing), "text/html", "page.html", "pdf"),
        (b"<!DOCTYPE html><p>Sorry</p>", "application/pdf", "report.pdf", "html"),
        (b"<div><p>Sorry</p></div>", "application/octet-stream", "report.pdf", "html"),
        (b"<!doctype html><p>x</p>", "text/plain", "page.txt", "html"),
        (b"Just words <3 and no marks", "text/html", "page.html", "text"),
        (b"# Title\n\n<br>words", "text/markdown", "page.md", "text"),
        (b"# Title\n\n<b>words</b>", None, "page.md", "text"),
        (b"BMI was not recorded", None, "page", "text"),
        (b"  <?xml version='1.0'?><!-- <html> --><feed xmlns='http://www.w3.org/2005/Atom'><title>t</title></feed>", "text/html", "f", "feed"),
        (b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><body>x</body></html>", "text/xml", "p", "html"),
    ],
)  # fmt: skip
def test_the_bytes_decide_the_format(
    body: bytes, content_type: str | None, address: str, expected: str
) -> None:
    url = f"https://www.saltmarsh.example.org/{address}"
    assert opened(body, url=url, content_type=content_type).format == expected


def test_a_word_file_keeps_headings_tables_points_and_links() -> None:
    made = docx.Document()
    made.core_properties.title = "Child V & family"
    made.add_heading("Child V", 1)
    made.add_paragraph().add_run("Learning").bold = True
    made.add_paragraph("Ask where children sleep", style="List Bullet")
    table = made.add_table(rows=2, cols=2)
    for cell, text in zip(
        [cell for row in table.rows for cell in row.cells],
        ["Agency", "Action", "Board", "Train"],
        strict=True,
    ):
        cell.text = text
    out = io.BytesIO()
    made.save(out)
    document = opened(out.getvalue(), url="https://www.saltmarsh.example.org/v.docx", content_type=None)
    assert [(block.kind, block.text) for block in document.blocks] == [
        ("heading", "Child V"), ("paragraph", "Learning"), ("point", "Ask where children sleep"), ("row", "Agency | Action"), ("row", "Board | Train"),
    ]  # fmt: skip
    assert document.blocks[1].bold
    assert (document.format, document.title) == ("docx", "Child V & family")


def test_a_number_drawn_apart_from_its_text_still_makes_a_point() -> None:
    def draw(canvas: Canvas) -> None:
        write(canvas, 40, 60, ["Recommendations"], size=15, font="Helvetica-Bold")
        write(canvas, 44, 90, ["1."], size=9.5)
        write(canvas, 80, 90, ["Give each family one worker, and tell them the worker’s name and how to"])
        write(canvas, 80, 103, ["reach them."])
        write(canvas, 44, 130, ["2. Agree who rings whom."])

    assert told(opened(pdf(draw))) == [
        "h Recommendations",
        "p Give each family one worker, and tell them the worker’s name and how to reach them.",
        "p Agree who rings whom.",
    ]
    assert {block.kind for block in opened(pdf(draw)).blocks[1:]} == {"point"}


def test_the_date_of_a_cover_stands_apart_from_the_lines_around_it() -> None:
    def draw(canvas: Canvas) -> None:
        lines = ["Overview report", "Published 9 February 2026", "Ada Thorn, independent reviewer"]
        write(canvas, 40, 60, lines, size=14)
        write(canvas, 40, 150, TEXT)

    assert told(opened(pdf(draw)))[:3] == [
        "h Overview report",
        "h Published 9 February 2026",
        "h Ada Thorn, independent reviewer",
    ]


def test_a_table_under_two_columns_keeps_its_rows_and_its_heading() -> None:
    def draw(canvas: Canvas) -> None:
        write(canvas, 50, 60, ["What happened"], font="Helvetica-Bold")
        write(
            canvas, 50, 74, ["Heron was four months old when he was", "taken to hospital with a broken leg."]
        )
        write(canvas, 320, 60, ["Background"], font="Helvetica-Bold")
        write(canvas, 320, 74, ["Heron lived with his mother and his", "father in a flat above a shop."])
        write(canvas, 50, 120, ["Good practice"], font="Helvetica-Bold")
        write(canvas, 50, 134, ["The nurse rang the ward twice, and", "wrote down what was said."])
        write(canvas, 320, 120, ["Learning"], font="Helvetica-Bold")
        write(canvas, 320, 134, ["Nobody asked who lived in the home,", "although there were signs."])
        write(canvas, 50, 180, ["Recommendations"], font="Helvetica-Bold")
        for y, cells in (
            (200, ("Recommendation", "Who", "By when")),
            (220, ("Every ward should ask who lives at home.", "Health", "May 2024")),
            (240, ("Nurseries should be told of a move.", "Council", "June 2024")),
            (260, ("Police should record who was there.", "Police", "July 2024")),
        ):
            for x, cell in zip((50, 350, 450), cells, strict=True):
                write(canvas, x, y, [cell], font="Helvetica-Bold" if y == 200 else "Helvetica")

    lines = told(opened(pdf(draw)))
    rows = [block.text for block in opened(pdf(draw)).blocks if block.kind == "row"]
    assert rows[1:] == [
        "Every ward should ask who lives at home. | Health | May 2024",
        "Nurseries should be told of a move. | Council | June 2024",
        "Police should record who was there. | Police | July 2024",
    ]
    assert [line for line in lines if "Recommendations" in line or "Learning" in line or "Back" in line] == [
        line
        for word in ("Background", "Learning", "Recommendations")
        for line in lines
        if line.endswith(word)
    ]
