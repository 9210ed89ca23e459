"""docs/templates.md tells of every template, and of all that can be filled in."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from bot.deliver.rendering.report import NoticeShown, ReportShown
from bot.deliver.rendering.summary import GroupShown, LineShown, SourceShown, SummaryShown
from bot.deliver.showing.shown import DigestShown, ReviewShown
from bot.wiring.own_templates import names_in
from tests.deliver.parts import TEMPLATES

PAGE = (Path(__file__).parents[3] / "docs" / "templates.md").read_text(encoding="utf-8")


def told_in(heading: str) -> set[str]:
    table = PAGE.partition(heading)[2].partition("\n\n")[0]
    rows = re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row)}


def test_every_template_is_told_and_no_other() -> None:
    assert told_in("## Which does what\n\n") == set(names_in(TEMPLATES))


@pytest.mark.parametrize(
    ("heading", "kind"), [("| of `digest` |", DigestShown), ("| of a `review` |", ReviewShown)]
)
def test_all_that_can_be_filled_in_is_told_and_nothing_else(heading: str, kind: type) -> None:
    asked = {name for name, value in vars(kind).items() if isinstance(value, property)}
    assert told_in(heading) == {one.name for one in fields(kind)} | asked


@pytest.mark.parametrize(
    ("heading", "kinds"),
    [
        ("| of a `report` |", [ReportShown, NoticeShown]),
        ("| of a `summary` |", [SummaryShown, GroupShown, SourceShown, LineShown]),
    ],
)
def test_all_that_administrators_get_is_told_with_its_parts(heading: str, kinds: list[type]) -> None:
    table = PAGE.partition(heading)[2].partition("\n\n")[0]
    told = set(re.findall(r"`([a-z_]+)`", table))
    assert told == {one.name for kind in kinds for one in fields(kind)}
