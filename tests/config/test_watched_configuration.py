"""A running bot follows its files; a broken edit never stops it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.config import Watched, load
from bot.errors import ConfigError
from tests.config.logos import picture
from tests.config.vocabularies import vocabulary_of

SHIPPED = vocabulary_of("neglect")
SOURCES = "sources:\n  - {id: a, name: A, url: 'https://a.example.org/'}\n"
SUBSCRIPTIONS = "subscriptions:\n  - {id: all, to: [lead@example.org], digest: immediately}\n"


class Folder:
    """A folder of configuration that somebody edits."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._edits = 0
        self.edit("sources.yaml", SOURCES)
        self.edit("subscriptions.yaml", SUBSCRIPTIONS)

    def edit(self, name: str, text: str) -> None:
        self.put(name, text.encode())

    def put(self, name: str, content: bytes) -> None:
        file = self.path / name
        file.write_bytes(content)
        self._edits += 1
        os.utime(file, ns=(self._edits * 10**9, self._edits * 10**9))


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.fixture
def watched(folder: Folder) -> Watched:
    return Watched(folder.path, SHIPPED, {})


def names(watched: Watched) -> list[str]:
    return [source.name for source in watched.current.sources]


def test_nothing_is_read_again_while_nothing_changes(watched: Watched) -> None:
    before = watched.current

    assert watched.refresh() == ()
    assert watched.current is before


def test_an_edit_takes_over(folder: Folder, watched: Watched) -> None:
    folder.edit("sources.yaml", SOURCES.replace("name: A", "name: B"))

    assert watched.refresh() == ()
    assert names(watched) == ["B"]


def test_an_edit_of_the_same_size_takes_over(folder: Folder, watched: Watched) -> None:
    folder.edit("subscriptions.yaml", SUBSCRIPTIONS.replace("lead@", "team@"))
    watched.refresh()

    assert watched.current.subscriptions[0].subscribers[0].address == "team@example.org"


def test_a_broken_edit_leaves_the_last_good_one_and_is_told_once(folder: Folder, watched: Watched) -> None:
    before = watched.current
    folder.edit("sources.yaml", SOURCES.replace("name:", "nam:"))

    told = watched.refresh()

    assert [problem.field for problem in told] == ["sources[a].name", "sources[a].nam"]
    assert watched.refresh() == ()
    assert watched.current is before


def test_a_file_saved_again_with_the_same_mistake_is_not_told_again(folder: Folder, watched: Watched) -> None:
    folder.edit("sources.yaml", SOURCES.replace("name:", "nam:"))
    watched.refresh()
    folder.edit("sources.yaml", SOURCES.replace("name:", "nam:"))

    assert watched.refresh() == ()


def test_a_repaired_edit_takes_over_and_the_next_mistake_is_told(folder: Folder, watched: Watched) -> None:
    broken = SOURCES.replace("name:", "nam:")
    folder.edit("sources.yaml", broken)
    watched.refresh()
    folder.edit("sources.yaml", SOURCES.replace("name: A", "name: C"))

    assert watched.refresh() == ()
    assert names(watched) == ["C"]

    folder.edit("sources.yaml", broken)
    assert watched.refresh() != ()


def test_a_file_that_goes_away_is_a_broken_edit(folder: Folder, watched: Watched) -> None:
    (folder.path / "subscriptions.yaml").unlink()

    assert [problem.text.split(";")[0] for problem in watched.refresh()] == ["is missing"]
    assert names(watched) == ["A"]


# --- the logo's file ------------------------------------------------------------------------------------

WITH_A_LOGO = f"organisation: {{logo: {{file: logo.png, alt: Wetherby Vale}}}}\n{SUBSCRIPTIONS}"


def logo_of(watched: Watched) -> bytes | None:
    logo = watched.current.organisation.logo
    return logo.picture if logo else None


@pytest.fixture
def with_a_logo(folder: Folder) -> Watched:
    folder.put("logo.png", picture())
    folder.edit("subscriptions.yaml", WITH_A_LOGO)
    return Watched(folder.path, SHIPPED, {})


def test_a_new_logo_takes_over_while_no_line_of_the_files_changes(
    folder: Folder, with_a_logo: Watched
) -> None:
    before = with_a_logo.current
    assert with_a_logo.refresh() == ()
    assert with_a_logo.current is before

    folder.put("logo.png", picture("GIF"))

    assert with_a_logo.refresh() == ()
    assert logo_of(with_a_logo) == picture("GIF")


def test_a_logo_that_breaks_or_goes_leaves_the_last_good_one_until_it_is_back(
    folder: Folder, with_a_logo: Watched
) -> None:
    folder.put("logo.png", picture()[:50])
    assert [problem.field for problem in with_a_logo.refresh()] == ["organisation.logo.file"]
    (folder.path / "logo.png").unlink()
    assert [problem.field for problem in with_a_logo.refresh()] == ["organisation.logo.file"]
    assert logo_of(with_a_logo) == picture()

    folder.put("logo.png", picture("JPEG"))

    assert with_a_logo.refresh() == ()
    assert logo_of(with_a_logo) == picture("JPEG")


def test_the_logo_that_a_later_edit_names_is_followed_too(folder: Folder, watched: Watched) -> None:
    folder.edit("subscriptions.yaml", WITH_A_LOGO)  # before the picture is there
    assert [problem.field for problem in watched.refresh()] == ["organisation.logo.file"]

    folder.put("logo.png", picture())
    assert watched.refresh() == ()
    assert logo_of(watched) == picture()

    folder.edit("subscriptions.yaml", SUBSCRIPTIONS)
    watched.refresh()
    before = watched.current
    folder.put("logo.png", picture("GIF"))  # nobody asks for it now
    watched.refresh()
    assert watched.current is before


def test_a_wrong_beginning_is_an_error(folder: Folder) -> None:
    folder.edit("sources.yaml", "")

    with pytest.raises(ConfigError, match="is empty"):
        Watched(folder.path, SHIPPED, {})


def test_problems_of_both_files_and_the_environment_come_together(folder: Folder) -> None:
    folder.edit("sources.yaml", SOURCES.replace("name:", "nam:"))
    folder.edit("subscriptions.yaml", SUBSCRIPTIONS.replace("lead@", ""))
    with pytest.raises(ConfigError) as caught:
        load(folder.path, SHIPPED, {"SECRET_KEY": "short"})

    assert [Path(problem.file).name for problem in caught.value.problems] == [
        "sources.yaml",
        "sources.yaml",
        "subscriptions.yaml",
        "environment",
    ]


def test_a_source_of_a_broken_file_is_still_known_to_subscriptions(folder: Folder) -> None:
    folder.edit("sources.yaml", SOURCES.replace("name:", "nam:"))
    folder.edit("subscriptions.yaml", SUBSCRIPTIONS.replace("{id", "{where: {source: [a]}, id"))
    with pytest.raises(ConfigError) as caught:
        load(folder.path, SHIPPED, {})

    assert {Path(problem.file).name for problem in caught.value.problems} == {"sources.yaml"}


def test_missing_files_and_other_encodings_are_told_with_what_to_do(folder: Folder) -> None:
    (folder.path / "subscriptions.yaml").unlink()
    (folder.path / "sources.yaml").write_bytes(b"sources: []\n# caf\xe9\n")
    with pytest.raises(ConfigError) as caught:
        load(folder.path, SHIPPED, {})
    told = {Path(problem.file).name: problem for problem in caught.value.problems}

    assert "--config" in told["subscriptions.yaml"].text
    assert told["sources.yaml"].line == 2
    assert "UTF-8" in told["sources.yaml"].text


def test_a_byte_order_mark_does_no_harm(folder: Folder) -> None:
    (folder.path / "sources.yaml").write_bytes(b"\xef\xbb\xbf" + SOURCES.encode())

    assert len(load(folder.path, SHIPPED, {}).sources) == 1
