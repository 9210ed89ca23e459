"""Recognising a review: new, revised, mended, the same, missing or withdrawn, across polls and sources.

Titles alone do not tell reviews apart ("Child A" is on a hundred pages, and fuzzy scores take "Child A" for
"Child B"), so a review is the same as a known one only when the names in its title agree, its place and year
do not disagree, and something else confirms it: the same page, the same document, or the same story.
Order and position on a page never matter, nor does any number that a feed gives its items. What a person has
joined stays joined, and what a person has split is never put together again.

    recognise  a page's entries against what is known
    sameness   whether two records are one review
    absence    what a page no longer has
    parting    which words are whose after a join or a split
"""

from bot.identity.absence import GONE_AFTER, GONE_FOR, left_page, on_page, still_absent
from bot.identity.parting import handles_of, joined_record, parted
from bot.identity.recognise import recognise

__all__ = [
    "GONE_AFTER",
    "GONE_FOR",
    "handles_of",
    "joined_record",
    "left_page",
    "on_page",
    "parted",
    "recognise",
    "still_absent",
]
