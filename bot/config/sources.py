"""sources.yaml -> Source."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.config import values
from bot.config.form import Known
from bot.config.parsing import parse, read
from bot.config.problems import by_line, check_unique, fill, items
from bot.config.sheet import Sheet
from bot.config.source_forms import DefaultsForm, SelectForm, SourceForm, SourcesForm, TlsExceptionForm
from bot.errors import ConfigError
from bot.models import Selectors, Source, Subscriber, TlsException

FILE = "sources.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcesFile:
    """What sources.yaml says. `contact`: whom a webmaster can reach, None if it names nobody.
    `administrators`: who gets reports; `summary`: the cron of their summary, None if they want none."""

    sources: tuple[Source, ...]
    allow_private_hosts: tuple[str, ...] = ()
    contact: str | None = None
    administrators: tuple[Subscriber, ...] = ()
    summary: str | None = None


def load_sources(path: Path) -> SourcesFile:
    """The file at `path`. Raises ConfigError with every problem in it."""
    return _made(read(path))


def sources_of(text: str, file: str = FILE) -> SourcesFile:
    """The same from its text; `file` names it in problems."""
    return _made(parse(text, file))


def _made(sheet: Sheet) -> SourcesFile:
    hosts = sheet.content.get("allow_private_hosts") if isinstance(sheet.content, dict) else None
    private = tuple(host for host in hosts if isinstance(host, str)) if isinstance(hosts, list) else ()
    form = fill(SourcesForm, sheet, Known(private_hosts=private))
    check_unique(sheet, "sources")
    if form is None or sheet.problems:
        raise ConfigError(by_line(sheet.problems))
    return SourcesFile(
        sources=tuple(_source(source, form.defaults) for source in form.sources),
        allow_private_hosts=tuple(host.lower() for host in form.allow_private_hosts),
        contact=form.defaults.contact,
        administrators=tuple(values.subscriber(one) for one in form.reports.to) if form.reports else (),
        summary=form.reports.summary if form.reports else None,
    )


def _source(form: SourceForm, defaults: DefaultsForm) -> Source:
    expect = form.expect
    return Source(
        id=form.id,
        name=form.name,
        url=form.url,
        reads=form.reads,
        every=values.length(form.every or defaults.every),
        cron=form.cron,
        place=form.place,
        follow=form.follow,
        select=_selectors(form.select) if form.select else None,
        include=tuple(form.include),
        exclude=tuple(form.exclude),
        expect_min=expect.min if expect else None,
        expect_max=expect.max if expect else None,
        attribution=form.attribution,
        contact=defaults.contact,
        tls_exception=_exception(form.tls_exception) if form.tls_exception else None,
        enabled=form.enabled,
    )


def _selectors(form: SelectForm) -> Selectors:
    return Selectors(item=form.item, title=form.title, link=form.link, date=form.date)


def _exception(form: TlsExceptionForm) -> TlsException:
    return TlsException(until=form.until, why=form.why)


def ids_in(path: Path) -> tuple[str, ...] | None:
    """The ids in a file that may have other problems; None where it cannot be read at all."""
    try:
        content = read(path).content
    except ConfigError:
        return None
    entries = (item for _, item in items(content, "sources"))
    return tuple(str(item["id"]) for item in entries if isinstance(item, dict) and "id" in item)
