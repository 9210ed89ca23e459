"""An administrator decides on a page that was not trusted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.demo.example_site import ExampleSite
from tests.e2e.test_commands import Office

SOURCE = "lantern-monthly"
DOUBTED = ("expect: {min: 3, max: 40}", "expect: {min: 30, max: 40}")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Where a page came with five reviews, and at least thirty were expected."""
    with ExampleSite() as site:
        office = Office(tmp_path, site)
        office.edits("sources.yaml", *DOUBTED)
        assert office.types("poll", SOURCE).returncode == 1
        yield office


def state_of(office: Office) -> str:
    sources = json.loads(office.types("status", "--json").stdout)["sources"]
    return next(one["state"] for one in sources if one["id"] == SOURCE)


def test_it_is_shown_why_it_was_not_trusted_what_it_would_publish_and_what_can_be_done(
    office: Office,
) -> None:
    shown = office.types("sources", "review", SOURCE)
    assert shown.returncode == 0
    assert "at least 30 were expected" in shown.stdout
    assert "5" in shown.stdout.split("If it were approved")[1]
    for choice in ("--approve", "--reread", "--discard"):
        assert f"learning-bot sources review {SOURCE} {choice}" in shown.stdout
    assert state_of(office) == "unreadable", "to look changes nothing"
    asked = json.loads(office.types("sources", "review", SOURCE, "--json").stdout)
    assert asked["run"]["records"] == 5
    assert state_of(office) == "unreadable"


def test_an_approved_page_is_kept_and_waits_no_longer(office: Office) -> None:
    kept = office.types("sources", "review", SOURCE, "--approve")
    assert (kept.returncode, "Kept." in kept.stdout) == (0, True)
    assert state_of(office) == "good"
    again = office.types("sources", "review", SOURCE)
    assert again.returncode == 1
    assert "its last poll could be trusted" in again.stderr


def test_corrected_settings_read_the_page_that_waits(office: Office) -> None:
    still = office.types("sources", "review", SOURCE, "--reread")
    assert (still.returncode, "Nothing was kept." in still.stdout) == (1, True)
    office.edits("sources.yaml", *reversed(DOUBTED))
    assert office.types("sources", "review", SOURCE, "--reread").returncode == 0
    assert state_of(office) == "good"


def test_a_discarded_page_is_forgotten_and_nothing_of_it_is_published(office: Office) -> None:
    assert office.types("sources", "review", SOURCE, "--discard").returncode == 0
    assert state_of(office) == "unreadable"
    assert office.types("sources", "review", SOURCE).returncode == 1


def test_one_choice_at_a_time(office: Office) -> None:
    both = office.types("sources", "review", SOURCE, "--approve", "--discard")
    assert both.returncode == 2
    assert "choose one" in both.stderr
