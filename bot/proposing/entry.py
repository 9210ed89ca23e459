"""What to write into sources.yaml for a page that has just been read."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date
from urllib.parse import urlsplit

from bot.models import Document, Reading, Review
from bot.proposing.pace import every, pace

_NOT_THE_NAME = re.compile(r"\s*[|–—»:]\s*|\s+-\s+")
# Words that most names share, so that they tell no page from another.
_SHARED = re.compile(
    r"a|activity|adults?|and|annual|at|boards?|cases?|child|childrens?|for|from|home|in|into|latest|learning|"
    r"local|menu|national|new|news|of|on|our|page|partnerships?|practice|published|publications?|reports?|"
    r"reviews?|safeguarding|search|serious|site|the|to|website|welcome"
)
_HOST_NOISE = re.compile(
    r"^(?:www|learning|safeguarding)\.|\.(?:org|gov|co|nhs|ac)?\.?(?:uk|org|com|wales|scot|gg)$"
)


def propose(
    url: str,
    document: Document,
    reading: Reading,
    *,
    taken: Collection[str],
    source_id: str | None = None,
    name: str | None = None,
    place: str | None = None,
    follow: bool | None = None,
) -> dict[str, object]:
    """An entry in the order of sources.yaml. `taken`: the ids that are in use; `follow`: None to go by the
    page. `expect` starts wide round what is there now, so that a page that breaks is noticed and one that
    grows is not."""
    called = name or _name(document, url)
    entry: dict[str, object] = {
        "id": source_id or _free(_slug(called), taken),
        "name": called,
        "url": url,
        "reads": "feed" if document.format == "feed" else "auto",
    }
    if rhythm := pace(reading.reviews):
        entry["every"] = every(rhythm)
    if place:
        entry["place"] = place
    if wants_following(reading.reviews) if follow is None else follow:
        entry["follow"] = True
    if count := len(reading.reviews):
        entry["expect"] = {"min": max(1, count // 2), "max": max(20, count * 3)}
    return entry


def wants_following(reviews: Sequence[Review]) -> bool:
    """Whether there are only titles and links: what was learned stands in the documents."""
    return bool(reviews) and not any(review.learning or review.incident for review in reviews)


def comment(today: date, kind: str, reading: Reading) -> str:
    """What stands above the entry: when it was added, and what the page was like then."""
    count = len(reading.reviews)
    found = "1 review was" if count == 1 else f"{count} reviews were"
    read = f"; {found} read then" if count else ""
    lines = [f"Added on {today:%Y-%m-%d}: {kind}{read}."]
    if rhythm := pace(reading.reviews):
        lines.append(f"It had something new {rhythm.said}, the last on {rhythm.last:%Y-%m-%d}.")
    return "\n".join(lines)


def _name(document: Document, url: str) -> str:
    """The page's title, with its site's name in front of what is only a heading."""
    parts = [part for part in _NOT_THE_NAME.split(document.title or "") if part.strip()]
    if not parts:
        return _HOST_NOISE.sub("", urlsplit(url).hostname or url)
    return parts[0].strip() if len(parts) == 1 else f"{parts[-1].strip()}: {parts[0].strip()}"


def _slug(name: str) -> str:
    """An id that is quick to type: whose page it is, without the words that most of them share."""
    for part in (name.partition(": ")[0], name):
        words = re.findall(r"[a-z0-9]+", re.sub("[’']", "", part.lower()))
        if telling := [word for word in words if not _SHARED.fullmatch(word)]:
            return "-".join(telling[:4])
    return "-".join(words[:4]) or "source"


def _free(slug: str, taken: Collection[str]) -> str:
    if slug not in taken:
        return slug
    return next(f"{slug}-{n}" for n in range(2, len(taken) + 3) if f"{slug}-{n}" not in taken)
