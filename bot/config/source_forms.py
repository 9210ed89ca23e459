"""The forms of sources.yaml: what may stand there, and what each entry means.

The descriptions become the JSON Schema that editors show while one types. Values stay the text that was
written; `sources.py` makes the models of them. What a value is checked against (private hosts) comes with the
validation's context, a `Known`.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from bot.config import values
from bot.config.form import (
    Address,
    Form,
    Interval,
    Line,
    PollCron,
    Selector,
    Slug,
    SummaryCron,
    Words,
    checked,
    known,
    pattern,
)
from bot.models import Reads


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


class TlsExceptionForm(Form):
    """For a site whose certificate is wrong, until it is mended. Nobody can be sure then whose page it is."""

    until: date = Field(description="The last day on which it is taken all the same: 2027-01-31.")
    why: Line = Field(description="What is wrong with it, and who knows of it.")


class ReportsForm(Form):
    """Who hears when a source can no longer be read, or can again, and who gets a summary."""

    to: list[Address] = Field(
        min_length=1, description='Email addresses, and Slack channels as "slack:#channel" (in quotes).'
    )
    summary: SummaryCron | None = Field(
        default=None,
        description="How everything stands, also when nothing is wrong: daily, weekdays or weekly, at 07:00; "
        'or when: minute hour day month weekday, UK time. "30 6 * * 1-5" is weekdays at 06:30.',
    )


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
    tls_exception: TlsExceptionForm | None = Field(
        default=None, description="Take a wrong certificate all the same, until a day, for a reason."
    )
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
    reports: ReportsForm | None = Field(
        default=None, description="Who hears when a source can no longer be read, or can again."
    )
    allow_private_hosts: list[Annotated[str, AfterValidator(values.host_name)]] = Field(
        default=[],
        description="Hosts on this machine or a private network that may be fetched; all others are refused.",
    )
    sources: list[SourceForm] = Field(description="One entry a page or feed.")
