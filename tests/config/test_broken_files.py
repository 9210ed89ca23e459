"""Every mistake in a file is named at its line, in words, and all of them at once."""

from __future__ import annotations

import pytest

from bot.config.sheet import Sheet
from bot.config.sources import sources_of
from bot.config.subscriptions import subscriptions_of
from bot.errors import ConfigError
from tests.config.vocabularies import vocabulary_of

SHIPPED = vocabulary_of("neglect", "domestic-abuse", "infants", "non-accidental-injury")

ONE_SOURCE = """\
sources:
  - id: harrowmere
    name: Harrowmere Partnership
    url: https://harrowmere.example.org/reviews
"""

ONE_SUBSCRIPTION = """\
digests:
  weekly: {cron: "0 8 * * mon"}
subscriptions:
  - id: babies
    to: [lead@example.org]
    digest: weekly
"""


def problems_of_sources(text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        sources_of(text)
    return [str(problem) for problem in caught.value.problems]


def problems_of_subscriptions(text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        subscriptions_of(text, SHIPPED, ["harrowmere"])
    return [str(problem) for problem in caught.value.problems]


# What is added to ONE_SOURCE (from its line 5 on), and the one line that it gives.
WRONG_IN_A_SOURCE = [
    ("    evry: 2h", "5: sources[harrowmere].evry: `evry` is not known here; did you mean `every`?"),
    ("    frequency: 2h", "5: sources[harrowmere].frequency: `frequency` is not known here; did you mean `every`?"),
    ("    colour: red", "5: sources[harrowmere].colour: `colour` is not known here; what can stand here: id, name, url,"),
    ("    expct:", "5: sources[harrowmere].expct: `expct` is not known here; did you mean `expect`?"),
    ("    every: 5m", "5: sources[harrowmere].every: 5m is too often for a small public site; write 15m or more"),
    ("    every: daily", "5: sources[harrowmere].every: `daily` is no length of time; write a number and m, h, d or w"),
    ("    cron: '*/5 * * * *'", "5: sources[harrowmere].cron: `*/5 * * * *` is more often than every 15 minutes"),
    ("    cron: '0,10 6 * * *'", "5: sources[harrowmere].cron: `0,10 6 * * *` is more often than every 15 minutes"),
    ("    every: 1d\n    cron: 0 6 * * 1", "6: sources[harrowmere].cron: stands beside `every`; keep one of the two"),
    ("    cron: 0 25 * * *", "5: sources[harrowmere].cron: `0 25 * * *`: the second field, the hour, should be 0 to 23"),
    ("    reads: feeds", "5: sources[harrowmere].reads: should be one of auto, listing, links, briefing, feed, not `feeds`; did you mean `feed`?"),
    ('    place: "a\\x1bb"', "5: sources[harrowmere].place: has a control character in it"),
    ("    follow: perhaps", "5: sources[harrowmere].follow: should be true or false, not `perhaps`"),
    ("    expect:\n      min: 5\n      max: 3", "7: sources[harrowmere].expect.max: is 3, less than min, 5"),
    ("    expect: {min: few}", "5: sources[harrowmere].expect.min: should be a whole number, not `few`"),
    ("    expect: {min: -1}", "5: sources[harrowmere].expect.min: should be 0 or more, not `-1`"),
    ("    expect: [3, 200]", "5: sources[harrowmere].expect: should be `key: value` lines, such as `expect: {min: 1, max: 40}`, not a list"),
    ("    select: {title: h2}", '5: sources[harrowmere].select.item: is missing or empty; write `item: "article.review"`'),
    ("    select: {item: '>>>'}", "5: sources[harrowmere].select.item: `>>>` is no CSS selector"),
    ("    include: review", "5: sources[harrowmere].include: should be a list; write `include: [review]`"),
    ("    exclude: [vacancy, ]\n    exclude: [post]", "6: sources[harrowmere].exclude: stands here a second time (first at line 5)"),
    ("    tls_exception: true", "5: sources[harrowmere].tls_exception: should be `key: value` lines"),
    ("    tls_exception: {until: 2027-01-31}", "5: sources[harrowmere].tls_exception.why: is missing or empty"),
    ("    tls_exception: {until: 31/01/2027, why: expired}", "5: sources[harrowmere].tls_exception.until: should be a day, such as 2027-01-31, not `31/01/2027`"),
    ("reports: {to: []}", "5: reports.to:"),
    ("reports: {to: [admin]}", "5: reports.to[1]: `admin` is no email address"),
    ("reports: {to: [a@example.org], summary: yes}", "5: reports.summary: `yes` should be daily, weekdays or weekly, each at 07:00, or five fields in quotes"),
    ("reports: {to: [a@example.org], summary: 7 o'clock}", "5: reports.summary: `7 o'clock` should be five fields"),
    ('reports: {to: [a@example.org], summary: "0 25 * * *"}', "5: reports.summary: `0 25 * * *`: the second field, the hour, should be 0 to 23"),
    ('reports: {to: [a@example.org], summary: "30 1 * * *"}', "5: reports.summary: `30 1 * * *` is between 01:00 and 02:00, which clocks in Europe/London skip"),
    ('reports: {to: [a@example.org], summary: "0 7,16 * * *"}', "5: reports.summary: `0 7,16 * * *` is more often than once a day"),
    ('reports: {to: [a@example.org], summary: "0 * * * *"}', "5: reports.summary: `0 * * * *` is more often than once a day"),
    ("  - hello", "5: sources[2]: should be `key: value` lines, not `hello`"),
    ("  -", "5: sources[2]: is empty; write a value, or take it out"),
    ("  - {id: port-lowen, url: 'https://a.example.org'}", "5: sources[port-lowen].name: is missing or empty; write `name: "),
    ("  - {id: harrowmere, name: B, url: 'https://a.example.org'}", "5: sources[harrowmere].id: `harrowmere` is the id of the entry at line 2 too"),
    ("  - {id: Port Lowen, name: B, url: 'https://a.example.org'}", "5: sources[Port Lowen].id: should be small letters, digits and hyphens, such as `port-lowen`"),
    ("defaults: {every: 1m}", "5: defaults.every: 1m is too often"),
    ("defaults: {contact: somebody}", "5: defaults.contact: `somebody` is no email address"),
    ("allow_private_hosts: ['http://intranet/']", "5: allow_private_hosts[1]: `http://intranet/` should be the host alone"),
]  # fmt: skip


@pytest.mark.parametrize(("added", "expected"), WRONG_IN_A_SOURCE)
def test_a_mistake_in_sources_is_named_at_its_line(added: str, expected: str) -> None:
    (problem,) = problems_of_sources(ONE_SOURCE + added + "\n")

    assert problem.startswith(f"sources.yaml:{expected}")


WRONG_ADDRESSES = [
    ("ftp://example.org/", "should begin with https:// or http://"),
    ("example.org/reviews", "should begin with https:// or http://"),
    ("https://", "lacks the name of a site"),
    ("https://exa mple.org/", "has a space or backslash in it"),
    ("https://example.org:port/", "is no address"),
    ("https://[::1/", "is no address"),
    ("https://-a-.example.org/", "`-a-.example.org` cannot be the name of a site"),
    ("https://somebody@example.org/", "has a user or password in it"),
    ("http://localhost:8000/", "localhost is on this machine or a private network"),
    ("http://intranet/reviews", "intranet is on this machine or a private network"),
    ("http://reviews.internal/", "reviews.internal is on this machine or a private network"),
    ("http://127.0.0.1/", "127.0.0.1 is on this machine or a private network"),
    ("http://127.1/", "127.1 is on this machine or a private network"),
    ("http://2130706433/", "2130706433 is on this machine or a private network"),
    ("http://10.1.2.3/", "10.1.2.3 is on this machine or a private network"),
    ("http://169.254.169.254/latest", "169.254.169.254 is on this machine or a private network"),
    ("http://224.0.0.1/", "224.0.0.1 is on this machine or a private network"),
    ("http://[::1]/", "::1 is on this machine or a private network"),
    ("http://[::ffff:10.0.0.1]/", "::ffff:10.0.0.1 is on this machine"),
]


@pytest.mark.parametrize(("address", "expected"), WRONG_ADDRESSES)
def test_an_address_that_may_not_be_fetched_is_refused(address: str, expected: str) -> None:
    text = ONE_SOURCE.replace("https://harrowmere.example.org/reviews", f'"{address}"')
    (problem,) = problems_of_sources(text)

    assert problem.startswith("sources.yaml:4: sources[harrowmere].url: ")
    assert expected in problem


def test_a_private_host_is_allowed_at_its_port_only() -> None:
    text = (
        ONE_SOURCE.replace("harrowmere.example.org", "localhost:8081")
        + "allow_private_hosts: ['localhost:80']\n"
    )

    assert "sources[harrowmere].url: localhost is on this machine" in problems_of_sources(text)[0]


@pytest.mark.parametrize(
    ("shown", "host"),
    [
        ("localhost", "localhost"),
        ("localhost", "localhost:8080"),
        ("10.1.2.3", "10.1.2.3"),
        ("reviews.internal", "reviews.internal:8080"),
        ("[::1]", "::1"),
        ("[::1]", "[::1]"),
        ("[::1]", "[::1]:8080"),
    ],
)
def test_a_private_host_that_is_allowed_is_fine(shown: str, host: str) -> None:
    text = (
        ONE_SOURCE.replace("harrowmere.example.org", f"{shown}:8080") + f"allow_private_hosts: ['{host}']\n"
    )

    assert sources_of(text).allow_private_hosts == (host,)


# What is added to ONE_SUBSCRIPTION (from its line 7 on), and the one line that it gives.
WRONG_IN_A_SUBSCRIPTION = [
    ("stop_after_bounces: 0", "7: stop_after_bounces: should be 1 or more, not `0`"),
    ("stop_after_bounces: 51", "7: stop_after_bounces: should be 50 or less, not `51`"),
    ("    topics: {any: [neglect]}", "7: subscriptions[babies].topics: `topics` is not known here; did you mean `themes`?"),
    ("    themes: {any: [negelct]}", "7: subscriptions[babies].themes.any[1]: there is no theme `negelct`; did you mean `neglect`?"),
    ("    themes:\n      any:\n        - neglect\n        - Domestic Abuse", "10: subscriptions[babies].themes.any[2]: there is no theme `Domestic Abuse`; did you mean `domestic-abuse`?"),
    ("    themes: {some: [neglect]}", "7: subscriptions[babies].themes.some: `some` is not known here; what can stand here: any, all, none"),
    ("    themes: [neglect]", "7: subscriptions[babies].themes: should be `key: value` lines, such as `themes: {any: [neglect]}`, not a list"),
    ("    themes: {any: [neglect], none: [neglect]}", "7: subscriptions[babies].themes.none: `neglect` is both asked for and shut out"),
    ("    words: {any: co-sleeping}", "7: subscriptions[babies].words.any: should be a list; write `any: [co-sleeping]`"),
    ("    themes: {any: []}", "7: subscriptions[babies].themes.any: is empty, and would leave nothing out"),
    ("    where: {outcome: []}", "7: subscriptions[babies].where.outcome: is empty, and would leave nothing out"),
    ("    words: {any: ['drown*']}", "7: subscriptions[babies].words.any: `drown*` is looked for as plain words"),
    ("    words: {none: [fell ... water]}", "7: subscriptions[babies].words.none: `fell ... water` is looked for as plain words"),
    ("    words: {any: ['']}", "7: subscriptions[babies].words.any[1]: should be a text, not empty"),
    ("    where: {age: young}", "7: subscriptions[babies].where.age: "),
    ("    where: {outcome: [dead]}", "7: subscriptions[babies].where.outcome[1]: should be one of death, serious-harm, other, not `dead`; did you mean `death`?"),
    ("    where: {review_type: [lscpr]}", "7: subscriptions[babies].where.review_type[1]: should be one of lcspr,"),
    ("    where: {source: [harowmere]}", "7: subscriptions[babies].where.source[1]: there is no source `harowmere`; did you mean `harrowmere`?"),
    ("    footer: local", "7: subscriptions[babies].footer: there is no footer `local`; known: none"),
    ("footers: {Local: x}", "7: footers.Local: should be small letters, digits and hyphens, such as `local`"),
    ("  - {id: b, to: [], digest: weekly}", "7: subscriptions[b].to: is missing or empty; write `to: [lead@example.org]`, or `to_file: nurses.txt`"),
    ("  - {id: b, to: x@example.org, digest: weekly}", "7: subscriptions[b].to: should be a list; write `to: [x@example.org]`"),
    ("  - {id: b, to: [x@example.org]}", "7: subscriptions[b].digest: is missing or empty; write `digest: weekly`"),
    ("  - {id: b, to: [x@example.org], digest: weakly}", "7: subscriptions[b].digest: there is no digest `weakly`; did you mean `weekly`?"),
    ("  - {id: babies, to: [x@example.org], digest: weekly}", "7: subscriptions[babies].id: `babies` is the id of the entry at line 4 too"),
    ("  - {id: b, to: [x@example.org, x@example.org], digest: weekly}", "7: subscriptions[b].to[2]: `x@example.org` is in this list already"),
    ("  - {id: b, to: [Lead@example.org], digest: weekly}", "7: subscriptions[b].to[1]: `Lead@example.org` is `lead@example.org` at line 5; write it the same way"),
    ("  - id: b\n    digest: weekly\n    to:\n      - slack: #babies", '10: subscriptions[b].to[1]: lacks its quotes; write "slack:#channel"'),
]  # fmt: skip


@pytest.mark.parametrize(("added", "expected"), WRONG_IN_A_SUBSCRIPTION)
def test_a_mistake_in_subscriptions_is_named_at_its_line(added: str, expected: str) -> None:
    (problem,) = problems_of_subscriptions(ONE_SUBSCRIPTION + added + "\n")

    assert problem.startswith(f"subscriptions.yaml:{expected}")


WRONG_DIGESTS = [
    ("cron: 0 8 * *", "cron: `0 8 * *` should be five fields, minute hour day month weekday"),
    ("cron: '@weekly'", "cron: `@weekly` should be five fields"),
    ("cron: 0 8 * * monday", "cron: `0 8 * * monday`: the fifth field, the day of the week, should be mon to sun"),
    ("cron: 0 8 * * 8", "cron: `0 8 * * 8`: the fifth field"),
    ("cron: 0 8 30 2 *", "cron: `0 8 30 2 *`: the third field, the day of the month"),
    ("cron: 30 1 * * mon", "cron: `30 1 * * mon` is between 01:00 and 02:00, which clocks in Europe/London skip"),
    ("cron: 0 0-3 * * *", "cron: `0 0-3 * * *` is between 01:00 and 02:00"),
    ("cron: 0 2 * * *, timezone: America/New_York", "cron: `0 2 * * *` is between 01:00 and 03:00"),
    ("cron: 45 1 * * *, timezone: Australia/Lord_Howe", "cron: `45 1 * * *` is between 01:00 and 03:00"),
    ("cron: 0 8 * * mon, address: x", "address: `address` is not known here; what can stand here: timezone, cron,"),
    ("cron: 0 8 * * mon, timezone: Europe/Lundon", "timezone: there is no time zone `Europe/Lundon`; did you mean `Europe/London`?"),
    ("cron: 0 8 * * mon, timezone: Europe", "timezone: there is no time zone `Europe`"),
    ("cron: 0 8 * * mon, timezone: ../../etc/passwd", "timezone: there is no time zone"),
    ("cron: 0 8 * * mon, baseline: 12h", "baseline: 12h is not whole days; write 31d"),
    ("cron: 0 8 * * mon, quiet: silent", "quiet: should be one of send, skip, not `silent`"),
    ("timezone: Europe/London", 'cron: is missing or empty; write `cron: "0 8 * * mon"`'),
]  # fmt: skip


@pytest.mark.parametrize(("digest", "expected"), WRONG_DIGESTS)
def test_a_digest_that_cannot_come_due_as_meant_is_refused(digest: str, expected: str) -> None:
    (problem,) = problems_of_subscriptions(ONE_SUBSCRIPTION.replace('cron: "0 8 * * mon"', digest))

    assert problem.startswith(f"subscriptions.yaml:2: digests.weekly.{expected}")


def test_immediately_is_no_name_for_a_digest() -> None:
    text = ONE_SUBSCRIPTION.replace("weekly", "immediately")

    assert "`immediately` needs no entry here" in problems_of_subscriptions(text)[0]


WRONG_READERS = [
    "lead", "lead@", "@example.org", "lead@example", "lead@127.0.0.1", "le ad@example.org", "a@b@example.org",
    "Jo Lead <lead@example.org>", "lead@example..org", "lead@-example.org", "lead.@example.org", ".lead@example.org",
    "lead@example.org, two@example.org", "lead;two@example.org", "lëad@example.org", "a" * 65 + "@example.org",
    "lead@" + "a" * 64 + ".org", "#babies", "slack:babies", "slack:", "slack:#", "slack:#Babies", "slack:#two words",
    "slack:# babies", "slack:#a.b", "mailto:lead@example.org", "slack:#" + "a" * 81, "slack:c0123abcd",
]  # fmt: skip


@pytest.mark.parametrize("address", WRONG_READERS)
def test_an_address_that_cannot_be_one_is_refused(address: str) -> None:
    text = ONE_SUBSCRIPTION.replace("[lead@example.org]", f'["{address}"]')
    (problem,) = problems_of_subscriptions(text)

    assert problem.startswith("subscriptions.yaml:5: subscriptions[babies].to[1]: ")


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        ("sources:\n  - id: a\n\tname: b\n", 3, "a tab is used where YAML wants spaces"),
        ("sources:\n  - id: a\n   name: b\n", 3, "the indentation does not line up"),
        ("sources: [a, b\nx: 1\n", 2, "a list in `[ ]` lacks a comma or its closing bracket"),
        ("sources: {a: b\nx: 1\n", 2, "a group in `{ }` lacks a comma or its closing bracket"),
        ("\nname: 'abc\nx: y\n\n", 2, "a quotation mark opens here and never closes"),
        ("sources:\n  - name: Serious: case\n", 2, "a colon too many"),
        ("sources:\n  - name: @home\n", 2, "this begins with a character that YAML keeps for itself"),
        ("sources:\n  - cron: * * * * *\n", 2, "a star begins here; put the value in quotes"),
        ("sources:\n  - name: > 1 year\n", 2, "text that begins with > or | must be in quotes"),
        ("sources: - a\n", 1, "a list begins beside its name"),
        ("sources:\n  - name: a\x07\n", 2, "there is a control character here"),
        ('sources:\n  - name: "C:\\path"\n', 2, "in double quotes a backslash must be doubled"),
        ("a: &x {b: 1}\nsources: *x\n", 2, "an alias (`*name`) is not allowed here"),
        ("a: &x {b: 1}\nsources:\n  - <<: *x\n", 3, "an alias (`*name`) is not allowed here"),
        ("sources:\n  - !!python/object:os.system {}\n", 2, "a tag (`!name`) is not allowed here"),
        ("sources: []\n---\nsources: []\n", 2, "has a second `---`"),
        ("sources: []\n? [a]\n: b\n", 2, "something that is no name stands before a colon"),
        ("sources: " + "[" * 40, 1, "is nested too deeply"),
        ("", None, "is empty; begin with `sources:`"),
        ("# nothing yet\n", None, "is empty; begin with `sources:`"),
        ("- a\n- b\n", 1, "should be `key: value` lines, not a list or a text; begin with `sources:`"),
        ("sources", 1, "should be `key: value` lines, not a list or a text"),
        ("defaults: {every: 1d}\n", 1, "is missing or empty; write `sources:`"),
        ("defaults: {every: 1d}\nsources:\n", 2, "or for none `sources: []`"),
        ("sources: {}\n", 1, "should be a list, such as [one, two], not `key: value` lines"),
        ("x: y\n" * 250_000, None, "is over 1 MB"),
    ],
)
def test_what_is_no_such_file_at_all_is_said_plainly(text: str, line: int | None, expected: str) -> None:
    with pytest.raises(ConfigError) as caught:
        sources_of(text)
    found = [problem for problem in caught.value.problems if expected in problem.text]

    assert [problem.line for problem in found] == [line]


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file() -> None:
    text = """\
defaults: {every: 5m, contakt: x}
sources:
  - id: a
    name: A
    url: http://10.0.0.1/
    reads: everything
  - id: a
    url: https://example.org/
    expect: {max: many}
    selekt: {}
"""
    lines = [problem.split(": ")[0:2] for problem in problems_of_sources(text)]

    assert lines == [
        ["sources.yaml:1", "defaults.every"],
        ["sources.yaml:1", "defaults.contakt"],
        ["sources.yaml:5", "sources[a].url"],
        ["sources.yaml:6", "sources[a].reads"],
        ["sources.yaml:7", "sources[a].name"],
        ["sources.yaml:7", "sources[a].id"],
        ["sources.yaml:9", "sources[a].expect.max"],
        ["sources.yaml:10", "sources[a].selekt"],
    ]


def test_every_problem_says_what_would_be_right() -> None:
    everything = [
        *(problems_of_sources(ONE_SOURCE + added + "\n") for added, _ in WRONG_IN_A_SOURCE),
        *(problems_of_subscriptions(ONE_SUBSCRIPTION + added + "\n") for added, _ in WRONG_IN_A_SUBSCRIPTION),
    ]
    short = [
        problem for problems in everything for problem in problems if len(problem.split(": ", 2)[-1]) < 20
    ]

    assert short == []


# --- secrets ------------------------------------------------------------------------------------------

SECRET = "hunter2horse"


@pytest.mark.parametrize(
    "added",
    [
        f"slack: xoxb-1234-{SECRET}",
        f"# xoxp-99-{SECRET}",
        f"note: https://hooks.slack.com/services/T0/B0/{SECRET}",
        f"smtp_url: smtp://bot:{SECRET}@mail.example.org:587",
        f"password: {SECRET}",
        f"smtp-password: {SECRET}",
        f"SLACK_TOKEN: {SECRET}",
        f"secrets: {{slack: {SECRET}}}",
        f"? xoxb-1234-{SECRET}\n: a",
        f"defaults: {{contact: 'https://bot:{SECRET}@example.org'}}",
        f"defaults: {{every: xoxb-{SECRET}}}",
        f"allow_private_hosts: ['https://x:{SECRET}@intranet']",
        f"  - {{id: b, name: B, url: 'https://jo:{SECRET}@example.org/x'}}",
        f"  - {{id: b, name: B, url: 'https://example.org/x?token={SECRET}'}}",
        f"  - {{id: xoxb-1-{SECRET}, name: B, url: 'https://example.org/x'}}",
        f"broken: [xoxb-1-{SECRET}",
        f"xoxb-1-{SECRET}: 'x",
        f"a: *xoxb-1-{SECRET}",
        f"- xoxb-1-{SECRET}",
    ],
)
def test_a_secret_in_a_file_is_refused_and_never_repeated(added: str) -> None:
    problems = problems_of_sources(ONE_SOURCE + added + "\n")
    told = [problem for problem in problems if "must not stand in this file" in problem]

    assert any(problem.startswith("sources.yaml:5: ") for problem in told)
    assert SECRET not in "\n".join(problems)


@pytest.mark.parametrize(
    "added", [f"password: {SECRET}", f"note: xoxb-{SECRET}", f"    every: xoxb-{SECRET}"]
)
def test_a_secret_is_told_once_and_nothing_else_of_its_place(added: str) -> None:
    assert len(problems_of_sources(f"{ONE_SOURCE}{added}\n")) == 1


def test_no_problem_can_be_added_with_a_secret_in_it() -> None:
    sheet = Sheet(file="sources.yaml")
    sheet.add(("sources",), f"cannot be xoxb-1-{SECRET}")

    assert SECRET not in str(sheet.problems)
