"""Makes the pictures in docs/pictures of what readers get: `make pictures`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from html import escape
from pathlib import Path
from typing import Literal

from PIL import Image

from tests.deliver.invented import digest, entry, full_week
from tests.deliver.parts import LINK, renderer
from tests.looks import node
from tests.looks.pages import PAGE_URL, a_week, meeting_sheet
from tests.pictures import slack_look

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
COLOURS = 64  # of words on plain grounds nobody sees the difference, and the file is a third as large
PHONE = 375
A4 = (794, 1123)  # CSS pixels
MARGINS_OF_PAPER = "<style>@media print { html { padding: 18mm; box-sizing: border-box; } }</style></head>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """The first `height` of a page laid out `width` wide, both in CSS pixels, as the picture `name`; `before`: the
    heading before which it ends instead."""

    name: str
    html: str
    width: int
    height: int = 1000
    before: str | None = None
    scheme: Literal["light", "dark"] = "light"
    media: Literal["screen", "print"] = "screen"
    pictures: Mapping[str, str] = field(default_factory=dict)

    @property
    def file(self) -> Path:
        return PICTURES / f"{self.name}.png"


def shots() -> Iterator[Shot]:
    mail = renderer().email(full_week(), LINK, PAGE_URL)
    quiet = renderer().email(digest(), LINK, PAGE_URL)
    yield Shot(name="digest", html=mail.html, width=660, before="What happened")
    yield Shot(name="digest-dark", html=mail.html, width=660, before="What happened", scheme="dark")
    yield Shot(name="digest-phone", html=mail.html, width=PHONE, height=812)
    yield Shot(name="digest-phone-dark", html=mail.html, width=PHONE, height=812, scheme="dark")
    yield Shot(name="digest-text", html=as_plain_text(mail.text), width=720, height=835)
    yield Shot(name="quiet-week", html=quiet.html, width=660, before="About this email")
    sheet = meeting_sheet().replace("</head>", MARGINS_OF_PAPER)
    yield Shot(name="meeting", html=sheet, width=A4[0], height=A4[1], media="print")
    round_up = renderer().slack(a_week(), page_url=PAGE_URL)
    yield Shot(name="slack", html=slack_look.page(round_up, "safeguarding"), width=760, height=795)
    at_once = renderer().slack(
        replace(digest(entry()), schedule="immediately", since=None), page_url=PAGE_URL
    )
    yield Shot(name="slack-topic", html=slack_look.page(at_once), width=760, height=498)


def as_plain_text(text: str) -> str:
    """A page that shows a mail's text part as a mail program does that shows no HTML."""
    style = "margin: 24px; font: 15px/1.4 'Liberation Mono', monospace; white-space: pre-wrap"
    return f'<!DOCTYPE html><html lang="en-GB"><title>Text</title><body><pre style="{style}">{escape(text)}</pre></body></html>'


def take(wanted: Iterator[Shot]) -> Iterator[Path]:
    """Takes them, makes each small, and gives the files."""
    every = list(wanted)
    node.run("shoot.mjs", {"shots": [asdict(shot) | {"file": str(shot.file)} for shot in every]})
    for shot in every:
        with Image.open(shot.file) as picture:
            small = picture.convert("RGB").quantize(
                COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE
            )
        small.save(shot.file, optimize=True)
        yield shot.file


if __name__ == "__main__":
    lacking = node.missing()
    if lacking:
        sys.exit(lacking)
    for file in take(shots()):
        print(f"{file.name}: {file.stat().st_size // 1024} kB")
