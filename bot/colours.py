"""Whether words in a colour can be read on the grounds where they stand, and the nearest colour that can.

A colour is `#rrggbb`. Contrast and relative luminance are as WCAG 2.x defines them
(https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio).
"""

from __future__ import annotations

from collections.abc import Mapping
from colorsys import hls_to_rgb, rgb_to_hls
from types import MappingProxyType

ENOUGH = 4.5  # WCAG 2.2, 1.4.3, for words of any size

# Every ground in templates/email and templates/web on which words in the organisation's colour may stand, or
# which is that of a button's words, and what it is called. The first that a colour fails on is told.
LIGHT: Mapping[str, str] = MappingProxyType(
    {
        "#ffffff": "white",
        "#f4f2ea": "the light ground of a note (#f4f2ea)",
        "#f1f3f5": "the light ground of a note on a page (#f1f3f5)",
        "#eef3f7": "the light ground of a reason (#eef3f7)",
        "#f1f0ec": "the light ground around a mail (#f1f0ec)",
    }
)
DARK: Mapping[str, str] = MappingProxyType(
    {
        "#181c20": "the dark ground of a mail (#181c20)",
        "#0e1113": "the dark ground around a mail (#0e1113)",
        "#16191c": "the dark ground of a page (#16191c)",
        "#23282d": "the dark ground of a note on a page (#23282d)",
        "#262418": "the dark ground of a note (#262418)",
        "#1f2a33": "the dark ground of a reason (#1f2a33)",
    }
)


def contrast(one: str, other: str) -> float:
    """From 1, the same colour, to 21, black and white; whichever of the two is the ground."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def unreadable_on(colour: str, grounds: Mapping[str, str]) -> str | None:
    """The first ground on which words in this colour cannot be read; None where they can on all."""
    return next((ground for ground in grounds if contrast(colour, ground) < ENOUGH), None)


def readable(colour: str, grounds: Mapping[str, str]) -> str:
    """The nearest colour of the same hue and saturation (HSL) in which words can be read on all of these
    grounds: itself, or a darker one on light grounds, a lighter one on dark grounds."""
    hue, lightness, saturation = rgb_to_hls(*(part / 255 for part in _parts(colour)))
    darker = all(contrast(ground, "#000000") > contrast(ground, "#ffffff") for ground in grounds)
    level = round(lightness * 255)
    while unreadable_on(colour, grounds) is not None and 0 <= level <= 255:
        level += -1 if darker else 1
        red, green, blue = hls_to_rgb(hue, level / 255, saturation)
        colour = f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"
    return colour


def _parts(colour: str) -> tuple[int, int, int]:
    """Red, green and blue, from 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
