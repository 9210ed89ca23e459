"""The conversation of the mail server for one machine: aiosmtpd's, with extensions of real servers (DSN,
PIPELINING, XOAUTH2), and with a fault at any step on request."""

from __future__ import annotations

import asyncio
import base64
import re
from dataclasses import dataclass
from typing import Any, Literal

from aiosmtpd.smtp import SMTP, AuthResult

Step = Literal["connect", "hello", "starttls", "log-in", "sender", "recipient", "data", "body", "dot"]

DSN_OPTION = re.compile(r"\s((?:RET|ENVID|NOTIFY|ORCPT)=\S+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What happens at a step: after `wait` seconds it answers so, or hangs up, or goes on if neither is
    given. `drips`: it sends a byte of its answer each so many seconds."""

    answer: str | None = None
    drops: bool = False
    wait: float = 0
    drips: float = 0
    once: bool = False


class Receiver(SMTP):
    """aiosmtpd's server, whose handler has `faults`, `offers` and `tokens`."""

    def __init__(self, handler: Any, **options: Any) -> None:
        super().__init__(handler, **options)
        self.command_size_limits["AUTH"] = 12288  # RFC 4954, 4
        self.marks: list[str] = []
        self._greeted = False

    def hang_up(self) -> None:
        """Closes the connection, without a word."""
        if isinstance(self.transport, asyncio.WriteTransport):
            self.transport.abort()

    async def push(self, status: Any) -> None:
        if not self._greeted:
            self._greeted = True
            if await self._fails_at("connect"):
                return
        await super().push(status)

    async def smtp_EHLO(self, hostname: str) -> None:
        if not await self._fails_at("hello"):
            await super().smtp_EHLO(hostname)

    async def smtp_HELO(self, hostname: str) -> None:
        if not await self._fails_at("hello"):
            await super().smtp_HELO(hostname)

    async def smtp_STARTTLS(self, arg: str) -> None:
        if not await self._fails_at("starttls"):
            await super().smtp_STARTTLS(arg)

    async def smtp_AUTH(self, arg: str) -> None:
        if not await self._fails_at("log-in"):
            await super().smtp_AUTH(arg)

    async def auth_XOAUTH2(self, _: object, args: list[str]) -> AuthResult:
        """As Google documents it: a token that is not good gets a challenge first, and then the refusal."""
        given = base64.b64decode(args[1]).decode() if len(args) > 1 else ""
        if any(f"\1auth=Bearer {token}\1\1" in given for token in self.event_handler.tokens):
            return AuthResult(success=True)
        await self.push("334 " + base64.b64encode(b'{"status":"401","schemes":"Bearer"}').decode())
        if (await self._reader.readline()).strip():
            return AuthResult(success=False, handled=False, message="501 5.5.4 Send an empty line")
        return AuthResult(success=False, handled=False)

    async def smtp_MAIL(self, arg: str | None) -> None:
        reader: Any = self._reader
        ahead = bool(reader._buffer)  # more came than this command
        self.event_handler.went_ahead = ahead
        if ahead and "PIPELINING" not in self.event_handler.offers:
            await self.push("503 5.5.0 Improper use of command pipelining")
        elif not await self._fails_at("sender"):
            await super().smtp_MAIL(self._without_marks(arg, new=True))

    async def smtp_RCPT(self, arg: str | None) -> None:
        if not await self._fails_at("recipient"):
            await super().smtp_RCPT(self._without_marks(arg))

    async def smtp_DATA(self, arg: str) -> None:
        fault = self.event_handler.faults.get("data")
        if await self._fails_at("data"):
            if fault.answer and fault.answer.startswith("354"):  # and more: said before it had the message
                while await self._reader.readline() not in (b".\r\n", b""):
                    pass
                await self.push("250 2.0.0 Taken after all")
            return
        if "body" in self.event_handler.faults:
            await self.push("354 Go on")
            await self._reader.readline()
            await self._fails_at("body")
        elif self.event_handler.wants_anyway and self.envelope and not self.envelope.rcpt_tos:
            await self.push("354 Go on")
            self.event_handler.empty.append(await self._reader.readuntil(b".\r\n"))
            await self.push("554 5.5.1 No valid recipients")
        else:
            await super().smtp_DATA(arg)

    def _without_marks(self, arg: str | None, *, new: bool = False) -> str | None:
        """The options of RFC 3461, which aiosmtpd has not, are kept aside; where they are not offered they
        stay, and are refused."""
        if new:
            self.marks = []
        if arg and "DSN" in self.event_handler.offers:
            self.marks += DSN_OPTION.findall(arg)
            arg = DSN_OPTION.sub("", arg)
        return arg

    async def _fails_at(self, step: Step) -> bool:
        fault: Fault | None = self.event_handler.faults.get(step)
        if fault is None:
            return False
        if fault.once:
            del self.event_handler.faults[step]
        if fault.wait:
            await asyncio.sleep(fault.wait)
        if fault.drops:
            self.hang_up()
            return True
        if fault.answer is None:
            return False
        if fault.drips:
            for letter in fault.answer:
                self._writer.write(letter.encode())
                await asyncio.sleep(fault.drips)
        await self.push(fault.answer)
        if fault.answer.startswith("421"):
            self._writer.close()
        return True
