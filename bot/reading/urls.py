"""Which links of a page are a review's own, and which belong to the site around it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urldefrag, urlsplit

from bot.models import Link

_NOT_DOCUMENTS = re.compile(
    r"^(?:home|(?:go )?back(?: to .*)?|return to .*|"
    r"(?:(?:see|view|browse) )?all (?:our )?(?:briefings|reviews|news)|"
    r"(?:next|previous|older|newer)(?:\W*(?!steps?\b)(?-i:[A-Z\d]).*)?|"
    r"print(?: .*)?|share(?: .*)?|tweet|facebook|twitter|linkedin|x|"
    r"email(?: .*)?|e-mail us|contact(?: us)?|"
    r"sign up.*|subscribe.*|follow us|book (?:now|a place|training).*|skip .*|top|menu|search|log ?in|"
    r"register|accept.*|close|"
    r"legal|terms(?: .*)?|copyright|disclaimer|jobs|donate|"
    r"(?:(?:serious )?case reviews (?:published )?(?:in )?)?(?:19|20)\d\d|"
    r"forward to a friend|click here|privacy.*|cookies?.*|accessibility.*|site ?map|"
    r"learn more about cookies)$",
    re.IGNORECASE,
)
_NOT_ADDRESSES = re.compile(
    r"/(?:tag|tags|category|author|search|login|wp-login|cookies?|privacy|feed)(?:/|$)|[?&](?:share|"
    r"replytocom)=|^https?://(?:www\.)?(?:facebook|twitter|x|linkedin)\.com/"
    r"|/(?:share|sharer)\b|share\.example|cdn-cgi/l/email-protection",
    re.IGNORECASE,
)


def own_links(links: Iterable[Link], address: str) -> tuple[Link, ...]:
    """The links that lead to documents and pages: no mail, no place on this page, no share or sign-up."""
    here = urldefrag(address)[0].rstrip("/")
    found: dict[str, Link] = {}
    for link in links:
        parts = urlsplit(link.url)
        if (
            parts.scheme not in ("http", "https")
            or _NOT_DOCUMENTS.match(link.label)
            or _NOT_ADDRESSES.search(link.url)
        ):
            continue
        if urldefrag(link.url)[0].rstrip("/") == here:
            continue
        found.setdefault(link.url, link)
    return tuple(found.values())
