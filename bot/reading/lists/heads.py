"""How the headings of a list's entries are told: by their look, their words, and what stands under them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.models import ReviewType
from bot.reading.facts import incident_date
from bot.reading.facts.ages import ages_of
from bot.reading.grammar.dates import only_date
from bot.reading.grammar.families import LISTS, field_of
from bot.reading.grammar.labels import labelled
from bot.reading.grammar.narrative import for_help, tells
from bot.reading.grammar.titles import Heading, split_heading, split_line
from bot.reading.grammar.types import is_quoted_name, kind_named, names_a_case, review_type
from bot.reading.lines import Line
from bot.reading.lists.items import GENERIC, case_of, is_companion_line
from bot.reading.lists.roles import attributes_of
from bot.reading.records.reviews import is_no_review

Look = tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heads:
    """How the headings of a list's entries are told. `flat`: its labels look like its headings; `openings`:
    what stands under several of them, by which a heading of no review is known for an entry."""

    look: Look
    flat: bool
    openings: frozenset[str]

    @classmethod
    def of(cls, lines: Sequence[Line], look: Look) -> Heads:
        flat = sum(look_of(line) == look and _is_label(line) for line in lines) >= 2
        under: Counter[str] = Counter()
        for place, line in enumerate(lines):
            if look_of(line) == look and is_head(line):
                under.update(
                    {other.text.casefold() for other in lines[place + 1 : place + 3] if _is_label(other)}
                )
        return cls(
            look=look, flat=flat, openings=frozenset(text for text, count in under.items() if count >= 2)
        )

    def begins(self, lines: Sequence[Line], place: int, before: Line | None, *, dated: bool = False) -> bool:
        """Whether an entry begins with this line. `before`: the heading of the entry that is open, if any;
        `dated`: that entry's date stood before its heading."""
        line = lines[place]
        if look_of(line) != self.look and before is not None and _names_another(lines, place, before):
            return True
        if look_of(line) != self.look:
            return False
        if line.kind == "heading" and _kind_under(lines, place):
            return True
        if _is_label(line):
            return False
        if self.look[0] == "linked":
            named = _is_linked_head(line) or (line.linked and _list_under(lines, place))
            return named and (before is None or not case_of(line.text) & case_of(before.text))
        if is_head(line) or (self.look[0] == "heading" and not self.flat):
            return True
        if any(other.text.casefold() in self.openings for other in lines[place + 1 : place + 3]):
            return True
        own_card = before is not None and before.group != 0 and line.group not in (0, before.group)
        own_card = own_card or (dated and only_date(lines[place - 1].text) is not None)
        own_card = own_card or (is_bare_name(line) and story_under(lines, place))
        return self.look[0] == "bold" and own_card and field_of(line.text) is None

    def ends(self, line: Line) -> bool:
        """Whether a heading over entries, or of what is no entry, ends the one before."""
        if self.look[0] == "linked" and line.linked and line.kind != "heading":
            return not (is_companion_line(line.text) or GENERIC.fullmatch(line.text))
        if field_of(line.text) == "furniture" and (line.kind == "heading" or line.bold):
            return True
        if line.kind != "heading":
            return False
        return (
            line.level < self.look[1]
            if self.look[0] == "heading"
            else not _is_label(line) and not is_head(line)
        )


def _is_label(line: Line) -> bool:
    """Whether a heading opens a part of an entry, and is of no review itself."""
    if line.kind not in ("heading", "text") or line.words > 8 or (line.kind == "heading" and line.linked):
        return False
    return field_of(line.text) not in (None, "furniture") and kind_named(line.text) is None


def look_of(line: Line) -> Look:
    if line.kind == "heading":
        return line.kind, line.level
    return ("bold" if line.bold else "linked" if line.linked else line.kind), 0


def is_head(line: Line) -> bool:
    """Whether a line is the heading of one review."""
    if line.kind == "row" or line.words > 24 or line.text.endswith((".", ";", ",")) or for_help(line.text):
        return False
    if line.kind in ("text", "point") and ((line.linked and not line.bold) or labelled(line.text, line.lead)):
        return False
    return _names_review(split_heading(line.text), line)


def _names_another(lines: Sequence[Line], place: int, before: Line) -> bool:
    """Whether a heading of another look names another case and has labelled parts of its own: its editor
    gave it the wrong style."""
    line = lines[place]
    if line.kind != "heading" and not line.bold:
        return False
    ours, its = case_of(before.text), case_of(line.text)
    if not its or ours & its:
        return False
    parts = [labelled(other.text, other.lead) for other in lines[place + 1 : place + 5]]
    return is_head(line) and _has_summary(lines, place) and any(part is not None for part in parts)


def _kind_under(lines: Sequence[Line], place: int) -> bool:
    """Whether the lines right under a heading say what kind of review it is over, its date perhaps before:
    `Published: 14 June 2022`, `Serious Case Review`."""
    if is_no_review(lines[place].text):
        return False
    for line in lines[place + 1 : place + 3]:
        said = attributes_of(line)
        if said is None or said.kind:
            return said is not None
    return False


def _is_linked_head(line: Line) -> bool:
    """Whether a line that is a link names one review."""
    if not line.linked or line.bold or line.kind == "heading" or line.words > 24:
        return False
    title = split_line(line.text).title
    return not is_no_review(title) and (
        names_a_case(title)
        or is_quoted_name(title)
        or (review_type(title) not in (None, "thematic") and len(title.split()) > 3)
    )


def is_bare_name(line: Line) -> bool:
    """Whether a heading could be no more than the name that a review gives its child: `Arthur and Star`."""
    if line.kind not in ("heading", "text") or (line.kind == "text" and not line.bold) or line.words > 5:
        return False
    words = re.findall(r"[^\W\d_][\w’'-]*", line.text)
    named = all(word[0].isupper() for word in words if word not in ("and", "or"))
    return bool(words) and named and field_of(line.text) is None and not is_no_review(line.text)


def story_under(lines: Sequence[Line], place: int) -> bool:
    """Whether the prose right under a line tells what happened to one child: with an age, or when it was."""
    for line in lines[place + 1 : place + 3]:
        if line.kind == "text" and not line.links and line.words >= 8:
            return tells(line.text) and bool(ages_of(line.text) or incident_date(line.text))
    return False


def _names_review(heading: Heading, line: Line) -> bool:
    opens = field_of(line.text)
    kind = review_type(heading.title)
    if opens == "furniture" or is_no_review(heading.title) or (opens is not None and kind is None):
        return False
    if is_strong(heading):
        return bool(heading.title)
    if re.search(r"(?i)\b(?:briefings|summaries|bulletins)$", heading.title) and not names_a_case(
        heading.title
    ):
        return False
    if (
        re.search(r"(?i)\breviews\b", heading.title)
        and not names_a_case(heading.title)
        and ":" not in heading.title
    ):
        return False
    if line.kind in ("heading",) or line.bold or line.number:
        return (
            (kind is not None and kind != "thematic")
            or names_a_case(heading.title)
            or _thematic_learning(heading, kind)
        )
    return kind is not None and kind != "thematic" and names_a_case(heading.title)


def _thematic_learning(heading: Heading, kind: ReviewType | None) -> bool:
    """`Learning from three rapid reviews: marks on babies`, but no bare `Learning from reviews`."""
    own = len(heading.title.split()) > 4 or re.match(r"(?i)thematic review:", heading.title)
    return kind == "thematic" and bool(own) and ":" in heading.title


def is_strong(heading: Heading) -> bool:
    """A heading of year and place, as the lists of the NSPCC have them."""
    return (
        heading.published is not None
        and (heading.placed or heading.title[:1].isupper())
        and heading.title != ""
        and (heading.placed or names_a_case(heading.title) or kind_named(heading.title) is not None)
    )


def look_of_heads(lines: Sequence[Line]) -> Look | None:
    """The look that most headings with a summary under them share."""
    counts: Counter[Look] = Counter()
    titles: set[str] = set()
    strong = 0
    for place, line in enumerate(lines):
        if _opens_entry(lines, place):
            title = split_heading(line.text).title.casefold()
            if title in titles:
                continue
            titles.add(title)
            counts[look_of(line)] += 1
            strong += is_strong(split_heading(line.text))
    if not counts:
        return None
    look, number = max(counts.items(), key=lambda item: (item[1], item[0][0] == "heading"))
    return look if number >= 2 or strong else None


def _opens_entry(lines: Sequence[Line], place: int) -> bool:
    line = lines[place]
    if is_head(line):
        return _has_summary(lines, place)
    if _is_linked_head(line):
        return story_under(lines, place) or _list_under(lines, place)
    if line.kind == "heading" and is_bare_name(line) and _kind_under(lines, place):
        return _has_summary(lines, place)
    return is_bare_name(line) and story_under(lines, place)


def _list_under(lines: Sequence[Line], place: int) -> bool:
    """Whether right under a line, or under the date that follows it, stands the label of a list of points."""
    return any(_is_label(other) and field_of(other.text) in LISTS for other in lines[place + 1 : place + 3])


def _has_summary(lines: Sequence[Line], place: int) -> bool:
    """Whether prose or a labelled part follows a heading before the next of its look."""
    look = look_of(lines[place])
    for line in lines[place + 1 : place + 16]:
        if look_of(line) == look and not _is_label(line) and (look[0] == "heading" or is_head(line)):
            return False
        if line.kind == "heading" and look[0] == "heading" and line.level < look[1]:
            return False
        if (
            (line.kind == "text" or not line.links)
            and not line.linked
            and (line.words >= 8 or labelled(line.text, line.lead) is not None)
            and not for_help(line.text)
        ):
            return True
    return False
