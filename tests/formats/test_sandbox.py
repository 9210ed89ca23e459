"""Files that would harm whoever opens them: given up in good time, with a sentence, and nothing else lost."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Lock
from time import sleep

import pytest
from reportlab.pdfgen.canvas import Canvas

import bot
from bot.errors import UnreadableDocument
from bot.fetch import sandbox
from bot.fetch.sandbox import Sandbox
from bot.formats import open_document
from bot.models import Page, Selectors, Source

URL = "https://www.wetherbyvale.example.org/report.pdf"


LISTING = b"""<h1>Case reviews published in 2025</h1>
<h2>2025 - Saltmarsh - Child A</h2><p>Death of a 5-month-old boy.</p><p>Learning: share information; listen.</p>
<h2>2025 - Saltmarsh - Child B</h2><p>Neglect of a 7-year-old girl.</p><p>Learning: be curious; ask; tell.</p>"""


def page(body: bytes, content_type: str = "application/pdf") -> Page:
    return Page(url=URL, body=body, content_type=content_type)


def report() -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.drawString(72, 700, "Child W was 3 and lived with her aunt.")
    canvas.save()
    return out.getvalue()


def pdf_with_stream(stream: bytes, declared: str) -> bytes:
    """A PDF of one page whose content is `stream`."""
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << >> >>",
        f"<< /Length {len(stream)} {declared} >>\nstream\n".encode() + stream + b"\nendstream",
    ]
    body = b"%PDF-1.4\n" + b"".join(
        b"%d 0 obj\n%s\nendobj\n" % (n, part) for n, part in enumerate(parts, start=1)
    )
    return body + b"trailer << /Root 1 0 R >>\n%%EOF\n"


def test_a_pdf_opens_as_it_would_here() -> None:
    assert Sandbox().open(page(report())) == open_document(page(report()))


def test_a_refusal_comes_back_as_it_was_said() -> None:
    with pytest.raises(UnreadableDocument, match="cut off"):
        Sandbox().open(page(report()[:-300]))


def test_a_small_page_needs_no_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere")
    assert Sandbox().open(page(b"<p>words</p>", "text/html")).blocks[0].text == "words"


def test_a_large_page_is_opened_in_the_child() -> None:
    body = b"<p>words</p><!--" + b"x" * sandbox.SMALL_BYTES + b"-->"
    assert Sandbox().open(page(body, "text/html")).blocks[0].text == "words"


def test_what_is_read_apart_is_what_is_read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    here = Sandbox().read(page(LISTING, "text/html"))
    assert [review.title for review in here.reviews] == ["Child A", "Child B"]
    monkeypatch.setattr(sandbox, "SMALL_BYTES", 10)
    assert Sandbox().read(page(LISTING, "text/html")) == here


@pytest.mark.parametrize("small", [sandbox.SMALL_BYTES, 10], ids=["here", "apart"])
def test_a_source_says_how_its_page_is_read(monkeypatch: pytest.MonkeyPatch, small: int) -> None:
    monkeypatch.setattr(sandbox, "SMALL_BYTES", small)
    source = Source(id="w", name="W", url=URL, select=Selectors(item="h2 + p", link="a"))
    with pytest.raises(UnreadableDocument, match=r"`select: item` \(h2 \+ p\) finds nothing"):
        Sandbox().read(page(b"<h2>Child A</h2><div>words</div>", "text/html"), source)
    only = Sandbox().read(page(LISTING, "text/html"), replace(source, select=None, include=("Child B",)))
    assert [review.title for review in only.reviews] == ["Child B"]


def test_a_wall_is_a_wall_apart_too() -> None:
    wall = b"<title>Just a moment...</title><h1>Checking your browser before accessing the site</h1>"
    for body in (wall, wall + b"<!--" + b"x" * sandbox.SMALL_BYTES + b"-->"):
        with pytest.raises(UnreadableDocument) as told:
            Sandbox().read(page(body, "text/html"))
        assert told.value.trouble == "blocked"


@pytest.mark.parametrize(
    "body",
    [
        b"<p>" + b"<div>" * 300 + b"words",
        b"<p>words</p>" * 7_000,
        b"<a href=/x>words</a> " * 1_600,
        b"<p>" + b"words and more " * 400,
        b"<p>" + b"<b>words and </b>more " * 400,
        b"words and more\n\n" * 20_000,
    ],
    ids=["deep", "tags", "links", "paragraph", "pieces of a paragraph", "text"],
)
def test_a_page_that_is_odd_in_any_way_is_read_apart(monkeypatch: pytest.MonkeyPatch, body: bytes) -> None:
    monkeypatch.setattr(sandbox, "_CHILD", """print('{"error":"read apart","trouble":"unreadable"}')""")
    with pytest.raises(UnreadableDocument, match="read apart"):
        Sandbox().read(page(body, "text/html" if b"<" in body else "text/plain"))


def test_no_more_children_run_than_there_are_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    running, most, lock = 0, 0, Lock()

    def run(*_: object, **__: object) -> subprocess.CompletedProcess[bytes]:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        sleep(0.02)
        with lock:
            running -= 1
        return subprocess.CompletedProcess([], 0, b'{"error":"busy"}')

    monkeypatch.setattr(subprocess, "run", run)
    with ThreadPoolExecutor(12) as pool:
        told = list(pool.map(lambda _: _error(page(report())), range(12)))
    assert set(told) == {"busy"}
    assert most <= (os.cpu_count() or 1)


def _error(page: Page) -> str:
    try:
        Sandbox().open(page)
    except UnreadableDocument as error:
        return str(error)
    return ""


def test_html_that_is_named_pdf_is_a_page() -> None:
    assert Sandbox().open(page(b"<!doctype html><p>Moved</p>")).format == "html"


def test_a_bomb_is_given_up() -> None:
    squeezer = zlib.compressobj(9)
    parts = [squeezer.compress(b" " * 10_000_000) + squeezer.flush(zlib.Z_FULL_FLUSH) for _ in range(2)]
    stream = parts[0] + parts[1] * 30 + squeezer.flush()  # each part stands alone: 0.3 GB of blanks
    with pytest.raises(UnreadableDocument, match="memory"):
        Sandbox(memory_bytes=250_000_000).open(page(pdf_with_stream(stream, "/Filter /FlateDecode")))


def test_what_takes_too_long_is_given_up() -> None:
    endless = zlib.compress(b"BT (x) Tj ET\n" * 2_000_000)
    with pytest.raises(UnreadableDocument, match=r"within 0\.6 seconds"):
        Sandbox(wall_seconds=0.6).open(page(pdf_with_stream(endless, "/Filter /FlateDecode")))


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("import os; os.kill(os.getpid(), 9)", "given up"),
        ("print(1/0)", "broke down"),
        ("print('[]')", "broke down"),
    ],
)
def test_a_child_that_dies_or_talks_nonsense_is_one_unreadable_document(
    monkeypatch: pytest.MonkeyPatch, script: str, says: str
) -> None:
    monkeypatch.setattr(sandbox, "_CHILD", script)
    with pytest.raises(UnreadableDocument, match=says):
        Sandbox().open(page(report()))


def test_what_is_too_large_is_not_opened_at_all() -> None:
    with pytest.raises(UnreadableDocument, match="25 MB"):
        Sandbox().open(page(b"%PDF-" + b"x" * sandbox.MOST_BYTES))


def test_the_child_finds_the_bot_from_any_directory_and_without_the_environment(tmp_path: Path) -> None:
    root = str(Path(bot.__file__).parents[1])
    script = (
        f"import sys; sys.path.insert(0, {root!r})\n"
        "from bot.fetch.sandbox import Sandbox\nfrom bot.models import Page\n"
        "body = sys.stdin.buffer.read()\n"
        "print(Sandbox().open(Page(url='https://a.example.org', body=body, content_type=None)).blocks[0].text)"
    )
    (tmp_path / "bot.py").write_text("raise SystemExit('the wrong bot')")
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    done = subprocess.run(
        [sys.executable, "-c", script],
        input=report(),
        capture_output=True,
        cwd=tmp_path,
        env=environment,
        check=True,
    )
    assert done.stdout.decode().strip() == "Child W was 3 and lived with her aunt."
