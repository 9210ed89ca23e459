"""How far records are those that a careful reader makes of a page: right, missed and extra, field by field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz import fuzz

SCALARS = ("place", "year", "published", "review_type", "status")
FACTS = ("sex", "outcome", "incident_date")
TEXTS = ("incident", "background")
LISTS = ("good_practice", "learning", "recommendations", "actions", "questions", "keywords")
MARKS = str.maketrans("‘’“”–—\u00a0", "''\"\"-- ")

Record = dict[str, Any]


@dataclass
class Score:
    """Counts of each field. `notes`: what was wrong, for a person."""

    right: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    extra: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    def f1(self) -> dict[str, float]:
        """Of each field that any page has: right answers among all that were wanted or given."""
        names = sorted(self.right | self.missed | self.extra)
        return {
            name: 2 * self.right[name] / (2 * self.right[name] + self.missed[name] + self.extra[name])
            for name in names
        }

    def page(self, name: str, wanted: Sequence[Record], got: Sequence[Record], meta: Record) -> None:
        """Count one page. `meta` may allow other values (`alt_<field>`) and links (`optional_links`)."""
        pairs, missed, extra = _pairs(wanted, got, _same_review)
        self._count("records", len(pairs), [w["title"] for w in missed], [g["title"] for g in extra], name)
        for want, have in pairs:
            self._record(f"{name} [{want['title']}]", want, have, meta)

    def _record(self, where: str, want: Record, have: Record, meta: Record) -> None:
        allowed = {folded(want["title"]), *(folded(other) for other in _others(meta, "title"))}
        self._one("title", folded(have["title"]) in allowed, where, have["title"])
        for name in SCALARS:
            self._scalar(name, want[name], have[name], _others(meta, name), where)
        for name in FACTS:
            others = _others(meta, "facts", name)
            self._scalar(name, want["facts"][name], have["facts"][name], others, where)
        for name in TEXTS:
            if want[name] or have[name]:
                self._one(name, _overlap(want[name], have[name]) >= 0.9, where, have[name][:80])
        for name in LISTS:
            self._list(name, want[name], have[name], alike, where)
        ages = [want["facts"]["ages"], *_others(meta, "facts", "ages")]
        fitting = [
            one for one in ages if isinstance(one, list) and sorted(one) == sorted(have["facts"]["ages"])
        ]
        self._list("ages", fitting[0] if fitting else ages[0], have["facts"]["ages"], alike, where)
        links = [link["url"] for link in want["links"]]
        optional = set(meta.get("optional_links", ())) - set(links)
        found = [link["url"] for link in have["links"] if link["url"] not in optional]
        self._list("links", links, found, str.__eq__, where)

    def _scalar(self, name: str, want: Any, have: Any, others: Sequence[Any], where: str) -> None:
        if want is None and have is None:
            return
        self._one(name, folded(have) in {folded(one) for one in (want, *others)}, where, have)

    def _one(self, name: str, right: bool, where: str, have: object) -> None:
        self._count(name, int(right), [] if right else [f"not {have!r}"], [], where)

    def _list(
        self,
        name: str,
        want: Sequence[str],
        have: Sequence[str],
        same: Callable[[str, str], bool],
        where: str,
    ) -> None:
        pairs, missed, extra = _pairs(want, have, same)
        self._count(name, len(pairs), missed, extra, where)

    def _count(self, name: str, right: int, missed: Sequence[str], extra: Sequence[str], where: str) -> None:
        self.right[name] += right
        self.missed[name] += len(missed)
        self.extra[name] += len(extra)
        self.notes += [f"{where} {name} missed: {one}" for one in missed]
        self.notes += [f"{where} {name} extra: {one}" for one in extra]


def folded(text: object) -> str:
    """Without what does not matter: case, white space, kinds of dash and quote, marks at the edges."""
    return " ".join(str(text).translate(MARKS).casefold().split()).strip(" .;:,-*>\"'")


def alike(one: str, other: str) -> bool:
    """Whether two points say the same, a slip apart."""
    a, b = folded(one), folded(other)
    return a == b or fuzz.ratio(a, b) >= 92


def _same_review(want: Record, have: Record) -> bool:
    a, b = folded(want["title"]), folded(have["title"])
    return (
        a == b
        or fuzz.ratio(a, b) >= 75
        or (bool(want["incident"]) and alike(want["incident"], have["incident"]))
    )


def _overlap(want: str, have: str) -> float:
    a, b = Counter(folded(want).split()), Counter(folded(have).split())
    return 2 * (a & b).total() / ((a + b).total() or 1)


def _others(meta: Record, *path: str) -> list[Any]:
    value: Any = meta.get(f"alt_{path[0]}", [])
    for key in path[1:]:
        value = value.get(key, []) if isinstance(value, dict) else []
    return value if isinstance(value, list) else [value]


def _pairs(
    wanted: Sequence[Any], got: Sequence[Any], same: Callable[[Any, Any], bool]
) -> tuple[list[tuple[Any, Any]], list[Any], list[Any]]:
    """Each wanted one with one that was got, the equal before the alike; and those left over on both sides."""
    pairs: list[tuple[Any, Any]] = []
    free, rest = list(got), list(wanted)
    for test in (_equal, same):
        left = []
        for want in rest:
            have = next((one for one in free if test(want, one)), None)
            if have is None:
                left.append(want)
                continue
            free.remove(have)
            pairs.append((want, have))
        rest = left
    return pairs, rest, free


def _equal(want: Any, have: Any) -> bool:
    if isinstance(want, dict):
        return folded(want["title"]) == folded(have["title"]) and want["place"] == have["place"]
    return folded(want) == folded(have)
