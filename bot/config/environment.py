"""The environment -> where the archive is, how mail and Slack are reached, and the secrets for both.

Secrets live here only. Each is a SecretStr, which shows itself as stars; no message repeats one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar
from urllib.parse import urlsplit

from pydantic import SecretStr

from bot.config import values
from bot.config.mail_server import MailServer, asks_for_tokens, mail_server, oauth_grant, private_address
from bot.config.sheet import shown
from bot.errors import ConfigError, Problem

__all__ = ["Environment", "MailServer", "load_environment"]

V = TypeVar("V")

DATABASE_URL = "sqlite:///data/learning-bot.db"
SLACK_API_URL = "https://slack.com/api/"
SHORTEST_KEY = 16  # characters
MAIL_CONNECTIONS = 3  # side by side; as many as Microsoft 365 lets one mailbox have
MOST_CONNECTIONS = 20  # more than any server lets one client have

_NEW_KEY = "make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
_WEBHOOK = "https://hooks.slack.com/services/..."
_PING = "https://hc-ping.com/..."
_HOST_LABEL = "[A-Za-z0-9_-]{1,63}"  # an inner name may have what the DNS does not
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """The environment, checked. `notes`: what an operator should know though nothing is wrong.

    `mail_server` None: digests are written as .eml files. `mail_per_hour` None: no limit. `mail_return_path`:
    where bounces go, the address of `mail_from` if None. `slack_webhooks`: by channel (`#learning`).
    `public_url` is plain ASCII and has no slash at its end, `slack_api_url` has one. `secret_key` None: links
    outlive a restart only if a key is made and kept. `secret_key_previous`: what was signed with it still
    counts. `heartbeat_url`: what is pinged while all goes well.
    """

    database_url: SecretStr
    mail_server: MailServer | None = None
    mail_from: str | None = None
    reply_to: str | None = None
    mail_return_path: str | None = None
    mail_connections: int = MAIL_CONNECTIONS
    mail_per_hour: int | None = None
    dkim_key_file: Path | None = None
    dkim_selector: str | None = None
    slack_bot_token: SecretStr | None = None
    slack_api_url: str = SLACK_API_URL
    slack_webhooks: Mapping[str, SecretStr] = field(default_factory=lambda: MappingProxyType({}))
    public_url: str | None = None
    secret_key: SecretStr | None = None
    secret_key_previous: SecretStr | None = None
    heartbeat_url: SecretStr | None = None
    notes: tuple[str, ...] = ()


def load_environment(environ: Mapping[str, str]) -> Environment:
    """The variables that are the bot's own; an empty one is as if unset. Raises ConfigError with every
    problem, each with the variable's name as its field."""
    problems: list[Problem] = []

    def wrong(name: str, text: str) -> None:
        problems.append(Problem(file="environment", line=None, field=name, text=text))

    def take(name: str, made: Callable[[str], V]) -> V | None:
        text = environ.get(name, "").strip()
        try:
            return made(text) if text else None
        except ValueError as error:
            wrong(name, str(error))
            return None

    by_token = asks_for_tokens(environ)
    server = take("SMTP_URL", lambda text: mail_server(text, by_token=by_token))
    oauth = oauth_grant(environ, wrong)
    environment = Environment(
        database_url=take("DATABASE_URL", _database) or SecretStr(DATABASE_URL),
        mail_server=replace(server, oauth=oauth) if server else None,
        mail_from=take("MAIL_FROM", values.mailbox),
        reply_to=take("REPLY_TO", values.mailbox),
        mail_return_path=take("MAIL_RETURN_PATH", values.email),
        mail_connections=take("MAIL_CONNECTIONS", _connections) or MAIL_CONNECTIONS,
        mail_per_hour=take("MAIL_PER_HOUR", _per_hour),
        dkim_key_file=take("DKIM_KEY_FILE", Path),
        dkim_selector=take("DKIM_SELECTOR", _selector),
        slack_bot_token=take("SLACK_BOT_TOKEN", _slack_token),
        slack_api_url=take("SLACK_API_URL", _slack_api) or SLACK_API_URL,
        slack_webhooks=take("SLACK_WEBHOOKS", _webhooks) or MappingProxyType({}),
        public_url=take("PUBLIC_URL", values.public_address),
        secret_key=take("SECRET_KEY", _secret_key),
        secret_key_previous=take("SECRET_KEY_PREVIOUS", _secret_key),
        heartbeat_url=take("HEARTBEAT_URL", _heartbeat),
        notes=_notes(environ),
    )
    for name, other, right in _COMPANIONS:
        if environ.get(other, "").strip() and not environ.get(name, "").strip():
            wrong(name, f"is missing though {other} is set; {right}")
    if environment.secret_key and environment.secret_key == environment.secret_key_previous:
        wrong("SECRET_KEY_PREVIOUS", "is the same as SECRET_KEY; set the key before it, or leave it out")
    if by_token and not environ.get("SMTP_URL", "").strip():
        wrong("SMTP_URL", "is missing though SMTP_OAUTH_* is set; set the mail server that it logs in to")
    if problems:
        raise ConfigError(problems)
    return environment


_COMPANIONS = (
    ("MAIL_FROM", "SMTP_URL", "set the address that digests come from"),
    ("DKIM_SELECTOR", "DKIM_KEY_FILE", "set the name under which the public key is in the DNS"),
    ("DKIM_KEY_FILE", "DKIM_SELECTOR", "set the file that has the private key"),
)


def _database(text: str) -> SecretStr:
    if text.startswith(("postgres://", "postgresql://")):
        raise ValueError("should begin with postgresql+psycopg://, the driver that is installed")
    if not re.match(r"sqlite:///|postgresql\+psycopg://[^/]", text):
        raise ValueError(
            f"should be {DATABASE_URL}, or another sqlite:/// file, or "
            "postgresql+psycopg://user:password@host/name"
        )
    return SecretStr(text)


def _number(text: str, least: int, most: int, what: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
        raise ValueError(f"`{shown(text)}` should be {what}")
    return int(text)


def _connections(text: str) -> int:
    return _number(text, 1, MOST_CONNECTIONS, f"a whole number from 1 to {MOST_CONNECTIONS}")


def _per_hour(text: str) -> int:
    return _number(text, 1, 999_999_999, "a whole number, 1 or more; leave it out for no limit")


def _selector(text: str) -> str:
    if not re.fullmatch(rf"{_LABEL}(?:\.{_LABEL})*", text):
        raise ValueError(
            f"`{shown(text)}` is no DKIM selector; write what stands before ._domainkey in the DNS, such as "
            "learning2026"
        )
    return text


def _webhooks(text: str) -> Mapping[str, SecretStr]:
    """`#channel=https://hooks.slack.com/services/...`, several separated by white space. The addresses are
    secrets: whoever has one can post."""
    found: dict[str, SecretStr] = {}
    for pair in text.split():
        if "," in pair:
            raise ValueError(
                f"has a comma in it; separate the pairs with spaces, such as #learning={_WEBHOOK}"
            )
        channel, equals, url = pair.partition("=")
        if not equals or "/" in channel:
            raise ValueError(f"should be pairs, separated by spaces, such as #learning={_WEBHOOK}")
        channel = values.subscriber(f"slack:{channel}").address
        if channel in found:
            raise ValueError(f"has {shown(channel)} twice; a channel has one webhook")
        try:
            found[channel] = SecretStr(private_address(url, _WEBHOOK))
        except ValueError as error:
            raise ValueError(f"{shown(channel)}: {error}") from None
    return MappingProxyType(found)


def _slack_token(text: str) -> SecretStr:
    if text.startswith("xoxp-"):
        raise ValueError("is a person's token (xoxp-); use the app's bot token, which begins with xoxb-")
    if not re.fullmatch(r"(xoxe\.)?xoxb-\S+", text):
        raise ValueError("should be the app's bot token, which begins with xoxb-")
    return SecretStr(text)


def _slack_api(text: str) -> str:
    values.web_address(text, SLACK_API_URL)
    return private_address(text, SLACK_API_URL).rstrip("/") + "/"


def _heartbeat(text: str) -> SecretStr:
    """The administrator's own address: http and a private network are fine, where a monitor of theirs may be.
    No message repeats it: who has it can keep the monitor silent."""
    try:
        parts = urlsplit(text)
        host, fits = parts.hostname or "", parts.port != 0
    except ValueError:
        raise ValueError(f"is no web address; copy it from the monitor, such as {_PING}") from None
    if parts.scheme not in ("http", "https"):
        raise ValueError(f"should begin with https:// or http://, such as {_PING}")
    if parts.username is not None:
        raise ValueError(f"has a user or password before the host, which is not sent; compare {_PING}")
    is_name = re.fullmatch(rf"{_HOST_LABEL}(?:\.{_HOST_LABEL})*\.?", host) or ":" in host
    if not fits or not is_name or parts.fragment or not re.fullmatch("[!-~]+", text):
        raise ValueError(f"is no web address; copy it from the monitor, such as {_PING}")
    return SecretStr(text)


def _secret_key(text: str) -> SecretStr:
    if len(text) < SHORTEST_KEY:
        raise ValueError(f"is shorter than {SHORTEST_KEY} characters, which can be guessed; {_NEW_KEY}")
    return SecretStr(text)


def _notes(environ: Mapping[str, str]) -> tuple[str, ...]:
    said = {name for name, text in environ.items() if text.strip()}
    notes = []
    if "SECRET_KEY" not in said:
        notes.append(f"SECRET_KEY is not set: links are signed with a key made here, to be kept; {_NEW_KEY}")
    if "SMTP_URL" not in said:
        notes.append("SMTP_URL is not set: digests are written as .eml files under data/outbox/, not sent")
    elif "starttls=off" in environ["SMTP_URL"] and "@" in environ["SMTP_URL"]:
        notes.append("SMTP_URL has ?starttls=off: the log-in travels in clear")
    if "PUBLIC_URL" not in said:
        notes.append("PUBLIC_URL is not set: emails have no link to unsubscribe with")
    elif not environ["PUBLIC_URL"].strip().startswith("https://"):
        notes.append("PUBLIC_URL is not https://: mail programs offer no one-click unsubscribe (RFC 8058)")
    return tuple(notes)
