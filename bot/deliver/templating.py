"""The templates of mails, posts and pages: found in several folders, filled in, their mistakes told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from traceback import extract_tb

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
    select_autoescape,
)
from jinja2.environment import TemplateModule

from bot.deliver import words
from bot.deliver.plain import underlined, wrap
from bot.errors import ConfigError, Problem


class Templates:
    """Templates by name, `email/digest.html`.

    `folders`: one, or several of which the first that has a template wins (an administrator's before the
    bundled ones). What is put into a name that ends in `.html` is escaped. A mistake in a template raises
    ConfigError with its file and line.
    """

    def __init__(self, folders: Path | Sequence[Path]) -> None:
        every = [folders] if isinstance(folders, Path) else list(folders)
        self._folders = tuple(str(folder) for folder in every)
        self._environment = Environment(
            loader=FileSystemLoader(every),
            autoescape=select_autoescape(enabled_extensions=("html",)),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters.update(
            day=words.day,
            short_day=words.short_day,
            listed=words.listed,
            in_quotes=in_quotes,
            wrap=wrap,
            underlined=underlined,
            marks=words.marks,
            reachable=words.reachable,
        )

    def render(self, name: str, context: Mapping[str, object]) -> str:
        """The template filled in."""
        with self.mistakes_told():
            return self._environment.get_template(name).render(context)

    def module(self, name: str, context: Mapping[str, object]) -> TemplateModule:
        """The template's macros. Call them inside `mistakes_told`, for they too may have mistakes."""
        with self.mistakes_told():
            return self._environment.get_template(name).make_module(dict(context))

    @contextmanager
    def mistakes_told(self) -> Iterator[None]:
        """A template's mistake as ConfigError: the last template that stands in its trace, and the line."""
        try:
            yield
        except TemplateError as error:
            calls = extract_tb(error.__traceback__)
            inside = [call for call in calls if call.filename.startswith(self._folders)]
            file, line = (inside[-1].filename, inside[-1].lineno) if inside else ("templates", None)
            if isinstance(error, TemplateSyntaxError):
                file, line = error.filename or file, error.lineno
            text = f"{error.message or type(error).__name__}; compare it with the template that ships"
            raise ConfigError([Problem(file=file, line=line, field="", text=text)]) from error


def in_quotes(names: Iterable[str]) -> list[str]:
    """Each name in quotation marks."""
    return [f"“{name}”" for name in names]
