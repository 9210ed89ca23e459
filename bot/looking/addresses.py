"""Addresses from a file: a list, one a line, or an OPML file (feeds and pages that a feed reader exports)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError, XMLParser

from bot.errors import BotError, UsageError
from bot.looking.survey import spelled

LARGEST = 5_000_000  # bytes; a thousand feeds have 300 kB


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An address of the file, and the name that an OPML file gives it."""

    url: str
    name: str | None = None


def addresses_in(path: Path) -> tuple[Listed, ...]:
    """Each address of the file once, in its order. Raises UsageError where it is not there, BotError where
    it holds none."""
    try:
        content = path.read_bytes()[:LARGEST]
        text = content.decode("utf-8-sig")
    except FileNotFoundError:
        raise UsageError(f"There is no file {path}; check its name.") from None
    except UnicodeDecodeError:
        raise BotError(f"{path} is neither a list of addresses nor an OPML file in UTF-8.") from None
    except OSError as error:
        raise BotError(f"{path} could not be read: {error.strerror}.") from error
    listed = _opml(path, content) if text.lstrip().startswith("<") else _lines(text)
    found: dict[str, Listed] = {}
    for one in listed:
        found.setdefault(one.url, one)
    if not any(map(_is_one, found)):
        raise BotError(f"{path} has no address in it; write one a line, or export an OPML file.")
    return tuple(found.values())


def _is_one(url: str) -> bool:
    try:
        return bool(spelled(url))
    except UsageError:
        return False


def _lines(text: str) -> Iterator[Listed]:
    for line in text.splitlines():
        address = line.strip().partition(" ")[0].partition("\t")[0].rstrip(",;")
        if address and not address.startswith("#"):
            yield Listed(url=address)


class _Outlines:
    """Takes a file's outlines as they are parsed; a DOCTYPE, with which a small file can be made to fill all
    memory, is refused before any entity is looked at."""

    def __init__(self) -> None:
        self.found: list[dict[str, str]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "outline":
            self.found.append(attributes)

    def doctype(self, name: str, public: str | None, system: str | None) -> None:
        raise ParseError("a DOCTYPE is not taken")

    def close(self) -> Element:
        return Element("opml")


def _opml(path: Path, content: bytes) -> Iterator[Listed]:
    outlines = _Outlines()
    parser = XMLParser(target=outlines)
    try:
        parser.feed(content)
        parser.close()
    except ParseError as error:
        raise BotError(f"{path} is no OPML file that can be read ({error}); export it anew.") from None
    for one in outlines.found:
        url = one.get("xmlUrl") or one.get("url") or one.get("htmlUrl")
        if url and url.strip():
            name = " ".join((one.get("title") or one.get("text") or "").split())
            yield Listed(url=url.strip(), name=name or None)
