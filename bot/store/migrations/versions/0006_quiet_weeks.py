"""Whether a subscription tells its readers of a quiet week: enrolment fills it in from the configuration."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("subscriptions", sa.Column("quiet", sa.Boolean(), nullable=False, server_default=sa.true()))
