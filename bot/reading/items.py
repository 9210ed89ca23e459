"""Items of a list of links: which lines name a review, and what the headings over them say."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.models import Link, ReviewStatus, ReviewType
from bot.reading.about import band_date, kind_of_group
from bot.reading.dates import only_date
from bot.reading.families import field_of
from bot.reading.lines import Line
from bot.reading.reviews import is_audit, is_no_review
from bot.reading.titles import Heading, without_number
from bot.reading.types import NOT_NAMES, group_named, kind_named, names_a_case, review_type

_COMPANION = re.compile(
    r"\b(?:media|press) (?:statement|release)|\b(?:improvement|progress|response|partnership response|"
    r"board response)\b|\baction plan\b|\bexecutive summary\b|\bexec(?:utive)?\.? summ\w*|"
    r"\blearning (?:brief\w*|summary|and improvement|points|bulletin|poster)|\b(?:7|seven|5|five|6|"
    r"six)[- ]?min(?:ute)?s?\b|\b7MB\b|\bbriefing\b|\beasy read\b|\bone[- ]page\b|\bslides\b|\bstatement\b|"
    r"\bletter\b|"
    r"\bsummary\b|\bfeedback\b|\bposter\b",
    re.IGNORECASE,
)
PURE_COMPANION = re.compile(
    r"\b(?:media|press) (?:statement|release)|\b(?:improvement|progress|response)\b|\baction plan\b|"
    r"\bstatement\b|\bletter\b|\bfeedback\b",
    re.IGNORECASE,
)
_REVIEWS_HEADING = re.compile(
    r"\b(?:published|partnership|thematic|local|case|completed|current|previous|recent|our|learning|"
    r"practice|archived?|national)\b.*\breviews?\b|\breviews?\b.*\b(?:published|reports?)\b|"
    r"^(?:reviews?|reports?|overview reports?)$|\breports?$",
    re.IGNORECASE,
)
_NAME = re.compile(r"[‘“'\"]([A-Z][\w’-]+(?: (?:and|&) [A-Z][\w’-]+)?)[’”'\"]")
_CASE = re.compile(
    r"(?i:\b(child|children|baby|infant|family|sibling group|siblings?|young person|adults?|"
    r"young (?:wo)?man|mr|mrs|ms|miss|pupil|case|twins))\s+"
    r"((?:(?i:and|mr|mrs|ms)\s+)*[A-Z0-9][\w/]{0,12}(?:\s*(?:and|&|,)\s*(?i:(?:child|baby|"
    r"adult)\s+)?[A-Z0-9]\w{0,2}\b)*)"
)


@dataclass(slots=True, kw_only=True)
class Item:
    """One line of a list. `over`: the headings above it; `batch`: what stands together under one date."""

    text: str
    heading: Heading
    links: tuple[Link, ...]
    published: str | None = None
    year: int | None = None
    status: ReviewStatus | None = None
    kind: ReviewType | None = None
    over: str = ""
    batch: int = 0
    reviews_section: bool = False
    more: list[Link] = field(default_factory=list)

    @property
    def companion(self) -> bool:
        return bool(_COMPANION.search(self.text)) and not re.search(
            r"\b(?:overview|full|final) report\b", self.text, re.IGNORECASE
        )

    @property
    def case(self) -> frozenset[str]:
        return case_of(self.text)


def case_of(text: str) -> frozenset[str]:
    """The case that a line names, for telling which documents belong together."""
    found = {re.sub(r"\W+", "", match[1]).casefold() for match in _NAME.finditer(text)}
    for match in _CASE.finditer(text):
        if match[2].split()[0] in NOT_NAMES:
            continue
        found.add(re.sub(r"\W+", "", match[1] + match[2]).casefold())
    if named := group_named(text):
        found.add(f"the {named}".casefold())
    return frozenset(found)


@dataclass(slots=True, kw_only=True)
class Over:
    """What the headings above say of the lines under them."""

    headings: dict[int, str] = field(default_factory=dict)
    published: str | None = None
    year: int | None = None
    batch: int = 0
    columns: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return " / ".join(self.headings[level] for level in sorted(self.headings))

    @property
    def furniture(self) -> bool:
        return field_of(self.nearest) == "furniture" if self.headings else False

    @property
    def nearest(self) -> str:
        return self.headings[max(self.headings)] if self.headings else ""

    def under(self, line: Line) -> None:
        level = line.level or 7
        self.headings = {known: text for known, text in self.headings.items() if known < level}
        self.headings[level] = line.text
        self.batch += 1
        self.published, self.year = band_date(line)


def is_review_line(text: str, over: Over, *, strict: bool = False) -> bool:
    """Whether a line names a review: by its kind or case, or by standing under a heading of reviews."""
    if not re.search(r"\w", text) or is_no_review(text) or len(text.split()) > 40:
        return False
    if re.match(r"(?i)(?:read|view|see|find|visit|click|go to|browse|search)\b", text) and not names_a_case(
        text
    ):
        return False
    if re.fullmatch(r"(?i)(?:the )?(?:national )?child safeguarding practice review panel", text):
        return False
    kind = review_type(text)
    if is_audit(text) and not kind:
        return False
    if (
        strict
        and not names_a_case(text)
        and re.fullmatch(
            r"(?i)(?:an? |the |our )?(?:[\w-]+ ){0,4}(?:reviews?|[A-Z]{2,5}s?)(?: \([A-Z]+s?\))?", text
        )
    ):
        return False
    if kind == "thematic":
        return _is_thematic_title(text)
    if kind or names_a_case(text):
        return not re.fullmatch(
            r"(?i)(?:(?:local|published|our|national|all|the|see|view|read)\s+)*[\w\s]*reviews(?: \(\w+\))?",
            text,
        )
    return not strict and reviews_section(over) and not is_companion_line(text)


def _is_thematic_title(text: str) -> bool:
    """A title of its own, and no name of a page: `Learning from reviews`, `Serious Case Reviews`."""
    return len(text.split()) >= 5 and not re.fullmatch(
        r"(?i)(?:\w+ )*(?:serious case|practice|adult|homicide|learning|case) reviews", text
    )


def is_companion_line(text: str) -> bool:
    return bool(_COMPANION.search(text)) and not is_no_review(text)


def reviews_section(over: Over) -> bool:
    """Whether the nearest heading is over reviews themselves, and asks or explains nothing."""
    heading = over.nearest
    if (
        not heading
        or heading.endswith("?")
        or re.match(r"(?i)(?:what|how|why|who|when|other|refer|make)\b", without_number(heading))
    ):
        return False
    if (
        is_no_review(heading)
        or field_of(heading) == "furniture"
        or re.search(r"(?i)\bbriefings?\b|\bresources\b|elsewhere", heading)
    ):
        return False
    return (
        kind_named(heading) is not None
        or bool(_REVIEWS_HEADING.search(heading))
        or (only_date(heading) is not None and any(kind_named(text) for text in over.headings.values()))
    )


def kind_over(over: Over) -> ReviewType | None:
    for level in sorted(over.headings, reverse=True):
        kind = kind_of_group(over.headings[level])
        if kind:
            return kind
    return None
