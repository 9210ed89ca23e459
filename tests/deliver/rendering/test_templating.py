"""Templates of an administrator's own: when they are read, and how their mistakes are told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.deliver.rendering.printed import Printed
from bot.deliver.rendering.templating import Templates
from bot.errors import ConfigError, Problem
from bot.models import Edition
from tests.deliver.invented import full_week, name_of_theme
from tests.deliver.parts import LINK, TEMPLATES, renderer


def writes(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def told(make: Callable[[], object]) -> Problem:
    with pytest.raises(ConfigError) as raised:
        make()
    [problem] = raised.value.problems
    return problem


# --- read once ---------------------------------------------------------------------------------------------


def test_a_template_that_is_saved_while_the_bot_runs_waits_for_a_restart(tmp_path: Path) -> None:
    writes(tmp_path, "email/subject.txt", "as it was")
    templates = Templates([tmp_path, TEMPLATES])
    assert templates.render("email/subject.txt", {}) == "as it was"
    writes(tmp_path, "email/subject.txt", "{% if half a line")
    assert templates.render("email/subject.txt", {}) == "as it was"
    assert told(lambda: Templates([tmp_path, TEMPLATES]).render("email/subject.txt", {})).line == 1


def test_all_can_be_read_at_once_so_that_none_is_taken_up_later(tmp_path: Path) -> None:
    writes(tmp_path, "email/subject.txt", "as it was")
    writes(tmp_path, "email/stop.txt", "{% if %}")  # keeps nobody from reading the others
    writes(tmp_path, "logo.png", b"\x89PNG")
    templates = Templates([tmp_path, TEMPLATES])
    templates.read_all()
    writes(tmp_path, "email/subject.txt", "edited")
    writes(tmp_path, "email/print.css", "a copy that was not there")
    assert templates.render("email/subject.txt", {}) == "as it was"
    assert templates.render("email/print.css", {}) != "a copy that was not there"
    assert told(lambda: templates.render("email/stop.txt", {})).line == 1


# --- mistakes ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mistake", "said"),
    [
        ("{{ digest.total + ' reviews' }}", "unsupported operand"),
        ("{{ digest.total / 0 }}", "division by zero"),
        ("{{ 'x'.index('y') }}", "substring not found"),
        ("{{ '{3}'.format(1) }}", "out of range"),
        ("{{ 5 | wrap(bullet=3) }}", "has no len()"),
        ("{{ 'x'.encode('ascii').decode(4) }}", "must be str"),
    ],
)
def test_what_python_finds_wrong_in_a_template_is_told_with_file_and_line(
    tmp_path: Path, mistake: str, said: str
) -> None:
    ours = writes(tmp_path, "email/digest.txt", f"first\n{mistake}\n")
    writes(tmp_path, "web/digest.html", f"first\n{mistake}\n")
    problem = told(lambda: renderer(tmp_path).email(full_week(), LINK))
    assert (problem.file, problem.line) == (str(ours), 2)
    assert problem.text.startswith("cannot be worked out (")
    assert said in problem.text
    assert problem.text.endswith("; compare it with the template that ships")
    printed = Printed(Templates([tmp_path, TEMPLATES]), name_of_theme)
    problem = told(lambda: printed.page(Edition(id="x", digest=full_week())))
    assert (problem.file, problem.line) == (str(tmp_path / "web/digest.html"), 2)


@pytest.mark.parametrize(
    ("mistake", "said"),
    [
        ("{{ reveiws }}", "there is no name `reveiws` here"),
        ("{{ digest.reveiws }}", "there is no name `reveiws` here"),
        ("{{ digest.reviews[0].questions.all.first }}", "there is no name `all` here"),
        ("{{ digest.reviews | sort(attribute='titel') }}", "there is no name `titel` here"),
        ("{% import 'email/words.html' as words %}{{ words.cuont(1) }}", "there is no macro `cuont` here"),
        ("{% from 'email/words.html' import cuont %}{{ cuont(1) }}", "there is no macro `cuont` here"),
        ("{{ 5 | warp }}", "No filter named 'warp'"),
    ],
)
def test_a_name_that_does_not_exist_is_told_without_what_python_calls_the_rest(
    tmp_path: Path, mistake: str, said: str
) -> None:
    ours = writes(tmp_path, "email/digest.txt", f"first\n{mistake}\n")
    problem = told(lambda: renderer(tmp_path).email(full_week(), LINK))
    assert (problem.file, problem.line) == (str(ours), 2)
    assert problem.text == f"{said}; compare it with the template that ships"


def test_a_mistake_in_the_wording_of_slack_is_told_with_its_own_line(tmp_path: Path) -> None:
    words = (TEMPLATES / "slack/words.txt").read_text().splitlines()
    line = next(n for n, text in enumerate(words) if "macro content_note" in text)
    ours = "{% macro content_note() %}\n\n{{ 1 + 'x' }}{% endmacro %}"
    later = "\n".join(words[line:]).replace("macro content_note", "macro content_note_as_it_was", 1)
    path = writes(tmp_path, "slack/words.txt", "\n".join([*words[:line], ours, later]))
    problem = told(lambda: renderer(tmp_path).slack(full_week()))
    assert (problem.file, problem.line) == (str(path), line + 3)


def test_a_macro_that_is_gone_is_told_with_its_file(tmp_path: Path) -> None:
    words = (TEMPLATES / "slack/words.txt").read_text()
    path = writes(tmp_path, "slack/words.txt", words.replace("macro content_note(", "macro note_of_content("))
    problem = told(lambda: renderer(tmp_path).slack(full_week()))
    assert problem.file == str(path)
    assert problem.text.startswith("there is no macro `content_note` here;")


@pytest.mark.parametrize("name", ["email/stop.txt", "email/style.css", "email/words.html"])
def test_a_template_that_is_not_utf_8_is_told_with_file_and_line(tmp_path: Path, name: str) -> None:
    path = writes(tmp_path, name, "a\nb\nSafeguarding – Saltmarsh".encode("cp1252"))
    problem = told(lambda: renderer(tmp_path).email(full_week(), LINK))
    assert (problem.file, problem.line) == (str(path), 3)
    assert problem.text.startswith("is not UTF-8; save it as UTF-8 in your editor")


def test_a_template_that_the_account_may_not_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = writes(tmp_path, "email/subject.txt", "ours")
    opened = open

    def guarded(file: object, *args: object, **options: object) -> object:
        if str(file) == str(path):
            raise PermissionError(13, "Permission denied")
        return opened(file, *args, **options)  # type: ignore[call-overload]  # as it was called

    monkeypatch.setattr("builtins.open", guarded)
    problem = told(lambda: Templates([tmp_path]).render("email/subject.txt", {}))
    assert problem.file == str(path)
    assert "may not be read by the account" in problem.text


def test_a_mistake_of_our_own_is_not_called_the_templates() -> None:
    templates = Templates(TEMPLATES)

    def ours() -> None:
        with templates.mistakes_told():
            int("not a number")

    with pytest.raises(ValueError, match="invalid literal"):
        ours()


def test_a_template_that_is_nowhere_is_told() -> None:
    assert "email/gone.txt" in told(lambda: Templates(TEMPLATES).render("email/gone.txt", {})).text
