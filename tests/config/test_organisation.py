"""`organisation:` in subscriptions.yaml: who sends, in which colours, under which logo."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from ruamel.yaml import YAML
from typer.testing import CliRunner

from bot.cli import app, load_commands
from bot.colours import DARK, unreadable_on
from bot.config import load, load_subscriptions, subscriptions_schema
from bot.config.form import keys_of
from bot.config.organisation import LogoForm, OrganisationForm
from bot.config.subscriptions import subscriptions_of
from bot.errors import ConfigError
from bot.models import Logo, Organisation
from tests.config.logos import picture
from tests.config.vocabularies import vocabulary_of

ROOT = Path(__file__).parents[2]
SHIPPED = vocabulary_of("neglect")
OF_AN_ORGANISATION = subscriptions_schema(SHIPPED.ids) | {"required": ["organisation"]}
SOURCES = "sources:\n  - {id: a, name: A, url: 'https://a.example.org/'}\n"
SUBSCRIPTIONS = "subscriptions:\n  - {id: all, to: [lead@example.org], digest: immediately}\n"
EVERYTHING = """\
organisation:
  name: Wetherby Vale Safeguarding Children Partnership
  colour: "#12578F"
  colour_at_night: "#93c5f2"
  logo: {file: logo.png, alt: Wetherby Vale, width: 150}
  introduction: >-
    Please talk about one of these
    in your next team meeting.
  privacy: https://www.wetherbyvale.example/privacy
"""


class Office:
    """A folder in which an administrator keeps the configuration, with a logo beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "sources.yaml").write_text(SOURCES, "utf-8")
        self.keeps_logo(picture())

    def keeps_logo(self, content: bytes, name: str = "logo.png") -> None:
        (self.folder / name).write_bytes(content)

    def writes(self, *lines: str) -> Path:
        """`organisation:` and these lines below it, from line 2 on."""
        text = "\n".join(["organisation:", *(f"  {line}" for line in lines), SUBSCRIPTIONS])
        return self.writes_all(text)

    def writes_all(self, text: str) -> Path:
        file = self.folder / "subscriptions.yaml"
        file.write_text(text, "utf-8")
        return file

    def has(self, *lines: str) -> Organisation:
        return load_subscriptions(self.writes(*lines), SHIPPED).organisation

    def is_told(self, *lines: str) -> list[str]:
        """What is wrong with these lines, without the name of the folder."""
        with pytest.raises(ConfigError) as caught:
            load_subscriptions(self.writes(*lines), SHIPPED)
        return [str(problem).replace(f"{self.folder}{os.sep}", "") for problem in caught.value.problems]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_an_organisation_with_everything_is_read(office: Office) -> None:
    office.writes_all(EVERYTHING + SUBSCRIPTIONS)

    assert load(office.folder, SHIPPED, {}).organisation == Organisation(
        name="Wetherby Vale Safeguarding Children Partnership",
        colour="#12578f",
        colour_at_night="#93c5f2",
        logo=Logo(
            picture=picture(), media_type="image/png", alt="Wetherby Vale", width=150, height=38
        ),  # 320 to 80, rounded
        introduction="Please talk about one of these in your next team meeting.",
        privacy="https://www.wetherbyvale.example/privacy",
    )


def test_nothing_of_it_needs_to_be_said(office: Office) -> None:
    office.writes_all(SUBSCRIPTIONS)

    assert load(office.folder, SHIPPED, {}).organisation == Organisation()
    assert office.has("name:") == Organisation()


def test_a_logo_is_160_pixels_wide_unless_one_says_otherwise(office: Office) -> None:
    logo = office.has("logo: {file: logo.png, alt: Wetherby Vale}").logo
    assert logo
    assert (logo.width, logo.height) == (160, 40)


def test_a_text_alone_has_no_folder_and_so_no_logo() -> None:
    assert subscriptions_of(EVERYTHING + SUBSCRIPTIONS, SHIPPED).organisation.logo is None


def test_check_says_nothing_new_when_all_is_well_and_every_mistake_when_not(office: Office) -> None:
    office.writes_all(EVERYTHING + SUBSCRIPTIONS)
    command = ["--config", str(office.folder), "check"]
    environ = {"DATABASE_URL": f"sqlite:///{office.folder}/archive.db"}
    load_commands()
    well = CliRunner().invoke(app, command, env=environ)

    assert well.exit_code == 0
    assert "subscriptions.yaml: 1 subscription, 1 address" in well.output
    assert "organisation" not in well.output

    (office.folder / "logo.png").unlink()
    office.writes_all(EVERYTHING.replace("#12578F", "#f4b400") + SUBSCRIPTIONS)
    wrong = CliRunner().invoke(app, command, env=environ)

    assert wrong.exit_code != 0
    said = str(wrong.exception) + wrong.output
    assert "subscriptions.yaml:3: organisation.colour: #f4b400 on white has a contrast of 1.8:1" in said
    assert "subscriptions.yaml:5: organisation.logo.file: is no file: there is no logo.png in" in said


def test_the_lines_that_ship_as_comments_work_once_the_hash_is_taken_away(office: Office) -> None:
    text = (ROOT / "subscriptions.yaml").read_text("utf-8")
    lines = re.findall(r"^# (organisation:|  .*)$", text.partition("digests:")[0], re.MULTILINE)
    block = "\n".join(lines[lines.index("organisation:") :])
    office.writes_all(f"{block}\n{SUBSCRIPTIONS}")
    made = load(office.folder, SHIPPED, {}).organisation

    assert made.name == "Wetherby Vale Safeguarding Children Partnership"
    assert made.logo
    assert made.privacy
    jsonschema.validate(YAML(typ="safe", pure=True).load(block), OF_AN_ORGANISATION)


def test_the_example_in_the_documentation_works_and_says_every_key(office: Office) -> None:
    page = (ROOT / "docs" / "subscriptions.md").read_text("utf-8")
    (example,) = re.findall(r"^```yaml\n(organisation:\n.*?)^```", page, re.MULTILINE | re.DOTALL)
    office.writes_all(example + SUBSCRIPTIONS)
    content = YAML(typ="safe", pure=True).load(example)
    jsonschema.validate(content, OF_AN_ORGANISATION)

    assert load(office.folder, SHIPPED, {}).organisation.logo
    assert {*content["organisation"]} == {*keys_of(OrganisationForm)}
    assert {*content["organisation"]["logo"]} == {*keys_of(LogoForm)}


# What stands below `organisation:`, from line 2 on, and the one line that it gives.
WRONG = [
    ('colour: "#f4b400"', "2: organisation.colour: #f4b400 on white has a contrast of 1.8:1, and words need 4.5:1; #8c6700 would do"),
    ('colour: "#6f6f6f"', "2: organisation.colour: #6f6f6f on the light ground "),
    ('colour_at_night: "#12578f"', "2: organisation.colour_at_night: #12578f on the dark ground of a mail (#181c20) has a contrast of 2.2:1, and words need 4.5:1; #3194e5 would do"),
    ("colour: #12578f", "2: organisation.colour: is empty, as what follows a # is a comment: put the colour in quotes, such as"),
    ("colour_at_night:", "2: organisation.colour_at_night: is empty, as what follows a # is a comment: put the colour in quotes"),
    ("colour: navy", "2: organisation.colour: `navy` is no colour; write # and six digits of 0-9 and a-f, in quotes, such as \"#12578f\""),
    ("colour: 12578f", '2: organisation.colour: `12578f` is no colour; write # and six digits of 0-9 and a-f, in quotes, such as "#12578f"'),
    ('colour: "#15B"', '2: organisation.colour: `#15B` is no colour; write # and six digits of 0-9 and a-f, in quotes, such as "#1155bb"'),
    ('colour: "#12578f80"', "2: organisation.colour: `#12578f80` is no colour"),
    ("color: red", "2: organisation.color: `color` is not known here; did you mean `colour`?"),
    ("contact: a@example.org", "2: organisation.contact: `contact` is not known here; what can stand here: name, colour,"),
    ('name: "Wether\\x07by"', "2: organisation.name: has a control character in it, or nothing to see; write plain text"),
    ('name: ""', "2: organisation.name: should be a text, not empty"),
    (f"name: {'W' * 121}", "2: organisation.name: is 121 characters long; at most 120 can stand here"),
    (f"introduction: {'word ' * 121}", "2: organisation.introduction: is 604 characters long; at most 600 can stand here"),
    ("introduction: Read <b>this</b>", "2: organisation.introduction: has HTML in it (`<b>`), which readers would see as it stands; write plain text"),
    ('introduction: "Left \\u202e right"', "2: organisation.introduction: has a control character in it"),
    ("privacy: http://wetherbyvale.example/", "2: organisation.privacy: should begin with https://, such as https://example.org/privacy"),
    ("privacy: on our site", "2: organisation.privacy: should begin with https://"),
    ("privacy: https://wetherbyvale.example/?token=abc", "2: organisation.privacy: an address with a key in it must not stand in this file"),
    ("logo: logo.png", "2: organisation.logo: should be `key: value` lines, such as `logo: {file: logo.png, alt: Harrowmere, width: 160}`, not `logo.png`"),
    ("logo: {file: logo.png}", "2: organisation.logo.alt: is missing or empty; write `alt: "),
    ("logo: {file: logo.png, alt: ''}", "2: organisation.logo.alt: is empty; say in words what the logo says"),
    ("logo: {file: logo.png, alt: ' '}", "2: organisation.logo.alt: is empty; say in words what the logo says"),
    (f"logo: {{file: logo.png, alt: {'W' * 151}}}", "2: organisation.logo.alt: is 151 characters long; at most 150"),
    ("logo: {alt: Wetherby Vale}", "2: organisation.logo.file: is missing or empty; write `file: logo.png`"),
    ("logo: {file: logo.png, alt: A, width: 19}", "2: organisation.logo.width: is 19; a logo should be 20 to 280 pixels wide"),
    ("logo: {file: logo.png, alt: A, width: 281}", "2: organisation.logo.width: is 281; a logo should be 20 to 280 pixels wide"),
    ("logo: {file: logo.png, alt: A, width: wide}", "2: organisation.logo.width: should be a whole number, not `wide`"),
    ("logo: {src: logo.png, file: logo.png, alt: A}", "2: organisation.logo.src: `src` is not known here; did you mean `file`?"),
    ("logo: {file: gone.png, alt: A}", "2: organisation.logo.file: is no file: there is no gone.png in "),
    ('logo: {file: "a\\x00b.png", alt: A}', "2: organisation.logo.file: has a control character in it"),
    ("logo: {file: ., alt: A}", "2: organisation.logo.file: is no file: "),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "expected"), WRONG)
def test_a_mistake_is_named_at_its_line(office: Office, lines: str, expected: str) -> None:
    (problem,) = office.is_told(lines)

    assert problem.startswith(f"subscriptions.yaml:{expected}")


def test_a_wrong_organisation_is_told_with_what_would_be_right(office: Office) -> None:
    with pytest.raises(
        ConfigError, match=r"should be `key: value` lines, such as `organisation: \{name: Harrow"
    ):
        load_subscriptions(office.writes_all(f"organisation: Wetherby Vale\n{SUBSCRIPTIONS}"), SHIPPED)


def test_all_mistakes_come_at_once(office: Office) -> None:
    told = office.is_told(
        "name: ''",
        "colour: #12578f",
        'colour_at_night: "#000000"',
        "logo: {file: gone.png, alt: ''}",
        "privacy: x",
    )

    assert [one.split(": ")[1] for one in told] == [
        "organisation.name",
        "organisation.colour",
        "organisation.colour_at_night",
        "organisation.logo.alt",
        "organisation.logo.file",
        "organisation.privacy",
    ]


COLOURS = some.integers(0, 0xFFFFFF).map("#{:06x}".format)


@given(COLOURS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_colour_for_the_night_is_made_from_the_one_for_the_day(office: Office, colour: str) -> None:
    with suppress(ConfigError):
        made = office.has(f'colour: "{colour}"')
        assert made.colour == colour
        assert unreadable_on(made.colour_at_night, DARK) is None


@given(COLOURS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_colour_that_a_message_names_is_taken(office: Office, colour: str) -> None:
    try:
        office.has(f'colour: "{colour}"', f'colour_at_night: "{colour}"')
    except ConfigError as error:
        named = {problem.field: problem.text.split("; ")[1].split()[0] for problem in error.problems}
        office.has(*(f'{key.partition(".")[2]}: "{better}"' for key, better in named.items()))


def test_the_colour_of_the_night_is_a_lighter_one_of_the_same_hue(office: Office) -> None:
    assert office.has('colour: "#8c6700"').colour_at_night == "#b88700"
    assert office.has('colour_at_night: "#ffffff"').colour_at_night == "#ffffff"


def test_the_usual_colours_belong_together(office: Office) -> None:
    assert office.has('colour: "#12578f"') == Organisation()


# --- the logo's file ------------------------------------------------------------------------------------

LOGO = "logo: {file: logo.png, alt: Wetherby Vale}"


@pytest.mark.parametrize(
    ("kind", "how"),
    [
        ("PNG", {}),
        ("GIF", {}),
        ("JPEG", {}),
        ("JPEG", {"progressive": True}),
        ("JPEG", {"exif": b"Exif\0\0" + b"\xff\xc0" * 300, "comment": b"\xff\xd9"}),
        ("JPEG", {"icc_profile": b"x" * 30_000}),
    ],
)
@pytest.mark.parametrize(("width", "height"), [(320, 80), (257, 256), (1, 1), (3, 2)])
def test_kind_and_size_are_those_of_the_file_whatever_it_is_called(
    office: Office, kind: str, how: dict[str, object], width: int, height: int
) -> None:
    content = picture(kind, width, height, **how)
    office.keeps_logo(content)

    assert office.has("logo: {file: logo.png, alt: Wetherby Vale, width: 120}").logo == Logo(
        picture=content,
        media_type=f"image/{kind.lower()}",  # type: ignore[arg-type]  # one of the three
        alt="Wetherby Vale",
        width=120,
        height=round(120 * height / width),
    )


@pytest.mark.parametrize(
    "before",
    [b"\xff\xc4\0\x10" + b"\1" * 14, b"\xff", b"\xff\xff\xff"],
    ids=["its tables come first", "a byte that fills", "more of them"],
)
def test_the_size_of_a_jpeg_is_found_where_others_write_it(office: Office, before: bytes) -> None:
    content = picture("JPEG", 321, 81)
    office.keeps_logo(content[:2] + before + content[2:])
    logo = office.has("logo: {file: logo.png, alt: Wetherby Vale, width: 214}").logo

    assert logo
    assert logo.height == 54


def cut(content: bytes) -> bytes:
    return content[: len(content) * 2 // 3]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'<?xml version="1.0"?><svg/>', "is SVG, which some mail programs do not show; save it as PNG, JPEG or GIF"),
        (b"\xef\xbb\xbf\n <svg/>", "is SVG"),
        (b"<!DOCTYPE html><html></html>", "is a web page"),
        (picture("WEBP"), "is WebP, which some mail programs do not show"),
        (picture("BMP", 8, 8), "is BMP"),
        (b"\0\0\0 ftypavif\0\0\0\0", "is AVIF or HEIC"),
        (b"%PDF-1.7", "is PDF"),
        (b"", "is no picture that mail can carry; save it as PNG, JPEG or GIF"),
        (b"Wetherby Vale", "is no picture that mail can carry"),
        (picture() + b"\0" * 50_000, "is 50 kB, and goes into each mail; save it smaller, at most 50 kB"),
        (cut(picture()), "is a picture that is cut off or damaged; save it again"),
        (cut(picture("GIF")), "is a picture that is cut off or damaged"),
        (cut(picture("JPEG")), "is a picture that is cut off or damaged"),
        (cut(picture("JPEG", comment=b"\xff\xd9")), "is a picture that is cut off or damaged"),
        (picture()[:20], "is a picture that is cut off or damaged"),
        (picture("JPEG")[:12], "is a picture that is cut off or damaged"),
        (picture().replace(b"\0\0\1\x40\0\0\0\x50", b"\0\0\0\0\0\0\0\x50"), "is a picture that is cut off or damaged"),
    ],
    ids=range(17),
)  # fmt: skip
def test_what_mail_cannot_carry_is_told_in_one_sentence(office: Office, content: bytes, told: str) -> None:
    office.keeps_logo(content)
    (problem,) = office.is_told(LOGO)

    assert problem.startswith(f"subscriptions.yaml:2: organisation.logo.file: {told}")


def test_a_logo_of_50_kilobytes_is_not_too_large(office: Office) -> None:
    full = picture("JPEG")
    comment = len(full) + 4
    office.keeps_logo(
        full[:2]
        + b"\xff\xfe"
        + (50_000 - comment + 2).to_bytes(2, "big")
        + b" " * (50_000 - comment)
        + full[2:]
    )

    assert len((office.folder / "logo.png").read_bytes()) == 50_000
    assert office.has(LOGO).logo


@pytest.mark.parametrize(
    ("width", "height", "asked", "told"),
    [
        (100, 100, 200, "is 200, which makes the logo 200 pixels high, and 160 at most leave room for words on a phone; write `width: 160`"),
        (10, 100, 160, "is 160, which makes the logo 1600 pixels high, and 160 at most leave room for words on a phone; take one that is less tall"),
    ],
)  # fmt: skip
def test_a_logo_leaves_room_for_words(office: Office, width: int, height: int, asked: int, told: str) -> None:
    office.keeps_logo(picture("PNG", width, height))
    (problem,) = office.is_told(f"logo: {{file: logo.png, alt: Wetherby Vale, width: {asked}}}")

    assert problem == f"subscriptions.yaml:2: organisation.logo.width: {told}"


def test_a_logo_that_is_a_thin_line_is_still_to_be_seen(office: Office) -> None:
    office.keeps_logo(picture("PNG", 900, 1))
    logo = office.has(LOGO).logo

    assert logo
    assert (logo.width, logo.height) == (160, 1)


def test_a_file_that_is_too_large_is_not_opened(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.keeps_logo(b"x" * 60_000)
    file = office.writes(LOGO)
    whole: Callable[[Path], bytes] = Path.read_bytes
    opened: list[str] = []
    monkeypatch.setattr(Path, "read_bytes", lambda path: (opened.append(path.name), whole(path))[1])
    with pytest.raises(ConfigError, match="is 60 kB"):
        load_subscriptions(file, SHIPPED)

    assert opened == ["subscriptions.yaml"]


@given(
    some.binary(max_size=80),
    some.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\xff\xd8\xff", picture()]),
)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_a_logo_or_a_config_error(office: Office, content: bytes, before: bytes) -> None:
    office.keeps_logo(before + content)
    with suppress(ConfigError):
        assert office.has(LOGO).logo
