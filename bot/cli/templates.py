"""`templates`: those that ship, and a copy of one to change."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli import app

templates = typer.Typer(help="See the templates, and copy one to change it.", no_args_is_help=True)
app.add_typer(templates, name="templates")


@templates.command("list")
def show_names(context: typer.Context) -> None:
    """Name every template; your own are marked."""
    from bot.cli.opening import options_of
    from bot.wiring.own_templates import names_in
    from bot.wiring.shipped import shipped_templates

    shipped, here = shipped_templates(), options_of(context).config / "templates"
    own = () if here.resolve() == shipped.resolve() else names_in(here)
    for name in names_in(shipped):
        print(f"{name}  (your own is used)" if name in own else name)


@templates.command()
def copy(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Its name, such as email/review.html.")],
) -> None:
    """Copy a template into templates/, to change it there.

    That is a folder beside the two YAML files. A copy that is there already is left as it is."""
    from bot.cli.opening import options_of
    from bot.wiring.own_templates import copied
    from bot.wiring.shipped import shipped_templates

    path = copied(name, options_of(context).config / "templates", shipped_templates())
    print(f"Copied to {path}. After each change: `learning-bot check`.")
