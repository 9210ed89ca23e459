"""An administrator's own themes: joined with those that ship, as new ones or as additions to them.

An own theme is an entry as vocabulary.yaml has it (`id`, `name`, `strong`, `weak`, `not`, `ages`), and may
`mute` phrases: those of the shipped theme of that id, as they are written there, count no more. Whatever else
it says is added to the shipped theme, or stands in place of what that says (`name`, `ages`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from bot.themes.finding import EVERYWHERE
from bot.themes.phrases import Element, compile_phrase
from bot.themes.vocabulary import STRENGTHS, Vocabulary, entries_of, parse_vocabulary, phrases_in

LONGEST = 200  # characters of a phrase
_BRACKET = re.compile(r"\([^()]*\)")
GROUP = "Own themes"


def extended(
    shipped: Vocabulary, own: Sequence[Mapping[str, object]], *, checked: bool = False
) -> Vocabulary:
    """The shipped themes, then an administrator's own. `checked` and ValueError: as of parse_vocabulary."""
    if not own:
        return shipped
    entries = entries_of(shipped.written)
    for entry in own:
        id = str(entry["id"])
        entries[id] = _joined(entries.get(id, {"group": GROUP}), entry)
    return parse_vocabulary({**shipped.written, "themes": list(entries.values())}, checked=checked)


def _joined(shipped: Mapping[str, object], own: Mapping[str, object]) -> dict[str, object]:
    listed = own.get("mute", ())
    muted = {plainly(str(text)) for text in listed} if isinstance(listed, Iterable) else set()
    joined = {**shipped, **{key: value for key, value in own.items() if key != "mute"}}
    for strength in STRENGTHS:
        kept = [written for text, written in phrases_in(shipped, strength) if plainly(text) not in muted]
        joined[strength] = [*kept, *(written for _, written in phrases_in(own, strength))]
    return joined


def phrases_of(shipped: Vocabulary, id: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What can be muted of a shipped theme: phrases that find it, and phrases that do not mean it."""
    entry = entries_of(shipped.written)[id]
    found = {strength: [plainly(text) for text, _ in phrases_in(entry, strength)] for strength in STRENGTHS}
    return (*found["strong"], *found["weak"]), tuple(found["not"])


def plainly(phrase: str) -> str:
    """A phrase with its spaces folded, to be compared with another."""
    return " ".join(phrase.split())


def check_phrase(text: str, sets: Mapping[str, Element]) -> None:
    """Raises ValueError: what is wrong with the phrase, and what would be right."""
    if len(text) > LONGEST:
        raise ValueError(f"is longer than {LONGEST} characters; write two phrases")
    if "*" in text:
        raise ValueError("has a star in it, and needs none: `hoard` finds hoarded and hoarding by itself")
    for _ in compile_phrase(text, sets, f"`{text}`"):
        pass
    if "|" in _BRACKET.sub("", text):
        raise ValueError("has a '|' outside brackets; write `(sea|river)`")
    if EVERYWHERE.issuperset(re.findall(r"\w+", text.lower())):
        raise ValueError("has only words that nearly every review has; add one that tells")
