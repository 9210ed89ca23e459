"""Writes docs/commands.md from the commands themselves: `python -m tests.tools.command_reference`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer.main

from bot import cli

TARGET = Path(__file__).parents[2] / "docs" / "commands.md"
HEAD = """# Commands

Every command, as `learning-bot COMMAND --help` tells it. `--config DIR`, before the command, names the folder of
`sources.yaml` and `subscriptions.yaml`; without it, it is the current one. The exit code is 0 when all is well, 1 when
something failed (and says what), 2 for wrong usage or configuration.

This page is written by `python -m tests.tools.command_reference`.
"""


def commands() -> Iterator[tuple[str, Any]]:
    """Each command by its full name, groups left out."""
    cli.load_commands()
    top = typer.main.get_command(cli.app)
    yield from _below("", top)


def _below(prefix: str, group: Any) -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        full = f"{prefix} {name}".strip()
        if hasattr(command, "commands"):
            yield from _below(full, command)
        else:
            yield full, command


def reference() -> str:
    parts = [HEAD]
    for name, command in sorted(commands(), key=lambda item: item[0]):
        arguments = [one for one in command.params if one.param_type_name == "argument"]
        options = [one for one in command.params if one.param_type_name == "option" and one.name != "help"]
        usage = " ".join(["learning-bot", name, *(one.metavar or one.name.upper() for one in arguments)])
        parts.append(f"## `{usage}`\n\n{command.help}\n")
        told = [f"- `{one.metavar}`: {one.help}" for one in arguments]
        told += [f"- `{_written(one)}`: {one.help}" for one in options]
        if told:
            parts.append("\n".join(told) + "\n")
    return "\n".join(parts)


def _written(option: Any) -> str:
    takes = "" if option.is_flag else f" {option.metavar or option.name.upper()}"
    return option.opts[0] + takes


if __name__ == "__main__":
    TARGET.write_text(reference(), encoding="utf-8")
