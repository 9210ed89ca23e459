"""How large a mail is and how long it takes to read; the folding of plain text; colours of the mail."""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

from bot.deliver.rendering.plain import spaced, wrap
from bot.deliver.rendering.render import EmailContent, Renderer
from bot.deliver.rendering.templating import Templates
from bot.models import Digest, Doubtful, Link, Named, Organisation, Review
from tests.deliver.invented import (
    BABY_ROWAN,
    DOUBTFUL,
    SIBLINGS,
    digest,
    entry,
    full_week,
    name_of_theme,
    revised,
    standing,
)
from tests.deliver.parts import LINK, TEMPLATES, renderer

LARGEST = 80_000
PAGE = "https://learning.example.org/digests/0123456789abcdef"
RENDERER = renderer()
WELSH = "Adolygiad Ymarfer Plant o dan amgylchiadau lle bu farw plentyn yn Nyffryn Gwyn: "
FAMILY = "👨‍👩‍👧‍👦"


def mail(of: Digest, page_url: str | None = PAGE, by: Renderer = RENDERER) -> EmailContent:
    return by.email(of, LINK, page_url)


def size(content: EmailContent) -> int:
    return len(content.html.encode())


def week(number: int, review: Review = BABY_ROWAN) -> Digest:
    """So many reviews, each with addresses of its own."""
    own = (
        replace(
            review,
            title=f"{review.title} {n}",
            links=tuple(replace(link, url=f"{link.url}?review={n}") for link in review.links),
        )
        for n in range(number)
    )
    return digest(*(entry(one, n) for n, one in enumerate(own)))


def titles(content: EmailContent) -> str:
    """The list of titles, as plain text."""
    return content.text.partition("In this email")[2].partition("The reviews\n")[0]


def words(content: EmailContent) -> int:
    """What there is to read: addresses are not."""
    return sum(not word.startswith("http") for word in content.text.split())


# --- at most 80 kB -----------------------------------------------------------------------------------------


LONG_LISTS = replace(
    BABY_ROWAN,
    recommendations=tuple(f"Recommendation {n}. " + "It says what to do about it. " * 20 for n in range(60)),
)
ADDRESS = "https://wetherbyvale.example/" + "a-very-long-folder/" * 110


def titled(title: str, address: str = ADDRESS) -> Review:
    links = (Link(label="Report", url=address), Link(label="Briefing", url=f"{address}briefing"))
    return replace(BABY_ROWAN, title=title[:300], place=title[:300], links=links)


@pytest.mark.parametrize("page_url", [PAGE, None])
@pytest.mark.parametrize(
    "of",
    [
        pytest.param(week(12), id="12 usual reviews"),
        pytest.param(week(12, LONG_LISTS), id="12 with 60 recommendations of 600 characters"),
        pytest.param(week(12, titled("A long title " * 30)), id="12 with long titles and addresses"),
        pytest.param(week(60), id="60 usual reviews"),
        pytest.param(week(60, LONG_LISTS), id="60 with 60 recommendations"),
        pytest.param(week(60, titled("A long title " * 30)), id="60 with long titles and addresses"),
        pytest.param(week(60, titled(WELSH * 5)), id="60 in Welsh"),
        pytest.param(week(60, titled(FAMILY * 60)), id="60 of emoji"),
        pytest.param(week(60, titled("<&\"'>" * 60, ADDRESS.replace("a", "&"))), id="60 that need escaping"),
        pytest.param(digest(*[revised()] * 60), id="60 changes"),
    ],
)
def test_a_mail_never_exceeds_80_kilobytes(of: Digest, page_url: str | None) -> None:
    content = mail(of, page_url)
    assert size(content) <= LARGEST
    assert titles(content).count("\n1. ") == 1
    assert f"\n{len(of.entries)}. " in titles(content)  # each is named


lengths = some.integers(min_value=0, max_value=3000)


@given(
    letters=some.sampled_from(["x", "word ", "Gair. ", "Ŵ", FAMILY, "<", "&", '"', "م"]),
    title=lengths,
    incident=lengths,
    point=lengths,
    points=some.integers(min_value=0, max_value=60),
    links=some.integers(min_value=0, max_value=20),
    number=some.integers(min_value=1, max_value=12),
)
@settings(max_examples=60, deadline=None)
def test_twelve_reviews_of_any_length_stay_under_80_kilobytes(
    letters: str, title: int, incident: int, point: int, points: int, links: int, number: int
) -> None:
    def some_text(length: int) -> str:
        return (letters * length)[:length]

    items = (some_text(point),) * points
    review = Review(
        title=some_text(title),
        place=some_text(title),
        incident=some_text(incident),
        background=some_text(incident),
        learning=items,
        recommendations=items,
        actions=items,
        good_practice=items,
        questions=items,
        links=tuple(
            Link(label=some_text(title), url=f"https://example.org/{n}/{'a' * title}") for n in range(links)
        ),
    )
    of = digest(*(entry(review, n) for n in range(number)))
    assert size(mail(of)) <= LARGEST


def test_sixty_titles_of_an_earlier_digest_are_cut_and_counted() -> None:
    named = tuple(Named(title=WELSH * 4 + str(n), place="Dyffryn Gwyn", url=ADDRESS) for n in range(60))
    earlier = (replace(DOUBTFUL, reviews=named), Doubtful(slot=DOUBTFUL.slot, state="refused", reviews=named))
    content = mail(replace(week(60, titled(WELSH * 5)), doubtful=earlier))
    assert size(content) <= LARGEST
    assert content.text.count("and 50 more") == content.html.count("and 50 more") == 2


def around(of: Digest, doubtful: int, reviews: int, unread: int, name: str = "A partnership {}") -> Digest:
    """The digest with so many earlier ones in doubt, each of so many reviews, and so many sources unread."""
    named = tuple(
        Named(title=f"{WELSH}{n}", place="Dyffryn Gwyn", url=f"https://d.example/{n}/{'a' * 200}.pdf")
        for n in range(reviews)
    )
    sources = tuple(standing(name.format(n), "blocked") for n in range(unread))
    coverage = replace(of.coverage, checked=unread + 10, unread=sources)
    return replace(of, doubtful=(replace(DOUBTFUL, reviews=named),) * doubtful, coverage=coverage)


@pytest.mark.parametrize("page_url", [PAGE, None])
@pytest.mark.parametrize(
    "of",
    [
        pytest.param(around(week(60), 8, 12, 200), id="60 reviews, 8 in doubt, 200 unread"),
        pytest.param(around(week(60), 12, 30, 150), id="60 reviews, 12 in doubt, 150 unread"),
        pytest.param(around(week(60, titled(FAMILY * 60)), 40, 60, 600), id="60 of emoji, 40 in doubt"),
        pytest.param(around(week(60, titled("<&\"'>" * 60)), 40, 60, 600, "&" * 300), id="60 escaped"),
        pytest.param(
            replace(
                week(60, titled("👶" * 300, "https://wetherbyvale.example/" + "a" * 210)),
                doubtful=(
                    replace(DOUBTFUL, reviews=(Named(title="👶" * 300, place="👶" * 60, url=None),) * 36),
                ),
            ),
            id="lists that seem short",
        ),
        pytest.param(around(week(5), 2, 5, 150, "Source {} " + "of a long name " * 40), id="absurd names"),
        pytest.param(around(week(5), 12, 30, 150), id="5 reviews, 12 in doubt, 150 unread"),
        pytest.param(around(digest(), 0, 0, 900), id="quiet, 900 unread"),
        pytest.param(around(digest(), 60, 60, 900), id="quiet, 60 in doubt, 900 unread"),
        pytest.param(
            digest(subscriptions=("Our team of social workers " * 12,) * 300), id="300 subscriptions"
        ),
    ],
)
def test_whatever_stands_around_the_reviews_a_mail_never_exceeds_80_kilobytes(
    of: Digest, page_url: str | None
) -> None:
    content = mail(of, page_url)
    assert size(content) <= LARGEST
    for part in (content.html, content.text):
        unread = len(of.coverage.unread)
        assert f"{unread} of them could not be read" in " ".join(part.split())
        assert (f"and {unread - 20} other sources." in part) == (unread > 20)
    assert renderings(of) <= 3


def test_long_lists_around_a_few_reviews_take_nothing_from_them() -> None:
    content = mail(around(week(5), 12, 30, 150))
    assert content.text.count("\nKey learning\n") == 5
    assert content.text.count("and 20 more") == 4  # of earlier digests, ten are named of each of four
    assert content.text.count("and 29 more") == 8


def test_earlier_digests_beyond_twelve_are_counted() -> None:
    content = mail(around(week(5), 40, 30, 0))
    assert content.text.count("may not have reached you.") == 12
    assert content.text.count("28 more of our digests may not have reached you either.") == 1


def test_an_earlier_digest_without_reviews_names_none_where_others_are_only_counted() -> None:
    content = mail(replace(week(5), doubtful=(replace(DOUBTFUL, reviews=()),) * 50))
    for part in (content.html, content.text):
        said = " ".join(part.split())
        assert said.count("It had no new reviews, so you have missed none.") == 12
        assert "its review" not in said
        assert said.count("38 more of our digests may not have reached you either.") == 1


def test_a_few_dozen_sources_that_could_not_be_read_are_all_named() -> None:
    content = mail(around(full_week(), 1, 12, 60))
    for n in range(60):
        assert f"- A partnership {n} does not let" in content.text
    assert "other sources" not in content.text
    assert "and 2 more" not in titles(content)


def test_an_earlier_review_whose_address_is_too_long_is_named_without_a_link() -> None:
    named = (Named(title="Child Alder", place=None, url=ADDRESS),) * 12
    content = mail(replace(week(60), doubtful=(replace(DOUBTFUL, reviews=named),)))
    assert "Child Alder" in content.html
    assert "a-very-long-folder" not in content.html + content.text


# --- what is left out is said ------------------------------------------------------------------------------


def test_titles_that_have_no_part_of_their_own_lead_to_their_reports() -> None:
    content = mail(week(60))
    for n in range(59, 30, -1):
        assert f'href="https://www.wetherbyvale-scp.example/rowan.pdf?review={n}"' in content.html
        assert f"\nhttps://www.wetherbyvale-scp.example/rowan.pdf?review={n}\n" in content.text
    assert re.search(
        r"the last \d+ titles above lead straight to their reports", " ".join(content.text.split())
    )


def test_an_address_too_long_for_sixty_titles_leads_to_the_page_of_the_digest() -> None:
    content = mail(week(60, titled("A long title " * 30)))
    assert ADDRESS not in content.html
    for n in range(60):
        assert f'href="{PAGE}#review-{n}"' in content.html
        assert f"\n{PAGE}#review-{n}\n" in content.text


def test_without_a_page_a_title_says_why_it_has_no_link() -> None:
    content = mail(week(60, titled("A long title " * 30)), None)
    assert ADDRESS not in content.html
    for part in (content.html, " ".join(content.text.split())):
        assert part.count("(its address is too long for an email)") == 60


def test_a_long_title_in_such_a_list_ends_between_two_words() -> None:
    listed = " ".join(titles(mail(week(60, titled("A long title " * 30)))).split())
    assert "1. A long title A long title A long title A long title A long title A long title…." in listed
    assert "2. A long title A long title A long title A long title A long title A long title… (2)." in listed


# --- five minutes ------------------------------------------------------------------------------------------


def test_a_few_reviews_are_told_in_full() -> None:
    for number in (1, 2, 3):
        assert "and 4 more in the report" in mail(week(number)).text  # five of nine points of learning


def test_many_reviews_are_told_shorter_each_with_what_matters() -> None:
    text = mail(week(12)).text
    for part in ("What happened", "Key learning", "Recommendations", "Questions for reflection"):
        assert text.count(f"\n{part}\n") == 12, part
    for cut in ("and 7 more in the report", "and 1 more in the report", "(continues in the report)"):
        assert cut in " ".join(text.split())
    assert text.count("\nAge: 7 weeks.") == 12
    for n in range(12):
        assert f"\nhttps://www.wetherbyvale-scp.example/rowan.pdf?review={n}\n" in text


def test_what_happened_keeps_some_300_characters_to_the_end_of_a_sentence() -> None:
    text = " ".join(mail(week(12)).text.split())
    assert "He has since recovered and lives with relatives. (continues in the report) Key learning" in text


def test_short_reviews_are_not_cut_because_they_are_many() -> None:
    content = mail(week(12, SIBLINGS))
    assert "more in the report" not in content.text
    assert content.text.count("Three children lived with their mother") == 12


def test_more_reviews_are_never_told_in_more_words_each() -> None:
    each = [words(mail(week(number))) / number for number in (1, 3, 5, 12)]
    assert each == sorted(each, reverse=True)


@pytest.mark.parametrize(
    "of",
    [
        digest(),
        full_week(),
        *(week(number) for number in (1, 3, 5, 12, 20, 60)),
        week(60, titled("A long title " * 30)),
        replace(
            week(1),
            doubtful=(
                replace(DOUBTFUL, reviews=(Named(title="A review of " + WELSH, place=None, url=None),) * 60),
            ),
        ),
    ],
    ids=lambda of: str(len(of.entries)),
)
def test_the_time_to_read_is_true_of_what_is_in_the_mail(of: Digest) -> None:
    content = mail(of)
    said = re.search(r"About (\d+) minutes? to read", content.text)
    if not of.entries:
        assert not said
        return
    assert said
    minutes = words(content) / 230
    assert abs(int(said[1]) - minutes) <= 0.05 * minutes + 0.75


# --- at most two renderings --------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 5, 12, 13, 20, 30, 60])
def test_a_usual_mail_is_rendered_twice_at_the_most(number: int) -> None:
    assert renderings(week(number)) <= 2


@pytest.mark.parametrize("review", [LONG_LISTS, titled(WELSH * 5), titled(FAMILY * 60)])
def test_a_mail_that_is_too_large_is_not_rendered_over_and_over(
    review: Review,
) -> None:
    assert renderings(week(12, review)) <= 3
    assert renderings(week(60, review)) <= 3


def test_templates_of_the_administrators_own_that_weigh_more_are_soon_known_for_it(
    tmp_path: Path,
) -> None:
    (tmp_path / "email").mkdir()
    ours = (TEMPLATES / "email/review.html").read_text()
    (tmp_path / "email/review.html").write_text(ours + f"<p>{'Ours. ' * 800}</p>\n")
    heavy = renderer(tmp_path)
    for number in (12, 30):
        assert size(mail(week(number), by=heavy)) <= LARGEST
        assert renderings(week(number), tmp_path) == 2


class Counted(Templates):
    """Templates that remember how often each was filled in."""

    def __init__(self, *folders: Path) -> None:
        super().__init__([*folders, TEMPLATES])
        self.filled_in: Counter[str] = Counter()

    def render(self, name: str, context: Mapping[str, object]) -> str:
        self.filled_in[name] += 1
        return super().render(name, context)


def renderings(of: Digest, *folders: Path) -> int:
    """How often the mail is made until it is small enough."""
    templates = Counted(*folders)
    mail(of, by=Renderer(templates, name_of_theme))
    return templates.filled_in["email/digest.html"]


# --- plain text --------------------------------------------------------------------------------------------


spacious = some.text(alphabet=some.sampled_from("ab.é-👶🏽م \t\n\u00a0\u2028"), max_size=300)


@given(spacious | some.text(max_size=200), some.sampled_from(["", "- ", "12. "]))
@example("x" * 35 + " " + "y" * 36 + " z", "")  # as long as a line may be
@example("x" * 80 + " y " + "z" * 80, "- ")
@settings(deadline=None)
def test_text_is_folded_as_textwrap_folds_it(text: str, bullet: str) -> None:
    folded = textwrap.fill(
        " ".join(text.split()),
        72,
        initial_indent=bullet,
        subsequent_indent=" " * len(bullet),
        break_long_words=False,
        break_on_hyphens=False,
    )
    assert wrap(text, bullet) == folded


@given(some.text(alphabet=some.sampled_from("a \n\t"), max_size=60))
def test_plain_text_has_no_space_at_the_ends_of_lines_nor_two_empty_ones(text: str) -> None:
    said = spaced(text)
    assert said.split() == text.split()
    assert not re.search(r"[ \t]\n|\n\n\n", said)
    assert said.endswith("\n")


# --- the organisation's colours ----------------------------------------------------------------------------


def test_colours_that_change_while_it_runs_are_in_the_next_mail() -> None:
    now = [Organisation(colour="#7a1f5c")]
    by = Renderer(Templates(TEMPLATES), name_of_theme, lambda: now[0])
    assert "color: #7a1f5c" in mail(week(1), by=by).html
    now[0] = Organisation(colour="#12578f")
    content = mail(week(1), by=by).html
    assert "color: #12578f" in content
    assert "#7a1f5c" not in content
