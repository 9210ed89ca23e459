"""These tests take a browser and about a minute, so `make test` leaves them out: `make looks` runs them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.looks import node
from tests.looks.checks import Found
from tests.looks.looking import look_at
from tests.looks.pages import pages

collect_ignore_glob = [] if os.environ.get("LOOKS") else ["test_*.py"]
BUILT = Path(__file__).parents[2] / "build" / "looks"


@pytest.fixture(scope="session", autouse=True)
def tools() -> None:
    """Skips all, visibly, where a part is not installed; gives up instead where REQUIRE_LOOKS is set."""
    lacking = node.missing()
    if lacking and os.environ.get("REQUIRE_LOOKS"):
        pytest.exit(lacking, returncode=1)
    if lacking:
        pytest.skip(lacking)


@pytest.fixture(scope="session")
def found(tools: None) -> Mapping[str, Found]:
    """All pages, looked at once. What a screen reader says of each, and its print, are left in build/looks."""
    everything = look_at(list(pages()), BUILT)
    for name, one in everything.items():
        (BUILT / f"{name}.txt").write_text("\n".join(one.spoken) + "\n")
    return everything
