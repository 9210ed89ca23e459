"""A picture file: what kind it is and how large, by its own first bytes.

Only what every mail program shows is taken: PNG (https://www.w3.org/TR/png/), JPEG (ITU-T T.81, B.1) and GIF
(https://www.w3.org/Graphics/GIF/spec-gif89a.txt).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

MediaType = Literal["image/png", "image/jpeg", "image/gif"]

LARGEST = 50_000  # bytes: it travels in each mail

_PNG, _PNG_END = b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"
_JPEG, _JPEG_END = b"\xff\xd8\xff", b"\xff\xd9"
# A segment that says the size: SOF0 to SOF15, but for the three markers among them that are something else.
_JPEG_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_OTHERS = (
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html)", re.IGNORECASE), "a web page"),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*<"), "SVG"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "WebP"),
    (re.compile(rb"....ftyp(?:avif|heic|mif1)", re.DOTALL), "AVIF or HEIC"),
    (re.compile(rb"BM"), "BMP"),
    (re.compile(rb"%PDF"), "PDF"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A whole picture; `width` and `height` in its own pixels."""

    content: bytes
    media_type: MediaType
    width: int
    height: int


def read_picture(path: Path) -> Picture:
    """The picture at `path`. Raises ValueError with what is wrong and what would be right."""
    try:
        if not path.is_file():
            raise ValueError(
                f"is no file: there is no {path.name} in {path.parent}; put it there, or write its name anew"
            )
        size = path.stat().st_size
        if size > LARGEST:
            raise ValueError(
                f"is {size / 1000:.0f} kB, and goes into each mail; save it smaller, at most "
                f"{LARGEST // 1000} kB"
            )
        content = path.read_bytes()
    except OSError as error:
        raise ValueError(f"could not be read ({error.strerror}); check its permissions") from None
    return picture_of(content)


def picture_of(content: bytes) -> Picture:
    """The same from its bytes."""
    found = _png(content) or _gif(content) or _jpeg(content)
    if found is None:
        kind = next((kind for look, kind in _OTHERS if look.match(content)), None)
        said = f"{kind}, which some mail programs do not show" if kind else "no picture that mail can carry"
        raise ValueError(f"is {said}; save it as PNG, JPEG or GIF")
    media_type, width, height, whole = found
    if not (whole and width and height):
        raise ValueError("is a picture that is cut off or damaged; save it again")
    return Picture(content=content, media_type=media_type, width=width, height=height)


_Found = tuple[MediaType, int, int, bool]  # width, height, and whether its end is there


def _png(content: bytes) -> _Found | None:
    if not content.startswith(_PNG):
        return None
    header = content[16:24] if content[12:16] == b"IHDR" else b""
    return "image/png", _number(header[:4]), _number(header[4:]), content.find(_PNG_END) > 0


def _gif(content: bytes) -> _Found | None:
    if not content.startswith((b"GIF87a", b"GIF89a")):
        return None
    width, height = (int.from_bytes(content[at : at + 2], "little") for at in (6, 8))
    return "image/gif", width, height, content.rstrip(b"\0").endswith(b";")


def _jpeg(content: bytes) -> _Found | None:
    if not content.startswith(_JPEG):
        return None
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker in _JPEG_FRAMES:
            height, width = _number(content[at + 5 : at + 7]), _number(content[at + 7 : at + 9])
            return "image/jpeg", width, height, content.find(_JPEG_END, at) > 0
        # A marker may have fill bytes before it (B.1.1.2); all others here say how long they are.
        at += 1 if marker == 0xFF else 2 + _number(content[at + 2 : at + 4])
    return "image/jpeg", 0, 0, False


def _number(content: bytes) -> int:
    return int.from_bytes(content, "big")
