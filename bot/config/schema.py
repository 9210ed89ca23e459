"""JSON Schemas of both files, which editors use to complete and check while one types.

Each file names its schema in its first line (https://github.com/redhat-developer/yaml-language-server).
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from bot.config.form import Form
from bot.config.source_forms import SourcesForm
from bot.config.subscription_forms import SubscriptionsForm

FOLDER = "schema"
SOURCES = "sources.schema.json"
SUBSCRIPTIONS = "subscriptions.schema.json"


def sources_schema() -> dict[str, Any]:
    """The schema of sources.yaml (JSON Schema 2020-12)."""
    return _schema(SourcesForm, "learning-bot: sources.yaml")


def subscriptions_schema(theme_ids: Collection[str]) -> dict[str, Any]:
    """The schema of subscriptions.yaml. Editors offer the themes that ship, and take any other id too: an
    administrator's own are not known here."""
    schema = _schema(SubscriptionsForm, "learning-bot: subscriptions.yaml")
    forms = schema["$defs"]
    own = forms["OwnThemeForm"]["properties"]
    pattern = {"type": "string", "pattern": own["id"]["pattern"]}
    forms["ThemeId"] = {"title": "ThemeId", "anyOf": [{"enum": sorted(theme_ids)}, pattern]}
    theme_id = {"$ref": "#/$defs/ThemeId"}
    for key in ("any", "all", "none"):
        forms["ThemesForm"]["properties"][key]["items"] = theme_id
    own["id"] = {"description": own["id"]["description"], **theme_id}
    for key in ("strong", "weak", "not"):
        own[key]["items"] = {"anyOf": [{"type": "string"}, own[key]["items"]]}
    return schema


def schema_texts(theme_ids: Collection[str]) -> dict[str, str]:
    """File names under `schema/` and what belongs into each."""
    return {
        SOURCES: _text(sources_schema()),
        SUBSCRIPTIONS: _text(subscriptions_schema(theme_ids)),
    }


def _schema(form: type[Form], title: str) -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **form.model_json_schema(),
        "title": title,
    }


def _text(schema: dict[str, Any]) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
