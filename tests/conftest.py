"""What holds for all tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.store import engine


@pytest.fixture(autouse=True, scope="session")
def nobody_cuts_the_power() -> Iterator[None]:
    """Waiting for the disk at each transaction would take most of the tests' time. What a killed process has written
    stays without it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "DURABLE", "synchronous=OFF")
        yield
