"""A stand-in for Slack on one machine: the few methods that the bot calls, with Slack's documented limits.

For the demo and for tests. It refuses what Slack refuses (forms, lengths, scopes, channels, pace), keeps
threads, takes incoming webhooks, fails on request, and shows a channel as a page that a person can look at.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal
from urllib.parse import parse_qs

from bot.demo.slack_page import Message, Room, page
from bot.demo.slack_rules import fault_in
from bot.demo.slack_workspace import SCOPES, Workspace, error

A_SECOND = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is sent back. `body`: JSON, or plain text. `after`: seconds until then. `closes`: instead of it,
    the connection is closed."""

    status: int = 200
    body: dict[str, Any] | str = ""
    retry_after: str | None = None
    after: float = 0
    closes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What it answers in place of the right answer; with `posts`, it does first what it was asked."""

    answer: Answer
    posts: bool = False


class SlackStandIn:
    """Slack on a free port of 127.0.0.1; a context manager. `channels` and `private` are names such as
    `#learning`. `strict_pace`: a second message to a channel within a second by `clock` is answered with 429.
    """

    def __init__(
        self,
        token: str = "xoxb-stand-in",
        channels: Sequence[str] = ("#learning",),
        scopes: Sequence[str] = SCOPES,
        *,
        private: Sequence[str] = (),
        strict_pace: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.token = token
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self._workspace = Workspace(channels, private, scopes)
        self._webhooks: dict[str, Room] = {}
        self._strict_pace = strict_pace
        self._clock = clock
        self._lock = threading.Lock()
        self._faults: dict[str, list[Fault | None]] = {"post": [], "look": []}
        self._stopped = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> SlackStandIn:
        self._thread.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._stopped.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        """As in SLACK_API_URL."""
        return f"{self._address}/api/"

    @property
    def rooms(self) -> list[Room]:
        """The channels."""
        return self._workspace.rooms

    @property
    def scopes(self) -> set[str]:
        """What the app may do."""
        return self._workspace.scopes

    @scopes.setter
    def scopes(self, scopes: set[str]) -> None:
        self._workspace.scopes = scopes

    @property
    def _address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def webhook(self, channel: str) -> str:
        """A new incoming webhook for this channel: its secret address."""
        path = f"/services/T0000/B{len(self._webhooks):04}/secret{len(self._webhooks)}"
        self._webhooks[path] = self._room(channel)
        return f"{self._address}{path}"

    def takes_webhooks_away(self) -> None:
        """None of them works any more."""
        self._webhooks.clear()

    def messages(self, channel: str) -> list[Message]:
        """What stands in a channel, replies among them, in the order in which it was posted."""
        return list(self._room(channel).messages)

    def roots(self, channel: str) -> list[Message]:
        """What stands in a channel itself."""
        return [message for message in self.messages(channel) if message.thread_ts is None]

    def replies(self, channel: str, ts: str) -> list[Message]:
        """What stands in a thread."""
        return [message for message in self.messages(channel) if message.thread_ts == ts]

    def posts(self) -> int:
        """How many messages it was asked to post, taken or not."""
        return sum(1 for method, _ in self.calls if method in ("chat.postMessage", "webhook"))

    def as_html(self) -> str:
        """All channels with their threads, as a page."""
        return page(self.rooms)

    def _room(self, channel: str) -> Room:
        room = self._workspace.room(channel)
        if room is None:
            raise KeyError(channel)
        return room

    # --- failing on request -----------------------------------------------------------------------------

    def limits_the_rate(
        self, retry_after: float | None = 30, *, after: int = 0, times: int = 1, of: str = "post"
    ) -> None:
        """After so many more posts, it answers so many with 429. `of` "look": when asked what it has."""
        wait = None if retry_after is None else str(retry_after)
        answer = Answer(status=429, body=error("ratelimited"), retry_after=wait)
        self._fails(Fault(answer=answer), after, of, times)

    def answers_with(
        self, status: int, code: str | None = None, *, posts: bool = False, after: int = 0, of: str = "post"
    ) -> None:
        """After so many more posts, it answers one so; `posts`: though it has posted it. Without a code its
        answer is nothing that Slack would say."""
        body: dict[str, Any] | str = error(code) if code else "<html>upstream error</html>"
        self._fails(Fault(answer=Answer(status=status, body=body), posts=posts), after, of)

    def drops(self, *, posts: bool = True, after: int = 0, of: str = "post") -> None:
        """After so many more posts, it closes the connection without an answer; `posts`: having posted it."""
        self._fails(Fault(answer=Answer(closes=True), posts=posts), after, of)

    def is_slow(self, seconds: float, *, posts: bool = True, after: int = 0, of: str = "post") -> None:
        """After so many more posts, it lets one wait for its answer; `posts`: having posted it at once."""
        self._fails(Fault(answer=Answer(after=seconds), posts=posts), after, of)

    def works(self) -> None:
        """It works again."""
        self._faults = {"post": [], "look": []}

    def _fails(self, fault: Fault, after: int, of: str, times: int = 1) -> None:
        self._faults[of] = [*[None] * after, *[fault] * times]

    # --- what it answers --------------------------------------------------------------------------------

    def answer(self, path: str, token: str, given: dict[str, Any] | None) -> Answer:
        """To a call, or to what was sent to a webhook. `given` None: it could not be read."""
        method = path.rsplit("/", 1)[-1] if path.startswith("/api/") else "webhook"
        with self._lock:
            self.calls.append((method, given or {}))
            if method != "webhook" and token != self.token:
                return Answer(body=error("invalid_auth" if token else "not_authed"))
            fault = self._next_fault(method)
            if fault is None:
                return self._done(method, path, given)
            if fault.posts:
                done = self._done(method, path, given)
                if fault.answer.after:
                    return replace(done, after=fault.answer.after)
            code = fault.answer.body.get("error", "") if isinstance(fault.answer.body, dict) else ""
            return replace(fault.answer, body=code) if method == "webhook" and code else fault.answer

    def _next_fault(self, method: str) -> Fault | None:
        of: Literal["look", "post"] = "look" if method.startswith("conversations.") else "post"
        return self._faults[of].pop(0) if self._faults[of] and method != "auth.test" else None

    def _done(self, method: str, path: str, given: dict[str, Any] | None) -> Answer:
        room = (
            self._webhooks.get(path)
            if method == "webhook"
            else self._workspace.room(str((given or {}).get("channel", "")))
        )
        if room and method in ("webhook", "chat.postMessage") and self._too_soon(room):
            code = error("ratelimited")
            return Answer(status=429, body=code if method != "webhook" else "rate_limited", retry_after="1")
        if method == "webhook":
            return self._by_webhook(room, given)
        return Answer(body=self._workspace.call(method, given or {}))

    def _by_webhook(self, room: Room | None, given: dict[str, Any] | None) -> Answer:
        if room is None:
            return Answer(status=404, body="no_service")
        if room not in self.rooms:
            return Answer(status=404, body="channel_not_found")
        if room.archived:
            return Answer(status=410, body="channel_is_archived")
        if given is None:
            return Answer(status=400, body="invalid_payload")
        if wrong := fault_in(given):
            return Answer(status=400, body=wrong)
        content = {name: given.get(name) for name in ("text", "blocks")}
        self._workspace.post(room, content)
        return Answer(body="ok")

    def _too_soon(self, room: Room) -> bool:
        now, before = self._clock(), room.posted_at
        if self._strict_pace and before is not None and now - before < A_SECOND:
            return True
        room.posted_at = now
        return False

    def waits(self, seconds: float) -> None:
        """Lets a slow answer wait, but not for longer than it runs itself."""
        self._stopped.wait(seconds)


def _handler(slack: SlackStandIn) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            given = self._given()
            token = (self.headers.get("Authorization") or "").removeprefix("Bearer ").strip()
            answer = slack.answer(self.path.partition("?")[0], token, given)
            slack.waits(answer.after)
            if answer.closes:
                self.close_connection = True
                return
            try:
                self._send(answer)
            except OSError:
                self.close_connection = True  # nobody waits for it any more

        def _given(self) -> dict[str, Any] | None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            if "json" not in (self.headers.get("Content-Type") or ""):
                return {name: _decoded(values[-1]) for name, values in parse_qs(body).items()}
            try:
                given = json.loads(body or "{}")
            except ValueError:
                return None
            return given if isinstance(given, dict) else None

        def _send(self, answer: Answer) -> None:
            as_json = isinstance(answer.body, dict)
            raw = (json.dumps(answer.body) if as_json else str(answer.body)).encode()
            self.send_response(answer.status)
            kind = "application/json" if as_json else "text/html"
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            if answer.retry_after is not None:
                self.send_header("Retry-After", answer.retry_after)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing is printed."""

    return Handler


def _decoded(value: str) -> Any:
    """Forms carry blocks and metadata as JSON."""
    return json.loads(value) if value[:1] in "[{" else value
