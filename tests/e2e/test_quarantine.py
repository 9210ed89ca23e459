"""An administrator decides on a page that was not trusted."""

from __future__ import annotations

import json
from pathlib import Path

from bot.demo.example_site import ExampleSite
from tests.e2e.office import Desk

SOURCE = "lantern-monthly"
DOUBTED = ("expect: {min: 3, max: 40}", "expect: {min: 30, max: 40}")


def state_of(office: Desk) -> str:
    sources = json.loads(office.types("status", "--json").stdout)["sources"]
    return next(one["state"] for one in sources if one["id"] == SOURCE)


def test_a_page_that_was_not_trusted_waits_until_somebody_approves_it(tmp_path: Path) -> None:
    with ExampleSite() as site:
        office = Desk(tmp_path, site)
        office.edits("sources.yaml", *DOUBTED)
        assert office.types("poll", SOURCE).returncode == 1
        shown = office.types("sources", "review", SOURCE)
        assert shown.returncode == 0
        assert "at least 30 were expected" in shown.stdout
        assert shown.stdout.split("If it were approved")[1].count("  new: ") == 5
        for choice in ("--approve", "--reread", "--discard"):
            assert f"learning-bot sources review {SOURCE} {choice}" in shown.stdout
        assert state_of(office) == "unreadable", "to look changes nothing"
        kept = office.types("sources", "review", SOURCE, "--approve")
        assert (kept.returncode, "Kept." in kept.stdout) == (0, True)
        assert state_of(office) == "good"
        again = office.types("sources", "review", SOURCE)
        assert again.returncode == 1
        assert "its last poll could be trusted" in again.stderr


def test_what_gives_nothing_is_not_to_be_approved_and_where_none_waits_the_reason_is_true(
    tmp_path: Path,
) -> None:
    with ExampleSite() as site:
        office = Desk(tmp_path, site)
        office.edits("sources.yaml", *DOUBTED)
        office.types("poll", SOURCE)
        office.edits("sources.yaml", DOUBTED[1], "select: {item: article.nobody-has-this}")
        shown = office.types("sources", "review", SOURCE)
        assert shown.returncode == 1
        assert "even if it were approved" in shown.stdout
        assert "--approve" not in shown.stdout
        assert f"learning-bot sources review {SOURCE} --reread" in shown.stdout
        assert office.types("sources", "review", SOURCE, "--discard").returncode == 0
        none = office.types("sources", "review", SOURCE)
        assert none.stderr == f"No page of `{SOURCE}` waits for you: none is kept that was not trusted.\n"


def test_corrected_settings_read_what_waits_and_what_is_wrong_is_forgotten(tmp_path: Path) -> None:
    with ExampleSite() as site:
        office = Desk(tmp_path, site)
        office.edits("sources.yaml", *DOUBTED)
        office.types("poll", SOURCE)
        both = office.types("sources", "review", SOURCE, "--approve", "--discard")
        assert (both.returncode, "choose one" in both.stderr) == (2, True)
        still = office.types("sources", "review", SOURCE, "--reread")
        assert (still.returncode, "Nothing was kept." in still.stdout) == (1, True)
        office.edits("sources.yaml", *reversed(DOUBTED))
        reread = json.loads(office.types("sources", "review", SOURCE, "--reread", "--json").stdout)
        assert (reread["run"]["state"], reread["run"]["records"]) == ("good", 5)
        office.edits("sources.yaml", *DOUBTED)
        office.types("poll", SOURCE)
        assert office.types("sources", "review", SOURCE, "--discard").returncode == 0
        assert state_of(office) == "unreadable", "nothing of it was published"
        assert office.types("sources", "page", SOURCE, "--doubtful").returncode == 1


def test_an_administrator_who_is_named_gets_a_report_of_it(tmp_path: Path) -> None:
    with ExampleSite() as site:
        office = Desk(tmp_path, site)
        office.edits("sources.yaml", "sources:\n", "reports: {to: [admin@example.org]}\nsources:\n")
        office.edits("sources.yaml", *DOUBTED)
        office.types("poll", SOURCE)
        assert "sent to admin@example.org" in office.types("send").stdout
        reports = [path.read_text() for path in (office.folder / "data/outbox").glob("*.eml")]
        (report,) = [text for text in reports if "To: admin@example.org" in text]
        assert "Subject: A source cannot be read" in report
        asked = office.types("sources", "log", SOURCE, "--csv").stdout.splitlines()
        assert asked[0] == "time (UTC),address,status,bytes,only if changed,seconds"
        assert any("/robots.txt,404," in line or "/robots.txt,200," in line for line in asked)
        assert len(asked) == 3
        office.types("sources", "test", SOURCE)
        assert len(office.types("sources", "log", SOURCE, "--csv").stdout.splitlines()) > 3
        assert f"learning-bot sources review {SOURCE}" in report
