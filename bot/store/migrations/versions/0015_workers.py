"""What several workers have in common: the configuration in force, and when each host was asked last."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.columns import Moment

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "configured",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("configuration", sa.Text(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_configured"),
    )
    op.create_table(
        "hosts",
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("asked_at", Moment(), nullable=True),
        sa.Column("away_since", Moment(), nullable=True),
        sa.Column("away_until", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("host", name="pk_hosts"),
    )
