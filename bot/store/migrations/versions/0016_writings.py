"""By which writing of the archive something is there, so that a digest looks at what is new alone.

What is there already has number 0: the digests of before say nothing of what they saw, so the next of each
reader looks at all of it once more. What comes and does not say its number counts as new to everybody.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

NEWEST = "2147483647"


def upgrade() -> None:
    op.create_table(
        "writings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_writings"),
    )
    op.add_column("digest_runs", sa.Column("saw", sa.Integer(), nullable=True))
    for table, column in (("matches", "writing"), ("reviews", "writing"), ("subscriptions", "asked_after")):
        op.add_column(table, sa.Column(column, sa.Integer(), nullable=False, server_default=NEWEST))
        op.execute(f"UPDATE {table} SET {column} = 0")
    op.create_index("ix_matches_criteria_writing", "matches", ["criteria", "writing"])
    revised = sa.text("notable > 1")
    op.create_index(
        "ix_reviews_revised", "reviews", ["writing", "id"], sqlite_where=revised, postgresql_where=revised
    )
