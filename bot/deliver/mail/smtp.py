"""Mail by SMTP, the conversation driven step by step so that each way it can end is told apart (RFC 5321).

Until the final dot goes, nothing has been handed over, and trying again is safe. From the dot to the answer
nobody can know: a connection lost there, or a 421, is *uncertain* (servers were seen to have kept the message
in both cases). Any other 4yz answer to the dot says that the message was not taken (RFC 5321, 4.2.1), as
grey-listing and scanners do, and is deferred.
"""

from __future__ import annotations

import smtplib
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from bot.deliver.mail import connection as connections
from bot.deliver.mail.answers import Answer, Ended, Step
from bot.deliver.mail.connection import Connection, MailServer
from bot.deliver.mail.letter import Letter, Letters
from bot.deliver.words import plain
from bot.errors import DeliveryError
from bot.models import Delivery, Outcome
from bot.ports import Progress

LETTERS_A_CONNECTION = 100  # some servers close after more
IDLE = 30  # seconds; a connection that was not used for longer may be gone without a word


class _Stale(Exception):
    """A connection kept from an earlier letter has ended: nothing of this letter was handed over."""


class EmailChannel:
    """Delivers letters to one mail server, each thread over a connection of its own, kept between letters.

    It greets the server by the sender's domain. `tls`: the context for TLS; Python's own, which verifies
    certificates and names, if None. `patience` and `patience_after_dot` are seconds to wait for an answer
    (RFC 5321, 4.5.3.2 asks for ten minutes after the dot).
    """

    def __init__(
        self,
        server: MailServer,
        letters: Letters,
        *,
        tls: ssl.SSLContext | None = None,
        patience: float = 60,
        patience_after_dot: float = 600,
    ) -> None:
        self._server = server
        self._letters = letters
        self._tls = tls or ssl.create_default_context()
        self._hello = letters.domain
        self._patience = patience
        self._patience_after_dot = patience_after_dot
        self._kept: list[Connection] = []
        self._lock = threading.Lock()

    def deliver(self, delivery: Delivery, progress: Progress) -> Outcome:
        """Hand one letter over and say how it ended. What `progress` raises ends the conversation unfinished,
        so that the server takes nothing, and goes on to the caller."""
        try:
            letter = self._letters.letter(delivery)
        except DeliveryError as error:
            return Outcome(state="refused", detail=str(error))
        try:
            kept = self._take_kept()
            if kept:
                try:
                    return self._over(kept, letter, progress)
                except _Stale:
                    pass  # its end says nothing about the server: once more, over a new one
            new = connections.connect(self._server, self._hello, self._tls, self._patience)
            return self._over(new, letter, progress)
        except Ended as end:
            return end.outcome

    def knock(self) -> str | None:
        """What keeps the server from taking mail; None where it would. Nothing is sent."""
        try:
            connections.connect(self._server, self._hello, self._tls, self._patience).finish()
        except Ended as end:
            return end.outcome.detail
        return None

    def close(self) -> None:
        """End all connections that are kept. Letters may be delivered again afterwards."""
        with self._lock:
            kept, self._kept = self._kept, []
        for connection in kept:
            connection.finish()

    def _take_kept(self) -> Connection | None:
        while True:
            with self._lock:
                if not self._kept:
                    return None
                connection = self._kept.pop()
            if time.monotonic() - connection.used < IDLE:
                return connection
            connection.close()

    def _over(self, connection: Connection, letter: Letter, progress: Progress) -> Outcome:
        """Hand over; keep the connection where it is good for another letter, drop it else."""
        with ExitStack() as dropped:
            dropped.callback(connection.close)
            try:
                self._offer(connection, letter)
                outcome = self._hand_over(connection, letter, progress)
                connection.taken += 1
            except Ended as end:
                if not end.clean:
                    raise
                outcome, connection.begun = end.outcome, True
            dropped.pop_all()
        if connection.taken >= LETTERS_A_CONNECTION:
            connection.finish()
        else:
            connection.used = time.monotonic()
            with self._lock:
                self._kept.append(connection)
        return outcome

    def _offer(self, connection: Connection, letter: Letter) -> None:
        """Everything up to the server's 354."""
        old = connection.taken > 0 or connection.begun
        try:
            if connection.begun and connection.rset()[0] != 250:
                raise _Stale
            connection.begun = False
            self._open(connection, letter)
        except (smtplib.SMTPException, OSError) as error:
            if old:
                raise _Stale from None
            raise connections.lost(self._server, error) from None
        except Ended as end:
            if old and not end.clean:
                raise _Stale from None
            raise

    def _open(self, connection: Connection, letter: Letter) -> None:
        """Sender, recipient and DATA, in one go where the server can take them so (RFC 2920).

        Then all three answers come, whatever the first one was. Where it says 354 though it refused the
        recipient, it gets an empty message, which reaches nobody. A connection that ends after a refusal
        takes nothing from what was said: the next letter finds out."""
        together = connection.has_extn("pipelining")
        steps = self._commands(connection, letter)
        refused: Ended | None = None
        if together:
            connection.send("".join(steps.values()))
        try:
            for step, command in steps.items():
                if not together:
                    connection.send(command)
                answer = self._answer(connection, letter, step)
                if not answer.taken:
                    refused = refused or answer.refusal()
                    if answer.code == 421 or not together:
                        raise refused
            if refused and answer.taken:
                connection.send(".\r\n")
                connection.getreply()
        except (smtplib.SMTPException, OSError):
            if refused is None:
                raise
        if refused:
            raise refused

    def _commands(self, connection: Connection, letter: Letter) -> dict[Step, str]:
        """The commands; with a mark by which a bounce is matched, where the server knows them (RFC 3461)."""
        sender, recipient = f"MAIL FROM:<{letter.sender}>", f"RCPT TO:<{letter.recipient}>"
        if connection.has_extn("size"):
            limit = connection.esmtp_features["size"].strip()
            if limit.isdigit() and 0 < int(limit) < len(letter.raw):
                raise Ended(
                    "refused",
                    f"the letter has {len(letter.raw):,} bytes and {self._server} takes {int(limit):,} at "
                    "most: have that limit raised, or shorten the digest.",
                    clean=True,
                )
            sender += f" SIZE={len(letter.raw)}"
        if connection.has_extn("dsn"):
            mark = letter.message_id[1:].rpartition("@")[0]  # letters, digits, `-` and `.`: as it may stand
            sender += f" RET=HDRS ENVID={mark}"
            recipient += " NOTIFY=FAILURE"
        return {"sender": sender + "\r\n", "recipient": recipient + "\r\n", "data": "DATA\r\n"}

    def _answer(self, connection: Connection, letter: Letter, step: Step) -> Answer:
        code, text = connection.getreply()
        if not 200 <= code < 600:
            raise smtplib.SMTPException("what it answered is no SMTP")
        return Answer(
            server=str(self._server),
            step=step,
            code=code,
            text=text.decode("utf-8", "replace"),
            recipient=letter.recipient,
            proven=connection.taken > 0,
        )

    def _hand_over(self, connection: Connection, letter: Letter, progress: Progress) -> Outcome:
        with self._in_the_middle():
            connection.send((b"\r\n" + letter.raw).replace(b"\r\n.", b"\r\n..")[2:])  # RFC 5321, 4.5.2
        progress.handing_over()
        if connection.has_spoken():  # before the dot: what only the dot completes was not taken
            with self._in_the_middle():
                refused = self._answer(connection, letter, "message").refusal()
            refused.clean = False
            raise refused
        return self._after_the_dot(connection, letter)

    @contextmanager
    def _in_the_middle(self) -> Iterator[None]:
        """A connection that ends in a letter's middle holds nothing: scanners on the way cut connections at
        what they find in a letter, which held would stop all the others, each time anew. Where it is the
        network, the next letter says so."""
        try:
            yield
        except (smtplib.SMTPException, OSError) as error:
            raise Ended(
                "deferred",
                f"the connection to {self._server} ended in the middle of the message ({plain(error)}): it "
                "is tried again.",
            ) from None

    def _after_the_dot(self, connection: Connection, letter: Letter) -> Outcome:
        unknown = (
            f"{self._server} was given the whole message but did not say clearly that it took it, so it may "
            "or may not have arrived"
        )
        # It holds: whatever ails the server, the next letters must not all become uncertain too.
        try:
            connection.send(b".\r\n")
            connection.patience = self._patience_after_dot
            answer = self._answer(connection, letter, "message")
            connection.patience = self._patience
        except (smtplib.SMTPException, OSError) as error:
            raise Ended("uncertain", f"{unknown} ({plain(error)}).", holds=True) from None
        if answer.code == 421 or 300 <= answer.code < 400:
            raise Ended("uncertain", f"{unknown} ({answer.said}).", holds=True)
        if not answer.taken:
            raise answer.refusal()
        return Outcome(state="sent", detail=f"Taken by {self._server} ({answer.said}).")
