"""A web site on this machine that misbehaves in whatever way a test asks it to, and remembers who called."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

PAGE = b"<!doctype html><title>Reviews</title><h1>Learning from reviews in Wetherby Vale</h1>"

Behaviour = Callable[["_Handler"], None]


@dataclass(slots=True, kw_only=True)
class Seen:
    """One request as the site saw it. `ended`: when the answer was about to leave, None if it never was."""

    path: str
    headers: Mapping[str, str]
    began: float
    ended: float | None = None


class HostileSite:
    """Serves on a free port of `address` until closed. Unknown paths, robots.txt too, are 404."""

    def __init__(self, address: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> None:
        self.seen: list[Seen] = []
        self.closing = threading.Event()
        self._behaviours: dict[str, Behaviour] = {}
        self._server = _Server((address, 0), _Handler)
        self._server.site = self
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._scheme = "https" if tls else "http"
        self.port: int = self._server.server_address[1]
        self.host = f"{address}:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.005,), daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def url(self, path: str = "/reviews", host: str | None = None) -> str:
        return f"{self._scheme}://{f'{host}:{self.port}' if host else self.host}{path}"

    def requests(self, path: str) -> list[Seen]:
        return [seen for seen in self.seen if seen.path == path]

    def behave(self, path: str, behaviour: Behaviour) -> None:
        self._behaviours[path] = behaviour

    def behaviour(self, path: str) -> Behaviour:
        return self._behaviours.get(path, _answer(b"Not here.", 404, {}))

    # --- what it can do -------------------------------------------------------------------------------

    def answers(
        self,
        body: bytes = PAGE,
        status: int = 200,
        path: str = "/reviews",
        headers: Mapping[str, str] | None = None,
        after: float = 0,
    ) -> None:
        """A proper answer, `after` so many seconds."""
        self.behave(path, _answer(body, status, {"Content-Type": "text/html", **(headers or {})}, after))

    def answers_conditionally(self, body: bytes = PAGE, *, etag: str = "", last_modified: str = "") -> None:
        """304 to whoever sends the ETag or Last-Modified back, else the page."""
        headers = {"ETag": etag} if etag else {"Last-Modified": last_modified}

        def behaviour(handler: _Handler) -> None:
            sent = (handler.headers["If-None-Match"], handler.headers["If-Modified-Since"])
            same = sent == (etag or None, last_modified or None)
            _answer(b"" if same else body, 304 if same else 200, headers)(handler)

        self.behave("/reviews", behaviour)

    def says_robots(self, text: str, status: int = 200, encoding: str = "utf-8") -> None:
        self.answers(text.encode(encoding), status, "/robots.txt", {"Content-Type": "text/plain"})

    def redirects(self, path: str, to: str, status: int = 302, cookie: str = "") -> None:
        headers = {"Set-Cookie": cookie} if cookie else {}
        self.answers(b"", status, path, {"Location": to, **headers})

    def sends_raw(self, *pieces: bytes, path: str = "/reviews", pause: float = 0) -> None:
        """These bytes, as they are, with a pause after each; then the connection is closed."""

        def behaviour(handler: _Handler) -> None:
            for piece in pieces:
                handler.wfile.write(piece)
                handler.wfile.flush()
                handler.server.site.closing.wait(pause)

        self.behave(path, behaviour)

    def drips(self, start: bytes, drop: bytes, pause: float = 0.02) -> None:
        """`start`, and then a drop at a time for ever, never silent long enough for a read to time out."""
        self.sends_raw(start, *([drop] * 2000), pause=pause)

    def floods(self, start: bytes, wave: bytes) -> None:
        """`start`, and then as much as the visitor will take."""
        self.sends_raw(start, *([wave] * 100_000))

    def falls_silent(self, start: bytes = b"") -> None:
        """`start`, and then nothing, with the connection kept open."""
        self.sends_raw(*([start] if start else [b""]), pause=30)

    def hangs_up(self, path: str = "/reviews") -> None:
        """The connection is reset instead of an answer."""

        def behaviour(handler: _Handler) -> None:
            linger = b"\x01\x00\x00\x00\x00\x00\x00\x00"  # l_onoff=1, l_linger=0: close with a reset
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            handler.connection.close()

        self.behave(path, behaviour)


class _Server(ThreadingHTTPServer):
    site: HostileSite
    block_on_close = False
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Visitors break off; that is what many tests are about."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    visit: Seen
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.close_connection = True
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.visit = Seen(path=self.path, headers=headers, began=time.monotonic())
        self.server.site.seen.append(self.visit)
        self.server.site.behaviour(self.path)(self)

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


def _answer(body: bytes, status: int, headers: Mapping[str, str], after: float = 0) -> Behaviour:
    def behaviour(handler: _Handler) -> None:
        handler.server.site.closing.wait(after)
        handler.visit.ended = time.monotonic()
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        if status != 304 and "Content-Length" not in headers:
            handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return behaviour


@contextmanager
def closed_port() -> Iterator[int]:
    """A port of this machine that nobody listens on."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        yield unused.getsockname()[1]
