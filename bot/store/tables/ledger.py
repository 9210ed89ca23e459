"""Who subscribes, what they were told, and what is on its way to them."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)

from bot.store.columns import DIGEST, Moment, Names, Record
from bot.store.tables.base import NEWEST, key, metadata

subscribers = Table(
    "subscribers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("medium", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("folded", Text, nullable=False),  # the address without regard to case: one person is told once
    Column("since", Moment, nullable=False),
    Column("stopped_at", Moment),  # by themselves
    Column("paused_until", Moment),
    Column("bounced_at", Moment),  # since then nothing is sent: the address takes no mail
    UniqueConstraint("medium", "folded"),
    sqlite_autoincrement=True,  # an erased reader's signed links must never be another's
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Integer, primary_key=True),
    key("subscribers.id"),
    Column("subscription", Text, nullable=False),  # the id in the configuration
    Column("former", Names),  # ids that it had before, which links in old mails still name
    Column("name", Text, nullable=False),
    Column("schedule", Text, nullable=False),
    Column("scheduled_since", Moment, nullable=False),  # on this schedule
    Column("criteria", ForeignKey("criteria.key"), nullable=False),
    Column("footer", Text),
    Column("quiet", Boolean, nullable=False, server_default=true()),  # tells of a week with nothing new
    Column("joined", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("reason", Text),  # why it ended: changed, removed, stopped
    Column("asked_after", Integer, nullable=False, server_default=NEWEST),  # the writing before it was so
    Index(
        "ix_subscriptions_open",
        "subscriber_id",
        "subscription",
        unique=True,
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
    Index(None, "schedule"),
    Index(None, "subscriber_id", "schedule"),
    Index(None, "criteria"),
)

told = Table(
    "told",
    metadata,
    key("subscribers.id", primary_key=True),
    key("reviews.id", primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Index(None, "review_id"),
)

digest_runs = Table(
    "digest_runs",
    metadata,
    Column("id", Integer, primary_key=True),
    key("subscribers.id"),
    Column("schedule", Text, nullable=False),
    Column("slot", Moment, nullable=False),
    Column("state", Text, nullable=False),  # claimed, closed
    Column("lease_until", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("closed_at", Moment),
    Column("held_over", Integer, nullable=False, server_default="0"),  # reviews that were too many for it
    Column("saw", Integer),  # the last writing before it was begun; empty for one of before 0016
    UniqueConstraint("subscriber_id", "schedule", "slot"),
    Index(
        "ix_digest_runs_claimed",
        "subscriber_id",
        "lease_until",
        sqlite_where=text("state = 'claimed'"),
        postgresql_where=text("state = 'claimed'"),
    ),
)

editions = Table(
    "editions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("digest", Record(DIGEST), nullable=False),
    Column("reviews", Integer, nullable=False),
    Column("at", Moment, nullable=False),
)


OPEN = "state <> 'sent' AND state <> 'refused'"  # few, among all that were ever sent
IN_DOUBT = "state = 'uncertain' OR state = 'refused'"  # and these

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("edition_id", ForeignKey("editions.id"), nullable=False),
    key("subscribers.id"),
    Column("schedule", Text, nullable=False),
    Column("slot", Moment, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", Moment, nullable=False),  # not to be tried before
    Column("first_tried", Moment),
    Column("claimed_by", Text),  # the worker that is at it
    Column("lease_until", Moment),
    Column("handed_over", Boolean, nullable=False),
    Column("handed_at", Moment),  # when it last was, which the limit an hour counts
    Column("failing_since", Moment),  # for reasons of its own
    Column("held_at", Moment),  # when it last met a trouble of its medium's
    Column("look_at", Moment),  # uncertain, and the channel can look from then on whether it arrived
    Column("bounced", Boolean, nullable=False, server_default=false()),  # counts towards stopping
    Column("subscriptions", Names),  # that brought it
    Column("mentioned_in", Integer),  # the later delivery that says that this one is uncertain
    Column("detail", Text, nullable=False),
    Column("changed_at", Moment, nullable=False),
    UniqueConstraint("subscriber_id", "edition_id"),
    Index(None, "state", "due_at"),
    Index("ix_deliveries_open", "due_at", "id", sqlite_where=text(OPEN), postgresql_where=text(OPEN)),
    Index(
        "ix_deliveries_in_doubt",
        "subscriber_id",
        sqlite_where=text(IN_DOUBT),
        postgresql_where=text(IN_DOUBT),
    ),
    Index(None, "handed_at"),
    Index(None, "edition_id"),
    sqlite_autoincrement=True,  # the outbox and its failures name deliveries by number
)

holds = Table(
    "holds",
    metadata,
    Column("medium", Text, primary_key=True),
    Column("until", Moment, nullable=False),
    Column("asked", Boolean, nullable=False),  # by the receiver; else we wait by ourselves
    Column("times", Integer, nullable=False),  # in a row
    Column("detail", Text, nullable=False),
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
