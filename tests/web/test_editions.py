"""Digests as pages: who may see what, and what is never in them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.models import Digest, Logo, Organisation
from tests.deliver.invented import DOUBTFUL, digest, entry, full_week, withdrawn
from tests.web.test_web_archive import Outline
from tests.web.visitor import FakeStore, Visitor

EDITION = "0123456789abcdef0123456789abcdef"
BOTH = (f"/digests/{EDITION}", f"/digests/{EDITION}/meeting")


@pytest.fixture
def kept(store: FakeStore) -> FakeStore:
    store.keeps(EDITION, full_week())
    return store


def test_a_kept_digest_is_a_page_and_a_sheet_for_the_team_meeting(kept: FakeStore) -> None:
    visitor = Visitor(kept)
    whole, sheet = (visitor.gets(path) for path in BOTH)
    assert (whole.status_code, sheet.status_code) == (200, 200)
    assert whole.headers["content-type"] == sheet.headers["content-type"] == "text/html; charset=utf-8"
    assert "Recording an injury is not the same as acting on it" in whole.text
    assert "<h1>For the team meeting</h1>" in sheet.text


def test_each_leads_to_the_other_wherever_the_web_is(kept: FakeStore, visitor: Visitor) -> None:
    whole, sheet = (visitor.gets(path).text for path in BOTH)
    assert f'href="{EDITION}/meeting"' in whole
    assert f'href="../{EDITION}"' in sheet


@pytest.mark.parametrize("path", BOTH)
def test_a_digest_that_is_not_kept_is_no_page(visitor: Visitor, path: str) -> None:
    answer = visitor.gets(path)
    assert answer.status_code == 404
    assert "There is no such digest" in answer.text


@pytest.mark.parametrize(
    "asked",
    [
        "1",
        EDITION[:31],
        EDITION + "0",
        EDITION.upper(),
        "x" * 32,
        EDITION[:31] + "%0A",
        "..%2F..%2Fetc",
        "٣" * 32,
    ],
)
@pytest.mark.parametrize("rest", ["", "/meeting"])
def test_what_can_be_no_edition_never_reaches_the_database(
    store: FakeStore, visitor: Visitor, asked: str, rest: str
) -> None:
    assert visitor.gets(f"/digests/{asked}{rest}").status_code == 404
    assert store.asked_editions == []


@pytest.mark.parametrize("path", BOTH)
def test_pages_are_kept_by_no_cache_and_found_by_no_search_engine(
    kept: FakeStore, visitor: Visitor, path: str
) -> None:
    headers = visitor.gets(path).headers
    assert headers["cache-control"] == "no-store"
    assert "noindex" in headers["x-robots-tag"]
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("path", BOTH)
def test_nothing_in_a_page_is_about_its_reader(store: FakeStore, visitor: Visitor, path: str) -> None:
    store.keeps(EDITION, digest(*full_week().entries, doubtful=(DOUBTFUL,), baseline_days=31, since=None))
    page = visitor.gets(path).text
    assert "unsubscribe" not in page.lower()
    assert "stop or pause" not in page
    assert "delivered to you" not in page
    assert "may not have reached you" not in page
    assert "your first digest" not in page


@pytest.mark.parametrize("path", BOTH)
def test_a_page_of_a_digest_asks_nobody_for_anything(kept: FakeStore, visitor: Visitor, path: str) -> None:
    page = Outline(visitor.gets(path).text)
    assert page.all("script", "img", "link", "iframe", "object", "base") == []


@pytest.mark.parametrize("path", BOTH)
@pytest.mark.parametrize("said", [full_week(), digest(), digest(withdrawn())])
def test_headings_come_in_order_and_no_id_comes_twice(
    store: FakeStore, visitor: Visitor, path: str, said: Digest
) -> None:
    store.keeps(EDITION, said)
    page = Outline(visitor.gets(path).text)
    levels = page.headings
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(deeper - before <= 1 for before, deeper in itertools.pairwise(levels))
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert page.all("html")[0]["lang"] == "en-GB"
    inside = [link["href"][1:] for link in page.all("a") if link["href"].startswith("#")]
    assert set(inside) <= set(ids)


def test_a_logo_stands_in_the_page_itself_and_the_page_may_show_it(kept: FakeStore) -> None:
    logo = Logo(picture=b"\x89PNG", media_type="image/png", alt="Wetherby Vale", width=120, height=40)
    answer = Visitor(kept, organisation=Organisation(name="Wetherby Vale learning", logo=logo)).gets(BOTH[0])
    picture = Outline(answer.text).all("img")[0]
    assert (picture["src"], picture["alt"]) == ("data:image/png;base64,iVBORw==", "Wetherby Vale")
    assert "img-src data:" in answer.headers["content-security-policy"]


def test_every_page_has_the_name_and_colours_of_the_organisation(kept: FakeStore) -> None:
    organisation = Organisation(
        name="Saltmarsh & Fenby learning", colour="#004d40", colour_at_night="#80cbc4"
    )
    visitor = Visitor(kept, organisation=organisation, contact="learning@saltmarsh.example")
    for path in (*BOTH, "/archive", "/nowhere"):
        page = visitor.gets(path).text
        assert "– Saltmarsh &amp; Fenby learning</title>" in page
        assert "--link: #004d40" in page
        assert "--link: #80cbc4" in page
        assert 'href="mailto:learning@saltmarsh.example"' in page


def own_templates(folder: Path, **templates: str) -> Sequence[Path]:
    (folder / "web").mkdir()
    for name, text in templates.items():
        (folder / "web" / f"{name}.html").write_text(text)
    return [folder]


def test_an_administrators_own_templates_win(kept: FakeStore, tmp_path: Path) -> None:
    folders = own_templates(tmp_path, meeting="Our sheet: {{ digest.total }}", done="{{ title }}, friend.")
    visitor = Visitor(kept, own_templates=folders)
    assert visitor.gets(BOTH[1]).text == "Our sheet: 5"
    assert visitor.gets("/nowhere").text == "There is no such page, friend."
    assert "In this digest" in visitor.gets(BOTH[0]).text


def test_a_mistake_in_their_own_template_is_a_calm_page_and_a_line_in_the_log(
    kept: FakeStore, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folders = own_templates(tmp_path, digest="fine\n{{ digest.nonsense }}", base="{% if %}")
    visitor = Visitor(kept, own_templates=folders)
    answer = visitor.gets(BOTH[0])
    assert answer.status_code == 500
    assert "This page cannot be shown just now" in answer.text
    assert "nonsense" not in answer.text
    assert str(tmp_path) not in answer.text
    assert "digest.html:2" in caplog.text
    assert visitor.gets("/nowhere").status_code == 500
    assert "base.html:1" in caplog.text


def test_words_and_numbers_that_do_not_add_up_in_it_are_a_calm_page_too(
    kept: FakeStore, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folders = own_templates(tmp_path, digest="fine\n{{ digest.total + ' reviews' }}")
    answer = Visitor(kept, own_templates=folders).gets(BOTH[0])
    assert answer.status_code == 500
    assert "This page cannot be shown just now" in answer.text
    assert "content-security-policy" in answer.headers
    assert "digest.html:2" in caplog.text


def test_a_store_that_does_not_answer_is_said(kept: FakeStore, visitor: Visitor) -> None:
    kept.breaks()
    assert visitor.gets(BOTH[0]).status_code == 503


def test_a_title_that_is_markup_is_only_words(store: FakeStore, visitor: Visitor) -> None:
    nasty = "<script>alert(1)</script>{{ 7 * 7 }}"
    store.keeps(EDITION, digest(entry(), subscriptions=(nasty,)))
    for path in BOTH:
        page = visitor.gets(path).text
        assert Outline(page).all("script") == []
        assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7 * 7 }}" in page


def test_a_button_in_slack_gets_its_answer_and_changes_nothing(store: FakeStore, visitor: Visitor) -> None:
    answer = visitor.posts("/slack/interactions", b"payload=%7B%22type%22%3A%22block_actions%22%7D")
    assert (answer.status_code, answer.content) == (200, b"")
    store.breaks()
    assert visitor.posts("/slack/interactions", b"x" * 1_000_000).status_code == 200
    assert visitor.gets("/slack/interactions").status_code == 405
