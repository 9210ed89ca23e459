"""A digest as a mail: what it says, in which order, and what it never does."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from bot.deliver.rendering.render import EmailContent
from bot.errors import ConfigError
from bot.models import Coverage, Digest, Doubtful, Link, Named, Organisation, Review, Section
from tests.deliver.invented import (
    BABY_ROWAN,
    BARE,
    DOUBTFUL,
    SECTIONED,
    SIBLINGS,
    SLOT,
    because,
    digest,
    entry,
    full_week,
    revised,
    seen,
    withdrawn,
)
from tests.deliver.parts import LINK, TEMPLATES, renderer

RENDERER = renderer()
NASTY = '<script>alert(1)</script> & "quoted" \u2028\u202e<!channel> {{ 7 * 7 }}\x0b'


def mail(of: Digest, link: str | None = LINK) -> EmailContent:
    return RENDERER.email(of, link)


def joined(text: str) -> str:
    """Text without its line ends."""
    return " ".join(text.split())


class Page(HTMLParser):
    """What a screen reader meets: words in order, headings, links, ids."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.headings: list[int] = []
        self.links: list[tuple[str, str]] = []
        self.ids: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._skip = 0
        self._link: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        if tag in ("style", "title"):
            self._skip += 1
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if tag == "a":
            self._link = str(given["href"])
            self.links.append(("", self._link))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("style", "title"):
            self._skip -= 1
        if tag == "a":
            self._link = None

    def handle_data(self, data: str) -> None:
        if self._skip:
            return
        self.words.extend(data.split())
        if self._link:
            label, url = self.links[-1]
            self.links[-1] = (label + data, url)

    @property
    def text(self) -> str:
        return " ".join(self.words)


# --- the subject and the first screen -------------------------------------------------------------------


def test_the_subject_is_neutral_and_says_how_many_and_when() -> None:
    three = digest(entry(number=1), entry(BARE, 2), entry(SECTIONED, 3))
    assert mail(three).subject == "3 new reviews on your themes: week of 16 November"
    assert mail(digest(entry())).subject == "1 new review on your themes: week of 16 November"
    assert mail(full_week()).subject == "3 new reviews on your themes and 2 changes: week of 16 November"
    assert mail(digest(revised())).subject == "1 change to a review on your themes: week of 16 November"
    assert mail(digest()).subject == "Nothing new in what you asked for: week of 16 November"


@pytest.mark.parametrize(
    ("since", "ending"),
    [
        (None, "23 November"),
        (SLOT - timedelta(days=1), "23 November"),
        (SLOT - timedelta(days=14), "9 November to 23 November"),
    ],
)
def test_the_subject_names_the_time_that_the_digest_covers(since: object, ending: str) -> None:
    assert mail(digest(entry(), since=since)).subject == f"1 new review on your themes: {ending}"


def test_the_week_is_the_readers_own_also_when_the_clocks_change() -> None:
    after_change = digest(
        entry(), slot=SLOT.replace(month=10, day=26), since=SLOT.replace(month=10, day=19, hour=7)
    )
    assert mail(after_change).subject.endswith("week of 19 October")


def test_the_first_screen_says_how_many_were_found_and_how_many_match() -> None:
    text = joined(mail(full_week()).text)
    assert "We found 7 reviews this week; 3 are on your themes." in text
    assert re.search(r"About \d+ minutes to read\.", text)
    assert text.index("Content note.") < text.index("In this email") < text.index("Baby Rowan")


def test_titles_are_links_down_the_page() -> None:
    page = Page(mail(full_week()).html)
    inner = [(label, url) for label, url in page.links if url.startswith("#review-")]
    assert [label for label, _ in inner] == [
        "Baby Rowan",
        "Child T (2017)",
        "A review from Saltmarsh",
        "Siblings in Port Lowen: learning review",
        "Child W",
    ]
    assert all(url[1:] in page.ids for _, url in inner)


# --- one review -----------------------------------------------------------------------------------------


def test_a_review_has_its_parts_in_a_fixed_order() -> None:
    text = mail(digest(entry())).text
    order = [
        "1. Baby Rowan\n---",
        "Wetherby Vale. Local child safeguarding practice review.",
        "Age: 7 weeks. Outcome: serious harm. Incident: March 2025.",
        "\nWhat happened\n",
        "Key learning",
        "Recommendations",
        "Good practice",
        "Questions for reflection",
        "https://www.wetherbyvale-scp.example/rowan.pdf",
        "Why you got this",
        "Where it was seen\nFirst seen 18 November 2026 on",
        "What was checked\n===",
    ]
    places = [text.index(part) for part in order]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("given", "shown"),
    [("2022-02", "February 2022"), ("2017", "2017"), ("2024-03-05", "5 March 2024"), ("2024-13", "2024-13")],
)
def test_a_date_is_as_exact_as_the_source_gave_it(given: str, shown: str) -> None:
    text = joined(mail(digest(entry(replace(BABY_ROWAN, published=given)))).text)
    assert f"Published {shown}." in text


def test_points_that_carry_the_readers_themes_come_first_and_the_rest_is_counted() -> None:
    text = joined(mail(digest(entry())).text)
    carrying = text.index("- Explanations that parents give")
    assert carrying < text.index("- A bruise in a baby")
    assert "what support they can have and 4 more in the report Recommendations" in text
    assert "Supervision should ask about each baby" not in text


def test_long_prose_ends_with_a_sentence_and_says_that_it_goes_on() -> None:
    text = joined(mail(digest(entry())).text)
    assert "about another address. (continues in the report)" in text


def test_why_names_the_subscription_the_theme_and_the_words() -> None:
    text = joined(mail(digest(entry())).text)
    assert (
        "Baby safety leads: Bruising in non-mobile babies (“Explanations that parents give need to be tested…”)."
    ) in text


def test_words_and_everything_are_reasons_too() -> None:
    text = joined(mail(digest(entry(because=(because(None, "co-sleeping"), because(None))))).text)
    assert "Baby safety leads: your words (“co-sleeping”)." in text
    assert "Baby safety leads: your words (“co-sleeping”)." in text


def test_links_say_what_they_are_and_no_two_are_alike() -> None:
    same = tuple(entry(replace(BABY_ROWAN, title="Child A"), number) for number in range(3))
    for number, one in enumerate(same):
        links = tuple(replace(link, url=f"{link.url}?{number}") for link in one.review.links)
        same = (*same[:number], replace(one, review=replace(one.review, links=links)), *same[number + 1 :])
    page = Page(mail(digest(*same, entry())).html)
    outward = [label for label, url in page.links if "rowan" in url]
    assert len(set(outward)) == len(outward) == 12
    assert "Report (Word): Baby Rowan" in outward
    assert not any(label.strip().lower() in ("here", "read more", "") for label, _ in page.links)


def test_a_link_that_is_no_web_address_is_not_a_link() -> None:
    bad = (
        "javascript:alert(1)",
        "javascript://x.example/%0aalert(1)",
        "data:text/html,x",
        "https://",
        "http://[x",
    )
    links = tuple(Link(label="Report", url=url) for url in bad)
    content = mail(digest(entry(replace(BABY_ROWAN, links=links))))
    for url in bad[:3]:
        assert url not in content.html + content.text
    assert [label for label, _ in Page(content.html).links if "Report" in label] == []


def test_a_title_and_a_link_alone_look_right() -> None:
    text = joined(mail(digest(entry(BARE))).text)
    assert "The page gives no more than this title and a link." in text
    assert "Key learning" not in text


def test_a_review_under_unusual_headings_still_shows_words() -> None:
    odd = Review(title="Child X", sections=(Section(heading="Our view", items=("One thing.", "Another.")),))
    assert "Our view - One thing. - Another." in joined(mail(digest(entry(odd))).text)


def test_a_revised_review_says_what_changed_in_words_of_before_and_now() -> None:
    text = joined(mail(digest(revised())).text)
    assert (
        "Before, the recommendations: - Use the neglect toolkit Now, the recommendations: - Use the" in text
    )
    assert "Added: the outcome: serious harm" in text


def test_a_withdrawn_review_says_where_to_ask_and_offers_neither_words_nor_link() -> None:
    content = mail(digest(withdrawn()))
    text = joined(content.text)
    assert "Its publisher no longer offers this review" in text
    assert "ask the safeguarding partnership" in text
    assert "portlowen.example" not in content.html + content.text
    assert "hungry" not in content.html + content.text


def test_a_late_review_is_labelled_with_its_date() -> None:
    text = joined(mail(digest(entry(BARE, late=True))).text)
    assert "Published 2017. From earlier, and new to you." in text


# --- the frame ------------------------------------------------------------------------------------------


def test_questions_of_all_reviews_are_gathered_for_the_meeting() -> None:
    text = mail(digest(entry(), entry(SIBLINGS, 2))).text
    meeting = joined(text[text.index("For your team meeting\n==") : text.index("What was checked\n==")])
    assert "Baby Rowan - How sure are you" in meeting
    assert "Siblings in Port Lowen: learning review - Whose job is the chronology" in meeting


def test_sources_that_could_not_be_read_are_named_in_neutral_words() -> None:
    text = joined(mail(digest()).text)
    assert "We checked 41 sources. 2 of them could not be read" in text
    assert (
        "Harrowmere Safeguarding Partnership does not let automatic readers in (since 12 November 2026)."
        in text
    )
    assert "Saltmarsh Children’s Board could not be reached, or did not give its page (since" in text
    assert "broken" not in text.lower()


def test_a_quiet_week_is_short_and_says_what_was_checked() -> None:
    quiet = mail(digest(coverage=Coverage(checked=41)))
    text = joined(quiet.text)
    assert "We checked 41 sources, and could read all of them." in text
    assert "nothing here for you to do" in text
    assert "Content note" not in text
    assert len(text.split()) < 170


def test_a_quiet_week_with_a_digest_to_look_for_does_not_say_that_there_is_nothing_to_do() -> None:
    quiet = digest(coverage=Coverage(checked=41))
    for reviews, told in (((), True), ((Named(title="Baby Rowan"),), False)):
        lost = Doubtful(slot=SLOT - timedelta(days=7), state="uncertain", reviews=reviews)
        text = joined(mail(replace(quiet, doubtful=(lost,))).text)
        assert ("nothing here for you to do" in text) is told
        assert "We keep looking" in text


def test_a_first_digest_of_nothing_from_the_past_counts_no_days() -> None:
    for of, said in (
        (digest(entry()), "This is your first digest. It has what we found since you joined. From now on"),
        (digest(), "This is your first digest. We found nothing new for you since you joined. From now on"),
    ):
        assert said in joined(mail(replace(of, since=None, baseline_days=0)).text)


def test_silence_of_all_sources_is_not_a_quiet_week() -> None:
    none_read = digest(coverage=replace(digest().coverage, checked=2))
    assert "we cannot say whether anything new was published" in joined(mail(none_read).text)


def test_a_first_digest_says_how_far_it_reaches_back() -> None:
    text = joined(mail(digest(entry(), since=None, baseline_days=31, left_in_archive=4)).text)
    assert (
        "It has what was published in the last 31 days. 4 older reviews that match are in the archive."
        in text
    )
    older = joined(
        mail(
            digest(
                entry(BARE, late=True), entry(replace(BARE, published=None), 2), since=None, baseline_days=31
            )
        ).text
    )
    assert (
        "what we first found since you joined: 1 of these was published longer ago, and 1 gives no date."
        in older
    )


def test_an_earlier_mail_that_may_not_have_arrived_is_named() -> None:
    content = mail(digest(entry(), doubtful=(DOUBTFUL,)))
    line = (
        "Our digest of 16 November 2026 may not have reached you. Please look for it, also among your junk mail. "
        "We send nothing twice unasked, so here is its review:"
    )
    assert f"{line} - Child B, Saltmarsh https://saltmarsh.example/b.pdf" in joined(content.text)
    page = Page(content.html)
    assert f"{line} Child B , Saltmarsh" in page.text
    assert ("Child B", "https://saltmarsh.example/b.pdf") in page.links


@pytest.mark.parametrize(
    ("footer", "said"),
    [
        (None, "Call the NSPCC Helpline on 0808 800 5000 or write to help@nspcc.org.uk"),
        ("Ring the front door on 01632 960002.", "Ring the front door on 01632 960002."),
    ],
)
def test_where_to_turn_with_a_worry_about_a_child(footer: str | None, said: str) -> None:
    content = mail(digest(entry(), footer=footer))
    assert said in joined(content.text)
    assert said in re.sub(r" (?=[.,])", "", Page(content.html).text)


def test_the_way_to_stop_stands_at_the_end_and_asks_to_be_left_out_of_what_is_forwarded() -> None:
    content = mail(full_week())
    assert content.text.count(LINK) == 1
    assert "This link is yours: take it out if you forward this email." in joined(content.text)
    assert [url for _, url in Page(content.html).links].count(LINK) == 1
    without = mail(full_week(), None)
    assert joined(without.text).count("reply to this one or write to safeguarding@example.org") == 1


# --- form -----------------------------------------------------------------------------------------------


def test_headings_start_with_one_h1_and_skip_no_level() -> None:
    for of in (full_week(), digest(), digest(withdrawn())):
        levels = Page(mail(of).html).headings
        assert levels.count(1) == 1
        assert levels[0] == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_page_can_be_read_aloud_in_english_with_no_pictures_and_no_tracking() -> None:
    page = Page(mail(full_week()).html)
    assert ("html", {"lang": "en-GB", "dir": "ltr"}) in page.tags
    tables = [given for tag, given in page.tags if tag == "table"]
    assert tables
    assert all(given.get("role") == "presentation" for given in tables)
    assert not [tag for tag, _ in page.tags if tag in ("img", "script", "link", "iframe")]


def test_every_line_of_the_text_can_be_read_on_a_small_screen() -> None:
    for line in mail(full_week()).text.splitlines():
        assert len(line) <= 72 or "://" in line


def test_dark_colours_win_over_inlined_ones() -> None:
    html = mail(full_week()).html
    dark = html[html.index("prefers-color-scheme: dark") :]
    rules = re.findall(r"[{;]\s*(?:background|color|border[a-z-]*)\s*:[^;}]+", dark[: dark.index("</style>")])
    assert rules
    assert all("!important" in rule for rule in rules if "color" in rule or "background" in rule)
    assert html.count("<style") == 2
    assert 'class="card" style="' in html


def contrast(one: str, other: str) -> float:
    """WCAG 2.2's contrast ratio of two colours."""

    def light(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_words_stand_out_from_their_ground_in_light_and_in_dark() -> None:
    ours = Organisation()
    light = (TEMPLATES / "email/style.css").read_text().replace("{{ organisation.colour }}", ours.colour)
    dark = (TEMPLATES / "email/media.css").read_text().partition("prefers-color-scheme: dark")[2]
    dark = dark.replace("{{ organisation.colour_at_night }}", ours.colour_at_night)

    def colour(of: str, selector: str, name: str) -> str:
        rule = re.search(rf"(?m)^\s*(?:[^{{}}\n]*, )?{re.escape(selector)}(?:,[^{{}}]*)? {{([^}}]*)}}", of)
        assert rule, selector
        found = re.search(rf"(?<![a-z-]){name}: (#[0-9a-f]{{6}})", rule[1])
        assert found, (selector, name)
        return found[1]

    for scheme in (light, dark):
        grounds = [colour(scheme, selector, "background") for selector in (".card", ".note", ".why", ".help")]
        words = [colour(scheme, selector, "color") for selector in (".card", "a", ".quiet", ".label")]
        for ground in grounds:
            for word in words:
                assert contrast(ground, word) >= 4.5, (ground, word)


def test_reviews_after_the_twelfth_get_a_few_lines_and_a_link() -> None:
    content = mail(digest(*(entry(BABY_ROWAN if number < 3 else SIBLINGS, number) for number in range(14))))
    assert content.text.count("This email is already long, so for this review") == 2
    assert "Background" in content.text


def test_a_template_of_the_administrators_own_comes_first(tmp_path: Path) -> None:
    (tmp_path / "email").mkdir()
    (tmp_path / "email/subject.txt").write_text("Ours: {{ digest.total }}\n")
    assert renderer(tmp_path).email(digest(entry()), None).subject == "Ours: 1"
    (tmp_path / "email/subject.txt").write_text("{{ digest.no_such_thing }}")
    with pytest.raises(ConfigError, match=r"subject.txt:1: .*no_such_thing"):
        renderer(tmp_path).email(digest(entry()), None)


# --- source text is data --------------------------------------------------------------------------------


def everywhere(text: str) -> Digest:
    """A digest with this text in every place that a source can fill."""
    review = Review(
        title=text,
        place=text,
        published="2026",
        incident=text,
        background=text,
        learning=(text,),
        recommendations=(text,),
        actions=(text,),
        good_practice=(text,),
        questions=(text,),
        links=(Link(label=text, url="https://example.org/a"),),
    )
    one = entry(review, because=(because("neglect", text),), seen=(seen(text, attribution=text),))
    return digest(
        one,
        subscriptions=(text,),
        doubtful=(replace(DOUBTFUL, reviews=(Named(title=text, place=text, url=text),)),),
        footer=text,
    )


@given(some.text(max_size=60).map(lambda text: text + NASTY))
@settings(max_examples=40, deadline=None)
def test_source_text_is_never_markup_and_never_breaks_a_line(text: str) -> None:
    content = mail(everywhere(text))
    assert "<script" not in content.html
    assert "<!channel" not in content.html
    assert "49" not in content.subject
    assert "\n" not in content.subject
    for hidden in "\u2028\u202e\x0b\x00\x85":
        assert hidden not in content.html + content.text


def test_a_review_without_a_title_is_called_untitled() -> None:
    content = mail(digest(entry(Review(title=""))))
    assert "1. Untitled review. No date given." in content.text
    assert "1. Untitled review\n---" in content.text
    assert ">Untitled review</h3>" in content.html
