"""A proxy on this machine that makes tunnels to one site, whatever address it is asked for."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from typing import Self


class SmallProxy:
    """Serves on a free port of 127.0.0.1 until closed. `says` is its answer to CONNECT, all of it; a tunnel to
    `leads_to` (a port of this machine) follows if that is a 200. `terms`: it is spoken to in TLS."""

    def __init__(
        self,
        leads_to: int,
        says: bytes = b"HTTP/1.1 200 Connection established\r\n\r\n",
        terms: ssl.SSLContext | None = None,
    ) -> None:
        self.asked: list[bytes] = []
        self._leads_to = leads_to
        self._says = says
        self._terms = terms
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                visitor, _ = self._listener.accept()
                threading.Thread(target=self._converse, args=(visitor,), daemon=True).start()

    def _converse(self, visitor: socket.socket) -> None:
        with contextlib.suppress(OSError), self._secured(visitor) as visitor:
            said = b""
            while b"\r\n\r\n" not in said:
                said += visitor.recv(65536)
            self.asked.append(said)
            visitor.sendall(self._says)
            if b" 200 " not in self._says[:16]:
                return
            with socket.create_connection(("127.0.0.1", self._leads_to)) as site:
                back = threading.Thread(target=self._pump, args=(site, visitor), daemon=True)
                back.start()
                self._pump(visitor, site)
                back.join(5)

    def _secured(self, visitor: socket.socket) -> socket.socket:
        return self._terms.wrap_socket(visitor, server_side=True) if self._terms else visitor

    def _pump(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(65536):
                target.sendall(piece)
            target.shutdown(socket.SHUT_WR)
