"""The forms of subscriptions.yaml: what may stand there, and what each entry means.

The descriptions become the JSON Schema that editors show while one types. Values stay the text that was
written; `subscriptions.py` makes the models of them. What a value is checked against (theme ids, names of
digests) comes with the validation's context, a `Known`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field, ValidationInfo, field_validator

from bot.config import cron, values
from bot.config.form import (
    Address,
    Baseline,
    Cron,
    Form,
    Line,
    Slug,
    Text,
    TimeZone,
    Words,
    asking,
    checked,
    known,
)
from bot.config.organisation import OrganisationForm
from bot.config.theme_forms import OwnThemeForm
from bot.models import REPORTS, ReviewType
from bot.themes.ages import parse_age

IMMEDIATELY = "immediately"


class DigestForm(Form):
    """A digest: when it goes out, and what newcomers and quiet weeks get."""

    timezone: TimeZone = Field(default="Europe/London", description="Whose clock `cron` means.")
    cron: Cron = Field(description='When: minute hour day month weekday. "0 8 * * mon" is Mondays at 08:00.')
    baseline: Baseline = Field(
        default="31d", description="How much of the past a newcomer's first digest has: 31d, 4w, 0d for none."
    )
    quiet: Literal["send", "skip"] = Field(
        default="send",
        description="send: when nothing is new, say so, and what was checked. skip: send nothing then.",
    )

    @field_validator("cron")
    @classmethod
    def _comes_once(cls, value: str, info: ValidationInfo) -> str:
        return cron.digest_cron(value, info.data.get("timezone", "UTC"))


def _one_of(kind: Literal["theme", "source", "digest", "footer"]) -> AfterValidator:
    """A word that is among the known ones of its kind."""

    def validate(word: str, info: ValidationInfo) -> str:
        among: tuple[str, ...] | None = getattr(known(info), f"{kind}s")
        return word if among is None else values.one_of(word, among, kind)

    return AfterValidator(validate)


def _not_reserved(name: str) -> str:
    if name == IMMEDIATELY:
        raise ValueError("`immediately` needs no entry here: it always exists; take this one out")
    return _not_reports(name)


def _not_reports(name: str) -> str:
    if name == REPORTS:
        raise ValueError("`reports` is what administrators get; call this one something else")
    return values.slug(name)


ThemeId = Annotated[str, _one_of("theme")]


class ThemesForm(Form):
    """Theme ids. A review comes if it carries one of `any`, all of `all` and none of `none`."""

    any: list[ThemeId] = Field(default=[], description="At least one of these.")
    all: list[ThemeId] = Field(default=[], description="Every one of these.")
    none: list[ThemeId] = Field(default=[], description="Not one of these.")

    _ask = field_validator("any", "all", "none")(asking)

    @field_validator("none")
    @classmethod
    def _not_asked_for(cls, value: list[str], info: ValidationInfo) -> list[str]:
        both = sorted(set(value) & {*info.data.get("any", ()), *info.data.get("all", ())})
        if both:
            raise ValueError(f"`{both[0]}` is both asked for and shut out; keep it in one place")
        return value


class WordsForm(Form):
    """Words or phrases, looked for in the whole record."""

    any: Words = Field(default=[], description="At least one of these.")
    all: Words = Field(default=[], description="Every one of these.")
    none: Words = Field(default=[], description="Not one of these.")

    _ask = field_validator("any", "all", "none")(asking)

    @field_validator("any", "all", "none")
    @classmethod
    def _are_plain(cls, value: list[str]) -> list[str]:
        for text in value:
            if any(mark in text for mark in ("*", "...", "…", "~", "|")):
                raise ValueError(
                    f"`{text}` is looked for as plain words, in all their forms: `drown` finds drowned; "
                    "for more write a theme of your own, under `themes:` at the left margin"
                )
        return value


class WhereForm(Form):
    """What to narrow it by. A review comes only where each of these holds."""

    age: Annotated[str, checked(parse_age)] | None = Field(
        default=None, description='The age of a child at the incident, in quotes: "< 1 year".'
    )
    outcome: list[Literal["death", "serious-harm", "other"]] = Field(
        default=[], description="What came of it for the child."
    )
    place: Words = Field(default=[], description="Areas or partnerships.")
    review_type: list[ReviewType] = Field(
        default=[],
        description="lcspr, scr (its forerunner), cpr (Wales), cmr (Northern Ireland), lr (learning review), "
        "sar (adults), dhr (domestic homicide), national (the Panel), thematic (drawn from several).",
    )
    source: list[Annotated[str, _one_of("source")]] = Field(default=[], description="Ids from sources.yaml.")

    _ask = field_validator("outcome", "place", "review_type", "source")(asking)


class SubscriptionForm(Form):
    """Who gets what, and when. Without themes, words and where it is everything."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": ["to"]}, {"required": ["to_file"]}]})

    id: Annotated[Slug, AfterValidator(_not_reports)] = Field(
        description="A short name that never changes: small letters, digits, hyphens."
    )
    name: Line | None = Field(default=None, description="Its name, as readers will see it.")
    to: list[Address] = Field(
        default=[], description='Email addresses, and Slack channels as "slack:#channel" (in quotes).'
    )
    to_file: Line | None = Field(
        default=None, description="A file beside this one with more of them, one a line: nurses.txt."
    )
    digest: Annotated[str, _one_of("digest")] = Field(
        description="The name of a digest above, or immediately."
    )
    themes: ThemesForm | None = Field(default=None, description="Which themes.")
    words: WordsForm | None = Field(default=None, description="Which words.")
    where: WhereForm | None = Field(default=None, description="What to narrow it by.")
    footer: Annotated[str, _one_of("footer")] | None = Field(
        default=None, description="The name of a footer below: where to turn with a worry about a child."
    )
    quiet: Literal["send", "skip"] | None = Field(
        default=None,
        description="send or skip a digest with nothing new, where not as its digest says.",
    )


class SubscriptionsForm(Form):
    """Who gets which reviews, and when."""

    organisation: OrganisationForm = Field(
        default=OrganisationForm(), description="Who sends the digests, and how they look."
    )
    digests: dict[Annotated[str, AfterValidator(_not_reserved)], DigestForm] = Field(
        default={}, description="Digests by name. `immediately` needs no entry."
    )
    themes: list[OwnThemeForm] = Field(
        default=[], description="Themes of your own, and what you add to those that ship or mute in them."
    )
    subscriptions: list[SubscriptionForm] = Field(description="One entry a group of readers.")
    footers: dict[Slug, Text] = Field(
        default={},
        description="Texts by name: where to turn with a worry about a child. None: the NSPCC Helpline.",
    )
    stop_after_bounces: int = Field(
        default=3, ge=1, le=50, description="After so many bounces in a row an address is given nothing more."
    )
