"""Words in an organisation's colour can be read, by day and by night, wherever they stand."""

from __future__ import annotations

import re
from colorsys import rgb_to_hls
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.colours import DARK, LIGHT, contrast, readable, unreadable_on
from bot.models import Organisation

TEMPLATES = Path(__file__).parents[1] / "templates"
COLOURS = some.integers(0, 0xFFFFFF).map("#{:06x}".format)
NIGHT = re.compile(r"@media[^{]*dark[^{]*\{(?:[^{}]|\{[^{}]*\})*\}")
GROUNDS = some.sampled_from([LIGHT, DARK])


# The figures are WebAIM's (https://webaim.org/resources/contrastchecker/), and the two ends of the scale.
@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#777777", "#ffffff", 4.48),
        ("#767676", "#ffffff", 4.54),
        ("#0000ff", "#ffffff", 8.59),
        ("#ff0000", "#ffffff", 4.0),
        ("#12578f", "#12578f", 1.0),
    ],
)
def test_contrast_is_as_the_guidelines_define_it(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == contrast(other, one) == pytest.approx(ratio, abs=0.005)


@given(COLOURS, GROUNDS)
def test_what_is_suggested_can_be_read_everywhere(colour: str, grounds: dict[str, str]) -> None:
    suggested = readable(colour, grounds)
    assert re.fullmatch("#[0-9a-f]{6}", suggested)
    assert unreadable_on(suggested, grounds) is None
    assert min(contrast(suggested, ground) for ground in grounds) >= 4.5


@given(COLOURS, GROUNDS)
def test_what_is_suggested_has_the_hue_that_was_asked_for(colour: str, grounds: dict[str, str]) -> None:
    suggested = readable(colour, grounds)
    spread = max(channels(suggested)) - min(channels(suggested))
    turned = abs(hue(suggested) - hue(colour)) % 360
    # Rounding to 256 steps moves a hue by this much: little where there is one to see.
    assert min(turned, 360 - turned) <= 61 / max(spread, 1) or spread < 3


@given(COLOURS, GROUNDS)
def test_what_can_be_read_is_left_alone_and_nothing_is_moved_further_than_it_must(
    colour: str, grounds: dict[str, str]
) -> None:
    suggested = readable(colour, grounds)
    if unreadable_on(colour, grounds) is None:
        assert suggested == colour
    else:
        assert min(contrast(suggested, ground) for ground in grounds) < 4.75


def test_the_colours_of_an_organisation_that_says_none_can_be_read() -> None:
    usual = Organisation()
    assert unreadable_on(usual.colour, LIGHT) is None
    assert unreadable_on(usual.colour_at_night, DARK) is None


def test_the_first_ground_in_the_table_is_told_first() -> None:
    assert unreadable_on("#ffffff", LIGHT) == "#ffffff"
    assert unreadable_on("#6f6f6f", LIGHT) == list(LIGHT)[1]  # can be read on white
    assert LIGHT["#ffffff"] == "white"


def test_the_templates_that_ship_name_no_ground_that_is_not_checked() -> None:
    by_day, by_night = set(), set()
    for file in sorted([*TEMPLATES.rglob("*.css"), *TEMPLATES.rglob("*.html")]):
        text = re.sub(r"\{[{%#].*?[}%#]\}", "", file.read_text(encoding="utf-8"))
        by_night |= grounds_in("".join(NIGHT.findall(text)), text)
        by_day |= grounds_in(NIGHT.sub("", text), text)
    assert by_day <= {*LIGHT}
    assert by_night <= {*DARK}
    assert {"#ffffff", "#f1f0ec"} <= by_day
    assert {"#181c20", "#16191c"} <= by_night


def grounds_in(styles: str, whole: str) -> set[str]:
    """Every ground that these styles set, by its colour or by a property of the style sheet."""
    names = {"background", "background-color", "bgcolor"}
    names |= set(re.findall(r"background(?:-color)?:[^;}]*var\((--[\w-]+)\)", whole))
    named = "|".join(map(re.escape, sorted(names)))
    found = re.findall(rf"(?<![\w-])(?:{named})(?::|=\")[^;}}\"]*?(#[0-9a-fA-F]{{3,6}})\b", styles)
    return {f"#{''.join(digit * 2 for digit in one[1:])}" if len(one) == 4 else one.lower() for one in found}


def channels(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def hue(colour: str) -> float:
    red, green, blue = (part / 255 for part in channels(colour))
    return rgb_to_hls(red, green, blue)[0] * 360
