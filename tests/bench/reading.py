"""What opening and reading cost, as ratios to the libraries alone over the same pages in the same run.

Processor seconds of one warm process, the best of pages of the same length and other words: a listing of 170
entries, a feed of 100 items, a report of 100 pages in PDF. What the library takes is the least that any program must
spend on the page; what we add is the tree, the blocks, and the grammar of the field.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping

import feedparser
import lxml.etree
import lxml.html
from bs4 import BeautifulSoup
from pdfminer.high_level import extract_pages
from pdfminer.layout import LAParams

from bot.formats import open_document
from bot.models import Page
from bot.reading import read
from tests.bench.findings import Finding, Growth, Ratio, growth
from tests.bench.measuring import in_turns
from tests.bench.pages import feed, listing, report

ROUNDS = 9
SIZES = (40, 170, 700)  # entries of a listing

Work = Callable[[bytes], int]


def read_page(content_type: str) -> Work:
    """Opens and reads a page as `learning-bot read` does; counts reviews."""

    def work(body: bytes) -> int:
        page = Page(url="https://www.wetherbyvale.example.org/page", body=body, content_type=content_type)
        return len(read(open_document(page)).reviews)

    return work


def open_report(body: bytes) -> int:
    """Opens a PDF; counts its blocks."""
    url = "https://www.wetherbyvale.example.org/report.pdf"
    return len(open_document(Page(url=url, body=body, content_type="application/pdf")).blocks)


def parse_by_lxml(body: bytes) -> int:
    parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True)
    return sum(1 for _ in lxml.html.document_fromstring(body, parser=parser).iter())


def parse_by_soup(body: bytes) -> int:
    return len(BeautifulSoup(body, "lxml", from_encoding="utf-8").contents)


def parse_xml_by_lxml(body: bytes) -> int:
    return sum(1 for _ in lxml.etree.fromstring(body).iter("item"))


def parse_by_feedparser(body: bytes) -> int:
    return len(feedparser.parse(body).entries)


def parse_by_pdfminer(body: bytes) -> int:
    return sum(1 for _ in extract_pages(io.BytesIO(body), laparams=LAParams(boxes_flow=None, all_texts=True)))


def compared(name: str, bodies: list[bytes], ours: Work, libraries: Mapping[str, Work]) -> Iterator[Finding]:
    taken = in_turns({name: ours, **libraries}, bodies)
    for library in libraries:
        yield Ratio(name=f"{name} / {library}", ours=taken[name], baseline=taken[library])


def grown() -> Growth:
    html, bests = read_page("text/html; charset=utf-8"), []
    for size in SIZES:
        some = [listing(seed, entries=size) for seed in range(4)]
        bests.append(in_turns({"listing": html}, some)["listing"].best)
    return growth("reading a listing, by entries", SIZES, bests)


def findings() -> Iterator[Finding]:
    listings, feeds = [listing(seed) for seed in range(ROUNDS)], [feed(seed) for seed in range(ROUNDS)]
    html = read_page("text/html; charset=utf-8")
    lxml, soup = "lxml alone", "BeautifulSoup alone"
    yield from compared("reading a listing", listings, html, {lxml: parse_by_lxml, soup: parse_by_soup})
    rss = read_page("application/rss+xml")
    known = {lxml: parse_xml_by_lxml, "feedparser alone": parse_by_feedparser}
    yield from compared("reading a feed", feeds, rss, known)
    yield from compared(
        "opening a report", [report()] * 4, open_report, {"pdfminer.six alone": parse_by_pdfminer}
    )
    yield grown()
