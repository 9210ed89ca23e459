"""An administrator points the bot at one more page, or at many."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path

import pytest

from bot.demo.example_site import LAST_MODIFIED, Answer, ExampleSite
from bot.looking.broken import Outcome, enough
from bot.models import Page
from tests.e2e.office import Desk, Office

NEWS = "/case-reviews/monthly-update"


class Partnership(ExampleSite):
    """The example site, with pages that a test publishes."""

    def __init__(self) -> None:
        super().__init__()
        self._published: dict[str, Answer] = {}

    def publishes(
        self,
        path: str,
        *body: str,
        title: str = "Reviews | Ravensby SCP",
        head: str = "",
        kind: str = "text/html; charset=utf-8",
    ) -> str:
        html = (
            f"<html><head><title>{title}</title>{head}</head><body><main>{''.join(body)}</main></body></html>"
        )
        text = html if kind.startswith("text/html") else "".join(body)
        self._published[path] = Answer(
            status=HTTPStatus.OK,
            content_type=kind,
            body=text.encode(),
            etag=f'"{len(text)}"',
            last_modified=LAST_MODIFIED["october"],
        )
        return self.root + path

    def answer(self, path: str) -> Answer | None:
        return self._published.get(path) or super().answer(path)

    def asked_for(self, path: str) -> int:
        return sum(one.path == path for one in self.requests)


@pytest.fixture
def site() -> Iterator[Partnership]:
    with Partnership() as site:
        yield site


@pytest.fixture
def office(tmp_path: Path, site: Partnership) -> Office:
    return Desk(tmp_path, site)


def entry(name: str, day: str, place: str = "Ravensby") -> str:
    at = f" in {place}" if place else ""
    return (
        f"<h3>Local Child Safeguarding Practice Review: {name}</h3><p>Published: {day}</p>"
        f"<p>{name} was 5 weeks old when he was found with bruises{at}.</p>"
        "<p>Learning:</p><ul><li>Bruises on babies who do not move are always asked about.</li></ul>"
        f'<p><a href="/files/{name.replace(" ", "-")}.pdf">Child Safeguarding Practice Review {name}</a></p>'
    )


def links(*names: str) -> str:
    items = (
        f'<li><a href="/files/{name.replace(" ", "-")}.pdf">Child Safeguarding Practice Review: {name}</a></li>'
        for name in names
    )
    return f"<h1>Published reviews</h1><ul>{''.join(items)}</ul>"


MONTHLY = [entry(f"Child {letter}", f"{day} {month} 2026") for letter, day, month in (
    ("A", 1, "May"), ("B", 22, "May"), ("C", 12, "June"), ("D", 3, "July"), ("E", 24, "July"), ("F", 14, "August")
)]  # fmt: skip
FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Ravensby SCP</title>
<item><title>Local Child Safeguarding Practice Review: Child W</title><link>{0}/w</link>
<pubDate>Mon, 05 Oct 2026 09:00:00 GMT</pubDate>
<description>Child W was 3 months old when she died in Ravensby.</description></item>
<item><title>Local Child Safeguarding Practice Review: Child V</title><link>{0}/v</link>
<pubDate>Mon, 07 Sep 2026 09:00:00 GMT</pubDate>
<description>Child V, aged 14, was stabbed in Ravensby.</description></item></channel></rss>"""
RSS = "application/rss+xml"
NAMES_FEED = '<link rel="alternate" type="application/rss+xml" href="/feed.xml"><link rel="alternate" type="application/rss+xml" href="/comments/feed/">'


def listed(office: Office) -> str:
    return (office.folder / "sources.yaml").read_text(encoding="utf-8")


def found(office: Office, *words: str) -> dict[str, object]:
    done = office.types("sources", "add", *words, "--yes", "--json")
    assert done.returncode == 0, done.stderr
    told: dict[str, object] = json.loads(done.stdout)
    return told


def answers(office: Office, words: list[str], *typed: str) -> tuple[int, str]:
    """A person at a terminal types the command, then these lines."""
    person, terminal = pty.openpty()
    try:
        os.write(person, "".join(f"{line}\n" for line in typed).encode())
        done = subprocess.run(
            [sys.executable, "-m", "bot", *words],
            cwd=office.folder,
            env=office.environ,
            stdin=terminal,
            capture_output=True,
            text=True,
            timeout=60,
        )
    finally:
        os.close(person)
        os.close(terminal)
    return done.returncode, done.stdout + done.stderr


def test_a_page_is_described_and_its_entry_says_how_often_it_changes(
    office: Office, site: Partnership
) -> None:
    url = site.publishes("/reviews", *MONTHLY)
    before = listed(office)
    done = office.types("sources", "add", url, "--yes")
    assert done.returncode == 0, done.stderr
    assert "a list of reviews, each with its summary" in done.stdout
    assert "Child F" in done.stdout
    assert "something new about every 3 weeks; the last was on 14 August 2026" in done.stdout
    assert "robots.txt lets the bot read it." in done.stdout
    added = listed(office).removeprefix(before)
    assert added != listed(office), "what was there stays as it was"
    assert "6 reviews were read then." in added
    assert "about every 3 weeks, the last on 2026-08-14" in added
    assert "every: 1d" in added
    assert "expect: {min: 3, max: 20}" in added
    assert office.types("check").returncode == 0


def test_all_of_it_is_one_object_for_another_program(office: Office, site: Partnership) -> None:
    site.publishes("/robots.txt", "User-agent: *\nCrawl-delay: 1\n", kind="text/plain")
    told = found(office, site.publishes("/reviews", *MONTHLY))
    assert told["written"] is True
    assert (told["kind"], told["state"]) == ("listing", "read")
    assert told["rhythm"] == {"said": "about every 3 weeks", "days": 21, "last": "2026-08-14"}
    assert told["robots"] == {"allowed": True, "crawl_delay": 1.0}
    assert isinstance(told["entry"], dict)
    assert told["entry"]["expect"] == {"min": 3, "max": 20}


def test_what_could_not_be_made_out_is_said_with_the_setting_that_helps(
    office: Office, site: Partnership
) -> None:
    url = site.publishes("/reviews", links("Child P", "Child Q", "Child R"))
    done = office.types("sources", "add", url, "--yes")
    assert "a list of links to reviews" in done.stdout
    assert "No learning in 3 of 3 reviews: `follow: true`" in done.stdout
    assert "No date in 3 of 3 reviews: " in done.stdout
    assert "follow: true" in listed(office)


def test_a_hub_is_followed_to_the_page_with_the_most_reviews(office: Office, site: Partnership) -> None:
    few = site.publishes("/few", links("Child P", "Child Q"))
    many = site.publishes("/many", links("Child S", "Child T", "Child U"))
    hub = site.publishes(
        "/hub",
        "<h1>Learning</h1><p>Our reviews are on pages of their own.</p>",
        f'<p><a href="{few}">Serious case reviews</a></p><p><a href="{many}">Learning reviews</a></p>',
    )
    told = found(office, hub)
    assert (told["hub"], told["url"], told["besides"]) == (hub, many, [few])
    assert f"url: {many}\n" in listed(office)


def test_hubs_that_point_to_hubs_are_followed_some_steps_and_never_in_circles(
    office: Office, site: Partnership
) -> None:
    def hub(path: str, *to: str) -> str:
        links = "".join(f'<p><a href="{one}">Learning reviews</a></p>' for one in to)
        return site.publishes(path, "<h1>Learning</h1><p>Our reviews are elsewhere.</p>", links)

    many = site.publishes("/many", links("Child S", "Child T", "Child U"))
    root = many.removesuffix("/many")
    third = hub("/third", f"{root}/first", many)
    second = hub("/second", f"{root}/first", f"{root}/second/", third)
    first = hub("/first", second)
    told = found(office, first)
    assert (told["hub"], told["url"]) == (third, many)
    round_about = hub("/round", f"{root}/about")
    hub("/about", round_about)
    assert office.types("sources", "add", round_about, "--yes").returncode == 1


def test_a_person_says_which_page_of_a_hub_is_meant_and_what_the_page_leaves_open(
    office: Office, site: Partnership
) -> None:
    few = site.publishes("/few", links("Child P", "Child Q"), title="Reviews")
    many = site.publishes("/many", links("Child S", "Child T", "Child U"))
    hub = site.publishes(
        "/hub",
        "<h1>Learning</h1><p>Our reviews are on pages of their own.</p>",
        f'<p><a href="{few}">Serious case reviews</a></p><p><a href="{many}">Learning reviews</a></p>',
    )
    status, said = answers(office, ["sources", "add", hub], "1", "Ravensby", "n", "y")
    assert status == 0, said
    added = listed(office).partition("Added on")[2]
    assert f"url: {few}\n" in added
    assert "place: Ravensby\n" in added
    assert "follow:" not in added


def test_only_what_is_new_in_the_file_is_shown(office: Office, site: Partnership) -> None:
    below = "\nreports: {to: [admin@example.org]}\n"
    (office.folder / "sources.yaml").write_text(listed(office) + below, encoding="utf-8")
    done = office.types("sources", "add", site.publishes("/reviews", *MONTHLY), "--yes")
    assert "reports:" not in done.stdout
    assert "    expect: {min: 3, max: 20}\nWritten." in done.stdout
    assert listed(office).endswith(below)


def test_a_person_who_says_no_leaves_the_file_as_it_was(office: Office, site: Partnership) -> None:
    before = listed(office)
    status, said = answers(office, ["sources", "add", site.publishes("/reviews", *MONTHLY)], "n", "n")
    assert (status, listed(office)) == (1, before)
    assert "Nothing was written." in said


def test_where_nobody_can_be_asked_it_says_what_to_type(office: Office, site: Partnership) -> None:
    before = listed(office)
    url = site.publishes("/reviews", *MONTHLY)
    done = office.types("sources", "add", url)
    assert (done.returncode, listed(office)) == (1, before)
    assert f"`learning-bot sources add {url} --yes`" in done.stderr
    assert "Child F" in done.stdout


def test_a_feed_that_the_page_names_is_told_and_the_page_preferred(office: Office, site: Partnership) -> None:
    feed = site.publishes("/feed.xml", FEED.format(site.root), kind=RSS)
    told = found(office, site.publishes("/reviews", *MONTHLY, head=NAMES_FEED))
    assert told["feeds"] == [{"url": feed, "reviews": 2, "trouble": ""}]
    assert told["url"] == f"{site.root}/reviews"
    assert site.asked_for("/comments/feed/") == 0


def test_where_nothing_is_read_on_a_page_its_feed_is_taken(office: Office, site: Partnership) -> None:
    feed = site.publishes("/feed.xml", FEED.format(site.root), kind=RSS)
    page = site.publishes("/app", "<p>Welcome to the partnership.</p>", head=NAMES_FEED)
    told = found(office, page)
    assert (told["kind"], told["url"], told["instead_of"]) == ("feed", feed, page)
    assert "reads: feed" in listed(office).partition("Added on")[2]


def test_https_may_be_left_out(office: Office, site: Partnership) -> None:
    done = office.types("sources", "add", f"{site.root.removeprefix('http://')}/reviews", "--yes")
    assert done.returncode == 1
    assert site.root.replace("http://", "https://") in done.stderr, "this site has no https"
    assert len(done.stderr.strip().splitlines()) == 1


NO_ADDRESS = (
    "http://[x",
    "http://example.org:123456/",
    "javascript:alert(1)",
    "file:///etc/passwd",
    "mailto:office@example.org",
    "our reviews",
    "reviews",
    "./page.html",
    "",
)


@pytest.mark.parametrize("typed", NO_ADDRESS)
def test_what_is_no_address_is_refused_before_any_site_is_asked(office: Office, typed: str) -> None:
    done = office.types("sources", "add", typed, "--yes")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"`{typed}` is no address of a web page; right would be https://www.example.org/reviews.\n"
    )


@pytest.mark.parametrize("typed", ["http://10.0.0.1/", "http://intranet/reviews"])
def test_what_is_no_address_of_a_public_page_is_one_clear_error(office: Office, typed: str) -> None:
    done = office.types("sources", "add", typed, "--yes")
    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr


@pytest.mark.parametrize(
    ("taken", "said"), [("Ravensby Vale", "`ravensby-vale`"), ("lantern-monthly", "already")]
)
def test_an_id_that_it_cannot_have_is_said_before_the_page_is_asked_for(
    office: Office, site: Partnership, taken: str, said: str
) -> None:
    url = site.publishes("/reviews", *MONTHLY)
    done = office.types("sources", "add", url, "--id", taken, "--yes")
    assert (done.returncode, said in done.stderr) == (2, True)
    assert site.asked_for("/reviews") == 0


def test_one_review_by_itself_is_told_from_a_page_that_lists_them(office: Office, site: Partnership) -> None:
    one = site.publishes("/child-a", MONTHLY[0])
    assert "This is one review by itself." in office.types("sources", "add", one).stdout
    many = site.publishes("/reviews", *MONTHLY)
    assert "This is one review by itself." not in office.types("sources", "add", many).stdout


def test_a_site_that_wants_to_be_left_alone_is_one_clear_error(office: Office, site: Partnership) -> None:
    site.publishes("/robots.txt", "User-agent: *\nDisallow: /private/\n", kind="text/plain")
    url = site.publishes("/private/reviews", *MONTHLY)
    done = office.types("sources", "add", url, "--yes")
    assert (done.returncode, done.stdout) == (1, "")
    assert "asks learning-bot to leave this page alone" in done.stderr
    assert site.asked_for("/private/reviews") == 0


def test_page_and_records_are_saved_as_a_test_case(office: Office, site: Partnership) -> None:
    url = site.publishes("/reviews", *MONTHLY)
    assert office.types("sources", "add", url, "--yes", "--case", "cases/ravensby").returncode == 0
    case = office.folder / "cases" / "ravensby"
    answer = site.answer("/reviews")
    assert answer
    assert (case / "page.html").read_bytes() == answer.body
    meta = json.loads((case / "meta.json").read_text("utf-8"))
    assert meta == {"url": url, "content_type": "text/html; charset=utf-8", "kind": "listing"}
    expected = json.loads((case / "expected.json").read_text("utf-8"))
    read = office.types("read", str(case / "page.html"), "--url", url, "--json")
    titles = [record["title"] for record in json.loads(read.stdout)["reviews"]]
    assert [record["title"] for record in expected["reviews"]] == titles
    again = office.types("sources", "test", "lantern-monthly", "--case", "cases/ravensby")
    assert again.returncode == 1
    assert "holds something already" in again.stderr


# --- a source that is there -------------------------------------------------------------------------


def test_a_source_is_shown_with_what_differs_from_what_is_kept(office: Office, site: Partnership) -> None:
    url = site.publishes("/reviews", *MONTHLY[:4])
    found(office, url, "--id", "ravensby")
    assert "Nothing is kept of it yet" in office.types("sources", "test", "ravensby").stdout
    assert office.types("poll", "ravensby").returncode == 0
    assert "Beside what is kept: 4 as they were." in office.types("sources", "test", "ravensby").stdout
    point = "<li>Agencies now share what they know of a father within a day of the birth.</li></ul>"
    revised = MONTHLY[1].replace("</ul>", point, 1)
    site.publishes("/reviews", MONTHLY[0], revised, *MONTHLY[3:5])
    told = json.loads(office.types("sources", "test", "ravensby", "--json").stdout)
    changes = {one["title"].rpartition(": ")[2]: one["change"] for one in told["changes"]}
    assert changes == {"Child B": "changed", "Child C": "gone", "Child E": "new"}
    assert told["refused"] == ""
    after = office.types("sources", "test", "ravensby", "--json").stdout
    assert json.loads(after) == told, "to look keeps nothing"


def test_a_page_that_a_poll_would_not_believe_is_said_to_be(office: Office, site: Partnership) -> None:
    url = site.publishes("/reviews", *MONTHLY)
    found(office, url, "--id", "ravensby")
    assert office.types("poll", "ravensby").returncode == 0
    site.publishes("/reviews", MONTHLY[0])
    done = office.types("sources", "test", "ravensby")
    assert done.returncode == 1
    assert "A poll would not believe this page: " in done.stdout
    assert "  gone: " in done.stdout
    assert json.loads(office.types("sources", "test", "ravensby", "--json").stdout)["refused"]
    standing = json.loads(office.types("status", "--json").stdout)["sources"]
    assert next(one["state"] for one in standing if one["id"] == "ravensby") == "good"


# --- many at once -----------------------------------------------------------------------------------


def test_a_list_is_added_and_what_failed_is_named_with_the_reason(office: Office, site: Partnership) -> None:
    good = site.publishes("/reviews", *MONTHLY)
    lines = (
        f"# Ours\n\n{good}  # the list\n{site.root}/nowhere\n{site.root}{NEWS}\n{good}\n{good}?utm_source=x\n"
    )
    (office.folder / "list.txt").write_text(lines, encoding="utf-8")
    before = listed(office)
    done = office.types("sources", "import", "list.txt", "--dry-run", "--json")
    assert listed(office) == before
    became = [one["became"] for one in json.loads(done.stdout)]
    assert became == ["would be added", "failed", "watched already", "watched already"]
    done = office.types("sources", "import", "list.txt")
    assert done.returncode == 1, "one of them failed"
    assert "404 Not Found" in done.stdout
    assert listed(office).count("- id:") == before.count("- id:") + 1
    assert office.types("check").returncode == 0


def test_feeds_and_pages_of_an_opml_file_are_added_by_their_names(office: Office, site: Partnership) -> None:
    feed = site.publishes("/feed.xml", FEED.format(site.root), kind=RSS)
    page = site.publishes("/reviews", *MONTHLY)
    opml = f"""<?xml version="1.0"?><opml version="2.0"><head/><body><outline text="Reviews">
    <outline text="Ravensby news" type="rss" xmlUrl="{feed}" htmlUrl="{site.root}/"/>
    <outline text="Ravensby &amp; Fellgate" htmlUrl="{page}"/></outline></body></opml>"""
    (office.folder / "feeds.opml").write_text(opml, encoding="utf-8")
    done = office.types("sources", "import", "feeds.opml", "--json")
    assert done.returncode == 0, done.stdout
    assert [(one["url"], one["became"], one["reviews"]) for one in json.loads(done.stdout)] == [
        (feed, "added", 2),
        (page, "added", 6),
    ]
    assert "name: Ravensby news\n" in listed(office)
    assert "Ravensby & Fellgate" in listed(office)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "has no address in it"),
        (b"\xff\xfe\x00", "neither a list of addresses nor an OPML file"),
        (b"<opml><body>", "no OPML file that can be read"),
        (b'<!DOCTYPE o [<!ENTITY a "b">]><opml><outline xmlUrl="&a;"/></opml>', "a DOCTYPE is not taken"),
    ],
)
def test_a_file_that_is_no_list_is_one_clear_error(office: Office, content: bytes, says: str) -> None:
    (office.folder / "list").write_bytes(content)
    done = office.types("sources", "import", "list")
    assert (done.returncode, done.stdout) == (1, "")
    assert says in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


# --- would you hear of it? --------------------------------------------------------------------------


WAYS = ("cut half way", "bot-block page", "classes renamed", "headings demoted", "order reversed")


def test_a_page_is_broken_in_many_ways_and_each_is_noticed(
    office: Office, site: Partnership, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.breaking.WAYS", WAYS)
    found(office, site.publishes("/reviews", *MONTHLY[:3]), "--id", "ravensby")
    none_yet = office.types("sources", "break", "lantern-monthly")
    assert none_yet.returncode == 1
    assert "There is no archive at" in none_yet.stderr
    assert office.types("poll", "ravensby").returncode == 0
    before = len(site.requests)
    done = office.types("sources", "break", "ravensby")
    assert done.returncode == 0, done.stdout
    assert "4 ways to break this page were tried" in done.stdout, "it has no classes"
    assert "2 would sound the alarm" in done.stdout
    assert "not noticed" not in done.stdout
    assert len(site.requests) == before, "the site is not asked"
    assert json.loads(office.types("sources", "test", "ravensby", "--json").stdout)["changes"] == []


def test_a_way_that_nobody_would_notice_is_named_and_is_no_success(
    office: Office, site: Partnership, monkeypatch: pytest.MonkeyPatch
) -> None:
    found(office, site.publishes("/reviews", *MONTHLY[:3]), "--id", "ravensby")
    assert office.types("poll", "ravensby").returncode == 0
    monkeypatch.setattr("bot.breaking.WAYS", ("bot-block page", "classes renamed"))

    one_more = MONTHLY[4].encode() + b"</main>"

    def reads_as_news(page: Page, way: str) -> Page:
        return replace(page, body=page.body.replace(b"</main>", one_more))

    monkeypatch.setattr("bot.looking.broken.broken", reads_as_news)
    done = office.types("sources", "break", "ravensby")
    assert done.returncode == 1
    said = "  2 would go unnoticed:\n    if a wall against robots stands in front of it: readers would be told of 1 new"
    assert said in done.stdout


def test_one_way_in_fifty_may_pass_unnoticed_and_none_may_tell_readers_what_is_not_so() -> None:
    noticed: list[Outcome] = ["alarm"] * 49
    assert enough([*noticed, "lost silently"])
    assert not enough([*noticed[:40], "lost silently"])
    assert not enough([*noticed, "told wrongly"])
    assert not enough([])


def test_a_file_without_an_address_is_refused_and_no_site_is_asked(office: Office, site: Partnership) -> None:
    done = office.types("sources", "import", "subscriptions.yaml")
    assert (done.returncode, "has no address in it" in done.stderr) == (1, True)
    assert not site.requests


def test_what_follows_an_address_on_its_line_does_not_count(office: Office, site: Partnership) -> None:
    url = site.publishes("/reviews", *MONTHLY)
    (office.folder / "list.txt").write_text(f"{url}, Ravensby\n", encoding="utf-8")
    done = office.types("sources", "import", "list.txt", "--dry-run")
    assert (done.returncode, "would be added" in done.stdout) == (0, True)
    assert "Nothing was written." in done.stdout
