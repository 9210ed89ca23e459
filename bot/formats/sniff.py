"""What the bytes are, and which characters they stand for.

The bytes decide first, the server's content type second, the address last: servers send pages under
`.pdf` and reports under `.html`.
"""

from __future__ import annotations

import codecs
import io
import re
import zipfile

from bot.errors import UnreadableDocument
from bot.models import Format, Page

_HEAD = 4096

# First bytes of files that are no document of ours, and what a person calls them.
_REFUSED = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"BM", "a bitmap image"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"RIFF", "a picture, sound or film"),
    (b"\x00\x00\x00\x18ftyp", "a film"),
    (b"\x00\x00\x00\x20ftyp", "a film"),
    (b"ID3", "a sound recording"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
    (b"{\\rtf", "a rich text (.rtf) file"),
    (b"\xd0\xcf\x11\xe0", "an old Office (.doc, .xls or .ppt) file"),
)
_TEXT_STARTS = (b"BM", b"MZ", b"ID3", b"RIFF")  # words may begin so: refused only if binary bytes follow

_ZIP_KINDS = (
    ("xl/", "an Excel workbook (.xlsx)"),
    ("ppt/", "a PowerPoint presentation (.pptx)"),
    ("content.xml", "an OpenDocument (.odt) file"),
)

_TAG = re.compile(
    r"<(?:!doctype\s+html|(?:html|head|body|div|p|h[1-6]|table|ul|ol|section|article|main|title)\b[^<>]*>)",
    re.I,
)
_LOOSE_TAG = re.compile(r"</(?:a|b|p|strong|em|span|font|div|li|td|h[1-6])\s*>|<br\s*/?>", re.I)
_ANY_TAG = re.compile(r"<[a-z][a-z0-9]*[\s/>]", re.I)
_COMMENT = re.compile(r"<!--.*?-->", re.S)
_ROOT = re.compile(r"<(?![?!])(?:[\w.-]+:)?([\w.-]+)")
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.I)
_XML_ENCODING = re.compile(rb"^\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.:-]+)", re.I)
_HTTP_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.I)

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# The WHATWG Encoding Standard reads each of these labels as windows-1252.
_WESTERN = {"iso8859-1", "cp1252", "ascii", "latin-1"}

# U+0080 to U+009F are never meant: they are windows-1252 bytes that somebody took for Latin-1.
_C1 = {code: bytes([code]).decode("cp1252", errors="ignore") or None for code in range(0x80, 0xA0)}
_CHARACTERS: dict[int, str | None] = {
    **_C1,
    0xA0: " ",  # no-break space
    0x202F: " ",
    0x2007: " ",
    0xAD: None,  # soft hyphen
    0x200B: None,  # zero-width space
    0x200C: None,
    0x200D: None,
    0x200E: None,
    0x200F: None,
    0x2060: None,
    0xFEFF: None,  # byte order mark in mid-text
    0x2028: "\n",
    0x2029: "\n",
    **{code: None for code in range(0x20) if chr(code) not in "\t\n\r\f"},
    0x7F: None,
}


def tidy(text: str) -> str:
    """Characters that nobody sees, taken out or turned into what they stand for.

    No-break spaces become spaces; soft hyphens, zero-width characters and controls go; C1 controls
    become the windows-1252 characters that they were meant to be.
    """
    return text if text.isascii() and text.isprintable() else text.translate(_CHARACTERS)


def without_comments(text: str) -> str:
    """The text without its `<!-- comments -->`; one that never ends is text, and costs no search."""
    end = text.rfind("-->") + 3
    return _COMMENT.sub("", text[:end]) + text[end:] if end > 2 else text


def _one_byte(error: UnicodeError) -> tuple[str, int]:
    """A byte that is no UTF-8 is read as windows-1252, alone: a page may be pasted from both."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    byte = error.object[error.start : error.start + 1]
    return byte.decode("cp1252", errors="ignore"), error.start + 1


codecs.register_error("learning-bot-cp1252", _one_byte)


def decode(body: bytes, content_type: str | None) -> str:
    """The characters of a text, page or feed.

    In this order: a byte order mark, the charset that HTTP names, the one that the page names in its meta
    element or XML declaration, UTF-8, windows-1252. Bytes that are good UTF-8 are UTF-8 whatever one-byte
    label they carry; bytes that are not are windows-1252 whatever they are labelled.
    """
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, errors="replace")
    for encoding in _labels(body[:_HEAD], content_type):
        if encoding not in _WESTERN and not encoding.startswith("utf-8"):
            try:
                return body.decode(encoding)
            except UnicodeError:  # also Python's `undefined`, which is an encoding that refuses everything
                continue
    return body.decode("utf-8", errors="learning-bot-cp1252")


def _labels(head: bytes, content_type: str | None) -> list[str]:
    """The encodings that are named, by Python's names, those that do not exist left out."""
    named = [match.group(1) for match in [_HTTP_CHARSET.search(content_type or "")] if match]
    named += [
        m.group(1).decode("ascii") for m in (_META_CHARSET.search(head), _XML_ENCODING.search(head)) if m
    ]
    found = []
    for label in named:
        try:
            info = codecs.lookup(label)
        except LookupError:
            continue
        # A page whose meta element can be read byte by byte is not in UTF-16, whatever it says of itself.
        if info._is_text_encoding and not (
            info.name.startswith("utf-16") and b"<" in head and b"\0" not in head
        ):
            found.append(info.name)
    return found


def format_of(page: Page) -> Format:
    """Which of the five formats the page is in. Raises UnreadableDocument for every other."""
    body = page.body
    if not body.strip():
        raise UnreadableDocument(f"{page.url} is empty: the server sent no words at all.")
    if b"%PDF-" in body[:1024]:
        return "pdf"
    if body.startswith(b"PK\x03\x04"):
        return _format_of_zip(page)
    for start, kind in _REFUSED:
        if body.startswith(start) and (start not in _TEXT_STARTS or _is_binary(body)):
            raise UnreadableDocument(
                f"{page.url} is {kind}, which cannot be read; a web page, feed, PDF or .docx can."
            )
    if _is_binary(body):
        raise UnreadableDocument(
            f"{page.url} is no text, web page, feed, PDF or .docx: its bytes are of no known kind."
        )
    return _format_of_text(page)


def _format_of_zip(page: Page) -> Format:
    try:
        names = zipfile.ZipFile(io.BytesIO(page.body)).namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, OverflowError) as error:
        raise UnreadableDocument(
            f"{page.url} is cut off or damaged: it begins like a Word file or archive and cannot be unpacked."
        ) from error
    if "word/document.xml" in names:
        return "docx"
    for start, kind in _ZIP_KINDS:
        if any(name.startswith(start) for name in names):
            raise UnreadableDocument(f"{page.url} is {kind}, which cannot be read; a PDF or .docx can.")
    raise UnreadableDocument(f"{page.url} is a zip archive; give the address of a document inside it.")


def _is_binary(body: bytes) -> bool:
    """Whether the bytes hold what no text holds: NUL bytes (outside UTF-16 and UTF-32) or many controls."""
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)):
        return False
    head = body[:_HEAD]
    controls = sum(1 for byte in head if byte < 32 and byte not in b"\t\n\r\f\x1b\x0b")
    return b"\0" in head or controls > max(2, len(head) // 50)


def _format_of_text(page: Page) -> Format:
    text = decode(page.body[: 16 * _HEAD], page.content_type).lstrip("\ufeff \t\r\n")
    said = (page.content_type or "").split(";")[0].strip().lower()
    root = _ROOT.search(without_comments(text)) if text.startswith("<") else None
    name = root.group(1).lower() if root else ""
    if name in ("rss", "feed", "rdf"):
        return "feed"
    if text.startswith("<?xml") and name != "html":
        kind = (
            "an SVG image"
            if name == "svg"
            else f"XML ({name or 'of no kind'}) and neither a feed nor a web page"
        )
        raise UnreadableDocument(f"{page.url} is {kind}.")
    if name == "html" or re.match(r"<!doctype\s+html", text, re.I):
        return "html"
    if _is_json(text, said):
        raise UnreadableDocument(
            f"{page.url} is JSON for programs; give the address of the page that people read."
        )
    return _format_by_markup(page, text, said)


def _is_json(text: str, said: str) -> bool:
    return text.startswith(("{", "[")) and (said.endswith("json") or bool(re.match(r"[{\[]\s*[{\"]", text)))


def _format_by_markup(page: Page, text: str, said: str) -> Format:
    address = page.url.lower().split("?")[0].split("#")[0]
    if said in ("text/plain", "text/markdown", "text/x-markdown"):
        return "html" if text.startswith("<") and _TAG.match(text) else "text"
    if said in ("text/html", "application/xhtml+xml") and _ANY_TAG.search(text):
        return "html"
    if not _TAG.search(text) and not _LOOSE_TAG.search(text):
        return "text"
    if address.endswith((".md", ".markdown", ".txt")):
        return "text"
    return "html"
