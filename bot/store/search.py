"""Searching the archive: words as they are, never query syntax, and what to narrow them by.

However large it grows, a search looks closely at few reviews. Words that few have are ranked by how much each
review says of them. Where many have them, to rank them all would take long and tell little: there the latest
come first, as without words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import MAXYEAR, MINYEAR, date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    TextClause,
    and_,
    func,
    literal_column,
    or_,
    select,
    text,
)

from bot.models import ArchiveQuery, Found
from bot.store import excerpts
from bot.store.archive import load, themes_of
from bot.store.engine import Room
from bot.store.tables import review_themes, reviews

MOST_RANKED = 1_000  # reviews; to rank one takes PostgreSQL some 20 µs

Phrases = Sequence[Sequence[str]]


class Search(Room):
    def search(self, query: ArchiveQuery) -> tuple[Found, ...]:
        """Words are all looked for, in their inflections; those that are joined (`county-lines`) as a phrase.
        Those that say most of them come first; the latest published, where there are no words or more than
        1,000 reviews have them."""
        phrases = _phrases(query.words)
        if query.words.strip() and not phrases:
            return ()
        with self._database.reading() as connection:
            ids = _hits(connection, phrases, query)
            found, themes = load(connection, ids), themes_of(connection, ids)
            prose = _prose(connection, ids) if phrases else {}
        return tuple(
            Found(
                known=found[one],
                themes=themes.get(one, ()),
                excerpt=excerpts.around(prose.get(one, ""), phrases)
                or excerpts.opening(found[one].review.incident),
            )
            for one in ids
        )


def _phrases(words: str) -> list[list[str]]:
    """Each word of a query as its runs of letters and digits: `county-lines` gives county, lines."""
    runs = (re.findall(r"[^\W_]+", word) for word in words.split())
    return [run for run in runs if run]


def _hits(connection: Connection, phrases: Phrases, query: ArchiveQuery) -> Sequence[int]:
    """The ids of what is found, in order."""
    by = _Sqlite(phrases) if connection.dialect.name == "sqlite" else _Postgres(phrases)
    narrowed = _narrowed(query, by.id)
    if phrases:
        by.begin(connection)
        some: Select[Any] = select(literal_column("1").label("one")).select_from(by.index)
        some = some.where(by.match).limit(MOST_RANKED + 1)
        many = (connection.scalar(select(func.count()).select_from(some.subquery())) or 0) > MOST_RANKED
        if not many:
            ranked = select(reviews.c.id).select_from(by.joined).where(by.match, *narrowed)
            return connection.scalars(ranked.order_by(by.rank, reviews.c.id).limit(query.limit)).all()
        narrowed.append(by.has_them)
    latest = (reviews.c.published_from.desc().nulls_last(), reviews.c.id.desc())
    return connection.scalars(
        select(reviews.c.id).where(*narrowed).order_by(*latest).limit(query.limit)
    ).all()


class _Sqlite:
    """Looking for words by FTS5. `match`: which rows of `index` have them; `has_them`: which reviews do."""

    # With the plus SQLite walks through the latest reviews and looks whether each is among those that have
    # something, instead of fetching all that have it to sort them.
    id: ColumnElement[int] = literal_column("+reviews.id")
    index = text("reviews_fts")
    joined = reviews.join(index, text("+reviews_fts.rowid = reviews.id"))  # and each of those that match once
    rank = text("bm25(reviews_fts, 10.0, 5.0, 1.0)")

    def __init__(self, phrases: Phrases) -> None:
        wanted = " ".join('"' + " ".join(phrase) + '"' for phrase in phrases)
        self.match = text("reviews_fts MATCH :wanted").bindparams(wanted=wanted)
        among = "+reviews.id IN (SELECT rowid FROM reviews_fts WHERE reviews_fts MATCH :wanted)"
        self.has_them = text(among).bindparams(wanted=wanted)

    def begin(self, connection: Connection) -> None:
        """Nothing to prepare."""


class _Postgres:
    """The same by a column of lexemes, which stands in the table of reviews itself."""

    id: ColumnElement[int] = reviews.c.id
    index = reviews
    joined = reviews

    def __init__(self, phrases: Phrases) -> None:
        config: ColumnElement[Any] = literal_column("'english'::regconfig")
        vector: ColumnElement[Any] = literal_column("reviews.reviews_fts")
        wanted = func.phraseto_tsquery(config, " ".join(phrases[0])) if phrases else literal_column("NULL")
        for phrase in phrases[1:]:
            wanted = wanted.op("&&")(func.phraseto_tsquery(config, " ".join(phrase)))
        self.match = vector.op("@@")(wanted)
        worded = reviews.alias("worded")
        among = select(worded.c.id).where(literal_column("worded.reviews_fts").op("@@")(wanted))
        self.has_them = self.id.in_(among)  # looked at last: lexemes are kept apart, and slow to fetch
        self.rank = func.ts_rank_cd(vector, wanted).desc()

    def begin(self, connection: Connection) -> None:
        """PostgreSQL would look through every row, and forgets what it takes to fetch the lexemes of each."""
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")


def _narrowed(query: ArchiveQuery, id: ColumnElement[int]) -> list[ColumnElement[bool] | TextClause]:
    """`place` anywhere in the name, whatever the case; `year` as the record says, else of publication."""
    conditions: list[ColumnElement[bool] | TextClause] = []
    if query.theme:
        carry = select(review_themes.c.review_id).where(review_themes.c.theme == query.theme)
        conditions.append(id.in_(carry))
    if query.place:
        conditions.append(reviews.c.place.icontains(query.place, autoescape=True))
    if query.year:
        conditions.append(_of_year(query.year))
    if query.review_type:
        conditions.append(reviews.c.review_type == query.review_type)
    return conditions


def _of_year(year: int) -> ColumnElement[bool]:
    """None is of a year that no calendar has, and PostgreSQL would not take the number."""
    if not MINYEAR <= year <= MAXYEAR:
        return literal_column("1") == literal_column("0")
    within = reviews.c.published_from.between(date(year, 1, 1), date(year, 12, 31))
    return or_(reviews.c.year == year, and_(reviews.c.year.is_(None), within))


def _prose(connection: Connection, ids: Sequence[int]) -> dict[int, str]:
    """The words of these reviews, by id."""
    query = select(reviews.c.id, reviews.c.words).where(reviews.c.id.in_(ids))
    return {row.id: row.words for row in connection.execute(query)}
