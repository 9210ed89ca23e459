"""`learning-bot bounce`: what is counted, what is ignored, and what a mail server is told."""

from __future__ import annotations

import io
import sys
from datetime import datetime

import pytest

from bot import cli
from bot.cli.bounce import count, counted
from bot.deliver.bounces.reading import Bounce
from bot.errors import StoreError
from tests.deliver.bounces import mails
from tests.deliver.parts import NOW


class Ledger:
    """Remembers what was counted, and answers as it is told to."""

    def __init__(self, answer: str = "kept") -> None:
        self.answer = answer
        self.told: list[tuple[int, str, str, bool, int]] = []

    def bounced(
        self, delivery_id: int, edition: str, detail: str, *, hard: bool, now: datetime, stop_after: int
    ) -> str:
        self.told.append((delivery_id, edition, detail, hard, stop_after))
        return self.answer


def handled(raw: bytes, ledger: Ledger) -> list[str]:
    def counting(one: Bounce) -> str:
        return count(ledger, one, NOW, 3)

    return list(counted(raw, counting))


def test_a_bounce_is_counted_with_the_reason_and_what_to_do() -> None:
    ledger = Ledger()
    (line,) = handled(mails.QMAIL, ledger)
    assert line == (
        "Counted: delivery 41 to a…@wetherby-vale.example came back, there is no such mailbox "
        "(Sorry, no mailbox here by that name. (#5.1.1))."
    )
    detail = (
        "It came back, there is no such mailbox (Sorry, no mailbox here by that name. (#5.1.1)): "
        "correct the address, or take it out."
    )
    assert ledger.told == [(41, "0f3a9c5b7d1e2846", detail, True, 3)]


def test_a_full_mailbox_is_noted_and_does_not_count_against_the_address() -> None:
    ledger = Ledger()
    (line,) = handled(mails.POSTFIX_FULL, ledger)
    assert line.startswith("Noted, not counted against the address: delivery 41")
    assert [hard for _, _, _, hard, _ in ledger.told] == [False]


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ("stopped", "Nothing more is sent there until `learning-bot people resume ADDRESS`."),
        ("known", "Ignored: delivery 41 to a…@wetherby-vale.example was already known to have failed."),
        ("unknown", "Ignored: delivery 41 to a…@wetherby-vale.example is none that this bot sent."),
    ],
)
def test_the_answer_of_the_ledger_is_said(answer: str, says: str) -> None:
    (line,) = handled(mails.POSTFIX, Ledger(answer))
    assert line.endswith(says)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (mails.OUT_OF_OFFICE, "Ignored: this is no bounce"),
        (mails.POSTFIX_DELAYED, "only delayed; the mail server keeps trying."),
        (mails.POSTFIX.replace(b"Action: failed", b"Action: delivered"), "was delivered."),
        (mails.EXIM.replace(b"<delivery-", b"<news-"), "a bounce of no mail of ours"),
        (mails.COMPLAINT, "Not acted on: delivery 41"),
        (b"x" * 10_000_001, "Ignored. This mail could not be read as a bounce: it is larger than 10 MB."),
    ],
    ids=["out of office", "delayed", "delivered", "not ours", "complaint", "huge"],
)
def test_what_is_no_failure_of_ours_is_said_and_not_counted(raw: bytes, says: str) -> None:
    ledger = Ledger()
    (line,) = handled(raw, ledger)
    assert says in line
    assert ledger.told == []


class Pipe:
    """Standard input, as a mail server fills it."""

    def __init__(self, raw: bytes) -> None:
        self.buffer = io.BytesIO(raw)


def typed(monkeypatch: pytest.MonkeyPatch, raw: bytes) -> tuple[int, bytes]:
    """The exit code, and what was left unread."""
    pipe = Pipe(raw)
    monkeypatch.setattr(sys, "stdin", pipe)
    monkeypatch.setattr(sys, "argv", ["learning-bot", "bounce"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(str(ended.value.code or 0)), pipe.buffer.read()


def test_the_mail_is_handed_over_again_where_it_could_not_be_counted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def locked(*_: object) -> str:
        raise StoreError("the database is locked")

    monkeypatch.setattr("bot.cli.bounce._count", locked)
    assert typed(monkeypatch, mails.POSTFIX) == (75, b"")
    assert capsys.readouterr().err == "the database is locked\n"


def test_a_mail_that_is_too_large_is_read_to_its_end_and_not_bounced(monkeypatch: pytest.MonkeyPatch) -> None:
    assert typed(monkeypatch, b"x" * 12_000_000) == (0, b"")


def test_a_mail_that_is_none_of_ours_needs_no_archive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:////nowhere/at/all.db")
    assert typed(monkeypatch, mails.OUT_OF_OFFICE) == (0, b"")
