"""`organisation:` in subscriptions.yaml -> Organisation: who sends, and how their digests look."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from math import floor
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from bot import colours
from bot.config import values
from bot.config.form import Form, Line, pattern
from bot.config.picture import Picture, read_picture
from bot.config.sheet import Place, Sheet, shown
from bot.models import Logo, Organisation

LONGEST_NAME = 120  # characters; it stands in titles, and in the line that says who sends
LONGEST_ALT = 150
LONGEST_INTRODUCTION = 600
NARROWEST, DEFAULT_WIDTH, WIDEST = 20, 160, 280  # CSS pixels: a phone has 320, with a margin on both sides
HIGHEST = 160  # more would push the digest off a phone's first screen

_COLOUR = re.compile(r"#[0-9a-f]{6}")
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>")
_KEYS_OF_COLOURS = ("colour", "colour_at_night")


# --- values -------------------------------------------------------------------------------------------


def _colour(text: str) -> str:
    colour = text.lower()
    if _COLOUR.fullmatch(colour):
        return colour
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    better = f"#{digits}" if _COLOUR.fullmatch(f"#{digits}") else Organisation().colour
    raise ValueError(
        f'`{shown(text)}` is no colour; write # and six digits of 0-9 and a-f, in quotes, such as "{better}"'
    )


def _readable(grounds: Mapping[str, str]) -> Callable[[str], str]:
    """A colour in which words can be read on all of these grounds."""

    def check(text: str) -> str:
        colour = _colour(text)
        ground = colours.unreadable_on(colour, grounds)
        if ground is None:
            return colour
        reached = floor(colours.contrast(colour, ground) * 10) / 10
        raise ValueError(
            f"{colour} on {grounds[ground]} has a contrast of {reached}:1, and words need "
            f"{colours.ENOUGH}:1; {colours.readable(colour, grounds)} would do"
        )

    return check


def _no_longer_than(most: int) -> AfterValidator:
    def check(text: str) -> str:
        if len(text) > most:
            raise ValueError(f"is {len(text)} characters long; at most {most} can stand here")
        return text

    return AfterValidator(check)


def _words(text: str) -> str:
    """Plain text on one line. Mark-up in it would be shown as it is written."""
    folded = values.line(text)
    if markup := _MARKUP.search(folded):
        raise ValueError(
            f"has HTML in it (`{shown(markup[0])}`), which readers would see as it stands; write plain text"
        )
    return folded


def _alt(text: str) -> str:
    if not text:
        raise ValueError(
            "is empty; say in words what the logo says, such as Wetherby Vale: many read without pictures"
        )
    return values.line(text)


def _width(width: int) -> int:
    if NARROWEST <= width <= WIDEST:
        return width
    raise ValueError(f"is {width}; a logo should be {NARROWEST} to {WIDEST} pixels wide to fit on a phone")


def _secure_page(text: str) -> str:
    example = "https://example.org/privacy"
    if not text.lower().startswith("https://"):
        raise ValueError(f"should begin with https://, such as {example}")
    values.web_address(text, example)
    return text


def _beside(name: str) -> str:
    if "://" in name:
        raise ValueError(
            "is an address; save the picture beside subscriptions.yaml and write its name: logo.png"
        )
    return values.line(name)


# --- forms --------------------------------------------------------------------------------------------

_SIX_DIGITS = pattern("^#[0-9a-fA-F]{6}$")


class LogoForm(Form):
    """A picture that travels inside each mail, so that opening one asks nobody for anything."""

    file: Annotated[str, AfterValidator(_beside)] = Field(
        description="A PNG, JPEG or GIF beside this file, of at most 50 kB."
    )
    alt: Annotated[str, AfterValidator(_alt), _no_longer_than(LONGEST_ALT)] = Field(
        description="What it says, in words, for all who do not see it.", json_schema_extra={"minLength": 1}
    )
    width: Annotated[int, AfterValidator(_width)] = Field(
        default=DEFAULT_WIDTH,
        description="How wide it is shown, 20 to 280 pixels; the height follows.",
        json_schema_extra={"minimum": NARROWEST, "maximum": WIDEST},
    )


class OrganisationForm(Form):
    """Who sends, and how their digests look."""

    name: Annotated[Line, _no_longer_than(LONGEST_NAME)] = Field(
        default=Organisation().name, description="Who sends the digests."
    )
    colour: Annotated[str, AfterValidator(_readable(colours.LIGHT))] = Field(
        default=Organisation().colour,
        description='Of links and lines on white, in quotes: "#12578f". Words in it must be readable.',
        json_schema_extra=_SIX_DIGITS,
    )
    colour_at_night: Annotated[str, AfterValidator(_readable(colours.DARK))] | None = Field(
        default=None,
        description="The same where the reader's screen is dark. Without it, one is made from colour.",
        json_schema_extra=_SIX_DIGITS,
    )
    logo: LogoForm | None = Field(default=None, description="A picture above each digest.")
    introduction: (
        Annotated[str, Field(min_length=1), AfterValidator(_words), _no_longer_than(LONGEST_INTRODUCTION)]
        | None
    ) = Field(default=None, description="A note of one paragraph above the reviews of each digest.")
    privacy: Annotated[str, AfterValidator(_secure_page)] | None = Field(
        default=None,
        description="A page, at https, that says how you keep addresses.",
        json_schema_extra=pattern("^https://"),
    )


# --- from the file ------------------------------------------------------------------------------------

_PLACE: Place = ("organisation",)
_LOGO: Place = (*_PLACE, "logo")


def checked_picture(sheet: Sheet, folder: Path | None) -> Picture | None:
    """The logo's picture, read from `folder` (None: not read). What a form cannot see of the organisation is
    told in `sheet`."""
    look = _inside(sheet.content, "organisation")
    for key in _KEYS_OF_COLOURS:
        if key in look and look[key] is None:
            wrong = 'is empty, as what follows a # is a comment: put the colour in quotes, such as "#12578f"'
            sheet.add((*_PLACE, key), wrong)
    path = logo_file(sheet.content, folder) if folder else None
    if path is None or "://" in str(_inside(look, "logo").get("file")):
        return None
    try:
        picture = read_picture(path)
    except ValueError as error:
        sheet.add((*_LOGO, "file"), str(error))
        return None
    width = str(_inside(look, "logo").get("width") or DEFAULT_WIDTH)
    if width.isdecimal() and int(width) <= WIDEST and (height := _height(picture, int(width))) > HIGHEST:
        fits = HIGHEST * picture.width // picture.height
        right = f"write `width: {fits}`" if fits >= NARROWEST else "take one that is less tall"
        wrong = f"is {width}, which makes the logo {height} pixels high, and {HIGHEST} at most leave room"
        sheet.add((*_LOGO, "width"), f"{wrong} for words on a phone; {right}")
    return picture


def logo_file(content: object, folder: Path) -> Path | None:
    """Where the logo is, as the content of a file says it, rightly or not; None where it names none."""
    name = _inside(_inside(content, "organisation"), "logo").get("file")
    return folder / name.strip() if isinstance(name, str) and name.strip() and name.isprintable() else None


def organisation_of(form: OrganisationForm, picture: Picture | None) -> Organisation:
    """`picture` None: without a logo."""
    logo = None
    if form.logo and picture:
        logo = Logo(
            picture=picture.content,
            media_type=picture.media_type,
            alt=form.logo.alt,
            width=form.logo.width,
            height=_height(picture, form.logo.width),
        )
    return Organisation(
        name=form.name,
        colour=form.colour,
        colour_at_night=form.colour_at_night or _at_night(form.colour),
        logo=logo,
        introduction=form.introduction,
        privacy=form.privacy,
    )


def _at_night(colour: str) -> str:
    usual = Organisation()
    return usual.colour_at_night if colour == usual.colour else colours.readable(colour, colours.DARK)


def _height(picture: Picture, width: int) -> int:
    return max(1, round(width * picture.height / picture.width))


def _inside(content: object, key: str) -> Mapping[str, object]:
    """What stands under a key, empty where that is no mapping."""
    found = content.get(key) if isinstance(content, Mapping) else None
    return found if isinstance(found, dict) else {}
