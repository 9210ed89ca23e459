"""Web pages: nesting, floods of one element, attributes, characters that nobody sees."""

from __future__ import annotations

from collections.abc import Iterator

from tests.nasties import HTML, Nasty

_ENTRY = (
    "<h2>2025 – Saltmarsh – Child {n}</h2><p>Death of a {a}-month-old boy in {m} 2024. </p>"
    "<p><strong>Learning:</strong> share information; be curious; hear the child’s voice.</p>"
    '<p><strong>Recommendations:</strong> review the protocol; train staff.</p><p><a href="/r/{n}.pdf">'
    "Read the overview report</a></p>"
)


def page(body: str, head: str = "<title>Reviews</title>") -> bytes:
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode()


def listing(entries: int) -> bytes:
    """A good listing page, only long."""
    return page(
        "<h1>Case reviews published in 2025</h1>"
        + "".join(
            _ENTRY.format(n=n, a=n % 11 + 1, m=("March", "June", "October")[n % 3]) for n in range(entries)
        )
    )


def nested(tag: str, depth: int, words: str = "x") -> bytes:
    """Unclosed elements, each in the one before."""
    return page(f"<{tag}>{words}" * depth)


def closed(tag: str, depth: int) -> bytes:
    return page(f"<{tag}>" * depth + "Serious case review: Child W" + f"</{tag}>" * depth)


def tables(depth: int) -> bytes:
    return page("<table><tr><td>x" * depth + "</td></tr></table>" * depth)


def markup() -> Iterator[Nasty]:
    def html(name: str, make: object, select: str | None = None) -> Nasty:
        return Nasty(name=name, content_type=HTML, make=make, select=select)  # type: ignore[arg-type]  # a lambda

    for tag in (
        "div",
        "b",
        "ul",
        "table",
        "font",
        "a",
        "li",
        "span",
        "p",
        "dl",
        "button",
        "details",
        "h2",
        "td",
        "section",
    ):
        yield html(f"100,000 unclosed <{tag}>", lambda tag=tag: nested(tag, 100_000))
    yield html("100,000 unclosed <a href>", lambda: nested('a href="/x"', 100_000))
    yield html("100,000 unclosed <ul><li>", lambda: nested("ul><li", 100_000))
    yield html(
        "100,000 unclosed <div class=card>", lambda: nested('div class="card item accordion"', 100_000)
    )
    for tag in ("blockquote", "div", "ul", "b", "section", "article"):
        yield html(f"5,000 nested <{tag}>", lambda tag=tag: closed(tag, 5_000))
        yield html(
            f"200 nested <{tag}>, 2,000 times",
            lambda tag=tag: page((f"<{tag}>" * 200 + "x" + f"</{tag}>" * 200) * 500),
        )
    yield html("1,500 nested tables", lambda: tables(1_500))
    yield html("50,000 nested tables", lambda: tables(50_000))
    yield html(
        "240 nested tables, 100 times",
        lambda: page(("<table><tr><td>x" * 240 + "</td></tr></table>" * 240) * 100),
    )
    yield html("an attribute of 20 MB", lambda: page(f'<div title="{"x" * 20_000_000}">words</div>'))
    yield html("a class of 10 million words", lambda: page(f'<div class="{"a " * 10_000_000}">words</div>'))
    yield html(
        "a href of 20 MB", lambda: page(f'<a href="/{"x%20" * 5_000_000}">Child W: serious case review</a>')
    )
    yield html(
        "a million attributes",
        lambda: page("<div " + " ".join(f"a{n}=1" for n in range(1_000_000)) + ">words</div>"),
    )
    yield html("a million <br>", lambda: page("<p>" + "<br>" * 1_000_000))
    yield html("a million words and <br>", lambda: page("<p>" + "word <br>" * 1_000_000))
    yield html("20,000 points typed with <br>", lambda: page("<p>" + "• word<br>" * 20_000))
    yield html("200,000 points typed with <br>", lambda: page("<p>" + "• word<br>" * 200_000))
    yield html("200,000 lines and one typed point", lambda: page("<p>• one<br>" + "word<br>" * 200_000))
    yield html("40,000 <b> in one paragraph", lambda: page("<p>" + "<b>a</b> b " * 40_000))
    yield html("400,000 <b> in one paragraph", lambda: page("<p>" + "<b>a</b> b " * 400_000))
    yield html("a million empty <p>", lambda: page("<p></p>" * 1_000_000))
    yield html(
        "500,000 links", lambda: page("".join(f'<a href="/r/{n}">Child {n}</a> ' for n in range(500_000)))
    )
    yield html(
        "20,000 review links",
        lambda: page(
            "<h1>Reviews</h1><ul>"
            + "".join(
                f'<li><a href="/r/{n}.pdf">Child {n} serious case review 2024</a></li>' for n in range(20_000)
            )
            + "</ul>"
        ),
    )
    yield html(
        "20,000 review links in one line",
        lambda: page(
            "<h1>Reviews</h1><p>"
            + "".join(f'<a href="/r/{n}.pdf">Child {n} serious case review 2024</a>, ' for n in range(20_000))
        ),
    )
    yield html("24 MB of text without a space", lambda: page("<p>" + "x" * 24_000_000))
    yield html("1.9 MB of text without a space", lambda: page("<p>" + "x" * 1_900_000))
    yield html(
        "15 MB of one line of recommendations",
        lambda: page("<h2>2025 – Saltmarsh – Child A</h2><p>Recommendations: " + "a; b; c; " * 1_700_000),
    )
    yield html(
        "1.9 MB of one line of recommendations",
        lambda: page("<h2>2025 – Saltmarsh – Child A</h2><p>Recommendations: " + "a; b; c; " * 200_000),
    )
    yield html(
        "200,000 semicolons", lambda: page("<h2>2025 – Saltmarsh – Child A</h2><p>Learning: " + ";" * 200_000)
    )
    for entries in (1_000, 5_000, 100_000):
        yield html(f"a listing of {entries:,} entries", lambda entries=entries: listing(entries)[:24_900_000])
    yield html(
        "a listing of 5,000 entries, by selectors",
        lambda: page(
            "".join(f"<div class=r>{_ENTRY.format(n=n, a=3, m='June')}</div>" for n in range(5_000))
        ),
        select="div.r",
    )
    yield html(
        "100,000 unclosed <div>, by selectors", lambda: nested('div class="r"', 100_000), select="div.r"
    )
    yield html(
        "3,000 nested items, by selectors",
        lambda: page('<div class="r"><a href="/x">Child W review</a>' * 3_000 + "</div>" * 3_000),
        select="div.r",
    )
    yield html(
        "300 nested items, by selectors",
        lambda: page('<div class="r"><a href="/x">Child W review</a>' * 250 + "</div>" * 250),
        select="div.r",
    )
    yield html(
        "50,000 headings",
        lambda: page("".join(f"<h2>2025 – Saltmarsh – Child {n}</h2>" for n in range(50_000))),
    )
    yield html(
        "50,000 headings of six levels",
        lambda: page("".join(f"<h{n % 6 + 1}>Learning {n}</h{n % 6 + 1}><p>x" for n in range(50_000))),
    )
    yield html(
        "colspan and rowspan of a million",
        lambda: page(
            "<table>"
            + '<tr><td colspan=1000000 rowspan=1000000>x</td><td colspan="99999999999">y</td></tr>' * 2_000
            + "</table>"
        ),
    )
    yield html(
        "rows that all reach down",
        lambda: page(
            "<table>" + ("<tr>" + '<td rowspan="40" colspan="40">x</td>' * 40 + "</tr>") * 3_000 + "</table>"
        ),
    )
    yield html(
        "a table of 20,000 rows",
        lambda: page(
            "<table>"
            + "".join(
                f"<tr><td>2024</td><td><a href='/r/{n}'>Child {n}</a></td><td>Saltmarsh</td></tr>"
                for n in range(20_000)
            )
            + "</table>"
        ),
    )
    yield html(
        "one row of 300,000 cells",
        lambda: page("<table><tr>" + "<td>x</td>" * 300_000 + "</tr><tr><td>a<td>b</tr></table>"),
    )
    yield html(
        "20,000 buttons and panels",
        lambda: page(
            "".join(
                f'<button aria-controls="p{n}">Child {n}, review</button><div id="p{n}" class="panel">words</div>'
                for n in range(20_000)
            )
        ),
    )
    yield html(
        "20,000 bare buttons",
        lambda: page("<div>" + "<button>Child and review</button>" * 20_000 + "<div>words</div></div>"),
    )
    yield html(
        "20,000 cards side by side",
        lambda: page(
            "".join(
                f'<div class="card"><h3><a href="/{n}">Child {n}</a></h3><p>June 2024</p></div>'
                for n in range(20_000)
            )
        ),
    )
    yield html(
        "40,000 different siblings",
        lambda: page(
            "".join(f'<div class="card c{n}"><a href="/">x</a></div><i></i>' for n in range(40_000))
        ),
    )
    yield html("40,000 details", lambda: page("<details><summary>Child</summary>words</details>" * 40_000))
    yield html("a million &nbsp;", lambda: page("<p>" + "&nbsp;" * 1_000_000 + "words"))
    yield html(
        "a flood of entities",
        lambda: page("<p>" + "&amp;&lt;&#8203;&#x1F600;&CounterClockwiseContourIntegral;&bogus;" * 100_000),
    )
    yield html(
        "a million zero-width characters", lambda: page("<p>" + "\u200b\u200d\ufeff" * 700_000 + "words")
    )
    yield html("a million right-to-left marks", lambda: page("<p>" + "\u202e\u2067a" * 700_000 + "words"))
    yield html("a million combining marks", lambda: page("<p>a" + "\u0301" * 1_000_000))
    yield html("a million NUL bytes", lambda: page("<p>Child\0W " * 100_000 + "\0" * 1_000_000))
    yield html(
        "surrogates written as UTF-8",
        lambda: page("<h1>Review</h1>").replace(b"Review", b"Child \xed\xa0\x80\xed\xb0\x80 review"),
    )
    yield html(
        "surrogates as entities",
        lambda: page("<h1>Child W &#xD800;&#xDFFF;&#0;&#x110000; review</h1><p>Learning: a; b"),
    )
    yield html("a comment that never ends", lambda: page("<!-- " + "x-" * 900_000))
    yield html("300,000 <!--", lambda: b"<!--" * 300_000 + b"<p>words")
    yield html("a million <", lambda: page("<" * 1_000_000))
    yield html("a doctype of 1 MB", lambda: b"<!doctype html " + b"x" * 1_000_000 + b"><p>words")
    yield html("300,000 <meta>", lambda: page("<p>words", "<meta name=date content=x>" * 300_000))
    yield html(
        "JSON-LD nested 100,000 deep",
        lambda: page('<script type="application/ld+json">' + "[" * 100_000 + "</script><p>words"),
    )
    yield html(
        "JSON-LD with a number of a million digits",
        lambda: page('<script type="application/ld+json">{"a": ' + "9" * 1_000_000 + "}</script><p>words"),
    )
    yield html(
        "20,000 JSON-LD graphs",
        lambda: page(
            '<script type="application/ld+json">['
            + ",".join(['{"@graph": [{}, {}]}'] * 20_000)
            + "]</script><p>words"
        ),
    )
    yield html(
        "a base that is no address",
        lambda: page("<a href='//[x'>Child W review</a>" * 10_000, "<base href='http://[::1'>"),
    )
    yield html(
        "named entities declared in a doctype",
        lambda: (
            b'<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><html><p>&b;&b; words'
        ),
    )
    yield html("SVG and MathML nested", lambda: page("<svg><g><math><mi>" * 50_000))
    yield html("100,000 unclosed <select><option>", lambda: page("<select><option>Child" * 100_000))
    yield html("100,000 unclosed forms and inputs", lambda: page("<form><input type=password>" * 100_000))
    yield html("templates and noscript nested", lambda: page("<noscript><template><p>x" * 50_000))
