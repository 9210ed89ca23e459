"""Searching the archive, read-only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from bot.models import ArchiveQuery, Found
from bot.spoken import KINDS, date_as_given
from bot.web.pages import Pages

SHOWN = 50
LONGEST = 200  # characters of a field that are looked at


class Searchable(Protocol):
    """What of the archive is needed here."""

    def search(self, query: ArchiveQuery) -> tuple[Found, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One review as the page shows it. `url` is where it can be checked, None if no safe address is known."""

    title: str
    url: str | None
    facts: tuple[str, ...]  # place, kind, date
    themes: tuple[tuple[str, str], ...]  # name, and the address of a search for it
    excerpt: str


class ArchivePage:
    """The endpoint at `/archive`.

    `name_of_theme`: a theme's id to its name. `themes`: the ids that are offered to choose from at the time;
    without any, a theme is chosen by its link in a result.
    """

    def __init__(
        self,
        store: Searchable,
        pages: Pages,
        name_of_theme: Callable[[str], str],
        themes: Callable[[], Sequence[str]],
    ) -> None:
        self._store = store
        self._pages = pages
        self._name_of_theme = name_of_theme
        self._themes = themes

    def search(self, request: Request) -> Response:
        """The form with what was asked for in it, and what was found; a year that is none is not searched."""
        asked = {name: _field(request, name) for name in ("words", "theme", "place", "year", "type")}
        problem = "" if _is_year(asked["year"]) else "Write the year with four digits, such as 2026."
        found: Sequence[Found] = () if problem else self._store.search(_query(asked))
        return self._pages.show(
            "archive.html",
            asked=asked,
            problem=problem,
            hits=[self._hit(one) for one in found[:SHOWN]],
            more=len(found) > SHOWN,
            narrowed=any(asked.values()),
            themes=self._choices(asked["theme"]),
            kinds=KINDS,
        )

    def _choices(self, chosen: str) -> list[tuple[str, str]]:
        """Themes to choose from, by name. One that came by a link is among them, so that it is not lost."""
        ids = {*self._themes(), *([chosen] if chosen else [])}
        return sorted(((id, self._name_of_theme(id)) for id in ids), key=lambda choice: choice[1].casefold())

    def _hit(self, found: Found) -> Hit:
        review = found.known.review
        withdrawn = review.status == "withdrawn"
        addresses = [sighting.url for sighting in found.known.sightings]
        addresses += [link.url for link in review.links]
        kind = KINDS[review.review_type] if review.review_type else None
        when = date_as_given(review.published) if review.published else str(review.year or "")
        return Hit(
            title=review.title,
            url=None if withdrawn else next((address for address in addresses if _is_safe(address)), None),
            facts=tuple(
                fact for fact in (review.place, kind, when, "withdrawn" if withdrawn else "") if fact
            ),
            themes=tuple(
                (self._name_of_theme(theme.id), "?" + urlencode({"theme": theme.id}))
                for theme in found.themes
            ),
            excerpt=found.excerpt,
        )


def _field(request: Request, name: str) -> str:
    """A field of the form as plain text; databases refuse a NUL."""
    return request.query_params.get(name, "").replace("\x00", "").strip()[:LONGEST]


def _query(asked: dict[str, str]) -> ArchiveQuery:
    return ArchiveQuery(
        words=asked["words"],
        theme=asked["theme"] or None,
        place=asked["place"] or None,
        year=int(asked["year"]) if asked["year"] else None,
        review_type=asked["type"] if asked["type"] in KINDS else None,
        limit=SHOWN + 1,
    )


def _is_year(text: str) -> bool:
    return not text or (len(text) == 4 and text.isascii() and text.isdecimal())


def _is_safe(url: str) -> bool:
    """Whether a link may lead there: a page that was read could have named a `javascript:` address."""
    try:
        return urlsplit(url).scheme in ("http", "https")
    except ValueError:
        return False
