"""Whatever a mail is made of, its HTML and its text say the same words in the same order, and no two links that
lead to different places are called alike."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

from hypothesis import given, settings
from hypothesis import strategies as some

from bot.deliver.rendering.render import Renderer
from bot.deliver.rendering.templating import Templates
from bot.models import Coverage, Digest, Entry, Link, Logo, Organisation
from tests.deliver.invented import (
    BABY_ROWAN,
    BARE,
    DOUBTFUL,
    FROM_RIGHT_TO_LEFT,
    IN_WELSH,
    NARROWED,
    SECTIONED,
    because,
    digest,
    entry,
    name_of_theme,
    revised,
    seen,
    withdrawn,
)
from tests.deliver.parts import LINK, TEMPLATES

PAGE = "https://learning.example.org/digests/0123456789abcdef"
LOGO = Logo(picture=b"", media_type="image/png", alt="A heron", width=120, height=40)


class Visible(HTMLParser):
    """The words that can be seen, in order, and each link's words with where it leads."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[tuple[str, str]] = []
        self._hidden = ""
        self._link: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in ("style", "title") or given.get("class") == "preheader":
            self._hidden = tag
        if tag == "a":
            self.links.append(("", given["href"] or ""))
            self._link = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._hidden:
            self._hidden = ""
        if tag == "a":
            self._link = None

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        self.words += words_of(data)
        if self._link:
            label, url = self.links[-1]
            self.links[-1] = (label + data, url)


def words_of(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def any_entry() -> some.SearchStrategy[Entry]:
    kinds: list[Entry] = [
        entry(),
        entry(because=(NARROWED, because(None, "their history"))),
        entry(BARE, late=True, because=(because(None),)),
        entry(
            SECTIONED, seen=(seen(attribution="By others"), seen("Lantern", url="https://lantern.example/"))
        ),
        entry(replace(BABY_ROWAN, status="delayed", links=())),
        entry(replace(BABY_ROWAN, background="The family had moved. " * 60, actions=("It was rewritten.",))),
        entry(IN_WELSH),
        entry(FROM_RIGHT_TO_LEFT),
        revised(),
        replace(revised(), differences=()),
        withdrawn(),
    ]
    return some.sampled_from(kinds)


@some.composite
def digests(draw: some.DrawFn) -> Digest:
    entries = draw(some.lists(any_entry(), max_size=20))
    coverage = draw(some.sampled_from([digest().coverage, Coverage(checked=3), Coverage(checked=0)]))
    return digest(
        *(
            replace(one, review_id=number, review=replace(one.review, links=_own(one, number)))
            for number, one in enumerate(entries)
        ),
        coverage=replace(coverage, published_in_all=draw(some.sampled_from([0, 30]))),
        doubtful=draw(some.sampled_from([(), (DOUBTFUL, replace(DOUBTFUL, state="refused", reviews=()))])),
        held_over=draw(some.sampled_from([0, 1, 9])),
        baseline_days=draw(some.sampled_from([None, 31])),
        footer=draw(some.sampled_from([None, "Ring 01632 960001."])),
        subscriptions=draw(some.sampled_from([(), ("Babies",), ("Babies", "Young people", "Neglect")])),
    )


def _own(one: Entry, number: int) -> tuple[Link, ...]:
    """Its links with addresses of their own, as those of different reviews have."""
    return tuple(replace(link, url=f"{link.url}?{number}") for link in one.review.links)


def organisations() -> some.SearchStrategy[Organisation]:
    return some.builds(
        Organisation,
        name=some.just("Wetherby Vale learning"),
        contact=some.sampled_from([None, "safeguarding@example.org"]),
        logo=some.sampled_from([None, LOGO]),
        introduction=some.sampled_from([None, "Our next forum is on 3 December, in the usual room."]),
        privacy=some.sampled_from([None, "https://learning.example.org/privacy"]),
    )


@given(digests(), organisations(), some.sampled_from([None, LINK]), some.sampled_from([None, PAGE]))
@settings(max_examples=60, deadline=None)
def test_both_parts_say_the_same_words_and_links_of_one_name_lead_to_one_place(
    of: Digest, organisation: Organisation, link: str | None, page_url: str | None
) -> None:
    content = Renderer(Templates(TEMPLATES), name_of_theme, lambda: organisation).email(of, link, page_url)
    html = Visible(content.html)
    text = iter(words_of(content.text))
    assert [word for word in html.words if word not in text] == []  # each after the one before it
    for _, url in html.links:
        assert url.startswith(("#", "tel:", "mailto:")) or f"\n{url}\n" in content.text
    named: dict[str, str] = {}
    for label, url in html.links:
        assert named.setdefault(" ".join(label.split()), url) == url
    for line in content.text.splitlines():
        assert len(line) <= 72 or "://" in line
