"""When no answer comes, or only half of one: what went wrong on the way, said so that a person can act."""

from __future__ import annotations

import socket
import ssl

from bot.errors import SourceError

NEXT_POLL = "the next poll will try again"
NO_USE = "waiting is unlikely to help"


def failing(url: str, why: str, *, again: bool, status: int | None = None) -> SourceError:
    """A failing fetch: one sentence with what, where, why, and whether waiting helps."""
    return SourceError(
        f"Could not fetch {url}: {why}; {NEXT_POLL if again else NO_USE}.",
        trouble="failing",
        again=again,
        status=status,
    )


def unconnected(url: str, host: str, error: BaseException) -> SourceError:
    """No connection to the host, told by what the operating system or the TLS library said."""
    match _root(error):
        case socket.gaierror() as root if root.errno in (
            socket.EAI_NONAME,
            getattr(socket, "EAI_NODATA", -5),
        ):
            return failing(url, f"there is no host of the name {host}; check the address", again=False)
        case socket.gaierror() as root:
            return failing(url, f"the host name {host} could not be looked up ({root.strerror})", again=True)
        case ssl.SSLCertVerificationError() as root:
            return failing(url, _distrust(host, root), again=False)
        case ssl.SSLError() as root:
            reason = root.reason or "the connection was closed"
            return failing(url, f"no secure connection to {host} could be agreed ({reason})", again=False)
        case ConnectionRefusedError():
            return failing(url, f"{host} refused the connection; its web server may be down", again=True)
        case ConnectionResetError():
            return failing(url, f"{host} broke off the connection", again=True)
        case OSError() as root:
            return failing(url, f"{host} could not be reached ({root.strerror or root})", again=True)
        case root:
            return failing(url, f"{host} could not be reached ({root})", again=True)


# By X509_V_ERR_* of openssl/x509_vfy.h.
DISTRUST = {
    9: "is not valid yet; check this machine's clock, or ask whoever runs the site",
    10: "has expired; whoever runs the site must renew it",
    18: "is signed by nobody this machine trusts (it is self-signed)",
    19: "is signed by nobody this machine trusts (its issuer is self-signed)",
    62: "is made out to another host; check the address",
    64: "is made out to another host; check the address",
}


def _distrust(host: str, error: ssl.SSLCertVerificationError) -> str:
    unknown = f"is signed by nobody this machine trusts ({error.verify_message})"
    return f"the certificate of {host} {DISTRUST.get(error.verify_code, unknown)}"


def _root(error: BaseException) -> BaseException:
    """What the system said, which libraries wrap more than once; httpcore also drops the cause of some."""
    while not isinstance(error, OSError):
        earlier = error.__cause__ or error.__context__
        if earlier is None:
            break
        error = earlier
    return error
