"""`select` in sources.yaml: pages that the reader cannot make out by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.errors import UnreadableDocument
from bot.formats.selection import selected
from bot.models import Page, Selectors
from tests.house import House
from tests.reviews import a_source

ODD = """<html><head><title>Learning hub</title></head><body><div class=hub>
<div class=tile><span class=n>Child Ash</span><i>3 March 2026</i><a href=/d/ash.pdf><img alt=""></a></div>
<div class=tile><span class=n>Child Elm</span><i>9 June 2026</i><a href=/d/elm.pdf><img alt=""></a></div>
<div class=tile><span class=x>Our team</span></div>
</div></body></html>"""
SELECT = Selectors(item="div.tile", title="span.n", date="i")


def test_what_the_selectors_pick_is_read_with_title_link_and_date() -> None:
    house = House(a_source(select=SELECT, place="Saltmarsh"))
    house.site.gives(a_source().url, ODD.encode())
    (run,) = house.polls()
    assert (run.state, run.records) == ("good", 2)
    reviews = [known.review for known, _ in house.store.every_review()]
    assert [(one.title, one.published, one.links[0].url) for one in reviews] == [
        ("Child Ash", "2026-03-03", "https://saltmarsh.example.org/d/ash.pdf"),
        ("Child Elm", "2026-06-09", "https://saltmarsh.example.org/d/elm.pdf"),
    ]


@pytest.mark.parametrize(
    ("select", "says"),
    [(replace(SELECT, item="li.tile"), "`select: item`"), (replace(SELECT, title="b.n"), "`select: title`")],
)
def test_selectors_that_find_nothing_are_an_error_that_names_the_one_to_correct(
    select: Selectors, says: str
) -> None:
    page = Page(url="https://saltmarsh.example.org/reviews", body=ODD.encode(), content_type="text/html")
    with pytest.raises(UnreadableDocument, match=says):
        selected(page, select)


def test_a_document_that_is_no_web_page_is_left_alone() -> None:
    page = Page(url="https://saltmarsh.example.org/a.txt", body=b"Child A\n", content_type="text/plain")
    assert selected(page, SELECT) == page
