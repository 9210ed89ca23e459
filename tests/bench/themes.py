"""What finding themes and readers costs, as ratios to the plain way of doing it, and how that grows.

- `themes`: reviews of 2 kB against all themes, with their proofs; against one compiled regular expression of all
  phrases, each up to its first gap, over the same values. The expression is told less and gives less: it knows no
  other form of a word, no `...`, no `not`, only the first of two phrases that overlap, and it quotes nothing.
- `criteria`: 10,000 distinct criteria against one new review, with the reasons; against a loop over all of them
  that looks for plain words in plain text, and notes the reasons without proofs. Making the index is not
  counted, and is printed. A new review is one of the twenty longest that were invented as a whole.

The reviews for tagging are of 2 kB, made of values of the tests' invented pages, drawn with a seed: they carry
half as many themes again as a real one of that length, which is to our disadvantage.
"""

from __future__ import annotations

import json
import math
import random
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from ruamel.yaml import YAML

import bot.themes
from bot.criteria import CriteriaIndex, parse_age
from bot.models import Criteria, Facts, Review, Theme
from bot.themes import Vocabulary, parse_vocabulary, tag
from bot.themes.matcher import record_values
from tests.bench.reading import LEAST_NOISE, timed

# How many times as long as the plain way each may take. Raise one only with a reason in the commit.
MOST = {"themes": 0.25, "criteria": 1.2}
STEEPEST = 1.25  # exponent of growth: 1 is twice the time for twice the work

REVIEWS, LETTERS, CRITERIA = 1_000, 2_000, 10_000
ROUND, SHARE = 100, 20  # reviews that are timed at once; of them, those that the expression is tried on
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


def exponent(sizes: Sequence[float], seconds: Sequence[float]) -> float:
    """The slope of time by size, both as logarithms."""
    x, y = [math.log(size) for size in sizes], [math.log(spent) for spent in seconds]
    middle, centre = sum(x) / len(x), sum(y) / len(y)
    rise = sum((a - middle) * (b - centre) for a, b in zip(x, y, strict=True))
    return rise / sum((a - middle) ** 2 for a in x)


def spent(work: Callable[[list[Review]], int], batch: list[Review]) -> float:
    """Processor seconds of the work."""
    start = time.process_time()
    work(batch)
    return time.process_time() - start


def grown(name: str, sizes: Sequence[int], seconds: Sequence[float]) -> list[str]:
    """Prints how the time grows; gives a line where that is too steep."""
    slope = exponent(sizes, seconds)
    row = ", ".join(f"{size:,}: {1000 * took:.1f} ms" for size, took in zip(sizes, seconds, strict=True))
    print(f"  {name}: {row}; exponent {slope:.2f} (most {STEEPEST})")
    return [f"{name}: grows with exponent {slope:.2f}, the most is {STEEPEST}"] if slope > STEEPEST else []


def compare(name: str, ratio: float, noise: float) -> list[str]:
    most, noise = MOST[name], max(LEAST_NOISE, noise)
    if ratio <= most * (1 + noise):
        return []
    return [f"{name}: {ratio:.2f} times the plain way, the most is {most} and the noise {noise:.0%}"]


def tagging() -> list[str]:
    mapping, vocabulary = shipped()
    expression = one_expression(vocabulary, mapping["sets"])

    def ours(batch: list[Review]) -> int:
        return sum(len(tag(review, vocabulary)) for review in batch)

    def plain(batch: list[Review]) -> int:
        values = (value.lower() for review in batch[:SHARE] for _, _, value in record_values(review))
        return sum(1 for value in values for _ in expression.finditer(value))

    made = reviews(REVIEWS, LETTERS)
    mine, other = timed([made[at : at + ROUND] for at in range(0, REVIEWS, ROUND)], [ours, plain])
    many, ratio = REVIEWS // ROUND, mine.median / other.median / ROUND * SHARE
    print(f"{'1,000 reviews of 2 kB, all themes, proofs':46} {many * mine.median:15.3f} s CPU, "
          f"{len(vocabulary.index.phrases)} phrases, {mine.count / ROUND:.0f} themes in each")  # fmt: skip
    print(f"  {'one regular expression over them':44} {many * other.median * ROUND / SHARE:15.3f} s CPU, "
          f"{other.count / SHARE:.0f} found in each, {ratio:.2f} x (most {MOST['themes']})")  # fmt: skip
    counts, lengths = (250, 500, 1_000), (1_000, 2_000, 4_000)
    by_length = [reviews(250, length) for length in lengths]
    return [
        *compare("themes", ratio, max(mine.spread, other.spread)),
        *grown("by reviews", counts, [spent(ours, made[:count]) for count in counts]),
        *grown("by letters, 250 reviews", lengths, [spent(ours, batch) for batch in by_length]),
    ]


def matching() -> list[str]:
    _, vocabulary = shipped()
    new = [(review, tag(review, vocabulary)) for review in whole_reviews(21)]
    sizes = (CRITERIA // 10, CRITERIA, 10 * CRITERIA)
    wanted = criteria(sizes[-1], vocabulary.ids)
    seconds: list[float] = []
    above: list[str] = []
    for size in sizes:
        asked = dict(list(wanted.items())[:size])
        start = time.process_time()
        index = CriteriaIndex(asked)
        building = time.process_time() - start

        def ours(one: tuple[Review, tuple[Theme, ...]], index: CriteriaIndex = index) -> int:
            return len(index.matches(*one, ("source-7",)))

        def plain(one: tuple[Review, tuple[Theme, ...]], asked: dict[str, Criteria] = asked) -> int:
            return looped(asked, one[0], {theme.id for theme in one[1]}, "source-7")

        mine, other = timed(new if size <= CRITERIA else new[:6], [ours, plain])
        seconds.append(mine.median)
        if size == CRITERIA:
            ratio = mine.median / other.median
            print(f"{'10,000 criteria against one review':46} {mine.count:6} {mine.median:8.4f} s CPU, "
                  f"index made in {building:.2f} s")  # fmt: skip
            print(f"  {'a loop over all of them':44} {other.count:6} {other.median:8.4f} s CPU, "
                  f"{ratio:.2f} x (most {MOST['criteria']})")  # fmt: skip
            above = compare("criteria", ratio, max(mine.spread, other.spread))
    return [*above, *grown("by criteria", sizes, seconds)]


def main() -> list[str]:
    """Gives a line for each ratio or growth that is above its most by more than the noise."""
    return [*tagging(), *matching()]
