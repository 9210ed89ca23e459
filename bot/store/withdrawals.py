"""What its publisher has taken back since it was told: shown as withdrawn, wherever it is shown again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import Connection, select

from bot.models import Edition, Entry
from bot.store.archive import batches
from bot.store.tables import reviews


def withdrawn_since(connection: Connection, entries: Iterable[Entry]) -> set[int]:
    """Those of these reviews that are no longer offered."""
    row = reviews.c
    gone: set[int] = set()
    for some in batches(sorted({entry.review_id for entry in entries})):
        gone.update(connection.scalars(select(row.id).where(row.id.in_(some), row.status == "withdrawn")))
    return gone


def as_offered_now(connection: Connection, edition: Edition) -> Edition:
    """The edition, with what was withdrawn since it was composed as withdrawn."""
    entries = edition.digest.entries
    gone = withdrawn_since(connection, entries)
    if not gone:
        return edition
    shown = tuple(replace(entry, kind="withdrawn") if entry.review_id in gone else entry for entry in entries)
    return replace(edition, digest=replace(edition.digest, entries=shown))
