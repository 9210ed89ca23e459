"""A site that offers HTTP/2, and misbehaves in it in whatever way a test asks for. In HTTP/1.1 it is good."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

import h2.config
import h2.connection
import h2.events
from h2.exceptions import H2Error

from tests.fetch.hostile_site import PAGE

Header = tuple[str, str]
HTML: list[Header] = [(":status", "200"), ("content-type", "text/html")]


@dataclass(slots=True)
class Stream:
    """One request, and the connection to answer it on."""

    connection: h2.connection.H2Connection
    socket: ssl.SSLSocket
    id: int
    closing: threading.Event

    def sends(self, headers: list[Header], *bodies: bytes, ends: bool = True, pause: float = 0) -> None:
        """Headers and pieces of the body, with a pause after each; `ends`: the stream is closed properly."""
        self.connection.send_headers(self.id, headers, end_stream=ends and not bodies)
        self.flush()
        for number, body in enumerate(bodies):
            self.closing.wait(pause)
            self._has_room(len(body))
            self.connection.send_data(self.id, body, end_stream=ends and number == len(bodies) - 1)
            self.flush()

    def flush(self) -> None:
        self.socket.sendall(self.connection.data_to_send())

    def sends_raw(self, frame: bytes) -> None:
        self.socket.sendall(frame)

    def _has_room(self, size: int) -> None:
        while self.connection.local_flow_control_window(self.id) < size:
            self.connection.receive_data(self.socket.recv(65536))


Behaviour = Callable[[Stream], None]


@dataclass(slots=True, kw_only=True)
class Asked:
    protocol: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)


class Http2Site:
    """Serves on a free port of 127.0.0.1 until closed. `behaviour` answers whatever is not robots.txt."""

    def __init__(
        self, context: ssl.SSLContext, behaviour: Behaviour, offers: tuple[str, ...] = ("h2",)
    ) -> None:
        self.seen: list[Asked] = []
        self._closing = threading.Event()
        self._behaviour = behaviour
        context.set_alpn_protocols([*offers, "http/1.1"])
        self._context = context
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                visitor, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._converse, args=(visitor,), daemon=True).start()

    def _converse(self, visitor: socket.socket) -> None:
        try:
            with self._context.wrap_socket(visitor, server_side=True) as secured:
                if secured.selected_alpn_protocol() == "h2":
                    self._converse_in_http2(secured)
                else:
                    self._answer_in_http1(secured)
        except (OSError, H2Error):
            visitor.close()  # visitors break off; that is what many tests are about

    def _answer_in_http1(self, secured: ssl.SSLSocket) -> None:
        said = secured.recv(65536).decode()
        path = said.split()[1]
        self.seen.append(Asked(protocol="http/1.1", path=path))
        status = "404 Not Found" if path == "/robots.txt" else "200 OK"
        head = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {len(PAGE)}\r\n\r\n"
        secured.sendall(head.encode() + PAGE)

    def _converse_in_http2(self, secured: ssl.SSLSocket) -> None:
        config = h2.config.H2Configuration(
            client_side=False,
            header_encoding="utf-8",
            validate_outbound_headers=False,
            normalize_outbound_headers=False,
        )
        connection = h2.connection.H2Connection(config)
        connection.initiate_connection()
        secured.sendall(connection.data_to_send())
        while said := secured.recv(65536):
            for event in connection.receive_data(said):
                if isinstance(event, h2.events.RequestReceived):
                    stream = Stream(connection, secured, event.stream_id, self._closing)
                    if self._answer(stream, dict(event.headers)):
                        return
            secured.sendall(connection.data_to_send())

    def _answer(self, stream: Stream, headers: dict[str, str]) -> bool:
        """Whether the connection is to be closed."""
        self.seen.append(Asked(protocol="h2", path=headers[":path"], headers=headers))
        if headers[":path"] == "/robots.txt":
            stream.sends([(":status", "404")])
            return False
        self._behaviour(stream)
        return True


def good(stream: Stream) -> None:
    stream.sends([*HTML, ("content-length", str(len(PAGE)))], PAGE[:20], PAGE[20:])
    stream.closing.wait(0.05)  # a connection closed at once is reset, and what was sent on it is lost
