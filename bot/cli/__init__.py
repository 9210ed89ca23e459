"""The command line: what an administrator and an operator type. It asks, shows and sets the exit code;
`wiring` does the work.

Exit codes: 0 all is well, 1 something failed (and is said), 2 wrong usage or configuration.
Parts are imported inside the commands, so that `--help` does not wait for them.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from bot import __version__
from bot.errors import BotError, ConfigError, UsageError

app = typer.Typer(
    name="learning-bot",
    help="New learning from child safeguarding practice reviews, by email and Slack.",
    epilog="Begin with `learning-bot demo`. Then edit the two YAML files and run `learning-bot check`.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@dataclass(slots=True, kw_only=True)
class Options:
    """What holds for every command."""

    config: Path = Path()


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"learning-bot {__version__}")
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    config: Annotated[
        Path,
        typer.Option("--config", metavar="DIR", help="The folder of sources.yaml and subscriptions.yaml."),
    ] = Path(),
    version: Annotated[
        bool,
        typer.Option("--version", help="Show the version and exit.", callback=_show_version, is_eager=True),
    ] = False,
) -> None:
    context.obj = Options(config=config)


def load_commands() -> None:
    """Make every command known to `app`, in the order in which help shows them."""
    for name in (
        "configuration",
        "sources",
        "requests_log",
        "saved_pages",
        "reviewing",
        "histories",
        "backfilling",
        "polling",
        "sending",
        "service",
        "worker",
        "status",
        "outbox",
        "bounce",
        "archive",
        "reviews",
        "themes",
        "templates",
    ):
        import_module(f"bot.cli.{name}")


def main() -> None:
    """The entry point: runs a command and turns an error into one clear line and an exit code."""
    load_commands()
    try:
        app()
    except (ConfigError, UsageError) as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    except BotError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sent = " What was being sent may or may not have gone; `outbox list` shows it."
        print(f"Stopped.{sent if 'send' in sys.argv else ''}", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()  # whoever read our output has stopped, as `| head` does
        sys.exit(1)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        print(f"{where}{error.strerror or error}", file=sys.stderr)
        sys.exit(1)
