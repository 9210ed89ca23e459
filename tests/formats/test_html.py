"""Web pages: what a reader of the page would see, in order, and nothing of what stands around it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import UnreadableDocument
from bot.formats import open_document
from bot.models import Block, Document, Page

URL = "https://www.wetherbyvale.example.org/reviews/page.html"


def opened(
    markup: str | bytes, *, content_type: str | None = "text/html; charset=utf-8", url: str = URL
) -> Document:
    body = markup if isinstance(markup, bytes) else markup.encode()
    return open_document(Page(url=url, body=body, content_type=content_type))


def told(markup: str) -> list[str]:
    """The body's blocks as `kind level text`."""
    return [line(block) for block in opened(markup).blocks if not block.furniture]


def line(block: Block) -> str:
    return f"{block.kind[0]}{block.level} {block.text}"


def furniture(markup: str) -> list[str]:
    return [block.text for block in opened(markup).blocks if block.furniture]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<h2>Child K</h2><p>Died in <b>May</b>.</p>", ["h2 Child K", "p0 Died in May."]),
        ("<div role=heading aria-level=4>Baby N</div><p>x</p>", ["h4 Baby N", "p0 x"]),
        ("<p>one<div>two</div>three", ["p0 one", "p0 two", "p0 three"]),
        ("<p>Chi<b>ld</b> Q<i>R</i>", ["p0 Child QR"]),
        ("<h3><b>2012</b>Harrowmere</h3><p>x", ["h3 2012Harrowmere", "p0 x"]),
        ("<ul><li>a<ul><li>b</ul><li>c</ul>", ["p1 a", "p2 b", "p1 c"]),
        ("<ul><li><p>a</p><p>more of a</p><li><p>b</p></ul>", ["p1 a more of a", "p1 b"]),
        ("<ol><li><h3>Child S</h3><p>text</p></li><li><h3>Child T</h3></li></ol>", ["h3 Child S", "p0 text", "h3 Child T"]),
        ("<dl><dt>Place</dt><dd>Port Lowen</dd></dl>", ["p0 Place", "p0 Port Lowen"]),
        ("<p>Ask:<br>&bull; who?<br>&bull; where?</p>", ["p0 Ask:", "p1 who?", "p1 where?"]),
        ("<p class=MsoListParagraph>1. Tell it</p><p>2020 was early</p>", ["p1 Tell it", "p0 2020 was early"]),
        ("<h2>A</h2><details><summary>Baby L</summary><p>x</p></details><details><summary>Baby M</summary><p>y</p></details>",
         ["h2 A", "h3 Baby L", "p0 x", "h3 Baby M", "p0 y"]),
        ("<h2>A</h2><details><summary><h3>Baby L</h3></summary><p>x</p></details>", ["h2 A", "h3 Baby L", "p0 x"]),
        ("<h1>R</h1><h2><button aria-expanded=false aria-controls=c>Baby L</button></h2><div id=c hidden><p>x</p></div>",
         ["h1 R", "h2 Baby L", "p0 x"]),
        ("<h1>R</h1><button class=accordion>2024</button><div class=panel style='display:none'><p>x</p></div>",
         ["h1 R", "h2 2024", "p0 x"]),
        ("<h2>R</h2><ul role=tablist><li><a role=tab href='#a'>Learning</a></li><li><a role=tab href='#b'>Links</a></li></ul>"
         "<div role=tabpanel id=a><p>x</p></div><div role=tabpanel id=b aria-hidden=true><p>y</p></div>",
         ["h2 R", "h3 Learning", "p0 x", "h3 Links", "p0 y"]),
        ("<table><tr><td>only</td></tr></table>", ["p0 only"]),
        ("<table><tr><th>Case<th>Report<tr><td>Child A<td><p>Out <p>Soon</table>", ["r0 Case | Report", "r0 Child A | Out Soon"]),
        ("<table><tr><td rowspan=2>Child A<td>x<tr><td>y</table>", ["r0 Child A | x", "r0 Child A | y"]),
        ("<table><tr><td><h2>One</h2><p>a</p><td><h2>Two</h2><p>b</p></table>", ["h2 One", "p0 a", "h2 Two", "p0 b"]),
        ("<p>a<script>no</script><style>no</style><template>no</template><!-- no --><noscript>no</noscript></p>", ["p0 a"]),
        ("<p>a</p><p hidden>no</p><p style='display: none'>no</p><p aria-hidden=true>no</p>", ["p0 a"]),
        ("<p>seven&nbsp;days &shy;co&shy;sleeping a\u200bb</p>", ["p0 seven days cosleeping ab"]),
        ("<p>Child &#147;A&#148; &#150; &#x80;5</p>", ["p0 Child “A” – €5"]),
        ("<blockquote>She said no</blockquote><figure><figcaption>Drawing</figcaption></figure>", ["p0 She said no", "p0 Drawing"]),
    ],
)  # fmt: skip
def test_a_page_is_its_blocks_in_reading_order(markup: str, expected: list[str]) -> None:
    assert told(markup) == expected


def test_a_forced_break_is_a_line_and_source_lines_are_not() -> None:
    (block,) = opened("<p>Port\n  Lowen<br>  Child V\n</p>").blocks
    assert block.lines == ("Port Lowen", "Child V")


@pytest.mark.parametrize(
    ("markup", "bold"),
    [
        ("<p><strong>Learning</strong></p>", True),
        ("<p style='font-weight:700'>Learning</p>", True),
        ("<p><b style='font-weight:normal'>Learning</b></p>", False),
        ("<p><b style='mso-bidi-font-weight:normal'>Learning</b></p>", True),
        ("<dl><dt>Learning</dt></dl>", True),
        ("<p><strong>Learning</strong> point</p>", False),
    ],
)
def test_bold_is_what_looks_bold(markup: str, bold: bool) -> None:
    assert opened(markup).blocks[0].bold is bold


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("a.pdf", "https://www.wetherbyvale.example.org/reviews/a.pdf"),
        ("../b c – d.pdf", "https://www.wetherbyvale.example.org/b%20c%20%E2%80%93%20d.pdf"),
        ("//cdn.example.org/x%20y", "https://cdn.example.org/x%20y"),
        ("?page=2", "https://www.wetherbyvale.example.org/reviews/page.html?page=2"),
        ("#top", None),
        ("mailto:a@example.org", None),
        ("tel:999", None),
        ("JavaScript:void(0)", None),
        ("http://[broken", None),
        ("", None),
    ],
)
def test_links_are_absolute_or_only_text(href: str, url: str | None) -> None:
    (block,) = opened(f'<p><a href="{href}">Report</a>').blocks
    assert (block.text, [link.url for link in block.links]) == ("Report", [url] if url else [])


def test_a_base_element_moves_relative_links() -> None:
    document = opened(
        "<head><base href='/media/'></head><p><a href='r.pdf'>Report</a> or <a href=c.pdf><img alt='Cover'></a>"
    )
    assert [(link.label, link.url) for link in document.blocks[0].links] == [
        ("Report", "https://www.wetherbyvale.example.org/media/r.pdf"),
        ("Cover", "https://www.wetherbyvale.example.org/media/c.pdf"),
    ]


@pytest.mark.parametrize(
    "around",
    [
        "<nav><a href=/>Home</a></nav>",
        "<header><p>Partnership</p></header>",
        "<div role=navigation>Menu</div>",
        "<footer>Privacy</footer>",
        "<div class='cookie-banner'>We use cookies</div>",
        "<ul id=mainNav><li>Home</ul>",
        "<div class=breadcrumb>Home &gt; Reviews</div>",
        "<div id=SITE_HEADER><p>Partnership</p></div>",
        "<div class='share-links'>Tweet</div>",
        "<p><a href='#top'>Back to top</a></p>",
        "<div><h2>In this section</h2><ul><li><a href=/a>Audits</a></ul></div>",
        "<ul class=pagination><li>1<li>2</ul>",
        "<a class=skip-link href='#c'>Skip to main content</a>",
        "<aside><p>Latest news</p></aside>",
    ],
)
def test_what_stands_around_the_body_is_furniture(around: str) -> None:
    body = "<h1>Reviews</h1><p>Child P, aged 3, was harmed in 2021 and recovered with help.</p>"
    for markup in (around + body, body + around):
        assert told(markup) == [
            "h1 Reviews",
            "p0 Child P, aged 3, was harmed in 2021 and recovered with help.",
        ]
        assert furniture(markup)


@pytest.mark.parametrize(
    "markup",
    [
        "<main><article><header><h1>Child P</h1><p>Published today</p></header><p>Text</p></article></main>",
        "<div class='header'><h1>Child P</h1><p>Published today</p></div><p>Text</p>",
        "<div class='page-sidebar-content'><h1>Child P</h1><p>Published today</p><p>Text</p></div>",
        "<header><h1>Child P</h1><p>Published today</p></header><p>Text</p><nav>Home</nav>",
        "<header><h1>Child P</h1></header><main><p>Published today</p><p>Text</p></main>",
        "<body class='has-cookie-banner menu-open'><h1>Child P</h1><p>Published today</p><p>Text</p></body>",
        "<form id=aspnetForm role=form><h1>Child P</h1><p>Published today</p><p>Text</p></form>",
        "<main></main><div><h1>Child P</h1><p>Published today</p><p>Text</p></div>",
    ],
)
def test_the_body_is_never_taken_for_furniture(markup: str) -> None:
    assert told(markup) == ["h1 Child P", "p0 Published today", "p0 Text"]


def test_a_side_column_with_the_report_is_body() -> None:
    markup = "<main><h1>Child P</h1><p>Text</p></main><aside>{}<a href='{}'>Report</a></aside><footer>Privacy</footer>"
    assert told(markup.format("<h2>Downloads</h2>", "r.pdf")) == [
        "h1 Child P",
        "p0 Text",
        "h2 Downloads",
        "p0 Report",
    ]
    assert told(markup.format("<h2>News</h2>", "/news")) == ["h1 Child P", "p0 Text"]


def test_two_links_side_by_side_are_two_words_and_one_link_in_two_pieces_is_one() -> None:
    assert told("<p><a href=/r>Report</a><a href=/r.pdf>Download</a>") == ["p0 Report Download"]
    assert told("<p><a href=/r>Rep</a><a href=/r>ort</a>") == ["p0 Report"]


def test_what_belongs_together_shares_a_group() -> None:
    card = "<div class=card><p>{0} May 2024</p><h3>Child {0}</h3><p>x</p><ul><li>y</ul></div>"
    blocks = opened("<h1>Briefings</h1>" + "".join(card.format(n) for n in (1, 2, 3))).blocks
    groups = [block.group for block in blocks]
    assert groups[0] == 0
    assert len(set(groups[1:5])) == len(set(groups[5:9])) == len(set(groups[9:])) == 1
    assert len(set(groups)) == 4


def test_an_accordion_panel_shares_its_groups_number_with_its_button() -> None:
    panel = "<div><h3><button aria-expanded=false>{0}</button></h3></div><div class=content><p>x</p><table><tr><td>a<td>b</table></div>"
    blocks = opened("<h2>R</h2>" + panel.format(2023) + panel.format(2024)).blocks
    assert [block.kind for block in blocks] == ["heading", *["heading", "paragraph", "row"] * 2]
    assert [block.group for block in blocks][1:] == [blocks[1].group] * 3 + [blocks[4].group] * 3
    assert blocks[1].group != blocks[4].group


@pytest.mark.parametrize(
    ("table", "headers"),
    [
        ("<thead><tr><td>Case<td>Report<tbody><tr><td>A<td>B", [True, False]),
        (
            "<tr><td><b>Case</b><td><p><strong>Report</strong></p><tr><td>A<td>B<tr><td>C<td>D",
            [True, False, False],
        ),
        ("<tr><th>Case<td>A<tr><th>Place<td>Saltmarsh", [False, False]),
        ("<tr><td><b>A</b><td><b>1</b><tr><td><b>B</b><td><b>2</b>", [False, False]),
    ],
)
def test_a_row_of_column_headings_says_so(table: str, headers: list[bool]) -> None:
    assert [block.header for block in opened(f"<table>{table}</table>").blocks] == headers


@pytest.mark.parametrize(
    ("head", "published"),
    [
        ("<meta property='article:published_time' content='2024-03-30T23:30:00+00:00'>", "2024-03-30"),
        ("<meta name=DC.date.issued content=2024-03-30>", "2024-03-30"),
        ("<script type='application/ld+json'>{\"@graph\":[{\"datePublished\":\"2024-03-30T10:00\"}]}</script>", "2024-03-30"),
        ("<script type='application/ld+json'>{broken</script>", None),
        ("<meta name=date content='30 March'>", None),
        ("<meta name=DC.date.modified content=2024-03-30>", None),
    ],
)  # fmt: skip
def test_the_date_of_publication_comes_from_the_head(head: str, published: str | None) -> None:
    assert opened(f"<head>{head}</head><p>x</p>").published == published


def test_a_lone_time_element_dates_the_page_and_several_do_not() -> None:
    one = "<p><time datetime='2024-05-01T09:00+01:00'>1 May</time> x</p>"
    assert opened(one).published == "2024-05-01"
    assert opened(one + one.replace("05", "06")).published is None


def test_title_and_language_come_from_the_page() -> None:
    document = opened("<html lang=cy><title> Child&nbsp;P \n reviews</title><p>x</p>")
    assert (document.title, document.language, document.format) == ("Child P reviews", "cy", "html")
    assert opened("<meta property=og:title content='Child P'><p>x").title == "Child P"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"<p>Child \x93A\x94 \x96 \xa32m", "text/html"),
        (b"<p>Child \x93A\x94 \x96 \xa32m", "text/html; charset=utf-8"),
        (b"<p>Child \x93A\x94 \x96 \xa32m", "text/html; charset=iso-8859-1"),
        (b"<meta charset=windows-1252><p>Child \x93A\x94 \x96 \xa32m", None),
        ("<p>Child “A” – £2m".encode(), "text/html; charset=iso-8859-1"),
        ("<p>Child “A” – £2m".encode("utf-16"), "text/html"),
        ("\ufeff<p>Child “A” – £2m".encode(), "text/html; charset=windows-1252"),
        ("<meta charset=utf-16><p>Child “A” – £2m".encode(), None),
        ("<meta charset=nonsense><p>Child “A” – £2m".encode(), "text/html; charset=x"),
        ("<p>Child “A” – ".encode() + b"\xa32m", "text/html; charset=utf-8"),
        ("<p>Child \u0093A\u0094 \u0096 £2m".encode(), "text/html; charset=utf-8"),
    ],
)
def test_letters_are_read_as_they_were_meant(body: bytes, content_type: str | None) -> None:
    assert opened(body, content_type=content_type).blocks[0].text == "Child “A” – £2m"


@pytest.mark.parametrize("depth", [300, 3000])
def test_deep_nesting_loses_nothing(depth: int) -> None:
    markup = "<div>" * depth + "<ul><li>deep</ul>" + "</div>" * depth + "<p>after</p>"
    assert told(markup) == ["p1 deep", "p0 after"]


def test_a_ten_megabyte_attribute_loses_nothing() -> None:
    assert told(f"<p>before</p><img src='data:{'x' * 10_500_000}'><p>after</p>") == ["p0 before", "p0 after"]


def test_an_end_tag_in_the_middle_loses_nothing() -> None:
    assert told("<p>before</p></body></html><p>after</p>") == ["p0 before", "p0 after"]


def test_a_page_that_a_script_draws_is_refused() -> None:
    with pytest.raises(UnreadableDocument, match="no words"):
        opened(
            "<html><body><div id=root></div><noscript>Turn scripts on</noscript><script>go()</script></body></html>"
        )


_WORDS = st.lists(st.from_regex(r"[A-Za-z][a-z]{0,8}", fullmatch=True), min_size=1, max_size=12)
_TAGS = st.sampled_from(
    ["div", "p", "li", "ul", "td", "tr", "table", "b", "h2", "span", "details", "summary", "a", "dd", "br"]
)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(_TAGS, st.booleans(), _WORDS), min_size=1, max_size=25))
def test_every_word_survives_any_nesting(parts: list[tuple[str, bool, list[str]]]) -> None:
    markup = "".join(f"<{'/' if end else ''}{tag}> {' '.join(words)} " for tag, end, words in parts)
    blocks = opened(f"<!doctype html><body>{markup}").blocks
    found = " ".join(block.text for block in blocks).replace("|", " ").split()
    assert sorted(found) == sorted(word for _, _, words in parts for word in words)


@settings(max_examples=80, deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from([None, "text/html", "text/plain", "text/html; charset=utf-8", "application/pdf"]),
)
def test_no_bytes_do_anything_but_open_or_be_refused(body: bytes, content_type: str | None) -> None:
    try:
        opened(body, content_type=content_type)
    except UnreadableDocument:
        return


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.sampled_from(list("<>/ap=\"'!-&;#1 \n\x00é“·[]()*_|")), max_size=120))
def test_no_broken_markup_does_anything_but_open_or_be_refused(markup: str) -> None:
    try:
        opened("<p>" + markup)
    except UnreadableDocument:
        return


def test_a_bare_button_before_a_panel_is_its_heading() -> None:
    page = "<h1>Reviews</h1><div><button>Child Linden</button><div><p>A girl of 3 was scalded in a bath.</p></div></div>"
    document = opened(page)
    assert [(block.kind, block.text, block.furniture) for block in document.blocks[1:]] == [
        ("heading", "Child Linden", False),
        ("paragraph", "A girl of 3 was scalded in a bath.", False),
    ]


@pytest.mark.parametrize("label", ["Show all sections", "Search", "Print this page", "Accept cookies"])
def test_a_button_that_acts_is_no_heading(label: str) -> None:
    document = opened(
        f"<h1>Reviews</h1><div><button>{label}</button><div><p>{'Words of the page. ' * 5}</p></div></div>"
    )
    assert [block.text for block in document.blocks if block.kind == "heading"] == ["Reviews"]


@pytest.mark.parametrize(
    "markup",
    ["<p>" + "<i>a</i> " * 60_000, "<p>" + "a<br>" * 60_000, "<p>•a<br>" + "b<br>" * 60_000],
    ids=["pieces", "breaks", "lines under a bullet"],
)
def test_a_paragraph_of_countless_pieces_takes_time_in_proportion(markup: str) -> None:
    started = time.process_time()
    (block,) = opened(markup).blocks
    assert len(block.text.split()) >= 60_000
    assert time.process_time() - started < 8


def test_an_encoding_that_refuses_everything_is_passed_over() -> None:
    page = Page(
        url="https://www.portlowen.example.org/reviews",
        body=b"<p>Child A \x96 overview report</p>",
        content_type="text/html; charset=undefined",
    )
    assert open_document(page).blocks[0].text == "Child A – overview report"
