"""A connection to the mail server: opened, protected and logged in; each way that fails in its own sentence.

What is wrong here is the set-up or the network, never the letter: so it is always deferred. A letter
that waits goes by itself once the set-up is mended.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Literal, NoReturn

from bot.deliver.words import clean, cut
from bot.models import Outcome

Security = Literal["none", "starttls", "starttls-if-offered", "tls"]
LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where mail is handed in, from SMTP_URL.

    `security`: `starttls` insists on it, `tls` speaks TLS from the start, `none` is for one's own machine.
    """

    host: str
    port: int
    security: Security = "starttls-if-offered"
    user: str | None = None
    password: str | None = None

    def __repr__(self) -> str:
        return f"MailServer({self.host}:{self.port}, {self.security})"  # never the password

    def __str__(self) -> str:
        return f"the mail server {self.host}:{self.port}"


class Ended(Exception):
    """The conversation ended before the mail was taken. `clean`: the connection is good for the next."""

    def __init__(
        self, state: Literal["refused", "deferred", "uncertain"], detail: str, *, clean: bool = False
    ) -> None:
        self.clean = clean
        detail = detail[:1].upper() + detail[1:]
        self.outcome = Outcome(state=state, detail=detail)
        super().__init__(detail)


def connect(server: MailServer, hello: str, tls: ssl.SSLContext, patience: float) -> smtplib.SMTP:
    """An open connection, ready for MAIL. `hello`: the name this machine gives itself; `patience` in seconds.
    Raises Ended."""
    with ExitStack() as undone:
        connection = _reach(server, hello, tls, patience)
        undone.callback(connection.close)
        _protect(connection, server, tls)
        _log_in(connection, server)
        undone.pop_all()
        return connection


def lost(server: MailServer, error: Exception) -> Ended:
    """What to raise for a connection that ended while nothing had been handed over."""
    return Ended(
        "deferred",
        f"the connection to {server} ended before the message was handed over ({plain(error)}).",
    )


def reply(code: int, answer: bytes | str) -> str:
    """The server's answer on one line."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return cut(f"{code} {clean(text)}".strip(), 200)[0]


def plain(error: Exception) -> str:
    """What an exception says, on one short line; its kind if it says nothing."""
    return cut(clean(str(error)), 120)[0] or type(error).__name__


def _reach(server: MailServer, hello: str, tls: ssl.SSLContext, patience: float) -> smtplib.SMTP:
    try:
        if server.security == "tls":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, hello, timeout=patience, context=tls
            )
        else:
            # The host is given here and not to connect(): STARTTLS verifies the certificate against it.
            connection = smtplib.SMTP(server.host, server.port, hello, timeout=patience)
        if connection.sock:
            # The final dot goes by itself, and must not wait 40 ms for the body to be acknowledged.
            connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection
    except socket.gaierror:
        raise Ended("deferred", f"no mail server is called {server.host}: check SMTP_URL.") from None
    except ssl.SSLError as error:
        _not_safe(server, error)
    except smtplib.SMTPResponseException as error:
        said = reply(error.smtp_code, error.smtp_error)
        raise Ended("deferred", f"{server} does not take mail now ({said}).") from None
    except (smtplib.SMTPException, OSError) as error:
        raise Ended(
            "deferred",
            f"{server} did not answer ({plain(error)}): check that it runs and that SMTP_URL names it.",
        ) from None


def _protect(connection: smtplib.SMTP, server: MailServer, tls: ssl.SSLContext) -> None:
    try:
        code, answer = connection.ehlo()
        if code != 250:
            code, answer = connection.helo()
        if code != 250:
            raise Ended("deferred", f"{server} did not return the greeting ({reply(code, answer)}).")
        if server.security in ("none", "tls"):
            return
        if connection.has_extn("starttls"):
            connection.starttls(context=tls)
            connection.ehlo()
            return
    except ssl.SSLError as error:
        _not_safe(server, error)
    except (smtplib.SMTPException, OSError) as error:
        raise lost(server, error) from None
    if server.security == "starttls":
        raise Ended(
            "deferred",
            f"{server} does not offer STARTTLS, on which SMTP_URL insists: use its TLS port with smtps://, "
            "or its port for STARTTLS (mostly 587).",
        )
    if server.user and server.host not in LOOPBACK:
        raise Ended(
            "deferred",
            f"{server} offers no encryption, so the password of SMTP_URL was not sent to it: use smtps://, "
            "or a port that offers STARTTLS (mostly 587).",
        )


def _log_in(connection: smtplib.SMTP, server: MailServer) -> None:
    if not server.user:
        return
    try:
        connection.login(server.user, server.password or "")
    except smtplib.SMTPAuthenticationError as error:
        said = reply(error.smtp_code, error.smtp_error)
        if 400 <= error.smtp_code < 500:
            raise Ended("deferred", f"{server} could not check the log-in now ({said}).") from None
        raise Ended(
            "deferred",
            f"{server} does not accept the user name and password of SMTP_URL ({said}): correct them, and "
            "the mail will go.",
        ) from None
    except (smtplib.SMTPNotSupportedError, UnicodeError):
        raise Ended(
            "deferred",
            f"{server} offers no log-in that fits the user name and password of SMTP_URL: check whether it "
            "wants one, and whether it wants STARTTLS first.",
        ) from None
    except (smtplib.SMTPException, OSError) as error:
        raise lost(server, error) from None


def _not_safe(server: MailServer, error: ssl.SSLError) -> NoReturn:
    certificate = isinstance(error, ssl.SSLCertVerificationError)
    reason = error.verify_message if isinstance(error, ssl.SSLCertVerificationError) else error.reason
    advice = (
        "its certificate must be valid, and for the name in SMTP_URL"
        if certificate
        else "check that port and scheme of SMTP_URL fit (smtps:// for TLS from the start)"
    )
    raise Ended(
        "deferred", f"no safe connection to {server} could be made ({clean(str(reason))}): {advice}."
    ) from None
