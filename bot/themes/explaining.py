"""Why a text carries a theme, or nearly: the phrases that were found, what each counts, and what bars it.

It asks the matcher and repeats none of its rules: each phrase that was found and not counted is put to the
matcher again, by itself and with one rule after another lifted, and the rule that made the difference is why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.models import Evidence, Review
from bot.themes.matcher import ENOUGH, Hit, counted, find, is_named, parts_of, stated_ages
from bot.themes.phrases import Phrase, Strength
from bot.themes.quotes import quote
from bot.themes.vocabulary import FIELDS, STRENGTHS, ThemeEntry, Vocabulary, entries_of, phrases_in

# What bars a phrase: the field that it stands in, the name of a body around it, a denial, a `not` phrase, or
# another that was counted.
Bar = Literal["field", "named", "denied", "excluded", "repeated"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spotted:
    """A phrase of the vocabulary, as written there, and the `words` that it was found in.

    `worth`: what it counts, 0 where something bars it (`bar`). `by`: the `not` phrase that excludes it.
    `only_in`: the fields where it counts.
    """

    phrase: str
    strength: Strength
    field: str
    words: str
    quote: str
    worth: float = 0.0
    bar: Bar | None = None
    by: str = ""
    only_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A phrase as the vocabulary has it, and the fields that it is limited to by itself."""

    phrase: str
    only_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What was found of one theme. It is carried from a `worth` of ENOUGH up, or by a stated age."""

    theme: ThemeEntry
    counted: tuple[Spotted, ...]
    barred: tuple[Spotted, ...]
    ages: tuple[Evidence, ...] = ()

    @property
    def worth(self) -> float:
        return sum(one.worth for one in self.counted)

    @property
    def carried(self) -> bool:
        return bool(self.ages) or self.worth >= ENOUGH


def explain(review: Review, vocabulary: Vocabulary) -> tuple[Explanation, ...]:
    """Each theme of which the review has at least a phrase or an age, in the vocabulary's order.

    Those that are `carried` are the ones that `tag` gives.
    """
    parts = parts_of(review)
    found = find(parts, vocabulary)
    explanations: list[Explanation] = []
    for entry in vocabulary.themes:
        hits = found.get(entry.id, [])
        ages = stated_ages(review, entry, parts)
        if ages or any(hit.phrase.strength != "not" for hit in hits):
            explanations.append(_explained(entry, hits, ages))
    return tuple(explanations)


def _explained(entry: ThemeEntry, hits: Sequence[Hit], ages: tuple[Evidence, ...]) -> Explanation:
    counting = counted(hits, entry)
    known = {id(hit) for hit in counting}
    barred = [
        _spotted(hit, entry, *_barred(hit, hits, entry))
        for hit in hits
        if hit.phrase.strength != "not" and id(hit) not in known
    ]
    return Explanation(
        theme=entry,
        counted=tuple(_spotted(hit, entry) for hit in counting),
        barred=tuple(dict.fromkeys(barred)),
        ages=ages,
    )


def _spotted(hit: Hit, entry: ThemeEntry, bar: Bar | None = None, by: str = "") -> Spotted:
    text = hit.part.text
    return Spotted(
        phrase=hit.phrase.text,
        strength=hit.phrase.strength,
        field=hit.part.field,
        words=text.text[text.starts[hit.first] : text.ends[hit.after - 1]],
        quote=quote(text, hit.first, hit.after),
        worth=0.0 if bar else hit.worth,
        bar=bar,
        by=by,
        only_in=_fields(hit.phrase, entry),
    )


def _barred(hit: Hit, hits: Sequence[Hit], entry: ThemeEntry) -> tuple[Bar, str]:
    """The first rule that bars this phrase, were it alone; and the `not` phrase, where it is one."""
    if not counted([hit], replace(entry, deniable=False)):
        return "field", ""
    if not counted([hit], entry):
        return ("named" if is_named(hit) else "denied"), ""
    for other in hits:
        if other.phrase.strength == "not" and not counted([hit, other], entry):
            return "excluded", other.phrase.text
    return "repeated", ""


def phrases_of(theme: str, vocabulary: Vocabulary) -> dict[Strength, tuple[Written, ...]]:
    """The phrases of a theme as they are written and in that order, by strength."""
    entry = entries_of(vocabulary.written)[theme]
    return {
        strength: tuple(_written(text, raw) for text, raw in phrases_in(entry, strength))
        for strength in STRENGTHS
    }


def _written(text: str, raw: object) -> Written:
    named = raw.get("in", ()) if isinstance(raw, Mapping) else ()
    return Written(phrase=text, only_in=tuple(str(field) for field in named))


def _fields(phrase: Phrase, entry: ThemeEntry) -> tuple[str, ...]:
    """Where a phrase of this theme counts."""
    limits = [set(limit) for limit in (phrase.fields, entry.only_in) if limit]
    return tuple(field for field in FIELDS if all(field in limit for limit in limits))
