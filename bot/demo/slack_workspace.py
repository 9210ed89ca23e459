"""What the stand-in does with a call: its channels, the scopes that each call needs, and the answers."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

from bot.demo.slack_page import Message, Room
from bot.demo.slack_rules import fault_in

SCOPES = ("chat:write", "channels:read", "channels:history")
OF_PRIVATE = {"channels:read": "groups:read", "channels:history": "groups:history"}
HISTORY = ("conversations.history", "conversations.replies")
EARLIEST = 1_795_420_800  # no `ts` is before this, as the demo's clock stands there
Body = dict[str, Any]


class Workspace:
    """Channels and what is posted there. `scopes` are the app's."""

    def __init__(self, public: Iterable[str], private: Iterable[str], scopes: Iterable[str]) -> None:
        self.rooms: list[Room] = []
        self.scopes = set(scopes)
        self._count = 0
        for name in public:
            self._opens(name, private=False)
        for name in private:
            self._opens(name, private=True)

    def room(self, channel: str) -> Room | None:
        """By name or id."""
        for room in self.rooms:
            if channel in (room.id, room.name, f"#{room.name}"):
                return room
        return None

    def call(self, method: str, given: Body) -> Body:
        """Slack's answer to a call of its Web API."""
        if method == "auth.test":
            return {"ok": True, "user": "learning-bot", "team": "Stand-in"}
        if method.startswith("chat.") and (lacking := self._lacks("chat:write")):
            return lacking
        if method == "conversations.list":
            return self._list(given)
        room = self.room(str(given.get("channel", "")))
        if room is None or (room.private and not room.open):
            return error("channel_not_found")
        if method in HISTORY:
            return self._told(room, method, given)
        return self._written(room, method, given)

    def _written(self, room: Room, method: str, given: Body) -> Body:
        if not room.open and "chat:write.public" not in self.scopes:
            return error("not_in_channel")
        if room.archived:
            return error("is_archived")
        if wrong := fault_in(given):
            return error(wrong)
        if method == "chat.postMessage":
            return self.post(room, given)
        if method == "chat.update":
            return self._update(room, given)
        return error("unknown_method")

    def post(self, room: Room, given: Body) -> Body:
        """Keep a message."""
        thread = given.get("thread_ts")
        if thread and not any(message.ts == thread for message in room.messages):
            return error("thread_not_found")
        self._count += 1
        message = Message(
            ts=f"{max(EARLIEST, int(time.time()))}.{self._count:06}",  # noqa: TID251 -- Slack's own clock
            text=str(given.get("text", "")),
            blocks=given.get("blocks") or [],
            metadata=given.get("metadata") or {},
            thread_ts=thread,
        )
        room.messages.append(message)
        return {"ok": True, "channel": room.id, "ts": message.ts}

    def _opens(self, name: str, *, private: bool) -> None:
        number = len(self.rooms) + 1
        self.rooms.append(Room(id=f"C{number:09}", name=name.removeprefix("#"), private=private))

    def _update(self, room: Room, given: Body) -> Body:
        for message in room.messages:
            if message.ts == given.get("ts"):
                message.text, message.blocks = str(given.get("text", "")), given.get("blocks") or []
                message.edits += 1
                return {"ok": True, "channel": room.id, "ts": message.ts}
        return error("message_not_found")

    def _list(self, given: Body) -> Body:
        kinds = str(given.get("types") or "public_channel").split(",")
        for kind in kinds:
            if lacking := self._lacks("channels:read" if kind == "public_channel" else "groups:read"):
                return lacking
        listed = [
            {"id": room.id, "name": room.name, "is_member": room.open, "is_private": room.private}
            for room in self.rooms
            if (room.open if room.private else True)
            and ("private_channel" if room.private else "public_channel") in kinds
        ]
        return _page("channels", listed, given)

    def _told(self, room: Room, method: str, given: Body) -> Body:
        needed = "channels:history"
        if lacking := self._lacks(OF_PRIVATE[needed] if room.private else needed):
            return lacking
        if not room.open:
            return error("not_in_channel")
        thread = given.get("ts") if method == "conversations.replies" else None
        if thread and not any(message.ts == thread for message in room.messages):
            return error("thread_not_found")
        oldest = float(given.get("oldest") or 0)
        told = [
            _shown(message, with_metadata=str(given.get("include_all_metadata")).lower() in ("1", "true"))
            for message in (room.messages if thread else room.messages[::-1])
            if float(message.ts) > oldest
            and (thread in (message.ts, message.thread_ts) if thread else message.thread_ts is None)
        ]
        return _page("messages", told, given)

    def _lacks(self, scope: str) -> Body | None:
        if scope in self.scopes:
            return None
        return error("missing_scope") | {"needed": scope, "provided": ",".join(sorted(self.scopes))}


def error(code: str) -> Body:
    """How Slack says that something did not work."""
    return {"ok": False, "error": code}


def _shown(message: Message, *, with_metadata: bool) -> Body:
    shown: Body = {"ts": message.ts, "text": message.text}
    return shown | {"metadata": message.metadata} if with_metadata else shown


def _page(name: str, items: list[Body], given: Body) -> Body:
    start, limit = int(given.get("cursor") or 0), int(given.get("limit") or 100)
    end = start + limit
    cursor = str(end) if end < len(items) else ""
    return {
        "ok": True,
        name: items[start:end],
        "has_more": bool(cursor),
        "response_metadata": {"next_cursor": cursor},
    }
