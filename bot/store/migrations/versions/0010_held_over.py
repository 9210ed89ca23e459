"""Which digests held something over. And lost digests that one of before named, in words that are read no
longer, and that has not gone yet: the next one names them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("digest_runs", sa.Column("held_over", sa.Integer(), nullable=False, server_default="0"))
    op.execute(
        "UPDATE deliveries SET mentioned_in = NULL WHERE mentioned_in IN ("
        "SELECT later.id FROM deliveries AS later JOIN editions ON editions.id = later.edition_id "
        "WHERE later.state <> 'sent' AND editions.digest LIKE '%\"uncertain\":[\"%')"
    )
