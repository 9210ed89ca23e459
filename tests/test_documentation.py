"""The documentation and the product say the same: commands, options, settings, environment variables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import __version__
from bot.config.environment import Environment
from bot.config.forms import SourcesForm, SubscriptionsForm
from tests.house import VOCABULARY
from tests.tools.command_reference import TARGET, commands, reference

ROOT = Path(__file__).parents[1]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
EVERYTHING = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
ENVIRONMENT = {
    name.upper().replace("MAIL_SERVER", "SMTP_URL") for name in Environment.__dataclass_fields__
} - {"NOTES"}


def test_the_command_reference_is_what_the_commands_say_of_themselves() -> None:
    assert TARGET.read_text(encoding="utf-8") == reference(), "run `python -m tests.tools.command_reference`"


def commands_in_code() -> Iterator[tuple[str, str]]:
    """Each `learning-bot …` that stands in code: the page, and what is typed after it."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        fenced = re.findall(r"```.*?```", text, re.DOTALL)
        for code in [*fenced, *re.findall(r"`[^`\n]+`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))]:
            code = re.sub(r".*docker (?:run|build)(?:.*\\\n)*.*", "", code)  # there it names an image
            for typed in re.findall(r"(?<!-u )learning-bot (?:learning-bot )?(?:--config \S+ )?([a-z][^`\n#|;&']*)", code):
                yield page.name, typed.strip()


def test_every_command_that_the_documentation_mentions_exists_with_its_options() -> None:
    known = dict(commands())
    groups = {name.split()[0] for name in known if " " in name}
    mentioned = list(commands_in_code())
    assert len(mentioned) > 20
    for page, typed in mentioned:
        if typed in groups:
            continue
        name = next((one for one in known if f"{typed} ".startswith(f"{one} ")), None)
        assert name, f"{page}: there is no command `{typed}`"
        allowed = {option for one in known[name].params for option in getattr(one, "opts", [])} | {"--help"}
        unknown = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", typed)) - allowed
        assert not unknown, f"{page}: `{name}` has no option {', '.join(unknown)}"


@pytest.mark.parametrize("variable", sorted(ENVIRONMENT))
def test_every_environment_variable_is_in_the_readme_and_in_operating(variable: str) -> None:
    for page in ("README.md", "docs/operating.md"):
        assert f"`{variable}`" in (ROOT / page).read_text(encoding="utf-8"), (
            f"{page} should tell of {variable}"
        )


def test_no_environment_variable_is_documented_that_does_not_exist() -> None:
    table = re.findall(r"^\| `([A-Z_]+)` \|", EVERYTHING, re.MULTILINE)
    assert table
    assert set(table) <= ENVIRONMENT


def settings(schema: dict[str, object]) -> set[str]:
    """Every key that may stand in a file, by its JSON Schema."""
    found = set()
    definitions = [schema, *schema.get("$defs", {}).values()]  # type: ignore[attr-defined]
    for one in definitions:
        found.update(one.get("properties", {}))
    return found


@pytest.mark.parametrize(
    ("form", "page"), [(SourcesForm, "docs/adding-a-source.md"), (SubscriptionsForm, "docs/subscriptions.md")]
)
def test_every_setting_of_both_files_is_documented(form: type[SourcesForm], page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    missing = [
        key for key in sorted(settings(form.model_json_schema())) if not re.search(rf"\b{key}\b", text)
    ]
    assert not missing, f"{page} should tell of {', '.join(missing)}"


def test_every_theme_is_documented_with_its_name() -> None:
    text = (ROOT / "docs/subscriptions.md").read_text(encoding="utf-8")
    missing = [one.id for one in VOCABULARY.themes if f"`{one.id}`" not in text or one.name not in text]
    assert not missing


def test_the_changelog_begins_with_this_version() -> None:
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (\S+)", changes, re.MULTILINE)[0] == __version__


def test_every_link_between_pages_leads_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} points to {target}, which is not there"
