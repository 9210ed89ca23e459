"""Word documents and zip archives: bombs, floods of names, missing parts, outside addresses."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from tests.nasties import DOCX, Nasty

TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
RELS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    'officeDocument" Target="word/document.xml"/></Relationships>'
)
_SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def document(body: str, before: str = "") -> str:
    return f'<?xml version="1.0"?>{before}<w:document {_SPACES}><w:body>{body}</w:body></w:document>'


def docx(xml: str, **others: str) -> bytes:
    """A .docx of this document.xml; `others` are parts by name, `__` for a slash and `_` for a dot."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        parts = {"[Content_Types].xml": TYPES, "_rels/.rels": RELS, "word/document.xml": xml, **others}
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def _squeezed(megabytes: int, fill: bytes) -> tuple[bytes, int]:
    """`megabytes` of `fill` as a raw deflate stream, made in little memory; and its checksum."""
    squeezer = zlib.compressobj(9, zlib.DEFLATED, -15)
    chunk = fill * (10_000_000 // len(fill))
    head = squeezer.compress(chunk) + squeezer.flush(zlib.Z_FULL_FLUSH)
    same = squeezer.compress(chunk) + squeezer.flush(zlib.Z_FULL_FLUSH)
    return head + same * (megabytes // 10 - 1) + squeezer.flush(), 0


def _zip_of(parts: list[tuple[str, bytes, int]], *, overlap: bool = False) -> bytes:
    """A zip by hand: (name, deflated bytes, declared size). `overlap`: all names share the last one's bytes."""
    out, places = io.BytesIO(), []
    for name, packed, size in parts:
        places.append(out.tell())
        raw = name.encode()
        out.write(
            struct.pack(
                "<4s5H3L2H", b"PK\3\4", 20, 0, 8, 0, 0, 0, len(packed), min(size, 2**32 - 1), len(raw), 0
            )
        )
        out.write(raw + packed)
    start = out.tell()
    for place, (name, packed, size) in zip(places, parts, strict=True):
        raw = name.encode()
        shared = places[-1] if overlap and name.endswith(".xml") else place
        out.write(
            struct.pack(
                "<4s6H3L5H2L",
                b"PK\1\2",
                20,
                20,
                0,
                8,
                0,
                0,
                0,
                len(packed),
                min(size, 2**32 - 1),
                len(raw),
                0,
                0,
                0,
                0,
                0,
                shared,
            )
            + raw
        )
    length = out.tell() - start
    out.write(
        struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, len(parts) % 65536, len(parts) % 65536, length, start, 0)
    )
    return out.getvalue()


def _bomb(megabytes: int, declared: int, fill: bytes = b" ") -> bytes:
    def raw(text: str) -> bytes:
        return zlib.compress(text.encode())[2:-4]

    packed, _ = _squeezed(megabytes, fill)
    return _zip_of(
        [
            ("[Content_Types].xml", raw(TYPES), len(TYPES)),
            ("_rels/.rels", raw(RELS), len(RELS)),
            ("word/document.xml", packed, declared),
        ]
    )


def _many_names(count: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("word/document.xml", "")
        for n in range(count):
            archive.writestr(str(n), b"")
    return out.getvalue()


def _nested(levels: int) -> bytes:
    inner = b"x" * 1_000_000
    for _ in range(levels):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for n in range(10):
                archive.writestr(f"{n}.zip", inner)
        inner = out.getvalue()
    return inner


def words() -> Iterator[Nasty]:
    def doc(name: str, make: object) -> Nasty:
        return Nasty(name=f"DOCX: {name}", content_type=DOCX, make=make)  # type: ignore[arg-type]  # a lambda

    def tables(depth: int) -> str:
        return "<w:tbl><w:tr><w:tc>" * depth + paragraph("x") + "</w:tc></w:tr></w:tbl>" * depth

    picture = '<w:p><w:r><w:drawing><wp:inline><a:graphic><a:graphicData><pic:pic><pic:blipFill><a:blip r:link="r9" r:embed="r9"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>'
    outside = '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r9" TargetMode="External" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="{}"/></Relationships>'
    yield doc("10,000 paragraphs", lambda: docx(document(paragraph("Child W was three years old.") * 10_000)))
    yield doc(
        "300,000 paragraphs", lambda: docx(document(paragraph("Child W was three years old.") * 300_000))
    )
    yield doc("a paragraph of 20 MB", lambda: docx(document(paragraph("Child W " * 2_500_000))))
    yield doc(
        "200,000 runs in a paragraph",
        lambda: docx(
            document(
                "<w:p>"
                + "<w:r><w:t>a </w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>b </w:t></w:r>" * 100_000
                + "</w:p>"
            )
        ),
    )
    yield doc("1,000 nested tables", lambda: docx(document(tables(1_000))))
    yield doc("80 nested tables", lambda: docx(document(tables(80))))
    yield doc(
        "a table of 200,000 cells",
        lambda: docx(
            document(
                "<w:tbl>"
                + ("<w:tr>" + f"<w:tc>{paragraph('x')}</w:tc>" * 20 + "</w:tr>") * 10_000
                + "</w:tbl>"
            )
        ),
    )
    yield doc(
        "cells that span a billion",
        lambda: docx(
            document(
                "<w:tbl>"
                + '<w:tr><w:tc><w:tcPr><w:gridSpan w:val="1000000000"/><w:vMerge w:val="restart"/></w:tcPr>'
                + paragraph("x")
                + "</w:tc></w:tr>"
                + "<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc></w:tr>" * 5_000
                + "</w:tbl>"
            )
        ),
    )
    yield doc(
        "100,000 nested insertions",
        lambda: docx(document("<w:p>" + "<w:ins>" * 100_000 + "</w:ins>" * 100_000 + "</w:p>")),
    )
    yield doc(
        "200,000 tracked changes",
        lambda: docx(
            document(
                "<w:p>"
                + '<w:ins w:id="1"><w:r><w:t>a </w:t></w:r></w:ins><w:del w:id="2"><w:r><w:delText>b </w:delText></w:r></w:del>'
                * 100_000
                + "</w:p>"
            )
        ),
    )
    yield doc(
        "5,000 levels of lists",
        lambda: docx(
            document(
                "".join(
                    f'<w:p><w:pPr><w:numPr><w:ilvl w:val="{n}"/><w:numId w:val="{n}"/></w:numPr></w:pPr><w:r><w:t>a</w:t></w:r></w:p>'
                    for n in range(5_000)
                )
            )
        ),
    )
    yield doc(
        "fields that never end",
        lambda: docx(
            document(
                "<w:p>"
                + '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> HYPERLINK "http://a.example.org" </w:instrText></w:r>'
                * 20_000
                + "</w:p>"
            )
        ),
    )
    yield doc("10 GB declared and packed", lambda: _bomb(10_000, 10_000_000_000))
    yield doc("1 GB packed, 100 bytes declared", lambda: _bomb(1_000, 100))
    yield doc("180 MB of blanks, as declared", lambda: _bomb(180, 180_000_000))
    yield doc("150 MB of elements, as declared", lambda: _bomb(150, 150_000_000, b"<w:p/>"))
    yield doc(
        "names that share their bytes",
        lambda: _zip_of(
            [
                (
                    f"word/header{n}.xml",
                    _squeezed(100, b"<w:p>")[0] if n == 199 else b"\3\0",
                    100_000_000 if n == 199 else 900_000,
                )
                for n in range(200)
            ]
            + [("word/document.xml", b"\3\0", 0)],
            overlap=True,
        ),
    )
    yield doc(
        "100 footers of 1.9 MB",
        lambda: docx(
            document(paragraph("Child W")),
            **{f"word/footer{n}.xml": "<w:p><w:r><w:t>" + "a " * 900_000 for n in range(100)},
        ),
    )
    yield doc(
        "a footer that never ends its words",
        lambda: docx(document(paragraph("Child W")), **{"word/footer1.xml": "<w:t " * 40_000}),
    )
    yield doc(
        "a title that never ends",
        lambda: docx(document(paragraph("Child W")), **{"docProps/core.xml": "<dc:title" * 11_000}),
    )
    yield doc("archives in archives", lambda: _nested(5))
    yield doc("60,000 names", lambda: _many_names(60_000))
    yield doc(
        "names that climb out",
        lambda: docx(
            document(paragraph("Child W was three.")),
            **{"../../../../tmp/climbed.xml": "x", "/tmp/climbed.xml": "x"},
        ),
    )
    yield doc(
        "a target that climbs out",
        lambda: docx(
            document(paragraph("Child W was three.")),
            **{
                "word/_rels/document.xml.rels": outside.format("../../../../etc/passwd")
                .replace(' TargetMode="External"', "")
                .replace("/image", "/footnotes")
            },
        ),
    )
    yield doc(
        "no types",
        lambda: _zip_of(
            [("word/document.xml", zlib.compress(document(paragraph("Child W")).encode())[2:-4], 600)]
        ),
    )
    yield doc("no document", lambda: docx(""))
    yield doc("a document of nonsense", lambda: docx("<w:document>" + "<" * 100_000))
    yield doc(
        "billion laughs",
        lambda: docx(
            document(
                paragraph("&l9;"),
                "<!DOCTYPE x ["
                + '<!ENTITY l0 "lol">'
                + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
                + "]>",
            )
        ),
    )
    yield doc(
        "quadratic blow-up",
        lambda: docx(document(paragraph("&a;" * 100_000), f'<!DOCTYPE x [<!ENTITY a "{"x" * 100_000}">]>')),
    )
    yield doc(
        "an outside entity",
        lambda: docx(
            document(paragraph("Child W &a;"), '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>')
        ),
    )
    yield doc(
        "a picture on another host",
        lambda: docx(
            document(paragraph("Child W was three.") + picture),
            **{"word/_rels/document.xml.rels": outside.format("http://127.0.0.1:1/x.png")},
        ),
    )
    yield doc(
        "a picture in a file",
        lambda: docx(
            document(paragraph("Child W was three.") + picture),
            **{"word/_rels/document.xml.rels": outside.format("file:///etc/passwd")},
        ),
    )
    yield doc(
        "a style map inside it",
        lambda: docx(
            document(paragraph("Child W was three.")),
            **{"mammoth/style-map": "p => " + "div > " * 200_000 + "p"},
        ),
    )
    yield doc("100,000 nested elements", lambda: docx(document("<w:sdt><w:sdtContent>" * 100_000)))
    yield doc("of nothing but a head", lambda: b"PK\3\4")
