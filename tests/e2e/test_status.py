"""`status` and `sources history`: what an administrator sees first, with few sources and with many."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.demo.example_site import ExampleSite
from bot.models import Failure, Outcome, SavedPage, SourceState
from bot.store import Store, open_store
from tests.e2e.office import Desk
from tests.store.factories import (
    a_review,
    a_run,
    a_subscription,
    claimed,
    enrol,
    hand_over,
    new,
    settle,
    tell,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NEVER = "https://{0}.example.org/reviews: robots.txt of this site asks robots to stay away."


class Watching(Desk):
    """An office whose sources were polled as it is told here, by nobody's network."""

    def __init__(self, folder: Path, site: ExampleSite) -> None:
        super().__init__(folder, site)
        self.environ |= {"COLUMNS": "80"}
        self.now = datetime.now(UTC).replace(microsecond=0)
        (folder / "data").mkdir()
        self.store: Store = open_store(f"sqlite:///{folder}/data/learning-bot.db")

    def watches(self, *ids: str) -> None:
        """Sources of these ids, looked at every six hours."""
        lines = (
            f"  - id: {one}\n    name: The {one} partnership\n    url: https://{one}.example.org/reviews\n"
            for one in ids
        )
        (self.folder / "sources.yaml").write_text("sources:\n" + "".join(lines), encoding="utf-8")

    def looked(
        self, source: str, *states: SourceState, ago: timedelta = HOUR, detail: str = "", reviews: int = 12
    ) -> None:
        """A look every six hours, the last of them so long ago."""
        for number, state in enumerate(states):
            at = self.now - ago - 6 * HOUR * (len(states) - 1 - number)
            run = a_run(source, at, state, reviews, detail)
            if state in ("blocked", "unreadable", "failing"):
                page = SavedPage(
                    source_id=source, kind="doubtful", fetched_at=at, url="", content_type=None, body=b"x"
                )
                failure = Failure(kind="source", subject=source, text=detail, at=at)
                self.store.fail(replace(run, failed=number), failure, page if state == "unreadable" else None)
            else:
                self.store.keep(run, ())

    def mails(self, count: int, *states: str) -> None:
        """So many mails were composed a day ago; the first ended like this."""
        at = self.now - DAY
        readers = [f"reader{number}@example.org" for number in range(count)]
        enrol(self.store, a_subscription(to=readers), at=at - 30 * DAY)
        self.store.keep(a_run("news", at - 29 * DAY, "nothing there"), ())
        self.store.keep(a_run("news", at - DAY), [new(a_review("Baby A"), "bruising")])
        for address in readers:
            tell(self.store, address, at=at)
        for state, one in zip(states, claimed(self.store, at, len(states)), strict=True):
            hand_over(self.store, one.id, at)
            outcome = Outcome(state=state, detail="mail.example.org said so.")  # type: ignore[arg-type]  # is one
            settle(self.store, one.id, outcome, at)

    def sees(self, *words: str) -> str:
        done = self.types(*(words or ("status",)))
        assert done.returncode == 0, done.stderr
        return done.stdout

    def reads(self, *words: str) -> list[str]:
        """What it sees, each paragraph as one line."""
        return re.sub(r"(?<=\S)\n +(?=\S)", " ", self.sees(*words)).splitlines()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Watching]:
    with ExampleSite() as site:
        office = Watching(tmp_path, site)
        with closing(office.store):
            yield office


# --- the verdict ----------------------------------------------------------------------------------------


def test_when_all_is_well_the_first_line_says_so_and_every_source_is_shown(office: Watching) -> None:
    office.watches("harrowmere", "fernley", "kirkby")
    for source in ("harrowmere", "fernley", "kirkby"):
        office.looked(source, "good", "nothing new")
    first, *others = office.sees().splitlines()
    assert first == "All 3 sources were read; nothing waits."
    assert any(re.match(r"fernley +nothing new +12 +1 hour ago", line) for line in others)
    assert "Cannot be read" not in others


def test_what_cannot_be_read_comes_first_with_what_was_seen_and_what_to_do(office: Watching) -> None:
    office.watches("harrowmere", "fernley", "kirkby")
    office.looked("harrowmere", "good", "nothing new")
    office.looked("fernley", "good", "blocked", "blocked", "blocked", detail=NEVER.format("fernley"))
    office.looked("kirkby", "good", "unreadable", detail="kirkby: 3 reviews were read, and 41 before.")
    seen = office.sees()
    assert seen.splitlines()[0] == "2 of 3 sources cannot be read; nothing waits."
    places = [
        seen.index(words)
        for words in ("Blocked:", "fernley  since", "Unreadable:", "kirkby  since", "Read well", "harrowmere")
    ]
    assert places == sorted(places)
    assert "3 looks in vain, next in " in seen
    assert "robots.txt of this site asks robots to stay away." in " ".join(seen.split())
    assert "Write to its owner" in seen
    assert "    learning-bot sources review kirkby\n" in seen
    assert "sources review fernley" not in seen
    assert " ".join(seen.split()).count("41 before") == 1, "and not once more among the failures"


def test_many_sources_that_are_well_do_not_push_the_others_away(office: Watching) -> None:
    ids = [f"source-{number:03}" for number in range(150)]
    office.watches(*ids)
    for one in ids[2:]:
        office.looked(one, "nothing new")
    for one in ids[:2]:
        office.looked(one, "good", "failing", detail="no answer")
    seen = office.sees()
    assert seen.splitlines()[0] == "2 of 150 sources cannot be read; nothing waits."
    assert len(seen.splitlines()) < 24, "one screen"
    assert "Read well: 148 nothing new\n  learning-bot status --all\n" in seen
    assert "source-149" not in seen
    assert "source-149" in office.sees("status", "--all")
    assert len(json.loads(office.sees("status", "--json"))["sources"]) == 150


def test_that_nothing_polls_is_said_before_all_else(office: Watching) -> None:
    office.watches("harrowmere", "fernley")
    office.looked("harrowmere", "good", ago=3 * DAY)
    office.looked("fernley", "good", ago=4 * DAY)
    first, second, *_ = office.sees().splitlines()
    assert first == "The last round was 3 days ago: is `learning-bot run` running?"
    assert second == "All 2 sources were read; nothing waits."
    assert json.loads(office.sees("status", "--json"))["standstill"] == first


def test_a_source_that_only_just_became_due_is_no_standstill(office: Watching) -> None:
    office.watches("harrowmere")
    office.looked("harrowmere", "good", ago=6 * HOUR + timedelta(minutes=3))
    assert office.sees().splitlines()[0] == "The one source was read; nothing waits."


def test_before_the_first_round_it_says_how_to_begin(office: Watching) -> None:
    office.watches("harrowmere", "fernley")
    first, second, *_ = office.sees().splitlines()
    assert "`learning-bot run`" in first
    assert second == "2 of 2 sources have not been looked at yet; nothing waits."


def test_when_nothing_can_be_read_the_network_is_asked_about(office: Watching) -> None:
    office.watches("harrowmere", "fernley")
    for one in ("harrowmere", "fernley"):
        office.looked(one, "good", "failing", detail="no answer")
    verdict = json.loads(office.sees("status", "--json"))["verdict"]
    assert (
        verdict == "None of the 2 sources can be read (is this machine's network all right?); nothing waits."
    )


def test_a_silence_longer_than_ever_is_a_question(office: Watching) -> None:
    office.watches("harrowmere", "fernley")
    office.looked("fernley", "nothing new")
    reviews = [replace(a_review(f"Child {month}"), published=f"2024-0{month}-05") for month in range(1, 8)]
    office.store.keep(a_run("harrowmere", office.now - HOUR), [new(review) for review in reviews])
    seen = office.sees()
    assert seen.splitlines()[0] == "1 of 2 sources has been silent for longer than ever; nothing waits."
    assert re.search(r"harrowmere +\d+ months +4 weeks +4 weeks", seen)
    (harrowmere, fernley) = json.loads(office.sees("status", "--json"))["sources"]
    assert (harrowmere["silent"], fernley["silent"]) == (True, False)


# --- the outbox -----------------------------------------------------------------------------------------


def test_of_the_outbox_it_shows_counts_and_what_a_person_must_look_at(office: Watching) -> None:
    office.watches("harrowmere")
    office.looked("harrowmere", "good")
    office.mails(30, "uncertain", "refused", "sent", *(["uncertain"] * 11))
    seen = office.sees()
    words = " ".join(seen.split())
    assert "16 messages wait, 12 may or may not have arrived, 1 was refused lately." in words
    assert "In the outbox: 16 queued, 1 refused, 12 uncertain" in seen
    assert len(re.findall(r"^  \d+  uncertain since", seen, re.MULTILINE)) == 10
    assert "  and 19 more: learning-bot outbox list\n" in seen
    found = json.loads(office.sees("status", "--json"))
    assert found["waiting"] == {"queued": 16, "sending": 0, "refused": 1, "deferred": 0, "uncertain": 12}
    assert [one["state"] for one in found["outbox"]] == ["uncertain"] * 12 + ["refused"]


def test_why_nothing_goes_is_said_before_the_messages(office: Watching) -> None:
    office.watches("harrowmere")
    office.looked("harrowmere", "good")
    office.mails(3, "uncertain")
    (one,) = claimed(office.store, office.now, 1)
    outcome = Outcome(state="deferred", detail="The log-in is not taken.", holds=True)
    settle(office.store, one.id, outcome, datetime.now(UTC))
    seen = " ".join(office.sees().split())
    said = r"1 uncertain Mail waits until [^:]*:[\d:]+ \w+: The log-in is not taken\. .* \d+ uncertain since"
    assert re.search(said, seen)


# --- how it looks ---------------------------------------------------------------------------------------


def test_it_fits_80_columns_whatever_stands_in_it(office: Watching) -> None:
    long = "harrowmere-and-port-lowen-learning-hub-x"
    office.watches(long, "fernley")
    office.looked("fernley", "nothing new")
    office.looked(long, "good", "failing", detail=f"https://{'very-' * 40}long.example.org/: no answer " * 3)
    assert max(len(line) for line in office.sees().splitlines()) <= 80


def test_colours_are_for_terminals_that_want_them_and_the_words_are_the_same(office: Watching) -> None:
    office.watches("harrowmere")
    office.looked("harrowmere", "good", "blocked", detail="no")
    plain = office.sees()
    assert "\x1b" not in plain
    office.environ |= {"FORCE_COLOR": "1", "TERM": "xterm-256color"}  # as if it were a terminal
    coloured = office.sees()
    assert "\x1b[33m" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == plain
    office.environ["NO_COLOR"] = "1"
    assert not re.search(r"\x1b\[(?:\d;)*[39]\d", office.sees())
    office.environ |= {"NO_COLOR": "", "TERM": "dumb"}
    assert "\x1b" not in office.sees()


def test_what_a_site_says_steers_no_terminal(office: Watching) -> None:
    office.watches("harrowmere")
    office.looked("harrowmere", "good", "failing", detail="\x1b[2J\x1b]0;owned\x07 \u202eevil")
    for words in (("status",), ("sources", "history", "harrowmere")):
        seen = office.sees(*words)
        assert "owned" in seen
        assert not set("\x1b\x07\u202e") & set(seen)


# --- the history ----------------------------------------------------------------------------------------


def test_looks_that_found_the_same_are_one_line_of_the_history(office: Watching) -> None:
    office.watches("harrowmere")
    calm: list[SourceState] = ["nothing new"] * 40
    office.looked("harrowmere", *calm, ago=10 * DAY)
    office.store.keep(a_run("harrowmere", office.now - 9 * DAY, records=13), [])
    run = replace(a_run("harrowmere", office.now - 8 * DAY, records=14), new=1, revised=2)
    office.store.keep(run, [])
    office.looked("harrowmere", "failing", "failing", "failing", detail="no answer", ago=DAY)
    seen = office.reads("sources", "history", "harrowmere")
    assert seen[0] == "The harrowmere partnership"
    assert "45 looks, 3 in vain; 1 new, 2 revised, 0 withdrawn." in " ".join(seen)
    failing, news, thirteen, before = seen[-4:]
    assert re.search(r" to .*  failing, 3 looks no answer$", failing)
    assert news.endswith("  good, 14 reviews; 1 new, 2 revised")
    assert thirteen.endswith("  good, 13 reviews")
    assert before.endswith("  nothing new, 12 reviews, 40 looks")
    found = json.loads(office.sees("sources", "history", "harrowmere", "--json", "--limit", "2"))
    assert [(one["state"], one["looks"], one["new"]) for one in found] == [("failing", 3, 0), ("good", 1, 1)]
    assert found[0]["first"] < found[0]["last"]


def test_looks_that_each_brought_something_are_each_told(office: Watching) -> None:
    office.watches("harrowmere")
    for days in (3, 2, 1):
        office.store.keep(replace(a_run("harrowmere", office.now - days * DAY), new=1), [])
    assert len(json.loads(office.sees("sources", "history", "harrowmere", "--json"))) == 3


def test_looks_that_found_another_number_of_reviews_are_told_apart(office: Watching) -> None:
    office.watches("harrowmere")
    office.looked("harrowmere", "nothing new", "nothing new", ago=2 * DAY, reviews=12)
    office.looked("harrowmere", "nothing new", ago=DAY, reviews=13)
    found = json.loads(office.sees("sources", "history", "harrowmere", "--json"))
    assert [(one["reviews"], one["looks"]) for one in found] == [(13, 1), (12, 2)]


def test_a_history_that_is_longer_says_how_to_see_the_rest(office: Watching) -> None:
    office.watches("harrowmere")
    turns: list[SourceState] = ["good", "nothing new"] * 20
    office.looked("harrowmere", *turns)
    seen = office.sees("sources", "history", "harrowmere")
    assert seen.splitlines()[-1] == "and 10 lines from before, with --limit 40"


def test_a_source_that_was_not_looked_at_has_no_history_and_one_that_is_not_there_is_said(
    office: Watching,
) -> None:
    office.watches("harrowmere")
    assert "has not been looked at yet" in office.sees("sources", "history", "harrowmere")
    done = office.types("sources", "history", "harrowmre")
    assert done.returncode == 2
    assert "did you mean `harrowmere`?" in done.stderr


def test_a_failure_that_came_twice_is_told_once(office: Watching) -> None:
    office.watches("harrowmere")
    office.looked("harrowmere", "failing", "failing", "good", detail="The server did not answer.")
    assert office.sees().count("The server did not answer.") == 1


def test_what_was_sent_fits_a_narrow_terminal(office: Watching) -> None:
    office.watches("news")
    office.mails(3, "uncertain", "refused")
    seen = office.sees("outbox", "list").splitlines()
    assert max(map(len, seen)) <= 80
    assert [line.split()[:2] for line in seen if line[:1].isdigit()] == [
        ["3", "queued"],
        ["2", "refused"],
        ["1", "uncertain"],
    ]
    assert "" not in seen


def test_a_long_outbox_shows_those_in_trouble_among_the_first_and_says_where_all_are(
    office: Watching,
) -> None:
    office.watches("news")
    office.mails(203, "uncertain", "refused")

    seen = office.sees("outbox", "list")

    lines = [line.split()[:2] for line in seen.splitlines() if line[:1].isdigit()]
    assert len(lines) == 200
    assert lines[-2:] == [["2", "refused"], ["1", "uncertain"]]
    assert seen.endswith("There are more than these 200; all of them: learning-bot outbox list --json\n")
    assert len(json.loads(office.sees("outbox", "list", "--json"))) == 203
