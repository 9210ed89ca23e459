"""The forms of sources.yaml and subscriptions.yaml: what may stand there, and what each entry means.

The descriptions become the JSON Schema that editors show while one types. Values stay the text that was
written; `sources.py` and `subscriptions.py` make the models of them. What a value is checked against (theme
ids, names of digests) comes with the validation's context, a `Known`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from bot.config import cron, values
from bot.config.form import (
    Address,
    Baseline,
    Cron,
    Form,
    Interval,
    Line,
    PollCron,
    Selector,
    Slug,
    Text,
    TimeZone,
    Words,
    asking,
    checked,
    known,
    pattern,
)
from bot.config.theme_forms import OwnThemeForm
from bot.criteria import parse_age
from bot.models import Reads, ReviewType

IMMEDIATELY = "immediately"


# --- sources.yaml -------------------------------------------------------------------------------------


class DefaultsForm(Form):
    """What holds for each source that does not say otherwise."""

    every: Interval = Field(default="6h", description="How often a page is looked at: 90m, 6h, 1d, 2w.")
    contact: Annotated[str, checked(values.contact)] | None = Field(
        default=None,
        description="An email address or page at which a webmaster can reach you. Sent with each request.",
    )


class SelectForm(Form):
    """CSS selectors, for a page that the reader cannot make out by itself."""

    item: Selector = Field(description="What holds one review, e.g. `article.review`.")
    title: Selector | None = Field(default=None, description="Inside an item, the review's title.")
    link: Selector | None = Field(default=None, description="Inside an item, the link to its report.")
    date: Selector | None = Field(default=None, description="Inside an item, its date of publication.")


class ExpectForm(Form):
    """How many reviews the page usually shows. Outside this an administrator is told."""

    min: Annotated[int, Field(ge=0)] | None = Field(default=None, description="Fewer than this is an error.")
    max: Annotated[int, Field(ge=0)] | None = Field(default=None, description="More than this is an error.")

    @field_validator("max")
    @classmethod
    def _not_below_min(cls, value: int | None, info: ValidationInfo) -> int | None:
        least = info.data.get("min")
        if value is not None and least is not None and value < least:
            raise ValueError(f"is {value}, less than min, {least}; exchange the two")
        return value


class SourceForm(Form):
    """One page or feed that is watched."""

    id: Slug = Field(description="A short name that never changes: small letters, digits, hyphens.")
    name: Line = Field(description="Its name, as readers will see it.")
    url: str = Field(description="The address of the page or feed.", json_schema_extra=pattern("^https?://"))
    reads: Reads = Field(
        default="auto",
        description="auto finds out; listing: reviews with summaries; links: a list of links to reports; "
        "briefing: one review; feed: RSS or Atom.",
    )
    every: Interval | None = Field(default=None, description="How often it is looked at: 90m, 6h, 1d, 2w.")
    cron: PollCron | None = Field(
        default=None,
        description='Or when: minute hour day month weekday, UK time. "0 6 * * 1-5" is weekdays at 06:00.',
    )
    place: Line | None = Field(default=None, description="The area, where the page does not say it.")
    follow: bool = Field(
        default=False, description="Open each linked report or briefing and read it too, not the page alone."
    )
    select: SelectForm | None = Field(default=None, description="CSS, only where auto does not do.")
    include: Words = Field(default=[], description="Only items with one of these words are taken.")
    exclude: Words = Field(default=[], description="Items with one of these words are left out.")
    expect: ExpectForm | None = Field(
        default=None, description="How many reviews it usually shows; outside this you are told."
    )
    attribution: Line | None = Field(default=None, description="A credit that readers see, where one is due.")
    enabled: bool = Field(default=True, description="false: kept in this list, but not looked at.")

    @field_validator("url")
    @classmethod
    def _may_be_fetched(cls, value: str, info: ValidationInfo) -> str:
        return values.page_address(value, known(info).private_hosts)

    @field_validator("cron")
    @classmethod
    def _not_with_every(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is not None and info.data.get("every") is not None:
            raise ValueError("stands beside `every`; keep one of the two")
        return value


class SourcesForm(Form):
    """The pages and feeds that learning-bot watches."""

    defaults: DefaultsForm = Field(default=DefaultsForm(), description="What holds for every source.")
    allow_private_hosts: list[Annotated[str, AfterValidator(values.host_name)]] = Field(
        default=[],
        description="Hosts on this machine or a private network that may be fetched; all others are refused.",
    )
    sources: list[SourceForm] = Field(description="One entry a page or feed.")


# --- subscriptions.yaml -------------------------------------------------------------------------------


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

    id: Slug = Field(description="A short name that never changes: small letters, digits, hyphens.")
    name: Line | None = Field(default=None, description="Its name, as readers will see it.")
    to: list[Address] = Field(
        min_length=1, description='Email addresses, and Slack channels as "slack:#channel" (in quotes).'
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


class SubscriptionsForm(Form):
    """Who gets which reviews, and when."""

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
