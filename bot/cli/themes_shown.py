"""How `themes` says what it found: plain lines that read well at 80 columns and without colour."""

from __future__ import annotations

import re
import shutil
import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.estimate import Brought, Estimate, pace, warnings
from bot.spoken import date_as_given
from bot.themes import ThemeEntry
from bot.themes.ages import AgeBound
from bot.themes.explaining import Explanation, Spotted, Written
from bot.themes.matcher import ENOUGH
from bot.themes.phrases import Strength

Tried = Mapping[str, Sequence[Explanation]]  # of each field that a text was tried in, what was found

# A field of a record, as what a text is there.
_PARTS = {
    "title": "a title",
    "keywords": "a keyword",
    "incident": "an incident",
    "learning": "a point of learning",
    "recommendations": "a recommendation",
    "actions": "an action",
    "background": "background",
    "good_practice": "good practice",
    "questions": "a question",
    "sections": "another section",
}
_STRENGTHS: Mapping[Strength, str] = {
    "strong": "Strong: one is enough where a review says what it is about",
    "weak": "Weak: it takes two different ones",
    "not": "Not: here the words mean something else",
}


class _Lines(textwrap.TextWrapper):
    """Lines end at spaces, and within a long phrase after the bar between two alternatives."""

    wordsep_simple_re = re.compile(r"(\s+|(?<=\|))")


def say(text: str, indent: int = 0, hanging: int = 0) -> None:
    """Lines no longer than the terminal is wide (80 where there is none), begun `indent` to the right."""
    lines = _Lines(
        width=max(min(shutil.get_terminal_size().columns, 100), 40),
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent + hanging),
        break_on_hyphens=False,
        break_long_words=False,
    )
    print(lines.fill(text))


# --- list ------------------------------------------------------------------------------------------------


def all_of_them(entries: Sequence[ThemeEntry], reviews: int | None, carried: Mapping[str, int]) -> None:
    """The themes by group: how many reviews carry each, its id and its name."""
    if reviews is None:
        print("There is no archive here yet, so no reviews are counted.")
    else:
        print(f"How many of the {reviews} reviews in the archive carry each theme:")
    widest = max(len(entry.id) for entry in entries)
    for group in dict.fromkeys(entry.group for entry in entries):
        print(f"\n{group}")
        for entry in entries:
            if entry.group == group:
                count = "" if reviews is None else carried[entry.id]
                say(f"{count:>5}  {entry.id:<{widest}}  {entry.name}", hanging=widest + 9)


def one(
    entry: ThemeEntry, phrases: Mapping[Strength, Sequence[Written]], reviews: int | None, carried: int
) -> None:
    """A theme with all that it looks for."""
    say(f"{entry.name} ({entry.id}), of the group {entry.group}")
    if reviews is not None:
        say(f"{carried} of the {reviews} reviews in the archive carry it.")
    if entry.only_in:
        say(f"It is looked for only in {_list(entry.only_in)}.")
    if entry.ages:
        say(f"A stated age {_bound(entry.ages)} makes it by itself.")
    if not entry.deniable:
        say("“No evidence of …” does not take it away: what was not done is what it is about.")
    for strength, says in _STRENGTHS.items():
        if phrases[strength]:
            print(f"\n{says}")
        for written in phrases[strength]:
            only = f" (only in {_list(written.only_in)})" if written.only_in else ""
            say(f"{written.phrase}{only}", indent=4, hanging=4)


def _bound(bound: AgeBound) -> str:
    if bound.low is not None and bound.high is not None:
        return f"from {bound.low} to {bound.high} {bound.unit}s"
    low = "" if bound.low is None else f"{'from' if bound.low_in else 'over'} {bound.low} "
    high = "" if bound.high is None else f"{'up to' if bound.high_in else 'under'} {bound.high} "
    counted = bound.low if bound.high is None else bound.high
    return f"{low}{high}{bound.unit}{'' if counted == 1 else 's'}"


def _list(fields: Sequence[str]) -> str:
    return ", ".join(field.replace("_", " ") for field in fields)


# --- test ------------------------------------------------------------------------------------------------


def tried(found: Tried) -> None:
    """The themes that the text carries, with the phrases that found them; then those that it nearly does."""
    read_as = " and as ".join(_PARTS[field] for field in reversed(list(found)))
    other = "" if len(found) == 1 else "; `--field` reads it as one part"
    say(f"Read as {read_as}{other}.")
    best = _best(found)
    carried = [one for one in best.values() if one.carried]
    nearly = [one for one in best.values() if not one.carried]
    if not carried:
        print("\nIt carries no theme.")
    for one in carried:
        print(f"\n{one.theme.name} ({one.theme.id})")
        _not_everywhere(one, found)
        _spoken(one)
    if nearly:
        print("\nNearly, and why not")
    for one in nearly:
        count = f": {one.worth:g} of the {ENOUGH:g} that it takes" if one.worth else ""
        print(f"\n{one.theme.name} ({one.theme.id}){count}")
        _spoken(one)


def _best(found: Tried) -> dict[str, Explanation]:
    """Of each theme, the field in which it is carried, or is nearest to it; the first of equals."""
    best: dict[str, Explanation] = {}
    for explanations in found.values():
        for one in explanations:
            other = best.get(one.theme.id)
            if other is None or (one.carried, one.worth) > (other.carried, other.worth):
                best[one.theme.id] = one
    return best


def _not_everywhere(one: Explanation, found: Tried) -> None:
    """Says where a theme would not be found that is found in another of the fields."""
    for field, explanations in found.items():
        if any(other.carried for other in explanations if other.theme == one.theme):
            continue
        why = "There it counts too little"
        if one.theme.only_in and field not in one.theme.only_in:
            why = f"It is looked for only in {_list(one.theme.only_in)}"
        elif one.ages:
            why = "The age of a child is read from the incident"
        say(f"Not as {_PARTS[field]}. {why}.", indent=4)


def _spoken(one: Explanation) -> None:
    for age in one.ages:
        say(f"“{age.quote}”", indent=4, hanging=1)
        say(f"an age {_bound(one.theme.ages) if one.theme.ages else ''}, which makes it by itself", indent=6)
    quoted = ""
    told: set[tuple[str, str, str | None]] = set()
    for spotted in (*one.counted, *one.barred):
        same = (spotted.quote, spotted.words, spotted.bar)
        if same in told or (one.carried and spotted.bar == "repeated"):
            continue
        told.add(same)
        if spotted.quote != quoted:
            say(f"“{spotted.quote}”", indent=4, hanging=1)
            quoted = spotted.quote
        phrase = f"{spotted.strength} phrase `{spotted.phrase}`, in {spotted.field.replace('_', ' ')}"
        say(f"“{spotted.words}” {_counts(spotted)}: {phrase}", indent=6, hanging=2)
    if one.counted and not one.carried and all(spotted.strength == "weak" for spotted in one.counted):
        say("A weak phrase needs a different one beside it; said twice, it counts once.", indent=6)


def _counts(spotted: Spotted) -> str:
    """What a phrase counts, or why it does not."""
    if spotted.bar is None:
        return f"counts {spotted.worth:g}"
    return {
        "field": f"does not count here, only in {_list(spotted.only_in)}",
        "named": "does not count, for it is part of the name of a body",
        "denied": "does not count, for the sentence denies it",
        "excluded": f"does not count, for the not-phrase `{spotted.by}` says that something else is meant",
        "repeated": "adds nothing, for its words, or the same weak phrase, are counted already",
    }[spotted.bar]


def tried_as_record(found: Tried) -> dict[str, Any]:
    """By field, each theme that was found or nearly was, with its phrases."""
    return {
        "needed": ENOUGH,
        "read_as": {
            field: [
                {
                    "id": one.theme.id,
                    "name": one.theme.name,
                    "carried": one.carried,
                    "worth": one.worth,
                    "ages": [age.quote for age in one.ages],
                    "counted": [_record(spotted) for spotted in one.counted],
                    "not_counted": [
                        {**_record(spotted), "bar": spotted.bar, "by": spotted.by or None}
                        for spotted in one.barred
                    ],
                }
                for one in explanations
            ]
            for field, explanations in found.items()
        },
    }


def _record(spotted: Spotted) -> dict[str, Any]:
    names = ("phrase", "strength", "field", "words", "quote", "worth")
    return {name: getattr(spotted, name) for name in names}


# --- estimate --------------------------------------------------------------------------------------------


def estimated(name: str, made: Estimate, name_of: Callable[[str], str]) -> None:
    """How many, how often, what should be known of it, and each review with what brought it."""
    time = f"{date_as_given(made.since.isoformat())} to {date_as_given(made.until.isoformat())}"
    count = len(made.brought)
    often = f", {pace(made)}" if count else ""
    everything = "" if made.parts else " It asks for everything."
    say(f"{name} would have brought {count} of {made.reviews} reviews from {time}{often}.{everything}")
    for text in warnings(made):
        print()
        say(f"Note: {text}")
    if made.themes:
        print("\nBy theme")
    for theme, number in made.themes.items():
        say(f"{number:>5}  {name_of(theme)} ({theme})", hanging=7)
    if made.brought:
        print("\nReviews, newest first")
    days = {id(each): _day(each) for each in made.brought}
    widest = max(map(len, days.values()), default=0)
    for each in made.brought:
        review = each.known.review
        place = f", {review.place}" if review.place else ""
        gone = " (withdrawn since)" if review.status == "withdrawn" else ""
        say(f"{days[id(each)]:<{widest}}  {review.title}{place}{gone}", hanging=widest + 2)
        if brought_by := _brought_by(each, name_of):
            say(brought_by, indent=widest + 4, hanging=2)


def _day(one: Brought) -> str:
    published = one.known.review.published
    found = one.known.first_seen.date().isoformat()
    return date_as_given(published) if published else f"found {date_as_given(found)}"


def _brought_by(one: Brought, name_of: Callable[[str], str]) -> str:
    said = [name_of(reason.theme) for reason in one.reasons if reason.theme is not None]
    for reason in one.reasons:
        if reason.theme is None and reason.evidence:
            said.append(f"the words in “{textwrap.shorten(reason.evidence[0].quote, 80, placeholder=' …')}”")
    return "; ".join(said)


def estimate_as_record(name: str, made: Estimate) -> dict[str, Any]:
    return {
        "subscription": name,
        "since": made.since.isoformat(),
        "until": made.until.isoformat(),
        "reviews": made.reviews,
        "brought": len(made.brought),
        "per_month": round(made.per_month, 1),
        "warnings": list(warnings(made)),
        "themes": made.themes,
        "undated": made.undated,
        "undated_brought": made.undated_brought,
        "titles": [
            {
                "id": one.known.id,
                "title": one.known.review.title,
                "place": one.known.review.place,
                "published": one.known.review.published,
                "counted_on": one.on.isoformat(),
                "status": one.known.review.status,
                "themes": [reason.theme for reason in one.reasons if reason.theme is not None],
                "words": [
                    proof.quote for reason in one.reasons if reason.theme is None for proof in reason.evidence
                ],
            }
            for one in made.brought
        ],
    }
