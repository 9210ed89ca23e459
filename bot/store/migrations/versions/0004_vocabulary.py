"""With which vocabulary a review was tagged, and which matches a change of the themes made."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store import search_index

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    search_index.drop(op.get_bind())
    op.add_column("reviews", sa.Column("tagged", sa.Text(), nullable=False, server_default=""))
    op.create_index(op.f("ix_reviews_tagged"), "reviews", ["tagged"], unique=False)
    search_index.create(op.get_bind())
    op.add_column("matches", sa.Column("anew", sa.DateTime(timezone=True), nullable=True))
