"""Whether two addresses are pages of one list, and whether one lies near another."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

LONGEST_WORD = 40  # letters of what says where in a list a page begins

_PAGE_KEY = re.compile(
    r"(?:.*[\[_.-])?(?:paged?|pg|page[_-]?(?:no|num|number|index)|currentpage|tudalen)(?:[_-]\w{1,12})?\]?",
    re.IGNORECASE,
)
_PAGE_VALUE = re.compile(r"\d{1,4}(?:,\d{1,4})*")
_PAGE_PATH = re.compile(r"(?:/|[-_])(?:page|tudalen)[/_-]?(\d{1,4})(?=/?$|\.\w{2,5}$)", re.IGNORECASE)
_TAIL = re.compile(r"(/p?|[-_])(\d{1,4})(?=/?$|\.\w{2,5}$)", re.IGNORECASE)
_FILE = re.compile(r"(?:/(?:index|default|home))?(?:\.\w{2,5})?/?$", re.IGNORECASE)


def host(url: str) -> str:
    """The host without `www.`, with a port that is not the usual."""
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port and parts.port not in (80, 443) else ""
    return (parts.hostname or "").removeprefix("www.") + port


def page_named(url: str) -> int | None:
    """The number of the page that an address names as such: 0 is the list itself, however pages are counted.
    None where it names none."""
    parts = urlsplit(url)
    for key, value in parse_qsl(parts.query):
        if _PAGE_KEY.fullmatch(key) and _PAGE_VALUE.fullmatch(value):
            return max(int(one) for one in value.split(","))  # Drupal counts for each list of a page
    found = _PAGE_PATH.search(parts.path)
    return None if found is None else 0 if int(found[1]) == 1 else int(found[1])


def of_one_list(url: str, here: str) -> bool:
    """Whether the addresses are the same but for the number of the page."""
    return _list_of(url) == _list_of(here)


def one_word_differs(url: str, here: str) -> bool:
    """`?start=20`, `?before=2023-05`: one word of the query is another, and all else the same."""
    ours, theirs = _asked(here), _asked(url)
    other = [key for key in {*ours, *theirs} if ours.get(key) != theirs.get(key)]
    return _path(url) == _path(here) and len(other) == 1 and 0 < len(theirs.get(other[0], "")) <= LONGEST_WORD


def one_number_follows(url: str, here: str, number: int | None) -> bool:
    """`/reviews/2`, `/reviews/P20`, `reviews-2.html`: the address of the list, and a number. `number`: the
    one that the link is called by; the address counts pages by it, or (`P20`) entries."""
    tail = _TAIL.search(urlsplit(url).path)
    if tail is None or _asked(url) != _asked(here):
        return False
    if number is not None and int(tail[2]) != number and tail[1].upper() != "/P":
        return False
    whole, stem = urlsplit(here).path, _FILE.sub("", _TAIL.sub("", urlsplit(url).path))
    return stem != "" and stem in (_FILE.sub("", whole), _FILE.sub("", _TAIL.sub("", whole)))


def is_near(url: str, other: str) -> bool:
    """Whether an address lies beside or below another; in a site's first folder, whether they share a
    word."""
    ours, theirs = urlsplit(other).path.rstrip("/").lower(), urlsplit(url).path.rstrip("/").lower()
    if theirs == ours:
        return True
    folder = ours.rpartition("/")[0] + "/"
    if folder != "/":
        return f"{theirs}/".startswith(folder) or theirs == folder.rstrip("/")
    last = _FILE.sub("", ours)
    return bool(last) and (theirs.startswith(f"{last}/") or any(w in theirs for w in _words(last)))


def _words(path: str) -> list[str]:
    return [word for word in re.findall(r"[^\W\d_]{4,}", path) if word not in ("index", "default", "home")]


def _list_of(url: str) -> tuple[str, str, frozenset[tuple[str, str]]]:
    """What all pages of one list have in common."""
    return host(url), _path(url), frozenset(_asked(url).items())


def _path(url: str) -> str:
    return _FILE.sub("", _PAGE_PATH.sub("", urlsplit(url).path))


def _asked(url: str) -> dict[str, str]:
    """The query without the number of the page."""
    query = parse_qsl(urlsplit(url).query)
    return {key: value for key, value in query if not _PAGE_KEY.fullmatch(key)}
