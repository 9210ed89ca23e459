"""The lines of one review parted at its headings: each part with the field that its heading opens."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.reading.grammar.dates import only_date, publication_line, published_in
from bot.reading.grammar.families import LISTS, Field, field_of, heading_words
from bot.reading.grammar.labels import lead_in, looks_like_terms
from bot.reading.lines import Line

_PLAIN = 9  # the level of a heading that no look tells from a paragraph
_BOLD = 7
_COUNTED = re.compile(
    r"^(?:recomm?endation|finding|learning point|lesson|action|point|theme|key learning|issue|"
    r"recommendation for \w+)s?\s*(?:no\.?\s*)?"
    r"(?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|[a-h])\b\s*[:.–—-]?\s*",
    re.IGNORECASE,
)


_ASKS_OR_TELLS = re.compile(
    r"(?:what|how|why|who|questions?|recommendations?|next steps|further (?:reading|information)|"
    r"(?:key |main )?(?:learning|findings|messages)|good practice|background|context)\b",
    re.IGNORECASE,
)
# What stands at the foot of a news item, whatever was said over it, and whatever its level.
_AFTER_THE_STORY = re.compile(
    r"(?:notes? (?:to|for) (?:the )?editors?|editors?['’]? notes?|media (?:contacts?|enquiries)|ends)\W*",
    re.IGNORECASE,
)
_OTHER_PAGES = re.compile(
    r"(?:more|related|latest|recent|other|you (?:may|might)|archive|news)\b", re.IGNORECASE
)


@dataclass(slots=True, kw_only=True)
class Chunk:
    """A heading and the lines under it. `name` None: none yet, or one of no family (`heading` given)."""

    name: Field | None = None
    heading: str = ""
    level: int = 0
    look: tuple[object, ...] = ()
    sub_look: tuple[object, ...] | None = None
    lines: list[Line] = field(default_factory=list)
    starts: set[int] = field(default_factory=set)  # where a counted point (`Recommendation 2`) begins
    subs: list[int] = field(default_factory=list)  # where the parts under sub-headings begin

    @property
    def has_points(self) -> bool:
        return any(line.kind == "point" for line in self.lines)

    def part_around(self, place: int) -> list[Line]:
        """The lines under the same sub-heading as the line at `place`; all of them before any sub-heading."""
        begin = max((at for at in self.subs if at <= place), default=None)
        if begin is None:
            return self.lines
        return self.lines[begin : min((at for at in self.subs if at > place), default=len(self.lines))]


def counted(text: str) -> tuple[str, str]:
    """`Finding 2: Nobody asked` taken apart into its count and the rest."""
    match = _COUNTED.match(text)
    return (match[0].strip(), text[match.end() :].strip()) if match else ("", text)


def chunks_of(lines: Sequence[Line]) -> list[Chunk]:
    """The lines parted at headings. Sub-headings within a field's part are left out of it."""
    chunks = [Chunk()]
    for place, line in enumerate(lines):
        after = lines[place + 1] if place + 1 < len(lines) else None
        here = chunks[-1]
        if here.name in LISTS and line.kind != "point" and _COUNTED.fullmatch(line.text):
            here.starts.add(len(here.lines))
            continue
        within = _opens_within(line, here)
        level = None if within else heading_level(line, after, here)
        if within:
            chunks.append(within)
        elif level is None:
            here.lines.append(line)
        elif (opened := _open(line, level, after, here)) is not None:
            chunks.append(opened)
        else:
            here.subs.append(len(here.lines))
    return chunks


def _opens_within(line: Line, here: Chunk) -> Chunk | None:
    """The part that a bold label in a list's paragraph opens: **What we have done:** a lead was named."""
    if here.name not in LISTS or line.kind != "text" or not line.lead or line.bold:
        return None
    rest = line.text[len(line.lead) :]
    known = field_of(line.lead)
    if not (line.lead + rest[:1]).rstrip().endswith(":") or known in (None, here.name) or known not in LISTS:
        return None
    label = line.lead.rstrip(" :")
    rest_line = replace(line, text=rest.lstrip(" :"), lead="")
    return Chunk(
        name=known, heading=label, level=_BOLD, look=("lead",), lines=[rest_line] if rest.strip() else []
    )


def heading_level(line: Line, after: Line | None, here: Chunk) -> int | None:
    """The level of a line that is a heading; None for one that is not."""
    if line.kind == "heading":
        return None if _dates_a_cover(line, here) else line.level
    if line.kind == "point":
        return _BOLD if _heads_a_list(line, after, here) else None
    if line.kind != "text" or line.links or line.words > 14 or (line.number and not line.bold):
        return None
    if re.search(r"[.;,!]$|[.!?;] \w", line.text) or published_in(line.text):
        return None
    if here.name == "questions" and line.text.endswith("?") and not line.bold:
        return None
    known = None if re.search(r"\w[–—]\w.*,", line.text) else field_of(line.text)
    if (
        known
        and known != "furniture"
        and (line.bold or line.text.endswith((":", "?")) or _stands_out(line, after))
    ):
        return _BOLD if line.bold else _PLAIN
    if (
        line.text.endswith(":")
        and after is not None
        and after.kind == "point"
        and line.words <= 12
        and here.name != "section"
        and lead_in(line.text)
    ):
        return _PLAIN
    if line.bold and after is not None and not looks_like_terms(line.text) and not line.text.endswith(":"):
        return _BOLD
    if (
        here.name in LISTS
        and line.words <= 7
        and line.text[:1].isupper()
        and after is not None
        and after.kind == "point"
    ):
        return _PLAIN if not line.text.endswith((":", "?")) else None
    return None


def _dates_a_cover(line: Line, here: Chunk) -> bool:
    """Whether a heading is a date: `Published 7 October 2026`; before the text, a month and year will do."""
    if publication_line(line.text):
        return True
    date = only_date(line.text)
    return date is not None and len(date) > 4 and here.name is None and not here.lines


def _heads_a_list(line: Line, after: Line | None, here: Chunk) -> bool:
    """Whether a bullet among sentences is the heading of those after it, its icon taken for a bullet."""
    if after is None or line.words > 7 or line.links or re.search(r"[.;,:]$", line.text):
        return False
    if not _ASKS_OR_TELLS.match(line.text) or field_of(line.text) in (None, here.name, "furniture"):
        return False
    return not here.lines or here.lines[-1].text.endswith((".", "?"))


def _stands_out(line: Line, after: Line | None) -> bool:
    """Whether a plain line of a known family is a heading: short, no sentence, and something follows."""
    return after is not None and line.words <= 6 and line.text[:1].isupper() and not after.linked


def _look(line: Line, level: int) -> tuple[object, ...]:
    return (line.kind, level, line.text.isupper(), line.bold, line.kind == "text" and line.text.endswith(":"))


def _open(line: Line, level: int, after: Line | None, here: Chunk) -> Chunk | None:
    """The chunk that a heading opens; None for a sub-heading, which opens none."""
    look = _look(line, level)
    if here.name == "furniture" and here.level < level < _BOLD and _OTHER_PAGES.match(here.heading):
        return None
    known = field_of(line.text) or (lead_in(line.text) if line.kind == "text" else None)
    listed = after is not None and after.kind == "point"
    within = here.name in LISTS or here.name in ("incident", "background", "summary")
    if (
        within
        and not _AFTER_THE_STORY.fullmatch(line.text)
        and _is_sub(look, level, known, here, listed=listed)
    ):
        here.sub_look = look
        return None
    if known == here.name and here.name in LISTS and level == _PLAIN and not here.lines:
        return None
    label = heading_words(line.text) if known in ("section", None) else line.text.strip()
    return Chunk(name=known, heading=label, level=level, look=look)


def _is_sub(look: tuple[object, ...], level: int, known: Field | None, here: Chunk, *, listed: bool) -> bool:
    switches = known in LISTS or known in ("incident", "background", "furniture", "links")
    if (
        known is not None
        and (switches or here.sub_look != look)
        and not (known == "section" and level > here.level)
    ):
        return False
    if level > here.level and here.level and look != here.look:
        return True
    if here.name not in LISTS:
        return False
    if here.sub_look == look or not here.lines:
        return True
    return listed and not here.has_points and look != here.look
