"""Why a reader got a review: the themes, grouped by the words that prove them, each quoted once; and what
else they asked by, an age or a place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from bot.deliver import words
from bot.deliver.showing.shown import AMONG, OUTCOME, Why, WhyTheme
from bot.models import Because, Evidence, Narrowed, Review
from bot.spoken import KINDS, any_of, listed
from bot.themes.ages import parse_age

LONGEST_QUOTE = 160
QUOTES_A_GROUP = 2
AGES_NAMED = 3
OPENING = "“‘\"'(["
STARTS_AFTER = re.compile(r"(?:^|[.!?…][\"'”’)\]]*)$")
ENDED = re.compile(r"[.!?…][\"'”’)\]]*$")
END_FOLLOWS = re.compile(r"[\"'”’)\]]*(?:[.!?…]|$)")


def why_of(
    because: Because,
    review: Review,
    name_of_theme: Callable[[str], str],
    name_of_source: Mapping[str, str],
    *,
    quoted: bool,
    withdrawn: bool = False,
) -> Why:
    """The subscription and its reasons. `name_of_source`: by id, those that the review was seen at. `quoted`
    False: themes alone. `withdrawn`: not even these, for they tell of the child what its publisher has taken
    back."""
    if withdrawn:
        return Why(subscription=words.clean(because.name), themes=(), narrowed=(AMONG,))
    quotes_of: dict[str | None, tuple[str, ...]] = {}
    for reason in because.reasons:
        if reason.narrowed or not (reason.theme or reason.evidence):
            continue
        name = words.clean(name_of_theme(reason.theme)) if reason.theme else None
        own = (_quoted_from(review, one) for one in reason.evidence) if quoted else ()
        quotes_of[name] = tuple(dict.fromkeys([*quotes_of.get(name, ()), *(quote for quote in own if quote)]))
    grouped = _grouped({name: quotes for name, quotes in quotes_of.items() if name})
    if None in quotes_of:
        grouped.append(([], list(quotes_of[None][:QUOTES_A_GROUP])))
    asked = [reason.narrowed for reason in because.reasons if reason.narrowed]
    return Why(
        subscription=words.clean(because.name),
        themes=tuple(WhyTheme(themes=tuple(names), quotes=tuple(quotes)) for names, quotes in grouped),
        narrowed=tuple(_narrowed(one, name_of_source) for one in asked),
    )


def _narrowed(narrowed: Narrowed, name_of_source: Mapping[str, str]) -> str:
    """What it was narrowed by, as a phrase: `a child under 1 year (7 weeks)`, `in Port Lowen`."""
    asked = [words.clean(one) for one in narrowed.asked]
    found = [words.clean(one) for one in narrowed.found if one] or asked
    if narrowed.by == "age":
        return _aged(asked, [words.clean(one) for one in narrowed.found])
    if narrowed.by == "outcome":
        return f"{OUTCOME}{any_of(words.VALUES.get(one, one) for one in found)}"
    if narrowed.by == "review_type":
        named = (next((name for kind, name in KINDS.items() if kind == one), one) for one in found)
        return f"type: {any_of(named)}"
    if narrowed.by == "source":
        return f"seen at {any_of(words.clean(name_of_source.get(one, one)) for one in found)}"
    return f"in {any_of(found)}"


def _aged(asked: Iterable[str], found: list[str]) -> str:
    """`a child under 1 year (7 weeks)`."""
    ages = list(dict.fromkeys(found))
    named = listed([*ages[:AGES_NAMED], "others"] if len(ages) > AGES_NAMED else ages)
    bound = any_of(_bound(one) for one in asked)
    return f"a child {bound} ({named})" if named else f"a child {bound}"


def _bound(asked: str) -> str:
    """A bound on an age in words: `under 1 year`, `of 10 years or more`, `of 1 to 5 years`."""
    try:
        bound = parse_age(asked)
    except ValueError:  # kept from before, and no bound any more
        return f"of {asked}"

    def long(count: int) -> str:
        return f"{count} {bound.unit}{'' if count == 1 else 's'}"

    if bound.low is None:
        return f"{'up to' if bound.high_in else 'under'} {long(bound.high or 0)}"
    if bound.high is None:
        return f"of {long(bound.low)} or more" if bound.low_in else f"over {long(bound.low)}"
    return f"of {f'{bound.low} to ' if bound.low != bound.high else ''}{long(bound.high)}"


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


def _quoted_from(review: Review, evidence: Evidence) -> str:
    """The quote, with `…` at an end that stands in the middle of a sentence of the record."""
    whole = words.clean(evidence.quote)
    quote = words.cut(whole, LONGEST_QUOTE)[0]
    before, after = _around(review, evidence.field, whole)
    start = "" if STARTS_AFTER.search(before.rstrip(OPENING).rstrip()) else "…"
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
