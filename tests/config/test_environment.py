"""The environment: what each variable may be, and that no secret of it is ever shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.config import Environment, MailServer, load_environment
from bot.deliver.mail.headers import checked_link, mailbox
from bot.errors import ConfigError
from bot.web.tokens import link

SECRET = "hunter2horse"


def test_nothing_set_is_fine_and_what_it_means_is_noted() -> None:
    environment = load_environment({})

    assert environment.database_url.get_secret_value() == "sqlite:///data/learning-bot.db"
    assert environment.mail_server is None
    assert environment.slack_api_url == "https://slack.com/api/"
    assert (environment.mail_connections, environment.mail_per_hour) == (3, None)
    assert environment.slack_webhooks == {}
    assert [note.split()[0] for note in environment.notes] == ["SECRET_KEY", "SMTP_URL", "PUBLIC_URL"]


def complete() -> Environment:
    return load_environment(
        {
            "DATABASE_URL": f"postgresql+psycopg://bot:{SECRET}@db/learning",
            "SMTP_URL": f"smtp://bot%40example.org:{SECRET}%2F%40@mail.example.org:2525?starttls=required",
            "MAIL_FROM": "Learning Bot <bot@example.org>",
            "REPLY_TO": "team@example.org",
            "MAIL_RETURN_PATH": "bounces@example.org",
            "MAIL_CONNECTIONS": "8",
            "MAIL_PER_HOUR": "1000",
            "DKIM_KEY_FILE": "/run/secrets/dkim.pem",
            "DKIM_SELECTOR": "learning2026",
            "SLACK_WEBHOOKS": f"#learning=https://hooks.slack.com/services/T0/B0/{SECRET}\n"
            f"  C0123ABCDEF=http://127.0.0.1:9000/hook/{SECRET}",
            "SECRET_KEY_PREVIOUS": f"{SECRET}-{SECRET}-old",
            "SLACK_BOT_TOKEN": f"xoxb-{SECRET}",
            "SLACK_API_URL": "http://127.0.0.1:9000/api",
            "PUBLIC_URL": "https://learning.example.org/",
            "SECRET_KEY": f"{SECRET}-{SECRET}",
            "HEARTBEAT_URL": f"https://hc-ping.com/{SECRET}",
        }
    )


def test_everything_set_is_read() -> None:
    environment = complete()
    server = environment.mail_server

    assert server is not None
    assert (server.host, server.port, server.security) == ("mail.example.org", 2525, "starttls")
    assert server.user == "bot@example.org"
    assert server.password is not None
    assert server.password.get_secret_value() == f"{SECRET}/@"
    assert environment.mail_from == "Learning Bot <bot@example.org>"
    assert environment.slack_api_url == "http://127.0.0.1:9000/api/"
    assert environment.mail_return_path == "bounces@example.org"
    assert (environment.mail_connections, environment.mail_per_hour) == (8, 1000)
    assert (environment.dkim_key_file, environment.dkim_selector) == (
        Path("/run/secrets/dkim.pem"),
        "learning2026",
    )
    assert {channel: hook.get_secret_value() for channel, hook in environment.slack_webhooks.items()} == {
        "#learning": f"https://hooks.slack.com/services/T0/B0/{SECRET}",
        "C0123ABCDEF": f"http://127.0.0.1:9000/hook/{SECRET}",
    }
    assert environment.secret_key_previous
    assert environment.heartbeat_url
    assert environment.heartbeat_url.get_secret_value() == f"https://hc-ping.com/{SECRET}"
    assert environment.public_url == "https://learning.example.org"
    assert environment.notes == ()


def test_secrets_do_not_show() -> None:
    environment = complete()

    assert SECRET not in repr(environment)
    assert SECRET not in str(environment)
    assert SECRET not in repr(environment.mail_server)
    assert SECRET not in repr(by_token())


def by_token(**other: str | None) -> MailServer:
    """Microsoft 365 with client credentials; `other` replaces a variable of it, or leaves it out (None)."""
    variables = {
        "SMTP_URL": "smtp://bot%40example.org@smtp.office365.com:587",
        "MAIL_FROM": "bot@example.org",
        "SMTP_OAUTH_TOKEN_URL": "https://login.microsoftonline.com/wetherby/oauth2/v2.0/token",
        "SMTP_OAUTH_CLIENT_ID": "0c8b1d9e",
        "SMTP_OAUTH_CLIENT_SECRET": SECRET,
        "SMTP_OAUTH_SCOPE": "https://outlook.office365.com/.default",
    } | other
    found = load_environment({name: text for name, text in variables.items() if text}).mail_server
    assert found is not None
    return found


def test_a_log_in_by_token_has_a_user_and_no_password() -> None:
    server = by_token()
    assert (server.user, server.password, server.security) == ("bot@example.org", None, "starttls")
    assert server.oauth is not None
    assert server.oauth.client_secret is not None
    assert server.oauth.client_secret.get_secret_value() == SECRET
    assert server.oauth.refresh_token is None


def test_a_refresh_token_needs_neither_secret_nor_scope() -> None:
    oauth = by_token(
        SMTP_OAUTH_REFRESH_TOKEN=SECRET, SMTP_OAUTH_CLIENT_SECRET=None, SMTP_OAUTH_SCOPE=None
    ).oauth
    assert oauth is not None
    assert (oauth.client_secret, oauth.scope) == (None, None)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("SMTP_OAUTH_TOKEN_URL", None, "is missing though others of SMTP_OAUTH_* are set"),
        ("SMTP_OAUTH_TOKEN_URL", "http://login.example.org/token", "https://, since secrets go there"),
        ("SMTP_OAUTH_TOKEN_URL", "login.example.org", "is no web address"),
        ("SMTP_OAUTH_TOKEN_URL", f"https://u:{SECRET}@login.example.org/", "is no web address"),
        ("SMTP_OAUTH_CLIENT_ID", None, "is missing though others of SMTP_OAUTH_* are set"),
        ("SMTP_OAUTH_CLIENT_SECRET", None, "or set SMTP_OAUTH_REFRESH_TOKEN"),
        ("SMTP_OAUTH_SCOPE", None, "for Microsoft 365 it is https://outlook.office365.com/.default"),
        ("SMTP_URL", None, "is missing though SMTP_OAUTH_* is set"),
        ("SMTP_URL", f"smtp://u:{SECRET}@mail.example.org", "a user and no password"),
        ("SMTP_URL", "smtp://mail.example.org", "a user and no password"),
    ],
)
def test_a_log_in_by_token_is_complete_or_says_what_is_missing(
    name: str, value: str | None, expected: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        by_token(**{name: value})
    (problem,) = caught.value.problems
    assert problem.field == name
    assert expected in problem.text
    assert SECRET not in str(problem)


def test_everything_that_a_log_in_by_token_lacks_is_told_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        load_environment(
            {"SMTP_OAUTH_TOKEN_URL": "x", "SMTP_URL": "smtp://u@mail", "MAIL_FROM": "a@b.example"}
        )
    assert [problem.field.removeprefix("SMTP_OAUTH_") for problem in caught.value.problems] == [
        "CLIENT_ID",
        "CLIENT_SECRET",
        "SCOPE",
        "TOKEN_URL",
    ]


def server(url: str) -> MailServer:
    found = load_environment({"SMTP_URL": url, "MAIL_FROM": "bot@example.org"}).mail_server
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("url", "port", "security"),
    [
        ("smtp://mail.example.org", 25, "starttls"),
        ("smtp://u:p@mail.example.org", 587, "starttls"),
        ("smtp://mail.example.org:2525?starttls=off", 2525, "none"),
        ("smtps://mail.example.org", 465, "tls"),
        ("smtps://u:p@mail.example.org:4650", 4650, "tls"),
        ("smtp://localhost:1025", 1025, "none"),
        ("smtp://127.0.0.1:1025", 1025, "none"),
        ("smtp://[::1]:1025", 1025, "none"),
        ("smtp://localhost:1025?starttls=required", 1025, "starttls"),
    ],
)
def test_mail_goes_out_encrypted_unless_it_is_asked_not_to(url: str, port: int, security: str) -> None:
    assert (server(url).port, server(url).security) == (port, security)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("DATABASE_URL", f"postgres://u:{SECRET}@db/x", "postgresql+psycopg://"),
        ("DATABASE_URL", f"postgresql://u:{SECRET}@db/x", "postgresql+psycopg://"),
        ("DATABASE_URL", f"mysql://u:{SECRET}@db/x", "should be sqlite:///data/learning-bot.db"),
        ("SMTP_URL", f"http://u:{SECRET}@mail", "should begin with smtp:// or smtps://"),
        ("SMTP_URL", f"smtp://u:{SECRET}/x@mail", "%2F"),
        ("SMTP_URL", f"smtp://u:{SECRET}#x@mail", "%23"),
        ("SMTP_URL", f"smtp://u:{SECRET}@mail:99999", "is no address"),
        ("SMTP_URL", f"smtp://{SECRET}@mail", "both user and password"),
        ("SMTP_URL", "smtp://", "should name a host"),
        ("SMTP_URL", f"smtp://u:{SECRET}@mail?starttls=maybe", "?starttls=required or ?starttls=off"),
        ("SMTP_URL", f"smtp://u:{SECRET}@mail?tls=on", "?starttls=required or ?starttls=off"),
        ("SMTP_URL", f"smtps://u:{SECRET}@mail?starttls=off", "leave it out"),
        ("MAIL_FROM", "bot", "email address"),
        ("MAIL_FROM", "bot@example.org\nBcc: x@example.org", "is no address"),
        ("REPLY_TO", "bot@", "is no address"),
        ("REPLY_TO", '"A, B" <bot@example.org>, x@example.org', "one alone"),
        ("MAIL_FROM", "bot@example.org, team@example.org", "one alone"),
        ("MAIL_FROM", "x@example.org <bot@example.org>", "needs quotes"),
        ("MAIL_FROM", "Learning: <bot@example.org>", "needs quotes"),
        ("MAIL_FROM", "Learning, North <bot@example.org>", "needs quotes"),
        ("MAIL_FROM", "Learning <bot@example.org", "one alone"),
        ("MAIL_FROM", "Learning [x] <bot@example.org>", "one alone"),
        ("MAIL_FROM", "Learning <bot@exam_ple.org>", "cannot be the name of a site"),
        ("MAIL_RETURN_PATH", "Bounces <bounces@example.org>", "one address alone"),
        ("MAIL_CONNECTIONS", "0", "a whole number from 1 to 20"),
        ("MAIL_CONNECTIONS", "21", "a whole number from 1 to 20"),
        ("MAIL_CONNECTIONS", "four", "a whole number from 1 to 20"),
        ("MAIL_PER_HOUR", "0", "a whole number, 1 or more"),
        ("MAIL_PER_HOUR", "1.5", "a whole number, 1 or more"),
        ("SLACK_WEBHOOKS", f"https://hooks.slack.com/services/{SECRET}", "should be pairs"),
        ("SLACK_WEBHOOKS", f"https://hooks.slack.com/services/?x={SECRET}", "should be pairs"),
        ("SLACK_WEBHOOKS", f"learning=https://hooks.slack.com/services/{SECRET}", 'slack:#learning"'),
        ("SLACK_WEBHOOKS", f"#a=https://h.example/{SECRET} #a=https://h.example/2", "has #a twice"),
        ("SLACK_WEBHOOKS", f"#a=http://hooks.slack.com/{SECRET}", "#a: should begin with https://"),
        ("SLACK_WEBHOOKS", f"#a={SECRET}", "#a: is no web address"),
        ("SLACK_WEBHOOKS", f"#a=https://h.example/{SECRET}, #b=https://h.example/2", "with spaces"),
        ("SECRET_KEY_PREVIOUS", SECRET, "shorter than 16 characters"),
        ("SLACK_BOT_TOKEN", f"xoxp-{SECRET}", "a person's token"),
        ("SLACK_BOT_TOKEN", SECRET, "begins with xoxb-"),
        ("SLACK_API_URL", "slack.com/api", "https://"),
        ("SLACK_API_URL", "http://slack.example/api", "should begin with https://"),
        ("SLACK_API_URL", "http://127.0.0.1.slack.example/api", "should begin with https://"),
        ("PUBLIC_URL", "learning.example.org", "https://"),
        ("PUBLIC_URL", "https://learning.example.org/?x=1", "before any ?"),
        ("PUBLIC_URL", "https://learning.example.org/<b>", "such as < or >"),
        ("PUBLIC_URL", "https://learning.example.org/\x7f", "such as < or >"),
        ("PUBLIC_URL", "https://learning.example.org/" + "a" * 480, "longer than 500 characters"),
        ("PUBLIC_URL", "https://-learning-.example.org", "cannot be the name of a site"),
        ("SECRET_KEY", SECRET, "shorter than 16 characters"),
        ("HEARTBEAT_URL", f"hc-ping.com/{SECRET}", "should begin with https:// or http://"),
        ("HEARTBEAT_URL", f"file:///{SECRET}", "should begin with https:// or http://"),
        ("HEARTBEAT_URL", f"https://u:{SECRET}@monitor.example/", "a user or password"),
        ("HEARTBEAT_URL", f"https://monitor.example/#{SECRET}", "is no web address"),
        ("HEARTBEAT_URL", f"https://monitor.example/{SECRET} x", "is no web address"),
        ("HEARTBEAT_URL", f"https://monitor.example/{SECRET}é", "is no web address"),
        ("HEARTBEAT_URL", f"https://monitor..example/{SECRET}", "is no web address"),
        ("HEARTBEAT_URL", f"https://monitor.example:x/{SECRET}", "is no web address"),
        ("HEARTBEAT_URL", f"https:///{SECRET}", "is no web address"),
    ],
)
def test_a_wrong_value_is_named_and_a_secret_not_repeated(name: str, value: str, expected: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_environment({"MAIL_FROM": "bot@example.org", name: value})
    (problem,) = caught.value.problems

    assert (problem.file, problem.field) == ("environment", name)
    assert expected in problem.text
    assert SECRET not in str(problem)


@pytest.mark.parametrize(
    ("written", "fit"),
    [
        ("https://bücher.example/", "https://xn--bcher-kva.example"),
        ("HTTPS://Learning.Example:8443/Bot/", "https://learning.example:8443/Bot"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("https://learning.example/größe%20", "https://learning.example/gr%C3%B6%C3%9Fe%20"),
        ("https://learning.example/?", "https://learning.example"),
        ("https://learning.example/" + "a" * 475, "https://learning.example/" + "a" * 475),
    ],
)
def test_a_public_address_comes_back_fit_for_a_header_of_a_mail(written: str, fit: str) -> None:
    public_url = load_environment({"PUBLIC_URL": written}).public_url
    assert public_url == fit
    assert checked_link(link(fit, 2**31, [f"subscription-{number}" for number in range(60)], ["key"]))


@pytest.mark.parametrize(
    "written",
    [
        "https://hc-ping.com/0f3b-17/learning-bot",
        "http://10.0.0.7:3001/api/push/k3y?status=up&msg=OK&ping=",
        "http://uptime_kuma:3001/api/push/k3y",
        "http://[::1]:8000/ping",
    ],
)
def test_a_monitor_may_be_anywhere_also_within_and_is_pinged_as_it_is_written(written: str) -> None:
    heartbeat_url = load_environment({"HEARTBEAT_URL": written}).heartbeat_url
    assert heartbeat_url is not None
    assert heartbeat_url.get_secret_value() == written


@pytest.mark.parametrize(
    "written",
    [
        "bot@example.org",
        "<bot@example.org>",
        '"Learning, North: news" <bot@example.org>',
        '"the \\"Learning\\" bot" <bot@example.org>',
        "Dr. O'Hara (Harrowmere) <bot@example.org>",
        "Tîm Diogelu <bot@bücher.example>",
    ],
)
@pytest.mark.parametrize("name", ["MAIL_FROM", "REPLY_TO"])
def test_a_sender_that_is_taken_is_one_that_mail_can_be_written_from(name: str, written: str) -> None:
    environment = load_environment({name: written})
    taken = environment.mail_from or environment.reply_to
    assert taken == written
    assert mailbox(taken).username == "bot"


def test_a_key_is_not_its_own_predecessor() -> None:
    key = f"{SECRET}-{SECRET}"
    with pytest.raises(ConfigError, match="SECRET_KEY_PREVIOUS: is the same as SECRET_KEY") as caught:
        load_environment({"SECRET_KEY": key, "SECRET_KEY_PREVIOUS": key})
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "missing"),
    [("DKIM_KEY_FILE", "key.pem", "DKIM_SELECTOR"), ("DKIM_SELECTOR", "learning2026", "DKIM_KEY_FILE")],
)
def test_signing_needs_both_a_key_and_its_name(name: str, value: str, missing: str) -> None:
    with pytest.raises(ConfigError, match=f"{missing}: is missing though {name} is set"):
        load_environment({name: value})


@pytest.mark.parametrize("selector", ["learning 2026", "-a", "a..b", "größe", "a._domainkey.example.org."])
def test_a_selector_is_what_a_name_in_the_dns_can_be(selector: str) -> None:
    with pytest.raises(ConfigError, match="is no DKIM selector"):
        load_environment({"DKIM_KEY_FILE": "key.pem", "DKIM_SELECTOR": selector})


def test_mail_without_a_sender_is_a_mistake() -> None:
    with pytest.raises(ConfigError, match="MAIL_FROM: is missing though SMTP_URL is set"):
        load_environment({"SMTP_URL": "smtp://mail.example.org"})


def test_all_wrong_values_are_told_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        load_environment({"DATABASE_URL": "x", "PUBLIC_URL": "x", "SECRET_KEY": "x"})

    assert [problem.field for problem in caught.value.problems] == [
        "DATABASE_URL",
        "PUBLIC_URL",
        "SECRET_KEY",
    ]


def test_a_password_in_clear_is_noted() -> None:
    environment = load_environment(
        {"SMTP_URL": f"smtp://u:{SECRET}@mail.example.org?starttls=off", "MAIL_FROM": "bot@example.org"}
    )

    assert any("in clear" in note for note in environment.notes)
