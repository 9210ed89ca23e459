"""In which language and direction words of a source are."""

from __future__ import annotations

import pytest

from bot.languages import is_welsh, runs_right_to_left


@pytest.mark.parametrize(
    ("text", "welsh"),
    [
        ("Plentyn B", True),
        ("Bu’r teulu yn symud, ac nid oedd neb wedi gofyn pam", True),
        ("Mae’r plentyn wedi marw", True),
        ("Child Mai and Baby Medi", False),
        ("A review by Bwrdd Diogelu for the children of the town", False),
        ("Y Felinheli", False),
        ("", False),
    ],
)
def test_welsh_is_told_from_english(text: str, welsh: bool) -> None:
    assert is_welsh(text) is welsh


@pytest.mark.parametrize(
    ("text", "turned"), [("مراجعة الطفل 👶🏽", True), ("Child مراجعة", False), ("12 ילד", True), ("Ŵ", False)]
)
def test_the_first_letter_says_which_way_a_text_runs(text: str, turned: bool) -> None:
    assert runs_right_to_left(text) is turned
