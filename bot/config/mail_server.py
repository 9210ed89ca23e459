"""SMTP_URL and SMTP_OAUTH_* -> where mail is handed over, and how the bot logs in there."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Literal
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from pydantic import SecretStr

_EXAMPLE = "smtp://user:password@mail.example.org:587"
_PERCENT = "write / # ? @ : in a password as %2F %23 %3F %40 %3A"
_OAUTH = "SMTP_OAUTH_"
_TOKEN_URL = "https://login.microsoftonline.com/TENANT/oauth2/v2.0/token"

Security = Literal["none", "starttls", "tls"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuthGrant:
    """What an access token is asked for with (RFC 6749): a refresh token, or else the client's own
    credentials with a scope."""

    token_url: str
    client_id: str
    client_secret: SecretStr | None = None
    refresh_token: SecretStr | None = None
    scope: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where mail is handed over.

    `security`: `tls` from the first byte; `starttls`, and no mail without it; `none`, in clear. `oauth`: the
    user logs in with a token, and has no password.
    """

    host: str
    port: int
    security: Security
    user: str | None = None
    password: SecretStr | None = None
    oauth: OAuthGrant | None = None


def mail_server(text: str, *, by_token: bool = False) -> MailServer:
    """`smtp://user:pass@host:port`, `smtps://...`; user and password percent-encoded (RFC 3986). `by_token`:
    the user logs in by OAuth, so there is one, and no password.

    `smtps` is TLS from the first byte, port 465. `smtp` is port 587 with a user, else 25, and STARTTLS is
    required, so that neither a password nor a reader's address ever goes out in clear unasked;
    `?starttls=off` asks for it, and a server on this very machine needs none unless `?starttls=required`.
    Raises ValueError.
    """
    try:
        parts = urlsplit(text)
        host, given_port = parts.hostname, parts.port
    except ValueError:
        raise ValueError(f"is no address; write it as {_EXAMPLE}; {_PERCENT}") from None
    if parts.scheme not in ("smtp", "smtps"):
        raise ValueError(f"should begin with smtp:// or smtps://, such as {_EXAMPLE}")
    if not host or re.search(r"\s", host) or parts.path.strip("/") or parts.fragment:
        raise ValueError(f"should name a host and nothing after the port, such as {_EXAMPLE}; {_PERCENT}")
    if by_token and (parts.password or not parts.username):
        raise ValueError(
            "should have a user and no password, since SMTP_OAUTH_* gives the tokens to log in with, such as "
            "smtp://bot%40example.org@smtp.office365.com:587"
        )
    if not by_token and bool(parts.username) != bool(parts.password):
        raise ValueError(f"should have both user and password, or neither, such as {_EXAMPLE}")
    usual = 465 if parts.scheme == "smtps" else 587 if parts.username else 25
    return MailServer(
        host=host,
        port=given_port or usual,
        security=_security(parts, host),
        user=unquote(parts.username) if parts.username else None,
        password=SecretStr(unquote(parts.password)) if parts.password else None,
    )


def asks_for_tokens(environ: Mapping[str, str]) -> bool:
    """Whether any SMTP_OAUTH_* is set."""
    return any(name.startswith(_OAUTH) and text.strip() for name, text in environ.items())


def oauth_grant(environ: Mapping[str, str], wrong: Callable[[str, str], None]) -> OAuthGrant | None:
    """SMTP_OAUTH_TOKEN_URL, _CLIENT_ID, _CLIENT_SECRET, _REFRESH_TOKEN and _SCOPE: complete, or None.

    With a refresh token that grant is used; else client credentials, which need a secret and a scope.
    `wrong` is told each variable that is missing or wrong, and why.
    """
    if not asks_for_tokens(environ):
        return None
    given = {
        name.removeprefix(_OAUTH): text.strip()
        for name, text in environ.items()
        if name.startswith(_OAUTH) and text.strip()
    }
    needed = {
        "TOKEN_URL": f"such as {_TOKEN_URL}",
        "CLIENT_ID": "the id that the application got when it was registered",
    }
    if "REFRESH_TOKEN" not in given:
        needed["CLIENT_SECRET"] = f"or set {_OAUTH}REFRESH_TOKEN"
        needed["SCOPE"] = "for Microsoft 365 it is https://outlook.office365.com/.default"
    missing = [name for name in needed if name not in given]
    for name in missing:
        wrong(_OAUTH + name, f"is missing though others of {_OAUTH}* are set; {needed[name]}")
    try:
        private_address(given.get("TOKEN_URL", _TOKEN_URL), _TOKEN_URL)
    except ValueError as error:
        wrong(_OAUTH + "TOKEN_URL", str(error))
        return None
    if missing:
        return None
    return OAuthGrant(
        token_url=given["TOKEN_URL"],
        client_id=given["CLIENT_ID"],
        client_secret=_secret(given.get("CLIENT_SECRET")),
        refresh_token=_secret(given.get("REFRESH_TOKEN")),
        scope=given.get("SCOPE"),
    )


def private_address(text: str, example: str) -> str:
    """A web address to which a secret may go: https, or http on this very machine. No message repeats it,
    since it may be a secret itself."""
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
        fits = parts.port != 0
    except ValueError:
        host, fits = "", False
    if not fits or not host or re.search(r"\s", text) or parts.username or parts.fragment:
        raise ValueError(f"is no web address; write it as {example}")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_here(host)):
        raise ValueError(f"should begin with https://, since secrets go there, such as {example}")
    return text


def _secret(text: str | None) -> SecretStr | None:
    return SecretStr(text) if text else None


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
        return "none" if is_here(host) else "starttls"
    return "starttls" if choice == "required" else "none"


def is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
