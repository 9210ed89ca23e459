"""The environment -> where the archive is, how mail and Slack are reached, and the secrets for both.

Secrets live here only. Each is a SecretStr, which shows itself as stars; no message repeats one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from ipaddress import ip_address
from typing import Literal, TypeVar
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from pydantic import SecretStr

from bot.config import values
from bot.config.sheet import shown
from bot.errors import ConfigError, Problem

V = TypeVar("V")

DATABASE_URL = "sqlite:///data/learning-bot.db"
SLACK_API_URL = "https://slack.com/api/"
SHORTEST_KEY = 16  # characters

_NEW_KEY = "make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
_SMTP_EXAMPLE = "smtp://user:password@mail.example.org:587"
_PERCENT = "write / # ? @ : in a password as %2F %23 %3F %40 %3A"

Security = Literal["none", "starttls", "tls"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where mail is handed over.

    `security`: `tls` from the first byte; `starttls`, and no mail without it; `none`, in clear.
    """

    host: str
    port: int
    security: Security
    user: str | None = None
    password: SecretStr | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """The environment, checked. `notes`: what an operator should know though nothing is wrong.

    `mail_server` None: digests are written as .eml files. `public_url` has no slash at its end,
    `slack_api_url` has one. `secret_key` None: links outlive a restart only if a key is made and kept.
    """

    database_url: SecretStr
    mail_server: MailServer | None = None
    mail_from: str | None = None
    reply_to: str | None = None
    slack_bot_token: SecretStr | None = None
    slack_api_url: str = SLACK_API_URL
    public_url: str | None = None
    secret_key: SecretStr | None = None
    notes: tuple[str, ...] = ()


def load_environment(environ: Mapping[str, str]) -> Environment:
    """The variables that are the bot's own; an empty one is as if unset. Raises ConfigError with every
    problem, each with the variable's name as its field."""
    problems: list[Problem] = []

    def take(name: str, made: Callable[[str], V]) -> V | None:
        text = environ.get(name, "").strip()
        try:
            return made(text) if text else None
        except ValueError as error:
            problems.append(Problem(file="environment", line=None, field=name, text=str(error)))
            return None

    environment = Environment(
        database_url=take("DATABASE_URL", _database) or SecretStr(DATABASE_URL),
        mail_server=take("SMTP_URL", mail_server),
        mail_from=take("MAIL_FROM", _mailbox),
        reply_to=take("REPLY_TO", _mailbox),
        slack_bot_token=take("SLACK_BOT_TOKEN", _slack_token),
        slack_api_url=take("SLACK_API_URL", _slack_api) or SLACK_API_URL,
        public_url=take("PUBLIC_URL", _public_url),
        secret_key=take("SECRET_KEY", _secret_key),
        notes=_notes(environ),
    )
    if environ.get("SMTP_URL", "").strip() and not environ.get("MAIL_FROM", "").strip():
        right = "is missing though SMTP_URL is set; set the address that digests come from"
        problems.append(Problem(file="environment", line=None, field="MAIL_FROM", text=right))
    if problems:
        raise ConfigError(problems)
    return environment


def mail_server(text: str) -> MailServer:
    """`smtp://user:pass@host:port`, `smtps://...`; user and password percent-encoded (RFC 3986).

    `smtps` is TLS from the first byte, port 465. `smtp` is port 587 with a user, else 25, and STARTTLS is
    required, so that neither a password nor a reader's address ever goes out in clear unasked;
    `?starttls=off` asks for it, and a server on this very machine needs none unless `?starttls=required`.
    Raises ValueError.
    """
    try:
        parts = urlsplit(text)
        host, given_port = parts.hostname, parts.port
    except ValueError:
        raise ValueError(f"is no address; write it as {_SMTP_EXAMPLE}; {_PERCENT}") from None
    if parts.scheme not in ("smtp", "smtps"):
        raise ValueError(f"should begin with smtp:// or smtps://, such as {_SMTP_EXAMPLE}")
    if not host or re.search(r"\s", host) or parts.path.strip("/") or parts.fragment:
        raise ValueError(
            f"should name a host and nothing after the port, such as {_SMTP_EXAMPLE}; {_PERCENT}"
        )
    if bool(parts.username) != bool(parts.password):
        raise ValueError(f"should have both user and password, or neither, such as {_SMTP_EXAMPLE}")
    usual = 465 if parts.scheme == "smtps" else 587 if parts.username else 25
    return MailServer(
        host=host,
        port=given_port or usual,
        security=_security(parts, host),
        user=unquote(parts.username) if parts.username else None,
        password=SecretStr(unquote(parts.password)) if parts.password else None,
    )


def _security(parts: SplitResult, host: str) -> Security:
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    choice = options.pop("starttls", None)
    if options or choice not in (None, "required", "off"):
        raise ValueError(
            "may have ?starttls=required or ?starttls=off after the port, and nothing else there"
        )
    if parts.scheme == "smtps":
        if choice is not None:
            raise ValueError(
                "has both smtps:// and ?starttls; smtps:// is encrypted already, so leave it out"
            )
        return "tls"
    if choice is None:
        return "none" if _is_here(host) else "starttls"
    return "starttls" if choice == "required" else "none"


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _database(text: str) -> SecretStr:
    if text.startswith(("postgres://", "postgresql://")):
        raise ValueError("should begin with postgresql+psycopg://, the driver that is installed")
    if not re.match(r"sqlite:///|postgresql\+psycopg://[^/]", text):
        raise ValueError(
            f"should be {DATABASE_URL}, or another sqlite:/// file, or "
            "postgresql+psycopg://user:password@host/name"
        )
    return SecretStr(text)


def _mailbox(text: str) -> str:
    """An address, with or without a name: `Learning Bot <bot@example.org>`."""
    name, address = parseaddr(text)
    if re.search(r"[\r\n]", text) or not address or (name == "" and "<" not in text and text != address):
        raise ValueError(
            f"`{shown(text)}` is no address; write bot@example.org or Learning Bot <bot@example.org>"
        )
    values.email(address)
    return text


def _slack_token(text: str) -> SecretStr:
    if text.startswith("xoxp-"):
        raise ValueError("is a person's token (xoxp-); use the app's bot token, which begins with xoxb-")
    if not re.fullmatch(r"(xoxe\.)?xoxb-\S+", text):
        raise ValueError("should be the app's bot token, which begins with xoxb-")
    return SecretStr(text)


def _slack_api(text: str) -> str:
    values.web_address(text, SLACK_API_URL)
    return text.rstrip("/") + "/"


def _public_url(text: str) -> str:
    parts = values.web_address(text, "https://learning.example.org")
    if parts.query or parts.fragment:
        raise ValueError("should end before any ? or #, such as https://learning.example.org")
    return text.rstrip("/")


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
        notes.append("SMTP_URL has ?starttls=off: the password travels in clear")
    if "PUBLIC_URL" not in said:
        notes.append("PUBLIC_URL is not set: emails have no link to unsubscribe with")
    elif not environ["PUBLIC_URL"].strip().startswith("https://"):
        notes.append("PUBLIC_URL is not https://: mail programs offer no one-click unsubscribe (RFC 8058)")
    return tuple(notes)
