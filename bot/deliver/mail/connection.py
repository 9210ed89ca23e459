"""A connection to the mail server: opened, protected and logged in; each way that fails in its own sentence.

What is wrong here is the set-up or the network, never the letter: so it is always deferred, and holds. A
letter that waits goes by itself once the set-up is mended.
"""

from __future__ import annotations

import base64
import io
import select
import smtplib
import socket
import ssl
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.deliver.mail.answer_words import names_connections
from bot.deliver.mail.answers import Ended, held, reply, reply_to_log_in
from bot.deliver.mail.oauth import AccessTokens
from bot.deliver.timed import TimedAnswers, wait_for
from bot.deliver.words import clean, plain

Security = Literal["none", "starttls", "tls"]
PASSWORD_WAYS = {"CRAM-MD5", "PLAIN", "LOGIN"}  # smtplib's
GOODBYE = 5  # seconds to wait for the answer to QUIT
PIECE = 16 * 1024  # bytes; what TLS takes at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where mail is handed in, from SMTP_URL.

    `security`: `starttls` insists on it, `tls` speaks TLS from the start, `none` is for one's own machine.
    `oauth`: gives the tokens with which `user` logs in, instead of a password.
    """

    host: str
    port: int
    security: Security = "none"
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    oauth: AccessTokens | None = None

    def __str__(self) -> str:
        return f"the mail server {self.host}:{self.port}"


class Connection(smtplib.SMTP):
    """smtplib's, with an end to every wait, and a memory of what was done with it.

    smtplib waits for each piece of an answer anew, so that a server which sends a byte a minute would hold it
    for ever, and it keeps as many lines as are sent. Here an answer is whole within `patience` seconds, and
    not without end; so is whatever is sent taken within `patience`.
    """

    def __init__(self, server: MailServer, hello: str, patience: float, **options: Any) -> None:
        self.patience = patience
        self.taken = 0  # letters that the server took over it
        self.begun = False  # a letter was begun and not taken: RSET comes before the next
        self.used = time.monotonic()
        # The host is given here and not to connect(): STARTTLS verifies the certificate against it.
        super().__init__(server.host, server.port, hello, timeout=patience, **options)
        if self.sock:
            # The final dot goes by itself, and must not wait 40 ms for the body to be acknowledged.
            self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def getreply(self) -> tuple[int, bytes]:
        """The next answer, whole. Raises as smtplib's does."""
        if self.file is None and self.sock:  # new, or under TLS from now on
            self._answers = TimedAnswers(self.sock)
            self.file = io.BufferedReader(self._answers)
        self._answers.within(self.patience)
        return super().getreply()

    def send(self, s: Any) -> None:
        """All of it. Raises as smtplib's does."""
        given = s.encode(self.command_encoding) if isinstance(s, str) else s
        ends = time.monotonic() + self.patience
        # A plain socket counts the time of all of it together; under TLS it begins anew with each piece.
        piece = PIECE if isinstance(self.sock, ssl.SSLSocket) else max(len(given), 1)
        for start in range(0, len(given), piece):
            if self.sock:
                wait_for(self.sock, max(ends - time.monotonic(), 0.001))
            super().send(given[start : start + piece])

    def has_spoken(self) -> bool:
        """Whether the server said something, or hung up, though it was not its turn: also where that came
        together with its last answer."""
        if self.sock is None or self._was_read_along():
            return True
        waiting = select.poll()
        waiting.register(self.sock, select.POLLIN)
        return bool(waiting.poll(0))

    def _was_read_along(self) -> bool:
        if isinstance(self.sock, ssl.SSLSocket) and self.sock.pending():
            return True
        if self.file is None:
            return False
        self._answers.within(0)
        try:
            return bool(self.file.peek(1))
        except TimeoutError:
            return False

    def finish(self) -> None:
        """Say goodbye, without waiting long for the answer."""
        self.patience = min(self.patience, GOODBYE)
        try:
            self.quit()
        except (smtplib.SMTPException, OSError):
            self.close()


class TlsConnection(Connection, smtplib.SMTP_SSL):
    """The same, with TLS from the first byte."""


def connect(server: MailServer, hello: str, tls: ssl.SSLContext, patience: float) -> Connection:
    """An open connection, ready for MAIL. `hello`: the name this machine gives itself; `patience` in seconds
    for each step. Raises Ended."""
    with ExitStack() as undone:
        connection = _reach(server, hello, tls, patience)
        undone.callback(connection.close)
        _protect(connection, server, tls)
        _log_in(connection, server)
        undone.pop_all()
        return connection


def lost(server: MailServer, error: Exception) -> Ended:
    """What to raise for a connection that ended between two commands, while nothing had been handed over."""
    return held(f"the connection to {server} ended before the message was handed over ({plain(error)}).")


def _reach(server: MailServer, hello: str, tls: ssl.SSLContext, patience: float) -> Connection:
    try:
        if server.security == "tls":
            return TlsConnection(server, hello, patience, context=tls)
        return Connection(server, hello, patience)
    except socket.gaierror:
        raise held(f"no mail server is called {server.host}: check SMTP_URL.") from None
    except ssl.SSLError as error:
        raise _not_safe(server, error) from None
    except smtplib.SMTPResponseException as error:
        said = reply(error.smtp_code, error.smtp_error)
        advice = "lower MAIL_CONNECTIONS" if names_connections(said) else "it is tried again"
        raise held(f"{server} does not take mail now ({said}): {advice}.") from None
    except (smtplib.SMTPException, OSError) as error:
        raise held(
            f"{server} did not answer ({plain(error)}): check that it runs and that SMTP_URL names it."
        ) from None


def _protect(connection: Connection, server: MailServer, tls: ssl.SSLContext) -> None:
    try:
        code, answer = connection.ehlo()
        if code != 250:
            code, answer = connection.helo()
        if code != 250:
            raise held(f"{server} did not return the greeting ({reply(code, answer)}): it is tried again.")
        if server.security in ("none", "tls"):
            return
        if connection.has_extn("starttls"):
            connection.starttls(context=tls)
            connection.ehlo()
            return
    except ssl.SSLError as error:
        raise _not_safe(server, error) from None
    except smtplib.SMTPResponseException as error:
        said = reply(error.smtp_code, error.smtp_error)
        raise held(f"{server} offers STARTTLS but refuses it ({said}): ask who runs it.") from None
    except (smtplib.SMTPException, OSError) as error:
        raise lost(server, error) from None
    raise held(
        f"{server} does not offer STARTTLS, on which SMTP_URL insists: use its TLS port with smtps://, "
        "or its port for STARTTLS (mostly 587)."
    )


def _log_in(connection: Connection, server: MailServer) -> None:
    if not server.user:
        return
    offered = set(connection.esmtp_features.get("auth", "").upper().split())
    if offered.isdisjoint({"XOAUTH2"} if server.oauth else PASSWORD_WAYS):
        raise held(
            f"{server} offers no log-in that fits ({'XOAUTH2' if server.oauth else 'a password'}): check "
            "whether it wants one, of which kind, and whether it wants STARTTLS first."
        )
    secrets: list[str] = []
    try:
        if server.oauth:
            _log_in_with_token(connection, server.user, server.oauth, secrets)
        else:
            secrets += _forms(server.user, server.password or "")
            connection.login(server.user, server.password or "")
    except smtplib.SMTPAuthenticationError as error:
        raise _not_let_in(server, error, secrets) from None
    except UnicodeError:
        raise held(
            f"the user name or password of SMTP_URL has letters that {server} cannot be sent: choose one of "
            "plain letters, digits and signs."
        ) from None
    except smtplib.SMTPServerDisconnected as error:
        raise lost(server, error) from None
    except smtplib.SMTPException:  # smtplib's own words may repeat an answer
        raise held(f"{server} did not bring the log-in to an end: ask who runs it.") from None
    except OSError as error:
        raise lost(server, error) from None


def _forms(user: str, password: str) -> list[str]:
    """What a log-in with a password sends (RFC 4616; LOGIN), which a server may repeat."""
    coded = [user, password, f"\0{user}\0{password}"]
    return [password, *(_base64(one) for one in coded)]


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode("ascii")


def _log_in_with_token(connection: Connection, user: str, oauth: AccessTokens, secrets: list[str]) -> None:
    """XOAUTH2 (developers.google.com/gmail/imap/xoauth2-protocol). A token that is not accepted may have been
    taken back before its time: a new one is tried, once. `secrets`: what was sent is put there."""
    for last in (False, True):
        token = oauth.token()
        given = _base64(f"user={user}\1auth=Bearer {token}\1\1")
        secrets += [token, given]
        code, answer = connection.docmd("AUTH", f"XOAUTH2 {given}")
        if code == 334:  # the error, in JSON; an empty line brings the real answer
            code, answer = connection.docmd("")
        if code in (235, 503):  # 503: logged in already
            return
        if code == 535:
            oauth.refused(token)
        if code != 535 or last:
            raise smtplib.SMTPAuthenticationError(code, answer)


def _not_let_in(server: MailServer, error: smtplib.SMTPAuthenticationError, secrets: list[str]) -> Ended:
    said = reply_to_log_in(error.smtp_code, error.smtp_error, secrets)
    if error.smtp_code < 500:
        return held(f"{server} could not check the log-in now ({said}): it is tried again.")
    if server.oauth:
        return held(
            f"{server} does not accept the token for the user of SMTP_URL ({said}): allow this client to "
            "send mail for that mailbox (SMTP.SendAsApp or SMTP.Send), and SMTP AUTH for the mailbox."
        )
    return held(
        f"{server} does not accept the user name and password of SMTP_URL ({said}): correct them, and the "
        "mail will go."
    )


def _not_safe(server: MailServer, error: ssl.SSLError) -> Ended:
    if isinstance(error, ssl.SSLCertVerificationError):
        reason, advice = error.verify_message, "its certificate must be valid, and for the name in SMTP_URL"
    else:
        reason = error.reason
        advice = "check that port and scheme of SMTP_URL fit (smtps:// for TLS from the start)"
    return held(f"no safe connection to {server} could be made ({clean(str(reason))}): {advice}.")
