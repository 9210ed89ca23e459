"""What Slack refuses in a message: its documented kinds of block, their lengths, and the message's size."""

from __future__ import annotations

from typing import Any

MOST_BLOCKS = 50
MOST_CHARACTERS = 11_000  # not documented; 11,341 were seen refused, 9,597 taken
LONGEST_TEXT = 40_000
RICH_KINDS = ("rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted")


def fault_in(given: dict[str, Any]) -> str | None:
    """Slack's code for what is wrong with a message, or None."""
    text, blocks = given.get("text") or "", given.get("blocks") or []
    if not text and not blocks:
        return "no_text"
    if len(str(text)) > LONGEST_TEXT:
        return "msg_too_long"
    if not isinstance(blocks, list) or len(blocks) > MOST_BLOCKS:
        return "invalid_blocks"
    if not all(isinstance(block, dict) and _right(block) for block in blocks):
        return "invalid_blocks"
    if sum(map(_characters, blocks)) > MOST_CHARACTERS:
        return "msg_blocks_too_long"
    return None


def _right(block: dict[str, Any]) -> bool:
    kind = block.get("type")
    if len(str(block.get("block_id", ""))) > 255:
        return False
    if kind == "header":
        return _text(block.get("text"), 150, kinds=("plain_text",))
    if kind == "section":
        fields = block.get("fields", [])
        return (bool(fields) or _text(block.get("text"), 3000)) and all(
            _text(one, 2000) for one in fields[:11]
        )
    if kind == "context":
        elements = block.get("elements", [])
        return 1 <= len(elements) <= 10 and all(_text(one, 3000) for one in elements)
    if kind == "rich_text":
        elements = block.get("elements", [])
        return bool(elements) and all(_rich(one) for one in elements)
    return kind == "divider"


def _text(given: Any, longest: int, kinds: tuple[str, ...] = ("plain_text", "mrkdwn")) -> bool:
    return (
        isinstance(given, dict)
        and given.get("type") in kinds
        and 1 <= len(str(given.get("text", ""))) <= longest
    )


def _rich(element: dict[str, Any]) -> bool:
    kind, inner = element.get("type"), element.get("elements", [])
    if kind not in RICH_KINDS or not inner:
        return False
    if kind == "rich_text_list":
        return element.get("style") in ("bullet", "ordered") and all(_rich(one) for one in inner)
    return all(_run(one) for one in inner)


def _run(run: dict[str, Any]) -> bool:
    if run.get("type") == "link":
        return bool(run.get("url")) and len(run["url"]) <= 3000
    return run.get("type") == "text" and bool(run.get("text"))


def _characters(found: Any) -> int:
    if isinstance(found, dict):
        own = sum(len(str(found[name])) for name in ("text", "url") if isinstance(found.get(name), str))
        return own + sum(_characters(value) for value in found.values() if isinstance(value, dict | list))
    return sum(map(_characters, found)) if isinstance(found, list) else 0
