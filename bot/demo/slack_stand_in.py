"""A stand-in for Slack on one machine: the few methods that the bot calls, with Slack's documented limits.

For the demo and for tests. It refuses what Slack refuses (forms, lengths, scopes, channels), keeps threads,
fails on request, and shows a channel as a page that a person can look at.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from bot.demo.slack_page import Message, Room, page
from bot.demo.slack_rules import fault_in

SCOPES = ("chat:write", "channels:read", "channels:history")
NEEDED = {
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "conversations.history": "channels:history",
    "conversations.replies": "channels:history",
    "conversations.list": "channels:read",
}
Answer = tuple[int, dict[str, str], dict[str, Any]]


class SlackStandIn:
    """Slack on a free port of 127.0.0.1; a context manager. `channels` are names such as `#learning`."""

    def __init__(
        self,
        token: str = "xoxb-stand-in",
        channels: Sequence[str] = ("#learning",),
        scopes: Sequence[str] = SCOPES,
    ) -> None:
        self.token = token
        self.rooms = [
            Room(id=f"C{number:09}", name=name.removeprefix("#")) for number, name in enumerate(channels, 1)
        ]
        self.scopes = set(scopes)
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self._lock = threading.Lock()
        self._clock = 1_795_420_800
        self._faults: list[tuple[str, Any]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> SlackStandIn:
        self._thread.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        """As in SLACK_API_URL."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/api/"

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
        return sum(1 for method, _ in self.calls if method == "chat.postMessage")

    def as_html(self) -> str:
        """All channels with their threads, as a page."""
        return page(self.rooms)

    # --- failing on request -----------------------------------------------------------------------------

    def limits_the_rate(self, retry_after: int | None = 2, *, after: int = 0) -> None:
        """After so many more posts, it answers one with 429."""
        self._fails("rate", retry_after, after)

    def answers_with(
        self, status: int, error: str | None = None, *, posts: bool = False, after: int = 0
    ) -> None:
        """After so many more posts, it answers one so; `posts`: though it has posted it."""
        self._fails("keep" if posts else "answer", (status, error), after)

    def drops(self, *, posts: bool = True, after: int = 0) -> None:
        """After so many more posts, it closes the connection without an answer; `posts`: having posted it."""
        self._fails("keep" if posts else "answer", None, after)

    def _fails(self, kind: str, how: Any, after: int) -> None:
        self._faults = [("none", None)] * after + [(kind, how)]

    def works(self) -> None:
        """It works again."""
        self._faults = []

    # --- what it answers --------------------------------------------------------------------------------

    def answer(self, method: str, token: str, given: dict[str, Any]) -> Answer | None:
        """Status, headers and body for a call; None: the connection is to be closed."""
        with self._lock:
            self.calls.append((method, given))
            if error := self._not_allowed(method, token):
                return 200, {}, error
            fault = self._faults.pop(0) if self._faults and method.startswith("chat.") else ("none", None)
            kind, how = fault
            if kind == "rate":
                headers = {"Retry-After": str(how)} if how is not None else {}
                return 429, headers, {"ok": False, "error": "ratelimited"}
            body = self._do(method, given) if kind != "answer" else {}
            if kind == "none":
                return 200, {}, body
            if how is None:
                return None
            status, error_code = how
            return status, {}, {"ok": False, "error": error_code} if error_code else {}

    def _not_allowed(self, method: str, token: str) -> dict[str, Any] | None:
        if not token:
            return {"ok": False, "error": "not_authed"}
        if token != self.token:
            return {"ok": False, "error": "invalid_auth"}
        needed = NEEDED.get(method)
        if needed and needed not in self.scopes:
            provided = ",".join(sorted(self.scopes))
            return {"ok": False, "error": "missing_scope", "needed": needed, "provided": provided}
        return None

    def _do(self, method: str, given: dict[str, Any]) -> dict[str, Any]:
        if method == "auth.test":
            return {"ok": True, "user": "learning-bot", "team": "Stand-in"}
        if method == "conversations.list":
            rooms = [{"id": room.id, "name": room.name, "is_member": room.open} for room in self.rooms]
            return {"ok": True, "channels": rooms, "response_metadata": {"next_cursor": ""}}
        room = self._find(str(given.get("channel", "")), by_name=method == "chat.postMessage")
        if room is None:
            return {"ok": False, "error": "channel_not_found"}
        if method in ("conversations.history", "conversations.replies"):
            return {"ok": True, "messages": self._told(room, method, given)}
        if not room.open:
            return {"ok": False, "error": "not_in_channel"}
        if room.archived:
            return {"ok": False, "error": "is_archived"}
        if error := fault_in(given):
            return {"ok": False, "error": error}
        if method == "chat.postMessage":
            return self._post(room, given)
        if method == "chat.update":
            return self._update(room, given)
        return {"ok": False, "error": "unknown_method"}

    def _post(self, room: Room, given: dict[str, Any]) -> dict[str, Any]:
        thread = given.get("thread_ts")
        if thread and not any(message.ts == thread for message in room.messages):
            return {"ok": False, "error": "thread_not_found"}
        self._clock += 1
        message = Message(
            ts=f"{self._clock}.000100",
            text=str(given.get("text", "")),
            blocks=given.get("blocks") or [],
            metadata=given.get("metadata") or {},
            thread_ts=thread,
        )
        room.messages.append(message)
        return {"ok": True, "channel": room.id, "ts": message.ts}

    def _update(self, room: Room, given: dict[str, Any]) -> dict[str, Any]:
        for message in room.messages:
            if message.ts == given.get("ts"):
                message.text, message.blocks = str(given.get("text", "")), given.get("blocks") or []
                message.edits += 1
                return {"ok": True, "channel": room.id, "ts": message.ts}
        return {"ok": False, "error": "message_not_found"}

    def _told(self, room: Room, method: str, given: dict[str, Any]) -> list[dict[str, Any]]:
        thread = given.get("ts") if method == "conversations.replies" else None
        messages = [
            message
            for message in room.messages
            if (message.thread_ts is None and thread is None) or thread in (message.ts, message.thread_ts)
        ]
        limit = int(given.get("limit", 100))
        newest_first = messages[::-1] if thread is None else messages
        return [
            {"ts": message.ts, "text": message.text, "metadata": message.metadata}
            for message in newest_first[:limit]
        ]

    def _find(self, channel: str, *, by_name: bool) -> Room | None:
        for room in self.rooms:
            if channel == room.id or (by_name and channel.removeprefix("#") == room.name):
                return room
        return None

    def _room(self, channel: str) -> Room:
        room = self._find(channel, by_name=True)
        if room is None:
            raise KeyError(channel)
        return room


def _handler(slack: SlackStandIn) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            if "json" in (self.headers.get("Content-Type") or ""):
                given = json.loads(body or "{}")
            else:
                given = {name: _decoded(values[-1]) for name, values in parse_qs(body).items()}
            token = (self.headers.get("Authorization") or "").removeprefix("Bearer ").strip()
            answer = slack.answer(self.path.partition("?")[0].rsplit("/", 1)[-1], token, given)
            if answer is None:
                self.close_connection = True
                return
            status, headers, content = answer
            raw = json.dumps(content).encode() if content else b"<html>upstream error</html>"
            self.send_response(status)
            for name, value in {"Content-Type": "application/json; charset=utf-8", **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing is printed."""

    return Handler


def _decoded(value: str) -> Any:
    """Forms carry blocks and metadata as JSON."""
    return json.loads(value) if value[:1] in "[{" else value
