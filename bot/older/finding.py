"""Which of a page's links lead to older reviews.

A list's further pages have its own address, but for a number. Years and archives are called so, and lie near
the page that is watched. What leads to single items, to calendars, tags, searches and logins is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import parse_qsl, urlencode, urlsplit

from bot.formats.sniff import decode, without_comments
from bot.models import Page
from bot.names import address
from bot.older.labels import (
    leads_back_to_the_first,
    leads_on,
    names_a_year,
    names_an_archive,
    names_reviews,
    page_number,
)
from bot.older.links import Leading, links_of, without_scripts
from bot.older.lists import (
    host,
    is_near,
    of_one_list,
    one_number_follows,
    one_word_differs,
    page_named,
)

MOST_BYTES = 3_000_000
MOST_LINKS = 30_000  # looked at, which takes seconds
MOST_FOUND = 120  # of one page

_DOCUMENT = re.compile(
    r"\.(?:pdf|docx?|odt|rtf|xlsx?|csv|pptx?|zip|jpe?g|png|gif|svg|mp[34]|ics|eml)$"
    r"|/(?:wp-content/uploads|downloads?|media)/",
    re.IGNORECASE,
)
_TRAP = re.compile(
    r"/(?:tags?|category|categories|author|search|log-?in|logout|wp-login\.php|wp-admin|wp-json|cookies?|privacy"
    r"|calendar|events?|print|share|users?|account|register|basket|contact(?:-us)?|cdn-cgi)(?=[/?]|$)"
    r"|(?<=[?&])(?:share|replytocom|print|format|ical|outlook-ical|month|day|date|tribe-bar-date|q|s|search|lang"
    r"|language|return|returnurl|redirect|token|sid)=",
    re.IGNORECASE,
)
_FEED = re.compile(r"\s*(?:<[?!][^<>]*>\s*)*<(?:rss|feed|rdf:rdf)\b", re.IGNORECASE)
_WORDPRESS = re.compile(r"<generator>\s*https?://(?:\w+\.)?wordpress\.(?:org|com)/", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Older:
    """A page that may hold older reviews. `words`: what the link is called. `guessed`: no link names it; its
    address follows from how feeds of its kind are made, so that there may be no such page."""

    url: str
    words: str
    guessed: bool = False


def older_pages(page: Page, *, watched: str, own: Collection[str] = ()) -> tuple[Older, ...]:
    """The older pages that this one points to, in its order, each once; not this one, nor the watched.

    `watched`: the address of the page that is watched, near which years and archives lie. `own`: addresses
    (as `names.address` folds them) that belong to reviews of this page, and are no lists.
    """
    text = decode(page.body[:MOST_BYTES], page.content_type)
    if _FEED.match(text):
        found = list(_of_a_feed(page.url, text))
    else:
        found = [
            Older(url=link.url, words=link.label)
            for link in islice(links_of(page.url, without_scripts(without_comments(text))), MOST_LINKS)
            if _is_older(link, page.url, watched, own)
        ]
    met = {address(page.url), address(watched)}
    each: dict[str, Older] = {}
    for one in found:
        if (key := address(one.url)) not in met:
            each.setdefault(key, one)
    return tuple(each.values())[:MOST_FOUND]


def _is_older(link: Leading, here: str, watched: str, own: Collection[str]) -> bool:
    if host(link.url) != host(here) or _DOCUMENT.search(urlsplit(link.url).path):
        return False
    if _traps(link.url) - _traps(watched):
        return False
    reviews = names_reviews(link.label)
    is_own = address(link.url) in own
    if _goes_on(link, here, is_own=is_own):
        return True
    if is_own and not reviews:
        return False
    if names_a_year(link.label):
        return reviews or is_near(link.url, watched) or is_near(link.url, here)
    return names_an_archive(link.label) and (reviews or is_near(link.url, watched))


def _goes_on(link: Leading, here: str, *, is_own: bool) -> bool:
    """Whether it is another page of the list that this page is one of."""
    if leads_back_to_the_first(link.label):
        return False
    named = page_named(link.url)
    if named is not None:
        return named > 0 and of_one_list(link.url, here)
    number = page_number(link.label)
    said = number is not None or leads_on(link.label) or bool(link.rel & {"next", "prev"})
    if is_own or not said:
        return False
    return one_word_differs(link.url, here) or one_number_follows(link.url, here, number)


def _traps(url: str) -> set[str]:
    parts = urlsplit(url)
    return {found.lower() for found in _TRAP.findall(f"{parts.path}?{parts.query}")}


def _of_a_feed(here: str, text: str) -> Iterator[Older]:
    """What the feed names (RFC 5005); else the next part of a WordPress feed, which names none."""
    named = [
        Older(url=link.url, words="earlier part of the feed")
        for link in links_of(here, text)
        if link.rel & {"next", "prev-archive"} and host(link.url) == host(here)
    ]
    yield from named
    if not named and _WORDPRESS.search(text):
        parts = urlsplit(here)
        query = dict(parse_qsl(parts.query))
        before = query.get("paged", "1")
        if before.isdecimal() and len(before) < 5:
            query["paged"] = str(int(before) + 1)
            url = parts._replace(query=urlencode(query), fragment="").geturl()
            yield Older(url=url, words=f"part {query['paged']} of the feed", guessed=True)
