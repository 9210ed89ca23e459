"""The documentation and the product say the same: commands, options, settings, environment variables."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from typer.main import get_command

from bot import __version__
from bot.cli import app
from bot.config.source_forms import SourcesForm
from bot.config.sources import sources_of
from bot.config.subscription_forms import SubscriptionsForm
from bot.config.subscriptions import subscriptions_of
from tests.house import VOCABULARY
from tests.tools.command_reference import TARGET, commands, reference

ROOT = Path(__file__).parents[1]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])


def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def yaml_in(page: str) -> list[str]:
    return re.findall(r"^```yaml\n(.*?)^```", text_of(page), re.MULTILINE | re.DOTALL)


def test_the_command_reference_is_what_the_commands_say_of_themselves() -> None:
    assert TARGET.read_text(encoding="utf-8") == reference(), "run `python -m tests.tools.command_reference`"


def test_no_command_is_cut_off_where_help_lists_it() -> None:
    top = get_command(app)
    every = [*top.commands.items(), *commands()]  # type: ignore[attr-defined]  # it has commands, so is a group
    cut = [name for name, command in every if command.get_short_help_str(63).endswith("...")]
    assert not cut, "the first sentence of its docstring is too long for 80 columns"


def commands_in_code() -> Iterator[tuple[str, str]]:
    """Each `learning-bot …` that stands in code: the page, and what is typed after it."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        fenced = re.findall(r"```.*?```", text, re.DOTALL)
        for code in [*fenced, *re.findall(r"`[^`\n]+`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))]:
            code = re.sub(r".*docker (?:run|build)(?:.*\\\n)*.*", "", code)  # there it names an image
            for typed in re.findall(
                r"(?<!-u )learning-bot (?:learning-bot )?(?:--config \S+ )?([a-z][^`\n#|;&']*)", code
            ):
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


def test_every_environment_variable_is_told_in_both_tables_and_no_other() -> None:
    code = (ROOT / "bot/config/environment.py").read_text(encoding="utf-8")
    variables = {*re.findall(r'take\("([A-Z_]+)"', code), *oauth_variables()}
    for page in ("README.md", "docs/operating.md"):
        named = re.findall(r"^\| (`[A-Z_]+`(?:, `[A-Z_]+`)*) \|", text_of(page), re.MULTILINE)
        assert set(re.findall(r"[A-Z_]+", " ".join(named))) == variables, page


def oauth_variables() -> set[str]:
    code = (ROOT / "bot/config/mail_server.py").read_text(encoding="utf-8")
    return {f"SMTP_OAUTH_{name}" for name in re.findall(r'given(?:\.get\(|\[)"([A-Z_]+)"', code)}


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
    text = text_of(page)
    missing = [
        key for key in sorted(settings(form.model_json_schema())) if not re.search(rf"\b{key}\b", text)
    ]
    assert not missing, f"{page} should tell of {', '.join(missing)}"


def test_every_theme_is_in_the_table_by_its_id_and_name() -> None:
    themes = text_of("docs/subscriptions.md").partition("\n## Themes\n")[2]
    table = dict(re.findall(r"^\| `([a-z-]+)` \| (.+) \|$", themes, re.MULTILINE))
    assert table == {one.id: one.name for one in VOCABULARY.themes}


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads(text_of("pyproject.toml"))["project"]
    wanted = [
        *project["dependencies"],
        *(name for one in project["optional-dependencies"].values() for name in one),
    ]
    needed = {re.split(r"[\[<>=]", name)[0] for name in wanted}
    reasons = text_of("docs/design-notes.md").partition("## Dependencies")[2]
    rows = re.findall(r"^\| ([a-z0-9., -]+) \|", reasons, re.MULTILINE)
    assert {name for row in rows for name in row.split(", ")} - {"package"} == needed


def test_the_example_of_subscriptions_works() -> None:
    (example,) = (one for one in yaml_in("docs/subscriptions.md") if one.startswith("digests:"))
    (subscription,) = subscriptions_of(example, VOCABULARY).subscriptions
    assert "01632 960 512" in str(subscription.footer)


def test_the_example_of_a_source_works() -> None:
    entry, select, *_ = yaml_in("docs/adding-a-source.md")
    (source,) = sources_of(entry + select).sources
    assert (source.id, source.follow, source.expect_max) == ("harrowmere", True, 30)
    assert source.select is not None


def test_the_slack_manifest_asks_for_the_scopes_that_are_explained() -> None:
    manifest = YAML(typ="safe").load(text_of("docs/slack-manifest.yaml"))
    explained = re.findall(r"^\| `([a-z:.]+)` \|", text_of("docs/slack.md"), re.MULTILINE)
    assert manifest["oauth_config"]["scopes"]["bot"] == [scope for scope in explained if ":" in scope]


def test_the_changelog_begins_with_this_version() -> None:
    assert re.findall(r"^## (\S+)", text_of("CHANGELOG.md"), re.MULTILINE)[0] == __version__


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_and_files_that_are_named_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    linked = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)
    named = re.findall(r"`((?:bot|tests|templates|docs)/[\w./-]*)`", text)
    missing = [one for one in linked if not (page.parent / one).exists()]
    missing += [one for one in named if not (ROOT / one).exists()]
    assert not missing
