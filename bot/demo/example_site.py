"""The small web site that the demonstration watches: five invented publishers, in October and in November.

The pages lie in `site/`: `always/` holds what both months share, `october/` and `november/` what is of one
month. A file's place is its address: `learning/index.html` is `/learning/`, `learning/child-k-briefing.html`
is `/learning/child-k-briefing`, and a name that ends in `.503.html` is an address that is out of order.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Literal, Self
from urllib.parse import urlsplit

Month = Literal["october", "november"]

HERE = Path(__file__).parent
STANDS_FOR_ROOT = "http://example-site.invalid"  # in pages and configuration: the site's address once it runs

CONTENT_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".xml": "application/rss+xml; charset=UTF-8",
    ".txt": "text/plain; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
LAST_MODIFIED = {
    "always": datetime(2026, 9, 29, 9, tzinfo=UTC),
    "october": datetime(2026, 10, 21, 9, tzinfo=UTC),
    "november": datetime(2026, 11, 20, 16, tzinfo=UTC),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request that the site answered."""

    method: str
    path: str
    status: int
    user_agent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an address answers."""

    status: HTTPStatus
    content_type: str
    body: bytes
    etag: str
    last_modified: datetime


def pages(month: Month, root: str) -> dict[str, Answer]:
    """Every address of that month, with its answer; `root` replaces the stand-in address in the texts."""
    return {
        _address(file.relative_to(folder)): _answer(file, root, LAST_MODIFIED[folder.name])
        for folder in (HERE / "site" / "always", HERE / "site" / month)
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def _address(file: Path) -> str:
    """The address of a file: folders as they are, `index` is the folder, pages drop their `.html`."""
    if file.stem == "index":
        return "/" if file.parent == Path() else f"/{file.parent.as_posix()}/"
    return "/" + file.as_posix().removesuffix(".html").removesuffix(".503")


def _answer(file: Path, root: str, last_modified: datetime) -> Answer:
    body = file.read_bytes()
    if CONTENT_TYPES[file.suffix].startswith(("text/", "application/rss")):
        body = body.replace(STANDS_FOR_ROOT.encode(), root.encode())
    out_of_order = file.name.endswith(".503.html")
    return Answer(
        status=HTTPStatus.SERVICE_UNAVAILABLE if out_of_order else HTTPStatus.OK,
        content_type=CONTENT_TYPES[file.suffix],
        body=body,
        etag=f'"{hashlib.sha256(body).hexdigest()[:16]}"',
        last_modified=last_modified,
    )


class ExampleSite:
    """Serves the site on this machine alone, on a free port, while the `with` block lasts.

    `root` is its address, `http://127.0.0.1:PORT`, without a final slash. `requests` is what was asked of
    it, in order. It starts in October; `move_on()` turns to November.
    """

    def __init__(self) -> None:
        self.requests: list[Asked] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, self))
        self.root = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = Thread(
            target=self._server.serve_forever, args=(0.05,), name="example-site", daemon=True
        )
        self.month: Month = "october"
        self._pages = pages(self.month, self.root)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def move_on(self) -> None:
        """A month goes by: from now on the November pages are served."""
        self.month = "november"
        self._pages = pages(self.month, self.root)

    def answer(self, path: str) -> Answer | None:
        """What that path answers now; None if there is no such page."""
        return self._pages.get(path)

    @property
    def not_found(self) -> Answer:
        return self._pages["/not-found"]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "ExampleSite"
    sys_version = ""
    timeout = 5

    def __init__(self, site: ExampleSite, *args: object) -> None:
        self.site = site
        super().__init__(*args)  # type: ignore[arg-type]  # http.server passes request, address and server

    def do_GET(self) -> None:
        self._reply(with_body=True)

    def do_HEAD(self) -> None:
        self._reply(with_body=False)

    def _reply(self, *, with_body: bool) -> None:
        path = urlsplit(self.path).path
        answer = self.site.answer(path)
        if answer is None and self.site.answer(path + "/"):
            self._send(HTTPStatus.MOVED_PERMANENTLY, {"Location": path + "/", "Content-Length": "0"})
            return
        status = answer.status if answer else HTTPStatus.NOT_FOUND
        answer = answer or self.site.not_found
        headers = {"Content-Type": answer.content_type, "Content-Length": str(len(answer.body))}
        if status == HTTPStatus.SERVICE_UNAVAILABLE:
            headers["Retry-After"] = "3600"
        if status == HTTPStatus.OK:
            validators = {
                "ETag": answer.etag,
                "Last-Modified": format_datetime(answer.last_modified, usegmt=True),
            }
            if self._has_it_already(answer):
                self._send(HTTPStatus.NOT_MODIFIED, validators)
                return
            headers |= validators
        self._send(status, headers)
        if with_body:
            self.wfile.write(answer.body)

    def _has_it_already(self, answer: Answer) -> bool:
        """Whether the conditions of the request say so (RFC 9110, 13.2.2: If-None-Match goes first)."""
        if wanted := self.headers.get("If-None-Match"):
            return answer.etag in wanted
        try:
            since = parsedate_to_datetime(self.headers.get("If-Modified-Since", ""))
        except ValueError:
            return False
        return since.tzinfo is not None and answer.last_modified <= since

    def _send(self, status: HTTPStatus, headers: dict[str, str]) -> None:
        asked = Asked(
            method=self.command,
            path=self.path,
            status=int(status),
            user_agent=self.headers.get("User-Agent", ""),
        )
        self.site.requests.append(asked)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Nothing on the terminal: what was asked is kept in `requests`."""


def write_configuration(folder: Path, root: str) -> None:
    """Writes the demonstration's two YAML files into `folder`; `root` is the address of the running site."""
    for file in sorted((HERE / "configuration").glob("*.yaml")):
        text = file.read_text(encoding="utf-8").replace(STANDS_FOR_ROOT, root)
        (folder / file.name).write_text(text, encoding="utf-8")
