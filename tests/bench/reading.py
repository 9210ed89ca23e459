"""What opening and reading cost, as ratios to the libraries alone over the same pages in the same run.

Processor seconds of one warm process, medians over pages of the same length and other words. `parsed by ...` is
the least that any program must spend on the page; what we add is the tree, the blocks, and the grammar of the field.
"""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import feedparser
import lxml.etree
import lxml.html
from bs4 import BeautifulSoup
from pdfminer.high_level import extract_pages
from pdfminer.layout import LAParams

from bot.formats import open_document
from bot.models import Page
from bot.reading import read
from tests.bench.pages import feed, listing, report

# How many times as long as the library alone each may take. Raise one only with a reason in the commit.
MOST = {
    "listing / lxml": 185.0,
    "listing / BeautifulSoup": 14.0,
    "feed / lxml": 250.0,
    "feed / feedparser": 4.3,
    "report / pdfminer.six": 1.3,
}
LEAST_NOISE = 0.1  # of a ratio: two runs of the same code on a busy machine differ by as much


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """Seconds of each round, and what was counted in the last one."""

    seconds: list[float]
    count: int

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def spread(self) -> float:
        """How far the middle half of the rounds lie apart, as a share of the median."""
        lower, _, upper = statistics.quantiles(self.seconds, n=4)
        return (upper - lower) / self.median


Work = Callable[[bytes], int]
Body = TypeVar("Body")


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


def timed(bodies: Sequence[Body], works: Sequence[Callable[[Body], int]]) -> list[Timed]:
    """Each work over each body, one after the other, so that a busy minute falls on all of them alike."""
    seconds: list[list[float]] = [[] for _ in works]
    counts = [work(bodies[0]) for work in works]  # warms caches and imports
    for body in bodies[1:]:
        for at, work in enumerate(works):
            start = time.process_time()
            counts[at] = work(body)
            seconds[at].append(time.process_time() - start)
    return [Timed(seconds=spent, count=count) for spent, count in zip(seconds, counts, strict=True)]


def compare(name: str, bodies: list[bytes], ours: Work, libraries: dict[str, Work]) -> list[str]:
    """Prints what each took; gives a line for each ratio above its most."""
    mine, *others = timed(bodies, [ours, *libraries.values()])
    print(f"{name:46} {mine.count:6} {mine.median:8.3f} s CPU, {len(bodies[0]) // 1000} kB")
    above = []
    for library, other in zip(libraries, others, strict=True):
        ratio, most = mine.median / other.median, MOST[f"{name.split()[0]} / {library}"]
        noise = max(LEAST_NOISE, mine.spread, other.spread)
        print(
            f"  {f'parsed by {library} alone':44} {other.count:6} {other.median:8.4f} s CPU, {ratio:.2f} x (most {most})"
        )
        if ratio > most * (1 + noise):
            above.append(
                f"{name}: {ratio:.2f} times {library} alone, the most is {most} and the noise {noise:.0%}"
            )
    return above


def main() -> list[str]:
    """Gives a line for each ratio that is above its most by more than the noise."""
    listings, feeds = [listing(seed) for seed in range(10)], [feed(seed) for seed in range(10)]
    return [
        *compare("listing of 170 entries, opened and read", listings, read_page("text/html; charset=utf-8"),
                 {"lxml": parse_by_lxml, "BeautifulSoup": parse_by_soup}),
        *compare("feed of 100 items, opened and read", feeds, read_page("application/rss+xml"),
                 {"lxml": parse_xml_by_lxml, "feedparser": parse_by_feedparser}),
        *compare("report of 100 pages in PDF, opened", [report()] * 4, open_report, {"pdfminer.six": parse_by_pdfminer}),
    ]  # fmt: skip
