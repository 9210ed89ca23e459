"""Every fault of a server that we could think of, by name: what it does, and what must come of it.

`python -m tests.fetch.faults` meets each once and prints the table.
"""

from __future__ import annotations

import contextlib
import faulthandler
import gzip
import os
import resource
import socket
import ssl
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Self

import brotli
import httpcore

from bot.errors import SourceError
from bot.fetch.http import HttpFetcher
from bot.fetch.packed import zstd
from bot.fetch.wire import FetchLimits
from bot.models import NotModified, Page, Validators
from tests.fetch.certificates import (
    DAY,
    NOW,
    an_authority,
    certify,
    write_certificate,
    write_certificate_and_key,
)
from tests.fetch.hostile_site import PAGE, HostileSite
from tests.fetch.http2_site import HTML, Behaviour, Http2Site, Stream

HOST = "saltmarsh.example"
PUBLIC = "93.184.216.34"
LIMITS = FetchLimits(connect=0.5, read=0.3, whole=0.8)
MOST_MEMORY = 300  # MB of the whole process, with the servers in it
HANGS = 60.0  # seconds, after which nothing is waited for
SECONDS = 3.0  # for each; `whole` is for the requests of one fetch, and there may be robots.txt before it
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
EMPTY = b"Content-Length: 0\r\n\r\n"
LONG = PAGE * 400


class Wire(httpcore.NetworkBackend):
    """Where the site's public address leads to this machine, and nothing leads anywhere else."""

    def __init__(self, ports: dict[int, int]) -> None:
        self.connected: list[str] = []
        self._ports = ports
        self._real = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        self.connected.append(host)
        if host != PUBLIC or port not in self._ports:
            raise httpcore.ConnectError("nobody is there")
        return self._real.connect_tcp("127.0.0.1", self._ports[port], timeout)


@dataclass(slots=True)
class Stopped:
    moment: datetime = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def wait(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


class Stage:
    """One site, the names that lead to it, and a fetcher with nothing private allowed."""

    def __init__(self) -> None:
        self.url = f"http://{HOST}/reviews"
        self.names: dict[str, Callable[[], Sequence[str]]] = {}
        self.validators: Validators | None = None
        self._ports: dict[int, int] = {}
        self._open = ExitStack()

    def __enter__(self) -> Self:
        self.folder = Path(self._open.enter_context(tempfile.TemporaryDirectory()))
        self.authority = an_authority("Invented Authority")
        written = write_certificate(self.folder / "authorities.pem", self.authority.certificate)
        before = os.environ.get("SSL_CERT_FILE")
        self._open.callback(_set, "SSL_CERT_FILE", before)
        _set("SSL_CERT_FILE", str(written))
        self.site = self._open.enter_context(HostileSite())
        self._ports[80] = self.site.port
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def terms(
        self,
        name: str = HOST,
        since: timedelta = -DAY,
        until: timedelta = DAY,
        by: str = "authority",
    ) -> ssl.SSLContext:
        """Those with a certificate signed `by` the authority that is trusted, `stranger` or `itself`."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        signers = {"authority": self.authority, "stranger": an_authority("Stranger"), "itself": None}
        certified = certify(name, NOW + since, NOW + until, signers[by])
        context.load_cert_chain(write_certificate_and_key(self.folder / "site.pem", *certified))
        return context

    def secures(self, context: ssl.SSLContext) -> HostileSite:
        secure = self._open.enter_context(HostileSite(tls=context))
        secure.answers()
        self.leads_to(secure.port)
        return secure

    def speaks_http2(self, behaviour: Behaviour) -> None:
        self.leads_to(self._open.enter_context(Http2Site(self.terms(), behaviour)).port)

    def leads_to(self, port: int) -> None:
        self._ports[443] = port
        self.url = f"https://{HOST}/reviews"

    def listens(self) -> socket.socket:
        """A port that takes connections and says nothing."""
        listener = self._open.enter_context(socket.create_server(("127.0.0.1", 0)))
        self.leads_to(listener.getsockname()[1])
        return listener

    def resolve(self, host: str, port: int) -> Sequence[str]:
        try:
            socket.inet_aton(host)  # 2130706433 and 0x7f.1 too, as the system's resolver reads them
        except OSError:
            return self.names.get(host, lambda: [PUBLIC])()
        return [socket.inet_ntoa(socket.inet_aton(host))]

    def meet(self) -> Met:
        clock = Stopped()
        wire = Wire(self._ports)
        begun = time.monotonic()
        with HttpFetcher(
            "safeguarding@example.org", clock=clock, wait=clock.wait, limits=LIMITS, resolve=self.resolve
        ) as fetcher:
            fetcher._network._inner = wire
            got: Page | NotModified | SourceError
            try:
                got = fetcher.fetch(self.url, self.validators)
            except SourceError as error:
                got = error
        return Met(got, time.monotonic() - begun, wire.connected)


@dataclass(slots=True)
class Met:
    """What came of a fault, after how many seconds, and which addresses were connected to."""

    got: Page | NotModified | SourceError
    seconds: float
    connected: list[str]

    @property
    def outcome(self) -> str:
        return self.got.trouble if isinstance(self.got, SourceError) else "page"


def _set(name: str, value: str | None) -> None:
    if value is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = value


Arrange = Callable[[Stage], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """`comes`: failing, blocked, unreadable, or page; `words` stand in the sentence, or in the page."""

    does: str
    arrange: Arrange = field(repr=False)
    comes: str
    again: bool = False
    words: str = ""


# --- how it is arranged -------------------------------------------------------------------------------


def answers(*args: object, **options: object) -> Arrange:
    return lambda stage: stage.site.answers(*args, **options)  # type: ignore[arg-type]


def raw(*pieces: bytes, path: str = "/reviews", pause: float = 0) -> Arrange:
    return lambda stage: stage.site.sends_raw(*pieces, path=path, pause=pause)


def packed(body: bytes, coding: str) -> Arrange:
    return answers(body, headers={"Content-Encoding": coding})


def bomb(coding: str) -> Arrange:
    def arrange(stage: Stage) -> None:
        packers = {
            "gzip": gzip.compress,
            "br": partial(brotli.compress, quality=2),
            "zstd": zstd.compress,
        }
        stage.site.answers(packers[coding](bytes(100_000_000)), headers={"Content-Encoding": coding})

    return arrange


def wide_window(stage: Stage) -> None:
    packer = zstd.ZstdCompressor(options={zstd.CompressionParameter.window_log: 27})
    stage.site.answers(packer.compress(PAGE) + packer.flush(), headers={"Content-Encoding": "zstd"})


def redirects(to: str, status: int = 302) -> Arrange:
    return lambda stage: stage.site.redirects("/reviews", to, status)


def leads_home(address: Callable[[Stage], str]) -> Arrange:
    """A redirect to another server of this machine, which must not be reached."""
    return lambda stage: stage.site.redirects("/reviews", address(stage))


def chain(stage: Stage) -> None:
    stage.site.redirects("/reviews", "/0")
    for step in range(20):
        stage.site.redirects(f"/{step}", f"/{step + 1}")


def circle(stage: Stage) -> None:
    stage.site.redirects("/reviews", "/a")
    stage.site.redirects("/a", "/reviews")


def downgrade(scheme: str) -> Arrange:
    return lambda stage: stage.secures(stage.terms()).redirects("/reviews", f"{scheme}://{HOST}/", 301)


def hangs_up_early(stage: Stage) -> None:
    listener = stage.listens()

    def takes_and_closes() -> None:
        with contextlib.suppress(OSError):
            while True:
                listener.accept()[0].close()

    threading.Thread(target=takes_and_closes, daemon=True).start()


def certificate(**options: object) -> Arrange:
    return lambda stage: stage.secures(stage.terms(**options))  # type: ignore[arg-type]


def old_tls(stage: Stage) -> None:
    context = stage.terms()
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    stage.secures(context)


def no_tls(stage: Stage) -> None:
    stage.leads_to(stage.site.port)


def named(*addresses: str) -> Arrange:
    def arrange(stage: Stage) -> None:
        stage.names[HOST] = lambda: addresses

    return arrange


def nameless(code: int) -> Arrange:
    def arrange(stage: Stage) -> None:
        def fails() -> Sequence[str]:
            raise socket.gaierror(code, "as the system says it")

        stage.names[HOST] = fails

    return arrange


def slow_names(stage: Stage) -> None:
    def sleeps() -> Sequence[str]:
        time.sleep(2)
        return [PUBLIC]

    stage.names[HOST] = sleeps


def rebinding(stage: Stage) -> None:
    """The first answer is public, every later one is not."""
    answers = [["127.0.0.1"], [PUBLIC]]
    stage.names[HOST] = lambda: answers.pop() if len(answers) > 1 else answers[0]
    stage.site.answers()


def robots(*args: object, **options: object) -> Arrange:
    def arrange(stage: Stage) -> None:
        stage.site.answers()
        stage.site.says_robots(*args, **options)  # type: ignore[arg-type]

    return arrange


def robots_raw(*pieces: bytes, pause: float = 0) -> Arrange:
    def arrange(stage: Stage) -> None:
        stage.site.answers()
        stage.site.sends_raw(*pieces, path="/robots.txt", pause=pause)

    return arrange


def robots_astray(stage: Stage) -> None:
    stage.site.answers()
    stage.site.redirects("/robots.txt", "http://169.254.169.254/latest/meta-data/")


def in_http2(*sends: tuple[list[tuple[str, str]], bytes, bool]) -> Arrange:
    def behaviour(stream: Stream) -> None:
        for headers, body, ends in sends:
            stream.sends(headers, body, ends=ends)
        stream.closing.wait(0.1)

    def arrange(stage: Stage) -> None:
        stage.speaks_http2(behaviour)

    return arrange


def asked(validators: Validators, then: Arrange) -> Arrange:
    def arrange(stage: Stage) -> None:
        stage.validators = validators
        then(stage)

    return arrange


# --- the faults ---------------------------------------------------------------------------------------


def _fault(does: str, arrange: Arrange, comes: str, again: bool, words: str) -> Fault:
    return Fault(does=does, arrange=arrange, comes=comes, again=again, words=words)


_F = "failing"
_B = "blocked"
_U = "unreadable"
_P = "page"
LATER, NEVER = True, False
WALL = b"<html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>"
HTTP2_HTML = [*HTML, ("content-length", "5000")]

FAULTS: dict[str, Fault] = {
    # bodies
    "endless body": _fault("sends for ever", lambda s: s.site.floods(HEAD + b"\r\n", bytes(100_000)), _F, NEVER, "larger than 25 MB"),
    "endless chunks": _fault("sends chunks for ever", lambda s: s.site.floods(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"186a0\r\n" + bytes(100_000) + b"\r\n"), _F, NEVER, "larger than 25 MB"),
    "dripping body": _fault("a few bytes at a time, for ever", lambda s: s.site.drips(HEAD + b"\r\n", b"<p>drop"), _F, LATER, "not complete after 0.8 s"),
    "dripping chunks": _fault("a byte a chunk, for ever", lambda s: s.site.drips(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"), _F, LATER, "not complete after 0.8 s"),
    "dripping headers": _fault("a header at a time, for ever", lambda s: s.site.drips(HEAD, b"X-Drop: 1\r\n"), _F, LATER, "not complete after 0.8 s"),
    "silence before the answer": _fault("takes the request, says nothing", lambda s: s.site.falls_silent(), _F, LATER, "silent for 0.3 s"),
    "silence after the headers": _fault("headers, and then nothing", lambda s: s.site.falls_silent(HEAD + b"\r\n"), _F, LATER, "silent for 0.3 s"),
    "silence in the body": _fault("half a body, and then nothing", lambda s: s.site.falls_silent(HEAD + b"Content-Length: 99\r\n\r\n<h1>"), _F, LATER, "silent for 0.3 s"),
    "declared too large": _fault("declares 26 MB", raw(HEAD + b"Content-Length: 26000000\r\n\r\n<h1>"), _F, NEVER, "larger than 25 MB"),
    "body cut short": _fault("sends less than it declared", raw(HEAD + b"Content-Length: 500\r\n\r\n" + PAGE), _F, LATER, "broke off before the page was complete"),
    "body longer than declared": _fault("sends more than it declared", raw(HEAD + b"Content-Length: %d\r\n\r\n" % len(PAGE) + PAGE + b"HTTP/1.1 200 OK\r\n\r\nPlanted"), _P, NEVER, "Wetherby"),
    "chunks cut short": _fault("no last chunk", raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\n4\r\n<h1>\r\n"), _F, LATER, "broke off"),
    "chunk cut short": _fault("half a chunk", raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\nff\r\n<h1>"), _F, LATER, "broke off"),
    "chunk without a size": _fault("a chunk of no size", raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\nmany\r\n<h1>\r\n0\r\n\r\n"), _F, LATER, "broke off"),
    "two lengths": _fault("two different lengths", raw(HEAD + b"Content-Length: 5\r\nContent-Length: 7\r\n\r\n<h1>x"), _F, LATER, "proper HTTP"),
    "negative length": _fault("Content-Length: -1", raw(HEAD + b"Content-Length: -1\r\n\r\n" + PAGE), _F, LATER, "proper HTTP"),
    "length of 400 digits": _fault("Content-Length: 9…9", raw(HEAD + b"Content-Length: " + b"9" * 400 + b"\r\n\r\n" + PAGE), _F, LATER, "proper HTTP"),
    "two transfer codings": _fault("Transfer-Encoding twice", raw(HEAD + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n<h1>\r\n0\r\n\r\n"), _F, LATER, "proper HTTP"),
    "unknown transfer coding": _fault("Transfer-Encoding: gzip", raw(HEAD + b"Transfer-Encoding: gzip\r\n\r\n" + PAGE), _F, LATER, "proper HTTP"),
    "empty page": _fault("200 and nothing", answers(b""), _U, LATER, "empty page"),
    "blank page": _fault("200 and blanks", answers(b" \r\n\t "), _U, LATER, "empty page"),
    # packed bodies
    "gzip bomb": _fault("100 MB in 97 kB", bomb("gzip"), _F, NEVER, "larger than 25 MB"),
    "brotli bomb": _fault("100 MB in some bytes", bomb("br"), _F, NEVER, "larger than 25 MB"),
    "zstd bomb": _fault("100 MB in 9 kB", bomb("zstd"), _F, NEVER, "larger than 25 MB"),
    "zstd window": _fault("wants 128 MB to unpack a page", wide_window, _U, NEVER, "too much memory"),
    "a million gzip parts": _fault("parts of nothing", lambda s: s.site.answers(gzip.compress(b"") * 100_000, headers={"Content-Encoding": "gzip"}), _U, NEVER, "more than 1000 parts"),
    "gzip cut short": _fault("half a gzip body", packed(gzip.compress(LONG)[:-20], "gzip"), _F, LATER, "breaks off"),
    "brotli cut short": _fault("half a Brotli body", packed(brotli.compress(LONG)[:-5], "br"), _F, LATER, "breaks off"),
    "zstd cut short": _fault("half a zstd body", packed(zstd.compress(LONG)[:-5], "zstd"), _F, LATER, "breaks off"),
    "not gzip": _fault("says gzip, and is not", packed(PAGE, "gzip"), _U, NEVER, "packed with gzip, and is not"),
    "not brotli": _fault("says br, and is gzip", packed(gzip.compress(PAGE), "br"), _U, NEVER, "packed with br, and is not"),
    "not zstd": _fault("says zstd, and is not", packed(PAGE, "zstd"), _U, NEVER, "packed with zstd, and is not"),
    "coding not asked for": _fault("Content-Encoding: deflate", packed(PAGE, "deflate"), _U, NEVER, "not asked for"),
    "packed twice": _fault("Content-Encoding: gzip, br", packed(brotli.compress(gzip.compress(PAGE)), "gzip, br"), _U, NEVER, "more than once"),
    "no such coding": _fault("Content-Encoding: utf-8", packed(PAGE, "utf-8"), _P, NEVER, "Wetherby"),
    # headers
    "header flood": _fault("5,000 headers", raw(HEAD + b"".join(b"X-%d: %s\r\n" % (n, b"x" * 40) for n in range(5000)) + b"\r\n" + PAGE), _F, LATER, "proper HTTP"),
    "header of 200 kB": _fault("one header of 200 kB", raw(HEAD + b"X: " + b"x" * 200_000 + b"\r\n\r\n" + PAGE), _F, LATER, "proper HTTP"),
    "endless header": _fault("a header without end", lambda s: s.site.floods(HEAD + b"X: ", b"x" * 100_000), _F, LATER, "proper HTTP"),
    "header without a colon": _fault("a line that is no header", raw(HEAD + b"nonsense\r\n\r\n" + PAGE), _F, LATER, "proper HTTP"),
    "zero byte in a header": _fault("X: a\\0b", raw(HEAD + b"X: a\0b\r\n\r\n" + PAGE), _F, LATER, "proper HTTP"),
    "headers twice": _fault("Content-Type twice, ETag twice", raw(HEAD + b'Content-Type: text/html\r\nETag: "1"\r\nETag: "1"\r\n\r\n' + PAGE), _P, NEVER, "Wetherby"),
    "cookies": _fault("sets 50 cookies", raw(HEAD + b"Set-Cookie: a=b; Path=/\r\n" * 50 + b"\r\n" + PAGE), _P, NEVER, "Wetherby"),
    # what is no HTTP
    "closes at once": _fault("takes the connection, and closes", raw(), _F, LATER, "hung up"),
    "resets": _fault("resets the connection", lambda s: s.site.hangs_up(), _F, LATER, "broke off"),
    "HTTP/0.9": _fault("a page without a status line", raw(b"<html>" + PAGE), _F, LATER, "proper HTTP"),
    "another protocol": _fault("greets as an SSH server", raw(b"SSH-2.0-OpenSSH_9.2\r\n"), _F, LATER, "proper HTTP"),
    "noise": _fault("random bytes", raw(bytes(range(256)) * 40), _F, LATER, "proper HTTP"),
    "status of six digits": _fault("HTTP/1.1 999999", raw(b"HTTP/1.1 999999 OK\r\n\r\n"), _F, LATER, "proper HTTP"),
    "endless interim answers": _fault("102 Processing, for ever", lambda s: s.site.drips(b"", b"HTTP/1.1 102 Processing\r\n\r\n"), _F, LATER, "not complete after 0.8 s"),
    "another protocol offered": _fault("101 Switching Protocols", raw(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"), _F, LATER, "proper HTTP"),
    # statuses
    "304 without asking": _fault("not modified, though nobody asked", answers(b"", 304), _F, LATER, "(304)"),
    "204": _fault("No Content", raw(b"HTTP/1.1 204 No Content\r\n\r\n"), _F, LATER, "204 No Content"),
    "206": _fault("part of a page that was asked for whole", answers(PAGE[:20], 206, headers={"Content-Range": "bytes 0-19/99"}), _F, LATER, "206 Partial Content"),
    "202": _fault("accepted, for later", answers(b"queued", 202), _F, LATER, "202 Accepted"),
    "401": _fault("wants a log-in", answers(b"no", 401), _B, NEVER, "log-in (401)"),
    "403": _fault("forbids", answers(b"no", 403), _B, NEVER, "403 Forbidden"),
    "403 bot wall": _fault("a bot wall", answers(WALL, 403, headers={"cf-mitigated": "challenge"}), _B, NEVER, "Cloudflare"),
    "200 bot wall": _fault("a bot wall that looks like a page", answers(WALL), _B, NEVER, "Cloudflare"),
    "404": _fault("the page is gone", answers(b"no", 404), _F, NEVER, "404 Not Found"),
    "407": _fault("wants a log-in as if it were a proxy", answers(b"no", 407), _B, NEVER, "log-in (407)"),
    "418": _fault("is a teapot", answers(b"no", 418), _F, NEVER, "418"),
    "429": _fault("asked too often", answers(b"", 429), _F, LATER, "too often (429)"),
    "429 for two minutes": _fault("Retry-After: 120", answers(b"", 429, headers={"Retry-After": "120"}), _F, LATER, "wait 120 seconds"),
    "429 until a date": _fault("Retry-After: a date", answers(b"", 429, headers={"Retry-After": "Fri, 20 Nov 2026 10:00:00 GMT"}), _F, LATER, "until 20 November 2026 10:00 UTC"),
    "429 for minus five": _fault("Retry-After: -5", answers(b"", 429, headers={"Retry-After": "-5"}), _F, LATER, "(429);"),
    "429 for 30 years": _fault("Retry-After: 999999999", answers(b"", 429, headers={"Retry-After": "999999999"}), _F, LATER, "(429)"),
    "429 for soon": _fault("Retry-After: soon", answers(b"", 429, headers={"Retry-After": "soon"}), _F, LATER, "(429);"),
    "429 to the end of time": _fault("a date that no time zone holds", answers(b"", 429, headers={"Retry-After": "Fri, 31 Dec 9999 23:59:59 -2359"}), _F, LATER, "(429);"),
    "500": _fault("breaks down", answers(b"Traceback", 500), _F, LATER, "500 Internal Server Error"),
    "503": _fault("is being restarted, for longer than a second try", answers(b"", 503), _F, LATER, "503 Service Unavailable"),
    # redirects
    "redirect in a circle": _fault("there and back", circle, _F, NEVER, "in a circle"),
    "redirect to itself": _fault("here", redirects("/reviews"), _F, NEVER, "in a circle"),
    "redirect chain": _fault("twenty steps", chain, _F, NEVER, "more than 5 times"),
    "redirect to nowhere": _fault("no Location", answers(b"moved", 302), _F, NEVER, "does not say where"),
    "redirect to two places": _fault("two Locations", raw(b"HTTP/1.1 302 Found\r\nLocation: /a\r\nLocation: /b\r\n" + EMPTY), _F, NEVER, "two addresses"),
    "redirect with a line break": _fault("a bare CR in Location", raw(b"HTTP/1.1 302 Found\r\nLocation: /x\rSet-Cookie: a=b\r\n" + EMPTY), _F, LATER, "proper HTTP"),
    "redirect that is no address": _fault("Location: http://[", redirects("http://["), _F, NEVER, "not valid"),
    "redirect to metadata": _fault("to 169.254.169.254", redirects("http://169.254.169.254/latest/meta-data/"), _B, NEVER, "not on the public internet"),
    "redirect to this machine": _fault("to localhost", lambda s: (s.names.update(localhost=lambda: ["127.0.0.1"]), s.site.redirects("/reviews", "http://localhost/admin")), _B, NEVER, "not on the public internet"),
    "redirect to a number": _fault("to http://2130706433/", redirects("http://2130706433/"), _B, NEVER, "not on the public internet"),
    "redirect to hexadecimal": _fault("to http://0x7f.1/", redirects("http://0x7f.1/"), _B, NEVER, "not on the public internet"),
    "redirect to octal": _fault("to http://0177.0.0.1/", redirects("http://0177.0.0.1/"), _F, NEVER, "the address is not valid"),
    "redirect to a private name": _fault("to a name with a private address", lambda s: (s.names.update({"intranet.example": lambda: ["10.0.0.1"]}), s.site.redirects("/reviews", "http://intranet.example/")), _B, NEVER, "10.0.0.1 is not on the public internet"),
    "redirect to a file": _fault("to file:///etc/passwd", redirects("file:///etc/passwd"), _B, NEVER, "only http:// and https://"),
    "redirect to ftp": _fault("to ftp://", redirects("ftp://files.example/"), _B, NEVER, "only http:// and https://"),
    "redirect to a script": _fault("to javascript:", redirects("javascript:alert(1)"), _B, NEVER, "only http:// and https://"),
    "redirect to a mail server": _fault("to port 25", redirects("http://mail.example:25/"), _B, NEVER, "port 25"),
    "redirect with a password": _fault("to name:password@", redirects("http://rowan:secret@example.org/"), _B, NEVER, "user name or password"),
    "redirect with a backslash": _fault("to a\\@b", redirects("http://example.org\\@127.0.0.1/"), _B, NEVER, "backslash"),
    "redirect to http": _fault("from https to http", downgrade("http"), _B, NEVER, "from https to http"),
    "redirect to HTTP": _fault("from https to HTTP://", downgrade("HTTP"), _B, NEVER, "from https to HTTP"),
    "redirect to a log-in": _fault("to /login", lambda s: (s.site.redirects("/reviews", "/login"), s.site.answers(b"<form>", path="/login")), _B, NEVER, "log in"),
    # TLS
    "certificate expired": _fault("its last day has passed", certificate(since=-3 * DAY, until=-DAY), _F, NEVER, "expired on"),
    "certificate not yet valid": _fault("its first day is to come", certificate(since=DAY, until=2 * DAY), _F, NEVER, "not valid yet"),
    "certificate of another host": _fault("made out to another", certificate(name="harrowmere.example"), _F, NEVER, "another host (harrowmere.example)"),
    "certificate self-signed": _fault("signed by itself", certificate(by="itself"), _F, NEVER, "self-signed"),
    "certificate of an unknown authority": _fault("or a certificate in between is left out", certificate(by="stranger"), _F, NEVER, "leaves out a certificate in between"),
    "old TLS": _fault("TLS 1.1 alone", old_tls, _F, NEVER, "no TLS later than 1.1"),
    "no TLS": _fault("HTTP at the port for https", no_tls, _F, NEVER, "speaks no TLS"),
    "handshake that stalls": _fault("takes the connection, agrees to nothing", lambda s: s.listens(), _F, LATER, "not be reached within 0.5 s"),
    "handshake broken off": _fault("takes the connection, and closes", hangs_up_early, _F, LATER, "broke off"),
    # robots.txt
    "robots.txt 500": _fault("500 for robots.txt", robots("", 500), _F, LATER, "robots.txt"),
    "robots.txt silent": _fault("no answer for robots.txt", robots_raw(b"", pause=5), _F, LATER, "robots.txt: the site fell silent"),
    "robots.txt drips": _fault("a drop at a time for robots.txt", robots_raw(HEAD + b"\r\n", *([b"#"] * 500), pause=0.02), _F, LATER, "not complete after 0.8 s"),
    "robots.txt forbids": _fault("Disallow: /", robots("User-agent: *\nDisallow: /"), _B, NEVER, "leave this page alone"),
    "robots.txt redirects in a circle": _fault("there and back for robots.txt", lambda s: (s.site.answers(), s.site.redirects("/robots.txt", "/robots.txt")), _P, NEVER, "Wetherby"),
    "robots.txt leads astray": _fault("to 169.254.169.254 for robots.txt", robots_astray, _B, NEVER, "not on the public internet"),
    "robots.txt endless": _fault("rules without end", lambda s: (s.site.floods(b"HTTP/1.1 200 OK\r\n\r\nUser-agent: *\nDisallow: /reviews\n", b"# more\n" * 1000), s.site.behave("/robots.txt", s.site.behaviour("/reviews"))), _B, NEVER, "leave this page alone"),
    "robots.txt binary": _fault("bytes that are no text", robots_raw(b"HTTP/1.1 200 OK\r\n\r\n" + bytes(range(256)) * 50), _P, NEVER, "Wetherby"),
    "robots.txt asks for hours": _fault("Crawl-delay: 10000", robots("User-agent: *\nCrawl-delay: 10000"), _P, NEVER, "Wetherby"),
    # names
    "no such name": _fault("nobody knows the name", nameless(socket.EAI_NONAME), _F, NEVER, "no host of the name"),
    "names not to be had": _fault("the name server has trouble", nameless(socket.EAI_AGAIN), _F, LATER, "could not be looked up"),
    "names that take too long": _fault("the name server says nothing", slow_names, _F, LATER, "could not be looked up"),
    "private name": _fault("the name leads to 192.168.1.1", named("192.168.1.1"), _B, NEVER, "192.168.1.1 is not on the public internet"),
    "half private name": _fault("the name leads to a public and a private address", named(PUBLIC, "10.0.0.1"), _B, NEVER, "10.0.0.1 is not on the public internet"),
    "hidden private name": _fault("IPv6 with 127.0.0.1 in it", named("::ffff:127.0.0.1"), _B, NEVER, "not on the public internet"),
    "name that turns": _fault("public when first looked up, private then", rebinding, _B, NEVER, "127.0.0.1 is not on the public internet"),
    # HTTP/2: each is met, and then asked for in HTTP/1.1, in which this site is good
    "HTTP/2 length lies": _fault("sends less than it declared", in_http2((HTTP2_HTML, PAGE, True)), _P, NEVER, "Wetherby"),
    "HTTP/2 broken off": _fault("a stream without end, closed", in_http2((HTML, PAGE, False)), _P, NEVER, "Wetherby"),
    "HTTP/2 bad status": _fault(":status fine", in_http2(([(":status", "fine")], PAGE, True)), _P, NEVER, "Wetherby"),
    "HTTP/2 header flood": _fault("100 kB of headers", in_http2(([*HTML, *((f"x-{n}", "x" * 1000) for n in range(100))], PAGE, True)), _P, NEVER, "Wetherby"),
    # pages that lie, and are pages: the reader is not to be kept from them
    "wrong charset": _fault("says utf-16, and is not", answers(headers={"Content-Type": "text/html; charset=utf-16"}), _P, NEVER, "Wetherby"),
    "byte order mark": _fault("begins with a BOM", answers(b"\xef\xbb\xbf" + PAGE), _P, NEVER, "Wetherby"),
    "wrong content type": _fault("says image/png", answers(headers={"Content-Type": "image/png"}), _P, NEVER, "Wetherby"),
    "no content type": _fault("says nothing of it", raw(b"HTTP/1.1 200 OK\r\n\r\n" + PAGE), _P, NEVER, "Wetherby"),
    "changed in 2041": _fault("Last-Modified: 2041, and 304 to whoever sends that back", asked(Validators(last_modified="Tue, 01 Jan 2041 00:00:00 GMT"), lambda s: s.site.answers_conditionally(last_modified="Tue, 01 Jan 2041 00:00:00 GMT")), _P, NEVER, "Wetherby"),
    "odd ETag": _fault("an ETag with quotes and letters no header may have", raw(HEAD + b'ETag: W/""caf\xe9" \r\n\r\n' + PAGE), _P, NEVER, "Wetherby"),
}  # fmt: skip


def main() -> int:
    """Meet each fault once, print the table; 1 where one came to something else, or together they took too much
    memory. An error that is no SourceError ends it, and so does a fault that never comes to an end."""
    bad: dict[str, str] = {}
    slowest, reached = 0.0, set[str]()
    print(f"{'fault':34} {'comes':11} {'again':6} {'s':>5}  what it does, and what was said")
    for name, fault in FAULTS.items():
        faulthandler.dump_traceback_later(HANGS, exit=True)
        with Stage() as stage:
            fault.arrange(stage)
            met = stage.meet()
        faulthandler.cancel_dump_traceback_later()
        slowest, reached = max(slowest, met.seconds), reached | set(met.connected)
        if wrong := judge(fault, met):
            bad[name] = wrong
        again = isinstance(met.got, SourceError) and met.got.again
        print(
            f"{name:34} {met.outcome:11} {'yes' if again else 'no':6} {met.seconds:5.2f}  {fault.does}"
            + (f"  << {wrong}" if wrong else "")
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    pages = sum(fault.comes == "page" for fault in FAULTS.values())
    print(
        f"{len(FAULTS)} faults, {len(bad)} unlike what must come of them: none crashed or hung, and each either"
    )
    print(f"was told in a sentence ({len(FAULTS) - pages}) or gave the page whole all the same ({pages}).")
    print(f"The slowest took {slowest:.1f} s ({SECONDS:g} at most). No address but the site's own was")
    print(
        f"connected to ({', '.join(sorted(reached))}). {peak:.0f} MB of memory at most ({MOST_MEMORY} may be), of which"
    )
    print("the bombs and their servers, in this same process, are the larger part.")
    return 1 if bad or peak > MOST_MEMORY else 0


def judge(fault: Fault, met: Met) -> str:
    """What is wrong with what came of it; nothing if all is well."""
    if met.seconds > SECONDS:
        return f"it took {met.seconds:.1f} s"
    if set(met.connected) - {PUBLIC}:
        return f"it connected to {sorted(set(met.connected) - {PUBLIC})}"
    if met.outcome != fault.comes:
        return f"{met.outcome} came of it: {met.got}"
    if isinstance(met.got, SourceError):
        said, again = str(met.got), met.got.again
    else:
        said, again = met.got.body.decode("latin-1") if isinstance(met.got, Page) else "", False
    if again != fault.again:
        return f"again is {again}: {said}"
    if fault.words not in said:
        return f"it does not say {fault.words!r}: {said[:300]}"
    return ""


if __name__ == "__main__":
    sys.exit(main())
