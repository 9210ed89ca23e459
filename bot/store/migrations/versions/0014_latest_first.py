"""An index by which the latest reviews come first. It has their places in it, and takes no long ones."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store import search_index

revision = "0014"
down_revision = "0013"

LONGEST_PLACE = 200  # characters; bot/store/keeping.py


def upgrade() -> None:
    place = sa.column("place", sa.Text)
    long = sa.table("reviews", place).update().where(sa.func.length(place) > LONGEST_PLACE)
    op.execute(long.values(place=sa.func.substr(place, 1, LONGEST_PLACE)))
    search_index.create_latest(op.get_bind())
