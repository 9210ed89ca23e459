"""HTTP to a service that the administrator has named, such as a token service or a monitor: no redirect is
followed, and an answer that trickles has no longer than a quick one. (Sources are fetched by bot/fetch.)
"""

from __future__ import annotations

import http.client
import io
import socket
import ssl
from typing import Any
from urllib.request import (
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    Request,
    build_opener,
)

from bot.deliver.timed import TimedAnswers


def opener(tls: ssl.SSLContext) -> OpenerDirector:
    """Raises what urllib raises. The `timeout` that it is opened with bounds the connection, and once more
    the whole of the answer."""
    return build_opener(_Http(), _Https(tls), _NoRedirects())


class _NoRedirects(HTTPRedirectHandler):
    """What is not sent on cannot leak."""

    def redirect_request(self, *redirected: object) -> None:
        return None


class _Response(http.client.HTTPResponse):
    """One whose head and body together come within the time that Python would give to each piece."""

    def __init__(self, sock: socket.socket, *other: Any, **options: Any) -> None:
        super().__init__(sock, *other, **options)
        answers = TimedAnswers(sock)
        answers.within(sock.gettimeout() or 0)
        self._sockets_own = self.fp  # keeps the socket open while this is read
        self.fp = io.BufferedReader(answers)

    def close(self) -> None:
        super().close()
        self._sockets_own.close()


class _Connection(http.client.HTTPConnection):
    response_class = _Response


class _TlsConnection(http.client.HTTPSConnection):
    response_class = _Response


class _Http(HTTPHandler):
    def http_open(self, req: Request) -> http.client.HTTPResponse:
        return self.do_open(_Connection, req)


class _Https(HTTPSHandler):
    def __init__(self, tls: ssl.SSLContext) -> None:
        super().__init__(context=tls)
        self._tls = tls

    def https_open(self, req: Request) -> http.client.HTTPResponse:
        return self.do_open(_TlsConnection, req, context=self._tls)
