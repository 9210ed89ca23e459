"""Who receives: a mail server and the stand-in for Slack in a process of their own, asked over a pipe.

They must outlive the sender's death, and must not share its process: what they have is what arrived.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Protocol

from bot.demo.mailbox import Mailbox, Received
from bot.demo.slack_page import Room
from bot.demo.slack_stand_in import SlackStandIn
from tests.faults.postfix import PostfixServer, _read

SPAWNED = multiprocessing.get_context("spawn")


class MailServer(Protocol):
    """Any server that takes mail and shows what it took."""

    name: str

    @property
    def url(self) -> str:
        """As in SMTP_URL."""

    def took(self, tag: str) -> Sequence[Received]:
        """The mails whose recipients hold this word, once all that was on its way has come in."""


@dataclass(frozen=True)
class Told:
    """A message in a Slack channel."""

    ts: str
    thread_ts: str | None
    text: str
    payload: Any


class PostOffice:
    """aiosmtpd and the stand-in for Slack, in one other process."""

    name = "aiosmtpd"

    def __init__(self) -> None:
        self._pipe, theirs = SPAWNED.Pipe()
        self._process = SPAWNED.Process(target=_serve, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()
        self._lock = threading.Lock()
        self.url, self.slack_url, self.token = self._pipe.recv()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._ask("stop")
        self._process.join(10)

    def took(self, tag: str) -> list[Received]:
        mails: list[Received] = self._ask("took", tag)
        return mails

    def count(self, tag: str) -> int:
        """How many it took."""
        return int(self._ask("count", tag))

    def fails(self, verb: str, *arguments: Any) -> None:
        """From now on the mail server fails so (a verb of Mailbox); `works` ends it."""
        self._ask("mailbox", verb, *arguments)

    def slack_fails(self, verb: str, *arguments: Any, **options: Any) -> None:
        self._ask("slack", verb, arguments, options)

    def opens(self, channel: str) -> None:
        """A new channel."""
        self._ask("opens", channel)

    def posted(self, channel: str) -> list[Told]:
        told: list[Told] = self._ask("posted", channel)
        return told

    def _ask(self, *what: Any) -> Any:
        with self._lock:
            self._pipe.send(what)
            return self._pipe.recv()


class PostfixMail:
    """A private Postfix, whose maildir is read as it grows."""

    name = "Postfix"

    def __init__(self, server: PostfixServer) -> None:
        self._server = server
        self._seen: set[Path] = set()
        self._mails: list[Received] = []
        self._lock = threading.Lock()
        self.url = server.url

    def took(self, tag: str) -> list[Received]:
        with self._lock:
            self._wait_for_the_queue()
            new = [
                path for path in (self._server.folder / "mail/all/new").glob("*") if path not in self._seen
            ]
            self._seen.update(new)
            self._mails += [_read(path.read_bytes()) for path in new]
            return [one for one in self._mails if any(tag in to for to in one.recipients)]

    def _wait_for_the_queue(self) -> None:
        """Mail is in one of these from the final dot's answer until it is in the maildir."""
        until = time.monotonic() + 10
        while any(any((self._server.folder / "queue" / name).iterdir()) for name in ("incoming", "active")):
            if time.monotonic() > until:
                raise TimeoutError(f"Postfix still has mail in its queue:\n{self._server.log}")
            time.sleep(0.01)


@contextlib.contextmanager
def post_office() -> Iterator[PostOffice]:
    office = PostOffice()
    try:
        yield office
    finally:
        office.close()


def _serve(pipe: Connection) -> None:
    with Mailbox() as mailbox, SlackStandIn() as slack:
        pipe.send((mailbox.url, slack.url, slack.token))
        while True:
            what, *rest = pipe.recv()
            pipe.send(_answer(mailbox, slack, what, rest))
            if what == "stop":
                return


def _answer(mailbox: Mailbox, slack: SlackStandIn, what: str, rest: list[Any]) -> Any:
    if what == "took":
        return [one for one in mailbox.received if any(rest[0] in to for to in one.recipients)]
    if what == "count":
        return sum(any(rest[0] in to for to in one.recipients) for one in mailbox.received)
    if what == "mailbox":
        getattr(mailbox, rest[0])(*rest[1:])
    if what == "slack":
        getattr(slack, rest[0])(*rest[1], **rest[2])
    if what == "opens":
        name = rest[0].removeprefix("#")
        slack.rooms.append(Room(id=f"C{len(slack.rooms) + 1:09}", name=name))
    if what == "posted":
        return [Told(one.ts, one.thread_ts, one.text, one.metadata) for one in slack.messages(rest[0])]
    return None
