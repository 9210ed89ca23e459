"""The archive: reviews, what became of them, where they were seen, and what they match."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from bot.store.columns import CRITERIA, DIFFERENCES, EVIDENCE, REASONS, REVIEW, Moment, Record
from bot.store.tables.base import NEWEST, key, metadata

reviews = Table(
    "reviews",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("record", Record(REVIEW), nullable=False),
    Column("title", Text, nullable=False),
    Column("place", Text),
    Column("year", Integer),
    Column("published", Text),
    Column("published_from", Date),  # the first day that `published` can mean
    Column("review_type", Text),
    Column("status", Text, nullable=False),
    Column("words", Text, nullable=False),  # all prose of the record, for the search
    Column("origin", Text, nullable=False),  # the source whose words the record holds
    Column("revision", Integer, nullable=False),
    Column("notable", Integer, nullable=False),
    Column("baseline", Boolean, nullable=False),
    Column("first_seen", Moment, nullable=False),
    Column("came", Moment),  # when it was first seen published; empty for a notice of a review to come
    Column("age_when_found", Integer),  # days from published_from to came
    Column(
        "backfilled", Boolean, nullable=False, server_default=false()
    ),  # from an older page: nobody is told
    Column("tagged", Text, nullable=False, server_default=""),  # fingerprint of the vocabulary of its themes
    Column("writing", Integer, nullable=False, server_default=NEWEST),  # that last changed it
    Index(None, "first_seen"),
    Index(None, "published_from"),
    Index(None, "tagged"),
    Index(
        "ix_reviews_ever_revised",
        "id",
        "notable",
        sqlite_where=text("notable > 1"),
        postgresql_where=text("notable > 1"),
    ),
    Index(
        "ix_reviews_revised",
        "writing",
        "id",
        sqlite_where=text("notable > 1"),
        postgresql_where=text("notable > 1"),
    ),
)

revisions = Table(
    "revisions",
    metadata,
    Column("id", Integer, primary_key=True),
    key("reviews.id"),
    Column("revision", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("record", Record(REVIEW), nullable=False),
    Column("differences", Record(DIFFERENCES), nullable=False),
    Column("reason", Text, nullable=False),
    Column("source_id", Text, nullable=False),
    Column("at", Moment, nullable=False),
    UniqueConstraint("review_id", "revision"),
)

sightings = Table(
    "sightings",
    metadata,
    Column("id", Integer, primary_key=True),
    key("reviews.id"),
    Column("source_id", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("first_seen", Moment, nullable=False),
    Column("last_seen", Moment, nullable=False),
    Column("missed", Integer, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),  # why it was counted as this review
    Column("beyond", Boolean, nullable=False, server_default=false()),  # not on the page that is watched
    UniqueConstraint("review_id", "source_id", "url"),
    Index(None, "source_id"),
)

tellings = Table(  # a review in the words of a source that are not its record's
    "tellings",
    metadata,
    Column("id", Integer, primary_key=True),
    key("reviews.id"),
    Column("source_id", Text, nullable=False),
    Column("record", Record(REVIEW), nullable=False),
    Index(None, "review_id"),
)

decisions = Table(  # what a person decided: that two reviews are one, or that a source's is another
    "decisions",
    metadata,
    Column("id", Integer, primary_key=True),
    key("reviews.id"),
    Column("kind", Text, nullable=False),  # joined, apart
    Column("other", Integer, nullable=False),  # the review it was joined with, or is kept apart from
    Column("source_id", Text, nullable=False),  # where it is never seen; empty for a join
    Column("at", Moment, nullable=False),
    Index(None, "review_id"),
    sqlite_autoincrement=True,  # every decision raises the archive's version
)

handles = Table(
    "handles",
    metadata,
    Column("handle", Text, primary_key=True),
    key("reviews.id", primary_key=True),
    Index(None, "review_id"),
)

review_themes = Table(
    "review_themes",
    metadata,
    key("reviews.id", primary_key=True),
    Column("theme", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("evidence", Record(EVIDENCE), nullable=False),
    Index(None, "theme"),
)

criteria = Table(
    "criteria",
    metadata,
    Column("key", Text, primary_key=True),
    Column("criteria", Record(CRITERIA), nullable=False),
    Column("matched", Boolean, nullable=False),  # with the whole archive
    Column("added", Moment, nullable=False),
)

matches = Table(
    "matches",
    metadata,
    Column("criteria", ForeignKey("criteria.key", ondelete="CASCADE"), primary_key=True),
    key("reviews.id", primary_key=True),
    Column("reasons", Record(REASONS), nullable=False),
    Column("anew", Moment),  # when a change of the themes made it match; empty if none did
    Column("writing", Integer, nullable=False, server_default=NEWEST),  # by which it is there
    Index(None, "review_id"),
    Index(None, "criteria", "writing"),
)

writings = Table(  # one row: how often what readers may be owed was written (see store/writings.py)
    "writings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("number", Integer, nullable=False),
)
