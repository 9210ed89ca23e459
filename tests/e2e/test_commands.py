"""The commands as a person types them, against real servers on this machine."""

from __future__ import annotations

import json
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from bot.demo.example_site import ExampleSite
from bot.demo.mailbox import Mailbox
from bot.demo.slack_stand_in import SlackStandIn
from tests.e2e.office import Desk, Office

TOKEN = "xoxb-end-to-end"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Desk]:
    with ExampleSite() as site:
        yield Desk(tmp_path, site)


@pytest.fixture(scope="module")
def with_news(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Its sources were met in October; now it is November, and they have something new."""
    with ExampleSite() as site:
        office = Desk(tmp_path_factory.mktemp("office"), site)
        office.types("poll")
        site.move_on()
        office.types("poll", "lantern-monthly", "wetherby-vale-news")
        yield office


@pytest.fixture
def informed(with_news: Desk, tmp_path: Path) -> Desk:
    """The office with news, for this test alone."""
    shutil.copytree(with_news.folder, tmp_path, dirs_exist_ok=True)
    return Desk(tmp_path, with_news.site)


def test_a_folder_that_is_all_right_is_said_to_be(office: Office) -> None:
    done = office.types("check")
    assert (done.returncode, done.stderr) == (0, "")
    assert "5 sources, 5 enabled" in done.stdout
    assert "note: SMTP_URL is not set" in done.stdout
    assert not (office.folder / "data" / "learning-bot.db").exists(), "checking keeps nothing"


def test_mistakes_in_both_files_are_told_at_once_with_file_and_line(office: Office) -> None:
    office.edits("sources.yaml", "place: Port Lowen", "plaice: Port Lowen")
    office.edits("subscriptions.yaml", "infant-crying", "infant-cryng")
    done = office.types("check")
    assert (done.returncode, done.stdout) == (2, "")
    first, second = done.stderr.splitlines()
    assert first.startswith("sources.yaml:") or "/sources.yaml:" in first
    assert "did you mean `place`?" in first
    assert "did you mean `infant-crying`?" in second


def test_a_file_that_is_not_yaml_is_one_clear_line(office: Office) -> None:
    (office.folder / "sources.yaml").write_text("sources:\n  - id: a\n   url: [", encoding="utf-8")
    done = office.types("poll")
    assert done.returncode == 2
    assert "sources.yaml:3" in done.stderr
    assert "Traceback" not in done.stderr


def test_polling_names_what_failed_and_goes_on_with_the_rest(office: Office) -> None:
    done = office.types("poll", "--json")
    runs = {run["source_id"]: run for run in json.loads(done.stdout)}
    assert done.returncode == 1, "one source answers 503 in October"
    assert runs["saltmarsh-learning"]["state"] == "failing"
    assert "503" in runs["saltmarsh-learning"]["detail"]
    assert runs["harrowmere-learning"]["state"] == "nothing there"
    assert runs["lantern-monthly"]["new"] == 5
    again = office.types("poll")
    assert "No source is due" in again.stdout
    found = office.types("search", "Rowan", "--json")
    assert [record["title"] for record in json.loads(found.stdout)] == ["Baby Rowan"]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "empty"),
        (b"\x00\x01\x02\x03" * 300, "no known kind"),
        (b"%PDF-1.7 this is cut off", "PDF"),
    ],
)
def test_an_unreadable_document_is_exit_1_and_one_line(office: Office, body: bytes, says: str) -> None:
    path = office.folder / "page.html"
    path.write_bytes(body)
    done = office.types("read", str(path), "--json")
    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.strip().splitlines()) == 1
    assert says.casefold() in done.stderr.casefold()


def test_a_page_is_read_as_a_record_in_the_order_of_its_fields(office: Office) -> None:
    done = office.types("read", f"{office.site.root}/case-reviews/monthly-update", "--json")
    assert done.returncode == 0, done.stderr
    reading = json.loads(done.stdout)
    assert list(reading) == ["state", "see", "reviews"]
    assert list(reading["reviews"][0])[:4] == ["title", "place", "year", "published"]


def test_what_does_not_exist_is_said_with_the_nearest(office: Office) -> None:
    done = office.types("poll", "lantern-montly")
    assert done.returncode == 2
    assert "did you mean `lantern-monthly`?" in done.stderr
    assert office.types("pole").returncode == 2
    done = office.types("search", "--theme", "neglekt")
    assert done.returncode == 2
    assert "did you mean `neglect`?" in done.stderr


def test_a_command_typed_in_another_folder_does_not_begin_an_empty_archive(office: Office) -> None:
    for words in (
        ["status"],
        ["send"],
        ["search", "baby"],
        ["outbox", "list"],
        ["people", "export", "a@example.org"],
    ):
        done = office.types(*words)
        assert done.returncode == 1, words
        assert "There is no archive at" in done.stderr
    assert not (office.folder / "data" / "learning-bot.db").exists()


def test_without_a_mail_server_digests_become_files_and_the_bot_says_so(informed: Office) -> None:
    done = informed.types("send", "everything")
    assert done.returncode == 0, done.stderr
    (letter,) = (informed.folder / "data" / "outbox").glob("*.eml")
    assert str(letter.relative_to(informed.folder)) in done.stdout
    assert "SMTP_URL" in done.stdout


def test_who_has_been_told_everything_gets_no_second_mail_when_asked_for_by_name(informed: Office) -> None:
    assert "sent to manager@example.org" in informed.types("send", "everything").stdout
    done = informed.types("send", "everything")
    assert (done.returncode, done.stdout) == (0, "Nothing new for everything; nothing was sent.\n")


def test_a_dry_run_and_a_preview_keep_nothing(informed: Office) -> None:
    assert "manager@example.org would get" in informed.types("send", "everything", "--dry-run").stdout
    shown = informed.types("preview", "everything", "--html", "digest.html")
    assert "digest.html" in shown.stdout
    assert "<h1" in (informed.folder / "digest.html").read_text(encoding="utf-8")
    assert json.loads(informed.types("status", "--json").stdout)["outbox"] == []
    (held,) = json.loads(informed.types("people", "export", "manager@example.org").stdout)["subscribers"]
    assert (held["told"], held["deliveries"]) == ([], [])


def test_a_mail_server_that_does_not_answer_defers_and_loses_nothing(informed: Office) -> None:
    informed.environ |= {"SMTP_URL": "smtp://127.0.0.1:1", "MAIL_FROM": "bot@example.org"}
    done = informed.types("send", "everything")
    assert done.returncode == 1
    assert "deferred to manager@example.org" in done.stdout
    (item,) = json.loads(informed.types("outbox", "list", "--json").stdout)
    with Mailbox() as mailbox:
        informed.environ["SMTP_URL"] = mailbox.url
        assert informed.types("outbox", "retry", str(item["id"])).returncode == 0
        assert informed.types("send", "everything").returncode == 0
        assert [received.recipients for received in mailbox.received] == [("manager@example.org",)]


def test_a_slack_token_that_is_wrong_is_said_with_what_to_do_and_mail_goes_on(informed: Office) -> None:
    with Mailbox() as mailbox, SlackStandIn(token=TOKEN, channels=["#learning-exploitation"]) as slack:
        informed.environ |= {
            "SMTP_URL": mailbox.url,
            "MAIL_FROM": "bot@example.org",
            "SLACK_API_URL": slack.url,
            "SLACK_BOT_TOKEN": "xoxb-wrong",
        }
        done = informed.types("send", "everything", "exploitation")
        assert done.returncode == 1
        assert "SLACK_BOT_TOKEN" in done.stdout
        (received,) = mailbox.received
        assert received.message["From"] == "Learning from reviews <bot@example.org>", "MAIL_FROM has no name"
        assert slack.roots("#learning-exploitation") == []


def test_a_source_is_added_by_its_address_and_comments_stay(office: Office) -> None:
    before = (office.folder / "sources.yaml").read_text(encoding="utf-8")
    url = f"{office.site.root}/case-reviews/monthly-update"
    assert "is watched already, as `lantern-monthly`" in office.types("sources", "add", url, "--yes").stderr
    url += "?page=all"
    done = office.types("sources", "add", url, "--id", "lantern-again", "--name", "Lantern again", "--yes")
    assert done.returncode == 0, done.stderr
    assert "Baby Rowan" in done.stdout
    after = (office.folder / "sources.yaml").read_text(encoding="utf-8")
    assert after.startswith(before.rstrip("\n"))
    assert "lantern-again" in after[len(before) - 1 :]
    assert office.types("check").returncode == 0
    assert "Baby Rowan" in office.types("sources", "test", "lantern-again").stdout


def test_an_address_is_exported_and_erased_on_request(informed: Office) -> None:
    informed.types("send", "everything")
    held = json.loads(informed.types("people", "export", "manager@example.org").stdout)
    assert held
    assert informed.types("people", "erase", "manager@example.org", "--yes").returncode == 0
    gone = informed.types("people", "export", "manager@example.org")
    assert (gone.returncode, gone.stdout) == (1, "")
    assert informed.types("people", "resume", "manager@example.org").returncode == 1


def test_a_mistake_in_an_administrator_s_own_template_is_told_with_its_file_and_line(office: Office) -> None:
    own = office.folder / "templates" / "email"
    own.mkdir(parents=True)
    (own / "subject.txt").write_text("first line\n{{ digest.nonsense }}\n", encoding="utf-8")
    done = office.types("check")
    assert done.returncode == 2
    assert "templates/email/subject.txt:2: " in done.stderr
    assert "nonsense" in done.stderr


def test_the_schemas_are_written_beside_the_files(office: Office) -> None:
    assert office.types("schema").returncode == 0
    schema = json.loads((office.folder / "schema" / "subscriptions.schema.json").read_text(encoding="utf-8"))
    assert schema["properties"]["subscriptions"]


def test_the_service_answers_polls_and_stops_cleanly_when_asked(office: Office) -> None:
    service = office.starts("run", "--port", "18475")
    try:
        assert answers("http://127.0.0.1:18475/healthz"), "the service should be healthy within a minute"
        assert answers("http://127.0.0.1:18475/metrics", "last_good_age_seconds{"), (
            "it should have polled by then"
        )
        taken = office.types("run", "--port", "18475")
        assert taken.returncode == 1
        assert "127.0.0.1:18475" in taken.stderr
    finally:
        service.send_signal(signal.SIGTERM)
        _, log = service.communicate(timeout=60)
    assert service.returncode == 0
    events = [json.loads(line)["event"] for line in log.splitlines()]
    assert "polled" in events
    assert events[-1] == "stopped"


def answers(url: str, words: str = "") -> bool:
    """Whether it does within a minute, with these words."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            with urlopen(url, timeout=5) as response:
                if words in response.read().decode():
                    return True
        except (URLError, ConnectionError, TimeoutError):
            pass
        time.sleep(0.2)
    return False


def test_the_demo_goes_the_whole_way(office: Office) -> None:
    done = office.types("demo")
    assert done.returncode == 0, done.stderr
    assert "sent to lead@example.org" in done.stdout
    assert "(revised)" in done.stdout
    assert "(withdrawn)" in done.stdout
    assert "nothing was due" in done.stdout
    assert (office.folder / "data" / "demo" / "slack.html").exists()
