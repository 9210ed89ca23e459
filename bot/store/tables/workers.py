"""What workers of one database have in common."""

from __future__ import annotations

from sqlalchemy import Column, Integer, Table, Text

from bot.store.columns import Moment
from bot.store.tables.base import metadata

configured = Table(  # one row: the configuration by which all workers work
    "configured",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("configuration", Text, nullable=False),
    Column("seen_at", Moment, nullable=False),  # when a worker that has it was last alive
)

hosts = Table(  # when each was last asked for something, and whether it asked us to stay away
    "hosts",
    metadata,
    Column("host", Text, primary_key=True),
    Column("asked_at", Moment),
    Column("away_since", Moment),
    Column("away_until", Moment),
)
