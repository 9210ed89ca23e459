"""Opening and reading where no page can do harm.

A document can be made to eat all memory or to run for ever. Every PDF and Word file, and every page that is
large, deep or odd, is opened and read in a child process with limits on memory, processor time, files and the
clock; what comes back is data, checked on arrival. What is plainly a page of ordinary size is read in this
process, which is quicker by the start of a child (about 0.4 s).
"""

from __future__ import annotations

import json
import os
import re
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import BoundedSemaphore, Lock
from typing import Literal, TypeVar

from pydantic import TypeAdapter, ValidationError

from bot.errors import SourceTrouble, UnreadableDocument
from bot.formats import format_of, open_document, picked
from bot.models import Block, Document, Page, Reading, Source

MOST_BYTES = 25_000_000  # of a document; the longest published overview reports have about 10 MB
SMALL_BYTES = 600_000  # a page or feed up to this is read in this process; a year's listing has 250 kB
SMALL_TEXT = 200_000  # bytes of a text without markup
SMALL_TAGS = 12_000  # a page of 250 kB has about 5,000
SMALL_LINKS = 1_500
SMALL_DEPTH = 200  # elements in each other; browsers stop at 512. Unclosed <p> and <li> count as deep
SMALL_BLOCK = 5_000  # characters of one paragraph; the longest in lists of reviews have 1,200
MEMORY_BYTES = 450_000_000
PROCESSOR_SECONDS = 8
WALL_SECONDS = 20.0  # it waits for nothing: only a busy machine makes it take longer than its processor time
OPEN_FILES = 64
_MOST_ANSWER = 15_000_000  # bytes of JSON that the child may write

_DOCUMENT = TypeAdapter(Document)
_READING = TypeAdapter(Reading)
_SOURCE = TypeAdapter(Source)
_LINK = re.compile(rb"(?:<|&lt;)a\b", re.I)
_VOID = rb"(?:area|base|br|col|embed|hr|img|input|link|meta|source|wbr)\b"
_TAG = re.compile(rb"(?:<|&lt;)(/?)(?!%s)[a-z]" % _VOID, re.I)
# Python reckons in one thread at a time: reading in several at once would take a fifth longer.
_READING_HERE = Lock()
# As many children at once as there are processors: the clock of one must not run while it waits for others.
_SLOTS = BoundedSemaphore(max(1, min(4, os.cpu_count() or 1)))
# `-I` shuts out PYTHONPATH, the current directory and the user's packages; so that `bot` is found from a
# checkout as well as installed, the child is told where this one found it.
_CHILD = "import sys; sys.path.insert(0, sys.argv[1]); from bot.fetch import sandbox; sandbox.serve()"

Asked = Literal["open", "read"]
Answer = TypeVar("Answer", Document, Reading)


class Sandbox:
    """An Opener (see bot.ports): ordinary pages, feeds and texts here, all else in a child process."""

    def __init__(self, *, wall_seconds: float = WALL_SECONDS, memory_bytes: int = MEMORY_BYTES) -> None:
        self._wall_seconds = wall_seconds
        self._memory_bytes = memory_bytes

    def open(self, page: Page) -> Document:
        """The page as blocks. Raises UnreadableDocument, also where a limit was reached."""
        if _is_ordinary(page):
            with _READING_HERE:
                return _here(page, None)
        return self._apart(page, "open", None, _DOCUMENT)

    def read(self, page: Page, source: Source | None = None) -> Reading:
        """What the page says, through the source's selectors where it has any: picking, opening and reading
        under one limit. Raises UnreadableDocument, also where a limit was reached."""
        if _is_ordinary(page):
            with _READING_HERE:
                document = _here(page, source)
                if all(_is_small(block) for block in _blocks(document)):
                    return _read(document, source)
        return self._apart(page, "read", source, _READING)

    def _apart(self, page: Page, asked: Asked, source: Source | None, kind: TypeAdapter[Answer]) -> Answer:
        if len(page.body) > MOST_BYTES:
            raise UnreadableDocument(
                f"{page.url} has {len(page.body) / 1e6:.0f} MB; {MOST_BYTES // 1_000_000} MB is the most."
            )
        told = {
            "asked": asked,
            "url": page.url,
            "content_type": page.content_type and page.content_type[:1000],
            "memory": self._memory_bytes,
            "source": _SOURCE.dump_python(source, mode="json") if source else None,
        }
        with _SLOTS:
            done = self._child(page, json.dumps(told).encode() + b"\n")
        return _answer(page, done, kind)

    def _child(self, page: Page, head: bytes) -> subprocess.CompletedProcess[bytes]:
        home = str(Path(__file__).resolve().parents[2])
        try:
            return subprocess.run(
                [sys.executable, "-I", "-c", _CHILD, home],
                input=head + page.body,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=self._wall_seconds,
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            said = f"{page.url} was not read within {self._wall_seconds:g} seconds and was given up."
            raise UnreadableDocument(said) from error


def _is_ordinary(page: Page) -> bool:
    """Whether the page is a page, feed or text of ordinary size and depth, by its bytes alone.

    Raises UnreadableDocument for what is no document of ours.
    """
    body = page.body
    if len(body) > SMALL_BYTES:
        return False
    kind = format_of(page)
    if kind == "text":
        return len(body) <= SMALL_TEXT
    if kind not in ("html", "feed"):
        return False
    return (
        body.count(b"<") + body.count(b"&lt;") <= SMALL_TAGS
        and len(_LINK.findall(body)) <= SMALL_LINKS
        and _depth(body) <= SMALL_DEPTH
    )


def _depth(body: bytes) -> int:
    """How deep the elements stand in each other at most, if none were closed but by its own end tag."""
    depth = deepest = 0
    for closes in _TAG.findall(body):
        depth += -1 if closes else 1
        deepest = max(deepest, depth)
    return deepest


def _here(page: Page, source: Source | None) -> Document:
    """The page opened in this process. Running out of stack or memory is an error of the page's."""
    try:
        return open_document(picked(page, source))
    except RecursionError as error:
        raise _broken(page) from error
    except MemoryError as error:
        raise _too_much(page) from error


def _blocks(document: Document) -> Iterator[Block]:
    yield from document.blocks
    for entry in document.entries:
        yield from entry.blocks


def _is_small(block: Block) -> bool:
    # To fold the text of every block takes half as long again as to count its letters, and folding adds none
    # but the bars between cells: only of what may be too long is the text itself asked for.
    most = sum(len(span.text) for span in block.all_spans) + len(" | ") * len(block.cells)
    return most <= SMALL_BLOCK or len(block.text) <= SMALL_BLOCK


def _answer(page: Page, done: subprocess.CompletedProcess[bytes], kind: TypeAdapter[Answer]) -> Answer:
    """The child's answer. Raises UnreadableDocument where it is an error, is no answer, or never came."""
    if -done.returncode in (signal.SIGXCPU, signal.SIGKILL):
        raise UnreadableDocument(
            f"{page.url} took more than {PROCESSOR_SECONDS} seconds of processor time and was given up."
        )
    if done.returncode or not done.stdout.startswith(b"{"):
        raise _broken(page)
    if done.stdout.startswith(b'{"error":'):
        raise _told(page, done.stdout)
    try:
        return kind.validate_json(done.stdout)
    except (ValueError, RecursionError, ValidationError) as error:
        raise _broken(page) from error


def _told(page: Page, answer: bytes) -> UnreadableDocument:
    """The error that the child wrote."""
    try:
        told = json.loads(answer)
        trouble: SourceTrouble = "blocked" if told.get("trouble") == "blocked" else "unreadable"
        return UnreadableDocument(str(told["error"]), trouble=trouble)
    except (ValueError, KeyError, RecursionError):
        return _broken(page)


def _broken(page: Page) -> UnreadableDocument:
    return UnreadableDocument(f"{page.url} could not be read: the reader broke down over it.")


def _too_much(page: Page) -> UnreadableDocument:
    return UnreadableDocument(f"{page.url} needs more memory than a document may, and was given up.")


def limit(memory_bytes: int) -> None:
    """Bounds this process. macOS knows no RLIMIT_AS; there the clock of the parent is the only bound."""
    for name, most in (
        ("RLIMIT_AS", memory_bytes),
        ("RLIMIT_CPU", PROCESSOR_SECONDS),
        ("RLIMIT_NOFILE", OPEN_FILES),
        ("RLIMIT_FSIZE", 0),
        ("RLIMIT_CORE", 0),
    ):
        kind = getattr(resource, name, None)
        if kind is None:
            continue
        try:
            resource.setrlimit(kind, (most, most))
        except (ValueError, OSError):  # a lower limit is set already, or the system refuses: the clock stays
            continue


def _read(document: Document, source: Source | None) -> Reading:
    from bot.reading import read  # takes half a second to load, which a poll without news need not wait for

    return read(document, source=source)


def serve() -> None:
    """The child: one page on standard input (a line of JSON, then its bytes), one answer or error out."""
    head = json.loads(sys.stdin.buffer.readline())
    import bot.reading  # noqa: F401 -- before the limits, which are for the page

    limit(int(head["memory"]))
    source = _SOURCE.validate_python(head["source"]) if head["source"] else None
    page = Page(
        url=head["url"], content_type=head["content_type"], body=sys.stdin.buffer.read(MOST_BYTES + 1)
    )
    try:
        document = open_document(picked(page, source))
        if head["asked"] == "open":
            answer = _DOCUMENT.dump_json(document)
        else:
            answer = _READING.dump_json(_read(document, source))
        if len(answer) > _MOST_ANSWER:
            answer = _error(f"{page.url} holds more words than any report or list of reviews.")
    except UnreadableDocument as error:
        answer = _error(str(error), error.trouble)
    except MemoryError:
        answer = _error(str(_too_much(page)))
    sys.stdout.buffer.write(answer)


def _error(text: str, trouble: SourceTrouble = "unreadable") -> bytes:
    return json.dumps({"error": text, "trouble": trouble}, separators=(",", ":")).encode()
