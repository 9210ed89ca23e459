"""A summary for administrators, from sources.yaml to the outbox, and looked at beforehand."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

import pytest

from bot.cli import main
from bot.models import REPORTS, SUMMARY
from bot.store import open_store
from bot.wiring import Bot
from tests.house import SetClock

SOURCES = """\
{reports}
sources:
  - id: harrowmere
    name: Harrowmere Partnership
    url: https://harrowmere.example.org/reviews
  - {{id: paused, name: Paused, url: "https://paused.example.org/", enabled: false}}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/bot.db")
    (tmp_path / "subscriptions.yaml").write_text("subscriptions: []\n")
    wants(tmp_path, "{to: [admin@example.org], summary: daily}")
    return tmp_path


def wants(folder: Path, reports: str) -> None:
    (folder / "sources.yaml").write_text(SOURCES.format(reports=f"reports: {reports}"))


def test_a_summary_that_sources_yaml_asks_for_is_composed_at_its_time_until_it_does_no_longer(
    folder: Path,
) -> None:
    clock = SetClock()
    with Bot(folder, {}, clock=clock, database_url="sqlite://") as bot:
        bot.enrol()
        assert [name for name, _ in bot.next_digests()] == [SUMMARY]
        clock.passes(days=1)
        assert bot.compose_due() == 1
        assert bot.compose_due() == 0
        (item,) = bot.store.outbox()
        assert (item.schedule, item.subscriber.address) == (SUMMARY, "admin@example.org")
        wants(folder, "{to: [admin@example.org]}")
        assert not bot.watched.refresh()
        bot.enrol()
        clock.passes(days=1)
        assert bot.compose_due() == 0
        assert not list(bot.store.readers(SUMMARY, clock.now()))
        assert len(list(bot.store.readers(REPORTS, clock.now() + timedelta(days=1)))) == 1


def test_a_summary_can_be_looked_at_before_anybody_asks_for_one(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    wants(folder, "{to: [admin@example.org]}")
    open_store(f"sqlite:///{folder}/bot.db").close()
    assert typed(monkeypatch, "preview", "reports", "--text", "--html", "summary.html") == 0
    said = capsys.readouterr().out
    assert "Subject: The source could not be read; no new reviews; no digests sent" in said
    assert "- Harrowmere Partnership, not looked at yet" in said
    assert ">The source could not be read;" in (folder / "summary.html").read_text()


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [("report", "`reports`?"), ("everythin", "`everything`?")],
)
def test_a_mistyped_name_brings_the_one_that_was_meant(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, wrong: str, meant: str
) -> None:
    open_store(f"sqlite:///{folder}/bot.db").close()
    (folder / "subscriptions.yaml").write_text(
        "subscriptions:\n  - {id: everything, to: [lead@example.org], digest: immediately}\n"
    )
    assert typed(monkeypatch, "preview", wrong) == 2
    assert f"no subscription `{wrong}`; did you mean {meant}" in capsys.readouterr().err


def test_a_summary_has_no_sheet_for_a_meeting(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert typed(monkeypatch, "preview", "reports", "--meeting", "sheet.html") == 2
    assert "no sheet" in capsys.readouterr().err
    assert not (folder / "sheet.html").exists()


def typed(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["learning-bot", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def test_commands_call_it_a_summary_and_count_no_reviews_in_it(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = SetClock()
    with Bot(folder, {}, clock=clock, database_url=f"sqlite:///{folder}/bot.db") as bot:
        bot.enrol()
        clock.passes(days=1)
        assert bot.compose_due() == 1
    for words in (("outbox", "list"), ("status",)):
        assert typed(monkeypatch, *words) == 0
        said = " ".join(capsys.readouterr().out.split())
        assert "summary for administrators" in said
        assert "reports.summary" not in said
        assert "0 reviews" not in said
    assert typed(monkeypatch, "check") == 0
    assert "reports: to admin@example.org, with a summary\n" in capsys.readouterr().out
