"""The links of a page, by its letters alone: where each leads, and what it is called.

Of a pager nothing else counts, and a page that is broken elsewhere still has its pager. Every step is linear
in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import urldefrag, urljoin, urlsplit

LONGEST_LABEL = 70  # letters; what is longer is a title
LONGEST_ADDRESS = 1_000

_HIDDEN = re.compile(r"<(script|style|template)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<(/?)(a|link|atom:link|base)(?=[\s>/])([^<>]*)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""(?<![\w:-])([\w:-]+)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""")
_ANY_TAG = re.compile(r"<[^<>]*>")
_EDGES = re.compile(r"^[\W_]+|[^\w)]+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Leading:
    """A link. `label`: its words without signs at the edges (`»`), or what is said of it for who cannot see
    them; empty for a sign alone."""

    url: str
    label: str
    rel: frozenset[str]


def links_of(here: str, text: str) -> Iterator[Leading]:
    """The links of a page or feed, absolute and without fragments; none to a place on the page itself."""
    base = here
    opened: tuple[dict[str, str], int] | None = None
    for tag in _TAG.finditer(text):
        closing, name, rest = tag[1], tag[2].lower(), tag[3]
        if name == "a":
            if opened:
                yield from _leading(base, opened[0], text[opened[1] : tag.start()][:2_000])
            opened = None if closing else (_attributes(rest), tag.end())
        elif not closing and name == "base":
            base = _joined(here, _attributes(rest).get("href", "")) or here
        elif not closing:
            yield from _leading(base, _attributes(rest), "")


def without_scripts(text: str) -> str:
    """The text without what lies in scripts, styles and templates; one that never ends is left."""
    lowered = text.lower()
    kept: list[str] = []
    at = 0
    while opened := _HIDDEN.search(text, at):
        end = lowered.find(f"</{opened[1].lower()}", opened.end())
        if end < 0:
            break
        kept.append(text[at : opened.start()])
        at = end
    return "".join((*kept, text[at:]))


def _leading(base: str, said: dict[str, str], inside: str) -> Iterator[Leading]:
    url = _joined(base, said.get("href", ""))
    words = " ".join(unescape(_ANY_TAG.sub(" ", inside)).split())
    if url is None or len(words) > 2 * LONGEST_LABEL:
        return
    for label in (words, said.get("aria-label", ""), said.get("title", "")):
        label = _EDGES.sub("", label[: 2 * LONGEST_LABEL])
        if label:
            break
    if len(label) <= LONGEST_LABEL:
        yield Leading(url=url, label=label, rel=frozenset(said.get("rel", "").lower().split()))


def _attributes(rest: str) -> dict[str, str]:
    found = _ATTRIBUTE.findall(rest[:4_000])
    return {name.lower(): unescape(value.strip("\"'")).strip() for name, value in found}


def _joined(base: str, href: str) -> str | None:
    """Absolute; None for a place on the page itself, and for what is no address of a web page."""
    if not href or href.startswith("#"):
        return None
    try:
        whole = urldefrag(urljoin(base, href))[0]
        parts = urlsplit(whole)
        _ = parts.port  # which may be no number
    except ValueError:
        return None
    named = parts.scheme in ("http", "https") and parts.hostname and parts.username is None
    return whole if named and len(whole) <= LONGEST_ADDRESS else None
