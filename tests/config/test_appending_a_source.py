"""Adding a source to the file changes nothing else in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.config import append_source
from bot.config.sources import sources_of
from bot.errors import ConfigError

SHIPPED = (Path(__file__).parents[2] / "sources.yaml").read_text("utf-8")
ENTRY = {
    "id": "port-lowen",
    "name": "Port Lowen: the partnership",
    "url": "https://port-lowen.example.org/reviews",
    "include": ["review"],
    "expect": {"min": 3, "max": 40},
    "follow": True,
}
COMMENT = "Found at its front page.\nA list of links."

ODD = """\
# The head of the file
defaults:   {every: 6h,contact: 'a@example.org'}   # two spaces too many

sources:
- id: a      # aligned
  name:    "A"
  url: https://a.example.org/
  include: [ 'x' ,  "y" ]


# - id: retired
#   name: kept as a comment
"""


def test_the_entry_comes_last_with_its_comment() -> None:
    after = append_source(ODD, ENTRY, COMMENT)

    assert after == ODD + (
        "\n"
        "# Found at its front page.\n"
        "# A list of links.\n"
        "- id: port-lowen\n"
        "  name: 'Port Lowen: the partnership'\n"
        "  url: https://port-lowen.example.org/reviews\n"
        "  include: [review]\n"
        "  expect: {min: 3, max: 40}\n"
        "  follow: true\n"
    )


def test_the_file_that_ships_keeps_every_byte() -> None:
    after = append_source(SHIPPED, ENTRY, COMMENT)

    assert after.startswith(SHIPPED)
    assert sources_of(after).sources[-1].id == "port-lowen"


def test_a_list_in_the_middle_of_the_file_keeps_what_is_below_it() -> None:
    below = "\n# Only these\nallow_private_hosts: []\n"
    text = "sources:\n  - id: a\n    name: A # here\n    url: https://a.example.org/\n" + below

    after = append_source(text, ENTRY, COMMENT)

    assert after.endswith("    follow: true\n" + below)
    assert after.startswith(text.removesuffix(below))
    assert [source.id for source in sources_of(after).sources] == ["a", "port-lowen"]


@pytest.mark.parametrize(
    "last", ["    name: |\n      A\n", "    name: >-\n      A\n      B\n", "    name: 'A\n      B'\n"]
)
def test_values_of_several_lines_stay_whole(last: str) -> None:
    text = f"sources:\n  - id:   a\n    url: https://a.example.org/\n{last}allow_private_hosts: []\n"

    assert text.replace("allow_private_hosts: []\n", "") in append_source(text, ENTRY, "")


@pytest.mark.parametrize(
    "text",
    [
        "# head\nsources: []  # none yet\ndefaults: {every: 1d}  # daily\n",
        "# head\nsources: [{id: a, name: A, url: 'https://a.example.org/'}]\ndefaults: {every: 1d}  # daily\n",
    ],
)
def test_a_list_in_brackets_is_opened_and_comments_stay(text: str) -> None:
    after = append_source(text, ENTRY, COMMENT)

    assert sources_of(after).sources[-1].id == "port-lowen"
    assert "# head" in after
    assert "defaults: {every: 1d}  # daily" in after
    assert "# A list of links." in after


def test_line_ends_of_windows_and_a_missing_last_one_are_kept() -> None:
    text = "sources:\r\n  - id: a\r\n    name: A\r\n    url: https://a.example.org/"

    after = append_source(text, ENTRY, COMMENT)

    assert after.startswith(text + "\r\n")
    assert "\n" not in after.replace("\r\n", "")


def test_a_file_with_an_end_mark_takes_the_entry_before_it() -> None:
    text = "sources:\n  - id: a  # first\n    name: A\n    url: https://a.example.org/\n...\n"

    after = append_source(text, ENTRY, "")

    assert "- id: a  # first" in after
    assert [source.id for source in sources_of(after).sources] == ["a", "port-lowen"]


def test_two_appends_give_two_entries() -> None:
    after = append_source(append_source(ODD, ENTRY, ""), {**ENTRY, "id": "harrowmere"}, "")

    assert [source.id for source in sources_of(after).sources] == ["a", "port-lowen", "harrowmere"]


def test_an_entry_that_would_be_wrong_is_refused() -> None:
    with pytest.raises(ConfigError, match="is the id of the entry at line 5 too"):
        append_source(ODD, {**ENTRY, "id": "a"}, "")
    with pytest.raises(ConfigError, match="private network"):
        append_source(ODD, {**ENTRY, "url": "http://10.0.0.1/"}, "")


def test_a_broken_file_is_not_written_to() -> None:
    with pytest.raises(ConfigError):
        append_source("sources: [", ENTRY, "")


@settings(max_examples=50, deadline=None)
@given(name=st.text(min_size=1, max_size=40), comment=st.text(max_size=60))
def test_any_name_and_comment_are_kept_and_nothing_else_changes(name: str, comment: str) -> None:
    try:
        after = append_source(ODD, {**ENTRY, "name": name}, comment)
    except ConfigError:
        return  # nothing to see in it, or what YAML or a subject of an email does not take
    assert after.startswith(ODD)
    assert sources_of(after).sources[-1].name == " ".join(name.split())
