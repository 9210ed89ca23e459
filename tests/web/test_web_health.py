"""Health, metrics, and what is the same for every answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.web.pages import HEADERS
from bot.web.tokens import token
from tests.web.visitor import KEYS, NOW, FakeStore, Visitor


def test_all_is_well_while_the_store_answers_and_the_scheduler_ticks(visitor: Visitor) -> None:
    answer = visitor.gets("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "reason": None,
        "last_tick": "2026-11-20T08:59:40+00:00",
        "waiting": {},
    }


def test_a_medium_that_takes_nothing_is_told_and_is_no_reason_to_start_anew(
    visitor: Visitor, store: FakeStore
) -> None:
    detail = "mail.wetherby.example does not take the log-in of bot@wetherby.example (535 bad password)."
    store.is_held("email", NOW + timedelta(minutes=4), detail)
    store.is_held("slack", NOW - timedelta(minutes=1), "It is over.")
    answer = visitor.gets("/healthz")
    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"
    assert answer.json()["waiting"] == {
        "email": "Mail takes nothing until 09:04:00 UTC; `learning-bot status` says why."
    }


@pytest.mark.parametrize(
    ("ago", "reason"),
    [(None, "has not ticked yet"), (timedelta(hours=2), "last ticked 120 minutes ago")],
)
def test_a_scheduler_that_stands_still_is_failing(
    visitor: Visitor, ago: timedelta | None, reason: str
) -> None:
    visitor.ticked(ago)
    answer = visitor.gets("/healthz")
    assert answer.status_code == 503
    assert reason in answer.json()["reason"]


def test_a_store_that_does_not_answer_is_failing_and_its_path_is_not_told(
    visitor: Visitor, store: FakeStore
) -> None:
    store.breaks()
    answer = visitor.gets("/healthz")
    assert answer.status_code == 503
    assert answer.json()["reason"] == "The database does not answer; see the log."
    assert answer.json()["waiting"] == {}


def figures(visitor: Visitor) -> dict[tuple[str, str], float]:
    answer = visitor.gets("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    return {
        (sample.name.removeprefix("learning_bot_"), ",".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_the_metrics_count_sources_and_deliveries_by_state(visitor: Visitor, store: FakeStore) -> None:
    store.polled("harrowmere", "good", NOW - timedelta(minutes=5))
    store.polled("saltmarsh", "blocked", None)
    store.polled("port-lowen", "blocked", NOW - timedelta(days=1))
    store.queues("queued")
    store.queues("uncertain")
    store.queues("uncertain")
    found = figures(visitor)
    assert found["sources", "good"] == 1
    assert found["sources", "blocked"] == 2
    assert found["sources", "unreadable"] == 0
    assert found["deliveries", "uncertain"] == 2
    assert found["deliveries", "queued"] == 1
    assert found["deliveries", "refused"] == 0
    assert found["last_tick_age_seconds", ""] == 20
    assert found["source_last_good_age_seconds", "harrowmere"] == 300
    assert ("source_last_good_age_seconds", "saltmarsh") not in found
    assert found["store_up", ""] == 1


def test_the_metrics_tell_what_keeps_messages_from_going(visitor: Visitor, store: FakeStore) -> None:
    calm = figures(visitor)
    assert (calm["held", "email"], calm["held", "slack"]) == (0, 0)
    assert (calm["bounced_addresses", ""], calm["oldest_queued_age_seconds", ""]) == (0, 0)
    store.is_held("slack", NOW + timedelta(minutes=4), "The token was revoked.")
    store.queues("queued", NOW - timedelta(minutes=2))
    store.queues("queued", NOW - timedelta(hours=2))
    store.queues("deferred", NOW - timedelta(hours=9))
    store.subscribes(7, weekly="Weekly")
    store.bounces(7, NOW)
    store.is_held("email", NOW - timedelta(minutes=2), "It is over.")
    found = figures(visitor)
    assert (found["held", "email"], found["held", "slack"]) == (0, 1)
    assert found["bounced_addresses", ""] == 1
    assert found["oldest_queued_age_seconds", ""] == 7200


def test_a_hold_whose_end_is_just_being_tried_is_one_still(visitor: Visitor, store: FakeStore) -> None:
    store.is_held("email", NOW - timedelta(seconds=5), "A wrong password.")
    assert figures(visitor)["held", "email"] == 1


def test_the_metrics_tell_no_address(visitor: Visitor, store: FakeStore) -> None:
    store.subscribes(7, weekly="Weekly")
    store.bounces(7, NOW)
    store.is_held("email", NOW + timedelta(minutes=4), "lead@wetherby.example was refused.")
    assert "lead@" not in visitor.gets("/metrics").text + visitor.gets("/healthz").text


def test_the_metrics_say_that_the_store_is_down(visitor: Visitor, store: FakeStore) -> None:
    store.breaks()
    visitor.ticked(None)
    assert figures(visitor) == {("store_up", ""): 0}


@pytest.mark.parametrize(
    "path",
    [
        "/archive",
        "/healthz",
        "/metrics",
        "/nowhere",
        "/unsubscribe/x",
        f"/unsubscribe/{token(1, None, KEYS)}",
    ],
)
def test_every_answer_is_locked_down(visitor: Visitor, path: str) -> None:
    headers = visitor.gets(path).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert "script-src" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert "noindex" in headers["x-robots-tag"]


def test_an_error_of_our_own_is_locked_down_too(visitor: Visitor, store: FakeStore) -> None:
    store.breaks()
    answer = visitor.gets("/archive")
    assert answer.status_code == 503
    assert "content-security-policy" in answer.headers
    assert "secret-path" not in answer.text


@pytest.mark.parametrize("public_url", ["https://bot.example", None])
def test_a_mistake_of_ours_is_a_calm_page_and_locked_down_too(
    store: FakeStore, monkeypatch: pytest.MonkeyPatch, public_url: str | None
) -> None:
    def broken(query: object) -> None:
        raise RuntimeError("a secret path")

    monkeypatch.setattr(store, "search", broken)
    visitor = Visitor(store, public_url=public_url)
    answer, usual = visitor.gets("/archive"), visitor.gets("/nowhere")
    assert answer.status_code == 500
    assert "This page cannot be shown just now" in answer.text
    assert "secret" not in answer.text
    for name in (*HEADERS, "Strict-Transport-Security"):
        assert answer.headers.get_list(name) == usual.headers.get_list(name), name


def test_what_a_page_cannot_do_is_a_calm_page_that_says_what_it_can(visitor: Visitor) -> None:
    answer = visitor.posts("/archive", b"words=x")
    assert answer.status_code == 405
    assert "<h1>This page cannot do that</h1>" in answer.text
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD"}
    assert "content-security-policy" in answer.headers


@pytest.mark.parametrize("path", ["/digests/" + "0" * 32, "/archive", "/unsubscribe/x"])
def test_a_slash_too_many_leads_nowhere_else(visitor: Visitor, path: str) -> None:
    answer = visitor.gets(f"{path}/")
    assert answer.status_code == 404
    assert "location" not in answer.headers


def test_a_page_that_is_not_there_is_a_kind_sentence(visitor: Visitor) -> None:
    answer = visitor.gets("/wp-login.php")
    assert answer.status_code == 404
    assert "There is no such page" in answer.text


def test_browsers_keep_to_https_where_that_is_the_public_address(store: FakeStore) -> None:
    secure, plain = Visitor(store, public_url="https://bot.example"), Visitor(store, public_url=None)
    assert "max-age" in secure.gets("/archive").headers["strict-transport-security"]
    assert "strict-transport-security" not in plain.gets("/archive").headers
