"""Adding to sources.yaml as a careful person would: one entry more, and every other byte as it was.

The entry is written by ruamel.yaml and put in as text, where the list ends; a file that goes through a
YAML writer as a whole loses its spacing. Only a list in brackets is written anew, by ruamel's round trip.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import StringIO

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from bot.config.parsing import parse
from bot.config.sheet import Sheet
from bot.config.sources import FILE, sources_of
from bot.errors import ConfigError, Problem


def append_source(text: str, entry: Mapping[str, object], comment: str) -> str:
    """The text of sources.yaml with `entry` as its last source, and `comment` in the lines above it.

    Raises ConfigError if the text or the entry is wrong, with the problems of the file as it would be.
    """
    before = parse(text, FILE)
    if before.problems:
        raise ConfigError(before.problems)
    added = _in_place(text, entry, comment)
    if added is None or not _is_one_more(before, added):
        added = _rewritten(text, entry, comment)
    sources_of(added)
    return added


def _is_one_more(before: Sheet, text: str) -> bool:
    """Whether the text says what it said, and one source more at the end of the list."""
    try:
        after = parse(text, FILE)
    except ConfigError:
        return False
    if not isinstance(after.content, dict) or not isinstance(before.content, dict):
        return False
    listed = after.content.get("sources")
    return isinstance(listed, list) and {**after.content, "sources": listed[:-1]} == before.content


# --- as text ------------------------------------------------------------------------------------------


def _in_place(text: str, entry: Mapping[str, object], comment: str) -> str | None:
    """None where the list is empty or in brackets."""
    root = YAML(typ="rt", pure=True).compose(text)
    found = _list_in(root)
    if found is None or found.flow_style or not found.value:
        return None
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines(keepends=True)
    end = len(lines) if found is root.value[-1][1] else _last_line(found) + 1
    head, tail = lines[:end], lines[end:]
    if head and not head[-1].endswith(("\n", "\r")):
        head[-1] += newline
    dash = int(found.start_mark.column)
    written = [" " * dash + line if line else "" for line in _written(entry, comment)]
    gap = [] if head and not head[-1].strip() else [""]
    return "".join([*head, *(line + newline for line in [*gap, *written]), *tail])


def _list_in(root: Node | None) -> SequenceNode | None:
    pairs = root.value if isinstance(root, MappingNode) else []
    found = next((value for key, value in pairs if key.value == "sources"), None)
    return found if isinstance(found, SequenceNode) else None


def _last_line(node: Node) -> int:
    """The line, from 0, on which the last value of a list stands; its end mark is past comments below it."""
    if isinstance(node, MappingNode) and not node.flow_style and node.value:
        return _last_line(node.value[-1][1])
    if isinstance(node, SequenceNode) and not node.flow_style and node.value:
        return _last_line(node.value[-1])
    ends = int(node.end_mark.line)
    folded = isinstance(node, ScalarNode) and node.style in ("|", ">")
    return ends - 1 if folded and node.end_mark.column == 0 else ends


def _written(entry: Mapping[str, object], comment: str) -> list[str]:
    out = StringIO()
    _writer().dump([_plain(entry)], out)
    lines = [line[2:] if line.startswith("  ") else line for line in out.getvalue().splitlines()]
    return [*(f"# {line}".rstrip() for line in comment.splitlines()), *lines]


def _plain(entry: Mapping[str, object]) -> CommentedMap:
    """The entry, with what is inside it in brackets on one line: `expect: {min: 3, max: 40}`."""
    written = CommentedMap()
    for key, value in entry.items():
        inner: object = value
        if isinstance(value, Mapping):
            inner = CommentedMap(value)
            inner.fa.set_flow_style()
        elif isinstance(value, list | tuple):
            inner = CommentedSeq(value)
            inner.fa.set_flow_style()
        written[key] = inner
    return written


def _writer() -> YAML:
    writer = YAML(typ="rt", pure=True)
    writer.indent(mapping=2, sequence=4, offset=2)
    writer.width = 4096
    writer.preserve_quotes = True
    return writer


# --- by ruamel's round trip ---------------------------------------------------------------------------


def _rewritten(text: str, entry: Mapping[str, object], comment: str) -> str:
    writer = _writer()
    try:
        whole = writer.load(text)
        listed = whole.get("sources")
        if not isinstance(listed, CommentedSeq):
            listed = whole["sources"] = CommentedSeq()
        listed.fa.set_block_style()
        listed.append(_plain(entry))
        if comment:
            listed.yaml_set_comment_before_after_key(len(listed) - 1, before=comment, indent=2)
        out = StringIO()
        writer.dump(whole, out)
    except (YAMLError, AttributeError, ValueError):
        wrong = "could not be written to; add the entry by hand at the end of `sources:`"
        raise ConfigError([Problem(file=FILE, line=None, field="sources", text=wrong)]) from None
    return out.getvalue()
