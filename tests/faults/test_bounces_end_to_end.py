"""A digest to somebody who is gone: sent to a real Postfix, returned by it, and piped into the command."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot import cli
from bot.deliver.mail.connection import MailServer
from bot.deliver.mail.smtp import EmailChannel
from bot.demo.example_site import write_configuration
from bot.store import Store, open_store
from tests.deliver.parts import Watched, letters
from tests.faults.postfix import PostfixServer
from tests.store.factories import (
    DAY,
    JOINED,
    a_review,
    a_subscription,
    claimed,
    enrol,
    hand_over,
    new,
    poll,
    read_first,
    settle,
    tell,
)

CHECKOUT = str(Path(__file__).parents[2])
GONE = "late@example.com"
MONDAY = JOINED + 7 * DAY


class Office:
    """A folder with its configuration and archive."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.archive = folder / "archive.db"
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
        self.environ = kept | {"PYTHONPATH": CHECKOUT, "DATABASE_URL": f"sqlite:///{self.archive}"}
        write_configuration(folder, "http://127.0.0.1:9")
        path = folder / "subscriptions.yaml"
        path.write_text(f"stop_after_bounces: 1\n{path.read_text(encoding='utf-8')}", encoding="utf-8")

    def store(self) -> closing[Store]:
        return closing(open_store(self.environ["DATABASE_URL"]))

    def pipes(self, mail: bytes) -> tuple[int, str]:
        """A mail into the command, in a process of its own as a mail server does: exit code, and words."""
        done = subprocess.run(
            [sys.executable, "-m", "bot", "bounce"],
            cwd=self.folder,
            env=self.environ,
            input=mail,
            capture_output=True,
            timeout=120,
        )
        return done.returncode, (done.stdout + done.stderr).decode()


Typing = Callable[..., tuple[int, str]]


@pytest.fixture
def types(
    returned: tuple[Office, bytes], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Typing:
    """Types the command, with a mail on standard input: exit code, and words."""
    office, _ = returned
    monkeypatch.chdir(office.folder)
    monkeypatch.setenv("DATABASE_URL", office.environ["DATABASE_URL"])

    def type_it(mail: bytes, *files: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(mail)))
        monkeypatch.setattr(sys, "argv", ["learning-bot", "bounce", *files])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return int(str(ended.value.code or 0)), said.out + said.err

    return type_it


def sent_and_returned(store: Store, server: PostfixServer) -> bytes:
    """A digest to an address that is gone is taken, and comes back; the mail that says so."""
    read_first(store)
    enrol(store, a_subscription(to=(GONE,)))
    poll(store, new(a_review("Baby A"), "bruising"), at=JOINED + DAY)
    tell(store, GONE, at=MONDAY)
    (delivery,) = claimed(store, MONDAY)
    channel = EmailChannel(
        MailServer(host=server.host, port=server.port), letters(return_path="bounces@example.net")
    )
    assert hand_over(store, delivery.id, MONDAY) is None
    outcome = channel.deliver(delivery, Watched())
    channel.close()
    assert outcome.state == "sent"
    settle(store, delivery.id, outcome, MONDAY)
    (bounce,) = server.wait_for(1)
    return bounce.raw


@pytest.fixture(scope="module")
def returned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Office, bytes]:
    """An office whose first digest was taken, and came back; and the mail that says so."""
    office = Office(tmp_path_factory.mktemp("office"))
    with PostfixServer() as server, office.store() as store:
        bounce = sent_and_returned(store, server)
    return office, bounce


def test_it_comes_back_to_where_bounces_are_wanted(returned: tuple[Office, bytes]) -> None:
    assert b"\r\nX-Original-To: bounces@example.net\r\n" in returned[1]


def test_a_forged_bounce_does_nothing(returned: tuple[Office, bytes], types: Typing) -> None:
    _, bounce = returned
    edition = bounce.partition(b"Original-Envelope-Id: delivery-1.")[2][:16]
    code, said = types(bounce.replace(edition, b"0123456789abcdef"))
    assert (code, said) == (0, "Ignored: delivery 1 to l…@example.com is none that this bot sent.\n")


def test_a_mail_that_came_back_stops_the_address_until_it_is_resumed(
    returned: tuple[Office, bytes], types: Typing
) -> None:
    office, bounce = returned
    hidden = office.folder / "hidden"
    office.archive.rename(hidden)
    code, said = types(bounce)
    assert (code, said[:23]) == (75, "There is no archive at "), "the mail server hands it over again"
    hidden.rename(office.archive)

    code, said = office.pipes(bounce)
    assert (code, said.count("\n")) == (0, 1)
    assert said.startswith("Counted: delivery 1 to l…@example.com came back")
    with office.store() as store:
        (item,) = store.outbox()
        assert (item.state, GONE in item.detail) == ("refused", False)
        assert [one.subscriber.address for one in store.unreached()] == [GONE]

    (office.folder / "one.eml").write_bytes(bounce)
    (office.folder / "two.eml").write_bytes(b"From: a@example.org\r\n\r\nI am away.\r\n")
    code, said = types(b"", "one.eml", "two.eml")
    assert code == 0
    assert said.splitlines() == [
        "one.eml: Ignored: delivery 1 to l…@example.com was already known to have failed.",
        "two.eml: Ignored: this is no bounce (an automatic reply, or a person's mail).",
    ]
    with office.store() as store:
        assert store.resume(GONE, MONDAY + DAY) == 1
        assert store.unreached() == ()
