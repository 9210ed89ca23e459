"""The tables, in the store's own words: what is in the archive, who subscribes, who was told, what is sent.

    reviews - revisions, sightings, handles, review_themes, matches - criteria
    subscribers - subscriptions, told, digest_runs, deliveries - editions, posts
    source_runs, failures, erased

Records are kept whole, as JSON text; the columns beside them are what is searched, sorted or joined by. A
change here needs a migration in `migrations/versions/`: a test compares the two.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from bot.store.columns import (
    CRITERIA,
    DIFFERENCES,
    DIGEST,
    EVIDENCE,
    REASONS,
    REVIEW,
    VALIDATORS,
    Moment,
    Record,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _key(target: str, **options: Any) -> Column[Any]:
    """A column that belongs to a row elsewhere, and goes when it goes."""
    name = target.split(".")[0].removesuffix("s") + "_id"
    return Column(name, ForeignKey(target, ondelete="CASCADE"), nullable=False, **options)


# --- the archive ----------------------------------------------------------------------------------------

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
    Index(None, "first_seen"),
    Index(None, "published_from"),
)

revisions = Table(
    "revisions",
    metadata,
    Column("id", Integer, primary_key=True),
    _key("reviews.id"),
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
    _key("reviews.id"),
    Column("source_id", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("first_seen", Moment, nullable=False),
    Column("last_seen", Moment, nullable=False),
    Column("missed", Integer, nullable=False),
    UniqueConstraint("review_id", "source_id", "url"),
    Index(None, "source_id"),
)

handles = Table(
    "handles",
    metadata,
    Column("handle", Text, primary_key=True),
    _key("reviews.id", primary_key=True),
    Index(None, "review_id"),
)

review_themes = Table(
    "review_themes",
    metadata,
    _key("reviews.id", primary_key=True),
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
    _key("reviews.id", primary_key=True),
    Column("reasons", Record(REASONS), nullable=False),
    Index(None, "review_id"),
)

# --- who subscribes, and what they were told ------------------------------------------------------------

subscribers = Table(
    "subscribers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("medium", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("folded", Text, nullable=False),  # the address without regard to case: one person is told once
    Column("since", Moment, nullable=False),
    Column("stopped_at", Moment),
    UniqueConstraint("medium", "folded"),
    sqlite_autoincrement=True,  # an erased reader's signed links must never be another's
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Integer, primary_key=True),
    _key("subscribers.id"),
    Column("subscription", Text, nullable=False),  # the id in the configuration
    Column("name", Text, nullable=False),
    Column("schedule", Text, nullable=False),
    Column("scheduled_since", Moment, nullable=False),  # on this schedule
    Column("criteria", ForeignKey("criteria.key"), nullable=False),
    Column("footer", Text),
    Column("joined", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("reason", Text),  # why it ended: changed, removed, stopped
    Index(
        "ix_subscriptions_open",
        "subscriber_id",
        "subscription",
        unique=True,
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
    Index(None, "schedule"),
)

told = Table(
    "told",
    metadata,
    _key("subscribers.id", primary_key=True),
    _key("reviews.id", primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Index(None, "review_id"),
)

digest_runs = Table(
    "digest_runs",
    metadata,
    Column("id", Integer, primary_key=True),
    _key("subscribers.id"),
    Column("schedule", Text, nullable=False),
    Column("slot", Moment, nullable=False),
    Column("state", Text, nullable=False),  # claimed, closed
    Column("lease_until", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("closed_at", Moment),
    UniqueConstraint("subscriber_id", "schedule", "slot"),
)

editions = Table(
    "editions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("digest", Record(DIGEST), nullable=False),
    Column("reviews", Integer, nullable=False),
    Column("at", Moment, nullable=False),
)

# --- what is on its way ---------------------------------------------------------------------------------

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("edition_id", ForeignKey("editions.id"), nullable=False),
    _key("subscribers.id"),
    Column("schedule", Text, nullable=False),
    Column("slot", Moment, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", Moment, nullable=False),  # not to be tried before
    Column("first_tried", Moment),
    Column("claimed_by", Text),  # the worker that is at it
    Column("lease_until", Moment),
    Column("handed_over", Boolean, nullable=False),
    Column("mentioned_in", Integer),  # the later delivery that says that this one is uncertain
    Column("detail", Text, nullable=False),
    Column("changed_at", Moment, nullable=False),
    UniqueConstraint("subscriber_id", "edition_id"),
    Index(None, "state", "due_at"),
    Index(None, "edition_id"),
    sqlite_autoincrement=True,  # the outbox and its failures name deliveries by number
)

posts = Table(
    "posts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("delivery_id", ForeignKey("deliveries.id", ondelete="CASCADE"), nullable=False),
    Column("channel", Text, nullable=False),
    Column("ts", Text, nullable=False),
    Column("review_id", Integer),
    UniqueConstraint("delivery_id", "channel", "ts"),
)

# --- what was done, and what went wrong -----------------------------------------------------------------

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
    Index(None, "source_id", "id"),
    Index(None, "source_id", "read", "id"),
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

erased = Table(  # addresses that asked to be forgotten and that the configuration may still name
    "erased",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("salt", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("at", Moment, nullable=False),
)
