"""Why a reader got a review: the themes, grouped by the words that prove them, each quoted once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from bot.deliver import words
from bot.deliver.shown import Why, WhyTheme
from bot.models import Because, Evidence, Review

LONGEST_QUOTE = 160
QUOTES_A_GROUP = 2
STARTS_AFTER = re.compile(r"[.!?…][\"'”’)\]]*$")
ENDED = re.compile(r"[.!?…][\"'”’)\]]*$")
END_FOLLOWS = re.compile(r"[\"'”’)\]]*(?:[.!?…]|$)")


def why_of(because: Because, review: Review, name_of_theme: Callable[[str], str], *, quoted: bool) -> Why:
    """The subscription and its reasons. `quoted` False: themes alone."""
    quotes_of: dict[str | None, tuple[str, ...]] = {}
    for reason in because.reasons:
        name = words.clean(name_of_theme(reason.theme)) if reason.theme else None
        own = (quoted_from(review, one) for one in reason.evidence) if quoted else ()
        quotes_of[name] = tuple(dict.fromkeys([*quotes_of.get(name, ()), *(quote for quote in own if quote)]))
    grouped = _grouped({name: quotes for name, quotes in quotes_of.items() if name})
    if None in quotes_of:
        grouped.append(([], list(quotes_of[None][:QUOTES_A_GROUP])))
    return Why(
        subscription=words.clean(because.name),
        themes=tuple(WhyTheme(themes=tuple(names), quotes=tuple(quotes)) for names, quotes in grouped),
    )


def _grouped(quotes_of: dict[str, tuple[str, ...]]) -> list[tuple[list[str], list[str]]]:
    """Themes with quotes that prove every one of them: no theme and no quote stands twice."""
    carried: dict[str, list[str]] = {}
    for name, quotes in quotes_of.items():
        for quote in quotes:
            carried.setdefault(quote, []).append(name)
    groups: list[tuple[list[str], list[str]]] = []
    named: set[str] = set()
    for quote, names in carried.items():
        fresh = [name for name in names if name not in named]
        if fresh:
            groups.append((fresh, [quote]))
            named.update(fresh)
            continue
        fitting = (group for group in groups if set(group[0]) <= set(names))
        group = next((one for one in fitting if len(one[1]) < QUOTES_A_GROUP), None)
        if group:
            group[1].append(quote)
    unproved = [name for name in quotes_of if name not in named]
    return [*groups, (unproved, [])] if unproved else groups


def quoted_from(review: Review, evidence: Evidence) -> str:
    """The quote, with `…` at an end that stands in the middle of a sentence of the record."""
    whole = words.clean(evidence.quote)
    quote = words.cut(whole, LONGEST_QUOTE)[0]
    before, after = _around(review, evidence.field, whole)
    start = "" if not before or STARTS_AFTER.search(before) else "…"
    goes_on = quote == whole and not ENDED.search(quote) and not END_FOLLOWS.match(after)
    return f"{start}{quote}{'…' if goes_on else ''}" if quote else ""


def _around(review: Review, field: str, quote: str) -> tuple[str, str]:
    """What stands before and after a quote in its field; nothing where the field does not have it."""
    for text in _texts(review, field):
        start = text.casefold().find(quote.casefold())
        if start >= 0:
            return text[:start].rstrip(), text[start + len(quote) :].lstrip()
    return "", ""


def _texts(review: Review, field: str) -> Iterable[str]:
    if field.startswith("sections"):
        for section in review.sections:
            yield words.clean(section.heading)
            yield from map(words.clean, section.items)
        return
    value = getattr(review, field, None)
    if isinstance(value, str):
        yield words.clean(value)
    elif isinstance(value, tuple):
        yield from (words.clean(item) for item in value if isinstance(item, str))
