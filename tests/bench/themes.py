"""What finding themes and readers costs, as ratios to the plain way of doing it, and how that grows.

- `themes`: reviews of 2 kB against all themes, with their proofs; against one compiled regular expression of all
  phrases, each up to its first gap, over the same values. The expression is told less and gives less: it knows no
  other form of a word, no `...`, no `not`, only the first of two phrases that overlap, and it quotes nothing.
- `criteria`: 10,000 distinct criteria against one new review, with the reasons; against a loop over all of them
  that looks for plain words in plain text, and notes the reasons without proofs. Making the index is not
  counted. The new reviews are the twenty longest that were invented as a whole.

The reviews for tagging are of 2 kB, made of values of the tests' invented pages, drawn with a seed: they carry
half as many themes again as a real one of that length, which is to our disadvantage.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from ruamel.yaml import YAML

import bot.themes
from bot.criteria import CriteriaIndex
from bot.models import Criteria, Facts, Review, Theme
from bot.themes import Vocabulary, parse_vocabulary, tag
from bot.themes.ages import parse_age
from bot.themes.matcher import record_values
from tests.bench.findings import Finding, Ratio, growth
from tests.bench.measuring import in_turns

REVIEWS, LETTERS, CRITERIA = 1_000, 2_000, 10_000
COUNTS, LENGTHS, ASKED = (
    (250, 500, 1_000),
    (1_000, 2_000, 4_000),
    (1_000, CRITERIA, 100_000),
)  # for the growth
ROUND, SHARE = 100, 10  # reviews that are timed at once; of them, those that the expression is tried on
TESTS = Path(__file__).parents[1]
LISTS = ("learning", "recommendations", "actions", "good_practice", "questions", "keywords")
OFTEN = (6, 5, 1, 1, 1, 1)  # how often a value of each is drawn
AGES = ("< 1 year", "1-4 years", "< 5 years", "11-17 years", ">= 16 years")
WORDS = (
    "sofa", "health visitor", "bed sharing", "dentist", "home visit", "interpreter", "school nurse", "dog",
    "cannabis", "grandmother", "swimming", "hospital", "pre-birth assessment", "housing officer", "mother",
)  # fmt: skip
STARTS = ("Ash", "Barn", "Cor", "Dun", "Elm", "Fal", "Glen", "Hal", "Kes", "Lan", "Mar", "Nor", "Oak", "Pen")
PLACES = tuple(start + end for start in STARTS for end in ("ford", "wick", "mouth", "shire", "stead", "dale"))
KINDS = ("lcspr", "scr", "cpr")
Tagged = tuple[Review, tuple[Theme, ...]]
_TOKEN = re.compile(r"\([^()]*\)\??|<[^<>]*>|\.\.\.|~|[^\s()<>~]+")


def invented() -> list[dict[str, Any]]:
    """The records of the tests' invented pages, as JSON has them."""
    files = sorted((*TESTS.glob("corpus/*/expected.json"), *TESTS.glob("unseen/*/expected.json")))
    return [record for file in files for record in json.loads(file.read_text("utf-8")).get("reviews", ())]


def reviews(count: int, letters: int, seed: int = 1) -> list[Review]:
    """Reviews of about so many letters, whose values are drawn from all invented ones."""
    draw, records = random.Random(seed), invented()
    pools = {name: [value for record in records for value in record[name]] for name in LISTS}
    told = [record for record in records if record["incident"]]
    made: list[Review] = []
    for _ in range(count):
        first = draw.choice(told)
        values: dict[str, list[str]] = {name: [] for name in LISTS}
        left = letters - len(first["title"]) - len(first["incident"]) - len(first["background"])
        while left > 0:
            name = draw.choices(LISTS, OFTEN)[0]
            values[name].append(draw.choice(pools[name] or pools["learning"]))
            left -= len(values[name][-1])
        made.append(_review(first | values, f"{draw.choice(PLACES)} Safeguarding Children Partnership"))
    return made


def whole_reviews(count: int) -> list[Review]:
    """The longest invented reviews, as they are."""
    longest = sorted(invented(), key=lambda record: len(json.dumps(record)), reverse=True)
    return [_review(record, PLACES[at % len(PLACES)]) for at, record in enumerate(longest[:count])]


def _review(record: Mapping[str, Any], place: str) -> Review:
    facts = Facts(ages=tuple(record["facts"].get("ages", ())), outcome=record["facts"].get("outcome"))
    return Review(
        title=record["title"],
        place=place,
        review_type="lcspr",
        incident=record["incident"],
        background=record["background"],
        facts=facts,
        learning=tuple(record["learning"]),
        recommendations=tuple(record["recommendations"]),
        actions=tuple(record["actions"]),
        good_practice=tuple(record["good_practice"]),
        questions=tuple(record["questions"]),
        keywords=tuple(record["keywords"]),
    )


def shipped() -> tuple[Mapping[str, Any], Vocabulary]:
    file = Path(bot.themes.__file__).with_name("vocabulary.yaml")
    mapping = cast("Mapping[str, Any]", YAML(typ="safe").load(file.read_text("utf-8")))
    return mapping, parse_vocabulary(mapping)


def one_expression(vocabulary: Vocabulary, sets: Mapping[str, Sequence[str]]) -> re.Pattern[str]:
    """All phrases as one regular expression for lower case, the longest first, each up to its first gap.

    Each alternative of a first word is a branch that begins with its letters: Python passes those over quickly.
    """
    branches: set[str] = set()
    for phrase in vocabulary.index.phrases:
        tokens = _TOKEN.findall(phrase.text.lower())
        gap = min((tokens.index(mark) for mark in ("...", "~") if mark in tokens), default=len(tokens))
        rest = "".join(rf"[\s-]+(?:{'|'.join(_words(token, sets))})" for token in tokens[1:gap])
        branches.update(first + rest for first in _words(tokens[0], sets))
    return re.compile(rf"\b(?:{'|'.join(sorted(branches, key=len, reverse=True))})\b")


def _words(token: str, sets: Mapping[str, Sequence[str]]) -> list[str]:
    """The words that a part of a phrase stands for, to be put into an expression."""
    words: list[str] = []
    for word in token.removesuffix("?").strip("()").split("|"):
        words.extend(sets[word.strip("<>")] if word.startswith("<") else (word,))
    return [re.escape(word.replace("=", "").lower()) for word in words]


def criteria(count: int, ids: Sequence[str], seed: int = 1) -> dict[str, Criteria]:
    """Distinct criteria as readers have them: most on themes, some on words, many with a place or an age."""
    draw = random.Random(seed)
    made: dict[Criteria, None] = {}
    while len(made) < count:
        one = _asked(draw, ids)
        one = replace(
            one,
            themes_none=_some(draw, ids, 2) if draw.random() < 0.2 else (),
            words_none=_some(draw, WORDS, 1) if draw.random() < 0.1 else (),
            place=_some(draw, PLACES, 3) if draw.random() < 0.3 else (),
            age=draw.choice(AGES) if draw.random() < 0.3 else None,
            outcome=(draw.choice(("death", "serious-harm")),) if draw.random() < 0.2 else (),
            review_type=_some(draw, KINDS, 2) if draw.random() < 0.1 else (),
            source=(f"source-{draw.randrange(150)}",) if draw.random() < 0.1 else (),
        )
        made[one] = None
    return {str(number): one for number, one in enumerate(made)}


def _asked(draw: random.Random, ids: Sequence[str]) -> Criteria:
    kind = draw.random()
    if kind < 0.65:
        return Criteria(themes_any=_some(draw, ids, 6))
    if kind < 0.75:
        return Criteria(themes_all=_some(draw, ids, 2))
    if kind < 0.9:
        return Criteria(words_any=_some(draw, WORDS, 3), themes_any=_some(draw, ids, 3))
    return Criteria(words_all=_some(draw, WORDS, 2))


def _some(draw: random.Random, values: Sequence[str], most: int) -> tuple[str, ...]:
    return tuple(draw.sample(values, draw.randint(1, most)))


def looped(wanted: Mapping[str, Criteria], review: Review, carried: set[str], source: str) -> int:
    """How many criteria ask for the review, each looked at in the plainest way, the reasons noted."""
    text = " ".join(value for _, _, value in record_values(review)).casefold().replace("-", " ")
    place = (review.place or "").casefold()
    bounds = {age: any(parse_age(age).admits(stated) for stated in review.facts.ages) for age in AGES}
    found: list[tuple[str, list[str], list[str]]] = []
    for name, one in wanted.items():
        if _asks(one, review, carried, source, text, place, bounds):
            themes = [id for id in (*one.themes_any, *one.themes_all) if id in carried]
            found.append((name, themes, [word for word in (*one.words_any, *one.words_all) if word in text]))
    return len(found)


def _asks(
    one: Criteria,
    review: Review,
    carried: set[str],
    source: str,
    text: str,
    place: str,
    bounds: dict[str, bool],
) -> bool:
    return (
        (not one.themes_any or not carried.isdisjoint(one.themes_any))
        and carried.issuperset(one.themes_all)
        and carried.isdisjoint(one.themes_none)
        and (not one.words_any or any(word in text for word in one.words_any))
        and all(word in text for word in one.words_all)
        and not any(word in text for word in one.words_none)
        and (one.age is None or bounds[one.age])
        and (not one.place or any(area.casefold() in place for area in one.place))
        and (not one.outcome or review.facts.outcome in one.outcome)
        and (not one.review_type or review.review_type in one.review_type)
        and (not one.source or source in one.source)
    )


def tagging() -> Iterator[Finding]:
    mapping, vocabulary = shipped()
    expression = one_expression(vocabulary, mapping["sets"])

    def ours(batch: Sequence[Review]) -> None:
        for review in batch:
            tag(review, vocabulary)

    def plain(batch: Sequence[Review]) -> None:
        for review in batch:
            for _, _, value in record_values(review):
                expression.findall(value.lower())

    made = reviews(REVIEWS, LETTERS)
    hundreds = [made[at : at + ROUND] for at in range(0, REVIEWS, ROUND)]
    mine = in_turns({"themes of a review of 2 kB": ours}, hundreds, count=ROUND)
    theirs = in_turns({"one regular expression of all phrases": plain}, [made[:SHARE]] * 3, count=SHARE)
    (tagged,), (searched,) = mine.values(), theirs.values()
    yield Ratio(name="themes of a review", ours=tagged, baseline=searched)
    yield growth("themes, by reviews", COUNTS, (_spent(ours, made[:count]) for count in COUNTS))
    yield growth("themes, by length", LENGTHS, (_spent(ours, reviews(250, long)) for long in LENGTHS))


def _spent(work: Callable[[Sequence[Review]], object], batch: Sequence[Review]) -> float:
    (taken,) = in_turns({"": work}, [batch] * 2).values()
    return taken.best


def matching() -> Iterator[Finding]:
    _, vocabulary = shipped()
    new = [(review, tag(review, vocabulary)) for review in whole_reviews(20)]
    wanted = criteria(ASKED[-1], vocabulary.ids)
    seconds: list[float] = []
    for size in ASKED:
        asked = dict(list(wanted.items())[:size])
        index = CriteriaIndex(asked)

        def ours(some: Sequence[Tagged], index: CriteriaIndex = index) -> None:
            for review, themes in some:
                index.matches(review, themes, ("source-7",))

        def plain(some: Sequence[Tagged], asked: dict[str, Criteria] = asked) -> None:
            for review, themes in some:
                looped(asked, review, {theme.id for theme in themes}, "source-7")

        name, loop = f"a review against {size:,} criteria", "a plain loop over them"
        taken = in_turns({name: ours, loop: plain}, [new] * 4, count=len(new))
        seconds.append(taken[name].best)
        if size == CRITERIA:
            yield Ratio(name=name, ours=taken[name], baseline=taken[loop])
    yield growth("a review, by criteria", ASKED, seconds)


def findings() -> Iterator[Finding]:
    yield from tagging()
    yield from matching()
