"""Mail by SMTP, the conversation driven step by step so that each way it can end is told apart (RFC 5321).

Until the final dot goes, nothing has been handed over, and trying again is safe. From the dot to the answer
nobody can know: a connection lost there, or a 421, is *uncertain* (servers were seen to have kept the message
in both cases). Any other 4yz answer to the dot says that the message was not taken (RFC 5321, 4.2.1), as
grey-listing and scanners do, and is deferred.
"""

from __future__ import annotations

import re
import smtplib
import ssl
import threading
from contextlib import ExitStack

from bot.deliver import connection as connections
from bot.deliver.connection import Ended, MailServer, plain
from bot.deliver.letter import Letter, Letters, mask
from bot.errors import DeliveryError
from bot.models import Delivery, Outcome
from bot.ports import Progress

__all__ = ["EmailChannel", "MailServer"]

LETTERS_A_CONNECTION = 100  # some servers close after more
LEADING_DOT = re.compile(rb"(?m)^\.")
LOG_IN_NEEDED = (530, 534, 535, 538)


class EmailChannel:
    """Delivers letters to one mail server, each thread over its own connection, kept between letters.

    `tls`: the context for TLS; Python's own, which verifies certificates and names, if None. `hello`: the
    name this machine gives itself; the sender's domain if None. `patience` and `patience_after_dot` are
    seconds to wait for an answer (RFC 5321, 4.5.3.2 asks for ten minutes after the dot).
    """

    def __init__(
        self,
        server: MailServer,
        letters: Letters,
        *,
        tls: ssl.SSLContext | None = None,
        hello: str | None = None,
        patience: float = 60,
        patience_after_dot: float = 600,
    ) -> None:
        self._server = server
        self._letters = letters
        self._tls = tls or ssl.create_default_context()
        self._hello = hello or letters.domain
        self._patience = patience
        self._patience_after_dot = patience_after_dot
        self._own = threading.local()
        self._open: set[smtplib.SMTP] = set()
        self._lock = threading.Lock()

    def deliver(self, delivery: Delivery, progress: Progress) -> Outcome:
        """Hand one letter over and say how it ended."""
        try:
            letter = self._letters.letter(delivery)
        except DeliveryError as error:
            return Outcome(state="refused", detail=str(error))
        try:
            with ExitStack() as undone:
                connection = self._connection()
                undone.callback(self._drop, connection)
                outcome = self._said(connection, letter, progress)
                undone.pop_all()
                return outcome
        except Ended as end:
            return end.outcome

    def _said(self, connection: smtplib.SMTP, letter: Letter, progress: Progress) -> Outcome:
        """The outcome where the server has said it and the connection is as good as before."""
        try:
            return self._hand_over(connection, letter, progress)
        except Ended as end:
            if end.clean:
                return end.outcome
            raise

    def close(self) -> None:
        """End all connections that are kept. Letters may be delivered again afterwards."""
        with self._lock:
            kept, self._open = self._open, set()
        self._own = threading.local()
        for connection in kept:
            try:
                connection.quit()
            except (smtplib.SMTPException, OSError):
                connection.close()

    def _connection(self) -> smtplib.SMTP:
        kept: smtplib.SMTP | None = getattr(self._own, "connection", None)
        if kept is not None:
            try:
                if self._own.letters < LETTERS_A_CONNECTION and kept.rset()[0] == 250:
                    self._own.letters += 1
                    return kept
            except (smtplib.SMTPException, OSError):
                pass  # closed while it was idle: nothing was on its way
            self._drop(kept)
        connection = connections.connect(self._server, self._hello, self._tls, self._patience)
        self._own.connection, self._own.letters = connection, 1
        with self._lock:
            self._open.add(connection)
        return connection

    def _drop(self, connection: smtplib.SMTP) -> None:
        connection.close()
        self._own.connection = None
        with self._lock:
            self._open.discard(connection)

    def _hand_over(self, connection: smtplib.SMTP, letter: Letter, progress: Progress) -> Outcome:
        try:
            size = [f"size={len(letter.raw)}"] if connection.has_extn("size") else []
            self._expect("the sender", letter, *connection.mail(letter.sender, size))
            self._expect("the recipient", letter, *connection.rcpt(letter.recipient))
            self._expect("the message", letter, *connection.docmd("DATA"), want=354)
            connection.send(LEADING_DOT.sub(b"..", letter.raw))
        except (smtplib.SMTPException, OSError) as error:
            raise connections.lost(self._server, error) from None
        progress.handing_over()
        return self._after_the_dot(connection, letter)

    def _after_the_dot(self, connection: smtplib.SMTP, letter: Letter) -> Outcome:
        unknown = (
            f"{self._server} was given the whole message but did not say clearly that it took it, so it may "
            "or may not have arrived"
        )
        try:
            self._wait_up_to(connection, self._patience_after_dot)
            connection.send(b".\r\n")
            code, answer = connection.getreply()
            self._wait_up_to(connection, self._patience)
        except (smtplib.SMTPException, OSError) as error:
            raise Ended("uncertain", f"{unknown} ({plain(error)}).") from None
        if code == 421 or not (200 <= code < 300 or 400 <= code < 600):
            raise Ended("uncertain", f"{unknown} ({_reply(code, answer, letter)}).")
        self._expect("the message", letter, code, answer)
        return Outcome(state="sent", detail=f"Taken by {self._server} ({_reply(code, answer, letter)}).")

    @staticmethod
    def _wait_up_to(connection: smtplib.SMTP, seconds: float) -> None:
        if connection.sock:
            connection.sock.settimeout(seconds)

    def _expect(self, what: str, letter: Letter, code: int, answer: bytes, *, want: int = 250) -> None:
        """Go on where the answer is the one wanted, or any 2yz for 250; else end, in the server's words."""
        if code == want or (want == 250 and 200 <= code < 300):
            return
        said = _reply(code, answer, letter)
        if code in LOG_IN_NEEDED:
            raise Ended("deferred", f"{self._server} wants a log-in first ({said}): put it into SMTP_URL.")
        if 500 <= code < 600:
            raise Ended("refused", f"{self._server} refused {what} for good ({said}).", clean=True)
        raise Ended("deferred", f"{self._server} does not take {what} now ({said}).", clean=code != 421)


def _reply(code: int, answer: bytes, letter: Letter) -> str:
    """The server's answer, the reader's address masked: details of deliveries are kept and logged."""
    text = connections.reply(code, answer)
    return re.sub(re.escape(letter.recipient), mask(letter.recipient), text, flags=re.IGNORECASE)
