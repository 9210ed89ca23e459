"""The forms of an administrator's own themes in subscriptions.yaml."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field, model_validator

from bot.config.form import Form, Line, Slug, Words, checked
from bot.themes.ages import parse_age
from bot.themes.vocabulary import FieldName


class PhraseForm(Form):
    """A phrase that counts only in certain fields of a review. Its text alone counts in all."""

    phrase: Line = Field(description="The phrase, as one would write it without `in`.")
    fields: list[FieldName] = Field(
        default=[], alias="in", description="The only fields where it counts: title, incident, learning …"
    )

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, given: object) -> object:
        return {"phrase": given} if isinstance(given, str) else given


class OwnThemeForm(Form):
    """A theme of your own; or, with the id of one that ships, what is added to it or muted."""

    id: Slug = Field(description="A short name that never changes, or the id of a theme that ships.")
    name: Line | None = Field(
        default=None, description="Its name, as readers will see it. A theme of your own needs one."
    )
    strong: list[PhraseForm] = Field(
        default=[], description="Phrases of which one is enough where a review says what it is about."
    )
    weak: list[PhraseForm] = Field(default=[], description="Phrases of which two different ones are needed.")
    never: list[PhraseForm] = Field(
        default=[], alias="not", description="Phrases in which the words do not mean the theme."
    )
    mute: Words = Field(
        default=[], description="Phrases of the theme that ships, as written there, that count no longer."
    )
    ages: Annotated[str, checked(parse_age)] | None = Field(
        default=None, description='An age of the child that makes the theme by itself, in quotes: "< 1 year".'
    )


class OwnThemesForm(Form):
    """Themes of your own, alone: whatever else is in the file is not looked at."""

    model_config = ConfigDict(extra="ignore")

    themes: list[OwnThemeForm] = Field(default=[])
