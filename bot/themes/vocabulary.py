"""The vocabulary of themes: from the mapping of vocabulary.yaml to phrases that can be found quickly.

A phrase is written as a person would say it; the head of vocabulary.yaml tells how. Each becomes a row of
elements with a gap allowed between them, and is filed under every word that it can begin with, so that a
text is read once, whatever the number of phrases.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from bot.themes.ages import AgeBound, parse_age
from bot.themes.phrases import Element, Phrase, Strength, alternative, compile_phrase, end_of, join, needs_of
from bot.themes.words import Passage

FIELDS = (
    "title",
    "keywords",
    "incident",
    "learning",
    "recommendations",
    "actions",
    "background",
    "good_practice",
    "questions",
    "sections",
)

# Where a review speaks of what was done and should be done; in YAML `only_in: practice`.
PRACTICE_FIELDS = ("keywords", "learning", "recommendations", "actions", "good_practice", "questions")

_THEME_KEYS = {"id", "name", "group", "strong", "weak", "not", "only_in", "ages"}
_PRACTICE = {"practice", "agencies"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeEntry:
    """A theme. `only_in`: the fields where its phrases count; `ages`: an age that makes it by itself.

    `deniable`: whether "no evidence of" takes it away. Practice and agencies are not deniable: a review
    that found no evidence of professional curiosity is about professional curiosity.
    """

    id: str
    name: str
    group: str
    only_in: tuple[str, ...] = ()
    ages: AgeBound | None = None
    deniable: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """All themes, and their phrases filed under the words they begin with; those of one word apart."""

    themes: tuple[ThemeEntry, ...]
    words: Mapping[str, tuple[Phrase, ...]] = field(repr=False)
    phrases: Mapping[str, tuple[Phrase, ...]] = field(repr=False)

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(theme.id for theme in self.themes)

    def name_of(self, id: str) -> str:
        """The name of a theme; its id where the vocabulary has it no more, as an old edition may name it."""
        return next((theme.name for theme in self.themes if theme.id == id), id)

    def hits(self, text: Passage) -> Iterator[tuple[Phrase, int, int]]:
        """Each phrase in the passage, with its first word and the word after its last."""
        present: set[str] = set()
        sentence = -1
        for place, keys in enumerate(text.keys):
            if text.sentences[place] != sentence:
                sentence = text.sentences[place]
                last = bisect_right(text.sentences, sentence)
                present = {key for word in text.keys[place:last] for key in word}
            for key in keys:
                for phrase in self.words.get(key, ()):
                    yield phrase, place, place + 1
                for phrase in self.phrases.get(key, ()):
                    if phrase.needs and phrase.needs.isdisjoint(present):
                        continue
                    end = end_of(phrase, text, place)
                    if end is not None:
                        yield phrase, place, end


def parse_vocabulary(mapping: Mapping[str, object]) -> Vocabulary:
    """The vocabulary from what vocabulary.yaml holds: `sets` and `themes`.

    Raises ValueError, one sentence that names the theme and, where it is one, the phrase.
    """
    sets: dict[str, Element] = {}
    for name, listed in _mapping(mapping.get("sets", {}), "sets").items():
        sets[name] = join(alternative(word, sets, f"set {name}") for word in _texts(listed, f"set {name}"))
    themes: list[ThemeEntry] = []
    words: dict[str, tuple[Phrase, ...]] = {}
    phrases: dict[str, tuple[Phrase, ...]] = {}
    for raw in _list(mapping.get("themes", []), "themes"):
        entry = _mapping(raw, "an entry of themes")
        theme = _theme(entry)
        if any(known.id == theme.id for known in themes):
            raise ValueError(f"theme {theme.id}: there are two of this id; give one of them another")
        themes.append(theme)
        for phrase in _phrases(theme.id, entry, sets):
            for key, tails in phrase.elements[0].items():
                filed = words if len(phrase.elements) == 1 and () in tails else phrases
                filed[key] = (*filed.get(key, ()), phrase)
    return Vocabulary(themes=tuple(themes), words=words, phrases=phrases)


def _theme(entry: Mapping[str, object]) -> ThemeEntry:
    id = entry.get("id")
    if not isinstance(id, str) or not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", id):
        raise ValueError(f"theme {id!r}: an id is lower-case words joined by hyphens, like 'child-homicide'")
    unknown = sorted({str(key) for key in entry} - _THEME_KEYS)
    if unknown:
        raise ValueError(f"theme {id}: {unknown[0]!r} is not known; use {', '.join(sorted(_THEME_KEYS))}")
    name, group = entry.get("name"), entry.get("group", "Own themes")
    if not isinstance(name, str) or not name or not isinstance(group, str):
        raise ValueError(f"theme {id}: it needs a name, a few words that readers will see")
    asked = entry.get("only_in", [])
    only_in = PRACTICE_FIELDS if asked == "practice" else _texts(asked, f"theme {id}, only_in")
    for place in only_in:
        if place not in FIELDS:
            raise ValueError(f"theme {id}: only_in names {place!r}; use {', '.join(FIELDS)}")
    ages = entry.get("ages")
    try:
        bound = parse_age(str(ages)) if ages is not None else None
    except ValueError as error:
        raise ValueError(f"theme {id}: ages: {error}") from error
    deniable = group.lower() not in _PRACTICE
    return ThemeEntry(id=id, name=name, group=group, only_in=only_in, ages=bound, deniable=deniable)


def _phrases(theme: str, entry: Mapping[str, object], sets: Mapping[str, Element]) -> Iterator[Phrase]:
    strengths: tuple[Strength, ...] = ("strong", "weak", "not")
    found = {
        strength: _texts(entry.get(strength, []), f"theme {theme}, {strength}") for strength in strengths
    }
    if not found["strong"] and not found["weak"]:
        raise ValueError(f"theme {theme}: it has no phrases; give it some under 'strong' or 'weak'")
    for strength in strengths:
        for text in found[strength]:
            for elements, gaps in compile_phrase(text, sets, f"theme {theme}, phrase {text!r}"):
                yield Phrase(
                    theme=theme,
                    strength=strength,
                    text=text,
                    elements=elements,
                    gaps=gaps,
                    needs=needs_of(elements),
                )


def _mapping(value: object, where: str) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise ValueError(f"{where}: it must be a mapping of names to values, and is {value!r}")
    return value


def _list(value: object, where: str) -> Iterable[object]:
    if not isinstance(value, list | tuple):
        raise ValueError(f"{where}: it must be a list, and is {value!r}")
    return value


def _texts(value: object, where: str) -> tuple[str, ...]:
    texts: list[str] = []
    for text in _list(value, where):
        if not isinstance(text, str) or not text.strip():
            raise ValueError(f"{where}: {text!r} is no text; put it in quotes")
        texts.append(text.strip())
    return tuple(texts)
