"""What to write into sources.yaml for a page that has just been read."""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import urlsplit

from bot.models import Document, Reading

_NOT_THE_NAME = re.compile(r"\s*[|–—»:]\s*|\s+-\s+")
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
) -> dict[str, object]:
    """An entry in the order of sources.yaml. `taken`: the ids that are in use; `expect` starts wide round
    what is there now, so that a page that breaks is noticed and one that grows is not."""
    called = name or _name(document, url)
    entry: dict[str, object] = {
        "id": source_id or _free(_slug(called), taken),
        "name": called,
        "url": url,
        "reads": "feed" if document.format == "feed" else "auto",
    }
    if place:
        entry["place"] = place
    count = len(reading.reviews)
    if count and not any(review.learning or review.incident for review in reading.reviews):
        entry["follow"] = True  # only titles and links: what was learned stands in the documents
    if count:
        entry["expect"] = {"min": max(1, count // 2), "max": max(20, count * 3)}
    return entry


def _name(document: Document, url: str) -> str:
    """The page's title, with its site's name in front of what is only a heading."""
    parts = [part for part in _NOT_THE_NAME.split(document.title or "") if part.strip()]
    if not parts:
        return _HOST_NOISE.sub("", urlsplit(url).hostname or url)
    return parts[0].strip() if len(parts) == 1 else f"{parts[-1].strip()}: {parts[0].strip()}"


def _slug(name: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", name.lower())[:6]) or "source"


def _free(slug: str, taken: Collection[str]) -> str:
    if slug not in taken:
        return slug
    return next(f"{slug}-{n}" for n in range(2, len(taken) + 3) if f"{slug}-{n}" not in taken)
