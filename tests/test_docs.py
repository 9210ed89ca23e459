"""What the pages in docs/ say is still so: themes, variables, dependencies, examples, links, commands."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.config import load_vocabulary
from bot.config.sources import sources_of
from bot.config.subscriptions import subscriptions_of

PROJECT = Path(__file__).parents[1]
DOCS = PROJECT / "docs"
PAGES = sorted(DOCS.glob("*.md"))


def themes() -> dict[str, str]:
    listed = load_vocabulary(PROJECT / "bot" / "themes" / "vocabulary.yaml")["themes"]
    assert isinstance(listed, list)
    return {theme["id"]: theme["name"] for theme in listed}


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def yaml_examples(name: str) -> list[str]:
    return re.findall(r"^```yaml\n(.*?)^```", page(name), re.MULTILINE | re.DOTALL)


def test_every_theme_is_in_the_table_by_its_id_and_name() -> None:
    assert (
        dict(re.findall(r"^\| `([a-z-]+)` \| (.+) \|$", page("subscriptions.md"), re.MULTILINE)) == themes()
    )


def test_every_environment_variable_is_described() -> None:
    code = (PROJECT / "bot" / "config" / "environment.py").read_text(encoding="utf-8")
    assert set(re.findall(r'take\("([A-Z_]+)"', code)) == set(
        re.findall(r"^\| `([A-Z_]+)` \|", page("operating.md"), re.MULTILINE)
    )


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["postgres"]
    needed = {re.split(r"[\[<>=]", name)[0] for name in wanted}
    reasons = page("design-notes.md").partition("## Dependencies")[2]
    explained = {
        name
        for row in re.findall(r"^\| ([a-z0-9., -]+) \|", reasons, re.MULTILINE)
        for name in row.split(", ")
    }
    assert needed - explained == set()
    assert explained - needed == {"package"}


def test_the_example_of_subscriptions_works() -> None:
    (example,) = (text for text in yaml_examples("subscriptions.md") if text.startswith("digests:"))
    (subscription,) = subscriptions_of(example, themes()).subscriptions
    assert subscription.footer is not None
    assert "01632 960 512" in subscription.footer


def test_the_example_of_a_source_works() -> None:
    text = yaml_examples("adding-a-source.md")
    (source,) = sources_of(text[0] + text[1]).sources
    assert (source.id, source.follow, source.expect_max) == ("harrowmere", True, 30)
    assert source.select is not None


def test_the_slack_manifest_asks_for_the_scopes_that_are_explained() -> None:
    manifest = YAML(typ="safe").load((DOCS / "slack-manifest.yaml").read_text(encoding="utf-8"))
    explained = re.findall(r"^\| `([a-z:.]+)` \|", page("slack.md"), re.MULTILINE)
    assert manifest["oauth_config"]["scopes"]["bot"] == [scope for scope in explained if ":" in scope]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_links_between_pages_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (DOCS / target).exists(), target


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_files_that_are_named_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for name in re.findall(r"`((?:bot|tests|templates|docs)/[\w./-]*)`", text):
        assert (PROJECT / name).exists(), name
