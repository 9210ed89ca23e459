"""Looking for words before a pattern finds what the pattern alone finds, and nothing else."""

from __future__ import annotations

import importlib
import pkgutil
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bot.reading
from bot.reading.grammar.finder import Finder

FINDERS = {
    f"{module.name}.{name}.{number}": found
    for module in pkgutil.iter_modules(bot.reading.__path__)
    for name, value in vars(importlib.import_module(f"bot.reading.{module.name}")).items()
    for number, found in enumerate(
        [value] if isinstance(value, Finder) else [each[1] for each in value]
        if isinstance(value, tuple) and value and isinstance(value[0], tuple) and len(value[0]) > 1 and isinstance(value[0][1], Finder)
        else []
    )
}  # fmt: skip


def both(finder: Finder, text: str) -> tuple[object, object]:
    return tuple(match and match.span() for match in (finder.search(text), finder._whole.search(text)))  # type: ignore[return-value]


@pytest.mark.parametrize("name", FINDERS)
def test_whatever_a_pattern_matches_its_finder_finds(name: str) -> None:
    finder = FINDERS[name]

    @settings(max_examples=25, deadline=None, database=None)
    @given(st.from_regex(finder._whole), st.sampled_from(["", "The review of Child R. ", "Ring 999: "]))
    def check(match: str, before: str) -> None:
        quick, plain = both(finder, before + match)
        assert quick == plain

    check()


@pytest.mark.parametrize(
    ("pattern", "text", "span"),
    [
        (r"\bdelayed\b|held (?:back|up)", "It was held up, and DELAYED", (7, 14)),
        (r"(?:^|\W)[“\"]\w+|never", "She said “no” and never “yes”", (8, 12)),
        (r"a|ab", "xab", (1, 2)),
        (r"ring [|] call|\(phone\)|[()|]+x", "please (phone)", (7, 14)),
        (r"\d\d", "in 2024", (3, 5)),
        (r"(?P<who>child|baby) \w", "Baby Wren", (0, 6)),
        (r"neglect", "a happy child", None),
    ],
)
def test_a_finder_finds_the_first_match(pattern: str, text: str, span: tuple[int, int] | None) -> None:
    assert both(Finder(pattern), text) == (span, span)
    assert [m.span() for m in Finder(pattern).finditer(text)] == [
        m.span() for m in re.finditer(pattern, text, re.I)
    ]
