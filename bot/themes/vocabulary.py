"""The vocabulary of themes: from the mapping of vocabulary.yaml to phrases that can be found quickly.

A phrase is written as a person would say it; the head of vocabulary.yaml tells how. Each becomes a row of
elements with a gap allowed between them, and all are filed in an index (bot/themes/finding.py), so that a
text is read once, whatever the number of phrases.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from bot.themes.ages import AgeBound, parse_age
from bot.themes.finding import PhraseIndex, find
from bot.themes.phrases import Element, Phrase, Strength, alternative, compile_phrase, join
from bot.themes.words import Passage

FieldName = Literal[
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
]
FIELDS: tuple[str, ...] = get_args(FieldName)

# Raise it when the same phrases find other things than before: the archive is then tagged anew.
MATCHER = "2"

STRENGTHS: tuple[Strength, ...] = get_args(Strength)

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
    """All themes, and the index by which their phrases are found.

    `written`: the mapping it was made of. `fingerprint`: changes with what it finds.
    """

    themes: tuple[ThemeEntry, ...]
    index: PhraseIndex = field(repr=False, compare=False)
    written: Mapping[str, object] = field(repr=False)
    fingerprint: str

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(theme.id for theme in self.themes)

    def name_of(self, id: str) -> str:
        """The name of a theme; its id where the vocabulary has it no more, as an old edition may name it."""
        return next((theme.name for theme in self.themes if theme.id == id), id)

    def hits(self, text: Passage) -> list[tuple[Phrase, int, int]]:
        """Each phrase in the passage, with its first word and the word after its last."""
        return find(self.index, text)


def parse_vocabulary(mapping: Mapping[str, object], *, checked: bool = False) -> Vocabulary:
    """The vocabulary from what vocabulary.yaml holds: `sets` and `themes`.

    Raises ValueError, one sentence that names the theme and, where it is one, the phrase. `checked`: its
    phrases are known to be right; they are made ready when a text is first looked at.
    """
    themes: list[ThemeEntry] = []
    entries: list[Mapping[str, object]] = []
    for raw in _list(mapping.get("themes", []), "themes"):
        entry = _mapping(raw, "an entry of themes")
        theme = _theme(entry)
        if any(known.id == theme.id for known in themes):
            raise ValueError(f"theme {theme.id}: there are two of this id; give one of them another")
        themes.append(theme)
        entries.append(entry)
    index = PhraseIndex(lambda: _all_phrases(entries, sets_of(mapping)))
    if not checked:
        assert index.phrases is not None, "made ready now, so that a mistake is told now"
    return Vocabulary(
        themes=tuple(themes),
        index=index,
        written=mapping,
        fingerprint=_fingerprint(mapping),
    )


def _all_phrases(entries: Iterable[Mapping[str, object]], sets: Mapping[str, Element]) -> Iterator[Phrase]:
    for entry in entries:
        yield from _phrases(str(entry["id"]), entry, sets)


def sets_of(mapping: Mapping[str, object]) -> dict[str, Element]:
    """The sets of words that phrases name in angle brackets, by name; a set may name those above it."""
    sets: dict[str, Element] = {}
    for name, listed in _mapping(mapping.get("sets", {}), "sets").items():
        sets[name] = join(alternative(word, sets, f"set {name}") for word in _texts(listed, f"set {name}"))
    return sets


def entries_of(mapping: Mapping[str, object]) -> dict[str, Mapping[str, object]]:
    """The themes of a mapping as they are written, by id."""
    entries = (_mapping(raw, "an entry of themes") for raw in _list(mapping.get("themes", []), "themes"))
    return {str(entry.get("id")): entry for entry in entries}


def phrases_in(entry: Mapping[str, object], strength: Strength) -> tuple[tuple[str, object], ...]:
    """The phrases of one strength, each as its text and as it is written: that text, or a mapping of it."""
    written = _list(entry.get(strength, []), f"theme {entry.get('id')}, {strength}")
    return tuple((_text_in(one, f"theme {entry.get('id')}, {strength}"), one) for one in written)


def _fingerprint(mapping: Mapping[str, object]) -> str:
    """Of all that decides what is found: a theme may have another name and be the same."""
    entries = [
        {key: value for key, value in entry.items() if key != "name"}
        for entry in entries_of(mapping).values()
    ]
    found_by = {"matcher": MATCHER, "sets": mapping.get("sets", {}), "themes": entries}
    written = json.dumps(found_by, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(written.encode()).hexdigest()[:32]


def _theme(entry: Mapping[str, object]) -> ThemeEntry:
    id = entry.get("id")
    if not isinstance(id, str) or not re.fullmatch(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?", id):
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
    if not any(entry.get(key) for key in ("strong", "weak", "ages")):
        raise ValueError(f"theme {theme}: it has no phrases; give it some under 'strong' or 'weak'")
    for strength in STRENGTHS:
        for text, written in phrases_in(entry, strength):
            where = f"theme {theme}, phrase {text!r}"
            fields = _fields(written, where)
            for elements, gaps in compile_phrase(text, sets, where):
                yield Phrase(
                    theme=theme,
                    strength=strength,
                    text=text,
                    elements=elements,
                    gaps=gaps,
                    fields=fields,
                )


def _text_in(written: object, where: str) -> str:
    """The text of a phrase that is written as that text, or as `{phrase: ..., in: [...]}`."""
    text = written.get("phrase") if isinstance(written, Mapping) else written
    return _texts([text], where)[0]


def _fields(written: object, where: str) -> frozenset[str] | None:
    """The fields that `in` names; None where it names none."""
    if not isinstance(written, Mapping):
        return None
    unknown = sorted({str(key) for key in written} - {"phrase", "in"})
    if unknown:
        raise ValueError(f"{where}: {unknown[0]!r} is not known; use phrase, in")
    named = _texts(written.get("in", []), f"{where}, in")
    for place in named:
        if place not in FIELDS:
            raise ValueError(f"{where}: in names {place!r}; use {', '.join(FIELDS)}")
    return frozenset(named) or None


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
