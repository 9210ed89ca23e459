"""Columns of the store's own kinds: moments in UTC, and records of bot/models as JSON."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator

from bot.models import Criteria, Difference, Digest, Evidence, Figures, Notice, Reason, Review, Validators


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept in UTC. SQLite has no time zones, so a naive one would be silently misread."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone; moments are kept in UTC")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Record(TypeDecorator[Any]):
    """A record of bot/models as JSON text. Fields that a newer record has are given their defaults."""

    impl = Text
    cache_ok = True

    def __init__(self, adapter: TypeAdapter[Any]) -> None:
        super().__init__()
        self.adapter = adapter

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else self.adapter.dump_json(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else self.adapter.validate_json(value)


class Names(TypeDecorator[tuple[str, ...]]):
    """A few ids, in the order given."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str | None:
        return None if value is None else " ".join(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...] | None:
        return None if value is None else tuple(value.split())


def plain(text: str) -> str:
    """PostgreSQL keeps no NUL characters."""
    return text.replace("\x00", "")


REVIEW = TypeAdapter(Review)
DIFFERENCES = TypeAdapter(tuple[Difference, ...])
EVIDENCE = TypeAdapter(tuple[Evidence, ...])
REASONS = TypeAdapter(tuple[Reason, ...])
CRITERIA = TypeAdapter(Criteria)
DIGEST = TypeAdapter(Digest)
VALIDATORS = TypeAdapter(Validators)
FIGURES = TypeAdapter(Figures)
NOTICE = TypeAdapter(Notice)
