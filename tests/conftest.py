"""What holds for all tests."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import jinja2
import pytest

from bot import store
from bot.store import engine, migrations
from tests.compiling import compiled_once
from tests.store.ready_made import Migrated

HERE = Path(__file__).parent
# Files that take more than five seconds, the longest first: of two workers none is to begin one at the very end.
LONG = (
    "worker/test_workers.py",
    "faults/test_kills.py",
    "contract/test_store_contract.py",
    "e2e/test_commands.py",
    "e2e/test_own_templates.py",
    "faults/test_clock.py",
    "mutations/test_mutations.py",
    "e2e/test_backfill.py",
    "e2e/test_adding_a_source.py",
    "contract/test_delivery_contract.py",
    "deliver/block_kit/test_block_kit.py",
    "test_decided_by_a_person.py",
    "formats/test_sandbox.py",
    "deliver/mail/test_smtp.py",
    "reading/test_long_texts.py",
    "deliver/rendering/test_hard_cases.py",
    "deliver/rendering/test_size.py",
    "faults/test_database.py",
    "store/test_composed_in_sets.py",
    "worker/test_engine.py",
    "e2e/test_heartbeat.py",
)


def pytest_configure(config: pytest.Config) -> None:
    config.option.loadscopereorder = False  # pytest-xdist would begin with the files of many tests


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    tests = Counter(item.path for item in items)
    begins = {HERE / name: number for number, name in enumerate(LONG)}
    items.sort(key=lambda item: (begins.get(item.path, len(LONG)), -tests[item.path], str(item.path)))


def pytest_collection_finish() -> None:
    """Six thousand tests stay in memory to the end. To look through them for garbage again and again takes a fifth
    of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(autouse=True, scope="session")
def nobody_cuts_the_power() -> Iterator[None]:
    """Waiting for the disk at each transaction would take most of the tests' time. What a killed process has written
    stays without it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "DURABLE", "synchronous=OFF")
        yield


@pytest.fixture(autouse=True, scope="session")
def migrations_run_once() -> Iterator[None]:
    made = Migrated()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "upgrade", made.upgrade)
        yield
    made.close()


@pytest.fixture(autouse=True, scope="session")
def templates_are_compiled_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jinja2.Environment, "compile", compiled_once)
        yield


@pytest.fixture
def real_migrations(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests of opening a new database: it is made as it is in service."""
    monkeypatch.setattr(store, "upgrade", migrations.upgrade)
