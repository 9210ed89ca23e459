"""The channels, made from the environment: mail, Slack, and how much of each goes at once."""

from __future__ import annotations

from collections.abc import Callable
from email.utils import parseaddr
from pathlib import Path
from typing import TYPE_CHECKING

from bot.config import Environment, MailServer
from bot.deliver.mail.dkim import DkimSigner
from bot.deliver.mail.headers import mailbox
from bot.deliver.mail.letter import Letters
from bot.deliver.rendering.render import Renderer
from bot.errors import ConfigError, Problem
from bot.models import Delivery
from bot.ports import Clock

if TYPE_CHECKING:  # imported where they are needed: few commands send
    from bot.deliver.mail import oauth
    from bot.deliver.mail.connection import MailServer as Server
    from bot.deliver.mail.eml import EmlChannel
    from bot.deliver.mail.smtp import EmailChannel
    from bot.deliver.slack.workspace import SlackWorkspace

UNSET_SENDER = "learning-bot <learning-bot@localhost>"  # MAIL_FROM is asked for once SMTP_URL is set


def letters(
    environment: Environment,
    renderer: Renderer,
    clock: Clock,
    organisation: str,
    unsubscribe_url: Callable[[Delivery], str | None],
    page_url: Callable[[str], str | None],
    configured: Callable[[], object],
) -> Letters:
    """`organisation`: its name as the bot starts. Raises ConfigError where the key that signs them cannot be
    used."""
    sender = _named(environment.mail_from or UNSET_SENDER, organisation)
    return Letters(
        renderer,
        sender,
        clock,
        unsubscribe_url=unsubscribe_url,
        page_url=page_url,
        reply_to=environment.reply_to,
        return_path=environment.mail_return_path,
        sign=_signer(environment, mailbox(sender).domain),
        configured=configured,
    )


def _named(sender: str, organisation: str) -> str:
    """The sender, called by the organisation where MAIL_FROM has no name of its own."""
    name, address = parseaddr(sender)
    quoted = organisation.replace("\\", "").replace('"', "'")
    return sender if name else f'"{quoted}" <{address}>'


def mail(environment: Environment, letters: Letters, outbox: Path) -> EmailChannel | EmlChannel:
    """SMTP where a mail server is set, else .eml files that any mail program opens."""
    from bot.deliver.mail.eml import EmlChannel
    from bot.deliver.mail.smtp import EmailChannel

    if environment.mail_server is None:
        return EmlChannel(outbox, letters)
    return EmailChannel(_server(environment.mail_server), letters)


def slack(
    environment: Environment,
    renderer: Renderer,
    page_url: Callable[[str], str | None],
) -> SlackWorkspace:
    """Each channel by its webhook where it has one, else by the bot token."""
    from bot.deliver.slack.workspace import SlackWorkspace

    token = environment.slack_bot_token
    webhooks = {channel: url.get_secret_value() for channel, url in environment.slack_webhooks.items()}
    return SlackWorkspace(
        renderer,
        token.get_secret_value() if token else None,
        webhooks,
        environment.slack_api_url,
        page_url=page_url,
    )


def _signer(environment: Environment, domain: str) -> DkimSigner | None:
    file, selector = environment.dkim_key_file, environment.dkim_selector
    if file is None or selector is None:
        return None
    try:
        key = file.read_bytes()
    except OSError as error:
        text = f"{file} cannot be read ({error.strerror}); it should have the private key, in PEM"
        problem = Problem(file="environment", line=None, field="DKIM_KEY_FILE", text=text)
        raise ConfigError([problem]) from error
    return DkimSigner(key, selector, domain)


def _server(set_up: MailServer) -> Server:
    from bot.deliver.mail.connection import MailServer as Server

    return Server(
        host=set_up.host,
        port=set_up.port,
        security=set_up.security,
        user=set_up.user,
        password=set_up.password.get_secret_value() if set_up.password else None,
        oauth=_tokens(set_up),
    )


def _tokens(set_up: MailServer) -> oauth.AccessTokens | None:
    from bot.deliver.mail import oauth

    grant = set_up.oauth
    if grant is None:
        return None
    return oauth.AccessTokens(
        oauth.Grant(
            token_url=grant.token_url,
            client_id=grant.client_id,
            client_secret=grant.client_secret.get_secret_value() if grant.client_secret else None,
            refresh_token=grant.refresh_token.get_secret_value() if grant.refresh_token else None,
            scope=grant.scope,
        )
    )
