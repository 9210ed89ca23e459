"""`themes list`, `test` and `estimate`, as an administrator types them."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot import cli
from bot.store import Store, open_store
from tests.store.factories import a_review, new, poll, read_first

Typing = Callable[..., tuple[int, str]]

SOURCES = "sources:\n  - {id: saltmarsh, name: Saltmarsh, url: https://saltmarsh.example.org/reviews}\n"
SUBSCRIPTIONS = """
digests: {weekly: {cron: "0 8 * * mon", timezone: Europe/London}}
subscriptions:
  - id: babies
    name: Babies
    to: [lead@example.org]
    digest: weekly
    themes: {any: [bruising-non-mobile]}
  - id: older
    name: Older children
    to: [lead@example.org]
    digest: weekly
    themes: {any: [bruising-non-mobile]}
    where: {age: "11-17 years"}
  - {id: everything, name: All, to: [lead@example.org], digest: weekly}
"""


@pytest.fixture
def types(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    """Types a command in a folder with its configuration, 80 columns wide; its exit code, and what it said."""
    (tmp_path / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    (tmp_path / "subscriptions.yaml").write_text(SUBSCRIPTIONS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/archive.db")

    def type_it(*words: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["learning-bot", *words])
        code: object = 0
        try:
            cli.main()
        except SystemExit as ended:
            code = ended.code or 0
        said = capsys.readouterr()
        return int(str(code)), said.out + said.err

    return type_it


@pytest.fixture
def store(types: Typing, tmp_path: Path) -> Iterator[Store]:
    """An archive with three reviews, two of them on bruising."""
    store = open_store(f"sqlite:///{tmp_path}/archive.db")
    read_first(store, "saltmarsh", "nspcc")
    poll(store, new(a_review()))
    poll(store, new(a_review("Baby Wren", place="Port Lowen")))
    quiet = a_review("Child Hazel", incident="", learning=("ask again",), recommendations=())
    poll(store, new(quiet))
    yield store
    store.close()


def folded(said: str) -> str:
    return " ".join(said.split())


def test_a_text_shows_its_theme_with_the_phrase_that_found_it(types: Typing) -> None:
    code, said = types("themes", "test", "There was no professional curiosity about the kite.")
    assert code == 0
    assert "Professional curiosity (professional-curiosity)" in said
    assert "“There was no professional curiosity about the kite”" in said
    assert "strong phrase `" in said
    assert ", in learning" in folded(said)
    assert max(map(len, said.splitlines())) <= 80


def test_each_paragraph_is_a_point_of_its_own(types: Typing) -> None:
    _, said = types("themes", "test", "Neglect was not seen\n \nIt was professional curiosity", "--json")
    read = {one["id"]: one["counted"][0]["quote"] for one in json.loads(said)["read_as"]["learning"]}
    assert read["neglect"] == "Neglect was not seen"
    assert read["professional-curiosity"] == "It was professional curiosity"


def test_what_nearly_matched_says_why_it_did_not(types: Typing) -> None:
    _, said = types("themes", "test", "There was no evidence of domestic abuse. The boy was hungry.")
    nearly = folded(said.partition("Nearly, and why not")[2])
    assert "“domestic abuse” does not count, for the sentence denies it" in nearly
    assert "(neglect): 1 of the 2 that it takes" in nearly
    assert "A weak phrase needs a different one beside it" in nearly


def test_a_theme_of_practice_says_that_an_incident_does_not_make_it(types: Typing) -> None:
    _, said = types("themes", "test", "The police called at the house.")
    assert "Not as an incident. It is looked for only in title, keywords" in folded(said)
    _, said = types("themes", "test", "The police called at the house.", "--field", "incident")
    assert "It carries no theme." in said
    assert "does not count here, only in title, keywords" in folded(said)


def test_an_age_is_read_from_an_incident_as_a_page_would_be(types: Typing) -> None:
    _, said = types("themes", "test", "--field", "incident", "A 15-year-old boy was hurt.", "--json")
    (found,) = (one for one in json.loads(said)["read_as"]["incident"] if one["id"] == "adolescents")
    assert (found["carried"], found["ages"]) == (True, ["A 15-year-old boy was hurt"])


def test_a_text_that_is_an_incident_is_told_as_one(types: Typing) -> None:
    _, said = types("themes", "test", "Injuries to a boy, 13 years, in May.")
    assert "Not as a point of learning. The age of a child is read from the incident." in folded(said)
    assert "“Injuries to a boy, 13 years, in May” an age from 11 to 17 years, which makes it" in folded(said)


def test_an_administrators_own_theme_is_tried_listed_and_estimated(
    store: Store, types: Typing, tmp_path: Path
) -> None:
    own = "themes:\n  - {id: police-dogs, name: Police dogs, strong: [ask again]}\n"
    own += "  - {id: shaken, name: Shaken, weak: [trembling], ages: '< 1 year'}\n"
    (tmp_path / "subscriptions.yaml").write_text(
        own + SUBSCRIPTIONS.replace("any: [bruising-non-mobile]", "any: [police-dogs]", 1), encoding="utf-8"
    )
    assert "Police dogs (police-dogs)" in types("themes", "test", "They asked again.")[1]
    said = types("themes", "test", "Injuries to a trembling girl, 3 weeks, in May.")[1].partition("Nearly")[0]
    assert "Shaken (shaken)\n    Not as a point of learning." in said, (
        "the part in which it is carried is told"
    )
    _, said = types("themes", "list", "police-dogs", "--json")
    assert [(one["id"], one["reviews"]) for one in json.loads(said)] == [("police-dogs", 1)]
    _, said = types("themes", "list", "police", "--json")
    assert [one["id"] for one in json.loads(said)] == ["police"], "an id before names that have it in them"
    _, said = types("themes", "estimate", "babies", "--json")
    assert [one["title"] for one in json.loads(said)["titles"]] == ["Child Hazel"]


def test_a_text_is_read_from_standard_input(types: Typing, monkeypatch: pytest.MonkeyPatch) -> None:
    for words in ((), ("-",)):
        monkeypatch.setattr(sys, "stdin", io.StringIO("Professional curiosity was\nwanting.\n"))
        code, said = types("themes", "test", *words, "--json")
        ids = [one["id"] for one in json.loads(said)["read_as"]["learning"] if one["carried"]]
        assert (code, ids) == (0, ["professional-curiosity"])


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("test", " "), "There is no text to test; write it in quotes, or pipe it in."),
        (("test", "x", "--field", "incidnt"), "A review has no part `incidnt`; did you mean `incident`?"),
        (("list", "neglekt"), "No theme has `neglekt` in its name or phrases; did you mean `neglect`?"),
        (("estimate", "babys"), "subscriptions.yaml has no subscription `babys`; did you mean `babies`?"),
    ],
)
def test_what_does_not_exist_is_one_sentence_and_exit_code_2(
    store: Store, types: Typing, words: tuple[str, ...], says: str
) -> None:
    assert types("themes", *words) == (2, f"{says}\n")


def test_the_themes_are_listed_with_how_many_reviews_carry_each(store: Store, types: Typing) -> None:
    code, said = types("themes", "list")
    assert code == 0
    assert "the 3 reviews in the archive" in said
    assert "    2  bruising-non-mobile " in said
    assert max(map(len, said.splitlines())) <= 80
    _, said = types("themes", "list", "--json")
    counted = {one["id"]: one["reviews"] for one in json.loads(said)}
    assert (counted["bruising-non-mobile"], counted["police"]) == (2, 0)


def test_the_themes_are_listed_before_there_is_an_archive(types: Typing, tmp_path: Path) -> None:
    code, said = types("themes", "list")
    assert code == 0
    assert "no archive here yet" in said
    assert not (tmp_path / "archive.db").exists()


def test_one_theme_is_shown_with_its_phrases(store: Store, types: Typing) -> None:
    _, said = types("themes", "list", "police")
    assert "0 of the 3 reviews in the archive carry it." in said
    assert "It is looked for only in title, keywords" in said
    for heading in ("Strong: ", "Weak: ", "Not: "):
        assert heading in said
    assert "Operation Encompass" in said
    _, said = types("themes", "list", "fathers")  # its phrases are long
    assert max(map(len, said.splitlines())) <= 80


def test_a_word_finds_the_themes_that_have_it_in_a_phrase(types: Typing) -> None:
    _, said = types("themes", "list", "CAIU", "--json")
    assert [one["id"] for one in json.loads(said)] == ["police"]


def test_an_estimate_shows_how_many_which_and_by_which_theme(store: Store, types: Typing) -> None:
    code, said = types("themes", "estimate", "babies")
    assert code == 0
    assert "babies would have brought 2 of 3 reviews from" in said
    assert "2  Bruising in non-mobile babies (bruising-non-mobile)" in said
    assert "October 2026  Baby Wren, Port Lowen\n" in said
    assert "The archive has only 3 reviews of this time" in said
    assert max(map(len, said.splitlines())) <= 80


def test_an_estimate_of_none_says_what_keeps_the_reviews_out(store: Store, types: Typing) -> None:
    _, said = types("themes", "estimate", "older")
    assert "2 of the 3 reviews fit all but `where age`: none states an age 11-17 years." in folded(said)
    _, said = types("themes", "estimate", "older", "--json")
    assert [json.loads(said)[key] for key in ("reviews", "brought", "titles")] == [3, 0, []]


def test_an_estimate_takes_an_edit_at_once_and_keeps_nothing(
    store: Store, types: Typing, tmp_path: Path
) -> None:
    path = tmp_path / "subscriptions.yaml"
    path.write_text(SUBSCRIPTIONS.replace("11-17 years", ">= 0 weeks"), encoding="utf-8")
    before = store.version(), store.criteria()
    _, said = types("themes", "estimate", "everything", "--json")
    made = json.loads(said)
    assert (made["brought"], made["subscription"]) == (3, "everything")
    path.write_text(SUBSCRIPTIONS.replace("id: babies", "id: infants-only"), encoding="utf-8")
    code, said = types("themes", "estimate", "infants-only")
    assert (code, "would have brought 2 of 3" in said) == (0, True)
    assert (store.version(), store.criteria()) == before


def test_an_estimate_without_an_archive_says_how_to_make_one(types: Typing) -> None:
    code, said = types("themes", "estimate", "babies")
    assert code == 1
    assert "make an archive with `learning-bot poll`" in said
