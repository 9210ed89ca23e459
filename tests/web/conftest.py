from __future__ import annotations

import pytest

from tests.web.visitor import FakeStore, Visitor


@pytest.fixture
def store() -> FakeStore:
    return FakeStore()


@pytest.fixture
def visitor(store: FakeStore) -> Visitor:
    return Visitor(store)
