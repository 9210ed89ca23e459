"""What Slack refuses in a message: its documented kinds of block, their parts and lengths, and its size.

The limits are those of https://docs.slack.dev/reference/block-kit, where not said otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

MOST_BLOCKS = 50
MOST_CHARACTERS = 11_000  # not documented; 11,341 were seen refused, 9,597 taken
LONGEST_TEXT = 40_000
LONGEST_ID = 255
RICH_KINDS = ("rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted")
STYLES = ("bold", "italic", "strike", "code")
Check = Callable[[Any], bool]


def fault_in(given: dict[str, Any]) -> str | None:
    """Slack's code for what is wrong with a message, or None."""
    text, blocks = given.get("text") or "", given.get("blocks") or []
    if not text and not blocks:
        return "no_text"
    if len(str(text)) > LONGEST_TEXT:
        return "msg_too_long"
    if not isinstance(blocks, list):
        return "invalid_blocks_format"
    if len(blocks) > MOST_BLOCKS or not all(map(_block, blocks)) or not _unlike(blocks, "block_id"):
        return "invalid_blocks"
    if sum(map(_characters, blocks)) > MOST_CHARACTERS:
        return "msg_blocks_too_long"
    return None


def _words(longest: int) -> Check:
    return lambda given: isinstance(given, str) and 1 <= len(given) <= longest


def _one_of(*values: Any) -> Check:
    return lambda given: given in values


def _list(each: Check, most: int = 10_000) -> Check:
    return lambda given: isinstance(given, list) and 1 <= len(given) <= most and all(map(each, given))


def _object(needed: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """An object with what it needs and nothing that is not known."""
    known = {**needed, **(optional or {})}

    def right(given: Any) -> bool:
        return (
            isinstance(given, dict)
            and needed.keys() <= given.keys() <= known.keys()
            and all(known[name](value) for name, value in given.items())
        )

    return right


def _any_of(*choices: Check) -> Check:
    return lambda given: any(choice(given) for choice in choices)


def _unlike(made: list[dict[str, Any]], name: str) -> bool:
    """Whether no two have the same id."""
    ids = [one[name] for one in made if name in one]
    return len(ids) == len(set(ids))


def _address(given: Any) -> bool:
    return _words(3000)(given) and bool(urlsplit(given).scheme)


def _rich(given: Any) -> bool:
    """An element of rich text: runs, or a list of sections."""
    kind = given.get("type") if isinstance(given, dict) else None
    if kind == "rich_text_list":
        return LIST(given)
    return kind in RICH_KINDS and SECTION_OF_RUNS(given)


def _actions(given: Any) -> bool:
    return ACTIONS(given) and _unlike(given["elements"], "action_id")


def _block(given: Any) -> bool:
    kind = given.get("type") if isinstance(given, dict) else None
    return kind in BLOCKS and BLOCKS[kind](given)


def _plain(longest: int) -> Check:
    words = {"type": _one_of("plain_text"), "text": _words(longest)}
    return _object(words, {"emoji": _one_of(True, False)})


def _text(longest: int) -> Check:
    marked = _object({"type": _one_of("mrkdwn"), "text": _words(longest)}, {"verbatim": _one_of(True, False)})
    return _any_of(_plain(longest), marked)


ID = {"block_id": _words(LONGEST_ID)}
STYLE = {"style": _object({}, dict.fromkeys(STYLES, _one_of(True, False)))}
RUN = _any_of(
    _object({"type": _one_of("text"), "text": _words(MOST_CHARACTERS)}, STYLE),
    _object({"type": _one_of("link"), "url": _address}, {"text": _words(MOST_CHARACTERS), **STYLE}),
)
SECTION_OF_RUNS = _object({"type": _one_of(*RICH_KINDS), "elements": _list(RUN)})
LIST = _object(
    {
        "type": _one_of("rich_text_list"),
        "style": _one_of("bullet", "ordered"),
        "elements": _list(SECTION_OF_RUNS),
    }
)
BUTTON = _object(
    {"type": _one_of("button"), "text": _plain(75)},
    {
        "action_id": _words(LONGEST_ID),
        "url": _address,
        "value": _words(2000),
        "style": _one_of("primary", "danger"),
        "accessibility_label": _words(75),
    },
)
ACTIONS = _object({"type": _one_of("actions"), "elements": _list(BUTTON, 25)}, ID)
BLOCKS: dict[str, Check] = {
    "header": _object({"type": _one_of("header"), "text": _plain(150)}, ID),
    "section": _object(
        {"type": _one_of("section")},
        {"text": _text(3000), "fields": _list(_text(2000), 10), "accessory": BUTTON, **ID},
    ),
    "context": _object({"type": _one_of("context"), "elements": _list(_text(3000), 10)}, ID),
    "rich_text": _object({"type": _one_of("rich_text"), "elements": _list(_rich)}, ID),
    "divider": _object({"type": _one_of("divider")}, ID),
    "actions": _actions,
}


def _characters(found: Any) -> int:
    if isinstance(found, dict):
        own = sum(len(str(found[name])) for name in ("text", "url") if isinstance(found.get(name), str))
        return own + sum(_characters(value) for value in found.values() if isinstance(value, dict | list))
    return sum(map(_characters, found)) if isinstance(found, list) else 0
