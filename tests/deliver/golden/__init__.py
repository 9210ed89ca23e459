"""What the shipped templates make of the main cases, kept as files, so that a review sees every change of them.

`python -m tests.deliver.golden` makes the files again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from bot.deliver.rendering.render import Renderer
from bot.deliver.rendering.templating import Templates
from bot.hard_cases import HardCase, a_report, a_summary, hard_cases
from bot.models import Organisation
from tests.deliver.invented import SLOT, full_week, name_of_theme
from tests.deliver.parts import TEMPLATES

FOLDER = Path(__file__).parent
KINDS = (".html", ".txt", ".json")
STOP = "https://learning.example.org/unsubscribe/7.opaque"
PAGE = "https://learning.example.org/digests/5d41402abc4b2a76b9719d911017c592"
HARD = (
    "Welsh",
    "Arabic and Hebrew, from right to left",
    "markup in all that a source says",
    "a changed review",
    "a withdrawn review",
    "a quiet week with a source unread",
    "a first digest",
    "told at once",
)


def cases() -> list[HardCase]:
    """A usual week, eight that are hard, and what administrators get."""
    known = {case.name: case for case in hard_cases(SLOT)}
    return [
        HardCase(name="a usual week", digest=full_week()),
        *(known[name] for name in HARD),
        HardCase(name="a report on sources", digest=a_report(SLOT)),
        HardCase(name="a summary for administrators", digest=a_summary(SLOT)),
    ]


def made() -> Iterator[tuple[str, str]]:
    """Each file's name, and what is in it."""
    organisation = Organisation(name="Saltmarsh learning", contact="safeguarding@example.org")
    renderer = Renderer(Templates(TEMPLATES), name_of_theme, lambda: organisation)
    for case in cases():
        name = re.sub(r"\W+", "-", case.name.lower())
        mail = renderer.email(case.digest, STOP, PAGE)
        posts = [asdict(post) for post in renderer.slack(case.digest, page_url=PAGE)]
        yield f"{name}.html", mail.html
        yield f"{name}.txt", f"Subject: {mail.subject}\n\n{mail.text}"
        yield f"{name}.slack.json", json.dumps(posts, ensure_ascii=False, indent=1) + "\n"


def kept() -> dict[str, str]:
    """The files as they are, by name."""
    files = sorted(path for path in FOLDER.iterdir() if path.suffix in KINDS)
    return {path.name: path.read_text(encoding="utf-8") for path in files}
