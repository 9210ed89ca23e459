"""Which older pages a page points to: pagers and archives as the usual systems make them, and what is no such page."""

from __future__ import annotations

import pytest

from bot.models import Page
from bot.older import Older, older_pages

SITE = "https://www.saltmarsh-scp.example.org"
WATCHED = f"{SITE}/safeguarding/reviews/"


def found_on(
    markup: str, *, at: str = WATCHED, watched: str | None = None, own: tuple[str, ...] = ()
) -> list[str]:
    """The older pages, without the address of the site."""
    body = f"<html><head><title>Reviews</title></head><body>{markup}</body></html>".encode()
    page = Page(url=at, body=body, content_type="text/html; charset=utf-8")
    return [one.url.removeprefix(SITE) for one in older_pages(page, watched=watched or at, own=own)]


def in_a_feed(body: str, at: str = f"{SITE}/feed/") -> tuple[Older, ...]:
    page = Page(url=at, body=body.encode(), content_type="application/rss+xml")
    return older_pages(page, watched=f"{SITE}/feed/")


def test_the_pager_of_a_wordpress_list() -> None:
    markup = """<nav class="navigation pagination"><h2 class="screen-reader-text">Posts navigation</h2>
      <span aria-current="page" class="page-numbers current"><span class="meta-nav">Page </span>1</span>
      <a class="page-numbers" href="/safeguarding/reviews/page/2/"><span class="meta-nav">Page </span>2</a>
      <span class="page-numbers dots">&hellip;</span>
      <a class="page-numbers" href="/safeguarding/reviews/page/9/">9</a>
      <a class="next page-numbers" href="/safeguarding/reviews/page/2/">Next &raquo;</a></nav>"""
    assert found_on(markup) == ["/safeguarding/reviews/page/2/", "/safeguarding/reviews/page/9/"]


def test_on_its_second_page_the_others_are_found_and_not_the_first() -> None:
    markup = """<a href="/safeguarding/reviews/">&laquo; Previous</a> <a href="/safeguarding/reviews/">1</a>
      <a href="/safeguarding/reviews/page/1/">First</a> <span>2</span>
      <a href="/safeguarding/reviews/page/3/">3</a>"""
    at = f"{SITE}/safeguarding/reviews/page/2/"
    assert found_on(markup, at=at, watched=WATCHED) == ["/safeguarding/reviews/page/3/"]


def test_older_posts_of_a_category_that_is_itself_watched() -> None:
    at = f"{SITE}/category/reviews/"
    markup = '<div class="nav-previous"><a href="/category/reviews/page/2/"><span>&larr;</span> Older posts</a></div>'
    assert found_on(markup, at=at) == ["/category/reviews/page/2/"]


def test_the_pager_of_drupal_counts_from_nought() -> None:
    markup = """<nav class="pager"><ul>
      <li class="is-active"><a href="?page=0" title="Current page"><span class="visually-hidden">Current page</span>1</a></li>
      <li><a href="?page=1" title="Go to page 2"><span class="visually-hidden">Page </span>2</a></li>
      <li><a href="?page=1" rel="next"><span class="visually-hidden">Next page</span><span aria-hidden="true">››</span></a></li>
      <li><a href="?page=6"><span class="visually-hidden">Last page</span><span aria-hidden="true">Last »</span></a></li>
      </ul></nav>"""
    assert found_on(markup) == ["/safeguarding/reviews/?page=1", "/safeguarding/reviews/?page=6"]


def test_the_second_of_two_lists_on_a_drupal_page() -> None:
    assert found_on('<a href="?page=0%2C1">Next</a><a href="?page=0,0">1</a>') == [
        "/safeguarding/reviews/?page=0%2C1"
    ]


def test_a_list_by_moderngov_keeps_its_own_question() -> None:
    at = f"{SITE}/ecCatDisplay.aspx?sch=doc&cat=13075"
    markup = """<a href="ecCatDisplay.aspx?sch=doc&amp;cat=13075&amp;page=2">Next</a>
      <a href="ecCatDisplay.aspx?sch=doc&amp;cat=14000&amp;page=2">Next</a>
      <a href="ecCatDisplay.aspx?sch=doc&amp;page=3">3</a>
      <a href="mgListCommittees.aspx?bcr=1">Committees</a>"""
    assert found_on(markup, at=at) == ["/ecCatDisplay.aspx?sch=doc&cat=13075&page=2"]


def test_the_pager_of_umbraco_with_signs_alone() -> None:
    markup = """<ul class="pagination"><li><a href="?p=2">2</a></li>
      <li><a href="?p=2" aria-label="Next"><span aria-hidden="true">&raquo;</span></a></li></ul>"""
    assert found_on(markup) == ["/safeguarding/reviews/?p=2"]


@pytest.mark.parametrize(
    ("link", "leads_to"),
    [
        ('<a href="?start=20">Next</a>', "/safeguarding/reviews/?start=20"),  # Joomla
        ('<a href="/safeguarding/reviews/P10">2</a>', "/safeguarding/reviews/P10"),  # ExpressionEngine
        ('<a href="/safeguarding/reviews/2">2</a>', "/safeguarding/reviews/2"),
        ('<a href="?tx_news_pi1%5BcurrentPage%5D=2">2</a>', "/safeguarding/reviews/?tx_news_pi1%5BcurrentPage%5D=2"),
        ('<a href="?e-page-5ab3c=2">2</a>', "/safeguarding/reviews/?e-page-5ab3c=2"),  # Elementor
        ('<a href="?query-12-page=2">Next Page</a>', "/safeguarding/reviews/?query-12-page=2"),  # WordPress blocks
        ('<a href="?sf_paged=2"><i class="icon"></i></a>', "/safeguarding/reviews/?sf_paged=2"),
        ('<a href="?before=2023-05-01">Older entries</a>', "/safeguarding/reviews/?before=2023-05-01"),
        ('<a href=?pageNumber=2>Page 2 of 7</a>', "/safeguarding/reviews/?pageNumber=2"),
        ('<a href="?page=2">Nesaf</a>', "/safeguarding/reviews/?page=2"),
        ('<a href="/safeguarding/reviews/tudalen/2"><span>Tudalen</span> 2</a>', "/safeguarding/reviews/tudalen/2"),
        ('<link rel="next" href="/safeguarding/reviews/page/2">', "/safeguarding/reviews/page/2"),
    ],
)  # fmt: skip
def test_further_pages_however_they_are_counted(link: str, leads_to: str) -> None:
    assert found_on(link) == [leads_to]


def test_pages_as_files() -> None:
    at = f"{SITE}/reviews.html"
    assert found_on('<a href="reviews-2.html">2</a><a href="reviews-page-3.html">Next</a>', at=at) == [
        "/reviews-2.html",
        "/reviews-page-3.html",
    ]


@pytest.mark.parametrize(
    ("label", "leads_to"),
    [
        ("2023", "/safeguarding/reviews/2023"),
        ("Reviews 2021/22", "/node/771"),
        ("Serious case reviews: 2015 – 2016", "/node/15"),
        ("Published reviews 2020 (7)", "/safeguarding/published-2020"),
        ("Before 2012", "/safeguarding/reviews-archive"),
        ("2011 and earlier", "/safeguarding/reviews-archive"),
        ("Archived reviews", "/learning/archive"),
        ("Previously published serious case reviews", "/about/previous"),
        ("2018 – case reviews", "/case-reviews/2018"),
        ("Serious Case Reviews (archive)", "/learning/scr-archive/"),
        ("Archive", "/safeguarding/reviews/archive"),
        ("View all reviews", "/library"),
        ("Adolygiadau ymarfer plant blaenorol", "/cy/archif"),
        ("Adolygiadau 2019", "/cy/2019"),
    ],
)
def test_years_and_archives(label: str, leads_to: str) -> None:
    assert found_on(f'<p><a href="{leads_to}"><strong>{label}</strong></a></p>') == [leads_to]


def test_years_as_tabs_of_one_page() -> None:
    markup = '<ul class="tabs"><li><a href="?year=2025">2025</a></li><li><a href="?year=2024">2024</a></li>'
    markup += '<li><a href="#y2023">2023</a></li></ul>'
    assert found_on(markup) == ["/safeguarding/reviews/?year=2025", "/safeguarding/reviews/?year=2024"]


@pytest.mark.parametrize(
    "link",
    [
        '<a href="/safeguarding/reviews/child-a-2019.pdf">2019</a>',  # a document
        '<a href="/wp-content/uploads/2019/03/overview">2019</a>',
        '<a href="/safeguarding/reviews/scr-2019">Serious case review 2019</a>',  # one review
        '<a href="/safeguarding/reviews/child-b">Child B 2021</a>',
        '<a href="https://elsewhere.example.com/reviews/2019">Reviews 2019</a>',  # another site
        '<a href="/2019/">2019</a>',  # far from the page
        '<a href="/news/page/2/">2</a>',  # another list
        '<a href="/safeguarding/reviews/next-steps">Next</a>',  # a single page
        '<a href="/tag/neglect/page/2/">Next</a>',
        '<a href="/safeguarding/reviews/?replytocom=12">2</a>',
        '<a href="?month=2026-12">Next</a>',  # a calendar
        '<a href="/safeguarding/events/2025">2025</a>',
        '<a href="/safeguarding/search?year=2021">2021</a>',
        '<a href="/login?return=/safeguarding/reviews">Archived reviews</a>',
        '<a href="?page=2&sort=title">Title</a>',  # the same list, set otherwise
        '<a href="/safeguarding/policies">Policies 2019</a>',
        '<a href="mailto:reviews@example.org">Archive</a>',
        '<a href="javascript:void(0)">2</a>',
        '<a href="http://[broken/">2</a>',
        '<!-- <a href="?page=2">2</a> -->',
        '<script>var more = \'<a href="?page=2">2</a>\';</script>',
        '<a href="?page=1">1</a>',
        '<a href="https://user:secret@www.saltmarsh-scp.example.org/safeguarding/reviews/page/2">2</a>',
    ],
)  # fmt: skip
def test_what_is_no_older_page(link: str) -> None:
    assert found_on(link) == []


def test_the_reviews_own_pages_are_no_lists() -> None:
    link = '<a href="/safeguarding/reviews/2019">2019</a><a href="/safeguarding/reviews/3">3</a>'
    own = (
        "saltmarsh-scp.example.org/safeguarding/reviews/2019",
        "saltmarsh-scp.example.org/safeguarding/reviews/3",
    )
    assert len(found_on(link)) == 2
    assert found_on(link, own=own) == []


def test_in_a_sites_first_folder_a_year_is_near_by_its_words() -> None:
    links = '<a href="/reviews-2021">2021</a><a href="/2020">2020</a><a href="/reviews/2019">2019</a>'
    assert found_on(links, at=f"{SITE}/reviews") == ["/reviews-2021", "/reviews/2019"]


def test_one_address_is_found_once_however_it_is_spelled() -> None:
    other = "http://saltmarsh-scp.example.org/safeguarding/reviews/page/2/?utm_source=x"
    link = f'<a href="/safeguarding/reviews/page/2">2</a><a href="{other}">Next</a>'
    assert found_on(link) == ["/safeguarding/reviews/page/2"]


def test_a_feed_names_its_earlier_parts() -> None:
    atom = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><link rel="self" href="/feed/"/>
      <link rel="next" href="/feed/?after=20"/><link rel="prev-archive" href="/feed/2025"/>
      <entry><link rel="alternate" href="/reviews/2019"/></entry></feed>"""
    assert [(one.url.removeprefix(SITE), one.guessed) for one in in_a_feed(atom)] == [
        ("/feed/?after=20", False),
        ("/feed/2025", False),
    ]


def test_a_wordpress_feed_is_asked_part_by_part() -> None:
    rss = """<?xml version="1.0"?><rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>
      <atom:link href="/feed/" rel="self"/><generator>https://wordpress.org/?v=6.5</generator></channel></rss>"""
    assert [(one.url.removeprefix(SITE), one.guessed) for one in in_a_feed(rss)] == [("/feed/?paged=2", True)]
    later = in_a_feed(rss, at=f"{SITE}/feed/?paged=7")
    assert [one.url.removeprefix(SITE) for one in later] == ["/feed/?paged=8"]
    assert in_a_feed(rss.replace("wordpress", "other")) == ()


@pytest.mark.parametrize(
    "nasty",
    ["<a href=" * 60_000, "<script>" * 60_000, "<a " + "x" * 500_000 + ">", "<!--" * 100_000, "<a href='?page=2'>" + "»" * 400_000],
)  # fmt: skip
def test_harmful_pages_are_looked_through_in_a_moment(nasty: str) -> None:
    assert found_on(nasty) in ([], ["/safeguarding/reviews/?page=2"])


def test_of_a_page_with_links_without_end_the_first_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.older.finding.MOST_LINKS", 3)
    markup = "".join(f"<a href='?page={number}'>{number}</a>" for number in range(2, 9))
    assert found_on(markup) == [f"/safeguarding/reviews/?page={number}" for number in (2, 3, 4)]
