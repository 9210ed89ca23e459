"""Opening the bot for a command."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bot.cli import Options
from bot.config import load_environment
from bot.errors import BotError
from bot.wiring import Bot

if TYPE_CHECKING:
    from bot.store import Store


def options_of(context: typer.Context) -> Options:
    found = context.find_root().obj
    assert isinstance(found, Options)
    return found


def open_bot(context: typer.Context, *, keeping: bool = True, making: bool = False) -> Bot:
    """The bot of the folder that was named; one that keeps nothing has its archive in memory.

    Only a command that fills the archive makes one: typed in another folder than the service's, any other
    would begin an empty one and tell readers everything again. Raises ConfigError, StoreError, BotError.
    """
    if keeping and not making:
        require_archive(os.environ)
    database = None if keeping else "sqlite://"
    return Bot(options_of(context).config, os.environ, database_url=database)


def open_archive() -> Store:
    """The archive and ledger alone, for commands that need no configuration."""
    from bot.store import open_store

    require_archive(os.environ)
    return open_store(load_environment(os.environ).database_url.get_secret_value())


def require_archive(environ: Mapping[str, str]) -> None:
    """Raises BotError where the archive would be a file, and it is not there."""
    from sqlalchemy import make_url

    url = make_url(load_environment(environ).database_url.get_secret_value())
    if url.get_backend_name() == "sqlite" and url.database and not Path(url.database).exists():
        raise BotError(
            f"There is no archive at {Path(url.database).absolute()}. Type this in the folder where the bot "
            "runs, or make an archive with `learning-bot poll`."
        )
