"""Slack's Block Kit: the few kinds of block that are used here.

Source text stands only in `rich_text` and `plain_text`, where it is text and nothing else: no mention, no
link, no format can come of it. Limits are Slack's own, and lower where it was seen to refuse earlier.
No block has a `block_id`: Slack then makes one, and a new one where a message is edited, as it asks for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.deliver.block_kit.lengths import address_aloud, counted, fitted, unstacked

Block = dict[str, Any]

LONGEST_HEADER = 150
LONGEST_RUN = 2_900  # documented for a section: 3,000
MOST_RUNS = 40  # in a block; as JSON, each is longer than its words
HARD_PIECE = LONGEST_RUN // 5  # no sign counts as more than five
LONGEST_LINKED = 900  # the words of a link, which stand beside its address
LONGEST_BUTTON = 75  # the words on it, and those that are read aloud in their place
LONGEST_ADDRESS = 3_000  # of a button
# An address that a button takes: a host as it is written everywhere, no name or password before it.
PLAIN_ADDRESS = re.compile(
    r"https?://[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+(?::\d{1,5})?(?:[/?#]|$)",
    re.IGNORECASE | re.ASCII,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackPart:
    """One message: `text` for screen readers and notifications, and the blocks that are seen."""

    text: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackPost:
    """A message in the channel with its thread. `review_id`: the one review it shows.

    For a review that was changed or withdrawn: `changes`, the replies that say so where its earlier post is
    edited in place; `anew`, the message where that cannot be edited, which says that it replaces one."""

    text: str
    blocks: tuple[Block, ...]
    thread: tuple[SlackPart, ...] = ()
    review_id: int | None = None
    changes: tuple[SlackPart, ...] = ()
    anew: SlackPart | None = None
    withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A block, and the same said in plain text. `joined`: it belongs to the block before it, and stands in
    the same message."""

    block: Block
    text: str = field(default="")
    joined: bool = False


def header(text: str) -> Spoken:
    """A large title, cut between words at Slack's 150 characters."""
    shown = fitted(unstacked(text), LONGEST_HEADER)
    plain = {"type": "plain_text", "text": shown, "emoji": False}
    return Spoken(block={"type": "header", "text": plain}, text=shown)


def divider() -> Spoken:
    return Spoken(block={"type": "divider"})


def text(words: str, *, bold: bool = False) -> Block:
    """A run of text inside a paragraph."""
    run: Block = {"type": "text", "text": unstacked(words)}
    return run | {"style": {"bold": True}} if bold else run


def link(words: str, url: str, *, bold: bool = False) -> Block:
    """A link inside a paragraph, with its address where it has no words; an address too long for Slack
    (3,000) is shown as text."""
    words = fitted(unstacked(words.strip() or url), LONGEST_LINKED)
    if counted(address_aloud(url)) + counted(words) > LONGEST_RUN:
        return text(words, bold=bold)
    run: Block = {"type": "link", "url": url, "text": words}
    return run | {"style": {"bold": True}} if bold else run


def button(words: str, url: str, *, heard: str, action: str) -> Block | None:
    """A button that opens a page. `heard`: what is read aloud in place of its words, which names what it
    opens; `action`: another one for each button of a block. None for an address that no button takes: a text
    link can have it."""
    if counted(address_aloud(url)) > LONGEST_ADDRESS or not PLAIN_ADDRESS.match(url):
        return None
    shown = fitted(unstacked(words), LONGEST_BUTTON)
    return {
        "type": "button",
        "action_id": action,
        "text": {"type": "plain_text", "text": shown, "emoji": False},
        "url": url,
        "accessibility_label": fitted(unstacked(heard), LONGEST_BUTTON),
    }


def buttons(made: Iterable[Block]) -> Iterator[Spoken]:
    """Buttons in a row, joined to the block before them; several rows where their addresses are long."""
    held: list[Block] = []
    size = 0
    for one in made:
        length = counted(json.dumps(one, ensure_ascii=False)) + 2
        if held and size + length > LONGEST_RUN + 500:
            yield _row(held)
            held, size = [], 0
        held.append(one)
        size += length
    if held:
        yield _row(held)


def _row(made: list[Block]) -> Spoken:
    said = (f"{one['accessibility_label']} ({address_aloud(one['url'])})" for one in made)
    return Spoken(block={"type": "actions", "elements": made}, text="\n".join(said), joined=True)


def paragraph(*runs: Block) -> Iterator[Spoken]:
    """Runs of text and links as one paragraph, or over several blocks where they are long."""
    held: list[Block] = []
    size = 0
    for run in (piece for whole in runs for piece in _parts_of(whole)):
        length = counted(_said_of(run)) + 3
        if held and (size + length > LONGEST_RUN + 100 or len(held) == MOST_RUNS):
            yield _section(held)
            held, size = [], 0
        if not held and run["text"] == "\n":
            continue
        held.append(run)
        size += length
    if held:
        yield _section(held)


def _section(runs: list[Block]) -> Spoken:
    section = {"type": "rich_text_section", "elements": runs}
    return Spoken(block={"type": "rich_text", "elements": [section]}, text="".join(map(_said_of, runs)))


def _said_of(run: Block) -> str:
    return f"{run['text']} ({address_aloud(run['url'])})" if run["type"] == "link" else str(run["text"])


def _parts_of(run: Block) -> Iterator[Block]:
    if run["type"] == "link":
        yield run
    else:
        yield from (run | {"text": piece} for piece in _pieces(run["text"]))


def titled(title: str, words: str) -> Iterator[Spoken]:
    """A bold title with prose below it, over several blocks where it is long."""
    return paragraph(text(f"{title}\n", bold=True), text(words))


def points(title: str, items: Sequence[str]) -> list[Spoken]:
    """A bold title with a bulleted list, over several blocks where it is long. Nothing for no items."""
    made: list[Spoken] = []
    if counted(title) > LONGEST_HEADER * 2:
        made, title = list(paragraph(text(title, bold=True))), ""
    groups: list[list[str]] = []
    for item in (piece for whole in items for piece in _pieces(unstacked(whole))):
        if not groups or len(groups[-1]) == MOST_RUNS or _length([*groups[-1], item]) > LONGEST_RUN + 100:
            groups.append([])
        groups[-1].append(item)
    for number, group in enumerate(groups):
        made.append(_bullets("" if number else title, group))
    return made if groups else []


def _length(items: Sequence[str]) -> int:
    return sum(counted(item) + 3 for item in items)


def _bullets(title: str, items: Sequence[str]) -> Spoken:
    elements: list[Block] = []
    if title:
        elements.append({"type": "rich_text_section", "elements": [text(title, bold=True)]})
    bullets = [{"type": "rich_text_section", "elements": [text(item)]} for item in items]
    elements.append({"type": "rich_text_list", "style": "bullet", "elements": bullets})
    said = "\n".join(([title] if title else []) + [f"- {item}" for item in items])
    return Spoken(block={"type": "rich_text", "elements": elements}, text=said)


def _pieces(words: str) -> Iterator[str]:
    """Pieces that fit into a block, cut at the ends of sentences or between words, with nothing left out."""
    rest = words
    while counted(rest) > LONGEST_RUN:
        piece = fitted(rest, LONGEST_RUN)
        if not rest.startswith(piece):
            piece = piece.removesuffix("…")
        piece = piece.rstrip() or rest[:HARD_PIECE]  # commas or dashes, which are left out at an end
        yield piece
        rest = rest[len(piece) :].lstrip(" ")
    if rest:
        yield rest
