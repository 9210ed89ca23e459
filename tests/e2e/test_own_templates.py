"""`learning-bot check` with templates of an administrator's own, good and broken, in a folder of their own."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from bot.cli import main
from bot.demo.example_site import ExampleSite, write_configuration
from bot.service import try_templates
from bot.wiring import Bot
from bot.wiring.shipped import shipped_templates


@dataclass
class Said:
    code: int
    out: str
    err: str

    @property
    def problems(self) -> list[str]:
        return self.err.splitlines()


class Office:
    """A folder with its configuration, in which an administrator changes templates and types commands."""

    def __init__(self, folder: Path, types: Callable[..., Said]) -> None:
        self.folder = folder
        self.types = types

    def writes(self, name: str, text: str) -> None:
        path = self.folder / "templates" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def changes(self, name: str, old: str, new: str) -> None:
        """Its own copy of a template that ships, with every `old` replaced."""
        path = self.folder / "templates" / name
        text = (path if path.exists() else shipped_templates() / name).read_text(encoding="utf-8")
        assert old in text, f"{name} has no {old!r} any more"
        self.writes(name, text.replace(old, new))

    def line_of(self, name: str, words: str) -> int:
        lines = (self.folder / "templates" / name).read_text(encoding="utf-8").splitlines()
        return next(number for number, line in enumerate(lines, start=1) if words in line)

    def previews(self) -> str:
        """The HTML of a digest of what one example page has."""
        with ExampleSite() as site:
            write_configuration(self.folder, site.root)
            self.types("poll", "harrowmere-learning")
            self.types("preview", "everything", "--html", "digest.html")
        return (self.folder / "digest.html").read_text(encoding="utf-8")


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Office:
    write_configuration(tmp_path, "http://127.0.0.1:9")
    monkeypatch.chdir(tmp_path)
    for name in ("DATABASE_URL", "PUBLIC_URL", "SMTP_URL", "MAIL_FROM", "SLACK_BOT_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("REPLY_TO", "safeguarding@example.org")

    def types(*words: str) -> Said:
        monkeypatch.setattr(sys, "argv", ["learning-bot", *words])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return Said(code=int(ended.value.code or 0), out=said.out, err=said.err)

    return Office(tmp_path, types)


def test_a_good_template_of_one_s_own_passes_and_is_used(office: Office) -> None:
    office.changes("email/digest.html", "What was checked", "What we looked at")
    office.writes("email/our-footer.html", "<p>Kind regards from Saltmarsh</p>\n")
    office.changes("email/base.html", "</body>", '{% include "email/our-footer.html" %}\n</body>')
    office.writes("README.md", "What we changed, and why.")
    office.writes("email/digest.html~", "{{ an editor's copy")
    checked = office.types("check")
    assert (checked.code, checked.err) == (0, "")
    page = office.previews()
    assert "What we looked at" in page
    assert "Kind regards from Saltmarsh" in page


def test_an_email_that_is_written_whole_in_no_frame_of_ours_is_used_as_it_is(office: Office) -> None:
    shipped = shipped_templates() / "email"
    frame, own = (shipped / "base.html").read_text("utf-8"), (shipped / "digest.html").read_text("utf-8")
    for block in re.findall(r"{% block (\w+) %}{% endblock %}", frame):
        said = own.partition(f"{{% block {block} %}}\n")[2].partition("{% endblock %}")[0]
        frame = frame.replace(f"{{% block {block} %}}{{% endblock %}}", said)
    office.writes("email/digest.html", frame.replace("What was checked", "What we looked at"))
    checked = office.types("check")
    assert (checked.code, checked.err) == (0, "")
    page = office.previews()
    assert "What we looked at" in page
    assert page.count("<body") == 1


def test_every_mistake_of_grammar_is_told_at_once_with_file_and_line(office: Office) -> None:
    office.writes("email/subject.txt", "first line\n{% if digest.new %}new\n")
    office.writes("email/stop.html", "<p>\n{{ unsubscribe_url | }}</p>")
    (office.folder / "templates/email/stop.txt").write_bytes("ok\nSafeguarding – Saltmarsh".encode("cp1252"))
    said = office.types("check")
    assert said.code == 2
    assert len(said.problems) == 3
    assert any(one.startswith("templates/email/subject.txt:") and "endif" in one for one in said.problems)
    assert any(one.startswith("templates/email/stop.html:2: ") for one in said.problems)
    assert any(one.startswith("templates/email/stop.txt:2: is not UTF-8") for one in said.problems)


def test_a_variable_that_does_not_exist_is_told_even_where_few_digests_come_to_it(office: Office) -> None:
    office.changes("email/digest.html", "{{ words.quiet(digest) }}", "{{ digest.calm }}")
    said = office.types("check")
    assert said.code == 2
    line = office.line_of("email/digest.html", "digest.calm")
    [problem] = said.problems
    assert problem.startswith(f"templates/email/digest.html:{line}: ")
    assert "calm" in problem
    assert "a quiet week" in problem


def test_words_and_numbers_that_do_not_add_up_are_a_sentence_and_no_traceback(office: Office) -> None:
    office.changes("email/digest.txt", "{{ reviews }}", "{{ reviews }}\n{{ digest.total + ' reviews' }}")
    said = office.types("check")
    assert said.code == 2
    line = office.line_of("email/digest.txt", "digest.total +")
    assert said.problems[0].startswith(
        f"templates/email/digest.txt:{line}: cannot be worked out (unsupported"
    )


def test_macros_that_others_need_must_stay_and_take_what_they_are_given(office: Office) -> None:
    office.changes("email/words.html", "macro headline(digest,", "macro heading(digest,")
    office.changes("email/words.html", 'macro more(number, where="source")', "macro more(number)")
    said = office.types("check")
    assert said.code == 2
    line = office.line_of("email/words.html", "macro more")
    assert any(
        "email/words.html: the macro `headline` is gone" in one and "copy it" in one for one in said.problems
    )
    assert any(f"email/words.html:{line}: the macro `more` takes fewer" in one for one in said.problems)


def test_blocks_that_pages_fill_in_must_stay(office: Office) -> None:
    office.changes("web/base.html", "{% block main %}{% endblock %}", "")
    said = office.types("check")
    assert said.code == 2
    assert "web/base.html: the block `main` is gone" in said.err


def test_a_template_that_is_not_there_is_told_with_the_nearest(office: Office) -> None:
    office.changes(
        "email/digest.html", '{% include "email/review.html" %}', '{% include "email/reviw.html" %}'
    )
    said = office.types("check")
    assert said.code == 2
    line = office.line_of("email/digest.html", "reviw")
    assert said.problems == [
        f"templates/email/digest.html:{line}: there is no template `email/reviw.html`: "
        "did you mean `email/review.html`?"
    ]


def test_a_file_that_nothing_uses_is_told_with_the_name_that_was_meant(office: Office) -> None:
    office.writes("email/reviews.html", "<p>never seen</p>")
    said = office.types("check")
    assert said.code == 2
    assert said.problems == [
        "templates/email/reviews.html: is not one of the templates: did you mean `email/review.html`? "
        "It is not used"
    ]


IN_THE_MAIL = [
    ("organisation.name", "'We'", "who sends it is not in the HTML"),
    ("</h1>", '</h1><img src="https://t.example/p.gif">', "`<img` asks another machine"),
    ("</h1>", "</h1><img src='cid:us'>", "a picture has no `alt`"),
    ("</h1>", "</h1><script>us()</script>", "there is `<script`"),
    ("<h1", '<h1 onclick="us()"', "there is `onclick=`"),
    ("</h1>", "</h1><form></form>", "there is `<form`"),
    ("</h1>", "</h1><h1>More</h1>", "there are 2 headings `<h1>`"),
    ("</h1>", "</h1><h4>More</h4>", "h4 stands after h1"),
    ("</h1>", "</h1>{% raw %}{{ digest.new }}{% endraw %}", "`{{` is shown"),
    ("help if help else words.help_by_default()", "''", "worry about a child is not in the HTML"),
    ("words.preheader(digest, minutes)", "digest.reviews[0].title if digest.total", "stands before the h1"),
]


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("email/digest.html", IN_THE_MAIL),
        ("email/base.html", [
            ("<body", '<body background="//t.example/p.gif"', "`<body` asks another machine"),
            ('<html lang="en-GB"', "<html", "`<html` needs `lang"),
            ("<title>{{ subject }}</title>", "", "`<title>` is missing"),
        ]),
        ("email/digest.html", [("{{ source.name }}", "{{ source.name | safe }}", "take out `|safe`")]),
        ("email/review.html", [("{{ review.title }}", "{{ review.title | safe }}", "take out `|safe`")]),
        ("email/review.html", [
            ("{{ link.url }}", "#", "link to a review’s report is not in the HTML"),
            ("{{ review.title }}", "{{ review.notice }}", "“Child Larch: injuries to a baby” should stand in the HTML"),
        ]),
        ("email/review.txt", [
            ("{{ link.url }}", "", "link to a review’s report is not in the text part"),
            ("review.title)", "review.notice)", "“Child Larch: injuries to a baby” should stand in the text part"),
        ]),
        ("email/media.css", [(".card {", '.card { background: url("https://t.example/p"); ', "`<style` asks another")]),
        ("email/stop.html", [("{{ unsubscribe_url }}", "https://saltmarsh.example.org", "link to stop is not in the HTML")]),
        ("email/stop.txt", [
            ("{{ unsubscribe_url }}", "", "link to stop is not in the text part"),
            ("organisation.contact", "''", "whom to write to must stand in the text part"),
        ]),
        ("email/digest.txt", [
            ("help if help else words.help_by_default()", "''", "worry about a child is not in the text part"),
            ("organisation.name", "'We'", "who sends it is not in the text part"),
        ]),
        ("email/subject.txt", [("words.period(digest)", "(digest.reviews | map(attribute='title') | join)", "say how many")]),
        ("slack/words.txt", [
            ("help if help else words.help_by_default()", "''", "worry about a child is not in the posts"),
            ("organisation.name", "'We'", "who sends it is not in the posts"),
            ("review.notice", "review.title", "a notification says what happened"),
        ]),
        ("web/digest.html", [("help if help else words.help_by_default()", "''", "worry about a child is not")]),
        ("web/meeting.html", [("{{ review.title }}", "{{ review.notice }}", "“Child Larch: injuries to a baby” should")]),
        ("web/archive.html", [("{{ hit.excerpt }}", "{{ hit.excerpt | safe }}", "take out `|safe`")]),
        ("web/parts.html", [(' value="{{ what }}"', "", "a button is gone")]),
        ("web/base.html", [
            ("{{ organisation.name }}", "us", "should stand on the page"),
            ("</head>", '<link rel="stylesheet" href="https://t.example/s.css"></head>', "`<link` asks another machine"),
        ]),
    ],
)  # fmt: skip
def test_a_template_that_renders_and_breaks_promises_is_told_of_each(
    office: Office, name: str, changes: list[tuple[str, str, str]]
) -> None:
    for old, new, _ in changes:
        office.changes(name, old, new)
    said = office.types("check")
    assert said.code == 2
    for _, _, told in changes:
        assert [one for one in said.problems if one.startswith(f"templates/{name}") and told in one], (
            f"{told}\n{said.err}"
        )
    assert all("(tried with: " in one for one in said.problems)


def test_posts_without_words_for_a_notification_or_with_braces_are_told(office: Office) -> None:
    words = (shipped_templates() / "slack/words.txt").read_text(encoding="utf-8")
    words += "{% macro summary_review(review) %}{% endmacro %}"
    words += "{% macro content_note() %}{% raw %}{{ digest.new }}{% endraw %}{% endmacro %}"
    office.writes("slack/words.txt", words)
    problems = office.types("check").problems
    assert any("slack/words.txt: a post has no text for notifications" in one for one in problems)
    assert any("slack/words.txt" in one and "`{{` is shown to readers" in one for one in problems)


@pytest.mark.parametrize(
    ("name", "old", "new", "why"),
    [
        ("email/stop.html", '<a href="{{ un', '<a style="font-size:0" href="{{ un', "font-size: 0"),
        ("email/stop.html", "{{ words.stop() }}", '<i style="opacity: .0">{{ words.stop() }}</i>', "opacity: .0"),
        ("email/stop.html", ">{{ words.stop() }}<", "><", "it has no words"),
        ("email/base.html", '<p class="quiet">{% include', '<p style="DISPLAY : none">{% include', "display: none"),
        ("email/base.html", "</title>", "</title><style>.quiet a { visibility: hidden }</style>", "visibility: hidden"),
        ("email/style.css", "a { color:", "a[href*='unsub'] { display: none !important; }\na { color:", "display: none"),
        ("email/stop.html", "<a href", '<span style="font-size:0"><a style="font-size:16px" href', None),
    ],
)  # fmt: skip
def test_a_link_to_stop_that_nobody_can_see_is_told(
    office: Office, name: str, old: str, new: str, why: str | None
) -> None:
    office.changes(name, old, new)
    if name == "email/stop.html" and "<span" in new:
        office.changes(name, "</a>", "</a></span>")
    problems = office.types("check").problems
    told = f": nobody can see the reader’s link to stop ({why}); show it as it is"
    found = [one for one in problems if "link to stop" in one]
    assert [told in one for one in found] == ([True] if why else [])
    if why:
        at = new.split("\n")[0] if why != "it has no words" else "unsubscribe_url"
        assert found[0].startswith(f"templates/{name}:{office.line_of(name, at)}: ")


def test_a_copy_is_made_once_to_be_changed(office: Office) -> None:
    assert "email/review.html\n" in office.types("templates", "list").out
    made = office.types("templates", "copy", "email/review.html")
    assert (made.code, made.err) == (0, "")
    shipped = (shipped_templates() / "email/review.html").read_text(encoding="utf-8")
    assert (office.folder / "templates/email/review.html").read_text(encoding="utf-8") == shipped
    assert "email/review.html  (your own is used)" in office.types("templates", "list").out
    again = office.types("templates", "copy", "email/review.html")
    assert (again.code, "is there already" in again.err) == (2, True)
    other = office.types("templates", "copy", "email/reviews.html")
    assert (other.code, "did you mean `email/review.html`?" in other.err) == (2, True)


def test_the_line_of_what_broke_a_promise_is_told(office: Office) -> None:
    office.changes("email/review.html", "{{ review.title }}", "{{ review.title | safe }}")
    [problem] = office.types("check").problems
    line = office.line_of("email/review.html", "| safe")
    assert problem.startswith(f"templates/email/review.html:{line}: words of a source come through as markup")


def test_of_several_templates_the_one_that_broke_the_promise_is_named(office: Office) -> None:
    office.changes("email/digest.html", "In this email", "In this letter")
    office.changes("email/stop.html", "{{ unsubscribe_url }}", "https://saltmarsh.example.org")
    office.changes("email/words.html", "Nothing new found", "Nothing was found")
    [problem] = office.types("check").problems
    assert problem.startswith("templates/email/stop.html: the reader’s link to stop is not in the HTML")


def test_text_that_is_escaped_as_html_or_has_tags_in_it_is_told(office: Office) -> None:
    office.changes("email/review.txt", "review.title)", "(review.title | e))")
    office.changes("email/digest.txt", "{{ reviews }}", "<b>Reviews</b>\n{{ reviews }}")
    problems = office.types("check").problems
    assert any("email/review.txt" in one and "escaped as if it were HTML" in one for one in problems)
    assert any("email/digest.txt" in one and "has the tag `<b>`" in one for one in problems)


def test_a_mail_that_grows_too_large_whatever_is_cut_is_told(office: Office) -> None:
    office.changes("email/digest.html", "</h1>", "</h1>" + "<p>Our aims, in full.</p>" * 4_000)
    assert any("the HTML is" in one and "80,000" in one for one in office.types("check").problems)


def test_a_service_says_what_is_wrong_with_templates_when_it_starts_and_goes_on(office: Office) -> None:
    office.writes("email/subject.txt", "first line\n{{ digest.gone_with_the_update }}\n")
    office.writes("email/stop.txt", "{% if %}")
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = str(door.getsockname()[1])
    running = [sys.executable, "-m", "bot", "run", "--port", port]
    with subprocess.Popen(running, cwd=office.folder, stderr=subprocess.PIPE, text=True) as service:
        assert service.stderr
        patience = threading.Timer(120, service.kill)  # of a service that never polls
        patience.start()
        said, page = [], ""
        for line in service.stderr:
            said.append(json.loads(line))
            if not page and said[-1]["event"] == "polled":
                office.writes("web/done.html", "saved while it runs")
                page = httpx.get(f"http://127.0.0.1:{port}/nowhere").text
                service.send_signal(signal.SIGTERM)
        patience.cancel()
    assert "There is no such page" in page
    told = [one for one in said if "problem" in one]
    assert [one["level"] for one in told] == ["error"]  # grammar first: it hides the rest
    assert told[0]["problem"].startswith("templates/email/stop.txt:1: ")
    assert said.index(told[0]) < [one["event"] for one in said].index("polled")


def test_a_service_without_templates_of_one_s_own_tries_none(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []
    with Bot(office.folder, {}, database_url="sqlite://") as bot:
        monkeypatch.setattr(bot, "check_templates", lambda: tried.append("all"))
        try_templates(bot)
        assert tried == []
        office.writes("email/subject.txt", "ours")
        try_templates(bot)
        assert tried == ["all"]


def test_an_empty_text_part_and_an_empty_subject_are_told(office: Office) -> None:
    office.writes("email/digest.txt", "{# later #}")
    office.writes("email/subject.txt", "{# later #}")
    problems = office.types("check").problems
    assert any("email/digest.txt: the text part is empty" in one for one in problems)
    assert any("email/subject.txt: the subject is empty" in one for one in problems)


@pytest.mark.parametrize(
    ("name", "before", "after", "told"),
    [
        ("email/digest.html", "</h1>", "", "a <h1> is opened and not closed"),
        ("email/review.html", "</h3>", "</h3></h3>", "there is a </h3> too many"),
        ("web/digest.html", "</ul>", "", "a <ul> is opened and not closed"),
    ],
)
def test_a_tag_that_is_not_closed_is_told(
    office: Office, name: str, before: str, after: str, told: str
) -> None:
    office.changes(name, before, after)
    assert any(f"{name}: {told}" in one for one in office.types("check").problems)


def test_a_page_that_renders_to_nothing_is_told_and_no_traceback(office: Office) -> None:
    office.writes("web/meeting.html", "{# later #}")
    assert any("web/meeting.html" in one for one in office.types("check").problems)
