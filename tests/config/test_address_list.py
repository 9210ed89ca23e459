"""Readers who stand in a file of their own, one address a line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import Watched, load_subscriptions
from bot.errors import ConfigError
from tests.config.test_watched_configuration import Folder
from tests.config.vocabularies import vocabulary_of

SHIPPED = vocabulary_of("neglect")
NURSES = "  - {id: nurses, to_file: nurses.txt, digest: immediately}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    made = Folder(tmp_path)
    made.edit("subscriptions.yaml", f"subscriptions:\n{NURSES}")
    return made


def readers(folder: Folder) -> dict[str, list[str]]:
    found = load_subscriptions(folder.path / "subscriptions.yaml", SHIPPED)
    return {entry.id: [one.address for one in entry.subscribers] for entry in found.subscriptions}


def problems(folder: Folder) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        readers(folder)
    return [
        f"{Path(one.file).name}:{one.line}: {one.field}: {one.text}"[:110] for one in caught.value.problems
    ]


def test_each_line_is_a_reader(folder: Folder) -> None:
    folder.edit(
        "nurses.txt", "\ufeff# from the register\n\nrowan@example.org\r\n  ash@EXAMPLE.org \nslack:#nurses\n"
    )

    assert readers(folder) == {"nurses": ["rowan@example.org", "ash@example.org", "#nurses"]}


def test_whoever_stands_there_twice_in_any_letters_is_one_reader_under_the_name_of_the_entries(
    folder: Folder,
) -> None:
    folder.edit(
        "subscriptions.yaml",
        f"subscriptions:\n{NURSES}  - {{id: leads, to: [lead@example.org], to_file: leads.txt, digest: immediately}}\n",
    )
    folder.edit("nurses.txt", "LEAD@example.org\nRowan@example.org\nrowan@example.org\n")
    folder.edit("leads.txt", "Lead@example.org\nROWAN@example.org\n")

    assert readers(folder) == {
        "nurses": ["lead@example.org", "Rowan@example.org"],
        "leads": ["lead@example.org", "Rowan@example.org"],
    }


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("rowan", "`rowan` is no email address; write one address alone"),
        ("Rowan <rowan@example.org>", "`Rowan <rowan@example.org>` is no email address; write one address"),
        (
            "rowan@example.org,Rowan,Nurse",
            "`rowan@example.org,Rowan,Nurse` is more than an address; keep one",
        ),
        ("#nurses", "`#nurses` is no Slack channel"),
        ("https://hooks.slack.com/services/T0/B0/x", "a Slack webhook address must not stand in this file"),
    ],
)
def test_a_line_that_is_no_address_is_named(folder: Folder, line: str, expected: str) -> None:
    folder.edit("nurses.txt", f"ash@example.org\n{line}\n")

    (problem,) = problems(folder)

    assert problem.startswith(f"nurses.txt:2: : {expected}"[:100])


def test_a_file_of_something_else_is_told_in_a_few_lines(folder: Folder) -> None:
    folder.edit("nurses.txt", "name;post\n" * 5000)

    told = problems(folder)

    assert len(told) == 11
    assert told[-1] == "nurses.txt:11: : and 4990 more lines are no address"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, "is no file: there is no nurses.txt in "),
        (b"", "names nobody: nurses.txt is empty; write an address on each line"),
        (b"# nobody yet\n", "names nobody: nurses.txt is empty"),
        ("Zoë@example.org".encode("latin-1"), "has a character that is not UTF-8; save the file as UTF-8"),
        (b"\n" * 20_000_001, "is over 20 MB; that is no list of addresses"),
    ],
)
def test_a_list_that_cannot_be_read_is_told_at_the_line_that_names_it(
    folder: Folder, content: bytes | None, expected: str
) -> None:
    if content is not None:
        folder.put("nurses.txt", content)

    (problem,) = problems(folder)

    assert problem.startswith(f"subscriptions.yaml:2: subscriptions[nurses].to_file: {expected}"[:105])


def test_an_entry_without_readers_is_told_of_both_ways(folder: Folder) -> None:
    folder.edit("subscriptions.yaml", "subscriptions:\n  - {id: nurses, digest: immediately}\n")

    (problem,) = problems(folder)

    assert problem.startswith("subscriptions.yaml:2: subscriptions[nurses].to: is missing or empty; write")


def test_an_edit_of_the_list_alone_takes_over_and_a_broken_one_leaves_the_last_good_one(
    folder: Folder,
) -> None:
    folder.edit("nurses.txt", "rowan@example.org\n")
    watched = Watched(folder.path, SHIPPED, {})

    def now() -> list[str]:
        return [one.address for one in watched.current.subscriptions[0].subscribers]

    folder.edit("nurses.txt", "rowan@example.org\nash@example.org\n")
    assert watched.refresh() == ()
    assert now() == ["rowan@example.org", "ash@example.org"]

    folder.edit("nurses.txt", "rowan@example.org\nash@\n")
    assert [(Path(one.file).name, one.line) for one in watched.refresh()] == [("nurses.txt", 2)]
    (folder.path / "nurses.txt").unlink()
    assert [one.field for one in watched.refresh()] == ["subscriptions[nurses].to_file"]
    assert now() == ["rowan@example.org", "ash@example.org"]

    folder.edit("nurses.txt", "elm@example.org\n")
    assert watched.refresh() == ()
    assert now() == ["elm@example.org"]


@given(text=st.text(max_size=200))
def test_any_text_gives_readers_or_clear_problems(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    folder = Folder(tmp_path_factory.mktemp("any"))
    folder.edit("subscriptions.yaml", f"subscriptions:\n{NURSES}")
    folder.put("nurses.txt", text.encode("utf-8", "surrogatepass"))

    told: tuple[str, ...] = ()
    found: dict[str, list[str]] = {}
    try:
        found = readers(folder)
    except ConfigError as error:
        told = tuple(one.text for one in error.problems)

    assert found.get("nurses") or told
    assert not any("\n" in text for text in told)
