"""An administrator's own templates, read without filling them in: names, grammar, what others need."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from jinja2 import Environment, TemplateSyntaxError, nodes

from bot.errors import Problem, UsageError

KINDS = (".html", ".txt", ".css")  # what else lies there (a README.md, an editor's copy) is passed over
WORDS = ("words", "parts")  # files that are only macros, which other templates call

Trees = dict[str, nodes.Template]

PAIRED = ("h1", "h2", "h3", "h4", "p", "a", "table", "tr", "td", "ul", "ol", "li", "div", "span", "strong")


def names_in(folder: Path) -> list[str]:
    """The templates in a folder by name, such as `email/review.html`."""
    found = (path for path in folder.rglob("*") if path.suffix in KINDS and path.is_file())
    return sorted(path.relative_to(folder).as_posix() for path in found if not path.name.startswith("."))


def fingerprints(*folders: Path) -> dict[str, str]:
    """Of every template that is in force, by name: of several folders the first that has it."""
    found: dict[str, str] = {}
    for folder in folders:
        for name in names_in(folder):
            found.setdefault(name, hashlib.sha256((folder / name).read_bytes()).hexdigest())
    return found


def problems_in(own: Path, shipped: Path) -> list[Problem]:
    """What is wrong with the templates in `own`, compared with those that ship."""
    known = names_in(shipped)
    trees: Trees = {}
    problems: list[Problem] = []
    for name in names_in(own):
        try:
            trees[name] = _parsed(own / name)
        except UnicodeDecodeError as error:
            line = (own / name).read_bytes()[: error.start].count(b"\n") + 1
            problems.append(_problem(own, name, line, "is not UTF-8; save it as UTF-8 in your editor"))
        except TemplateSyntaxError as error:
            text = f"{error.message}; compare it with the template that ships"
            problems.append(_problem(own, name, error.lineno, text))
    for name, tree in trees.items():
        problems += _missing_templates(own, name, tree, [*known, *trees])
        if name in known:
            problems += _missing_parts(own, name, tree, _parsed(shipped / name))
            problems += _unclosed(own, name, shipped)
    called = {wanted for tree in trees.values() for wanted, _ in _called_by(tree)}
    problems += [_unused(own, name, known) for name in trees if name not in known and name not in called]
    return problems


def copied(name: str, own: Path, shipped: Path) -> Path:
    """A template that ships, copied into `own`: where it is now. Raises UsageError where none has that
    name, or a copy is there already."""
    known = names_in(shipped)
    if name not in known:
        raise UsageError(f"There is no template `{name}`{_did_you_mean(name, known)}")
    target = own / name
    if target.exists():
        raise UsageError(f"{target} is there already; move it away, or change it where it is.")
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(shipped / name, target)
    return target


def _unclosed(own: Path, name: str, shipped: Path) -> Iterator[Problem]:
    """Tags that are opened more often than they are closed, or less, than in the template that ships: a page
    would be shown all the same, with everything after it in the wrong form."""
    if not name.endswith(".html"):
        return
    theirs, ours = ((folder / name).read_text(encoding="utf-8") for folder in (own, shipped))
    for tag in PAIRED:
        left = _left_open(theirs, tag) - _left_open(ours, tag)
        if left:
            wrong = f"a <{tag}> is opened and not closed" if left > 0 else f"there is a </{tag}> too many"
            yield _problem(own, name, None, f"{wrong}; compare it with the template that ships")


def _left_open(text: str, tag: str) -> int:
    return len(re.findall(rf"<{tag}[\s>]", text)) - len(re.findall(rf"</{tag}\s*>", text))


def _parsed(path: Path) -> nodes.Template:
    return Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))


def _problem(own: Path, name: str, line: int | None, text: str) -> Problem:
    return Problem(file=str(own / name), line=line, field="", text=text)


def _called_by(tree: nodes.Template) -> Iterator[tuple[str, int]]:
    """Templates that it includes, imports or extends, by name, with the line."""
    for node in tree.find_all((nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)):
        assert isinstance(node, nodes.Include | nodes.Import | nodes.FromImport | nodes.Extends)
        if isinstance(node.template, nodes.Const) and not getattr(node, "ignore_missing", False):
            yield str(node.template.value), node.lineno


def _missing_templates(own: Path, name: str, tree: nodes.Template, there: list[str]) -> Iterator[Problem]:
    for wanted, line in _called_by(tree):
        if wanted not in there:
            text = f"there is no template `{wanted}`{_did_you_mean(wanted, there)}"
            yield _problem(own, name, line, text)


def _missing_parts(own: Path, name: str, tree: nodes.Template, model: nodes.Template) -> Iterator[Problem]:
    """Macros and blocks that other templates fall back on, and that are gone from this one."""
    if Path(name).stem in WORDS:
        macros = _macros(tree)
        for macro, most in _macros(model).items():
            if macro not in macros:
                text = f"the macro `{macro}` is gone, which other templates use; copy it from what ships"
                yield _problem(own, name, None, text)
            elif macros[macro][0] < most[0]:
                text = f"the macro `{macro}` takes fewer arguments than other templates give it"
                yield _problem(own, name, macros[macro][1], f"{text}; compare it with the one that ships")
    if not list(model.find_all(nodes.Extends)):
        there = {block.name for block in tree.find_all(nodes.Block)}
        for block in model.find_all(nodes.Block):
            if block.name not in there:
                text = f"the block `{block.name}` is gone, which other pages fill in"
                yield _problem(own, name, None, f"{text}; copy it from the one that ships")


def _macros(tree: nodes.Template) -> dict[str, tuple[int, int]]:
    """How many arguments each takes, and on which line it stands."""
    return {macro.name: (len(macro.args), macro.lineno) for macro in tree.find_all(nodes.Macro)}


def _unused(own: Path, name: str, known: list[str]) -> Problem:
    text = f"is not one of the templates{_did_you_mean(name, known)} It is not used"
    return _problem(own, name, None, text)


def _did_you_mean(wanted: str, there: list[str]) -> str:
    near = get_close_matches(wanted, there, n=1, cutoff=0.5)
    return f": did you mean `{near[0]}`?" if near else "."
