"""Which way of finding themes does best on reviews that were held back from its making.

    python -m tests.themes.methods [CORPUS ...]

Every way is measured on the labelled reviews of tests/themes/labelled.py (and of each CORPUS: another folder of
pages with their `expected.json`). What is learned from labels is learned eight times over, each time without an
eighth of the pages, and measured on those; so no page is judged by what was learned from it. The phrases were
written by hand, with all labels in view but those of the reviews held back, which are shown apart.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from math import exp
from pathlib import Path

from bot.themes import Vocabulary
from bot.themes.explaining import Explanation, explain
from bot.themes.matcher import ENOUGH, record_values
from bot.themes.words import keys_of, passage
from bot.wiring import load_vocabulary
from tests.themes.labelled import HELD_BACK, IN_VIEW, UNSEEN, Count, Labelled, paged, recorded

FOLDS = 8
BARS = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0)  # of worth, from which a theme may be carried
GAIN = 2  # mistakes fewer that another bar must bring in training before it is believed
RARE = 4  # reviews of training that a word must stand in
TELLING = 60  # words a theme that are listened to
LEAST = 0.35
EPOCHS = 12
PULL = 0.002


@dataclass(frozen=True, eq=False)
class Case:
    """A labelled review with all that the ways look at."""

    one: Labelled
    vocabulary: Vocabulary

    @cached_property
    def explained(self) -> dict[str, Explanation]:
        return {found.theme.id: found for found in explain(self.one.review, self.vocabulary)}

    @cached_property
    def carried(self) -> frozenset[str]:
        return frozenset(id for id, found in self.explained.items() if found.carried)

    @cached_property
    def words(self) -> frozenset[str]:
        values = (passage(value) for _, _, value in record_values(self.one.review))
        return frozenset(keys[0] for value in values for keys in value.keys)


Finder = Callable[[Case], frozenset[str]]
Way = Callable[[Sequence[Case]], Finder]  # the cases of training -> what finds the themes of a case


def untaught(finder: Finder) -> Way:
    """A way that learns nothing."""
    return lambda _: finder


def names(case: Case) -> frozenset[str]:
    """A keyword alert: every word of the theme's name stands in the review."""
    return frozenset(
        theme.id
        for theme in case.vocabulary.themes
        if all(keys_of(word)[0] in case.words for word in theme.name.lower().split() if len(word) > 3)
    )


def any_phrase(case: Case) -> frozenset[str]:
    """Any phrase of the vocabulary, weak or strong, in any field, denied or not."""
    return frozenset(
        id for id, found in case.explained.items() if found.counted or found.barred or found.ages
    )


def any_strong(case: Case) -> frozenset[str]:
    """Any strong phrase, in any field, denied or not."""
    return frozenset(
        id
        for id, found in case.explained.items()
        if found.ages or any(one.strength == "strong" for one in (*found.counted, *found.barred))
    )


def weighed(case: Case) -> frozenset[str]:
    """What the bot does: phrases weighed by strength and field, denials heard, ages used."""
    return case.carried


def barred(training: Sequence[Case]) -> Finder:
    """What the bot does, with the bar of each theme learned."""
    bars: dict[str, float] = {}
    for theme in training[0].vocabulary.ids:
        judged = [
            (case.explained.get(theme), theme in case.one.core)
            for case in training
            if theme not in case.one.also
        ]
        wrong = {
            bar: sum(
                (found is not None and (bool(found.ages) or found.worth >= bar)) != has
                for found, has in judged
            )
            for bar in BARS
        }
        best = min(BARS, key=lambda bar: (wrong[bar], abs(bar - ENOUGH)))
        bars[theme] = best if wrong[best] + GAIN <= wrong[ENOUGH] else ENOUGH
    return lambda case: frozenset(
        id for id, found in case.explained.items() if found.ages or found.worth >= bars[id]
    )


def learned(*, words: bool) -> Way:
    """Logistic regression, theme by theme: on the worth of the phrases, and on the most telling words if asked.

    Of the words only those that many reviews share are listened to. A theme is given from a chance of LEAST up:
    what is `also` costs nothing, so that a lower one than a half is right.
    """

    def teach(training: Sequence[Case]) -> Finder:
        common = Counter(word for case in training for word in case.words)
        heard = frozenset(word for word, count in common.items() if count >= RARE)
        weights: dict[str, dict[str, float]] = {}
        for theme in training[0].vocabulary.ids:
            judged = [case for case in training if theme not in case.one.also]
            telling = _telling(theme, judged, heard) if words else frozenset()
            rows = [(_features(case, theme, telling), theme in case.one.core) for case in judged]
            weights[theme] = _fit(rows)
        return lambda case: frozenset(
            theme
            for theme, own in weights.items()
            if _chance(own, _features(case, theme, own.keys())) >= LEAST
        )

    return teach


def _features(case: Case, theme: str, known: Set[str]) -> dict[str, float]:
    found = case.explained.get(theme)
    worth = min(found.worth + (4 if found.ages else 0), 6.0) if found else 0.0
    features = {"the worth": worth / 2, "is carried": 2.0 * (worth >= ENOUGH), "any": 1.0}
    return features | dict.fromkeys(case.words & known, 0.5)


def _telling(theme: str, judged: Sequence[Case], heard: frozenset[str]) -> frozenset[str]:
    """The words that stand in more of the reviews that have the theme than chance would have it, or in fewer."""
    having = [case for case in judged if theme in case.one.core]
    yes = Counter(word for case in having for word in case.words & heard)
    every = Counter(word for case in judged for word in case.words & heard)
    share = len(having) / len(judged)
    surprise = {
        word: abs(yes[word] - count * share) / (count * share + 1) ** 0.5 for word, count in every.items()
    }
    return frozenset(sorted(surprise, key=lambda word: (-surprise[word], word))[:TELLING])


def _chance(weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    total = sum(weights.get(name, 0.0) * value for name, value in features.items())
    return 1 / (1 + exp(-max(-30.0, min(30.0, total))))


def _fit(rows: Sequence[tuple[Mapping[str, float], bool]]) -> dict[str, float]:
    """Weights by AdaGrad, with a small pull towards a start that trusts the phrases."""
    start = {"any": -2.5, "the worth": 0.3, "is carried": 1.4}
    weights = defaultdict(float, start)
    seen: defaultdict[str, float] = defaultdict(lambda: 1e-6)
    for _ in range(EPOCHS):
        for features, has in rows:
            error = _chance(weights, features) - has
            for name, value in features.items():
                slope = error * value + PULL * (weights[name] - start.get(name, 0.0))
                seen[name] += slope * slope
                weights[name] -= 0.3 * slope / seen[name] ** 0.5
    return dict(weights)


WAYS: dict[str, Way] = {
    "the words of the theme's name": untaught(names),
    "any phrase anywhere": untaught(any_phrase),
    "any strong phrase anywhere": untaught(any_strong),
    "phrases weighed (the bot)": untaught(weighed),
    "  with a learned bar a theme": barred,
    "  with learned weights": learned(words=False),
    "  with learned weights and words": learned(words=True),
}


def crossed(way: Way, cases: Sequence[Case]) -> dict[Case, frozenset[str]]:
    """What the way finds in each case, learned from the pages of the other folds."""
    folds = {page: number % FOLDS for number, page in enumerate(sorted({case.one.page for case in cases}))}
    found: dict[Case, frozenset[str]] = {}
    for fold in range(FOLDS):
        finder = way([case for case in cases if folds[case.one.page] != fold])
        found |= {case: finder(case) for case in cases if folds[case.one.page] == fold}
    return found


def counted(found: Iterable[tuple[Case, frozenset[str]]]) -> Count:
    count = Count()
    for case, themes in found:
        count.add(case.one, themes)
    return count


def _row(name: str, figures: tuple[float, float, float]) -> str:
    return f"{name:36}" + "".join(f"{figure:11.3f}" for figure in figures)


def main(folders: Sequence[Path]) -> None:
    vocabulary = load_vocabulary()
    groups = {
        "reviews held back": recorded(HELD_BACK),
        "reviews in view": recorded(IN_VIEW),
        "pages in view": paged(UNSEEN),
        **{f"{folder.name}, in view": paged(folder) for folder in folders},
    }
    cases = {name: [Case(one, vocabulary) for one in group] for name, group in groups.items()}
    results = {name: crossed(way, [*chain(*cases.values())]) for name, way in WAYS.items()}
    head = f"{'precision':>11}{'recall':>11}{'F1':>11}"
    for group, chosen in cases.items():
        print(f"{group + f' ({len(chosen)})':36}{head}")
        for name, found in results.items():
            print(_row(name, counted((case, found[case]) for case in chosen).figures()))
        print()
    found = results["phrases weighed (the bot)"]
    every = counted(found.items())
    print(f"{'by theme, all':36}{head}{'cases':>8}")
    for theme in every.themes():
        print(_row(theme, every.figures(theme)) + f"{every.right[theme] + every.missed[theme]:8}")


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]])
