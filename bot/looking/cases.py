"""A page and its records as a test case, laid out as in tests/corpus."""

from __future__ import annotations

import json
from pathlib import Path

from bot.errors import BotError
from bot.formats import format_of
from bot.looking.survey import Seen
from bot.models import Page
from bot.pipeline.follow import Collecting
from bot.record import as_record

SUFFIXES = {"feed": ".xml", "pdf": ".pdf", "docx": ".docx", "text": ".txt", "html": ".html"}


def save_case(folder: Path, seen: Seen, parts: Collecting) -> None:
    """The page byte for byte, what its server said of it, and the records that the bot makes of it with no
    settings. Raises BotError where the folder holds something already, or cannot be written."""
    page = seen.page
    reading = parts.opener.read(page)
    expected = {
        "state": reading.state,
        "see": list(reading.see),
        "reviews": [as_record(review) for review in reading.reviews],
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise BotError(f"{folder} holds something already; name a folder of its own for the test case.")
        (folder / f"page{SUFFIXES[format_of(page)]}").write_bytes(page.body)
        _write(folder / "meta.json", _meta(page, seen.kind))
        _write(folder / "expected.json", json.dumps(expected, ensure_ascii=False, indent=1))
    except OSError as error:
        raise BotError(f"The test case could not be written to {folder} ({error.strerror}).") from error


def _meta(page: Page, kind: str) -> str:
    return json.dumps({"url": page.url, "content_type": page.content_type, "kind": kind}, ensure_ascii=False)


def _write(path: Path, text: str) -> None:
    path.write_text(text + "\n", encoding="utf-8")
