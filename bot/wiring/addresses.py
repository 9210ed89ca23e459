"""Where readers find what is theirs and what is everybody's: links in mails, and the keys that sign them."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from contextlib import suppress
from email.utils import parseaddr
from functools import cached_property
from pathlib import Path

from bot.config import Environment
from bot.web.tokens import link


class Addresses:
    """Addresses at PUBLIC_URL, where there is one. `kept_key`: the file of a key that is made where
    SECRET_KEY is not set."""

    def __init__(self, environment: Environment, kept_key: Path) -> None:
        self._environment = environment
        self._kept_key = kept_key

    @property
    def contact(self) -> str | None:
        """Whom readers can write to."""
        return parseaddr(self._environment.reply_to or self._environment.mail_from or "")[1] or None

    @cached_property
    def secret_keys(self) -> list[str]:
        """What links to unsubscribe are signed with: SECRET_KEY, else a key made once and kept. Its links
        stay good when SECRET_KEY is set later."""
        said = (self._environment.secret_key, self._environment.secret_key_previous)
        keys = [key.get_secret_value() for key in said if key]
        return [*keys, _kept(self._kept_key)] if self._kept_key.exists() or not keys else keys

    def unsubscribe_url(self, subscriber_id: int, brought_by: Sequence[str]) -> str | None:
        """The reader's own address for stopping what brought them a digest: these subscriptions (their ids).
        None where the bot has no public address."""
        if not self._environment.public_url:
            return None
        return link(self._environment.public_url, subscriber_id, brought_by, self.secret_keys)

    def page_url(self, edition_id: str) -> str | None:
        """Where an edition stands as a page. None where the bot has no public address."""
        public = self._environment.public_url
        return f"{public}/digests/{edition_id}" if public else None


def _kept(path: Path) -> str:
    """The key in `path`, made if it is not there; readable by the owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):  # it is there, or another process has just made it
        made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(made, "w") as file:
            file.write(secrets.token_urlsafe(32))
    return path.read_text().strip()
