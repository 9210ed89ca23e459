from __future__ import annotations

from time import perf_counter

import pytest

from bot.reading import read
from tests.reading.pages import block, document


@pytest.mark.parametrize(
    "text",
    [
        "a-" * 3000,
        "Aa " * 3000,
        "(a; " * 2000,
        "aged " + "3, " * 1500,
        "A mother and his father by a man " * 500,
        "Cwm and of " * 1000 + "Safeguarding Board",
        "Child " * 2000,
    ],
    ids=lambda text: text[:12],
)
def test_no_text_however_odd_holds_the_reader_up(text: str) -> None:
    page = document(
        block("heading", "Serious Case Review: Baby Wren", level=1),
        block("heading", "What happened", level=2),
        block("paragraph", text),
        block("heading", "Learning", level=2),
        block("point", text, level=1),
    )
    begun = perf_counter()
    assert read(page).state == "read"
    assert perf_counter() - begun < 3
