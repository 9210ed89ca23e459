"""Certificates that are wrong, and taken all the same for a while because an administrator said why."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice

import httpcore

from bot.models import TlsException
from bot.ports import Clock
from bot.spoken import MONTHS

READABLE = (10, 62, 64)  # X509_V_ERR_*: expired, or made out to another host or address; signed all the same
NO_CHECK_TIME = 0x200000  # X509_V_FLAG_NO_CHECK_TIME of openssl/x509_vfy.h, which Python has no name for

log = logging.getLogger(__name__)


class Certificates:
    """Exceptions by host. `exceptions`: keys `host` (any port) or `host:port`, in lower case."""

    def __init__(self, exceptions: Mapping[str, TlsException], clock: Clock) -> None:
        self._exceptions = dict(exceptions)
        self._clock = clock

    def excepted(self, host: str, port: int) -> ssl.SSLContext | None:
        """The terms for a host whose certificate is not checked today, and a line in the log. Else None."""
        exception = self._of(host, port)
        if exception is None or self._today() > exception.until:
            return None
        log.warning(
            "the certificate of %s is not checked until %s: %s", host, spoken(exception.until), exception.why
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.set_alpn_protocols(["http/1.1"])
        return context

    def ended(self, host: str, port: int) -> date | None:
        """The last day of the exception for a host whose certificate was checked all the same. None: it has
        none."""
        exception = self._of(host, port)
        return exception.until if exception else None

    def _of(self, host: str, port: int) -> TlsException | None:
        name = host.lower().strip("[]").rstrip(".")
        spellings = (f"{name}:{port}", f"[{name}]:{port}", name, f"[{name}]")
        return next((self._exceptions[one] for one in spellings if one in self._exceptions), None)

    def _today(self) -> date:
        return self._clock.now().astimezone(UTC).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What could be learned of a certificate that is not trusted: its last day, whom it is made out to."""

    until: date | None = None
    names: tuple[str, ...] = ()


def look(stream: httpcore.NetworkStream, context: ssl.SSLContext, host: str, timeout: float) -> Shown:
    """What a certificate says that is too old or made out to another host, on a connection that is closed
    afterwards. It is still one that somebody signed whom `context` trusts, so it can be told what it says.

    Raises httpcore.ConnectError or ConnectTimeout.
    """
    context.check_hostname = False
    context.verify_flags = ssl.VerifyFlags(context.verify_flags | NO_CHECK_TIME)
    secured = stream.start_tls(context, host, timeout)
    certificate = secured.get_extra_info("ssl_object").getpeercert()
    secured.close()
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(certificate["notAfter"]), UTC)
    names = (name for kind, name in certificate.get("subjectAltName", ()) if kind == "DNS")
    return Shown(until=ends.date(), names=tuple(islice(names, 3)))


def spoken(day: date) -> str:
    """3 March 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
