"""No text, however long or odd, holds the reader up: its time grows with the length, not with its square.

Every public function of the grammar that takes one text is given runs of what its patterns look for. What grows with
the square of 3,000 characters by a light step still passes (a paragraph that long is read in the sandbox); what
grows with the cube, or has a heavy step, takes seconds.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from time import process_time
from types import ModuleType

import pytest

import bot.reading
import bot.themes
from bot.errors import UnreadableDocument
from bot.models import Block, Span
from bot.reading import read
from tests.reading.pages import block, document

LENGTH = 3_000
SECONDS = 0.3
PIECES = (
    "a", "A ", "a-", "–", " – ", "—", "1", "1.", "12 ", "2024 – ", "(", ")", "(a ", "[", "“", "’", "; ", "a; ", ",", ", ", ". ", "A: ",
    "|", "of and ", "Child A and ", "aged 3 ", "3-years-", "January 2024 ", "learning ", "Family ", "the key ", "he was ", "review ",
    "(PDF, ", "published ", "Safeguarding Board and ", "withdrawn ",
)  # fmt: skip
MODULES = [
    importlib.import_module(found.name)
    for package in (bot.reading, bot.themes)
    for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}.")
] + [importlib.import_module(name) for name in ("bot.names", "bot.discreet", "bot.spoken")]


def takes_one_text(function: Callable[..., object]) -> bool:
    needed = [
        one
        for one in inspect.signature(function).parameters.values()
        if one.default is inspect.Parameter.empty
    ]
    return (
        len(needed) == 1
        and needed[0].annotation in ("str", str)
        and needed[0].kind is not needed[0].KEYWORD_ONLY
    )


def functions_of(module: ModuleType) -> Iterator[tuple[str, Callable[[str], object]]]:
    for name, value in vars(module).items():
        made_here = getattr(value, "__module__", "") == module.__name__ and not name.startswith("_")
        if made_here and callable(value) and not inspect.isclass(value) and takes_one_text(value):
            yield name, value


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_no_function_of_the_grammar_is_slow_over_any_text(module: ModuleType) -> None:
    for name, function in functions_of(module):
        for piece in PIECES:
            text = f"2024 – Saltmarsh – Child A {(piece * LENGTH)[:LENGTH].strip()}!"
            begun = process_time()
            with suppress(ValueError, KeyError):  # some take a number or a known word only
                function(text)
            assert process_time() - begun < SECONDS, f"{name} over {piece!r}"


@pytest.mark.parametrize("kind", ["paragraph", "heading", "point", "row", "link"])
@pytest.mark.parametrize("lead", ["", "2024 – Saltmarsh – Child A "])
def test_no_block_however_odd_holds_the_reader_up(kind: str, lead: str) -> None:
    for piece in PIECES:
        text = " ".join((lead + (piece * LENGTH)[: LENGTH // 3]).split())
        begun = process_time()
        with suppress(UnreadableDocument):
            read(
                document(
                    block("heading", "Serious Case Review: Baby Wren", level=1),
                    block("heading", "What happened", level=2),
                    *odd(kind, text),
                    block("heading", "Learning", level=2),
                    block("point", "Nobody asked who lived there.", level=1),
                )
            )
        assert process_time() - begun < 2 * SECONDS, f"over {piece!r}"


def odd(kind: str, text: str) -> list[Block]:
    url = "https://www.saltmarsh.example.org/w.pdf"
    if kind == "row":
        linked = (Span(text=text, url=url),)
        return [Block(kind="row", cells=(linked, (Span(text=text),), (Span(text="2024"),)), group=1)] * 2
    if kind == "link":
        return [Block(kind="point", level=1, spans=(Span(text=text, url=url),))]
    return [block(kind, text, level={"heading": 3, "point": 1}.get(kind, 0))]  # type: ignore[arg-type]  # a BlockKind


@pytest.mark.parametrize(
    "label", ["Child {}", "2025 – Saltmarsh – Child {}", "Learning", "Read the overview report", "June 2024"]
)
@pytest.mark.parametrize("kind", ["heading", "paragraph", "point"])
def test_no_list_however_long_is_held_against_itself(label: str, kind: str) -> None:
    blocks = [
        Block(
            kind=kind,  # type: ignore[arg-type]  # a BlockKind
            level=0 if kind == "paragraph" else 2,
            spans=(Span(text=label.format(n), url=f"https://www.saltmarsh.example.org/{n}.pdf"),),
        )
        for n in range(600)
    ]
    begun = process_time()
    with suppress(UnreadableDocument):
        read(document(block("heading", "Serious case reviews", level=1), *blocks))
    assert process_time() - begun < 3
