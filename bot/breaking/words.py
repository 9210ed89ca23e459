"""Changes of plain text, Markdown and Word files."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

_LONG = 60  # characters: a paragraph longer than this is prose
_WORD = "word/document.xml"
_RUN = re.compile(rb"<w:t\b[^>]*>([^<]*)</w:t>")


def order_reversed(body: bytes) -> bytes | None:
    """The paragraphs in the other order, those before the first empty line staying where they are."""
    first, *rest = re.split(rb"\r?\n[ \t]*\r?\n", body)
    return b"\n\n".join([first, *reversed(rest)]) if len(rest) > 1 else None


def blocks_stripped(body: bytes) -> bytes:
    """Headings and labels stay; the prose is gone."""
    return b"\n".join(line for line in body.split(b"\n") if len(line) <= _LONG)


def _in_word(change: Callable[[bytes], bytes]) -> Callable[[bytes], bytes | None]:
    def changed(body: bytes) -> bytes | None:
        before, after = zipfile.ZipFile(io.BytesIO(body)), io.BytesIO()
        with zipfile.ZipFile(after, "w", zipfile.ZIP_DEFLATED) as written:
            for entry in before.infolist():
                part = before.read(entry)
                made = zipfile.ZipInfo(entry.filename, entry.date_time)
                written.writestr(made, change(part) if entry.filename == _WORD else part)
        return after.getvalue()

    return changed


@_in_word
def word_reversed(part: bytes) -> bytes:
    """Tables and paragraphs in the other order; what stands inside a table stays in its order."""
    whole = re.compile(rb"<w:tbl\b.*</w:tbl>|<w:p\b[^>]*>(?:(?!<w:p\b).)*?</w:p>", re.S)
    found = [one[0] for one in whole.finditer(part)]
    turned = iter(reversed(found))
    return whole.sub(lambda _: next(turned), part)


@_in_word
def word_stripped(part: bytes) -> bytes:
    """Paragraphs of prose emptied."""

    def emptied(found: re.Match[bytes]) -> bytes:
        said = b"".join(_RUN.findall(found[0]))
        return _RUN.sub(b"<w:t></w:t>", found[0]) if len(said) > _LONG else found[0]

    return re.sub(rb"<w:p\b[^>]*>(?:(?!<w:p\b).)*?</w:p>", emptied, part, flags=re.S)
