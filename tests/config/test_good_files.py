"""What files mean, and that those that ship are right."""

from __future__ import annotations

import json
from datetime import date, timedelta
from itertools import takewhile
from pathlib import Path

import jsonschema
import pytest
from ruamel.yaml import YAML

from bot.config import load, load_vocabulary, schema_texts, sources_schema, subscriptions_schema
from bot.config.sources import sources_of
from bot.config.subscriptions import subscriptions_of
from bot.errors import ConfigError
from bot.models import Criteria, Schedule, Selectors, Source, Subscriber, Subscription, TlsException
from tests.config.vocabularies import vocabulary_of
from tests.house import VOCABULARY

ROOT = Path(__file__).parents[2]


def test_a_source_with_everything_is_read() -> None:
    text = """\
defaults: {every: 1d, contact: safeguarding@example.org}
allow_private_hosts: [Intranet]
sources:
  - id: port-lowen
    name: Port Lowen Partnership
    url: http://intranet/reviews
    reads: links
    every: 90m
    place: no
    follow: yes
    select: {item: "li.review", title: a, link: a, date: .date}
    include: [review, 2024]
    exclude: ["vacancy"]
    expect: {min: 3, max: 200}
    attribution: Summaries by Port Lowen
    enabled: false
  - {id: other, name: 8:30, url: "https://example.org/", place: null, cron: "0 6 * * 1-5"}
"""
    file = sources_of(text)

    assert file.allow_private_hosts == ("intranet",)
    assert file.sources[0] == Source(
        id="port-lowen",
        name="Port Lowen Partnership",
        url="http://intranet/reviews",
        reads="links",
        every=timedelta(minutes=90),
        place="no",
        follow=True,
        select=Selectors(item="li.review", title="a", link="a", date=".date"),
        include=("review", "2024"),
        exclude=("vacancy",),
        expect_min=3,
        expect_max=200,
        attribution="Summaries by Port Lowen",
        contact="safeguarding@example.org",
        enabled=False,
    )
    assert file.sources[1] == Source(
        id="other",
        name="8:30",
        url="https://example.org/",
        every=timedelta(days=1),
        cron="0 6 * * 1-5",
        contact="safeguarding@example.org",
    )


def test_a_subscription_with_everything_is_read() -> None:
    text = """\
digests:
  daily: {cron: "30 7 * * 1-5", timezone: Europe/Paris, baseline: 2w, quiet: skip}
subscriptions:
  - id: baby-safety-leads
    to: [lead@Example.org, "slack:#learning-babies", slack:C0123ABCDEF, jo@bücher.example]
    digest: daily
    themes: {any: [neglect], all: [infants], none: [radicalisation]}
    words: {any: ["co-sleeping"], all: [a], none: [b]}
    where: {age: "< 1 year", outcome: [death], place: [York], review_type: [scr], source: [york]}
    footer: local
    quiet: send
  - {id: everything, name: All, to: [lead@Example.org], digest: immediately}
footers:
  local: |
    Call 01632 960000.
"""
    file = subscriptions_of(text, vocabulary_of("neglect", "infants", "radicalisation"), ["york"])
    daily = Schedule(id="daily", cron="30 7 * * 1-5", timezone="Europe/Paris", baseline_days=14, quiet=False)

    assert file.subscriptions[0] == Subscription(
        id="baby-safety-leads",
        name="Baby safety leads",
        subscribers=(
            Subscriber(medium="email", address="lead@example.org"),
            Subscriber(medium="slack", address="#learning-babies"),
            Subscriber(medium="slack", address="C0123ABCDEF"),
            Subscriber(medium="email", address="jo@bücher.example"),
        ),
        schedule=daily,
        criteria=Criteria(
            themes_any=("neglect",),
            themes_all=("infants",),
            themes_none=("radicalisation",),
            words_any=("co-sleeping",),
            words_all=("a",),
            words_none=("b",),
            age="< 1 year",
            outcome=("death",),
            place=("York",),
            review_type=("scr",),
            source=("york",),
        ),
        footer="Call 01632 960000.",
        quiet=True,
    )
    assert file.subscriptions[1].criteria == Criteria()
    assert file.subscriptions[1].schedule.cron is None
    assert {schedule.id for schedule in file.schedules} == {"daily", "immediately"}


def test_who_gets_reports_and_a_certificate_that_is_taken_for_a_time_are_read() -> None:
    text = """\
reports: {to: [admin@example.org, "slack:#learning-bot"]}
sources:
  - id: harrowmere
    name: Harrowmere
    url: https://harrowmere.example.org/reviews
    tls_exception: {until: 2027-01-31, why: Expired on 1 November; their webmaster knows}
"""
    file = sources_of(text)
    assert [one.address for one in file.administrators] == ["admin@example.org", "#learning-bot"]
    assert file.sources[0].tls_exception == TlsException(
        until=date(2027, 1, 31), why="Expired on 1 November; their webmaster knows"
    )


@pytest.mark.parametrize(
    ("written", "cron"),
    [
        ("", None),
        (", summary: daily", "0 7 * * *"),
        (", summary: weekdays", "0 7 * * mon-fri"),
        (", summary: weekly", "0 7 * * mon"),
        (', summary: "30 6 * * 1-5"', "30 6 * * 1-5"),
    ],
)
def test_administrators_get_a_summary_if_they_want_one_when_they_want_it(
    written: str, cron: str | None
) -> None:
    text = f"reports: {{to: [admin@example.org]{written}}}\nsources: []\n"

    assert sources_of(text).summary == cron


@pytest.mark.parametrize("cron", ["0 8 * * 0", "0 8 * * 7", "0 8 * * SUN", "0 * * * *", "0 0,2 1 jan,jul *"])
def test_a_digest_may_be_due_on_any_day_by_number_or_name(cron: str) -> None:
    text = f'digests: {{d: {{cron: "{cron}"}}}}\nsubscriptions: []\n'

    assert subscriptions_of(text, vocabulary_of()).schedules[0].cron == cron


def test_the_files_that_ship_are_right() -> None:
    configuration = load(ROOT, VOCABULARY, {})

    assert len(configuration.sources) >= 40
    assert sum(source.enabled for source in configuration.sources) >= 10
    assert {reader.medium for s in configuration.subscriptions for reader in s.subscribers} == {
        "email",
        "slack",
    }
    assert any(subscription.criteria == Criteria() for subscription in configuration.subscriptions)
    assert any("SLACK_BOT_TOKEN" in note for note in configuration.notes)


def test_reports_to_a_channel_that_nothing_can_post_to_are_noted(tmp_path: Path) -> None:
    (tmp_path / "sources.yaml").write_text('reports: {to: ["slack:#learning-bot"]}\nsources: []\n')
    (tmp_path / "subscriptions.yaml").write_text("subscriptions: []\n")

    notes = load(tmp_path, VOCABULARY, {}).notes

    assert any("due to #learning-bot cannot be posted" in note for note in notes)


def test_all_addresses_that_ship_are_placeholders() -> None:
    configuration = load(ROOT, VOCABULARY, {})
    emails = {
        reader.address
        for subscription in configuration.subscriptions
        for reader in subscription.subscribers
        if reader.medium == "email"
    }

    assert all(address.endswith("@example.org") for address in {*emails, configuration.contact or ""})


def test_each_source_that_ships_says_what_it_is_and_when_it_was_good() -> None:
    lines = (ROOT / "sources.yaml").read_text("utf-8").splitlines()
    starts = [number for number, line in enumerate(lines) if line.startswith("  - id: ")]

    assert all("Last known good: 2026-" in comment_above(lines, start) for start in starts)


def comment_above(lines: list[str], start: int) -> str:
    above = list(takewhile(lambda line: line.startswith("  # "), reversed(lines[:start])))
    return " ".join(line.removeprefix("  # ") for line in reversed(above))


def test_the_schemas_that_ship_are_those_of_the_forms() -> None:
    for name, text in schema_texts(VOCABULARY.ids).items():
        assert (ROOT / "schema" / name).read_text("utf-8") == text, "run `learning-bot schema`"


def test_the_files_that_ship_fit_their_schemas_and_name_them() -> None:
    schemas = {"sources": sources_schema(), "subscriptions": subscriptions_schema(VOCABULARY.ids)}
    for name, schema in schemas.items():
        text = (ROOT / f"{name}.yaml").read_text("utf-8")
        jsonschema.Draft202012Validator.check_schema(schema)
        jsonschema.validate(YAML(typ="safe", pure=True).load(text), schema)
        first = text.splitlines()[0]
        assert first == f"# yaml-language-server: $schema=schema/{name}.schema.json"


def test_editors_know_the_themes_and_explain_every_key() -> None:
    schema = subscriptions_schema(VOCABULARY.ids)
    forms = [schema, *schema["$defs"].values(), *sources_schema()["$defs"].values()]

    assert "neglect" in json.dumps(schema["$defs"]["ThemeId"])
    assert all("description" in value for form in forms for value in form.get("properties", {}).values())


def test_a_vocabulary_that_cannot_be_read_is_a_config_error(tmp_path: Path) -> None:
    for name, text in {
        "gone.yaml": None,
        "list.yaml": "- a",
        "bad.yaml": "a: [",
        "twice.yaml": "a: 1\na: 2",
    }.items():
        if text is not None:
            (tmp_path / name).write_text(text)
        with pytest.raises(ConfigError, match=name):
            load_vocabulary(tmp_path / name)
