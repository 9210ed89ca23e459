"""Themes of one's own in subscriptions.yaml: what entries mean, and each mistake at its line."""

from __future__ import annotations

import re
from pathlib import Path

import jsonschema
import pytest
from ruamel.yaml import YAML

from bot.config import own_themes, subscriptions_schema
from bot.config.subscriptions import subscriptions_of
from bot.errors import ConfigError
from bot.models import Review
from bot.themes import tag
from bot.themes.own import extended
from tests.config.vocabularies import vocabulary_of
from tests.house import VOCABULARY

ROOT = Path(__file__).parents[2]

SHIPPED = vocabulary_of("neglect", "infants")

FILE = """\
subscriptions:
  - id: all
    to: [lead@example.org]
    digest: immediately
themes:
"""

WATER = """\
  - id: water-safety
    name: Water safety
    strong: [drowning, "fell ... water", {phrase: pool, in: [title, incident]}]
    weak: [swimming]
    not: [swimming lesson]
    ages: "< 5 years"
  - id: neglect
    strong: [hoarding]
    mute: [near  neglect]
"""


def problems_of(added: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        subscriptions_of(FILE + added + "\n", SHIPPED)
    return [str(problem) for problem in caught.value.problems]


def test_an_entry_means_what_it_says() -> None:
    assert subscriptions_of(FILE + WATER, SHIPPED).themes == (
        {
            "id": "water-safety",
            "name": "Water safety",
            "strong": ["drowning", "fell ... water", {"phrase": "pool", "in": ["title", "incident"]}],
            "weak": ["swimming"],
            "not": ["swimming lesson"],
            "ages": "< 5 years",
        },
        {"id": "neglect", "strong": ["hoarding"], "mute": ["near neglect"]},
    )


def test_a_subscription_asks_for_a_theme_of_ones_own_as_for_any() -> None:
    text = (FILE + WATER).replace(
        "digest: immediately", "digest: immediately\n    themes: {any: [water-safety]}"
    )
    assert subscriptions_of(text, SHIPPED).subscriptions[0].criteria.themes_any == ("water-safety",)


def test_an_editor_takes_them_too() -> None:
    schema = subscriptions_schema(SHIPPED.ids)
    text = (
        FILE.replace("digest: immediately", "digest: immediately\n    themes: {any: [water-safety]}") + WATER
    )
    content = YAML(typ="safe", pure=True).load(text)
    jsonschema.validate(content, schema)
    content["themes"][0]["strong"].append({"in": ["title"]})
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(content, schema)


# What stands below `themes:` (from line 6 on), and the one line that it gives.
WRONG = [
    ("  - {id: neglct, strong: [hoard]}", "6: themes[neglct].id: no theme `neglct` ships; did you mean `neglect`?"),
    ("  - {id: water, strong: [pool]}", "6: themes[water].name: is missing: no theme `water` ships, and a theme of your own needs a name"),
    ("  - id: water\n    name: Water", "6: themes[water]: has no phrases; write some, such as `strong: [drowning]`"),
    ("  - id: water\n    name: Water\n    weak: [swim]", "8: themes[water].weak: is one phrase alone, which is never enough"),
    ("  - {id: water, name: W, strong: [pond],\n    mute: [b]}", "7: themes[water].mute: takes phrases from a theme that ships, and this is one of your own"),
    ("  - {id: water, name: W, strong: [pond], ages: young}", "6: themes[water].ages: 'young' is no bound on an age; write it like '< 1 year'"),
    ("  - {id: Water Safety, name: W, strong: [pond]}", "6: themes[Water Safety].id: should be small letters, digits and hyphens, such as `water-safety`"),
    ("  - id: neglect", "6: themes[neglect].id: changes nothing: `neglect` ships; add phrases to it or mute some"),
    ("  - id: neglect\n    mute:\n      - far neglect", "8: themes[neglect].mute[1]: `far neglect` is no phrase of `neglect` as it ships; did you mean `near neglect`?"),
    ("  - id: neglect\n    mute: [xyzzy]", "7: themes[neglect].mute[1]: `xyzzy` is no phrase of `neglect` as it ships; `learning-bot themes list neglect` shows them all"),
    ("  - id: neglect\n    mute: [near neglect, about neglect]", "7: themes[neglect].mute: leaves `neglect` without a phrase; keep one"),
    ("  - id: neglect\n    strong:\n      - hoard\n      - fell ...", "9: themes[neglect].strong[2]: `fell ...`: a phrase begins and ends with a word"),
    ("  - id: neglect\n    not: [(a|b]", "7: themes[neglect].not[1]: `(a|b`: brackets close, and do not nest"),
    ("  - id: neglect\n    weak: [<babby> fell]", "7: themes[neglect].weak[1]: `<babby> fell`: there is no set <babby>; the sets are <baby>"),
    ("  - id: neglect\n    weak: [sea|river]", "7: themes[neglect].weak[1]: has a '|' outside brackets; write `(sea|river)`"),
    ("  - id: neglect\n    weak: [of the child]", "7: themes[neglect].weak[1]: has only words that nearly every review has"),
    ("  - id: neglect\n    weak: ['hoard*']", "7: themes[neglect].weak[1]: has a star in it, and needs none"),
    ("  - id: neglect\n    weak: ['!']", "7: themes[neglect].weak[1]: `!`: '!' has no word in it"),
    ("  - id: neglect\n    weak: [a ... b ... c ... d ... e ... f]", "7: themes[neglect].weak[1]: `a ... b ... c ... d ... e ... f`: '...' stands at most 4 times in a phrase"),
    ("  - id: neglect\n    weak: [" + 300 * "a" + "]", "7: themes[neglect].weak[1]: is longer than 200 characters"),
    ("  - id: neglect\n    weak: [{phrase: pond, in: [titel]}]", "7: themes[neglect].weak[1].in[1]: should be one of title, keywords, incident, learning,"),
    ("  - id: neglect\n    weak:\n      - {phrase: a ..., in: [title]}", "8: themes[neglect].weak[1]: `a ...`: a phrase begins and ends with a word"),
    ("  - id: neglect\n    weak: [{in: [title]}]", "7: themes[neglect].weak[1].phrase: is missing or empty; write `phrase: pool`"),
    ("  - id: neglect\n    weak: [{phrase: pond, only_in: [title]}]", "7: themes[neglect].weak[1].only_in: `only_in` is not known here; did you mean `in`?"),
    ("  - id: neglect\n    weak: [[a]]", "7: themes[neglect].weak[1]: should be a phrase in quotes, or `{phrase: pool, in: [title]}`, not a list"),
    ("  - id: neglect\n    strong: hoard", "7: themes[neglect].strong: should be a list; write `strong: [hoard]`"),
    ("  - {id: neglect, weak: [pond], exclude: [b]}", "6: themes[neglect].exclude: `exclude` is not known here; did you mean `not`?"),
    ("  - {id: neglect, weak: [pond]}\n  - {id: neglect, weak: [b]}", "7: themes[neglect].id: `neglect` is the id of the entry at line 6 too"),
    ("  any: [neglect]", "5: themes: should be a list of your own themes, each with `- id: water-safety` and its phrases below it (what a subscription asks for stands inside its entry), not `key: value` lines"),
]  # fmt: skip


@pytest.mark.parametrize(("added", "expected"), WRONG)
def test_a_mistake_is_named_at_its_line(added: str, expected: str) -> None:
    (problem,) = problems_of(added)
    assert problem.startswith(f"subscriptions.yaml:{expected}")


def test_all_mistakes_of_a_file_come_together_in_its_order() -> None:
    added = "  - {id: water, strong: [fell ...], ages: x}\n  - {id: infants, mute: [a, b], strong: ['*']}\n"
    told = [problem.split(": ")[1] for problem in problems_of(added + "footers: 5")]
    assert told == [
        "themes[water].ages",
        "themes[water].strong[1]",
        "themes[water].name",
        "themes[infants].strong[1]",
        "themes[infants].mute[1]",
        "themes[infants].mute[2]",
        "footers",
    ]


def test_every_phrase_may_be_muted_where_others_take_their_place() -> None:
    added = "  - {id: neglect, mute: [near neglect, about neglect], weak: [about neglect, hoard]}\n"
    assert subscriptions_of(FILE + added, SHIPPED).themes[0]["weak"] == ["about neglect", "hoard"]


def documented() -> str:
    text = (ROOT / "docs" / "subscriptions.md").read_text("utf-8")
    return text.partition("## Your own themes")[2].partition("\n## ")[0]


def test_the_examples_in_the_documentation_work() -> None:
    examples = re.findall(r"^```yaml\n(.*?)^```", documented(), re.MULTILINE | re.DOTALL)
    assert len(examples) == 2
    for example in examples:
        file = subscriptions_of(FILE.replace("themes:\n", example), VOCABULARY)
        vocabulary = extended(VOCABULARY, file.themes)
        assert file.themes[0]["name"] == vocabulary.name_of(str(file.themes[0]["id"]))


def test_each_phrase_in_the_documentation_finds_what_it_says() -> None:
    rows = re.findall(r"^\| `(.+)` \| (.+) \| (.+) \|$", documented(), re.MULTILINE)
    assert len(rows) == 9
    own = [
        {"id": f"own-{number}", "name": "Own", "strong": [phrase.replace("\\|", "|")]}
        for number, (phrase, _, _) in enumerate(rows)
    ]
    vocabulary = extended(VOCABULARY, own)  # all at once: each vocabulary takes half a second
    for number, (phrase, finds, never) in enumerate(rows):

        def found(sentence: str, id: str = f"own-{number}") -> bool:
            review = Review(title="Child X", incident=sentence)
            return id in [theme.id for theme in tag(review, vocabulary)]

        assert [one for one in finds.split("; ") if not found(one)] == [], phrase
        assert [one for one in never.split("; ") if found(one)] == [], phrase


def test_the_example_that_ships_works_when_its_marks_are_taken_away() -> None:
    text = (ROOT / "subscriptions.yaml").read_text("utf-8")
    example = re.search(r"^# themes:\n(?:#   .*\n)+", text, re.MULTILINE)
    assert example
    uncommented = re.sub("^# ", "", example[0], flags=re.MULTILINE)
    file = subscriptions_of(text.replace(example[0], uncommented), VOCABULARY)
    assert [theme["id"] for theme in file.themes] == ["water-safety", "neglect"]


def test_themes_can_be_read_alone_whatever_else_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "subscriptions.yaml"
    assert own_themes(file, SHIPPED) == ()
    file.write_text("subscriptions: [{id: Nobody}]\nthemes:\n" + WATER)
    assert [theme["id"] for theme in own_themes(file, SHIPPED)] == ["water-safety", "neglect"]
    file.write_text("themes: [{id: neglct}]\n")
    with pytest.raises(ConfigError, match=r"subscriptions\.yaml:1: themes\[neglct\]\.id: .*`neglect`"):
        own_themes(file, SHIPPED)


@pytest.mark.parametrize(
    "added",
    [
        "  - {id: neglects, name: Many neglects, strong: [pond]}",
        '  - {id: toddlers, name: Toddlers, weak: [toddler], ages: "1-3 years"}',
        "  - {id: neglect, name: Neglect of children}",
        "  - {id: neglect, weak: [pond], mute: [fork]}",
        "  - id: water\n    name: Water\n    weak: [swim, lake]\n    not:\n    mute:",
    ],
)
def test_what_could_look_like_a_mistake_and_is_none(added: str) -> None:
    assert len(subscriptions_of(FILE + added + "\n", SHIPPED).themes) == 1
