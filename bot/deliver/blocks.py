"""Slack's Block Kit: the few blocks used here, and how they are put into messages that Slack takes.

Source text stands only in `rich_text` and `plain_text`, where it is text and nothing else: no mention, no
link, no format can come of it. Limits are Slack's own, and lower where it was seen to refuse earlier.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.deliver.words import cut

Block = dict[str, Any]

MOST_BLOCKS = 45  # documented: 50
MOST_CHARACTERS = 9_000  # of the blocks as JSON; 11,341 of text were refused, 9,597 taken
MOST_TEXT = 3_900  # Slack asks for at most 4,000
LONGEST_HEADER = 150
LONGEST_RUN = 2_900  # documented for a section: 3,000


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackPart:
    """One message: `text` for screen readers and notifications, and the blocks that are seen."""

    text: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackPost:
    """A message in the channel with its thread. `review_id`: the one review it shows. `change`: the reply
    that says what changed, for a review whose earlier post is edited in place instead of posted anew."""

    text: str
    blocks: tuple[Block, ...]
    thread: tuple[SlackPart, ...] = ()
    review_id: int | None = None
    change: SlackPart | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A block, and the same said in plain text."""

    block: Block
    text: str = field(default="")


def escaped(text: str) -> str:
    """For a message's `text`, where `<!channel>` would call everybody: Slack's three characters, in order."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def header(text: str) -> Spoken:
    """A large title, cut between words at Slack's 150 characters."""
    shown = {"type": "plain_text", "text": cut(text, LONGEST_HEADER)[0], "emoji": False}
    return Spoken(block={"type": "header", "text": shown}, text=text)


def divider() -> Spoken:
    return Spoken(block={"type": "divider"})


def text(words: str, *, bold: bool = False) -> Block:
    """A run of text inside a paragraph."""
    run: Block = {"type": "text", "text": words}
    return run | {"style": {"bold": True}} if bold else run


def link(words: str, url: str, *, bold: bool = False) -> Block:
    """A link inside a paragraph; an address too long for Slack (3,000) is shown as text."""
    if len(url) > LONGEST_RUN:
        return text(words, bold=bold)
    run: Block = {"type": "link", "url": url, "text": words}
    return run | {"style": {"bold": True}} if bold else run


def paragraph(*runs: Block) -> Spoken:
    """Runs of text and links, as one paragraph."""
    said = "".join(
        f"{run['text']} ({run['url']})" if run["type"] == "link" else str(run["text"]) for run in runs
    )
    section = {"type": "rich_text_section", "elements": list(runs)}
    return Spoken(block={"type": "rich_text", "elements": [section]}, text=said)


def titled(title: str, words: str) -> list[Spoken]:
    """A bold title with prose below it, over several blocks where it is long."""
    pieces = list(_pieces(words))
    first = paragraph(text(f"{title}\n", bold=True), text(pieces[0]))
    return [first, *(paragraph(text(piece)) for piece in pieces[1:])]


def points(title: str, items: Sequence[str]) -> list[Spoken]:
    """A bold title with a bulleted list, over several blocks where it is long. Nothing for no items."""
    groups: list[list[str]] = []
    for item in (piece for whole in items for piece in _pieces(whole)):
        if not groups or sum(map(len, groups[-1])) + len(item) > LONGEST_RUN:
            groups.append([])
        groups[-1].append(item)
    made = []
    for number, group in enumerate(groups):
        elements: list[Block] = []
        if title and number == 0:
            elements.append({"type": "rich_text_section", "elements": [text(title, bold=True)]})
        bullets = [{"type": "rich_text_section", "elements": [text(item)]} for item in group]
        elements.append({"type": "rich_text_list", "style": "bullet", "elements": bullets})
        said = "\n".join(([title] if title and number == 0 else []) + [f"- {item}" for item in group])
        made.append(Spoken(block={"type": "rich_text", "elements": elements}, text=said))
    return made


def packed(spoken: Iterable[Spoken]) -> list[SlackPart]:
    """The blocks in as few messages as Slack's limits allow, none of them split."""
    parts: list[list[Spoken]] = []
    characters = heard = 0
    for one in spoken:
        size, length = len(json.dumps(one.block, ensure_ascii=False)) + 2, len(escaped(one.text)) + 2
        characters, heard = characters + size, heard + length
        if not parts or len(parts[-1]) == MOST_BLOCKS or characters > MOST_CHARACTERS or heard > MOST_TEXT:
            parts.append([])
            characters, heard = size, length
        parts[-1].append(one)
    return [SlackPart(text=escaped(_said(part)), blocks=tuple(one.block for one in part)) for part in parts]


def _said(part: Sequence[Spoken]) -> str:
    return "\n\n".join(one.text for one in part if one.text)


def _pieces(words: str) -> Iterable[str]:
    """Pieces that fit into a block, cut at the ends of sentences."""
    rest = words
    while len(rest) > LONGEST_RUN:
        piece = cut(rest, LONGEST_RUN)[0].removesuffix("…").rstrip()
        yield piece
        rest = rest[len(piece) :].lstrip()
    yield rest
