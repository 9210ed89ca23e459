"""What a web page says about itself in its head: title, language, date of publication."""

from __future__ import annotations

import json
import re

from bs4 import BeautifulSoup, Tag

from bot.formats.sniff import tidy

_DAY = re.compile(r"\s*(\d{4}-[01]\d-[0-3]\d)(?!\d)")
_META_DATES = (
    "article:published_time", "og:published_time", "dc.date", "dc.date.issued", "dc.date.published",
    "dcterms.date", "dcterms.issued", "dcterms.published", "datepublished", "date.published",
    "publication_date", "pubdate", "publish-date", "publishdate", "date", "dc.date.created",
    "dcterms.created",
)  # fmt: skip


def title_of(soup: BeautifulSoup) -> str | None:
    """The text of <title>, else og:title."""
    tag = soup.find("title")
    text = tag.get_text() if tag is not None else ""
    if not text.strip():
        meta = soup.find("meta", property="og:title")
        text = str(meta.get("content") or "") if meta is not None else ""
    return " ".join(tidy(text).split()) or None


def language_of(soup: BeautifulSoup) -> str | None:
    """The page's language tag (BCP 47), as written."""
    tag = soup.find("html")
    return str(tag.get("lang") or tag.get("xml:lang") or "").strip() or None if tag is not None else None


def published_of(soup: BeautifulSoup) -> str | None:
    """The day of publication, `YYYY-MM-DD` as written, with no change of time zone. None if it is not said.

    From meta elements (Open Graph, Dublin Core), JSON-LD (schema.org), then a <time> marked as publication
    or the only one of the page.
    """
    metas: dict[str, str] = {}
    for meta in soup.find_all("meta"):
        name = str(meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()
        metas.setdefault(name, str(meta.get("content") or ""))
    for name in _META_DATES:
        if day := _day(metas.get(name)):
            return day
    return _from_json(soup) or _from_time(soup)


def _day(text: object) -> str | None:
    match = _DAY.match(text) if isinstance(text, str) else None
    return match.group(1) if match else None


def _from_json(soup: BeautifulSoup) -> str | None:
    for script in soup.find_all("script", type="application/ld+json"):
        try:
            told = json.loads(script.get_text())
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


def _from_time(soup: BeautifulSoup) -> str | None:
    times = soup.find_all("time")
    marked = [tag for tag in times if tag.has_attr("pubdate") or tag.get("itemprop") == "datePublished"]
    marked += [tag for tag in times if "published" in tag.get_attribute_list("class")]
    chosen: list[Tag] = marked or (times if len(times) == 1 else [])
    return _day(chosen[0].get("datetime")) if chosen else None
