"""What all forms share: what a key may hold as text, what entries may refer to, and keys without a value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, model_validator
from pydantic.fields import FieldInfo

from bot.config import cron, values


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What entries may refer to. `sources` None: not known here, so not checked."""

    themes: tuple[str, ...] = ()
    digests: tuple[str, ...] = ()
    footers: tuple[str, ...] = ()
    sources: tuple[str, ...] | None = None
    private_hosts: tuple[str, ...] = ()


def checked(check: Callable[[str], object]) -> AfterValidator:
    """The text as it is, once `check` has taken it."""

    def validate(text: str) -> str:
        check(text)
        return text

    return AfterValidator(validate)


def asking(value: list[str]) -> list[str]:
    """A list that is there has something in it: an empty one asks for nothing, and so brings everything."""
    if not value:
        raise ValueError("is empty, and would leave nothing out; name one, or take it away")
    return value


def pattern(regex: str) -> dict[str, Any]:
    """For editors; the checks say more than a pattern can."""
    return {"pattern": regex}


Text = Annotated[str, Field(min_length=1)]
Line = Annotated[str, Field(min_length=1), AfterValidator(values.line)]
Words = list[Line]
Slug = Annotated[
    str, AfterValidator(values.slug), Field(json_schema_extra=pattern("^[a-z0-9]([a-z0-9-]*[a-z0-9])?$"))
]
Interval = Annotated[str, checked(values.interval), Field(json_schema_extra=pattern(r"^\d{1,4} *[mhdw]$"))]
Baseline = Annotated[str, checked(values.baseline), Field(json_schema_extra=pattern(r"^\d{1,4} *[dwh]$"))]
Selector = Annotated[str, checked(values.selector)]
Address = Annotated[str, checked(values.subscriber)]
Cron = Annotated[str, Field(json_schema_extra=pattern(r"^\S+ +\S+ +\S+ +\S+ +\S+$"))]
PollCron = Annotated[Cron, AfterValidator(cron.poll_cron)]
SummaryCron = Annotated[str, AfterValidator(cron.summary_cron)]
TimeZone = Annotated[str, AfterValidator(cron.time_zone)]


class Form(BaseModel):
    """Unknown keys are errors. A key with nothing after it is as if it were not there."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    @model_validator(mode="before")
    @classmethod
    def _without_empty(cls, given: object) -> object:
        if not isinstance(given, dict):
            return given
        keys = keys_of(cls)
        return {key: value for key, value in given.items() if value is not None or key not in keys}


def keys_of(form: type[BaseModel]) -> dict[str, FieldInfo]:
    """The keys that a form knows, as they are written in the file."""
    return {field.alias or name: field for name, field in form.model_fields.items()}


def known(info: ValidationInfo) -> Known:
    """What the entries of the file at hand may refer to."""
    return info.context if isinstance(info.context, Known) else Known()
