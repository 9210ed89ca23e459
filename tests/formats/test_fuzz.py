"""Chance against the reader: bytes of any kind, and good pages that were cut, flipped, doubled and pasted into.

Whatever comes, it is read, or refused with one sentence of ours, in good time. FUZZ_EXAMPLES sets how many are
tried; without it they are few and always the same, so that a run says the same as the one before.
"""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path
from time import process_time

import pytest
from docx import Document as NewDocx
from docx.enum.style import WD_STYLE_TYPE
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from bot.errors import UnreadableDocument
from bot.fetch.sandbox import Sandbox
from bot.formats import open_document
from bot.models import Page
from bot.reading import read

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "0"))
SECONDS = 3.0  # of processor time, for pages of at most 60 kB
CORPUS = Path(__file__).parents[1] / "corpus"
URL = "https://www.harrowmere.example.org/reviews"

often = settings(
    max_examples=EXAMPLES or 40,
    derandomize=not EXAMPLES,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)

TYPES = st.sampled_from(
    [
        None,
        "text/html",
        "text/html; charset=utf-16",
        "text/plain",
        "application/rss+xml",
        "application/pdf",
        "x;;charset=\0",
    ]
)
PIECES = [
    piece.encode()
    for piece in (
        "<", ">", "</", "<!--", "-->", "<![CDATA[", "]]>", "<table>", "</table>", "<tr><td colspan=9 rowspan=9>", "<li>", "</ul>", "<h2>",
        "</h2>", "<b>", "<a href='//['>", "<a href='http://[::1'>", "<base href='http://['>", '<p hidden class="accordion tab card" id="a">',
        "<button aria-controls=a aria-expanded=true>", "<details><summary>", "<script>", "<style>", "<svg><title>", "<template>",
        "<plaintext>", "<textarea>", "<frameset>", "<br>" * 9, "&", "&#0;", "&#xD800;", "&#99999999;", "&nbsp;" * 9, "\0", "\x0c", "\x1b",
        "\x85", "\u2028", "\u202e", "\ufeff", "\U0010ffff", "; " * 9, ": ", " – ", "(", "“", "2024", "31/02/2024", "Learning: ", "aged 0 ",
        "99999999999999999999 years old ", "٣-year-old ", "²-week-old ", "Recommendations: a; b", "\n\n- ", "\n# ", "\n| a | b |\n|--|--|\n",
        "\n---\n", "[a](", "](#)", "**", "%PDF-1.4\n", "%%EOF", " obj<<", ">>stream\n", "endobj", " R ", "/Kids[", "-1 ", "0 0 0 0 ", "9" * 30,
        "<?xml version='1.0' encoding='utf-7'?>", "<!DOCTYPE a [<!ENTITY b 'c'>]>", "<rss>", "<item>", "<pubDate>Mon, 99 Foo 0000", "<guid>",
    )
]  # fmt: skip
PIECES += [b"\xff\xfe", b"\xed\xa0\x80", b"\xc3", b"\x80\x81\x8d", b"PK\3\4", b"\x1f\x8b", b"+ADw-"]


def a_pdf() -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pageCompression=0)
    for said in ("Learning from the review of Child W", "Recommendations"):
        canvas.setFont("Helvetica-Bold", 16)
        canvas.drawString(72, 780, said)
        canvas.setFont("Helvetica", 10)
        for line in range(8):
            canvas.drawString(72, 740 - 15 * line, f"{line}. The partnership should share what it knows.")
        canvas.linkURL("https://www.harrowmere.example.org/w", (72, 700, 200, 720))
        canvas.rect(60, 60, 400, 500)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def a_docx() -> bytes:
    out = io.BytesIO()
    document = NewDocx()
    for style in [one for one in document.styles if one.type == WD_STYLE_TYPE.TABLE]:
        style.delete()  # a hundred of them, which take most of the time that a document takes
    document.add_heading("Learning from the review of Child W", 1)
    document.add_paragraph("Child W was three weeks old.")
    document.add_paragraph("Share what you know.", style="List Bullet")
    table = document.add_table(rows=2, cols=2)
    table.cell(0, 0).text = "Recommendation"
    document.sections[0].header.paragraphs[0].text = "Harrowmere"
    document.save(out)
    return out.getvalue()


def pages(*endings: str) -> list[bytes]:
    found = [path.read_bytes() for path in sorted(CORPUS.glob("*/*")) if path.suffix in endings]
    assert found, f"the corpus has no {endings}"
    return [body[:60_000] for body in found]


@st.composite
def mutated(draw: st.DrawFn, bases: list[bytes]) -> bytes:
    """A good page after a few accidents."""
    body = bytearray(draw(st.sampled_from(bases)))
    for _ in range(draw(st.integers(1, 8))):
        at = draw(st.integers(0, len(body)))
        to = min(len(body), at + draw(st.sampled_from([1, 3, 20, 300, 5_000])))
        what = draw(st.sampled_from(["flip", "cut", "end", "double", "move", "paste"]))
        if what == "flip" and at < len(body):
            body[at] ^= 1 << draw(st.integers(0, 7))
        elif what == "cut":
            del body[at:to]
        elif what == "end":
            del body[to:]
        elif what == "double":
            body[at:at] = bytes(body[at:to]) * draw(st.integers(1, 4))
        elif what == "move":
            piece = bytes(body[at:to])
            del body[at:to]
            place = draw(st.integers(0, len(body)))
            body[place:place] = piece
        else:
            body[at:at] = draw(st.sampled_from(PIECES)) * draw(st.sampled_from([1, 1, 1, 2, 30]))
    return bytes(body[:120_000])


def ends_well(body: bytes, content_type: str | None = None) -> None:
    page = Page(url=URL, body=body, content_type=content_type)
    begun = process_time()
    said = "it was read"
    try:
        assert read(open_document(page)).state in ("read", "nothing there", "hub")
    except UnreadableDocument as error:
        said = str(error)
    assert len(said) > 10
    assert "\n" not in said
    assert process_time() - begun < SECONDS


@often
@given(st.binary(max_size=400), TYPES)
def test_bytes_of_any_kind_end_well(body: bytes, content_type: str | None) -> None:
    ends_well(body, content_type)


@often
@given(st.lists(st.sampled_from([*PIECES, b"Child W ", b"\n"]), max_size=60).map(b"".join), TYPES)
def test_scraps_of_every_format_end_well(body: bytes, content_type: str | None) -> None:
    ends_well(body, content_type)


@often
@given(mutated(pages(".html", ".htm")))
def test_a_web_page_after_accidents_ends_well(body: bytes) -> None:
    ends_well(body, "text/html")


@often
@given(mutated(pages(".md", ".txt")))
def test_a_text_after_accidents_ends_well(body: bytes) -> None:
    ends_well(body, "text/plain")


@often
@given(mutated(pages(".xml")))
def test_a_feed_after_accidents_ends_well(body: bytes) -> None:
    ends_well(body, "application/rss+xml")


@often
@given(mutated([a_pdf()]))
def test_a_pdf_after_accidents_ends_well(body: bytes) -> None:
    ends_well(body, "application/pdf")


@often
@given(mutated([a_docx()]))
def test_a_word_document_after_accidents_ends_well(body: bytes) -> None:
    ends_well(body)


def _with(xml: bytes) -> bytes:
    """The Word document with this as its words."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(a_docx())) as good, zipfile.ZipFile(out, "w") as made:
        for name in good.namelist():
            made.writestr(name, xml if name == "word/document.xml" else good.read(name))
    return out.getvalue()


@often
@given(mutated([zipfile.ZipFile(io.BytesIO(a_docx())).read("word/document.xml")]))
def test_a_word_document_whose_words_had_accidents_ends_well(xml: bytes) -> None:
    ends_well(_with(xml))


@pytest.mark.parametrize("body", [a_pdf(), a_docx()], ids=["pdf", "docx"])
def test_the_pages_that_accidents_befall_are_good(body: bytes) -> None:
    page = Page(url=URL, body=body, content_type=None)
    assert any("Child W" in block.text for block in Sandbox().open(page).blocks)
