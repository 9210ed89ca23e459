from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.store import Store, open_store
from tests.store import postgres


@pytest.fixture
def store() -> Iterator[Store]:
    """A store in memory."""
    store = open_store("sqlite://")
    yield store
    store.close()


@pytest.fixture
def postgres_url() -> str:
    """A new, empty database."""
    postgres.server_or_skip()
    return postgres.fresh_database()
