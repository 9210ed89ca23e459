"""The environment: what each variable may be, and that no secret of it is ever shown."""

from __future__ import annotations

import pytest

from bot.config import Environment, MailServer, load_environment
from bot.errors import ConfigError

SECRET = "hunter2horse"


def test_nothing_set_is_fine_and_what_it_means_is_noted() -> None:
    environment = load_environment({})

    assert environment.database_url.get_secret_value() == "sqlite:///data/learning-bot.db"
    assert environment.mail_server is None
    assert environment.slack_api_url == "https://slack.com/api/"
    assert [note.split()[0] for note in environment.notes] == ["SECRET_KEY", "SMTP_URL", "PUBLIC_URL"]


def complete() -> Environment:
    return load_environment(
        {
            "DATABASE_URL": f"postgresql+psycopg://bot:{SECRET}@db/learning",
            "SMTP_URL": f"smtp://bot%40example.org:{SECRET}%2F%40@mail.example.org:2525?starttls=required",
            "MAIL_FROM": "Learning Bot <bot@example.org>",
            "REPLY_TO": "team@example.org",
            "SLACK_BOT_TOKEN": f"xoxb-{SECRET}",
            "SLACK_API_URL": "http://127.0.0.1:9000/api",
            "PUBLIC_URL": "https://learning.example.org/",
            "SECRET_KEY": f"{SECRET}-{SECRET}",
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
    assert environment.public_url == "https://learning.example.org"
    assert environment.notes == ()


def test_secrets_do_not_show() -> None:
    environment = complete()

    assert SECRET not in repr(environment)
    assert SECRET not in str(environment)
    assert SECRET not in repr(environment.mail_server)


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
        ("SLACK_BOT_TOKEN", f"xoxp-{SECRET}", "a person's token"),
        ("SLACK_BOT_TOKEN", SECRET, "begins with xoxb-"),
        ("SLACK_API_URL", "slack.com/api", "https://"),
        ("PUBLIC_URL", "learning.example.org", "https://"),
        ("PUBLIC_URL", "https://learning.example.org/?x=1", "before any ?"),
        ("SECRET_KEY", SECRET, "shorter than 16 characters"),
    ],
)
def test_a_wrong_value_is_named_and_a_secret_not_repeated(name: str, value: str, expected: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_environment({"MAIL_FROM": "bot@example.org", name: value})
    (problem,) = caught.value.problems

    assert (problem.file, problem.field) == ("environment", name)
    assert expected in problem.text
    assert SECRET not in str(problem)


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
