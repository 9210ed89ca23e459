"""Pages as they came: of each source the last good one, and the last one that could not be trusted."""

from __future__ import annotations

import zlib
from typing import Any

from sqlalchemy import Connection, delete, select

from bot.models import PageKind, SavedPage
from bot.store.engine import Room, insert_into
from bot.store.tables import saved_pages


class SavedPages(Room):
    def saved_page(self, source_id: str, kind: PageKind) -> SavedPage | None:
        """None also where what was kept is damaged."""
        query = select(saved_pages).where(saved_pages.c.source_id == source_id, saved_pages.c.kind == kind)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        try:
            body = zlib.decompress(row.body)
        except zlib.error:
            return None  # damaged: a copy to look at must not stop every poll; the next one takes its place
        values = {name: getattr(row, name) for name in SavedPage.__slots__}
        return SavedPage(**values | {"body": body})

    def forget_page(self, source_id: str, kind: PageKind) -> None:
        here = saved_pages.c
        with self._database.writing() as connection:
            connection.execute(delete(saved_pages).where(here.source_id == source_id, here.kind == kind))


def packed(page: SavedPage | None) -> dict[str, Any]:
    """A page as it is kept, or nothing of none. Made before writing begins: to compress a long page takes a
    second or two, and SQLite has one writer."""
    if page is None:
        return {}
    return {
        "source_id": page.source_id,
        "kind": page.kind,
        "fetched_at": page.fetched_at,
        "url": _plain(page.url),
        "content_type": _plain(page.content_type) if page.content_type else None,
        "body": zlib.compress(page.body),
        "reason": _plain(page.reason),
    }


def write_page(connection: Connection, values: dict[str, Any]) -> None:
    """A page that is `packed`, in the place of the one that the source had of this kind."""
    key = [saved_pages.c.source_id, saved_pages.c.kind]
    statement = insert_into(connection, saved_pages).values(values)
    connection.execute(statement.on_conflict_do_update(index_elements=key, set_=values))


def _plain(text: str) -> str:
    """PostgreSQL keeps no NUL characters."""
    return text.replace("\x00", "")
