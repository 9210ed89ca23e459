"""What can be said of a page before it is a source, and what to write into sources.yaml for it.

entry   the entry itself, and the comment above it
gaps    what most of its reviews lack, and which setting may help
pace    how often it seems to change, by the dates of its reviews
feeds   the feeds that a page names
"""

from bot.proposing.entry import comment, propose, wants_following
from bot.proposing.feeds import feeds_named
from bot.proposing.gaps import Gap, gaps, wants_place
from bot.proposing.pace import every, pace

__all__ = [
    "Gap",
    "comment",
    "every",
    "feeds_named",
    "gaps",
    "pace",
    "propose",
    "wants_following",
    "wants_place",
]
