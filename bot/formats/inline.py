"""The marks inside a line of text or Markdown: links, bold, escapes, addresses."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from urllib.parse import quote, urljoin, urlsplit

from bot.models import Span

_LABEL = r"\[((?:\\.|[^\[\]\\]|\[(?:\\.|[^\[\]\\])*\]){0,600})\]"
_IMAGE = re.compile(r"!\[[^\]]{0,300}\](?:\([^()\s]*(?:\s+\"[^\"]*\")?\)|\[[^\]]*\])")
_TOKEN = re.compile(
    rf"(?P<escape>\\[!-/:-@\[-`{{-~])"
    rf"|{_LABEL}\(\s*<?(?P<href>(?:[^\s()<>]|\([^\s()]*\))*)>?(?:\s+[\"'(][^\"')]*[\"')])?\s*\)"
    rf"|{_LABEL}\[(?P<ref>[^\]]{{0,200}})\]"
    r"|<(?P<auto>https?://[^<>\s]+|mailto:[^<>\s]+|[\w.+-]+@[\w-]+\.[\w.-]+)>"
    r"|(?P<bare>(?:https?://|www\.(?=\w))[^\s<>\[\]\"“”]+)"
    r"|(?P<bold>\*\*|__)"
    r"|(?P<brk><br\s*/?>)|(?P<tag></?(?:u|b|i|em|strong|span|p|div|sup|sub|a|font)\b[^<>]{0,300}>)"
)
_ITALIC = re.compile(r"(?<![\w*\\])\*(?![\s*])([^*\n]{1,400}?)(?<![\s\\*])\*(?![\w*])")
_UNDER = re.compile(r"(?<![\w_\\])_(?![\s_])([^_\n]{1,400}?)(?<![\s\\_])_(?![\w_])")
_TRAILING = ".,;:!?'’”\"*_"


def absolute(href: str | None, base: str) -> str | None:
    """An address in full, or None where it leads to no other page (`#`, `mailto:`, `javascript:`, broken).

    Spaces and other letters are percent-encoded, as a browser does (WHATWG URL).
    """
    href = "".join((href or "").split("\n")).replace("\t", "").strip()
    if not href or href.startswith("#"):
        return None
    try:
        url = urljoin(base, href)
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return None
    return quote(url, safe="!#$%&'()*+,/:;=?@[]~")


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Neighbouring spans of one look as one."""
    made: list[Span] = []
    for span in spans:
        if made and (made[-1].bold, made[-1].url) == (span.bold, span.url):
            made[-1] = replace(span, text=made[-1].text + span.text)
        else:
            made.append(span)
    return tuple(made)


class Inline:
    """Reads the marks of one page: its address, and its link definitions (`[name]: address`)."""

    def __init__(self, base: str, definitions: Mapping[str, str]) -> None:
        self._base = base
        self._definitions = definitions

    def spans(self, text: str) -> tuple[Span, ...]:
        """A line or paragraph as spans. Marks that do not pair are kept as the characters they are."""
        text = _IMAGE.sub("", text)
        text = _UNDER.sub(r"\1", _ITALIC.sub(r"\1", text))
        return merged(self._read(text, bold=False, url=None, paired=_pairs(text)))

    def _read(self, text: str, *, bold: bool, url: str | None, paired: int) -> list[Span]:
        made: list[Span] = []
        at = 0
        for match in _TOKEN.finditer(text):
            made += _plain(text[at : match.start()], bold, url)
            at = match.end()
            kind = match.lastgroup
            if kind == "bold" and paired > 0:
                bold, paired = not bold, paired - 1
            elif kind in ("href", "ref"):
                made += self._link(match, bold, url)
            elif kind in ("auto", "bare"):
                made += self._address(match, bold, url)
            elif kind == "brk":
                made.append(Span(text="\n", bold=bold, url=url))
            elif kind != "tag":
                made += _plain(match.group()[1:] if kind == "escape" else match.group(), bold, url)
        return made + _plain(text[at:], bold, url)

    def _link(self, match: re.Match[str], bold: bool, outer: str | None) -> list[Span]:
        label = match.group(2) if match.group("href") is not None else match.group(4)
        target = match.group("href")
        if target is None:
            name = (match.group("ref") or label).casefold().strip()
            if name not in self._definitions:
                return _plain(match.group(), bold, outer)
            target = self._definitions[name]
        url = absolute(html.unescape(target), self._base) or outer
        return self._read(label, bold=bold, url=url, paired=_pairs(label))

    def _address(self, match: re.Match[str], bold: bool, outer: str | None) -> list[Span]:
        text = match.group("auto") or match.group("bare")
        if match.group("auto"):
            return [
                Span(text=text.removeprefix("mailto:"), bold=bold, url=outer or absolute(text, self._base))
            ]
        stop = len(text.rstrip(_TRAILING))
        while text[:stop].endswith(")") and text[:stop].count("(") < text[:stop].count(")"):
            stop = len(text[: stop - 1].rstrip(_TRAILING))
        address, rest = text[:stop], text[stop:]
        whole = address if address.startswith("http") else f"http://{address}"
        return [
            Span(text=address, bold=bold, url=outer or absolute(whole, self._base)),
            *_plain(rest, bold, outer),
        ]


def _pairs(text: str) -> int:
    """How many bold marks have a partner: an odd one out is no mark."""
    marks = len(re.findall(r"(?<!\\)(?:\*\*|__)", text))
    return marks - marks % 2


def _plain(text: str, bold: bool, url: str | None) -> list[Span]:
    return [Span(text=html.unescape(text), bold=bold, url=url)] if text else []
