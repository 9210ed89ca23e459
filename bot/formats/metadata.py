"""What a web page says about itself in its head: title, language, date of publication."""

from __future__ import annotations

import json
import re

from bot.formats.sniff import tidy
from bot.formats.tree import Element

_DAY = re.compile(r"\s*(\d{4}-[01]\d-[0-3]\d)(?!\d)")
_META_DATES = (
    "article:published_time", "og:published_time", "dc.date", "dc.date.issued", "dc.date.published",
    "dcterms.date", "dcterms.issued", "dcterms.published", "datepublished", "date.published",
    "publication_date", "pubdate", "publish-date", "publishdate", "date", "dc.date.created",
    "dcterms.created",
)  # fmt: skip


def title_of(root: Element) -> str | None:
    """The text of <title>, else og:title."""
    tag = root.first("title")
    text = tag.text() if tag is not None else ""
    if not text.strip():
        metas = (meta for meta in root.inside("meta") if meta.attrs.get("property") == "og:title")
        text = next((meta.attrs.get("content", "") for meta in metas), "")
    return " ".join(tidy(text).split()) or None


def language_of(root: Element) -> str | None:
    """The page's language tag (BCP 47), as written."""
    tag = root.first("html")
    if tag is None:
        return None
    return (tag.attrs.get("lang") or tag.attrs.get("xml:lang") or "").strip() or None


def published_of(root: Element) -> str | None:
    """The day of publication, `YYYY-MM-DD` as written, with no change of time zone. None if it is not said.

    From meta elements (Open Graph, Dublin Core), JSON-LD (schema.org), then a <time> marked as publication
    or the only one of the page.
    """
    metas: dict[str, str] = {}
    for meta in root.inside("meta"):
        said = meta.attrs
        name = said.get("property") or said.get("name") or said.get("itemprop") or ""
        metas.setdefault(name.lower(), said.get("content", ""))
    for name in _META_DATES:
        if day := _day(metas.get(name)):
            return day
    return _from_json(root) or _from_time(root)


def _day(text: object) -> str | None:
    match = _DAY.match(text) if isinstance(text, str) else None
    return match.group(1) if match else None


def _from_json(root: Element) -> str | None:
    for script in root.inside("script"):
        if script.attrs.get("type") != "application/ld+json":
            continue
        try:
            told = json.loads(script.source)
        except (ValueError, RecursionError):
            continue
        nodes = told if isinstance(told, list) else [told]
        for node in list(nodes):
            if isinstance(node, dict) and isinstance(node.get("@graph"), list):
                nodes = [*nodes, *node["@graph"]]
        for node in nodes:
            if isinstance(node, dict) and (day := _day(node.get("datePublished"))):
                return day
    return None


def _from_time(root: Element) -> str | None:
    times = root.inside("time")
    marked = [tag for tag in times if "pubdate" in tag.attrs or tag.attrs.get("itemprop") == "datePublished"]
    marked += [tag for tag in times if "published" in tag.classes]
    chosen: list[Element] = marked or (times if len(times) == 1 else [])
    return _day(chosen[0].attrs.get("datetime")) if chosen else None
