"""When no answer comes, or only half of one: what went wrong on the way, said so that a person can act."""

from __future__ import annotations

import socket
import ssl
from datetime import date, timedelta

from bot.errors import SourceError
from bot.fetch.certificates import Shown, spoken

NEXT_POLL = "the next poll will try again"
NO_USE = "waiting is unlikely to help"


class Hiccup(SourceError):
    """A failure that a second request, some seconds later, may well not meet."""


def failing(
    url: str,
    why: str,
    *,
    again: bool,
    status: int | None = None,
    retry_after: timedelta | None = None,
    kind: type[SourceError] = SourceError,
) -> SourceError:
    """A failing fetch: one sentence with what, where, why, and whether waiting helps."""
    return kind(
        f"Could not fetch {url}: {why}; {NEXT_POLL if again else NO_USE}.",
        trouble="failing",
        again=again,
        status=status,
        retry_after=retry_after,
    )


def unconnected(url: str, host: str, error: BaseException) -> SourceError:
    """No connection to the host, told by what the operating system or the TLS library said.

    A certificate that is not trusted is told by `distrusted`."""
    match root_of(error):
        case socket.gaierror() as root if root.errno in (
            socket.EAI_NONAME,
            getattr(socket, "EAI_NODATA", -5),
        ):
            return failing(url, f"there is no host of the name {host}; check the address", again=False)
        case socket.gaierror() as root:
            return failing(url, f"the host name {host} could not be looked up ({root.strerror})", again=True)
        case ssl.SSLEOFError():
            why = f"{host} broke off while a secure connection was being agreed"
            return failing(url, why, again=True, kind=Hiccup)
        case ssl.SSLError() as root:
            why = f"no secure connection to {host} could be agreed: {_no_terms(root.reason)}"
            return failing(url, why, again=False)
        case ConnectionRefusedError():
            return failing(url, f"{host} refused the connection; its web server may be down", again=True)
        case ConnectionResetError() | BrokenPipeError():
            return failing(url, f"{host} broke off the connection", again=True, kind=Hiccup)
        case OSError() as root:
            return failing(url, f"{host} could not be reached ({root.strerror or root})", again=True)
        case root:
            return failing(url, f"{host} could not be reached ({root})", again=True)


# By the reasons of OpenSSL (openssl/sslerr.h).
NO_TERMS = {
    "UNSAFE_LEGACY_RENEGOTIATION_DISABLED": "its server knows only an old, unsafe way to renew a connection "
    "(legacy renegotiation); whoever runs the site must update it",
    "HTTP_REQUEST": "there is no TLS at that port; the address may begin with http://",
    "DH_KEY_TOO_SMALL": "its server uses keys that are too short; whoever runs the site must update it",
    "SSLV3_ALERT_HANDSHAKE_FAILURE": "its server and this machine have no cipher in common",
    "NO_CIPHERS_AVAILABLE": "its server and this machine have no cipher in common",
    "TLSV1_UNRECOGNIZED_NAME": "its server knows no site of that name; check the address",
}
for _reason in ("UNSUPPORTED_PROTOCOL", "TLSV1_ALERT_PROTOCOL_VERSION", "UNKNOWN_PROTOCOL"):
    NO_TERMS[_reason] = (
        "its server speaks no TLS later than 1.1, which is unsafe; whoever runs the site must update it"
    )
for _reason in ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG"):
    NO_TERMS[_reason] = "what answers at that port speaks no TLS; the address may begin with http://"


def _no_terms(reason: str | None) -> str:
    said = NO_TERMS.get(reason or "")
    return f"{said} ({reason})" if said else (reason or "the connection was closed")


def distrusted(
    url: str, host: str, error: ssl.SSLCertVerificationError, shown: Shown, ended: date | None
) -> SourceError:
    """A certificate that is not trusted. `ended`: the last day of an exception for it that is over."""
    over = f"; the exception for {host} ended on {spoken(ended)}" if ended else ""
    why = (
        f"the certificate of {host} {_distrust(error, shown)}{over}; to read the page meanwhile, give the "
        "source a tls_exception: with until and why"
    )
    return failing(url, why, again=False)


def _distrust(error: ssl.SSLCertVerificationError, shown: Shown) -> str:
    """By X509_V_ERR_* of openssl/x509_vfy.h."""
    nobody = "is signed by nobody this machine trusts"
    match error.verify_code:
        case 9:
            return "is not valid yet; check this machine's clock, or ask whoever runs the site"
        case 10:
            on = f" on {spoken(shown.until)}" if shown.until else ""
            return f"expired{on}; whoever runs the site must renew it"
        case 18:
            return f"{nobody} (it is self-signed)"
        case 19:
            return f"{nobody} (its issuer is self-signed, an authority of their own)"
        case 20 | 21:
            return f"{nobody} (an unknown authority, or the site leaves out a certificate in between)"
        case 62 | 64:
            names = ", ".join(shown.names)
            return f"is made out to another host{f' ({names})' if names else ''}; check the address"
        case _:
            return f"cannot be trusted ({error.verify_message})"


def root_of(error: BaseException) -> BaseException:
    """What the system said, which libraries wrap more than once; httpcore also drops the cause of some."""
    while not isinstance(error, OSError):
        earlier = error.__cause__ or error.__context__
        if earlier is None:
            break
        error = earlier
    return error
