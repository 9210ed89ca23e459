"""Opening the bot for a command."""

from __future__ import annotations

import os

import typer

from bot.cli import Options
from bot.wiring import Bot


def options_of(context: typer.Context) -> Options:
    found = context.find_root().obj
    assert isinstance(found, Options)
    return found


def open_bot(context: typer.Context, *, keeping: bool = True) -> Bot:
    """The bot of the folder that was named; one that keeps nothing has its archive in memory.

    Raises ConfigError, StoreError.
    """
    database = None if keeping else "sqlite://"
    return Bot(options_of(context).config, os.environ, database_url=database)
