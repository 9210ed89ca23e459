"""A mail server for one machine: takes real SMTP on loopback, keeps what it gets, and fails on request.

For the demo and for tests. Nothing ever leaves it.
"""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

from aiosmtpd.controller import Controller, InetMixin
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from bot.demo.smtp_faults import Fault, Receiver, Step

WAYS = {"LOGIN", "PLAIN", "XOAUTH2"}  # to log in


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A mail as it came: envelope sender and recipients, the bytes, and the marks for bounces (RFC 3461)."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    marks: tuple[str, ...] = ()

    @property
    def message(self) -> EmailMessage:
        """The mail, parsed."""
        return BytesParser(policy=policy.SMTP).parsebytes(self.raw)

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def text(self) -> str:
        """The text part."""
        return self._part("plain")

    @property
    def html(self) -> str:
        """The HTML part."""
        return self._part("html")

    def _part(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        return str(part.get_content()).replace("\r\n", "\n") if part else ""


class Mailbox:
    """A mail server on 127.0.0.1, on a free port unless one is given; a context manager.

    `user` and `password`: a log-in it then asks for, in one of these `ways`; with `tokens`, one by XOAUTH2.
    `tls`: offers STARTTLS with this context, or speaks TLS from the start if `implicit`. `offers`: extensions
    beside aiosmtpd's own. `largest`: the largest mail it takes, in bytes.
    """

    def __init__(
        self,
        port: int = 0,
        *,
        user: str | None = None,
        password: str | None = None,
        tls: ssl.SSLContext | None = None,
        implicit: bool = False,
        tokens: Iterable[str] = (),
        ways: Iterable[str] = ("LOGIN", "PLAIN"),
        offers: Iterable[str] = ("PIPELINING", "DSN"),
        largest: int = 33554432,
    ) -> None:
        self.handler = _Handler(user, password, set(tokens), tuple(offers))
        options: dict[str, Any] = {
            "enable_SMTPUTF8": False,
            "data_size_limit": largest,
            "ssl_context" if implicit else "tls_context": tls,
            "auth_exclude_mechanism": sorted(WAYS - ({"XOAUTH2"} if self.handler.tokens else set(ways))),
        }
        if user or self.handler.tokens:
            options |= {
                "authenticator": self.handler.log_in,
                "auth_require_tls": tls is not None and not implicit,
            }
        self._controller = _AnyPort(
            self.handler,
            hostname="127.0.0.1",
            port=port,
            ready_timeout=10,
            server_hostname="mailbox",
            **options,
        )

    def __enter__(self) -> Mailbox:
        self._controller.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self.hangs_up()  # also on those who wait at a step that stalls
        self._controller.stop()

    @property
    def host(self) -> str:
        return "127.0.0.1"

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._controller.port)

    @property
    def url(self) -> str:
        """As in SMTP_URL."""
        return f"smtp://{self.host}:{self.port}"

    @property
    def received(self) -> list[Received]:
        """All mails it took, in order."""
        with self.handler.lock:
            return list(self.handler.received)

    @property
    def conversations(self) -> int:
        """How many connections said hello."""
        return self.handler.conversations

    # --- failing on request ---------------------------------------------------------------------------

    def refuses(self, address: str, code: int = 550, text: str = "5.1.1 No such user here") -> None:
        """From now on it answers RCPT for this address so; a 4yz code is a refusal for now."""
        self.handler.recipients[address.lower()] = f"{code} {text}"

    def answers(self, step: Step, answer: str, *, drips: float = 0, once: bool = False) -> None:
        """From now on (or `once`) this is its answer at that step; with a 421 it closes the connection.
        `drips`: a byte of it every so many seconds."""
        self.handler.faults[step] = Fault(answer=answer, drips=drips, once=once)

    def drops(self, step: Step) -> None:
        """From now on it closes the connection at that step, and says nothing."""
        self.handler.faults[step] = Fault(drops=True)

    def stalls(self, step: Step, seconds: float) -> None:
        """From now on it waits so long at that step, and then goes on."""
        self.handler.faults[step] = Fault(wait=seconds)

    def answers_sender_with(self, answer: str) -> None:
        """From now on it answers MAIL so."""
        self.answers("sender", answer)

    def drops_at_the_recipient(self) -> None:
        """From now on it closes the connection at RCPT."""
        self.drops("recipient")

    def answers_dot_with(self, answer: str, *, keeps: bool = False) -> None:
        """From now on it answers the final dot so; `keeps`: though it has kept the message."""
        self.handler.faults["dot"], self.handler.keeps = Fault(answer=answer), keeps

    def drops_after_the_dot(self, *, keeps: bool = True) -> None:
        """From now on it closes the connection after the final dot and says nothing."""
        self.handler.faults["dot"], self.handler.keeps = Fault(drops=True), keeps

    def stalls_after_the_dot(self, seconds: float) -> None:
        """From now on it keeps the message, and answers after so long only."""
        self.stalls("dot", seconds)

    def wants_the_message_anyway(self) -> None:
        """From now on it says 354 to DATA also where it took no recipient, as RFC 2920 allows."""
        self.handler.wants_anyway = True

    def takes_token(self, token: str) -> None:
        """From now on this is the only token that it lets in."""
        self.handler.tokens = {token}

    def hangs_up(self) -> None:
        """It closes all connections that are open now."""
        done = threading.Event()
        self._controller.loop.call_soon_threadsafe(self.handler.hang_up_all)
        self._controller.loop.call_soon_threadsafe(done.set)
        done.wait(5)

    def works(self) -> None:
        """It works again."""
        self.handler.reset()


class _AnyPort(Controller):
    """aiosmtpd's controller, on a port that the system chooses where 0 is given."""

    def factory(self) -> SMTP:
        made = Receiver(self.handler, **self.SMTP_kwargs)
        self.handler.open.append(made)
        return made

    def _trigger_server(self) -> None:
        server: Any = self.server
        if self.port == 0:
            self.port = server.sockets[0].getsockname()[1]
        InetMixin._trigger_server(self)  # type: ignore[no-untyped-call]  # aiosmtpd leaves it untyped


class _Handler:
    """What aiosmtpd asks at each step of a conversation."""

    def __init__(
        self, user: str | None, password: str | None, tokens: set[str], offers: tuple[str, ...]
    ) -> None:
        self.lock = threading.Lock()
        self.received: list[Received] = []
        self.conversations = 0
        self.recipients: dict[str, str] = {}
        self.faults: dict[Step, Fault] = {}
        self.tokens, self.offers = tokens, offers
        self.went_ahead = False  # the last one to send did not wait for each answer (RFC 2920)
        self.empty: list[bytes] = []  # what came as a message that no recipient was taken for
        self.open: list[Receiver] = []
        self._log_in = (user or "", password or "")
        self.reset()

    def reset(self) -> None:
        self.recipients.clear()
        self.faults.clear()
        self.keeps = True
        self.wants_anyway = False

    def hang_up_all(self) -> None:
        while self.open:
            self.open.pop().hang_up()

    def log_in(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: object
    ) -> AuthResult:
        right = isinstance(given, LoginPassword) and (
            (given.login.decode("utf-8", "replace"), given.password.decode("utf-8", "replace"))
            == self._log_in
        )
        return AuthResult(success=right, handled=False)

    async def handle_EHLO(
        self, server: Receiver, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.conversations += 1
        return [*responses[:-1], *(f"250-{one}" for one in self.offers), responses[-1]]

    async def handle_MAIL(
        self, server: Receiver, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if (self._log_in != ("", "") or self.tokens) and not session.authenticated:
            return "530 5.7.0 Log in first"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 Sender ok"

    async def handle_RCPT(
        self, server: Receiver, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if answer := self.recipients.get(address.lower()):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Recipient ok"

    async def handle_DATA(self, server: Receiver, session: Session, envelope: Envelope) -> str:
        fault = self.faults.get("dot", Fault())
        if self.keeps or not (fault.drops or fault.answer):
            self._keep(envelope, tuple(server.marks))
        if fault.drops:
            server.hang_up()
        if fault.wait:
            await asyncio.sleep(fault.wait)
        return fault.answer or "250 2.0.0 Kept"

    def _keep(self, envelope: Envelope, marks: tuple[str, ...]) -> None:
        content = (
            envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        )
        mail = Received(
            sender=str(envelope.mail_from),
            recipients=tuple(map(str, envelope.rcpt_tos)),
            raw=content,
            marks=marks,
        )
        with self.lock:
            self.received.append(mail)
