"""What stands around the reviews of a mail: who sends it, the way to a page and to paper, and in which language and
direction the words of a source are."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.deliver.rendering.render import EmailContent, Renderer
from bot.deliver.rendering.templating import Templates
from bot.deliver.words import reachable
from bot.models import Digest, Logo, Organisation
from tests.deliver.invented import (
    BABY_ROWAN,
    BARE,
    FROM_RIGHT_TO_LEFT,
    IN_WELSH,
    SIBLINGS,
    digest,
    entry,
    full_week,
    name_of_theme,
    withdrawn,
)
from tests.deliver.parts import LINK, SHARED, TEMPLATES

PAGE = "https://learning.example.org/digests/0123456789abcdef"
OURS = Organisation(
    name="Wetherby Vale learning",
    contact="safeguarding@example.org",
    colour="#7a1f5c",
    colour_at_night="#f0a6d8",
    logo=Logo(picture=b"", media_type="image/png", alt="A heron over water", width=120, height=40),
    introduction="Our next forum is on 3 December & all are welcome.",
    privacy="https://learning.example.org/privacy",
)


def mail(of: Digest, organisation: Organisation = OURS, page_url: str | None = PAGE) -> EmailContent:
    return Renderer(Templates(TEMPLATES), name_of_theme, lambda: organisation).email(of, LINK, page_url)


def joined(text: str) -> str:
    return " ".join(text.split())


def test_the_first_title_comes_after_few_words() -> None:
    opening, _, _ = joined(SHARED.email(full_week(), LINK).text).partition("1. Baby Rowan")
    for fact in (
        "Wetherby Vale learning, for Baby safety leads",
        "3 new reviews on your themes and 2 changes",
        "16 to 22 November 2026. We found 7 reviews this week; 3 are on your themes.",
        "minutes to read.",
        "Content note.",
    ):
        assert fact in opening
    assert len(opening.split()) < 75


@pytest.mark.parametrize(
    ("since", "said"),
    [
        ("2026-11-16", "16 to 22 November 2026."),
        ("2026-10-19", "19 October to 23 November 2026."),
        ("2025-12-29", "29 December 2025 to 23 November 2026."),
    ],
)
def test_the_time_is_said_with_no_part_of_a_date_twice(since: str, said: str) -> None:
    year, month, day = (int(part) for part in since.split("-"))
    of = digest(entry())
    of = replace(of, since=of.slot.replace(year=year, month=month, day=day))
    assert said in joined(mail(of).text)


def test_the_page_and_the_sheet_are_named_once_each_and_can_be_passed_on() -> None:
    content = mail(full_week())
    for address in (PAGE, f"{PAGE}/meeting"):
        assert content.html.count(f'href="{address}"') == 1
        assert content.text.count(f"\n{address}\n") == 1
    assert "To print or pass on: this digest as a page" in joined(content.text)
    without = mail(full_week(), page_url=None)
    assert "/digests/" not in without.html + without.text
    assert "as a page" not in without.text


def test_the_sheet_is_offered_also_where_no_review_has_questions() -> None:
    content = mail(digest(entry(BARE)))
    assert content.html.count(f'href="{PAGE}/meeting"') == content.text.count(f"\n{PAGE}/meeting\n") == 1
    assert "To print for your team: A sheet for the meeting, on A4" in joined(content.text)
    for of in (digest(), digest(withdrawn())):
        assert "/meeting" not in mail(of).html + mail(of).text


def test_a_cut_digest_leads_to_its_page() -> None:
    of = digest(*(entry(BABY_ROWAN if number < 3 else SIBLINGS, number) for number in range(50)))
    assert "all of this digest, with what had no room here, as a page" in joined(mail(of).text)


def test_questions_of_a_single_review_are_gathered_too() -> None:
    text = mail(digest(entry(), entry(BARE, 2))).text
    meeting = joined(text[text.index("For your team meeting\n==") : text.index("What was checked\n==")])
    assert "The questions for reflection from the one review that has them" in meeting
    assert "Baby Rowan - How sure are you" in meeting


def test_the_organisation_shows_its_name_logo_colours_note_and_privacy() -> None:
    content = mail(full_week())
    [logo] = re.findall(r"<img[^>]*>", content.html)
    assert all(
        one in logo for one in ('src="cid:logo"', 'alt="A heron over water"', 'width="120"', 'height="40"')
    )
    assert f"color: {OURS.colour}" in content.html
    assert f"a {{ color: {OURS.colour_at_night} !important; }}" in content.html
    assert "Our next forum is on 3 December &amp; all are welcome." in content.html
    text = joined(content.text)
    assert text.index("Our next forum is on 3 December & all are welcome.") < text.index("The reviews ===")
    assert "How we look after your address https://learning.example.org/privacy" in text
    assert "Our next forum" in mail(digest()).text
    plain = mail(full_week(), Organisation())
    assert "<img" not in plain.html
    assert "A note from" not in plain.text
    assert "How we look after" not in plain.text


def test_a_logo_that_only_repeats_the_name_is_not_read_twice() -> None:
    assert OURS.logo
    same = replace(OURS, logo=replace(OURS.logo, alt=OURS.name))
    assert 'alt=""' in mail(digest(), same).html


def test_words_in_welsh_are_marked_and_so_is_what_runs_from_right_to_left() -> None:
    html = mail(digest(entry(IN_WELSH, 1), entry(FROM_RIGHT_TO_LEFT, 2))).html
    welsh = re.findall(r'<(\w+)[^>]* lang="cy"[^>]*>([^<]*)<', html)
    assert ("h3", "Adolygiad Ymarfer Plant: Plentyn Ŵ") in welsh
    assert ("span", "Plentyn Ŵ") in welsh
    assert ("span", "Dylai pob ymarferydd wybod pwy sydd yn y cartref") in welsh
    assert all("whole family" not in said for _, said in welsh)
    assert re.search(r'<h3[^>]* dir="rtl"[^>]*>مراجعة', html)
    assert re.search(r'<span dir="rtl">استمع إلى الطفل<', html)
    assert 'lang="cy"' not in mail(full_week()).html


def test_a_number_or_an_address_to_turn_to_can_be_tapped() -> None:
    assert '<a href="tel:08088005000"' in mail(digest()).html
    assert reachable("Ring 01632 960 001 <now>, or x@example.org. 12 of 1999") == (
        'Ring <a href="tel:01632960001">01632 960 001</a> &lt;now&gt;, '
        'or <a href="mailto:x@example.org">x@example.org</a>. 12 of 1999'
    )


def test_reviews_of_one_name_are_told_apart_in_the_list() -> None:
    same = (replace(BABY_ROWAN, links=()), replace(BABY_ROWAN, links=(), place="Saltmarsh"))
    text = joined(mail(digest(entry(BABY_ROWAN, 1), *(entry(one, 2 + n) for n, one in enumerate(same)))).text)
    assert "1. Baby Rowan. Wetherby Vale, published" in text
    assert "2. Baby Rowan, Wetherby Vale. Published 17" in text  # a place is said once
    assert "3. Baby Rowan, Saltmarsh. Published 17" in text


def test_paper_gets_no_grounds_and_the_addresses_of_reports() -> None:
    html = mail(full_week()).html
    paper = html.rpartition("<style")[2].partition("</style>")[0]
    assert "size: A4" in paper
    assert "break-after: avoid" in paper
    assert "content: attr(href)" in paper
    assert "screen and (prefers-color-scheme: dark)" in html
