"""How blocks are put into messages that Slack takes: none is split or left out, and what belongs together
stays together."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from itertools import accumulate

from bot.deliver.block_kit.blocks import Block, SlackPart, Spoken
from bot.deliver.block_kit.lengths import counted, escaped

MOST_BLOCKS = 45  # documented: 50
MOST_CHARACTERS = 9_000  # of the blocks as JSON; 11,341 of text were refused, 9,597 taken
MOST_TEXT = 3_900  # Slack asks for at most 4,000
Size = tuple[int, int, int]  # blocks, characters, characters to be read aloud
NOTHING: Size = (0, 0, 0)


def packed(spoken: Iterable[Spoken]) -> list[SlackPart]:
    """The blocks in as few messages as Slack's limits allow. What is joined to the block before it stands in
    its message, unless both together are more than any message holds."""
    parts: list[list[Spoken]] = []
    held = NOTHING
    for group in _groups(spoken):
        size = _size(group)
        if parts and _fits(both := _sum(held, size)):
            parts[-1] += group
            held = both
        elif _fits(size):
            parts.append(list(group))
            held = size
        else:
            parts += [[one] for one in group]
            held = _size(group[-1:])
    return [SlackPart(text=escaped(_said(part)), blocks=_blocks(part)) for part in parts]


def opened(
    head: Sequence[Spoken],
    groups: Sequence[Sequence[Spoken]],
    tail: Callable[[int], Sequence[Spoken]],
) -> tuple[list[SlackPart], list[SlackPart]]:
    """A message that begins with `head`, has as many of the groups as fit, and ends with a `tail` that is
    told how many did not; and the messages of those that did not. Its own text is for the caller to make.
    Where head and tail alone are more than one message holds, the first list has all of theirs."""
    sizes = [_size(head), *(_size(group) for group in groups)]
    most = sum(_fits(size, aloud=False) for size in accumulate(sizes, _sum)) - 1
    for shown in range(most, -1, -1):
        end = tail(len(groups) - shown)
        if _fits(reduce(_sum, sizes[: shown + 1], _size(end)), aloud=False):
            first = [*head, *_flat(groups[:shown]), *end]
            return [SlackPart(text="", blocks=_blocks(first))], packed(_flat(groups[shown:]))
    return packed([*head, *tail(len(groups))]), packed(_flat(groups))


def _groups(spoken: Iterable[Spoken]) -> Iterable[list[Spoken]]:
    group: list[Spoken] = []
    for one in spoken:
        if group and not one.joined:
            yield group
            group = []
        group.append(one)
    if group:
        yield group


def _size(spoken: Sequence[Spoken]) -> Size:
    return (
        len(spoken),
        sum(counted(json.dumps(one.block, ensure_ascii=False)) + 2 for one in spoken),
        sum(counted(one.text) + 2 for one in spoken),
    )


def _sum(one: Size, other: Size) -> Size:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]


def _fits(size: Size, *, aloud: bool = True) -> bool:
    """`aloud`: what its blocks say is its text, and must fit too."""
    blocks, characters, heard = size
    return blocks <= MOST_BLOCKS and characters <= MOST_CHARACTERS and (not aloud or heard <= MOST_TEXT)


def _said(part: Sequence[Spoken]) -> str:
    return "\n\n".join(one.text for one in part if one.text)


def _flat(groups: Iterable[Sequence[Spoken]]) -> list[Spoken]:
    return [one for group in groups for one in group]


def _blocks(spoken: Sequence[Spoken]) -> tuple[Block, ...]:
    return tuple(one.block for one in spoken)
