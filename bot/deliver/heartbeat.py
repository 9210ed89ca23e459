"""The dead man's switch: a monitor elsewhere is pinged while all goes well, and sounds when the pings stop.

A GET without a body is what every such service takes: healthchecks.io, Better Stack and Dead Man's Snitch
take others too, an Uptime Kuma push monitor nothing else. The address is a secret, since who has it can keep
the monitor silent: no sentence here has more of it than its host.
"""

from __future__ import annotations

import http.client
import ssl
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit, urlunsplit
from urllib.request import Request

from bot import __version__
from bot.deliver.timed_http import opener
from bot.deliver.words import plain

PATIENCE = 10.0  # seconds, for the connection and for the whole answer
BEGINNING = 1024  # bytes of an answer, of which a monitor needs no more
HARMLESS = "/robots.txt"  # which is nobody's address to ping


class Heartbeat:
    """A monitor, and the address at which it is pinged: http or https, checked before.

    `tls`: Python's own context, which verifies certificates and names, if None. `patience`: in seconds.
    """

    def __init__(self, url: str, *, tls: ssl.SSLContext | None = None, patience: float = PATIENCE) -> None:
        self._url = url
        self._opener = opener(tls or ssl.create_default_context())
        self._patience = patience
        self.host = urlsplit(url).hostname or ""

    def __repr__(self) -> str:
        return f"Heartbeat({self.host})"

    def ping(self) -> str | None:
        """Tell the monitor that all is well. Returns why it did not take that, in a sentence; None where it
        did. A redirect is not followed, since the address would be told to somebody else."""
        try:
            answer = self._ask("GET", self._url)
        except HTTPError as error:
            error.close()
            return _refusal(error.code)
        except (OSError, http.client.HTTPException) as error:
            return _out_of_reach(error)
        if b"not found" in answer.lower():  # healthchecks.io says so with a 200
            return "It does not know this address: copy HEARTBEAT_URL from it again."
        return None

    def knock(self) -> str | None:
        """Why the monitor cannot be reached, in a sentence; None where it answers, whatever it says. It is
        not pinged: that would count as a good round, and hide for a while that there are none."""
        parts = urlsplit(self._url)
        try:
            self._ask("HEAD", urlunsplit((parts.scheme, parts.netloc, HARMLESS, "", "")))
        except HTTPError as error:
            error.close()
        except (OSError, http.client.HTTPException) as error:
            return _out_of_reach(error)
        return None

    def _ask(self, method: str, url: str) -> bytes:
        request = Request(url, headers={"User-Agent": f"learning-bot/{__version__}"}, method=method)
        with self._opener.open(request, timeout=self._patience) as response:
            return bytes(response.read(BEGINNING))


def _refusal(status: int) -> str:
    if 300 <= status < 400:
        return f"It leads elsewhere (HTTP {status}): write the address where it ends into HEARTBEAT_URL."
    if status in (404, 410):
        return f"It does not know this address (HTTP {status}): copy HEARTBEAT_URL from it again."
    return f"It does not take the ping now (HTTP {status})."


def _out_of_reach(error: OSError | http.client.HTTPException) -> str:
    reason = error.reason if isinstance(error, URLError) and isinstance(error.reason, Exception) else error
    if isinstance(reason, ssl.SSLCertVerificationError):
        return f"Its certificate is not accepted ({reason.verify_message})."
    if isinstance(reason, http.client.HTTPException):  # its text may repeat what was asked for
        return "It does not answer as a web server does."
    return f"It cannot be reached ({plain(reason)})."
