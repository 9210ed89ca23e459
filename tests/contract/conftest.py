"""One store for each test, on each database that the product runs on.

One in memory differs from a file in its connections alone: tests/store/ has what matters of that.
A store is opened once for all tests and emptied before each: opening anew costs more than most tests do.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.store import Store, open_store
from tests.store import postgres
from tests.store.emptying import empty


@pytest.fixture(scope="session", params=["sqlite file", "postgres"])
def open_one(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    if request.param == "sqlite file":
        url = f"sqlite:///{tmp_path_factory.mktemp('store')}/store.db"
    else:
        url = postgres.database_or_skip()
    store = open_store(url)
    yield store
    store.close()


@pytest.fixture
def store(open_one: Store) -> Store:
    empty(open_one)
    return open_one


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "store.db"
    open_store(f"sqlite:///{path}").close()
    return path


@pytest.fixture(params=["sqlite file", "postgres"])
def shared_url(request: pytest.FixtureRequest, tmp_path: Path, migrated_file: Path) -> str:
    """An empty database that several stores or processes can open."""
    if request.param == "sqlite file":
        return f"sqlite:///{shutil.copy(migrated_file, tmp_path)}"
    url = postgres.database_or_skip()
    with_store = open_store(url)
    empty(with_store)
    with_store.close()
    return url
