"""A second, crude look at a page: its letters and addresses, straight from the bytes.

It shares no code with bot/formats, so that what those lose (a tree cut off, a block taken for furniture) is
missed here: no parser, no tree, tags only taken out as they come. It does not know what a review is; it knows
whether words still stand on a page. One pass, in time that grows with the length alone.
"""

from __future__ import annotations

import html
import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass
from functools import lru_cache
from typing import TypedDict
from urllib.parse import unquote, urljoin

from bot.models import Page
from bot.names import address

_TAG = re.compile(r"<!--|-->|<!\[CDATA\[|\]\]>|<(/?)([a-zA-Z][\w:-]*+)([^<>]*+)>|<[!?/][^<>]*+>")
_HREF = re.compile(r"\b(?:href|src)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.I)
_BARE = re.compile(r"(?<=\]\()[^\s()<>]+|https?://[^\s<>\"'\])]+")  # in Markdown, and in plain text
_HIDDEN = ("script", "style", "template", "noscript")
_INLINE = ("a", "b", "i", "em", "strong", "span", "u", "small", "sup", "sub", "font", "mark", "abbr", "o:p")
_ENDS = re.compile(rb"</(?:html|body|rss|feed|rdf:RDF)\s*>", re.I)
_FEED = re.compile(rb"<(?:rss|feed|rdf:RDF)\b", re.I)
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|div|table|p|h[1-6]|ul)\b", re.I)
PIECE = 25  # letters, from which on a text is hardly found on a page by chance
_TAIL = 4096  # bytes: closing tags may be followed by comments of caches and hosts
_WORD = re.compile(r"[^\W_]+")
_IN_A_TAG = re.compile(rb"</?[a-zA-Z][^<>]{0,2000}\Z")
_RANGE = re.compile(r"\b(\d+) ?(?:to|-|–|—) ?(\d+) (?:of|from) (\d+)\b", re.I)
_COUNTED = re.compile(
    r"(?:^|\b(?:of|found|showing|total(?: of)?:?) )(\d+) "
    r"(?:results?|(?:case )?reviews?|records?|items?|reports?)"
    r"(?: (?:were |have been )?(?:found|published|listed))?\.?$",
    re.I,
)
_ENTRY = re.compile(r"(?:[a-z]+ )?(?:19|20)\d\d ?[-–—] ?[^\W\d_][^-–—]{1,60} ?[-–—] ?[^\W_]", re.I)

# What is no UTF-8, byte by byte, and what nobody means by U+0080 to U+009F, stands for windows-1252.
_WESTERN = {
    start + byte: bytes([byte]).decode("cp1252", "ignore")
    for start, end in ((0xDC00, 0x100), (0, 0xA0))
    for byte in range(0x80, end)
}
_MISTAKEN = re.compile("[\x80-\x9f\udc80-\udcff]")
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """What can be seen of a page without reading it.

    `letters`: all letters and digits of its text, small, nothing between them. `words`: its words, one space
    between them. `lines`: the letters of each line. `addresses`: where it links to. `closed`: whether its
    markup comes to its end tag; None where it has none. `in_a_tag`: the bytes stop inside a tag. `stated`:
    how many entries it says that it shows; `total`: how many there are in all. `entries`: lines that look
    like the heading of an entry, `2025 – Place – Child A`.
    """

    letters: str
    words: str
    lines: frozenset[str]
    addresses: frozenset[str]
    closed: bool | None = None
    in_a_tag: bool = False
    stated: int | None = None
    total: int | None = None
    entries: int = 0

    def shows(self, text: str) -> bool:
        """Whether this text, however set, stands on the page; a short one as a line of its own."""
        wanted = letters(text)
        return wanted in self.lines or (len(wanted) >= PIECE and wanted in self.letters)

    def names(self, text: str) -> bool:
        """Whether these words stand there in a row."""
        return f" {words(text)} " in f" {self.words} "


class _Text(TypedDict):
    letters: str
    words: str
    lines: frozenset[str]


def glance(page: Page) -> Glance | None:
    """None for what cannot be looked through without a reader: a PDF, an archive that is damaged."""
    body = page.body
    if b"%PDF-" in body[:1024]:
        return None
    if body.startswith(b"PK\x03\x04"):
        return _glance_at_word(page)
    marked = bool(_HTML.search(body[:_TAIL]) or _FEED.search(body[:1024]))
    lines, links = _looked_through(_decoded(body))
    stated, total = _stated(lines)
    links += [link for line in lines if "://" in line or "](" in line for link in _BARE.findall(line)]
    return Glance(
        **_told_apart(lines),
        addresses=_addresses(page.url, links),
        closed=bool(_ENDS.search(body[-_TAIL:])) if marked else None,
        in_a_tag=marked and bool(_IN_A_TAG.search(body[-_TAIL:])),
        stated=stated,
        total=total,
        entries=len({line for line in lines if _ENTRY.match(line)}),
    )


def _glance_at_word(page: Page) -> Glance | None:
    try:
        with zipfile.ZipFile(io.BytesIO(page.body)) as archive:
            part = archive.open("word/document.xml").read(8_000_000)
    except (zipfile.BadZipFile, KeyError, ValueError, NotImplementedError, OSError, EOFError, RuntimeError):
        return None
    lines, _ = _looked_through(part.decode("utf-8", "replace"))
    return Glance(**_told_apart(lines), addresses=frozenset())


def _told_apart(lines: list[str]) -> _Text:
    each = [_WORD.findall(line) for line in _folded("\n".join(lines)).split("\n")]
    runs = ["".join(found) for found in each]
    return {
        "letters": "".join(runs),
        "words": " ".join(word for found in each for word in found),
        "lines": frozenset(runs),
    }


def letters(text: str) -> str:
    """Letters and digits alone: tags, spaces, dashes and quotation marks come and go with the layout."""
    return "".join(_WORD.findall(_folded(text)))


def words(text: str) -> str:
    return " ".join(_WORD.findall(_folded(text)))


def _folded(text: str) -> str:
    return (text if text.isascii() else unicodedata.normalize("NFKC", text)).casefold()


def _decoded(body: bytes) -> str:
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", "replace")
    text = body.decode("utf-8", "surrogateescape")
    return text.translate(_WESTERN) if _MISTAKEN.search(text) else text


def _looked_through(text: str) -> tuple[list[str], list[str]]:
    """The lines of text that tags leave, and the addresses in the tags. Feeds carry pages inside: what was
    escaped, once or twice, is looked through too."""
    seen, links = _without_tags(text)
    again = html.unescape(html.unescape(seen))
    if again != seen and "<" in again:
        again, more = _without_tags(again)
        links += more
    folded = [" ".join(line.split()) for line in again.split("\n")]
    return [line for line in folded if line], links


def _without_tags(text: str) -> tuple[str, list[str]]:
    kept: list[str] = []
    links: list[str] = []
    at, hidden = 0, ""
    for found in _TAG.finditer(text):
        if not hidden:
            kept.append(text[at : found.start()])
        at = found.end()
        ends, name, rest = found[1], (found[2] or "").lower(), found[3] or ""
        if hidden or not name or name in _HIDDEN:
            hidden = _hidden(hidden, found[0], ends, name)
            if hidden:
                continue
        if name not in _INLINE:
            kept.append("\n")
        if name in ("http:", "https:"):  # `<https://...>`, as Markdown has it
            links.append(found[0].strip("<>"))
        if "=" in rest and ("href" in (said := rest.lower()) or "src" in said):
            links.extend(html.unescape(next(filter(None, one), "")) for one in _HREF.findall(rest))
    if not hidden:
        kept.append(text[at:])
    return "".join(kept), links


def _hidden(hidden: str, token: str, ends: str | None, name: str) -> str:
    """What hides the text after this token: a comment, a script; nothing."""
    if hidden == "<!--":
        return "" if token.endswith("-->") else hidden  # `<![endif]-->` is one token
    if hidden:
        return "" if ends and name == hidden else hidden
    if token == "<!--":
        return token
    return name if name in _HIDDEN and not ends else ""


@lru_cache(maxsize=4096)  # what is on one page and its last: each is looked at several times
def plain_address(url: str) -> str:
    """As bot/names compares addresses, and without regard to how spaces and accents are written in it."""
    return unquote(address(url))


def _addresses(base: str, links: list[str]) -> frozenset[str]:
    found = set()
    for link in set(links):
        try:
            found.add(plain_address(urljoin(base, link.strip())))
        except ValueError:
            continue  # no address at all, such as `http://[`
    return frozenset(found)


def _stated(lines: list[str]) -> tuple[int | None, int | None]:
    """How many entries the page says that it shows, and how many there are: `Showing 1 to 10 of 52`,
    `52 results`."""
    for line in lines:
        if len(line) > 80 or not _DIGIT.search(line):
            continue
        ranged = _RANGE.search(line)
        if ranged:
            first, last, total = (int(number) for number in ranged.groups())
            if 0 < first <= last <= total < 100_000:
                return last - first + 1, total
        counted = _COUNTED.search(line)
        if counted and 0 < int(counted[1]) < 100_000:
            return int(counted[1]), int(counted[1])
    return None, None
