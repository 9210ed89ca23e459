"""Whatever is in the files, the answer is a configuration or a ConfigError."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.config import load, load_environment, load_subscriptions
from bot.config.sources import sources_of
from bot.config.subscriptions import subscriptions_of
from bot.errors import ConfigError
from tests.config.vocabularies import vocabulary_of

SHIPPED = vocabulary_of("neglect")

GOOD = """\
# yaml-language-server: $schema=schema/x.json
defaults: {every: 6h, contact: a@example.org}
digests: {weekly: {cron: "0 8 * * mon", timezone: Europe/London, baseline: 31d}}
sources:
  - {id: a, name: A, url: "https://example.org/", expect: {min: 1}, select: {item: a}}
themes:
  - {id: neglect, mute: ["about neglect"], strong: [hoard]}
  - {id: water, name: Water, strong: [{phrase: pool ... <baby>, in: [title]}], not: [swim]}
subscriptions:
  - id: a
    to: [lead@example.org, "slack:#a"]
    digest: weekly
    themes: {any: [neglect]}
    where: {age: "< 1 year"}
footers: {local: "x"}
organisation: {colour: "#12578f", logo: {file: x, alt: y, width: 20}, introduction: z}
"""
KEYS = [
    "defaults",
    "digests",
    "sources",
    "subscriptions",
    "footers",
    "id",
    "url",
    "to",
    "cron",
    "timezone",
    "every",
    "where",
    "age",
    "select",
    "item",
    "themes",
    "name",
    "strong",
    "weak",
    "not",
    "mute",
    "ages",
    "phrase",
    "in",
    "organisation",
    "colour",
    "colour_at_night",
    "logo",
    "file",
    "alt",
    "width",
    "introduction",
    "privacy",
]
FRAGMENTS = st.sampled_from(
    [*KEYS, *"\n :-?[]{}&*!|>%@`\"'\\#,~\t", ": ", "\n  ", "- ", "---\n", "<<", "!!int ", '"\\U']
) | st.text(max_size=4)

scalars = (
    st.none()
    | st.text(max_size=12)
    | st.sampled_from(
        [
            "0 8 * * mon",
            "L W * * #",
            "http://[",
            "a@b",
            "9999d",
            "neglect",
            "a ... b",
            "<baby>",
            "#ffffff",
            "160",
        ]
    )
)
trees = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)


def never_worse(read: Callable[[], object]) -> None:
    with suppress(ConfigError):
        read()


def both(text: str) -> None:
    never_worse(lambda: sources_of(text))
    never_worse(lambda: subscriptions_of(text, SHIPPED, ["a"]))


@settings(max_examples=60, deadline=None)
@given(st.lists(FRAGMENTS, max_size=30).map("".join))
def test_any_text_is_a_configuration_or_a_config_error(text: str) -> None:
    both(text)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(GOOD)), st.integers(0, 12), st.lists(FRAGMENTS, max_size=3).map("".join))
def test_a_good_file_with_a_slip_in_it_is_one_too(place: int, lost: int, slipped: str) -> None:
    both(GOOD[:place] + slipped + GOOD[place + lost :])


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS), trees, max_size=5))
def test_any_tree_is_one_too(tree: dict[str, object]) -> None:
    both(flow(tree))


def flow(value: object) -> str:
    """A tree as YAML on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(inner) for inner in value) + "]"
    return "null" if value is None else "'" + str(value).replace("'", "''") + "'"


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=60))
def test_any_bytes_are_one_too(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "sources.yaml").write_bytes(raw)
    never_worse(lambda: load(tmp_path, SHIPPED, {}))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(["file", "alt", "width"]), scalars | trees), trees)
def test_any_organisation_and_logo_are_one_too(tmp_path: Path, logo: object, tree: object) -> None:
    text = flow({"organisation": {"logo": logo}, "digests": tree, "subscriptions": []})
    (tmp_path / "subscriptions.yaml").write_text(text, "utf-8")
    never_worse(lambda: load_subscriptions(tmp_path / "subscriptions.yaml", SHIPPED))


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(
            [
                "DATABASE_URL",
                "SMTP_URL",
                "MAIL_FROM",
                "SLACK_BOT_TOKEN",
                "SLACK_API_URL",
                "PUBLIC_URL",
                "SECRET_KEY",
                "REPLY_TO",
            ]
        ),
        st.sampled_from(["smtp://", "smtps://[", "https://", "sqlite:///", "xoxb-", "@", ""]).flatmap(
            lambda start: st.text(max_size=12).map(lambda rest: start + rest)
        ),
    )
)
def test_any_environment_is_one_too(environ: dict[str, str]) -> None:
    never_worse(lambda: load_environment(environ))
