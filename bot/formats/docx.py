"""Word documents: mammoth makes HTML of them, and the web page reader does the rest.

Mammoth keeps tables, text boxes, tracked insertions and content controls, which one-page briefings are made
of; python-docx's paragraphs lose all four.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
import zlib
from xml.parsers.expat import ExpatError

import mammoth

from bot.errors import UnreadableDocument
from bot.formats.html import blocks_of
from bot.formats.sniff import tidy
from bot.formats.tree import parse
from bot.models import Block, Document, Page, Span

_MOST_BYTES = 60_000_000  # unpacked, of the parts that hold words; a long report with tables has 10 MB
_MOST_OF_A_HEADER = 200_000
_PARAGRAPH_END = re.compile(r"</w:p>")
_WORDS = re.compile(r"<w:t(?:\s[^<>]*)?>([^<]*)</w:t>|<w:(?:tab|br)/>")
_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p.subtitle:fresh
"""
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, LookupError, ValueError, AttributeError, TypeError, EOFError,
    OSError, NotImplementedError, ExpatError, RecursionError,
)  # fmt: skip


def open_docx(page: Page) -> Document:
    """A .docx file as blocks.

    Raises UnreadableDocument for a damaged or locked file, one without words, and one that would unpack to
    more than 60 MB.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(page.body)) as archive:
            _refuse_bomb(page, archive)
            title = _title(archive)
            running = _running_lines(archive)
        markup = mammoth.convert_to_html(
            io.BytesIO(page.body),
            style_map=_STYLES,
            convert_image=mammoth.images.img_element(lambda _image: {"src": ""}),
        ).value
    except _DAMAGED as error:
        raise UnreadableDocument(
            f"{page.url} is a Word document that is cut off or damaged, and cannot be opened."
        ) from error
    blocks = blocks_of(parse(markup), page.url)
    if not blocks:
        raise UnreadableDocument(f"{page.url} is a Word document without words; it may hold only pictures.")
    return Document(format="docx", url=page.url, title=title, blocks=(*blocks, *running))


def _refuse_bomb(page: Page, archive: zipfile.ZipFile) -> None:
    """Reads the sizes that the archive's directory declares, before anything is unpacked."""
    declared = sum(info.file_size for info in archive.infolist() if info.filename.endswith((".xml", ".rels")))
    if declared > _MOST_BYTES:
        raise UnreadableDocument(
            f"{page.url} would unpack to {declared // 1_000_000} MB, far more than a report."
        )


def _title(archive: zipfile.ZipFile) -> str | None:
    """The title in the document's properties. Its dates are the template's as often as not: not taken."""
    if "docProps/core.xml" not in archive.namelist():
        return None
    core = _beginning(archive, "docProps/core.xml")
    match = re.search(r"<dc:title[^<>]*>([^<]*)</dc:title>", core)
    return " ".join(tidy(html.unescape(match.group(1))).split()) or None if match else None


def _running_lines(archive: zipfile.ZipFile) -> tuple[Block, ...]:
    """What stands in the headers and footers of the pages, once each, as furniture: mammoth leaves them out.

    A tab parts them into columns, written ` | `.
    """
    found: dict[str, None] = {}
    for name in sorted(archive.namelist()):
        if not re.fullmatch(r"word/(?:header|footer)\d*\.xml", name):
            continue
        for paragraph in _PARAGRAPH_END.split(_beginning(archive, name)):
            pieces = _WORDS.findall(paragraph)
            text = "".join(html.unescape(words) if words else "\t" for words in pieces)
            columns = (" ".join(tidy(column).split()) for column in text.split("\t"))
            line = " | ".join(column for column in columns if column)
            if re.search(r"[^\W\d]", line):
                found.setdefault(line)
    return tuple(Block(kind="paragraph", spans=(Span(text=line),), furniture=True) for line in found)


def _beginning(archive: zipfile.ZipFile, name: str) -> str:
    """The first of a part: no more of it is unpacked than is read."""
    with archive.open(name) as part:
        return part.read(_MOST_OF_A_HEADER).decode("utf-8", errors="replace")
