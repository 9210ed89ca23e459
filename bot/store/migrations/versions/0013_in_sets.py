"""Indexes for what composing asks of many readers at once, and of few rows among all that were ever kept."""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

revision = "0013"
down_revision = "0011"


def upgrade() -> None:
    op.drop_index("ix_subscriptions_subscriber_id", "subscriptions")
    op.create_index("ix_subscriptions_subscriber_id_schedule", "subscriptions", ["subscriber_id", "schedule"])
    op.create_index("ix_subscriptions_criteria", "subscriptions", ["criteria"])
    partial("ix_digest_runs_claimed", "digest_runs", ["subscriber_id", "lease_until"], "state = 'claimed'")
    partial("ix_reviews_ever_revised", "reviews", ["id", "notable"], "notable > 1")
    partial(
        "ix_deliveries_in_doubt", "deliveries", ["subscriber_id"], "state = 'uncertain' OR state = 'refused'"
    )


def partial(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=text(where), postgresql_where=text(where))
