"""How long Slack finds a text, and texts made to fit: no word cut in half, no sign that a reader sees as one.

Lengths are counted in the way that makes the most of them: escaped, and in UTF-16 (an emoji is two).
"""

from __future__ import annotations

import re
import unicodedata

from bot.deliver.words import cut

MOST_MARKS = 20  # on one letter
LONGEST_SIGN = 80  # characters that can be one sign to a reader, an emoji of several; what is longer is cut

# What would format text (an underscore only at a word's edge), and a sign that looks alike and does not. A
# post also has a switch for this (`mrkdwn`), but an edit has none.
FORMATTING = {"*": "\u2217", "_": "\u02cd", "~": "\u223c", "`": "'"}
ENCODED = {"*": "%2A", "_": "%5F", "~": "%7E", "`": "%60"}  # the same in an address
FORMATS = re.compile(r"[*~`]|(?<![^\W_])_|_(?![^\W_])")
ZWJ = "\u200d"


def escaped(text: str) -> str:
    """For a message's `text`, where `<!channel>` would call everybody: Slack's three characters, in order,
    and nothing that formats."""
    plain = FORMATS.sub(lambda found: FORMATTING[found[0]], text)
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def address_aloud(url: str) -> str:
    """The same address with nothing that `escaped` would have to change."""
    return FORMATS.sub(lambda found: ENCODED[found[0]], url)


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
