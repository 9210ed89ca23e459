"""An administrator whose source broke looks at the page that came."""

from __future__ import annotations

import json
from pathlib import Path

from bot.demo.example_site import ExampleSite
from tests.e2e.office import Desk


def test_a_page_that_was_not_trusted_is_named_shown_written_and_read_again(tmp_path: Path) -> None:
    with ExampleSite() as site:
        office = Desk(tmp_path, site)
        office.edits("sources.yaml", "expect: {min: 3, max: 40}", "expect: {min: 30, max: 40}")
        assert office.types("poll", "lantern-monthly").returncode == 1
        assert "learning-bot sources review lantern-monthly" in office.types("status").stdout
        command = "learning-bot sources page lantern-monthly --doubtful"
        kept = {
            one["id"]: one["page_kept"]
            for one in json.loads(office.types("status", "--json").stdout)["sources"]
        }
        assert kept["lantern-monthly"]
        shown = office.types(*command.split()[1:])
        assert shown.returncode == 0
        assert "at least 30 were expected" in shown.stdout
        assert f"`{command} --out FILE`" in shown.stdout
        written = office.types(*command.split()[1:], "--out", "page.html")
        assert "Written to page.html" in written.stdout
        assert "2026" in (office.folder / "page.html").read_text("utf-8")
        read = office.types("read", "page.html", "--source", "lantern-monthly", "--json")
        assert len(json.loads(read.stdout)["reviews"]) == 5
        nothing = office.types("sources", "page", "lantern-monthly")
        assert (nothing.returncode, nothing.stdout) == (1, "")
        assert "No good page of `lantern-monthly` is kept" in nothing.stderr


def test_the_last_good_page_stays_beside_a_doubtful_one(tmp_path: Path) -> None:
    with ExampleSite() as site:
        office = Desk(tmp_path, site)
        office.types("poll", "lantern-monthly")
        shown = office.types("sources", "page", "lantern-monthly")
        assert shown.returncode == 0
        assert "text/html" in shown.stdout
        assert "sources page lantern-monthly --doubtful" not in office.types("status").stdout
        nothing = office.types("sources", "page", "lantern-monthly", "--doubtful")
        assert nothing.returncode == 1
        missing = office.types("sources", "page", "lantern-monthy")
        assert missing.returncode == 2
        assert "did you mean `lantern-monthly`?" in missing.stderr
