"""A YAML file as plain values, with the line on which each stands.

Every scalar stays the text that was written, whatever it looks like (`no`, `8:30`, `007`, `2026-01-01`);
only an empty value, `null` and `~` are None. What should be a number or a yes is for the forms to say. So
nothing can be read as something else behind a person's back (the "Norway problem" of YAML 1.1).

Refused: duplicate keys, aliases (they can be grown into "billion laughs"), tags, several documents in one
file, files over 1 MB.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
)

from bot.config import secrecy
from bot.config.sheet import Place, Sheet, shown
from bot.errors import ConfigError, Problem

LARGEST = 1_000_000  # bytes
DEEPEST = 20  # levels; the deepest that means anything has five

_NOTHING = {"", "~", "null", "Null", "NULL"}


def read(path: Path) -> Sheet:
    """The file at `path`. Raises ConfigError where there is nothing in it that forms could look at."""
    file = str(path)
    try:
        if path.stat().st_size > LARGEST:
            raise _stop(file, None, "is over 1 MB; that is no list written by hand, so it was not read")
        raw = path.read_bytes()
    except FileNotFoundError:
        raise _stop(
            file, None, f"is missing; write it, or use --config to name the folder with {path.name}"
        ) from None
    except OSError as error:
        raise _stop(file, None, f"could not be read ({error.strerror}); check its permissions") from None
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise _stop(file, line, "has a character that is not UTF-8; save the file as UTF-8") from None
    return parse(text, file)


def parse(text: str, file: str) -> Sheet:
    """The text of a file. Raises ConfigError as `read` does."""
    sheet = Sheet(file=file)
    try:
        if len(text.encode("utf-8", "surrogatepass")) > LARGEST:
            raise _stop(file, None, "is over 1 MB; that is no list written by hand, so it was not read")
        _fill(sheet, text)
    except ConfigError as error:
        raise ConfigError([*_secret_lines(sheet, text, set()), *error.problems]) from None
    keys = _check_secrets(sheet)
    sheet.problems.extend(_secret_lines(sheet, text, keys))
    if not isinstance(sheet.content, dict):
        wrong = "is empty" if sheet.content is None else "should be `key: value` lines, not a list or a text"
        start = "sources:" if "source" in Path(file).name else "subscriptions:"
        raise ConfigError(
            [*sheet.problems, *_stop(file, sheet.line(()), f"{wrong}; begin with `{start}`").problems]
        )
    return sheet


def _stop(file: str, line: int | None, text: str, place: str = "") -> ConfigError:
    return ConfigError([Problem(file=file, line=line, field=place, text=text)])


# --- building -----------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Open:
    """A mapping or list whose end has not come yet. `key`: what the next value of a mapping belongs to."""

    value: dict[str, object] | list[object]
    place: Place
    key: str | None = None

    def next_place(self) -> Place:
        return (*self.place, len(self.value) if isinstance(self.value, list) else (self.key or ""))


def _fill(sheet: Sheet, text: str) -> None:
    stack: list[_Open] = []
    documents = 0
    for event in _events(sheet, text):
        if isinstance(event, DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise _stop(sheet.file, _line(event), "has a second `---`; keep everything in one part")
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            stack.pop()
        elif isinstance(event, NodeEvent):
            _node(sheet, stack, event)


def _node(sheet: Sheet, stack: list[_Open], event: NodeEvent) -> None:
    line = _line(event)
    top = stack[-1] if stack else None
    if top is not None and isinstance(top.value, dict) and top.key is None:
        top.key = _key(sheet, top, event)
        sheet.lines.setdefault((*top.place, top.key), line)
        return
    place = top.next_place() if top is not None else ()
    sheet.lines.setdefault(place, line)
    value = _value(sheet, place, event)
    if top is None:
        sheet.content = value
    elif isinstance(top.value, list):
        top.value.append(value)
    else:
        if top.key in top.value:
            first = sheet.lines[place]
            sheet.problems.append(
                Problem(
                    file=sheet.file,
                    line=line,
                    field=sheet.field(place),
                    text=f"stands here a second time (first at line {first}); keep one of them",
                )
            )
        top.value.setdefault(top.key or "", value)
        top.key = None
    if isinstance(event, CollectionStartEvent):
        if len(stack) >= DEEPEST:
            raise _stop(sheet.file, line, "is nested too deeply; compare with the example in the README")
        stack.append(_Open(value, place))  # type: ignore[arg-type]  # _value made a dict or list for it


def _key(sheet: Sheet, top: _Open, event: NodeEvent) -> str:
    if isinstance(event, ScalarEvent) and event.value:
        return str(event.value)
    wrong = "an alias (`*name`)" if isinstance(event, AliasEvent) else "something that is no name"
    raise _stop(
        sheet.file,
        _line(event),
        f"{wrong} stands before a colon; write `name: value`, and text with brackets in quotes",
        sheet.field(top.place),
    )


def _value(sheet: Sheet, place: Place, event: NodeEvent) -> object:
    if isinstance(event, AliasEvent):
        sheet.settle(place, "an alias (`*name`) is not allowed here; write the value out again")
        return None
    if getattr(event, "tag", None) not in (None, "!"):
        sheet.settle(place, "a tag (`!name`) is not allowed here; put text that begins with `!` in quotes")
    if isinstance(event, ScalarEvent):
        text = str(event.value)
        return None if event.style is None and text in _NOTHING else text
    return {} if isinstance(event, MappingStartEvent) else []


def _line(event: Event) -> int:
    return int(event.start_mark.line) + 1


# --- what is no YAML ----------------------------------------------------------------------------------

# What ruamel says, and what it means to somebody who has never heard of tokens.
_PLAINLY = (
    ("\\t", "a tab is used where YAML wants spaces; replace each tab by spaces"),
    (
        "mapping values are not allowed",
        "a colon too many, or one that the line above lacks; put text with a colon in it in quotes",
    ),
    ("sequence entries are not allowed", "a list begins beside its name; begin it on the next line"),
    ("could not find expected ':'", "a colon is missing after a name, or this line is indented too little"),
    (
        "<block end>, but found '<scalar>'",
        "text stands after a closing quote, or the indentation does not line up",
    ),
    (
        "expected <block end>",
        "the indentation does not line up with the lines above; use spaces, two a level",
    ),
    ("scanning a quoted scalar", "a quotation mark opens here and never closes; close it"),
    ("scanning an alias", "a star begins here; put the value in quotes"),
    ("scanning a block scalar", "text that begins with > or | must be in quotes"),
    ("flow sequence", "a list in `[ ]` lacks a comma or its closing bracket"),
    ("flow mapping", "a group in `{ }` lacks a comma or its closing bracket"),
    ("flow node", "a bracket opens here or above and never closes; close it"),
    ("node content", "a bracket closes here that was never opened, or a value is missing"),
    ("cannot start any token", "this begins with a character that YAML keeps for itself; put it in quotes"),
    ("unknown escape character", "in double quotes a backslash must be doubled; or use single quotes"),
    ("special characters are not allowed", "there is a control character here; remove it"),
)


def _events(sheet: Sheet, text: str) -> Iterator[Event]:
    """The events of ruamel's parser; what it cannot parse is a ConfigError in plain words."""
    try:
        yield from YAML(typ="safe", pure=True).parse(text)
    except MarkedYAMLError as error:
        raise _stop(sheet.file, _where(error), _plainly(f"{error.problem}", f"{error.context}")) from None
    except YAMLError as error:
        raise _stop(sheet.file, _line_of(text, error), _plainly(str(error))) from None
    except (ValueError, OverflowError, IndexError):
        # ruamel's scanner lets these out for odd escapes and directives.
        raise _stop(sheet.file, None, "is not YAML: it has an escape or `%` line with no meaning") from None


def _where(error: MarkedYAMLError) -> int | None:
    unclosed = "end of stream" in f"{error.problem}"
    mark = (error.context_mark if unclosed else None) or error.problem_mark or error.context_mark
    return None if mark is None else int(mark.line) + 1


def _line_of(text: str, error: YAMLError) -> int | None:
    position = getattr(error, "position", None)
    return text.count("\n", 0, position) + 1 if isinstance(position, int) else None


def _plainly(problem: str, context: str = "") -> str:
    for theirs, ours in _PLAINLY:
        if theirs in problem or theirs in context:
            return ours
    return f"is not YAML here: {shown(problem)}"


# --- secrets ------------------------------------------------------------------------------------------


def _check_secrets(sheet: Sheet) -> set[int]:
    """Settles each place with a secret in it; returns their lines."""
    told: set[int] = set()
    for place, value in list(_leaves(sheet.content, ())):
        named = (secrecy.named(step) for step in place if isinstance(step, str) and value)
        found = secrecy.what(value) or next(filter(None, named), None)
        if found:
            sheet.settle(place, secrecy.refusal(found))
            told.add(sheet.line(place) or 0)
    return told


def _leaves(value: object, place: Place) -> Iterator[tuple[Place, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, (*place, key))
            if secrecy.what(key):
                yield (*place, key), key
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _leaves(inner, (*place, index))
    elif isinstance(value, str):
        yield place, value


def _secret_lines(sheet: Sheet, text: str, told: set[int]) -> list[Problem]:
    """Secrets in comments, and in files that could not be parsed."""
    return [
        Problem(file=sheet.file, line=number, field="", text=secrecy.refusal(found))
        for number, line in enumerate(text.split("\n"), start=1)
        if number not in told and (found := secrecy.what(line))
    ]
