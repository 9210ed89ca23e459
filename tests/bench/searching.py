"""What a search of the archive costs, as a person meets it: the page at /archive, with its fifty reviews a page.

Three sizes of archive, on SQLite and on PostgreSQL where there is one, and for each kind of question the time to
the finished page, against the plain way of the same run: reading through all words with LIKE. Reviews are
invented, of 2.5 kB: words by Zipf's law, as in real prose, of which the commonest stand in nearly every review.
They are written straight into the tables, a thousand at a time; the index is the store's own, kept by its triggers.

Processor seconds, the best of several in turns, since a busy machine only adds: those of this process, and of the
process in which PostgreSQL serves it; where that cannot be seen, since it is on another machine, wall time.
"""

from __future__ import annotations

import contextlib
import random
import re
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import insert, make_url, text
from starlette.requests import Request

from bot.deliver.rendering.templating import Templates
from bot.models import Evidence, Facts, Link, Organisation, Review, ReviewType
from bot.store import Store, open_store
from bot.store.engine import Database
from bot.store.keeping import columns_of
from bot.store.tables import review_themes, reviews, sightings
from bot.web.archive import ArchivePage
from bot.web.pages import Pages
from bot.wiring.shipped import load_vocabulary, shipped_templates
from tests.bench.findings import LEAST_NOISE, Figure, Finding, Ratio, Timing, growth
from tests.bench.measuring import in_turns
from tests.store import postgres

SIZES = (5_000, 20_000, 50_000)
ROUNDS = 7
AT_ONCE = 1_000
NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)

COMMON = ("child", "family", "agencies", "mother", "school", "information", "practice", "neglect", "health")
STARTS = (
    "ab",
    "cor",
    "del",
    "fen",
    "gal",
    "hor",
    "jun",
    "kel",
    "lam",
    "mor",
    "nar",
    "pol",
    "sar",
    "tin",
    "wes",
)
MIDDLES = ("an", "er", "ic", "ol", "um", "at", "in", "os")
ENDS = ("ment", "tion", "ance", "ly", "ful", "ness", "al", "ive", "ous", "ity")
RARER = tuple(start + middle + end for start in STARTS for middle in MIDDLES for end in ENDS)
PLACES = tuple(
    f"{start.title()}{end}" for start in STARTS for end in ("ford", "wick", "mouth", "shire", "stead")
)
PHRASE = ("county", "lines")
RAREST = "the-rarest"
KINDS: tuple[ReviewType, ...] = ("lcspr", "scr", "cpr", "cmr", "lr", "thematic")

# What is asked for, as the fields of the form. Each finds another part of the archive.
QUESTIONS: Mapping[str, Mapping[str, str]] = {
    "nothing, the newest": {},
    "a word of nearly all": {"words": "child"},
    "two common words": {"words": "family school"},
    "five common words": {"words": "child family agencies mother health"},
    "a word of a quarter": {"words": RARER[-1]},
    "two of a quarter each": {"words": f"{RARER[-1]} {RARER[-11]}"},
    "three of a quarter each": {"words": f"{RARER[-1]} {RARER[-11]} {RARER[-21]}"},
    "a phrase": {"words": "county-lines"},
    "a word nobody has": {"words": "zyxwvu"},
    "a slip of the pen": {"words": "agecnies"},
    "odd signs": {"words": '"child OR (NEAR* -family: ^school'},
    "a theme": {"theme": "neglect"},
    "a rare theme": {"theme": RAREST},
    "a place": {"place": PLACES[40]},
    "a year": {"year": "2014"},
    "a type": {"type": "scr"},
    "a common word and a theme": {"words": "child", "theme": "neglect"},
    "a common word and a rare theme": {"words": "child", "theme": RAREST},
    "a common word and a place": {"words": "child", "place": PLACES[40]},
    "a common word and a year": {"words": "child", "year": "2014"},
    "everything": {"words": "family", "theme": "neglect", "place": "ford", "year": "2014", "type": "scr"},
}


WORDS = (*COMMON, *RARER)
ZIPF = tuple(accumulate(1 / rank for rank in range(1, len(WORDS) + 1)))


def a_review(drawn: random.Random, number: int) -> Review:
    """An invented review of about 350 words."""

    def said(sentences: int) -> str:
        each = (" ".join(drawn.choices(WORDS, cum_weights=ZIPF, k=14)) for _ in range(sentences))
        return "".join(f"{one.capitalize()}. " for one in each).strip()

    published = date(2008, 1, 1) + timedelta(days=drawn.randrange(6_890))
    phrase = f" The {' '.join(PHRASE)} were named." if drawn.random() < 0.02 else ""
    return Review(
        title=f"Child {RARER[number % len(RARER)].title()} {number}",
        place=drawn.choice(PLACES),
        year=published.year if drawn.random() < 0.8 else None,
        published=published.isoformat(),
        review_type=drawn.choice(KINDS),
        incident=said(6) + phrase,
        learning=tuple(said(2) for _ in range(6)),
        recommendations=tuple(said(1) for _ in range(6)),
        links=(Link(label="Report", url=f"https://{number % 150}.example.org/{number}.pdf"),),
        facts=Facts(ages=("10 weeks",)),
    )


def fill(database: Database, numbers: range) -> None:
    """Reviews of these numbers with their themes and one sighting each, straight into the tables."""
    drawn = random.Random(numbers.start)
    evidence = (Evidence(field="learning[0]", quote="child family"),)
    for first in range(numbers.start, numbers.stop, AT_ONCE):
        some = range(first, min(first + AT_ONCE, numbers.stop))
        with database.writing() as connection:
            connection.execute(insert(reviews), [_row(one, a_review(drawn, one)) for one in some])
            themes = [(one, place, theme) for one in some for place, theme in enumerate(_themes(drawn))]
            rows = [
                {"review_id": one, "theme": theme, "position": place, "evidence": evidence}
                for one, place, theme in themes
            ]
            connection.execute(insert(review_themes), rows)
            connection.execute(insert(sightings), [_sighting(one) for one in some])


def _row(number: int, review: Review) -> dict[str, Any]:
    return {
        "id": number,
        "origin": f"source-{number % 150}",
        "revision": 1,
        "notable": 1,
        "baseline": False,
        "first_seen": NOW,
        "came": NOW,
        "age_when_found": 0,
        **columns_of(review),
    }


def _themes(drawn: random.Random) -> list[str]:
    """About four of fifty themes, the first of them the commonest; the rarest has one review in two thousand."""
    ids = load_vocabulary().ids
    found = {ids[min(int(drawn.expovariate(0.12)), len(ids) - 1)] for _ in range(4)}
    return sorted(found | ({RAREST} if drawn.random() < 0.0005 else set()))


def _sighting(number: int) -> dict[str, Any]:
    return {
        "review_id": number,
        "source_id": f"source-{number % 150}",
        "url": f"https://{number % 150}.example.org/{number}.pdf",
        "first_seen": NOW,
        "last_seen": NOW,
        "missed": 0,
    }


def page_of(store: Store) -> Callable[[Mapping[str, str]], object]:
    """The page for what is asked, as the web makes it."""
    vocabulary = load_vocabulary()
    templates = Templates(shipped_templates())
    page = ArchivePage(
        store, Pages(templates.render, Organisation), vocabulary.name_of, lambda: vocabulary.ids
    )

    def ask(asked: Mapping[str, str]) -> object:
        answer = page.search(
            Request({"type": "http", "query_string": urlencode(asked).encode(), "headers": []})
        )
        assert answer.status_code == 200
        return answer

    return ask


def plainly(database: Database) -> Callable[[Mapping[str, str]], object]:
    """The plain way: the words looked for with LIKE in the prose of every review, the best fifty by date."""

    def ask(asked: Mapping[str, str]) -> object:
        words = re.findall(r"\w+", asked.get("words", "")) or ["e"]
        like = " AND ".join(f"lower(words) LIKE :w{at}" for at in range(len(words)))
        query = f"SELECT id, title, words FROM reviews WHERE {like} ORDER BY published DESC LIMIT 51"
        values = {f"w{at}": f"%{word.lower()}%" for at, word in enumerate(words)}
        with database.reading() as connection:
            return connection.execute(text(query), values).all()

    return ask


class Watch:
    """The processor seconds of this process, and of the database's process where it has one."""

    def __init__(self, database: Database) -> None:
        self._backend: Path | None = None
        self._wall = False
        if not database.is_sqlite:
            with database.reading() as connection:
                served = connection.scalar(text("SELECT pg_backend_pid()"))
            self._backend = Path(f"/proc/{served}/schedstat")
            here = make_url(str(database.engine.url)).host in ("127.0.0.1", "localhost", None)
            self._wall = not (here and self._backend.exists())

    def seconds(self) -> float:
        """So far."""
        if self._wall:
            return time.perf_counter()
        theirs = int(self._backend.read_text().split()[0]) / 1e9 if self._backend else 0.0
        return time.process_time() + theirs


def best(watch: Watch, ways: Mapping[str, Callable[[], object]], rounds: int = ROUNDS) -> dict[str, Timing]:
    def ask(way: Callable[[], object], _: int) -> None:
        way()

    works = {name: partial(ask, way) for name, way in ways.items()}
    return in_turns(works, range(rounds), clock=watch.seconds)


def searched(url: str, kind: str, sizes: Sequence[int]) -> Iterator[Finding]:
    """Fills a database and asks at each size; prints the questions one by one."""
    open_store(url).close()
    taken: dict[str, list[Timing]] = {question: [] for question in QUESTIONS}
    with contextlib.closing(Database(url)) as database:
        watch, ask, plain = Watch(database), page_of(Store(database)), plainly(database)
        for before, size in pairwise((0, *sizes)):
            fill(database, range(before + 1, size + 1))
            _settle(database)
            pages = {name: partial(ask, asked) for name, asked in QUESTIONS.items()}
            for question, timing in best(watch, pages).items():
                taken[question].append(timing)
        scans = {name: partial(plain, asked) for name, asked in QUESTIONS.items() if "words" in asked}
        by_like = best(watch, scans, rounds=1)
    print(f"  the page of fifty on {kind}, in ms, at {', '.join(f'{size:,}' for size in sizes)} reviews")
    for question, timings in taken.items():
        scanned = f"   by LIKE {1000 * by_like[question].best:8.1f}" if question in by_like else ""
        print(f"  {question:32} {' '.join(f'{1000 * one.best:8.1f}' for one in timings)}{scanned}")
    yield from _judged(kind, sizes, taken, by_like)


def _settle(database: Database) -> None:
    """As the database is after some time: PostgreSQL's index has no list of what is not in it yet."""
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(
            "ANALYZE" if database.is_sqlite else "VACUUM ANALYZE reviews, review_themes"
        )


def _judged(
    kind: str,
    sizes: Sequence[int],
    taken: Mapping[str, Sequence[Timing]],
    by_like: Mapping[str, Timing],
) -> Iterator[Finding]:
    """The slowest question of all, and the one that gains the least on reading through everything."""
    slowest = max(taken, key=lambda question: taken[question][-1].best)
    yield Figure(
        name=f"slowest search, {kind}", value=1000 * taken[slowest][-1].best, unit="ms", noise=LEAST_NOISE
    )
    yield growth(f"slowest search, {kind}, by reviews", sizes, (one.best for one in taken[slowest]))
    ratios = (
        Ratio(name=f"searching, {kind}", ours=taken[question][-1], baseline=scanned)
        for question, scanned in by_like.items()
    )
    yield max(ratios, key=lambda ratio: ratio.value)


def findings(sizes: Sequence[int] = SIZES) -> Iterator[Finding]:
    with tempfile.TemporaryDirectory() as folder:
        yield from searched(f"sqlite:///{folder}/bench.db", "SQLite", sizes)
    if postgres.server_url() is None:
        print("  there is no PostgreSQL here: it is not measured")
        return
    yield from searched(postgres.fresh_database(), "PostgreSQL", sizes)
