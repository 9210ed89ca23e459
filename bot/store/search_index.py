"""The index of the search: FTS5 with triggers on SQLite, a generated tsvector on PostgreSQL, and on both the
order in which the latest come first.

It is no part of the tables' metadata, so migrations neither see nor keep it: Alembic would drop it, and its
batch mode on SQLite loses triggers in silence. A migration that changes `reviews` calls `drop` before and
`create` after. Everything here has `_fts` in its name, by which `is_hidden` knows it.
"""

from __future__ import annotations

from sqlalchemy import Connection

_SQLITE_CREATE = (
    """CREATE VIRTUAL TABLE reviews_fts USING fts5(title, place, words, content='reviews', content_rowid='id',
    tokenize='porter unicode61 remove_diacritics 2')""",
    """CREATE TRIGGER reviews_fts_insert AFTER INSERT ON reviews BEGIN
    INSERT INTO reviews_fts(rowid, title, place, words) VALUES (new.id, new.title, new.place, new.words);
    END""",
    """CREATE TRIGGER reviews_fts_delete AFTER DELETE ON reviews BEGIN
    INSERT INTO reviews_fts(reviews_fts, rowid, title, place, words)
    VALUES ('delete', old.id, old.title, old.place, old.words);
    END""",
    """CREATE TRIGGER reviews_fts_update AFTER UPDATE OF title, place, words ON reviews BEGIN
    INSERT INTO reviews_fts(reviews_fts, rowid, title, place, words)
    VALUES ('delete', old.id, old.title, old.place, old.words);
    INSERT INTO reviews_fts(rowid, title, place, words) VALUES (new.id, new.title, new.place, new.words);
    END""",
    "INSERT INTO reviews_fts(reviews_fts) VALUES ('rebuild')",
)
# The latest first, with all that a search is narrowed by: what few reviews have is found without reading any.
_SQLITE_LATEST = """CREATE INDEX IF NOT EXISTS ix_reviews_fts_latest
    ON reviews (published_from DESC, id DESC, place, year, review_type)"""
_POSTGRES_LATEST = """CREATE INDEX IF NOT EXISTS ix_reviews_fts_latest
    ON reviews (published_from DESC NULLS LAST, id DESC, place, year, review_type)"""
_SQLITE_DROP = (
    "DROP TRIGGER IF EXISTS reviews_fts_insert",
    "DROP TRIGGER IF EXISTS reviews_fts_delete",
    "DROP TRIGGER IF EXISTS reviews_fts_update",
    "DROP TABLE IF EXISTS reviews_fts",
    "DROP INDEX IF EXISTS ix_reviews_fts_latest",
)
# A tsvector holds 1 MB: what stands beyond half a million characters is kept, but not searched.
_POSTGRES_CREATE = (
    """ALTER TABLE reviews ADD COLUMN reviews_fts tsvector GENERATED ALWAYS AS (
    setweight(to_tsvector('english', title), 'A')
    || setweight(to_tsvector('english', coalesce(place, '')), 'B')
    || setweight(to_tsvector('english', left(words, 500000)), 'C')) STORED""",
    "CREATE INDEX ix_reviews_fts ON reviews USING gin (reviews_fts)",
)
_POSTGRES_DROP = (
    "DROP INDEX IF EXISTS ix_reviews_fts",
    "ALTER TABLE reviews DROP COLUMN IF EXISTS reviews_fts",
    "DROP INDEX IF EXISTS ix_reviews_fts_latest",
)


def create(connection: Connection) -> None:
    """Make the index, and fill it with the reviews that are there."""
    for statement in _SQLITE_CREATE if connection.dialect.name == "sqlite" else _POSTGRES_CREATE:
        connection.exec_driver_sql(statement)
    create_latest(connection)


def create_latest(connection: Connection) -> None:
    """The part of it that came with migration 0014; nothing where it is there."""
    connection.exec_driver_sql(_SQLITE_LATEST if connection.dialect.name == "sqlite" else _POSTGRES_LATEST)


def drop(connection: Connection) -> None:
    for statement in _SQLITE_DROP if connection.dialect.name == "sqlite" else _POSTGRES_DROP:
        connection.exec_driver_sql(statement)


def is_hidden(name: str | None) -> bool:
    """Whether a table, column or index is this module's, and none of Alembic's."""
    return name is not None and "_fts" in name
