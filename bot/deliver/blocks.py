"""Slack's Block Kit: the few blocks used here, and how they are put into messages that Slack takes.

Source text stands only in `rich_text` and `plain_text`, where it is text and nothing else: no mention, no
link, no format can come of it. Limits are Slack's own, and lower where it was seen to refuse earlier. Lengths
are counted in the way that makes the most of them: escaped, and in UTF-16 (an emoji is two).
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.deliver.words import cut

Block = dict[str, Any]

MOST_BLOCKS = 45  # documented: 50
MOST_CHARACTERS = 9_000  # of the blocks as JSON; 11,341 of text were refused, 9,597 taken
MOST_TEXT = 3_900  # Slack asks for at most 4,000
LONGEST_HEADER = 150
LONGEST_RUN = 2_900  # documented for a section: 3,000
MOST_RUNS = 40  # in a block; as JSON, each is longer than its words
LONGEST_LINKED = 900  # the words of a link, which stand beside its address
MOST_MARKS = 20  # on one letter
LONGEST_SIGN = 80  # characters that can be one sign to a reader, an emoji of several; what is longer is cut

# What would format text (an underscore only at a word's edge), and a sign that looks alike and does not. A
# post also has a switch for this (`mrkdwn`), but an edit has none.
FORMATTING = {"*": "\u2217", "_": "\u02cd", "~": "\u223c", "`": "'"}
FORMATS = re.compile(r"[*~`]|(?<![^\W_])_|_(?![^\W_])")
ZWJ = "\u200d"


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
    """A block, and the same said in plain text."""

    block: Block
    text: str = field(default="")


def escaped(text: str) -> str:
    """For a message's `text`, where `<!channel>` would call everybody: Slack's three characters, in order,
    and nothing that formats."""
    plain = FORMATS.sub(lambda found: FORMATTING[found[0]], text)
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def counted(text: str) -> int:
    """How long Slack may find a text."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2 + sum(
        text.count(sign) * more for sign, more in (("&", 4), ("<", 3), (">", 3))
    )


def unstacked(words: str) -> str:
    """The words without what goes on after MOST_MARKS combining marks in a row: no writing has so many on one
    letter, and they would be drawn over the messages above and below."""
    if words.isascii():
        return words
    kept: list[str] = []
    marks = 0
    for sign in words:
        marks = marks + 1 if unicodedata.category(sign).startswith("M") else 0
        if marks <= MOST_MARKS:
            kept.append(sign)
    return "".join(kept)


def fitted(words: str, limit: int) -> str:
    """The words, cut so that Slack counts at most `limit`: at the end of a sentence, else between two words,
    and never inside what is one sign to a reader."""
    length = limit
    while counted(kept := _cut(words, length)) > limit:
        length = max(1, min(length - 1, length * limit // counted(kept)))
    return kept


def _cut(words: str, length: int) -> str:
    kept, more = cut(words, length)
    whole = kept.removesuffix("…")
    if not more or not words.startswith(whole):
        return kept
    end = len(whole)
    while 0 < end < len(words) and _joined(words, end):
        end -= 1
    endless = end == 0 and len(whole) > LONGEST_SIGN
    return kept if endless or end == len(whole) else f"{words[:end].rstrip()}…"


def _joined(words: str, place: int) -> bool:
    """Whether the signs on both sides of this place are one to a reader: an accent, an emoji of several."""
    before, after = words[place - 1], words[place]
    flags = "\U0001f1e6" <= before <= "\U0001f1ff" and "\U0001f1e6" <= after <= "\U0001f1ff"
    tone = "\U0001f3fb" <= after <= "\U0001f3ff"
    joiner = after == ZWJ or (before == ZWJ and not after.isspace())
    return flags or tone or joiner or unicodedata.category(after).startswith("M")


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
    """A link inside a paragraph; an address too long for Slack (3,000) is shown as text."""
    words = fitted(unstacked(words), LONGEST_LINKED)
    if counted(url) + counted(words) > LONGEST_RUN:
        return text(words, bold=bold)
    run: Block = {"type": "link", "url": url, "text": words}
    return run | {"style": {"bold": True}} if bold else run


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
    return f"{run['text']} ({run['url']})" if run["type"] == "link" else str(run["text"])


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


def packed(spoken: Iterable[Spoken]) -> list[SlackPart]:
    """The blocks in as few messages as Slack's limits allow, none of them split."""
    parts: list[list[Spoken]] = []
    characters = heard = 0
    for one in spoken:
        size = counted(json.dumps(one.block, ensure_ascii=False)) + 2
        length = counted(one.text) + 2
        characters, heard = characters + size, heard + length
        if not parts or len(parts[-1]) == MOST_BLOCKS or characters > MOST_CHARACTERS or heard > MOST_TEXT:
            parts.append([])
            characters, heard = size, length
        parts[-1].append(one)
    return [SlackPart(text=escaped(_said(part)), blocks=tuple(one.block for one in part)) for part in parts]


def _said(part: Sequence[Spoken]) -> str:
    return "\n\n".join(one.text for one in part if one.text)


def _pieces(words: str) -> Iterator[str]:
    """Pieces that fit into a block, cut at the ends of sentences or between words, with nothing left out."""
    rest = words
    while counted(rest) > LONGEST_RUN:
        piece = fitted(rest, LONGEST_RUN)
        if not rest.startswith(piece):
            piece = piece.removesuffix("…")
        piece = piece.rstrip() or rest[:1]
        yield piece
        rest = rest[len(piece) :].lstrip(" ")
    if rest:
        yield rest
