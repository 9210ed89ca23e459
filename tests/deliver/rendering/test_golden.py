"""Mails and posts of the main cases are as they were when somebody last looked at them."""

from __future__ import annotations

from difflib import unified_diff

import pytest

from tests.deliver.golden import kept, made

KEPT = kept()
MADE = dict(made())
LONGEST = 60  # lines of a difference


@pytest.mark.parametrize("name", MADE)
def test_what_templates_make_is_as_it_was(name: str) -> None:
    before, now = KEPT.get(name, ""), MADE[name]
    if before != now:
        lines = list(
            unified_diff(before.splitlines(), now.splitlines(), "as it was", "as it is", lineterm="", n=1)
        )
        more = f"\n… and {len(lines) - LONGEST} lines more" if len(lines) > LONGEST else ""
        shown = "\n".join(line[:300] for line in lines[:LONGEST])
        pytest.fail(
            f"{name} has changed. If it is meant: `python -m tests.deliver.golden`, and look at it.\n{shown}{more}",
            pytrace=False,
        )


def test_there_is_no_file_that_nothing_makes() -> None:
    assert set(KEPT) == set(MADE)
