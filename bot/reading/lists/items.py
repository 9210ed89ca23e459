"""Items of a list of links: which lines name a review, and what the headings over them say."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from bot.models import Link, ReviewStatus, ReviewType
from bot.reading.grammar.dates import only_date
from bot.reading.grammar.families import field_of
from bot.reading.grammar.finder import Finder
from bot.reading.grammar.titles import Heading, without_number
from bot.reading.grammar.types import (
    NOT_NAMES,
    group_named,
    is_quoted_name,
    kind_named,
    names_a_case,
    review_type,
)
from bot.reading.lines import Line
from bot.reading.records.about import band_date, kind_of_group
from bot.reading.records.reviews import is_audit, is_no_review

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
# A link that only says what it opens: `Read the full report (PDF)`.
GENERIC = re.compile(
    r"(?i)(?:(?:read|view|see|open|download|the|full|overview|final|executive|published|english|welsh|"
    r"cymraeg|saesneg|pdf|"
    r"learning|link|to|here|\d+[ -]min(?:ute)?)\b\W*)*"
    r"(?:report|summary|briefing|brief|document|review|pdf|english|welsh|cymraeg|here|download|"
    r"adroddiad)\b\W*"
    r"(?:[(\[]?(?:english|welsh|cymraeg|saesneg|pdf|word)[)\]]?\W*)*"
)
_REVIEWS_HEADING = re.compile(
    r"\b(?:published|partnership|thematic|local|case|completed|current|previous|recent|our|learning|"
    r"practice|archived?|national)\b.*\breviews?\b|\breviews?\b.*\b(?:published|reports?)\b|"
    r"^(?:reviews?|reports?|overview reports?)$|\breports?$",
    re.IGNORECASE,
)
_OTHER_HEADING = re.compile(
    r"\b(?:other|external|useful|related|further|more) (?:\w+ )?"
    r"(?:links?|websites|sites|resources|boards|areas|"
    r"partnerships|information)\b|\bby other\b|\bfrom other (?:areas|boards)\b|"
    r"^(?:downloads and )?links:?$|\btweets?\b|\btwitter\b|\bfacebook\b|"
    r"\bevents\b|\btools\b|\bforms\b|\bdownloading\b|"
    r"\bactions? (?:taken|that we took)\b|\bwhat we have done\b|\bcontact\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"[‘“'\"]([A-Z][\w’-]+(?: (?:and|&) [A-Z][\w’-]+)?)[’”'\"]")
_CASE = Finder(
    r"(?i:\b(child|children|baby|infant|family|sibling group|siblings?|young (?:person|people)|adults?|"
    r"young (?:wo)?man|mr|mrs|ms|miss|pupil|case|twins))\s+"
    r"((?:(?i:and|mr|mrs|ms)\s+)*[A-Z0-9][\w/]{0,12}(?:\s*(?:and|&|,)\s*(?i:(?:child|baby|"
    r"adult)\s+)?[A-Z0-9]\w{0,2}\b)*)",
    re.NOFLAG,
)


@dataclass(slots=True, kw_only=True)
class Item:
    """One line of a list. `over`: the headings above it; `batch`: what stands together under one date; `row`,
    `prose`, `level`: whether it is of a table or a sentence, and how deep a bullet; `further`: the date of a
    further document; `lines`: what the list says of the review."""

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
    row: bool = False
    prose: bool = False
    level: int = 0
    further: str | None = None
    more: list[Link] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

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
    return _case_of(text) if len(text) < 300 else _case_of.__wrapped__(text)


@lru_cache(maxsize=4096)  # each line of a list is held against all the others
def _case_of(text: str) -> frozenset[str]:
    found = {re.sub(r"\W+", "", match[1]).casefold() for match in _NAME.finditer(text)}
    for match in _CASE.finditer(text):
        if match[2].split()[0] in NOT_NAMES:
            continue
        found.add(re.sub(r"\W+", "", match[1] + match[2]).casefold())
    if named := group_named(text):
        found.add(f"the {named}".casefold())
    return frozenset(found)


_LETTERS = re.compile(r"[A-Z](?:\s*(?:-|–|/|to)\s*[A-Z])?")
# What is left of a heading over the reviews of some years: `2023 and 2022`, `2019 to 2021`, `Before 2015`.
_YEARS = re.compile(
    r"(?:\W|\b(?:(?:19|20)\d\d|\d\d|and|or|to|from|before|since|until|earlier|older|later|onwards|up)\b)+",
    re.IGNORECASE,
)


@dataclass(slots=True, kw_only=True)
class Over:
    """What the headings above say of the lines under them."""

    headings: dict[int, str] = field(default_factory=dict)
    published: str | None = None
    year: int | None = None
    batch: int = 0
    status: ReviewStatus | None = None
    columns: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return " / ".join(self.headings[level] for level in sorted(self.headings))

    @property
    def furniture(self) -> bool:
        return field_of(self.nearest) == "furniture" if self.headings else False

    @property
    def other(self) -> bool:
        """Whether what stands under the nearest heading is something else than this list's reviews."""
        return bool(_OTHER_HEADING.search(self.nearest)) or is_no_review(self.nearest)

    @property
    def aside(self) -> bool:
        """Whether the nearest heading is over events, or what others have said: posts of a social network."""
        return bool(
            re.search(r"(?i)\btweets?\b|\btwitter\b|\bfacebook\b|\bsocial media\b|\bevents$", self.nearest)
        )

    @property
    def of_reviews(self) -> bool:
        """Whether any heading speaks of reviews."""
        return any(kind_named(text) or _REVIEWS_HEADING.search(text) for text in self.headings.values())

    @property
    def nearest(self) -> str:
        """The nearest heading that says anything: no letter of a list from A to Z."""
        named = [level for level, text in self.headings.items() if not _LETTERS.fullmatch(text)]
        return self.headings[max(named)] if named else ""

    def under(self, line: Line) -> None:
        level = line.level or 7
        self.headings = {known: text for known, text in self.headings.items() if known < level}
        self.headings[level] = line.text
        self.batch += 1
        self.status = None
        self.published, self.year = band_date(line)


# What a line asks of its reader, and so names no review: `Get in touch`, `Browse all briefings`.
_ASKS = re.compile(
    r"(?:to |please )?(?:read|view|see|find|visit|click|go to|browse|search|get|contact|e-?mail|call|tell us|"
    r"sign|book|apply|join|continue|discover|explore|learn more|ask|request|refer)\b",
    re.IGNORECASE,
)


def is_review_line(text: str, over: Over, *, strict: bool = False, file: bool = False) -> bool:
    """Whether a line names a review: by its kind or case, or by standing under a heading of reviews.

    `file`: whether it opens a document, which no page's name does.
    """
    if not re.search(r"\w", text) or is_no_review(text) or len(text.split()) > 40:
        return False
    if _ASKS.match(text) and not names_a_case(text):
        return False
    if re.fullmatch(r"(?i)(?:the )?(?:national )?child safeguarding practice review panel", text):
        return False
    kind = review_type(text)
    if is_audit(text) and kind in (None, "thematic") and not re.search(r"(?i)\breviews\b", text):
        return False
    if (
        strict
        and not names_a_case(text)
        and re.fullmatch(
            r"(?i)(?:an? |the |our )?(?:[\w-]+ ){0,4}(?:reviews?|(?-i:[A-Z]{2,5}s?))(?: \([A-Z]+s?\))?", text
        )
    ):
        return False
    if over.other and not names_a_case(text):
        return kind == "national" and len(text.split()) >= 5
    if kind == "thematic":
        return _is_thematic_title(text) or (file and bool(re.match(r"(?i)learning from\b|thematic\b", text)))
    if is_quoted_name(text) and kind_over(over):
        return True
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
        or (
            (only_date(heading) is not None or _YEARS.fullmatch(heading) is not None)
            and any(kind_named(text) for text in over.headings.values())
        )
    )


def kind_over(over: Over) -> ReviewType | None:
    """The kind that the nearest heading gives; `Local reviews` only where no heading over it says more."""
    kinds = [
        (kind, heading)
        for level in sorted(over.headings, reverse=True)
        if (kind := kind_of_group(heading := over.headings[level]))
    ]
    said = [
        kind for kind, heading in kinds if not re.fullmatch(r"(?i)(?:our |published )*local reviews", heading)
    ]
    return next(iter(said or [kind for kind, _ in kinds]), None)
