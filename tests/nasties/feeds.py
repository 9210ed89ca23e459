"""Feeds: entity bombs, outside entities, nesting, floods of items."""

from __future__ import annotations

from collections.abc import Iterator

from tests.nasties import FEED, Nasty

_ITEM = "<item><title>Child {n}: review</title><link>https://a.example.org/{n}</link><guid>{n}</guid><description>Words {n}</description></item>"


def rss(channel: str, before: str = "") -> bytes:
    return (
        f'<?xml version="1.0"?>{before}<rss version="2.0"><channel><title>News</title>{channel}</channel></rss>'
    ).encode()


def _laughs(levels: int, each: int) -> str:
    lines = ['<!ENTITY l0 "lol">'] + [f'<!ENTITY l{n} "{f"&l{n - 1};" * each}">' for n in range(1, levels)]
    return f"<!DOCTYPE rss [{''.join(lines)}]>"


def feeds() -> Iterator[Nasty]:
    def feed(name: str, make: object) -> Nasty:
        return Nasty(name=f"feed: {name}", content_type=FEED, make=make)  # type: ignore[arg-type]  # a lambda

    yield feed("billion laughs", lambda: rss("<item><title>&l9;</title></item>", _laughs(10, 10)))
    yield feed(
        "quadratic blow-up",
        lambda: rss(
            "<item><title>" + "&a;" * 100_000 + "</title></item>",
            f'<!DOCTYPE rss [<!ENTITY a "{"x" * 100_000}">]>',
        ),
    )
    yield feed(
        "an outside entity (file)",
        lambda: rss(
            "<item><title>&a;</title><link>http://a.example.org</link></item>",
            '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        ),
    )
    yield feed(
        "an outside entity (http)",
        lambda: rss(
            "<item><title>&a;</title></item>",
            '<!DOCTYPE rss SYSTEM "http://127.0.0.1:1/x.dtd" [<!ENTITY % p SYSTEM "http://127.0.0.1:1/p"> %p; <!ENTITY a SYSTEM "http://127.0.0.1:1/a">]>',
        ),
    )
    for items in (1_000, 20_000, 100_000):
        yield feed(
            f"{items:,} items", lambda items=items: rss("".join(_ITEM.format(n=n) for n in range(items)))
        )
    yield feed(
        "20,000 items of one guid",
        lambda: rss("".join(_ITEM.format(n=n).replace(f"<guid>{n}", "<guid>x") for n in range(20_000)))[
            :1_990_000
        ],
    )
    yield feed("a title of 10 MB", lambda: rss(f"<item><title>{'Child W ' * 1_250_000}</title></item>"))
    yield feed(
        "a title of 1.9 MB of escaped markup",
        lambda: rss(f"<item><title>{'&lt;b&gt;' * 200_000}</title></item>"),
    )
    yield feed(
        "a description of 10 MB",
        lambda: rss(
            f"<item><title>W</title><description>{'Child W &lt;p&gt; ' * 600_000}</description></item>"
        ),
    )
    yield feed(
        "1.9 MB of <",
        lambda: rss(f"<item><title>W</title><description>{'&lt;' * 450_000}</description></item>"),
    )
    yield feed("100,000 nested elements", lambda: rss("<item>" + "<a>" * 100_000))
    yield feed("100,000 nested items", lambda: rss("<item><title>x" * 100_000))
    yield feed(
        "100,000 nested <content>",
        lambda: rss("<item><content:encoded><![CDATA[" + "<div>" * 100_000 + "]]></content:encoded></item>"),
    )
    yield feed(
        "a million attributes", lambda: rss("<item " + " ".join(f'a{n}="1"' for n in range(200_000)) + "/>")
    )
    yield feed(
        "100,000 name spaces",
        lambda: rss(
            "<item "
            + " ".join(f'xmlns:a{n}="http://a/{n}"' for n in range(60_000))
            + "><title>W</title></item>"
        ),
    )
    yield feed(
        "a date of 1 MB of digits",
        lambda: rss(f"<item><title>W</title><pubDate>{'1 ' * 500_000}</pubDate></item>"),
    )
    yield feed(
        "a date of 1 MB of letters",
        lambda: rss(f"<item><title>W</title><pubDate>{'Jan' * 330_000}</pubDate></item>"),
    )
    yield feed("CDATA without an end", lambda: rss("<item><title><![CDATA[" + "x" * 1_000_000))
    yield feed("300,000 <![CDATA[", lambda: rss("<item><title>" + "<![CDATA[" * 200_000))
    yield feed("300,000 <!", lambda: rss("<item><title>" + "<!" * 300_000))
    yield feed("300,000 &", lambda: rss("<item><title>" + "&" * 300_000))
    yield feed("300,000 <a", lambda: rss("<item><title>" + "<a " * 300_000))
    yield feed("a comment of 1.5 MB before the root", lambda: rss("", "<!--" + "- " * 700_000 + "-->"))
    yield feed("100,000 comments before the root", lambda: rss("", "<!-- x -->" * 100_000))
    yield feed("300,000 <!-- before the root", lambda: rss("", "<!--" * 300_000))
    yield feed(
        "an XML declaration of 1 MB",
        lambda: (
            b"<?xml " + b"a " * 500_000 + b"?><rss version='2.0'><channel><title>x</title></channel></rss>"
        ),
    )
