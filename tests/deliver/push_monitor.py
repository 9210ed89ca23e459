"""A monitor on loopback that waits for pings, as healthchecks.io or an Uptime Kuma push monitor does."""

from __future__ import annotations

import ssl
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from time import sleep

TOKEN = "t0ken-of-the-check"


class Monitor:
    """Counts what it is asked, and answers 200 OK until it is told otherwise."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.asked: list[str] = []
        self.agents: set[str] = set()
        self.status, self.answer = 200, b"OK"
        self.drips = False
        self.hangs = Event()
        self.hangs.set()  # cleared: it hangs
        monitor = self

        class Endpoint(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                monitor._answer(self)

            do_HEAD = do_POST = do_GET

            def log_message(self, *said: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
        self._server.daemon_threads = True
        self._scheme = "https" if tls else "http"
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self.hangs.set()
        self.drips = False
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return (
            f"{self._scheme}://localhost:{self._server.server_port}/api/push/{TOKEN}?status=up&msg=OK&ping="
        )

    @property
    def pings(self) -> int:
        return sum(TOKEN in one for one in self.asked)

    def says(self, status: int, answer: bytes = b"") -> None:
        self.status, self.answer = status, answer

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        self.asked.append(f"{request.command} {request.path}")
        self.agents.add(request.headers["User-Agent"])
        self.hangs.wait(10)
        if self.drips:
            request.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            with suppress(OSError):  # whoever asked has stopped waiting
                while self.drips:
                    request.wfile.write(b".")
                    sleep(0.05)
            return
        request.send_response(self.status)
        if 300 <= self.status < 400:
            request.send_header("Location", "/elsewhere")
        request.send_header("Content-Length", str(len(self.answer)))
        request.end_headers()
        if request.command != "HEAD":
            request.wfile.write(self.answer)
