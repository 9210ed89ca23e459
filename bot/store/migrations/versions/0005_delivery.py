"""What delivery must remember: holds, pauses, bounces, when a mail was handed over, when to look for it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.add_column("subscriptions", sa.Column("former", sa.Text(), nullable=True))
    op.add_column("subscribers", sa.Column("paused_until", moment, nullable=True))
    op.add_column("subscribers", sa.Column("bounced_at", moment, nullable=True))
    op.add_column("deliveries", sa.Column("handed_at", moment, nullable=True))
    for name in ("failing_since", "held_at", "look_at"):
        op.add_column("deliveries", sa.Column(name, moment, nullable=True))
    op.add_column("deliveries", sa.Column("bounced", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("deliveries", sa.Column("subscriptions", sa.Text(), nullable=True))
    op.create_index(op.f("ix_subscriptions_subscriber_id"), "subscriptions", ["subscriber_id"], unique=False)
    op.create_index(op.f("ix_deliveries_handed_at"), "deliveries", ["handed_at"], unique=False)
    still_open = sa.text("state <> 'sent' AND state <> 'refused'")
    op.create_index(
        "ix_deliveries_open",
        "deliveries",
        ["due_at", "id"],
        unique=False,
        sqlite_where=still_open,
        postgresql_where=still_open,
    )
    op.create_table(
        "holds",
        sa.Column("medium", sa.Text(), nullable=False),
        sa.Column("until", moment, nullable=False),
        sa.Column("asked", sa.Boolean(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("medium", name=op.f("pk_holds")),
    )
