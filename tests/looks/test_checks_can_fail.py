"""A check that cannot fail is worth nothing: each is shown a page that is wrong in one thing, and must say so."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from tests.looks import checks
from tests.looks.checks import Found
from tests.looks.looking import look_at
from tests.looks.pages import Page
from tests.looks.test_mail_programs import Allowed, allowed, overstepped, unexplained

SOUND = """<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="color-scheme" content="light dark">
<title>Three new reviews</title>
<style>
@media (prefers-color-scheme: dark) {
  body { background: #0e1113 !important; }
  .card { background: #181c20 !important; color: #e9e7e2 !important; }
  a { color: #93c5f2 !important; }
}
</style>
</head>
<body style="background: #f1f0ec; margin: 16px; font-family: Arial, sans-serif; font-size: 17px">
<div role="main" class="card" style="background: #ffffff; color: #1c2024; padding: 16px">
<h1>Three new reviews</h1>
<p>Of the week to 22 November.</p>
<h2>Baby Rowan</h2>
<p><a href="https://a.example/report" style="color: #12578f; display: inline-block; padding: 8px 0">Read the report on Baby Rowan</a></p>
</div>
</body>
</html>
"""
LONG = "<p>" + "The same sentence again. " * 4000 + "</p>"

# name: (check, what is put in the place of what, what the check must say)
WRONG: Mapping[str, tuple[Callable[[Found], list[str]], str, str, str]] = {
    "no-important": (
        checks.dark_applies,
        "#0e1113 !important",
        "#0e1113",
        "body has the ground #f1f0ec, which is not dark",
    ),
    "no-dark-at-all": (
        checks.dark_applies,
        "(prefers-color-scheme: dark)",
        "(width: 1px)",
        "which is not dark",
    ),
    "dark-always": (
        checks.dark_applies,
        "background: #f1f0ec",
        "background: #0e1113",
        "light, 320 px: body has the ground #0e1113",
    ),
    "pale-words": (checks.axe, "color: #1c2024", "color: #9a9a9a", "light, 320 px: color-contrast"),
    "pale-words-by-our-sum": (
        checks.contrast,
        "color: #1c2024",
        "color: #9a9a9a",
        "#9a9a9a on #ffffff has 2.8",
    ),
    "dark-link-on-dark": (
        checks.contrast,
        "color: #93c5f2",
        "color: #1d70b8",
        "dark, 320 px: “Read the report",
    ),
    "dark-link-on-dark-for-axe": (
        checks.axe,
        "color: #93c5f2",
        "color: #1d70b8",
        "dark, 320 px: color-contrast",
    ),
    "no-alt": (checks.axe, "<p>Of the", '<img src="https://a.example/logo.png"><p>Of the', "image-alt"),
    "small-print": (
        checks.text_is_large_enough,
        "<p>Of",
        '<p style="font-size: 12px">Of',
        "“Of the week to 22 November.” has 12 px",
    ),
    "wide-table": (
        checks.fits_the_width,
        "<h2>",
        '<table role="presentation" width="700"><tr><td>Wide</td></tr></table><h2>',
        "px wide",
    ),
    "long-word": (checks.fits_the_width, "Of the", "https://a.example/" + "x" * 90, "px wide"),
    "cut-off": (checks.fits_the_width, "<p>Of", '<p style="width: 700px">Of', "px wide"),
    "low-link": (
        checks.targets_can_be_hit,
        "display: inline-block; padding: 8px 0",
        "",
        "“Read the report on Baby Rowan” is",
    ),
    "crowded-links": (
        checks.targets_stand_apart,
        "<p>Of the week",
        '<p><a href="/a">a1</a><a href="/b">b2</a>',
        "“a1” and “b2” stand too near",
    ),
    "two-h1": (checks.headings_in_order, "h2>", "h1>", "one h1 has to come first"),
    "skipped-level": (checks.headings_in_order, "h2>", "h4>", "h4 “Baby Rowan” follows h1"),
    "no-lang": (checks.says_its_language_and_title, ' lang="en-GB"', "", "no lang"),
    "no-lang-for-axe": (checks.axe, ' lang="en-GB"', "", "html-has-lang"),
    "no-title": (checks.says_its_language_and_title, "<title>Three new reviews</title>", "", "no title"),
    "vague-link": (
        checks.links_say_where_they_go,
        "Read the report on Baby Rowan",
        "Read more",
        "does not say where",
    ),
    "two-ways": (
        checks.links_say_where_they_go,
        "<p>Of the",
        '<p><a href="https://b.example/">Read the report on Baby Rowan</a> Of',
        "leads to",
    ),
    "beacon": (
        checks.fetches_nothing,
        "<p>Of the",
        '<p><img src="https://count.example/1.gif" alt="">Of the',
        "it asks for https://count.example/1.gif",
    ),
    "spoken-table": (
        checks.is_read_aloud_in_order,
        "<p>Of the week to 22 November.</p>",
        "<table><tr><th>Week</th></tr><tr><td>22 November</td></tr></table>",
        "table",
    ),
    "unspoken-heading": (
        checks.is_read_aloud_in_order,
        "<h2>",
        '<h2 aria-hidden="true">',
        "1 are read as such",
    ),
    "many-sheets": (checks.prints_on_a4, "<h2>", f"{LONG}<h2>", "pages, and 2 are allowed"),
    "tiny-print": (
        checks.prints_on_a4,
        "</style>",
        "@media print { p { font-size: 8px } }</style>",
        "letters of 6",
    ),
    "pale-print": (
        checks.prints_on_a4,
        "</style>",
        "@media print { p { color: #bbb; print-color-adjust: exact } }</style>",
        "ink of",
    ),
    "wide-print": (
        checks.prints_on_a4,
        "</style>",
        "@page { margin: 0 } @media print { body, .card { margin: 0 !important; padding: 0 !important } }</style>",
        "points are left",
    ),
    "unclosed": (checks.markup_is_valid, "</h2>", "", "close-order"),
    "empty-link": (checks.markup_is_valid, "Read the report on Baby Rowan", "", "wcag/h30"),
}


@pytest.fixture(scope="module")
def seen(tools: None, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Found]:
    pages = [Page(name="sound", html=SOUND, kind="mail", widths=(320,), sheets=2)]
    for name, (_, old, new, _) in WRONG.items():
        assert old in SOUND, f"{name} changes nothing"
        pages.append(Page(name=name, html=SOUND.replace(old, new), kind="mail", widths=(320,), sheets=2))
    return look_at(pages, tmp_path_factory.mktemp("wrong"))


@pytest.mark.parametrize("name", WRONG)
def test_the_check_finds_what_is_wrong(name: str, seen: Mapping[str, Found]) -> None:
    check, _, _, says = WRONG[name]
    assert any(says in one for one in check(seen[name])), check(seen[name])


@pytest.mark.parametrize("check", checks.CHECKS, ids=lambda check: check.__name__)
def test_the_check_is_content_with_a_sound_page(
    check: Callable[[Found], list[str]], seen: Mapping[str, Found]
) -> None:
    assert check(seen["sound"]) == []


def test_every_check_has_something_that_it_finds() -> None:
    assert {check for check, *_ in WRONG.values()} == set(checks.CHECKS)


def test_a_feature_that_outlook_lacks_and_nobody_explained_is_found(seen: Mapping[str, Found]) -> None:
    page = Page(
        name="flexed",
        html=SOUND.replace("padding: 16px", "display: flex; gap: 4px"),
        kind="mail",
        widths=(320,),
    )
    found = look_at([page], seen["sound"].pdf.parent)["flexed"]
    assert {feature for feature, *_ in unexplained(found, allowed())} >= {"display:flex"}
    assert [one for one in overstepped(page, allowed()) if one.startswith("display: ")]


def test_a_reason_holds_for_the_mail_programs_that_it_names_and_no_others(seen: Mapping[str, Found]) -> None:
    only_gmail = Allowed(
        feature="@media", support="none", clients=["gmail.mobile-webmail"], because="As it is."
    )
    assert ("@media", "none", "outlook.windows") in unexplained(seen["sound"], [only_gmail])
