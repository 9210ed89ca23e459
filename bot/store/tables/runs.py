"""What was done, and what went wrong."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, Table, Text, UniqueConstraint

from bot.store.columns import FIGURES, NOTICE, VALIDATORS, Moment, Names, Record
from bot.store.tables.base import metadata

source_runs = Table(
    "source_runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source_id", Text, nullable=False),
    Column("read", Boolean, nullable=False),  # whether the page could be read
    Column("started", Moment, nullable=False),
    Column("ended", Moment, nullable=False),
    Column("state", Text, nullable=False),
    Column("records", Integer),
    Column("new", Integer, nullable=False),
    Column("revised", Integer, nullable=False),
    Column("withdrawn", Integer, nullable=False),
    Column("detail", Text, nullable=False),
    Column("validators", Record(VALIDATORS), nullable=False),
    Column("figures", Record(FIGURES), nullable=False, server_default="{}"),
    Column("failed", Integer, nullable=False, server_default="0"),  # polls in a row, with this one
    Column("retry_at", Moment),
    Index(None, "source_id", "id"),
    Index(None, "source_id", "read", "id"),
)

saved_pages = Table(  # two a source: the last good page, and the last that could not be trusted
    "saved_pages",
    metadata,
    Column("source_id", Text, primary_key=True),
    Column("kind", Text, primary_key=True),  # good, doubtful
    Column("fetched_at", Moment, nullable=False),
    Column("url", Text, nullable=False),
    Column("content_type", Text),
    Column("body", LargeBinary, nullable=False),  # the bytes as they came, compressed by zlib
    Column("reason", Text, nullable=False),
)

backfills = Table(  # pages beyond the watched one, as they were found and read
    "backfills",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source_id", Text, nullable=False),
    Column("address", Text, nullable=False),  # folded, so that each page is asked for once
    Column("url", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("reviews", Integer, nullable=False),
    Column("new", Integer, nullable=False),
    Column("at", Moment),
    Column("detail", Text, nullable=False),
    Column("guessed", Boolean, nullable=False),
    Column("idle", Integer, nullable=False),
    Column("met", Names, nullable=False),
    UniqueConstraint("source_id", "address"),
)

failures = Table(
    "failures",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("trace", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "kind", "subject"),
)

notices = Table(  # changes in how sources stand, for administrators; `at` never goes back
    "notices",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("kind", Text, nullable=False),
    Column("source_id", Text, nullable=False),
    Column("notice", Record(NOTICE), nullable=False),
    Index(None, "at"),
    Index(None, "source_id", "kind", "at"),
)

requests = Table(  # the log that a webmaster can be shown
    "requests",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("host", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("status", Integer),  # empty: no answer came
    Column("size", Integer, nullable=False),
    Column("conditional", Boolean, nullable=False),
    Column("milliseconds", Integer, nullable=False),
    Index(None, "host", "at"),
    Index(None, "at"),
)

erased = Table(  # addresses that asked to be forgotten and that the configuration may still name
    "erased",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("salt", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("at", Moment, nullable=False),
)
