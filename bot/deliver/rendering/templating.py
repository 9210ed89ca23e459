"""The templates of mails, posts and pages: found in several folders, filled in, their mistakes told."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock
from traceback import walk_tb
from typing import Any

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    Template,
    TemplateError,
    TemplateSyntaxError,
    select_autoescape,
)
from jinja2.environment import TemplateModule

from bot.deliver import words
from bot.deliver.rendering.plain import underlined, wrap
from bot.errors import ConfigError, Problem
from bot.spoken import in_quotes, listed

KINDS = (".html", ".txt", ".css")
# What Python says of a template that adds words to numbers, or calls what is no macro.
MISTAKES = (TypeError, ValueError, ArithmeticError, LookupError, AttributeError, RecursionError)
COMPARE = "compare it with the template that ships"
# How Jinja and Python say of which kind of thing they did not find a name, and the name.
UNKNOWN = re.compile(r"(.*)\b(?:has no attribute|requested name|is undefined)\b(?: '(\w+)')?", re.DOTALL)


class Templates:
    """Templates by name, `email/digest.html`.

    `folders`: one, or several of which the first that has a template wins (an administrator's before the
    bundled ones). What is put into a name that ends in `.html` is escaped. A mistake in a template raises
    ConfigError with its file and line. A template is read once: one that is edited later is not taken up.
    """

    def __init__(self, folders: Path | Sequence[Path]) -> None:
        every = [folders] if isinstance(folders, Path) else list(folders)
        self._folders = tuple(str(folder) for folder in every)
        self._environment = Environment(
            loader=Readable(every),
            auto_reload=False,
            autoescape=select_autoescape(enabled_extensions=("html",)),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters.update(
            day=words.day,
            short_day=words.short_day,
            listed=listed,
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

    def read_all(self) -> None:
        """Read every template now, so that nobody's edit meets a service that runs. One with a mistake is
        left: whoever needs it is told."""
        for name in self._environment.list_templates(filter_func=lambda name: name.endswith(KINDS)):
            with suppress(TemplateError):
                self._environment.get_template(name)

    @contextmanager
    def mistakes_told(self) -> Iterator[None]:
        """A template's mistake as ConfigError: the last template that stands in its trace, and the line. What
        Python finds wrong where no template is in the trace is a mistake of ours, and raised as it is."""
        try:
            yield
        except (TemplateError, *MISTAKES) as error:
            file, line = self._place_of(error)
            if isinstance(error, TemplateSyntaxError):
                file, line = error.filename or file, error.lineno
            if file is None and not isinstance(error, TemplateError):
                raise
            text = f"{_plainly(error)}; {COMPARE}"
            raise ConfigError([Problem(file=file or "templates", line=line, field="", text=text)]) from error

    def _place_of(self, error: Exception) -> tuple[str | None, int | None]:
        """The last template in its trace, and the line; or the file that has not got a macro of ours."""
        module = error.obj if isinstance(error, AttributeError) else None
        if isinstance(module, TemplateModule):
            return self._environment.get_template(str(module.__name__)).filename, None
        place: tuple[str | None, int | None] = None, None
        for frame, line in walk_tb(error.__traceback__):
            if not frame.f_code.co_filename.startswith(self._folders):
                continue
            compiled = frame.f_globals.get("__jinja_template__")  # a macro called by us has Python's lines
            own = compiled.get_corresponding_lineno(line) if isinstance(compiled, Template) else line
            place = frame.f_code.co_filename, own
        return place


def _plainly(error: Exception) -> str:
    """What is wrong, for somebody who does not program: a name without the type that lacks it."""
    said = (getattr(error, "message", None) or str(error) or type(error).__name__).rstrip(".")
    if found := UNKNOWN.fullmatch(said):
        name = found[2] or found[1].strip(" '")
        kind = "macro" if "template" in found[1].casefold() else "name"
        return f"there is no {kind} `{name}` here"
    return said if isinstance(error, TemplateError) else f"cannot be worked out ({said})"


class Readable(FileSystemLoader):
    """Finds templates in folders; one that cannot be read is a mistake in it like any other. Each is compiled
    once, however many threads come for it first."""

    def __init__(self, folders: Sequence[Path]) -> None:
        super().__init__(folders)
        self._compiled: dict[str, Template] = {}
        self._turn = RLock()  # a template may load others

    def load(
        self, environment: Environment, name: str, globals: MutableMapping[str, Any] | None = None
    ) -> Template:
        with self._turn:
            if name not in self._compiled:
                self._compiled[name] = super().load(environment, name, globals)
            return self._compiled[name]

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        try:
            return super().get_source(environment, template)
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            said = "is not UTF-8; save it as UTF-8 in your editor"
            raise TemplateSyntaxError(said, line, template, self._path_of(template)) from error
        except PermissionError as error:
            said = "may not be read by the account that runs the bot"
            raise TemplateSyntaxError(said, 1, template, self._path_of(template)) from error

    def _path_of(self, template: str) -> str:
        paths = (Path(folder) / template for folder in self.searchpath)
        return next(str(path) for path in paths if path.is_file())
