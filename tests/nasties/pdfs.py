"""PDFs: bombs, loops, floods of objects, broken directories."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator, Sequence

from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from tests.nasties import PDF, Nasty

CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
LEAF = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
    b"/Resources << /Font << /F1 5 0 R >> /XObject << /X 6 0 R >> >> >>"
)
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def stream(content: bytes, said: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n" % (len(content), said) + content + b"\nendstream"


def pdf(parts: Sequence[bytes], trailer: bytes = b"<< /Root 1 0 R >>") -> bytes:
    """A PDF of these objects, numbered from 1, with a good directory."""
    out = io.BytesIO()
    out.write(b"%PDF-1.4\n")
    places = []
    for number, part in enumerate(parts, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, part))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(
        b"trailer %s\nstartxref\n%d\n%%%%EOF\n"
        % (trailer.replace(b"<<", b"<< /Size %d" % (len(parts) + 1), 1), start)
    )
    return out.getvalue()


def drawn(content: bytes, said: bytes = b"", form: bytes = b"null") -> bytes:
    """A PDF of one page that draws `content`."""
    return pdf([CATALOG, PAGES, LEAF, stream(content, said), FONT, form])


def bomb(megabytes: int) -> bytes:
    """A stream of blanks, packed to a thousandth; packed twice to less."""
    squeezer = zlib.compressobj(9)
    one = squeezer.compress(b" " * 10_000_000) + squeezer.flush(zlib.Z_FULL_FLUSH)
    same = squeezer.compress(b" " * 10_000_000) + squeezer.flush(zlib.Z_FULL_FLUSH)
    return one + same * (megabytes // 10 - 1) + squeezer.flush()


def report(pages: int) -> bytes:
    """A good report, only long."""
    out = io.BytesIO()
    canvas = Canvas(out)
    for page in range(pages):
        canvas.setFont("Helvetica", 10)
        for line in range(45):
            canvas.drawString(
                72, 780 - 15 * line, f"Line {line} of page {page}: practitioners should share what they know."
            )
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _locked() -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption("secret"))
    canvas.drawString(72, 700, "Child W")
    canvas.save()
    return out.getvalue()


def _many_pages(count: int) -> bytes:
    kids = b" ".join(b"%d 0 R" % (n + 4) for n in range(count))
    leaf = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 3 0 R /Resources << >> >>"
    return pdf(
        [
            CATALOG,
            b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count),
            stream(b"BT (Child W) Tj ET"),
            *[leaf] * count,
        ]
    )


def _deep_pages(depth: int) -> bytes:
    nodes = [b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (n + 3) for n in range(depth)]
    return pdf([CATALOG, *nodes, b"<< /Type /Page /MediaBox [0 0 595 842] >>"])


def _fonts(count: int) -> bytes:
    named = b" ".join(b"/F%d %d 0 R" % (n, n + 5) for n in range(count))
    shown = b" ".join(
        b"BT /F%d 10 Tf 72 %d Td (Child W was three) Tj ET" % (n, n % 800) for n in range(count)
    )
    leaf = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << %s >> >> >>"
        % named
    )
    return pdf([CATALOG, PAGES, leaf, stream(shown), *[FONT] * count])


def _cmap(text: bytes) -> bytes:
    font = b"<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /DescendantFonts [7 0 R] /ToUnicode 8 0 R >>"
    below = b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A /CIDSystemInfo << /Registry (A) /Ordering (I) /Supplement 0 >> >>"
    return pdf(
        [
            CATALOG,
            PAGES,
            LEAF,
            stream(b"BT /F1 10 Tf 72 700 Td <00410042> Tj ET"),
            font,
            b"null",
            below,
            stream(text),
        ]
    )


def pdfs() -> Iterator[Nasty]:
    def doc(name: str, make: object) -> Nasty:
        return Nasty(name=f"PDF: {name}", content_type=PDF, make=make)  # type: ignore[arg-type]  # a lambda

    form = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /X 6 0 R >> /Font << /F1 5 0 R >> >>"
    yield doc("report of 100 pages", lambda: report(100))
    yield doc("report of 400 pages", lambda: report(400))
    yield doc(
        "page tree in a circle", lambda: pdf([CATALOG, b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>"])
    )
    yield doc(
        "page tree in a circle of two",
        lambda: pdf(
            [
                CATALOG,
                b"<< /Type /Pages /Kids [3 0 R 3 0 R] /Count 2 >>",
                b"<< /Type /Pages /Parent 3 0 R /Kids [2 0 R 2 0 R] /Count 2 >>",
            ]
        ),
    )
    yield doc("page tree 5,000 deep", lambda: _deep_pages(5_000))
    yield doc("an object that is itself", lambda: pdf([CATALOG, PAGES, b"3 0 R"]))
    yield doc(
        "a length that is its own stream",
        lambda: pdf(
            [CATALOG, PAGES, LEAF, b"<< /Length 4 0 R >>\nstream\nBT (x) Tj ET\nendstream", FONT, b"null"]
        ),
    )
    yield doc(
        "parents in a circle",
        lambda: pdf(
            [CATALOG, PAGES, b"<< /Type /Page /Parent 3 0 R /Contents 4 0 R >>", stream(b"BT (x) Tj ET")]
        ),
    )
    yield doc("a million objects", lambda: pdf([CATALOG, PAGES, *[b"0"] * 700_000]))
    yield doc("100,000 pages", lambda: _many_pages(100_000))
    yield doc("a stream of 1 GB", lambda: drawn(bomb(1_000), b"/Filter /FlateDecode"))
    yield doc(
        "a stream of 1 GB, packed twice",
        lambda: drawn(zlib.compress(bomb(1_000)), b"/Filter [/FlateDecode /FlateDecode]"),
    )
    yield doc(
        "a stream with 1,000 filters",
        lambda: drawn(b"x" * 1000, b"/Filter [" + b"/ASCIIHexDecode " * 1000 + b"]"),
    )
    yield doc(
        "a predictor of a million columns",
        lambda: drawn(
            zlib.compress(b"\2" * 5_000_000),
            b"/Filter /FlateDecode /DecodeParms << /Predictor 15 /Columns 1000000 /Colors 32 >>",
        ),
    )
    yield doc(
        "LZW of 20 MB",
        lambda: drawn(b"\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01" * 2_000_000, b"/Filter /LZWDecode"),
    )
    yield doc("run lengths of 2 MB", lambda: drawn(b"\x81 " * 1_000_000, b"/Filter /RunLengthDecode"))
    yield doc("ASCII85 of 10 MB", lambda: drawn(b"z" * 10_000_000 + b"~>", b"/Filter /ASCII85Decode"))
    yield doc(
        "2 million words drawn",
        lambda: drawn(
            zlib.compress(b"BT /F1 9 Tf 72 700 Td (x) Tj ET\n" * 2_000_000), b"/Filter /FlateDecode"
        ),
    )
    yield doc("20,000 words in one place", lambda: drawn(b"BT /F1 9 Tf 72 700 Td (word) Tj ET\n" * 20_000))
    yield doc(
        "20,000 words all over",
        lambda: drawn(
            b"".join(
                b"BT /F1 9 Tf %d %d Td (word) Tj ET\n" % (n * 37 % 590, n * 101 % 840) for n in range(20_000)
            )
        ),
    )
    yield doc(
        "5,000 words all over",
        lambda: drawn(
            b"".join(
                b"BT /F1 9 Tf %d %d Td (word) Tj ET\n" % (n * 37 % 590, n * 101 % 840) for n in range(5_000)
            )
        ),
    )
    yield doc(
        "100,000 boxes",
        lambda: drawn(
            b"BT /F1 9 Tf 72 700 Td (Child W was three) Tj ET\n"
            + b"".join(b"%d %d 20 20 re f\n" % (n % 590, n * 7 % 840) for n in range(100_000))
        ),
    )
    yield doc(
        "one path of a million points",
        lambda: drawn(b"0 0 m " + b"1 1 l " * 1_000_000 + b"S BT /F1 9 Tf (Child W) Tj ET"),
    )
    yield doc(
        "a million saved states", lambda: drawn(b"q " * 1_000_000 + b"BT /F1 9 Tf 72 700 Td (Child W) Tj ET")
    )
    yield doc("a million open arrays", lambda: drawn(b"[" * 1_000_000))
    yield doc("a million open dictionaries", lambda: drawn(b"<<" * 1_000_000))
    yield doc("a string of 20 MB", lambda: drawn(b"BT /F1 9 Tf 72 700 Td (" + b"x" * 20_000_000 + b") Tj ET"))
    yield doc(
        "a string of 200,000 letters", lambda: drawn(b"BT /F1 9 Tf 72 700 Td (" + b"x" * 200_000 + b") Tj ET")
    )
    yield doc("a string with a million brackets", lambda: drawn(b"BT (" + b"(" * 1_000_000))
    yield doc("an inline image without an end", lambda: drawn(b"BI /W 1 /H 1 ID " + b"x" * 2_000_000))
    yield doc(
        "a huge MediaBox",
        lambda: drawn(b"BT /F1 9 Tf 72 700 Td (Child W) Tj 1e30 0 Td (x) Tj ET").replace(
            b"595 842", b"1e300 9e99999"
        ),
    )
    yield doc(
        "a tiny MediaBox and words far away",
        lambda: drawn(
            b"".join(b"BT /F1 9 Tf %d %d Td (word) Tj ET\n" % (n * 100_000, n * 3_000) for n in range(3_000))
        ),
    )
    yield doc(
        "letters a million points high",
        lambda: drawn(b"BT /F1 1000000 Tf 72 700 Td (Child W) Tj /F1 0.000001 Tf (Child W) Tj ET " * 200),
    )
    yield doc(
        "a form that draws itself",
        lambda: drawn(b"/X Do", form=stream(b"BT /F1 9 Tf (x) Tj ET /X Do /X Do", form)),
    )
    yield doc(
        "forms that double 30 times",
        lambda: pdf(
            [
                CATALOG,
                PAGES,
                LEAF,
                stream(b"/X Do"),
                FONT,
                *[
                    stream(
                        b"/X Do /X Do" if n < 30 else b"BT (x) Tj ET",
                        form.replace(b"6 0 R", b"%d 0 R" % (n + 7)),
                    )
                    for n in range(31)
                ],
            ]
        ),
    )
    yield doc("5,000 fonts", lambda: _fonts(5_000))
    yield doc(
        "a code map of a huge range",
        lambda: _cmap(
            b"/CIDInit /ProcSet findresource begin begincmap 1 beginbfrange <00000000> <FFFFFFFF> <0041> endbfrange endcmap"
        ),
    )
    yield doc(
        "a code map of 200 ranges",
        lambda: _cmap(
            b"/CIDInit /ProcSet findresource begin begincmap "
            + b"1 beginbfrange <0000> <FFFF> <0041> endbfrange " * 200
            + b"endcmap"
        ),
    )
    yield doc(
        "widths of a huge range",
        lambda: pdf(
            [
                CATALOG,
                PAGES,
                LEAF,
                stream(b"BT /F1 10 Tf 72 700 Td <00410042> Tj ET"),
                b"<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /DescendantFonts [7 0 R] >>",
                b"null",
                b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A /W [0 2000000000 500] /CIDSystemInfo << /Registry (A) /Ordering (I) /Supplement 0 >> >>",
            ]
        ),
    )
    yield doc(
        "differences of a million names",
        lambda: pdf(
            [
                CATALOG,
                PAGES,
                LEAF,
                stream(b"BT /F1 9 Tf (Child W) Tj ET"),
                b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding << /Differences [0 "
                + b"/a " * 1_000_000
                + b"] >> >>",
                b"null",
            ]
        ),
    )
    yield doc(
        "100,000 links on a page",
        lambda: pdf(
            [
                CATALOG,
                PAGES,
                LEAF.replace(b"/Contents", b"/Annots [" + b"7 0 R " * 100_000 + b"] /Contents"),
                stream(b"BT /F1 9 Tf 72 700 Td (Child W was three) Tj ET" * 50),
                FONT,
                b"null",
                b"<< /Rect [900 900 901 901] /A << /URI (https://a.example.org) >> >>",
            ]
        ),
    )
    yield doc(
        "broken directory",
        lambda: drawn(b"BT /F1 9 Tf 72 700 Td (Child W was three) Tj ET").replace(
            b"startxref\n", b"startxref\n99"
        ),
    )
    yield doc(
        "directory with a million gaps",
        lambda: (
            b"%PDF-1.4\n1 0 obj\n"
            + CATALOG
            + b"\nendobj\nxref\n0 999999999\n"
            + b"0000000000 65535 f \n" * 100_000
            + b"trailer << /Root 1 0 R /Size 999999999 >>\nstartxref\n71\n%%EOF\n"
        ),
    )
    yield doc(
        "directories in a circle",
        lambda: (
            drawn(b"BT /F1 9 Tf (x) Tj ET")
            .replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev 700")
            .replace(b"startxref", b"startxref ")
        ),
    )
    yield doc(
        "directory as a stream of huge counts",
        lambda: (
            b"%PDF-1.5\n1 0 obj\n<< /Type /XRef /Size 2 /W [1 2 1] /Index [0 2000000000] /Length 4 /Root 1 0 R >>\nstream\nabcd\nendstream\nendobj\nstartxref\n9\n%%EOF\n"
        ),
    )
    yield doc(
        "objects packed in each other",
        lambda: pdf(
            [CATALOG, PAGES, b"<< /Type /ObjStm /N 1000000000 /First 0 /Length 3 >>\nstream\n1 0\nendstream"]
        ),
    )
    yield doc("10 MB of nothing with an end", lambda: b"%PDF-1.4\n" + b" " * 10_000_000 + b"%%EOF\n")
    yield doc("10 MB of obj", lambda: b"%PDF-1.4\n" + b"1 0 obj\n" * 1_000_000 + b"%%EOF\n")
    yield doc("10 MB of xref", lambda: b"%PDF-1.4\n" + b"xref\n" * 1_000_000 + b"startxref\n9\n%%EOF\n")
    yield doc("2 MB without a line end", lambda: b"%PDF-1.4\n" + b"x" * 2_000_000 + b"%%EOF")
    yield doc("locked", _locked)
    yield doc(
        "locked with odd settings",
        lambda: pdf(
            [CATALOG, PAGES, b"null"],
            b"<< /Root 1 0 R /ID [(a) (b)] /Encrypt << /Filter /Standard /V 4 /R 4 /Length 999999 /P -1 /O (x) /U (y) >> >>",
        ),
    )
    yield doc(
        "locked, hashed at length",
        lambda: pdf(
            [CATALOG, PAGES, b"null"],
            b"<< /Root 1 0 R /ID [(a) (b)] /Encrypt << /Filter /Standard /V 5 /R 6 /Length 256 /P -1 /CF << /StdCF << /CFM /AESV3 >> >> /StmF /StdCF /StrF /StdCF /O ("
            + b"x" * 48
            + b") /U ("
            + b"y" * 48
            + b") /OE ("
            + b"z" * 32
            + b") /UE ("
            + b"z" * 32
            + b") >> >>",
        ),
    )
    yield doc("cut off", lambda: report(2)[:-400])
    yield doc("of nothing but a head", lambda: b"%PDF-1.7\n%%EOF")
