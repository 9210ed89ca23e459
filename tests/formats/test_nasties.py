"""What the bench of harmful inputs (`python -m tests.nasties`) found once, each as a plain test: the small ones."""

from __future__ import annotations

import socket
from contextlib import suppress
from pathlib import Path
from time import process_time

import pytest

from bot.errors import UnreadableDocument
from bot.formats import open_document
from bot.reading import read
from tests.nasties import Nasty
from tests.nasties.every import FEW, every

ALL = {one.name: one for one in every()}


def words(nasty: Nasty) -> str:
    """All that it says, or why it was refused."""
    try:
        document = open_document(nasty.page())
    except UnreadableDocument as error:
        return str(error)
    return " ".join([block.text for block in document.blocks] + [entry.title for entry in document.entries])


def test_every_harmful_input_has_a_name_of_its_own() -> None:
    assert len(every()) == len(ALL) > 250
    assert set(FEW) <= set(ALL)


@pytest.mark.parametrize(
    "name",
    [
        "feed: an outside entity (file)",
        "feed: an outside entity (http)",
        "DOCX: an outside entity",
        "DOCX: a picture on another host",
        "DOCX: a picture in a file",
        "DOCX: a target that climbs out",
        "DOCX: names that climb out",
    ],
)
def test_nothing_that_a_document_points_to_is_fetched_or_read(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a document made the reader open a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert "root:" not in words(ALL[name])
    assert not Path("/tmp/climbed.xml").exists()


@pytest.mark.parametrize("name", ["billion laughs", "quadratic blow-up"])
@pytest.mark.parametrize("kind", ["feed: ", "DOCX: "])
def test_an_entity_bomb_does_not_go_off(kind: str, name: str) -> None:
    begun = process_time()
    assert len(words(ALL[kind + name])) < 1_000_000
    assert process_time() - begun < 3


@pytest.mark.parametrize(
    "name", ["DOCX: a footer that never ends its words", "DOCX: a title that never ends"]
)
def test_a_tag_without_an_end_is_looked_through_once(name: str) -> None:
    begun = process_time()
    words(ALL[name])
    assert process_time() - begun < 1.5


@pytest.mark.parametrize("count", [1_500])
def test_a_long_list_of_links_is_not_held_against_itself(count: int) -> None:
    links = "".join(f'<li><a href="/r/{n}.pdf">Read the overview report</a></li>' for n in range(count))
    page = ALL["20,000 review links"].page()
    document = open_document(
        type(page)(
            url=page.url,
            content_type=page.content_type,
            body=f"<h1>Serious case reviews</h1><ul>{links}".encode(),
        )
    )
    begun = process_time()
    with suppress(UnreadableDocument):
        read(document)
    assert process_time() - begun < 3
