"""Every mail and page, as it is seen, heard and printed. What is checked, and why, stands in checks.py."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from tests.looks.checks import CHECKS, Found
from tests.looks.pages import pages

NAMES = [page.name for page in pages()]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_page(name: str, check: Callable[[Found], list[str]], found: Mapping[str, Found]) -> None:
    assert check(found[name]) == []
