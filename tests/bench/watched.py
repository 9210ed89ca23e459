"""150 invented sites on loopback, in a process of their own: pages of 100 kB in the layouts of real ones."""

from __future__ import annotations

import asyncio
import hashlib
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Literal

from tests.bench.measuring import SPAWN
from tests.bench.pages import _ADVICE, _FINDINGS, _HARMS, _KEYWORDS, _MONTHS

LONG = 100_000  # bytes of a page
ROBOTS = b"User-agent: *\nDisallow: /wp-admin/\nAllow: /wp-admin/admin-ajax.php\nSitemap: /sitemap.xml\n"
_FIRST = ("Wether", "Harrow", "Salt", "Fell", "Thorn", "Ash", "Elm", "Raven", "Stan", "Mar", "Pen", "Cold")
_SECOND = (
    "by",
    "mere",
    "marsh",
    "bridge",
    "moor",
    "combe",
    "ford",
    "wick",
    "stoke",
    "ham",
    "leigh",
    "den",
    "port",
)
_SYLLABLES = (
    "ba",
    "del",
    "fen",
    "gar",
    "hol",
    "ith",
    "jo",
    "kel",
    "lor",
    "min",
    "nes",
    "or",
    "per",
    "ros",
    "syl",
    "tam",
)

Manner = Literal["conditional", "deaf"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedPage:
    """A page that a source watches."""

    number: int
    body: bytes
    content_type: str

    @property
    def host(self) -> str:
        return host(self.number)


def host(number: int) -> str:
    return f"www.{place(number).lower()}.example"


def place(number: int) -> str:
    return f"{_FIRST[number % 12]}{_SECOND[number // 12]}"


def watched_page(number: int, *, newer: int = 0) -> WatchedPage:
    """The page of a site: a third are lists of summaries, a third lists of links, a third WordPress feeds.
    `newer`: so many reviews were added at its top since."""
    make, content_type = (
        (_summaries, "text/html; charset=utf-8"),
        (_links, "text/html; charset=utf-8"),
        (_feed, "application/rss+xml; charset=UTF-8"),
    )[number % 3]
    body = make(number, newer).encode()
    return WatchedPage(number=number, body=body, content_type=content_type)


# --- three layouts --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What one invented review says."""

    title: str
    year: int
    incident: str
    findings: list[str]
    advice: list[str]
    keywords: list[str]


def _told(number: int, nth: int) -> _Told:
    """The same of the same review, wherever it stands."""
    draw = random.Random(f"{number} {nth}")
    name = _name(number, nth)
    month = f"{draw.choice(_MONTHS)} {draw.randint(2016, 2024)}"
    return _Told(
        title=f"Child {name}, {place(number)}",
        year=2016 + min(nth // 8, 10),
        incident=draw.choice(_HARMS).format(age=draw.randint(2, 17), month=month)
        + f". The family was known to {draw.randint(2, 9)} services and had moved from {place(draw.randrange(150))}.",
        findings=draw.sample(_FINDINGS, 5),
        advice=draw.sample(_ADVICE, 4),
        keywords=draw.sample(_KEYWORDS, 4),
    )


def _name(number: int, nth: int) -> str:
    """Every site has its Child A to Child J. Other names are given once on a site, and to a few others elsewhere:
    4,096 names to some 15,000 children."""
    if nth < 10:
        return "ABCDEFGHIJ"[nth]
    of_all = (number * 211 + nth * 17) % 16**3
    return "".join(_SYLLABLES[of_all // 16**place % 16] for place in range(3)).capitalize()


def _filled(number: int, newer: int, entry: Callable[[int, int], str], around: int) -> list[str]:
    """As many entries as make up a page, the newest first."""
    entries: list[str] = []
    while around + sum(map(len, entries)) < LONG:
        entries.append(entry(number, len(entries)))
    entries += [entry(number, len(entries) + nth) for nth in range(newer)]
    return entries[::-1]


def _page(number: int, title: str, entries: list[str]) -> str:
    return _frame(number).format(title=title, entries="\n".join(entries))


def _frame(number: int) -> str:
    """Menus, scripts and footers, as they stand around the content of a council's page."""
    menu = "".join(
        f'<li class="menu-item menu-item-{n}"><a href="/section/{n}/">Working with families, part {n}</a></li>'
        for n in range(60)
    )
    style = "".join(f".block-{n}{{{{margin:0 0 {n}px;padding:{n}px}}}}\n" for n in range(150))
    return (
        '<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>{title} | '
        f"{place(number)} Safeguarding Children Partnership</title><style>{style}</style></head><body>"
        f'<header><nav><ul class="menu">{menu}</ul></nav></header><main id="content"><h1>{{title}}</h1>'
        "<p>Reviews are published here once the partnership has agreed them.</p>{entries}</main>"
        f'<footer><ul class="menu">{menu}</ul><p>{place(number)} Safeguarding Children Partnership</p>'
        "</footer></body></html>"
    )


def _summaries(number: int, newer: int) -> str:
    entries = _filled(number, newer, _summary, len(_frame(number)))
    return _page(number, "Local child safeguarding practice reviews", entries)


def _summary(number: int, nth: int) -> str:
    """An accordion's panel, as council sites have it: title, what happened, what was learned, the report."""
    told = _told(number, nth)
    findings = "".join(f"<li>{point}</li>" for point in told.findings)
    advice = "".join(f"<li>{point}</li>" for point in told.advice)
    return (
        f'<div class="accordion__section"><div class="accordion__header"><h2 id="heading-{nth}">'
        f'<button type="button" aria-expanded="false" aria-controls="panel-{nth}">{told.title} ({told.year})'
        f'</button></h2></div><div class="accordion__panel" id="panel-{nth}"><p>{told.incident}</p>'
        f"<h3>Learning</h3><ul>{findings}</ul><h3>Recommendations</h3><ul>{advice}</ul>"
        f"<p><strong>Keywords</strong>: {', '.join(told.keywords)}</p>"
        f'<p><a href="/media/{number}{nth:04}/child-{nth}-report.pdf">Read the overview report (PDF)</a></p></div></div>'
    )


def _links(number: int, newer: int) -> str:
    entries = _filled(number, newer, _link, len(_frame(number)))
    return _page(number, "Published reviews", [f'<ul class="documents">{"".join(entries)}</ul>'])


def _link(number: int, nth: int) -> str:
    """A line in a list of documents, with the icon and classes that a builder of pages puts around it."""
    told = _told(number, nth)
    return (
        f'<li class="document wp-block-file wp-block-file--{nth}" data-type="application/pdf" data-id="{nth}">'
        f'<span class="icon icon--pdf" aria-hidden="true"></span><a class="document__link" '
        f'href="/wp-content/uploads/{told.year}/0{nth % 9 + 1}/lcspr-child-{nth}-overview-report.pdf" '
        f'target="_blank" rel="noopener noreferrer">Local Child Safeguarding Practice Review: {told.title}</a> '
        f'<span class="document__date">{nth % 28 + 1} {_MONTHS[nth % 7]} {told.year}</span></li>\n'
    )


def _feed(number: int, newer: int) -> str:
    entries = _filled(number, newer, _item, 400)
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>{place(number)} Safeguarding Children Partnership</title>"
        f"<link>http://{host(number)}</link><description>News of the partnership</description>"
        f"{''.join(entries)}</channel></rss>"
    )


def _item(number: int, nth: int) -> str:
    told, address = _told(number, nth), f"http://{host(number)}/news/{nth}/"
    points = "".join(f"<li>{point}</li>" for point in told.findings)
    advice = "".join(f"<li>{point}</li>" for point in told.advice)
    return (
        f"<item><title>Local Child Safeguarding Practice Review: {told.title}</title><link>{address}</link>"
        f"<pubDate>Mon, {nth % 28 + 1:02} Sep {told.year} 09:00:00 +0100</pubDate>"
        f"<guid isPermaLink='false'>http://{host(number)}/?p={5000 + nth}</guid>"
        f"<description><![CDATA[<p>{told.incident} [&#8230;]</p>]]></description><content:encoded><![CDATA[<p>"
        f"{told.incident}</p>\n<h3>What was learned</h3><ul>{points}</ul><h3>Recommendations</h3><ul>{advice}"
        f"</ul><p><a href='{address}report.pdf'>Read the review of {told.title}</a></p>]]></content:encoded></item>"
    )


# --- the server -----------------------------------------------------------------------------------------


class WatchedSites:
    """The sites, told apart by the Host header. Each answer closes its connection, as the bot asks for."""

    def __init__(self, port: int, pipe: Connection) -> None:
        self.port, self._pipe = port, pipe

    def turn(self, manner: Manner, *, newer: int) -> dict[int, int]:
        """How they answer from now on; how often they gave which status until now."""
        self._pipe.send((manner, newer))
        answered: dict[int, int] = self._pipe.recv()
        return answered


@contextmanager
def watched_sites(count: int) -> Iterator[WatchedSites]:
    ours, theirs = SPAWN.Pipe()
    process = SPAWN.Process(target=_serve, args=(theirs, count), daemon=True)
    process.start()
    try:
        yield WatchedSites(ours.recv(), ours)
    finally:
        process.terminate()
        process.join()


class _Sites:
    def __init__(self, pipe: Connection, count: int) -> None:
        self._pipe, self._count = pipe, count
        self._manner: Manner = "conditional"
        self._answered: dict[int, int] = {}
        self._pages = self._made(0)

    def _made(self, newer: int) -> dict[str, tuple[WatchedPage, str]]:
        pages = [watched_page(number, newer=newer) for number in range(self._count)]
        return {page.host: (page, f'"{hashlib.sha256(page.body).hexdigest()[:16]}"') for page in pages}

    def turn(self) -> None:
        self._manner, newer = self._pipe.recv()
        self._pages = self._made(newer)
        self._pipe.send(self._answered)
        self._answered = {}

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in request[1:] if ": " in line)
        status, fields, body = self._of(request[0].split()[1], headers)
        self._answered[status] = self._answered.get(status, 0) + 1
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        writer.write(f"HTTP/1.1 {status} Said\r\n{head}Connection: close\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()

    def _of(self, path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        if path == "/robots.txt":
            return 200, {"Content-Type": "text/plain", "Content-Length": str(len(ROBOTS))}, ROBOTS
        page, etag = self._pages[headers["host"].partition(":")[0]]
        validators = {"ETag": etag} if self._manner == "conditional" else {}
        if validators and headers.get("if-none-match") == etag:
            return 304, validators, b""
        length = {"Content-Type": page.content_type, "Content-Length": str(len(page.body))}
        return 200, {**validators, **length}, page.body


def _serve(pipe: Connection, count: int) -> None:
    async def serve() -> None:
        sites = _Sites(pipe, count)
        server = await asyncio.start_server(sites.answer, "127.0.0.1", 0)
        asyncio.get_running_loop().add_reader(pipe.fileno(), sites.turn)
        pipe.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())
