from __future__ import annotations

from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import UnreadableDocument
from bot.models import Block, BlockKind, Review
from bot.reading import read
from bot.record import as_record
from tests.reading.pages import block, document

_HEADINGS = st.sampled_from(
    [
        "Background",
        "Learning",
        "Recommendations",
        "Good practice",
        "Questions",
        "What has changed",
        "Model",
        "Local matters",
    ]
)
_PARTS = st.lists(
    st.tuples(_HEADINGS, st.lists(st.sampled_from(["point", "paragraph"]), min_size=1, max_size=4)),
    min_size=2,
    max_size=6,
)


def _page(parts: list[tuple[str, list[str]]]) -> tuple[list[Block], list[str]]:
    """A briefing of these parts, and every text of it that is neither title nor heading."""
    texts = ["A baby of ten weeks was taken to hospital in 2021 with an injury that nobody could explain."]
    blocks = [
        block("heading", "Serious Case Review: Baby Wren", level=1),
        block("heading", "What happened", level=2),
        block("paragraph", texts[0]),
    ]
    for heading, kinds in parts:
        blocks.append(block("heading", heading, level=2))
        for kind in kinds:
            texts.append(
                f"Saying {len(texts)} was something that the reviewer wrote under {heading.casefold()}"
            )
            blocks.append(block("point" if kind == "point" else "paragraph", texts[-1], level=1))
    return blocks, texts


def _kept(review: Review) -> list[str]:
    record = as_record(review)
    kept = [record["incident"], record["background"]]
    for name in ("good_practice", "learning", "recommendations", "actions", "questions", "keywords"):
        kept.extend(record[name])
    for section in record["sections"]:
        kept.extend(section["items"])
    return kept


@settings(max_examples=50, deadline=None)
@given(_PARTS)
def test_every_paragraph_and_point_ends_in_exactly_one_place(parts: list[tuple[str, list[str]]]) -> None:
    blocks, texts = _page(parts)
    (review,) = read(document(*blocks)).reviews
    kept = _kept(review)
    for text in texts:
        assert sum(one.count(text + " ") + one.endswith(text) for one in kept) == 1, text


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["heading", "paragraph", "point"]), st.text(max_size=40)), max_size=8)
)
def test_any_blocks_are_read_or_refused_and_never_break(parts: list[tuple[BlockKind, str]]) -> None:
    blocks = [block(kind, text, level=2) for kind, text in parts]
    with suppress(UnreadableDocument):
        assert read(document(*blocks)).state in ("read", "nothing there", "hub")
