"""Searching the archive: words as they are, never query syntax, and what to narrow them by."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    exists,
    func,
    literal_column,
    or_,
    select,
    text,
)

from bot.models import ArchiveQuery, Found, KnownReview
from bot.store.archive import load, themes_of
from bot.store.engine import Room
from bot.store.tables import review_themes, reviews

EXCERPT_WORDS = 24


class Search(Room):
    def search(self, query: ArchiveQuery) -> tuple[Found, ...]:
        """Without words, the latest published first. Words are all looked for, in their inflections; those
        that are joined (`county-lines`) as a phrase."""
        phrases = _phrases(query.words)
        with self._database.reading() as connection:
            if query.words.strip() and not phrases:
                return ()
            rows = connection.execute(_hits(connection, phrases, query).limit(query.limit)).all()
            ids = [row.id for row in rows]
            found, themes = load(connection, ids), themes_of(connection, ids)
            return tuple(
                Found(
                    known=found[row.id],
                    themes=themes.get(row.id, ()),
                    excerpt=" ".join((row.excerpt or _opening(found[row.id])).split()),
                )
                for row in rows
            )


def _phrases(words: str) -> list[list[str]]:
    """Each word of a query as its runs of letters and digits: `county-lines` gives county, lines."""
    runs = (re.findall(r"[^\W_]+", word) for word in words.split())
    return [run for run in runs if run]


def _hits(connection: Connection, phrases: list[list[str]], query: ArchiveQuery) -> Select[Any]:
    if not phrases:
        excerpt: ColumnElement[Any] = literal_column("''").label("excerpt")
        found = select(reviews.c.id, excerpt).order_by(
            reviews.c.published_from.is_(None), reviews.c.published_from.desc(), reviews.c.id.desc()
        )
    elif connection.dialect.name == "sqlite":
        found = _sqlite_hits(phrases)
    else:
        found = _postgres_hits(phrases)
    return found.where(*_narrowed(query))


def _sqlite_hits(phrases: list[list[str]]) -> Select[Any]:
    wanted = " ".join('"' + " ".join(phrase) + '"' for phrase in phrases)
    snippet = f"snippet(reviews_fts, 2, '', '', '…', {EXCERPT_WORDS})"
    return (
        select(reviews.c.id, literal_column(snippet).label("excerpt"))
        .select_from(reviews.join(text("reviews_fts"), text("reviews_fts.rowid = reviews.id")))
        .where(text("reviews_fts MATCH :wanted").bindparams(wanted=wanted))
        .order_by(text("bm25(reviews_fts, 10.0, 5.0, 1.0)"), reviews.c.id)
    )


def _postgres_hits(phrases: list[list[str]]) -> Select[Any]:
    config: ColumnElement[Any] = literal_column("'english'::regconfig")
    wanted: ColumnElement[Any] = func.phraseto_tsquery(config, " ".join(phrases[0]))
    for phrase in phrases[1:]:
        wanted = wanted.op("&&")(func.phraseto_tsquery(config, " ".join(phrase)))
    vector: ColumnElement[Any] = literal_column("reviews.reviews_fts")
    options = (
        f'StartSel="", StopSel="", MaxWords={EXCERPT_WORDS}, MinWords={EXCERPT_WORDS // 2}, MaxFragments=1'
    )
    headline = func.ts_headline(config, reviews.c.words, wanted, options)
    return (
        select(reviews.c.id, headline.label("excerpt"))
        .where(vector.op("@@")(wanted))
        .order_by(func.ts_rank_cd(vector, wanted).desc(), reviews.c.id)
    )


def _narrowed(query: ArchiveQuery) -> list[ColumnElement[bool]]:
    """`place` anywhere in the name, whatever the case; `year` as the record says, else of publication."""
    conditions: list[ColumnElement[bool]] = []
    if query.theme:
        carries = review_themes.c.review_id == reviews.c.id
        conditions.append(exists().where(carries, review_themes.c.theme == query.theme))
    if query.place:
        conditions.append(reviews.c.place.icontains(query.place, autoescape=True))
    if query.year:
        published = reviews.c.published.startswith(f"{query.year:04d}")
        conditions.append(or_(reviews.c.year == query.year, and_(reviews.c.year.is_(None), published)))
    if query.review_type:
        conditions.append(reviews.c.review_type == query.review_type)
    return conditions


def _opening(known: KnownReview) -> str:
    """The first words of what happened, where no word was looked for."""
    words = known.review.incident.split()
    return " ".join(words[:EXCERPT_WORDS]) + (" …" if len(words) > EXCERPT_WORDS else "")
