"""Doing things at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor


def side_by_side(*each: Callable[[], object]) -> None:
    """Do these in threads at once; the first error of any is raised."""
    with ThreadPoolExecutor(max_workers=len(each)) as pool:
        for one in [pool.submit(what) for what in each]:
            one.result(timeout=30)
