"""Plain text and Markdown, as they come out of e-mails, exports and scrapers."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import UnreadableDocument
from bot.formats import open_document
from bot.models import Block, Document, Page

URL = "https://www.portlowen.example.org/learning/page.md"


def opened(text: str | bytes) -> Document:
    body = text if isinstance(text, bytes) else text.encode()
    return open_document(Page(url=URL, body=body, content_type="text/plain; charset=utf-8"))


def told(text: str) -> list[str]:
    return [
        f"{block.kind[0]}{block.level} {block.text}" for block in opened(text).blocks if not block.furniture
    ]


LONG = "The baby had been seen by four services in the month before, and each of them had a part of the picture only."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# Baby L\n\n## What happened\ntext\n", ["h1 Baby L", "h2 What happened", "p0 text"]),
        ("Baby L\n======\n\nLearning\n---\ntext", ["h1 Baby L", "h2 Learning", "p0 text"]),
        ("GOOD PRACTICE\n\n" + LONG, ["h2 GOOD PRACTICE", f"p0 {LONG}"]),
        ("Good practice seen\n\n" + LONG, ["h3 Good practice seen", f"p0 {LONG}"]),
        ("Good practice seen\n\nshort", ["p0 Good practice seen", "p0 short"]),
        (f"\t1. Review: Child A\n\n{LONG}\nLearning includes: a; b\n\n\n\t2. Review: Child B\n{LONG}",
         ["h2 Review: Child A", f"p0 {LONG}", "p0 Learning includes: a; b", "h2 Review: Child B", f"p0 {LONG}"]),
        ("1. see the child\n2. write it down\n\n3) tell it", ["p1 see the child", "p1 write it down", "p1 tell it"]),
        ("1) Knowing fathers\n· ask\n· check", ["h3 Knowing fathers", "p1 ask", "p1 check"]),
        ("- a\n* b\n• c\n– d\no\te\n+ f\n·g", ["p1 a", "p1 b", "p1 c", "p1 d", "p1 e", "p1 f", "p1 g"]),
        ("- a\n  - b\n    - c\n- d", ["p1 a", "p2 b", "p3 c", "p1 d"]),
        ("- one point that is\n  wrapped\n- two", ["p1 one point that is wrapped", "p1 two"]),
        ("- one\n-\n- two", ["p1 one", "p1 two"]),
        ("3. **Each board**\n   should act", ["p1 Each board should act"]),
        ("> Names were\n> changed.", ["p0 Names were changed."]),
        ("a\n\n---\n\nb\n***\nc", ["p0 a", "p0 b", "p0 c"]),
        ("a\fb", ["p0 a", "p0 b"]),
        ("| Case | Report |\n|---|---|\n| Child A | Out |", ["r0 Case | Report", "r0 Child A | Out"]),
        ("*Board* \\\n*Briefing*", ["p0 Board Briefing"]),
        ("a\u00ad b\u200b c\u00a0d\ufeff", ["p0 a b c d"]),
        ("2 \\* 3 \\(of five\\) & &amp; snake_case_name 5 * 3 * 2", ["p0 2 * 3 (of five) & & snake_case_name 5 * 3 * 2"]),
        ("[Home](/) / [Reviews](/r) / [Baby L](/l)\n\ntext", ["p0 text"]),
    ],
)  # fmt: skip
def test_a_text_is_its_blocks(text: str, expected: list[str]) -> None:
    assert told(text) == expected


def test_hard_wrapped_lines_are_joined_and_short_lines_are_not() -> None:
    wrapped = (
        "The review looked at what was known about the family between March and\n"
        "October 2022, and at what each of the agencies did with it. It heard from\n"
        "Leanne and from her mother.\n"
        "Learning includes: a; b\n\n"
        "• A first point that is too long for the line and so is carried over to a\n"
        "Second line that begins with a capital\n"
        "• Another\n"
    )
    assert told(wrapped) == [
        "p0 The review looked at what was known about the family between March and October 2022, and at what each "
        "of the agencies did with it. It heard from Leanne and from her mother.",
        "p0 Learning includes: a; b",
        "p1 A first point that is too long for the line and so is carried over to a Second line that begins with a capital",
        "p1 Another",
    ]


def test_long_lines_are_paragraphs_of_their_own() -> None:
    text = "\n".join([LONG + " " + LONG, "Learning includes: a", LONG + " " + LONG])
    assert [block.kind for block in opened(text).blocks] == ["paragraph"] * 3


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("[Full report](/media/r.pdf \"PDF\")", [("Full report", "https://www.portlowen.example.org/media/r.pdf")]),
        ("[Full report](r.pdf) (PDF)", [("Full report", "https://www.portlowen.example.org/learning/r.pdf")]),
        ("[Report][r] here\n\n[r]: https://a.example.org/x 'x'", [("Report", "https://a.example.org/x")]),
        ("**[Report (2024)](https://a.example.org/x_(1).pdf)**", [("Report (2024)", "https://a.example.org/x_(1).pdf")]),
        ("[Sharing \\(all\\)](https://a.example.org/s)", [("Sharing (all)", "https://a.example.org/s")]),
        ("<https://a.example.org/r>", [("https://a.example.org/r", "https://a.example.org/r")]),
        ("see https://a.example.org/r_x_y.pdf.", [("https://a.example.org/r_x_y.pdf", "https://a.example.org/r_x_y.pdf")]),
        ("(www.a.example.org)", [("www.a.example.org", "http://www.a.example.org")]),
        ("[Guide](#) [us](mailto:a@example.org) [call](tel:999)", []),
        ("[not a link] and [x][unknown]", []),
        ("![logo](/logo.png)text", []),
    ],
)  # fmt: skip
def test_links_keep_label_and_address(text: str, links: list[tuple[str, str]]) -> None:
    assert [(link.label, link.url) for block in opened(text).blocks for link in block.links] == links


def test_text_of_a_dead_link_is_kept() -> None:
    assert told("Use the [ICON guide](#) or write to <a@example.org>") == [
        "p0 Use the ICON guide or write to a@example.org"
    ]


def test_bold_is_a_span_of_its_own_and_an_odd_mark_is_a_character() -> None:
    lead, rest = opened("**Prompt response:** Police *came* at once").blocks[0].spans
    assert (lead.text, lead.bold, rest.text, rest.bold) == (
        "Prompt response:",
        True,
        " Police came at once",
        False,
    )
    assert told("5 ** 2 is a sum") == ["p0 5 ** 2 is a sum"]
    assert opened("**Recommendation\n2**").blocks[0].bold


def test_front_matter_dates_and_names_the_document() -> None:
    document = opened('---\ntitle: "Review: Baby L"\ndate: 2023-02-01\nlang: en\n---\ntext')
    assert (document.title, document.published, document.language) == ("Review: Baby L", "2023-02-01", "en")
    assert told('---\ntitle: "Review"\n---\ntext') == ["p0 text"]


def test_points_of_one_list_share_a_group_and_those_of_another_do_not() -> None:
    blocks: tuple[Block, ...] = opened("# A\n- a\n- b\n# B\n- c\n").blocks
    groups = [block.group for block in blocks if block.kind == "point"]
    assert groups[0] == groups[1] != groups[2]


@pytest.mark.parametrize("text", ["", "  \n\t\n", "---\n", "<!-- nothing -->\n"])
def test_a_text_without_words_is_refused(text: str) -> None:
    with pytest.raises(UnreadableDocument):
        opened(text)


_WORD = st.from_regex(r"[A-Za-z]{2,9}", fullmatch=True)
_PARAGRAPH = st.lists(_WORD, min_size=1, max_size=30).map(" ".join)
_START = st.sampled_from(["", "- ", "1. ", "# ", "• ", "    ", "\t", "> ", "**x** ", "o\t"])


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(_START, _PARAGRAPH, st.sampled_from(["\n", "\n\n", "\f", "  \n"])), min_size=1, max_size=12
    )
)
def test_every_word_of_a_text_survives_in_order(parts: list[tuple[str, str, str]]) -> None:
    text = "".join(start + words + end for start, words, end in parts)
    expected = [word for start, words, _ in parts for word in (["x"] if "x" in start else []) + words.split()]
    assert [word for block in opened("z\n\n" + text).blocks for word in block.text.split()][1:] == expected


@settings(max_examples=80, deadline=None)
@given(st.text(alphabet=st.sampled_from(list("ab1 .\n\t#*_-[]()<>|\\`!:/&~=•“\u00a0\x0c")), max_size=200))
def test_no_text_does_anything_but_open_or_be_refused(text: str) -> None:
    try:
        opened(text)
    except UnreadableDocument:
        return


def test_a_line_that_stops_before_its_sentence_can_be_over_goes_on_in_the_next() -> None:
    told_of = told("Two reviews were published in July\n2021.\n\nThey come from\nWales.")
    assert told_of == ["p0 Two reviews were published in July 2021.", "p0 They come from Wales."]
