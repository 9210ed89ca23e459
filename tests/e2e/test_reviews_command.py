"""`reviews show`, `join` and `split`, as an administrator types them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot import cli
from bot.models import Change, Kept, Link
from bot.store import Store, open_store
from tests.store.factories import DAY, JOINED, a_review, found, new, poll, read_first, withdrawn

LINK = "https://library.example.org/rowan.pdf"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """An archive in this folder, with one review that two sources have."""
    url = f"sqlite:///{tmp_path}/archive.db"
    monkeypatch.setenv("DATABASE_URL", url)
    store = open_store(url)
    read_first(store, "saltmarsh", "nspcc")
    poll(store, new(a_review(links=(Link(label="Report", url=LINK),))), source="nspcc")
    known = found(store, "Baby Rowan")
    listed = a_review("Baby R", incident="", learning=(), recommendations=())
    change = Change(kind="same", review=known.review, known=known, reason="the same document", as_seen=listed)
    poll(store, Kept(change=change), at=JOINED + DAY)
    yield store
    store.close()


@pytest.fixture
def types(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    """Types a command; its exit code, and what it said."""

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


Typing = Callable[..., tuple[int, str]]


def test_a_search_shows_the_number_that_the_other_commands_take(store: Store, types: Typing) -> None:
    code, said = types("search", "Rowan")
    assert (code, said.splitlines()[0].split()[0]) == (0, str(found(store, "Baby Rowan").id))
    code, said = types("search", "Rowan", "--json")
    assert json.loads(said)[0]["id"] == found(store, "Baby Rowan").id


def test_a_review_is_shown_with_where_it_was_seen_and_why(store: Store, types: Typing) -> None:
    number = str(found(store, "Baby Rowan").id)
    code, said = types("reviews", "show", number)
    assert code == 0
    for words in (
        f"{number}  Baby Rowan",
        "saltmarsh calls it “Baby R”",
        "the same document",
        LINK,
        "2 November 2026",
    ):
        assert words in said
    code, said = types("reviews", "show", number, "--json")
    shown = json.loads(said)
    assert [one["reason"] for one in shown["sightings"]] == ["not in the archive", "the same document"]
    assert [one["kind"] for one in shown["revisions"]] == ["new"]


def test_a_review_is_split_and_joined_again(store: Store, types: Typing) -> None:
    number = str(found(store, "Baby Rowan").id)
    code, said = types("reviews", "split", number, "saltmarsh")
    other = str(found(store, "Baby R").id)
    assert (code, said) == (0, f"What saltmarsh has is now review {other}, Baby R; polls keep it apart.\n")
    assert f"what saltmarsh has is review {other}, and never this one" in types("reviews", "show", number)[1]
    code, said = types("reviews", "join", number, other)
    assert (code, said) == (
        0,
        f"Review {other} is now part of review {number}, Baby Rowan; polls keep them one.\n",
    )
    assert f"review {other} was joined to it" in types("reviews", "show", number)[1]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("show", "999"), "There is no review 999; `learning-bot search` shows their numbers."),
        (("join", "999", "998"), "There is no review 999; `learning-bot search` shows their numbers."),
        (("join", "1", "1"), "Review 1 cannot be joined to itself; name two reviews."),
        (("split", "1", "nowhere"), "Review 1 was never seen at nowhere; it was seen at: nspcc, saltmarsh."),
    ],
)
def test_a_wrong_number_or_source_is_one_sentence_and_exit_code_2(
    store: Store, types: Typing, words: tuple[str, ...], says: str
) -> None:
    assert types("reviews", *words) == (2, f"{says}\n")


def test_a_withdrawn_review_is_found_without_its_link(store: Store, types: Typing) -> None:
    poll(store, withdrawn(found(store, "Baby Rowan")), source="nspcc", at=JOINED + 2 * DAY)
    _, said = types("search", "Rowan")
    assert "no longer offered by its publisher" in said
    assert LINK not in said
