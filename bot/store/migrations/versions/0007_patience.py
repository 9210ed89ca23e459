"""How often a source could not be read in a row, and when it is polled again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("source_runs", sa.Column("failed", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("source_runs", sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True))
