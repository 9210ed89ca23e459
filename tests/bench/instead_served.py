"""What all three tools are given alike: the same sites to look at and the same mail server to hand over to, each in
a process of its own on loopback."""

from __future__ import annotations

import asyncio
import hashlib
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from multiprocessing.connection import Connection

from bot.demo.mailbox import Mailbox, Received
from tests.bench.measuring import SPAWN
from tests.bench.watched import ROBOTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A page or feed at an address."""

    url: str
    body: bytes
    content_type: str = "text/html; charset=utf-8"


class Sites:
    """Each on an address of its own, 127.0.0.1 and on: different hosts to all who ask. They give an ETag, answer 304
    where it is named, and end the connection with each answer."""

    def __init__(self, port: int, pipe: Connection) -> None:
        self._port, self._pipe = port, pipe

    def url(self, number: int, path: str) -> str:
        return f"http://127.0.0.{number + 1}:{self._port}{path}"

    def publish(self, *pages: Published) -> None:
        """From now on this is all they have."""
        self._pipe.send({page.url: page for page in pages})
        self._pipe.recv()

    def answered(self) -> dict[int, int]:
        """How often each status was given for a page since this was asked last; robots.txt is not counted."""
        self._pipe.send("how often?")
        answered: dict[int, int] = self._pipe.recv()
        return answered


@contextmanager
def sites(count: int) -> Iterator[Sites]:
    ours, theirs = SPAWN.Pipe()
    process = SPAWN.Process(target=_serve, args=(theirs, count), daemon=True)
    process.start()
    try:
        yield Sites(ours.recv(), ours)
    finally:
        process.terminate()
        process.join()


class _Answering:
    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._pages: Mapping[str, tuple[Published, str]] = {}
        self._answered: dict[int, int] = {}

    def told(self) -> None:
        match self._pipe.recv():
            case dict() as pages:
                self._pages = {
                    url: (page, f'"{hashlib.sha256(page.body).hexdigest()[:16]}"')
                    for url, page in pages.items()
                }
                self._pipe.send("published")
            case _:
                self._pipe.send(self._answered)
                self._answered = {}

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = dict(line.split(": ", 1) for line in request[1:] if ": " in line)
        headers = {name.lower(): value for name, value in headers.items()}
        path = request[0].split()[1]
        status, fields, body = self._of(f"http://{headers['host']}{path}", headers.get("if-none-match"))
        if path != "/robots.txt":
            self._answered[status] = self._answered.get(status, 0) + 1
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        writer.write(f"HTTP/1.1 {status} Said\r\n{head}Connection: close\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()

    def _of(self, url: str, known: str | None) -> tuple[int, dict[str, str], bytes]:
        if url.endswith("/robots.txt"):
            return 200, {"Content-Type": "text/plain", "Content-Length": str(len(ROBOTS))}, ROBOTS
        if url not in self._pages:
            return 404, {"Content-Length": "0"}, b""
        page, etag = self._pages[url]
        if known == etag:
            return 304, {"ETag": etag}, b""
        length = {"Content-Type": page.content_type, "Content-Length": str(len(page.body))}
        return 200, {"ETag": etag, **length}, page.body


def _serve(pipe: Connection, count: int) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]

    async def serve() -> None:
        answering = _Answering(pipe)
        hosts = [f"127.0.0.{number + 1}" for number in range(count)]
        server = await asyncio.start_server(answering.answer, hosts, port)
        asyncio.get_running_loop().add_reader(pipe.fileno(), answering.told)
        pipe.send(port)
        await server.serve_forever()

    asyncio.run(serve())


class PostOffice:
    """The mail server that all hand over to."""

    def __init__(self, port: int, pipe: Connection) -> None:
        self.port, self._pipe = port, pipe

    def took(self) -> list[Received]:
        """The letters that came since this was asked last."""
        self._pipe.send("what came?")
        came: list[Received] = self._pipe.recv()
        return came


@contextmanager
def post_office() -> Iterator[PostOffice]:
    ours, theirs = SPAWN.Pipe()
    process = SPAWN.Process(target=_take_letters, args=(theirs,), daemon=True)
    process.start()
    try:
        yield PostOffice(ours.recv(), ours)
    finally:
        process.terminate()
        process.join()


def _take_letters(pipe: Connection) -> None:
    with Mailbox() as mailbox:
        pipe.send(mailbox.port)
        while pipe.recv():
            pipe.send(mailbox.received)
            mailbox.handler.received.clear()


def words_of(message: EmailMessage) -> str:
    """All that a letter says as text, in all its parts."""
    parts = [part for part in message.walk() if part.get_content_maintype() == "text"]
    return "\n".join(str(part.get_content()) for part in parts)
