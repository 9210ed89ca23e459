"""What composing at national scale costs: 40 new reviews for 100,000 readers who ask in 2,000 ways.

Time, processor and memory at three sizes of each, on SQLite, and on PostgreSQL where it is. Also enrolling so many;
matching and keeping what came, which must not depend on how many readers there are; and composing after years, which
must not depend on how much was told in them. The ratio is to the bare driver inserting the rows that composing left,
in one transaction, in tables with no more than their keys.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import combinations

from bot import criteria as matching
from bot.models import (
    Change,
    Criteria,
    Evidence,
    Kept,
    Review,
    Schedule,
    SourceRun,
    Subscriber,
    Subscription,
    Theme,
)
from bot.pipeline import collect, send
from bot.pipeline.register import Register
from bot.pipeline.send import Sending
from bot.store import Store, open_store
from bot.store.readership import GROWING
from tests.bench.findings import Figure, Finding, Ratio, Timing, growth
from tests.bench.measuring import Figures, line, measure, timed
from tests.house import SetClock
from tests.reviews import MONDAY, a_source
from tests.store import postgres

READERS = (1_000, 10_000, 100_000)
WAYS = (20, 200, 2_000)
YEARS = (100, 400, 1_600)  # reviews that were there to be told in them
REVIEWS = 40
OLDER = 200  # reviews that were there before
WEEKLY = Schedule(id="weekly", cron="0 8 * * mon")
THEMES = [f"theme-{number}" for number in range(30)]
PLACES = [f"Place {number}" for number in range(70)]


def ways(count: int) -> list[Criteria]:
    """So many ways to ask, as people do: one or two themes, anywhere or in the places of a region."""
    themes = [(one,) for one in THEMES] + list(combinations(THEMES, 2))
    regions = [(), *(tuple(PLACES[n::7]) for n in range(7))]
    return [Criteria(themes_any=some, place=places) for places in regions for some in themes][:count]


def subscriptions(readers: int, asked: Sequence[Criteria]) -> list[Subscription]:
    """Readers by turns, so that those who ask alike are not neighbours."""
    return [
        Subscription(
            id=f"way-{number}",
            name=f"Way {number}",
            subscribers=tuple(
                Subscriber(medium="email", address=f"reader{n}@example.org")
                for n in range(number, readers, len(asked))
            ),
            schedule=WEEKLY,
            criteria=one,
        )
        for number, one in enumerate(asked)
    ]


def reviews(count: int, of: str) -> Iterator[tuple[Review, tuple[Theme, ...]]]:
    """Of the length that summaries have, each with three themes."""
    for number in range(count):
        point = f"point of the {of} review {number}: whoever meets a family asks who else is in the home"
        review = Review(
            title=f"Child {of} {number}",
            place=PLACES[number % len(PLACES)],
            year=2026,
            incident=f"What happened in the {of} case {number}. " * 12,
            learning=tuple(f"The {n}. {point}, and writes down what was said." for n in range(8)),
            recommendations=tuple(f"The {n}. {point}, and the board looks at it again." for n in range(4)),
        )
        evidence = (Evidence(field="learning[0]", quote=f"{point}, and writes down what was said."),)
        found = (THEMES[(number * step + step) % len(THEMES)] for step in (1, 7, 11))
        yield review, tuple(Theme(id=one, evidence=evidence) for one in dict.fromkeys(found))


def poll(store: Store, count: int, of: str, at: datetime) -> Figures:
    """They come, each matched with all that is asked for; the time that matching and keeping them took."""

    def come() -> int:
        index = matching.CriteriaIndex(store.criteria())
        kept = [
            Kept(
                change=Change(kind="new", review=review, known=None, reason="not in the archive"),
                themes=themes,
                matches=tuple(index.matches(review, themes, {"saltmarsh"})),
                vocabulary="bench",
            )
            for review, themes in reviews(count, of)
        ]
        run = SourceRun(source_id="saltmarsh", started=at, ended=at, state="good", records=count)
        assert store.keep(run, kept)
        return count

    return timed(come)


def enrol(url: str, readers: int, asked: int) -> Figures:
    wanted = subscriptions(readers, ways(asked))
    at = MONDAY - timedelta(days=5)
    store = open_store(url)

    def first() -> int:
        store.enrol(wanted, at)
        collect.match_archive(store)
        return readers

    try:
        return timed(first)
    finally:
        store.close()


def enrol_again(url: str, readers: int, asked: int) -> Figures:
    """As at every start and every `send`: nothing has changed."""
    wanted = subscriptions(readers, ways(asked))
    store = open_store(url)

    def again() -> int:
        store.enrol(wanted, MONDAY - timedelta(days=4))
        return readers

    try:
        return timed(again)
    finally:
        store.close()


def come(url: str, count: int, of: str, days_before: int) -> Figures:
    store = open_store(url)
    try:
        return poll(store, count, of, MONDAY - timedelta(days=days_before))
    finally:
        store.close()


def compose(url: str, weeks: int = 0) -> Figures:
    store = open_store(url)
    clock = SetClock(MONDAY + timedelta(weeks=weeks, minutes=1))
    source = a_source()
    parts = Sending(
        archive=store,
        ledger=store,
        register=Register(store, clock, lambda: 3),
        lanes={},
        sources={source.id: source},
        clock=clock,
    )
    try:
        return timed(lambda: send.compose_due((WEEKLY,), parts))
    finally:
        store.close()


def spend_years(url: str, readers: int, asked: int, told: int) -> int:
    """Everybody is a reader for two years, and was told of so many reviews as far as they match."""
    begun = MONDAY - timedelta(weeks=104)
    store = open_store(url)
    try:
        poll(store, 1, "first", begun - timedelta(days=400))
        store.enrol(subscriptions(readers, ways(asked)), begun - timedelta(days=1))
        collect.match_archive(store)
        poll(store, told, "older", begun + timedelta(days=1))
        with store._database.writing() as connection:
            connection.exec_driver_sql(
                "INSERT INTO told (subscriber_id, review_id, revision, at) "
                "SELECT DISTINCT s.subscriber_id, m.review_id, 1, s.joined FROM subscriptions s "
                "JOIN matches m ON m.criteria = s.criteria JOIN reviews r ON r.id = m.review_id "
                "WHERE r.came > s.joined"
            )
        store._database.take_statistics(*GROWING)
    finally:
        store.close()
    return told


def bare(url: str) -> Figures:
    """The rows that composing left, inserted by the driver alone."""
    store = open_store(url)
    kept = {
        "told": ("subscriber_id, review_id, revision, at", "subscriber_id, review_id, revision"),
        "digest_runs": ("id, subscriber_id, schedule, slot, state, lease_until, closed_at", "id"),
        "deliveries": ("id, edition_id, subscriber_id, schedule, slot, state, due_at, changed_at", "id"),
    }
    mark = "?" if store._database.is_sqlite else "%s"
    try:
        with store._database.reading() as connection:
            rows = {
                name: [tuple(row) for row in connection.exec_driver_sql(f"SELECT {columns} FROM {name}")]
                for name, (columns, _) in kept.items()
            }
        with store._database.writing() as connection:
            for name, (columns, key) in kept.items():
                typed = ", ".join(f"{one} {_type(one)}" for one in columns.split(", "))
                connection.exec_driver_sql(f"CREATE TABLE bare_{name} ({typed}, PRIMARY KEY ({key}))")

        def insert() -> int:
            with store._database.writing() as connection:
                for name, (columns, _) in kept.items():
                    marks = ", ".join(mark for _ in columns.split(", "))
                    connection.exec_driver_sql(f"INSERT INTO bare_{name} VALUES ({marks})", rows[name])
            return sum(map(len, rows.values()))

        figures = timed(insert)
        with store._database.writing() as connection:
            for name in kept:
                connection.exec_driver_sql(f"DROP TABLE bare_{name}")
        return figures
    finally:
        store.close()


def _type(column: str) -> str:
    if (column.endswith("id") and column != "edition_id") or column == "revision":
        return "BIGINT"
    return "TIMESTAMP WITH TIME ZONE" if column.endswith(("at", "until", "slot")) else "TEXT"


class Week:
    """A week of so many readers who ask in so many ways, from enrolling them to a week without news; prints
    what each part took."""

    def __init__(self, url: str, readers: int, asked: int) -> None:
        said = f"{readers} readers, {asked} ways"
        measure(come, url, OLDER, "older", 100)
        self.enrolled = _told(f"{said}: enrolled", measure(enrol, url, readers, asked))
        self.again = _told(f"{said}: again", measure(enrol_again, url, readers, asked))
        self.came = _told(f"{said}: matched", measure(come, url, REVIEWS, "new", 1))
        self.composed = _told(f"{said}: composed", measure(compose, url))
        self.quiet = _told(f"{said}: no news", measure(compose, url, 1))
        self.bare = _told(f"{said}: bare rows", measure(bare, url))


def _told(name: str, figures: Figures) -> Figures:
    line(f"  {name}", figures)
    return figures


def after_years(url: str, readers: int, asked: int, told: int) -> Figures:
    """The time to compose for readers of two years; their first two digests after an upgrade look at all that
    there is, so three weeks go before."""
    measure(spend_years, url, readers, asked, told)
    for weeks in (-3, -2, -1):
        measure(compose, url, weeks)
    measure(come, url, REVIEWS, "new", 1)
    return _told(f"{readers} readers who were told of {told}: composed", measure(compose, url))


@contextlib.contextmanager
def fresh(name: str) -> Iterator[str]:
    """The address of an empty database."""
    if name == "PostgreSQL":
        yield postgres.fresh_database()
        return
    with tempfile.TemporaryDirectory(prefix="learning-bot-composing-") as folder:
        yield f"sqlite:///{folder}/bench.db"


def on(name: str, readers: Sequence[int], ways: Sequence[int], years: Sequence[int]) -> Iterator[Finding]:
    """All sizes on this database."""
    weeks: dict[tuple[int, int], Week] = {}
    for size in [*((count, ways[-1]) for count in readers), *((readers[1], asked) for asked in ways[:-1])]:
        with fresh(name) as url:
            weeks[size] = Week(url, *size)
    seconds = []
    for told in years:
        with fresh(name) as url:
            seconds.append(after_years(url, readers[1], ways[1], told).wall)
    by_readers = [weeks[count, ways[-1]] for count in readers]
    by_ways = [weeks[readers[1], asked] for asked in ways]
    most = by_readers[-1]
    yield Ratio(
        name=f"composing, {name}",
        ours=Timing(what=f"composing, {name}", rounds=(most.composed.wall,), count=readers[-1]),
        baseline=Timing(what="their rows by the driver alone", rounds=(most.bare.wall,), count=readers[-1]),
    )
    yield growth(f"composing, {name}, by readers", readers, (one.composed.wall for one in by_readers))
    yield growth(f"composing, {name}, by criteria", ways, (one.composed.wall for one in by_ways))
    yield growth(f"a week without news, {name}, by readers", readers, (one.quiet.wall for one in by_readers))
    yield growth(f"enrolling, {name}, by readers", readers, (one.enrolled.wall for one in by_readers))
    yield growth(f"composing, {name}, by what was told before", years, seconds)
    # Of the smallest number of readers not every way to ask has one.
    two = by_readers[1:]
    yield growth(f"matching, {name}, by readers", readers[1:], (one.came.wall for one in two))
    for what, figures in (("composing", most.composed), ("a week without news", most.quiet)):
        yield Figure(name=f"{what}, {name}, time", value=figures.wall, unit="s")
        yield Figure(name=f"{what}, {name}, memory", value=figures.peak, unit="MB")
    yield Figure(name=f"enrolling, {name}, memory", value=most.enrolled.peak, unit="MB")


def findings(
    readers: Sequence[int] = READERS, ways: Sequence[int] = WAYS, years: Sequence[int] = YEARS
) -> Iterator[Finding]:
    yield from on("SQLite", readers, ways, years)
    if postgres.server_url() is None:
        print("  there is no PostgreSQL here: it is not measured")
        return
    yield from on("PostgreSQL", readers, ways, years)
