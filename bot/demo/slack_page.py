"""Channels of the stand-in as one plain page that looks somewhat like Slack, threads opened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape, unescape
from typing import Any

STYLE = """
body { margin: 0; background: #f8f8f8; color: #1d1c1d; font: 15px/1.47 Helvetica, Arial, sans-serif; }
main { max-width: 860px; margin: 0 auto; background: #fff; padding: 8px 24px 48px; }
h1 { font-size: 20px; border-bottom: 1px solid #ddd; padding: 12px 0; }
.message { padding: 8px 0 8px 48px; position: relative; overflow-wrap: anywhere; }
.message::before { content: "LB"; position: absolute; left: 0; top: 12px; width: 36px; height: 36px;
  border-radius: 4px; background: #12578f; color: #fff; text-align: center; line-height: 36px; }
.who { font-weight: bold; } .who span { font-weight: normal; color: #616061; font-size: 12px; }
.header { font-size: 18px; font-weight: 900; margin: 4px 0 8px; }
.rich { margin: 0 0 10px; white-space: pre-line; } ul { margin: 2px 0 8px; padding-left: 26px; }
.buttons { display: flex; flex-wrap: wrap; gap: 8px; margin: 0 0 12px; }
.buttons a { border: 1px solid #bbb; border-radius: 4px; padding: 3px 11px; color: #1d1c1d; font-size: 13px;
  font-weight: bold; text-decoration: none; }
hr { border: 0; border-top: 1px solid #ddd; margin: 12px 0; } a { color: #1264a3; }
.thread { margin: 0 0 16px 48px; border-left: 3px solid #ddd; padding-left: 16px; }
.read { color: #616061; font-size: 12px; margin: 4px 0; } .edited { color: #616061; font-size: 12px; }
"""


@dataclass(slots=True, kw_only=True)
class Message:
    """A message as the channel has it now. `edits`: how often it was changed."""

    ts: str
    text: str
    blocks: list[dict[str, Any]]
    metadata: dict[str, Any]
    thread_ts: str | None = None
    edits: int = 0


@dataclass(slots=True, kw_only=True)
class Room:
    """A channel. `open`: the bot is in it. `posted_at`: when the last message came, by the pace's clock."""

    id: str
    name: str
    open: bool = True
    archived: bool = False
    private: bool = False
    posted_at: float | None = None
    messages: list[Message] = field(default_factory=list)


def page(rooms: Iterable[Room]) -> str:
    """All channels, each message with its thread below it."""
    shown = "".join(_room(room) for room in rooms)
    return (
        '<!DOCTYPE html>\n<html lang="en-GB"><head><meta charset="utf-8"><title>Slack stand-in</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head>'
        f"<body><main>{shown}</main></body></html>\n"
    )


def _room(room: Room) -> str:
    parts = [f"<h1># {escape(room.name)}</h1>"]
    for message in room.messages:
        if message.thread_ts:
            continue
        parts.append(_message(message))
        replies = [one for one in room.messages if one.thread_ts == message.ts]
        if replies:
            count = "1 reply" if len(replies) == 1 else f"{len(replies)} replies"
            parts.append(f'<div class="thread"><b>{count}</b>{"".join(map(_message, replies))}</div>')
    if not room.messages:
        parts.append("<p>Nothing has been posted here.</p>")
    return "".join(parts)


def _message(message: Message) -> str:
    edited = '<div class="edited">(edited)</div>' if message.edits else ""
    blocks = "".join(_block(block) for block in message.blocks) or f"<p>{escape(unescape(message.text))}</p>"
    return (
        '<div class="message"><div class="who">Learning bot <span>APP</span></div>'
        f"{blocks}{edited}<details class='read'><summary>as it is read aloud</summary>"
        f'<div class="rich">{escape(unescape(message.text))}</div></details></div>'
    )


def _block(block: dict[str, Any]) -> str:
    if block["type"] == "header":
        return f'<div class="header">{escape(block["text"]["text"])}</div>'
    if block["type"] == "divider":
        return "<hr>"
    if block["type"] == "rich_text":
        return f'<div class="rich">{"".join(map(_element, block["elements"]))}</div>'
    if block["type"] == "actions":
        return f'<div class="buttons">{"".join(map(_button, block["elements"]))}</div>'
    texts = block.get("elements") or [block.get("text", {})]
    return "".join(f'<div class="rich">{escape(str(one.get("text", "")))}</div>' for one in texts)


def _button(button: dict[str, Any]) -> str:
    label = escape(button.get("accessibility_label") or button["text"]["text"])
    return f'<a href="{escape(button["url"])}" aria-label="{label}">{escape(button["text"]["text"])}</a>'


def _element(element: dict[str, Any]) -> str:
    if element["type"] == "rich_text_list":
        return f"<ul>{''.join(f'<li>{_element(one)}</li>' for one in element['elements'])}</ul>"
    return "".join(map(_run, element["elements"]))


def _run(run: dict[str, Any]) -> str:
    shown = escape(run["text"])
    if run["type"] == "link":
        shown = f'<a href="{escape(run["url"])}">{shown}</a>'
    return f"<b>{shown}</b>" if run.get("style", {}).get("bold") else shown
