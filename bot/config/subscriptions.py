"""subscriptions.yaml -> Subscription and Schedule."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import zip_longest
from pathlib import Path

from bot.config import values
from bot.config.address_list import AddressList, list_file, read_list
from bot.config.form import Known
from bot.config.organisation import checked_picture, logo_file, organisation_of
from bot.config.parsing import parse, read
from bot.config.problems import by_line, check_unique, fill, items, names
from bot.config.sheet import Sheet, shown
from bot.config.subscription_forms import (
    IMMEDIATELY,
    DigestForm,
    SubscriptionForm,
    SubscriptionsForm,
    ThemesForm,
    WhereForm,
    WordsForm,
)
from bot.config.theme_forms import OwnThemesForm
from bot.config.themes import check_themes, entry_of, ids_in
from bot.errors import ConfigError
from bot.models import Criteria, Organisation, Schedule, Subscriber, Subscription
from bot.themes import Vocabulary

FILE = "subscriptions.yaml"

# At once: nothing of the past, and no word on days without news.
AT_ONCE = Schedule(id=IMMEDIATELY, cron=None, baseline_days=0, quiet=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionsFile:
    """What subscriptions.yaml says. `schedules`: every digest of the file, and `immediately`. `themes`: the
    administrator's own, as `bot.themes.own` takes them."""

    subscriptions: tuple[Subscription, ...]
    schedules: tuple[Schedule, ...]
    themes: tuple[Mapping[str, object], ...] = ()
    stop_after_bounces: int = 3
    organisation: Organisation = field(default_factory=Organisation)


def load_subscriptions(
    path: Path, shipped: Vocabulary, source_ids: Collection[str] | None = None
) -> SubscriptionsFile:
    """The file at `path`, and the logo and the lists it names. `shipped`: the themes that it may name, add to
    and mute. `source_ids` None: sources in it are not checked. Raises ConfigError with every problem."""
    return _made(read(path), shipped, source_ids, path.parent)


def subscriptions_of(
    text: str, shipped: Vocabulary, source_ids: Collection[str] | None = None, file: str = FILE
) -> SubscriptionsFile:
    """The same from its text, without the logo and the lists; `file` names it in problems."""
    return _made(parse(text, file), shipped, source_ids, None)


def files_named_in(path: Path) -> tuple[Path, ...]:
    """The logo and the lists of addresses, there or not, in a file that may have other problems."""
    try:
        content = read(path).content
    except ConfigError:
        return ()
    lists = (list_file(item, path.parent) for _, item in items(content, "subscriptions"))
    return tuple(file for file in (logo_file(content, path.parent), *lists) if file)


def own_themes(path: Path, shipped: Vocabulary) -> tuple[Mapping[str, object], ...]:
    """The themes in the file at `path` alone, whatever else in it is right or wrong; none where there is no
    such file. Raises ConfigError."""
    if not path.exists():
        return ()
    sheet = read(path)
    form = fill(OwnThemesForm, sheet, Known())
    check_themes(sheet, shipped)
    if form is None or sheet.problems:
        raise ConfigError(by_line(sheet.problems))
    return tuple(entry_of(theme) for theme in form.themes)


def _made(
    sheet: Sheet, shipped: Vocabulary, source_ids: Collection[str] | None, folder: Path | None
) -> SubscriptionsFile:
    known = Known(
        themes=tuple(dict.fromkeys((*shipped.ids, *ids_in(sheet)))),
        sources=None if source_ids is None else tuple(source_ids),
        digests=(*names(sheet.content, "digests"), IMMEDIATELY),
        footers=names(sheet.content, "footers"),
    )
    form = fill(SubscriptionsForm, sheet, known)
    check_unique(sheet, "subscriptions")
    check_themes(sheet, shipped)
    _check_addresses(sheet)
    lists = _lists(sheet, folder) if folder else []
    picture = checked_picture(sheet, folder)
    if form is None or sheet.problems:
        raise ConfigError(by_line(sheet.problems))
    schedules = {name: _schedule(name, digest) for name, digest in form.digests.items()}
    schedules[IMMEDIATELY] = AT_ONCE
    readers = _readers([entry.to for entry in form.subscriptions], lists)
    return SubscriptionsFile(
        subscriptions=tuple(
            _subscription(entry, own, schedules, form.footers)
            for entry, own in zip(form.subscriptions, readers, strict=True)
        ),
        schedules=tuple(schedules.values()),
        themes=tuple(entry_of(theme) for theme in form.themes),
        stop_after_bounces=form.stop_after_bounces,
        organisation=organisation_of(form.organisation, picture),
    )


def _check_addresses(sheet: Sheet) -> None:
    """That an address is in a list once, and is written in the same letters everywhere.

    `Lead@example.org` and `lead@example.org` are one mailbox, and would get everything twice.
    """
    spelling: dict[str, tuple[str, int | None]] = {}
    for place, item in items(sheet.content, "subscriptions"):
        if isinstance(item, dict) and not item.get("to") and "to_file" not in item:
            right = "`to: [lead@example.org]`, or `to_file: nurses.txt` for a list in a file of its own"
            sheet.add((*place, "to"), f"is missing or empty; write {right}")
        here: set[str] = set()
        for inner, address in items(item, "to"):
            where = (*place, *inner)
            if not isinstance(address, str):
                continue
            folded = address.strip().casefold()
            if folded in here:
                sheet.add(where, f"`{shown(address)}` is in this list already; keep it once")
                continue
            here.add(folded)
            first, line = spelling.setdefault(folded, (address.strip(), sheet.line(where)))
            if first != address.strip():
                sheet.add(
                    where, f"`{shown(address)}` is `{shown(first)}` at line {line}; write it the same way"
                )


def _lists(sheet: Sheet, folder: Path) -> list[AddressList | None]:
    """What each entry names in `to_file`, read. All that is wrong with it is told in `sheet`."""
    found: list[AddressList | None] = []
    for place, item in items(sheet.content, "subscriptions"):
        path, listed = list_file(item, folder), None
        try:
            listed = read_list(path) if path else None
        except ValueError as error:
            sheet.add((*place, "to_file"), str(error))
        found.append(listed)
        sheet.problems.extend(listed.problems if listed else ())
    return found


def _readers(
    written: Sequence[Sequence[str]], lists: Sequence[AddressList | None]
) -> list[tuple[Subscriber, ...]]:
    """By entry, everybody once. Who is in a list in other letters than elsewhere is who they are there."""
    own = [[values.subscriber(address) for address in to] for to in written]
    spelling = {(one.medium, one.address.casefold()): one for to in own for one in to}
    return [
        tuple(
            dict.fromkeys(
                spelling.setdefault((one.medium, one.address.casefold()), one)
                for one in (*to, *(listed.subscribers if listed else ()))
            )
        )
        for to, listed in zip_longest(own, lists)
    ]


def _schedule(name: str, form: DigestForm) -> Schedule:
    return Schedule(
        id=name,
        cron=form.cron,
        timezone=form.timezone,
        baseline_days=values.baseline(form.baseline) // timedelta(days=1),
        quiet=form.quiet == "send",
    )


def _subscription(
    form: SubscriptionForm,
    readers: tuple[Subscriber, ...],
    schedules: dict[str, Schedule],
    footers: dict[str, str],
) -> Subscription:
    return Subscription(
        id=form.id,
        name=form.name or form.id.replace("-", " ").capitalize(),
        subscribers=readers,
        schedule=schedules[form.digest],
        criteria=_criteria(form.themes or ThemesForm(), form.words or WordsForm(), form.where or WhereForm()),
        footer=footers[form.footer].strip() if form.footer else None,
        quiet=form.quiet == "send" if form.quiet else None,
    )


def _criteria(themes: ThemesForm, words: WordsForm, where: WhereForm) -> Criteria:
    return Criteria(
        themes_any=tuple(themes.any),
        themes_all=tuple(themes.all),
        themes_none=tuple(themes.none),
        words_any=tuple(words.any),
        words_all=tuple(words.all),
        words_none=tuple(words.none),
        age=where.age,
        outcome=tuple(where.outcome),
        place=tuple(where.place),
        review_type=tuple(where.review_type),
        source=tuple(where.source),
    )
