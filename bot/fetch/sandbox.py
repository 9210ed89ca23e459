"""Opening documents where they can do no harm.

A PDF or Word file can be made to eat all memory or to run for ever. Such files, and anything large, are
opened in a child process with limits on memory, processor time, files and the clock; what comes back is
data, checked on arrival. A flate bomb ends at the limit on memory, millions of text operators at the one on
processor time.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bot.errors import UnreadableDocument
from bot.formats import format_of, open_document
from bot.models import Document, Page

MOST_BYTES = 25_000_000  # of a document; the longest published overview reports have about 10 MB
SMALL_BYTES = 2_000_000  # a page, feed or text up to this is opened in this process
MEMORY_BYTES = 1_000_000_000
PROCESSOR_SECONDS = 15
WALL_SECONDS = 20.0
OPEN_FILES = 64
_MOST_ANSWER = 60_000_000  # bytes of JSON that the child may write

_DOCUMENT = TypeAdapter(Document)
# `-I` shuts out PYTHONPATH, the current directory and the user's packages; so that `bot` is found from a
# checkout as well as installed, the child is told where this one found it.
_CHILD = "import sys; sys.path.insert(0, sys.argv[1]); from bot.fetch import sandbox; sandbox.serve()"


class Sandbox:
    """An Opener (see bot.ports): small pages, feeds and texts here, all else in a child process."""

    def __init__(self, *, wall_seconds: float = WALL_SECONDS, memory_bytes: int = MEMORY_BYTES) -> None:
        self._wall_seconds = wall_seconds
        self._memory_bytes = memory_bytes

    def open(self, page: Page) -> Document:
        """The page as blocks. Raises UnreadableDocument, also where a limit was reached."""
        if len(page.body) > MOST_BYTES:
            raise UnreadableDocument(
                f"{page.url} has {len(page.body) / 1e6:.0f} MB; {MOST_BYTES // 1_000_000} MB is the most."
            )
        if len(page.body) <= SMALL_BYTES and format_of(page) in ("html", "feed", "text"):
            return open_document(page)
        return self._open_apart(page)

    def _open_apart(self, page: Page) -> Document:
        told = {"url": page.url, "content_type": page.content_type, "memory": self._memory_bytes}
        head = json.dumps(told).encode() + b"\n"
        home = str(Path(__file__).resolve().parents[2])
        try:
            done = subprocess.run(
                [sys.executable, "-I", "-c", _CHILD, home],
                input=head + page.body,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=self._wall_seconds,
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            said = f"{page.url} was not opened within {self._wall_seconds:g} seconds and was given up."
            raise UnreadableDocument(said) from error
        return _answer(page, done)


def _answer(page: Page, done: subprocess.CompletedProcess[bytes]) -> Document:
    """The child's answer. Raises UnreadableDocument where it is an error, is no document, or never came."""
    if done.returncode < 0:
        raise UnreadableDocument(
            f"{page.url} took more than {PROCESSOR_SECONDS} seconds of processor time, or more memory than "
            "a document may, and was given up."
        )
    try:
        told: Any = json.loads(done.stdout) if len(done.stdout) <= _MOST_ANSWER else None
        if isinstance(told, dict) and isinstance(told.get("error"), str):
            raise UnreadableDocument(told["error"])
        return _DOCUMENT.validate_json(done.stdout) if told else _nonsense(page)
    except (ValueError, RecursionError, ValidationError) as error:
        raise UnreadableDocument(f"{page.url} could not be opened: the reader broke down over it.") from error


def _nonsense(page: Page) -> Document:
    raise UnreadableDocument(f"{page.url} could not be opened: the reader broke down over it.")


def limit(memory_bytes: int) -> None:
    """Bounds this process. macOS knows no RLIMIT_AS; there the clock of the parent is the only bound."""
    for name, most in (
        ("RLIMIT_AS", memory_bytes),
        ("RLIMIT_CPU", PROCESSOR_SECONDS),
        ("RLIMIT_NOFILE", OPEN_FILES),
        ("RLIMIT_CORE", 0),
    ):
        kind = getattr(resource, name, None)
        if kind is None:
            continue
        try:
            resource.setrlimit(kind, (most, most))
        except (ValueError, OSError):  # a lower limit is set already, or the system refuses: the clock stays
            continue


def serve() -> None:
    """The child: one page on standard input (a line of JSON, then its bytes), one Document or error out."""
    head = json.loads(sys.stdin.buffer.readline(100_000))
    limit(int(head["memory"]))
    page = Page(
        url=head["url"], content_type=head["content_type"], body=sys.stdin.buffer.read(MOST_BYTES + 1)
    )
    try:
        answer = _DOCUMENT.dump_json(open_document(page))
    except UnreadableDocument as error:
        answer = json.dumps({"error": str(error)}).encode()
    except MemoryError:
        answer = json.dumps(
            {"error": f"{page.url} needs more memory than a document may, and was given up."}
        ).encode()
    sys.stdout.buffer.write(answer)


if __name__ == "__main__":
    serve()
