"""Reports to administrators: what changed in how sources stand, as digests on the same ledger."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bot import digests, health
from bot.errors import OvertakenError
from bot.models import REPORTS, Criteria, Digest, Notice, Reader, Schedule, Source, Subscriber, Subscription
from bot.pipeline.register import LEASE
from bot.pipeline.send import Checked, Sending
from bot.ports import Archive
from bot.rhythm import rhythm

AT_ONCE = Schedule(id=REPORTS, cron=None, baseline_days=0, quiet=False)
NO_REVIEW = Criteria(source=("",))  # administrators are told of sources by their reports, and of no review


def reports_to(administrators: tuple[Subscriber, ...]) -> Subscription:
    """What enrols administrators as readers of reports: they can pause and stop them like any other."""
    return Subscription(
        id=REPORTS,
        name="Reports on sources",
        subscribers=administrators,
        schedule=AT_ONCE,
        criteria=NO_REVIEW,
    )


def ask_about_silence(sources: Iterable[Source], archive: Archive, now: datetime) -> None:
    """Note each source that has had nothing new for longer than it ever had, once a silence."""
    watched = {source.id for source in sources if source.enabled}
    days = archive.days_of_news()
    for standing in archive.standings():
        if standing.source_id in watched:
            learned = rhythm(days.get(standing.source_id, ()))
            asked = archive.last_notice(standing.source_id, "silent")
            if notice := health.silent(standing, learned, asked, now):
                archive.note(notice)


def compose_reports(parts: Sending) -> int:
    """A report for each administrator who has not had the latest notices; returns how many."""
    now = parts.clock.now()
    checked = Checked(parts)
    count = 0
    for reader in parts.ledger.readers(REPORTS, now):
        found = _of_watched(parts.archive.notices(reader.last_slot or reader.joined), parts)
        if not found:
            continue
        try:
            count += _compose(reader, found, parts, checked)
        except OvertakenError:
            continue  # another worker composed it
    return count


def _compose(reader: Reader, found: tuple[Notice, ...], parts: Sending, checked: Checked) -> int:
    now, slot = parts.clock.now(), found[-1].at
    if not parts.ledger.claim_run(reader, slot, now, LEASE):
        return 0
    untold = parts.ledger.untold(reader, 0, now)
    report = Digest(
        schedule=REPORTS,
        timezone=AT_ONCE.timezone,
        slot=slot,
        subscriptions=untold.subscriptions,
        entries=(),
        coverage=checked.coverage(slot, slot),
        doubtful=tuple(one for one in untold.doubtful if not one.reviews),  # reviews are for a digest to tell
        notices=tuple(_named(notice, parts) for notice in found),
    )
    parts.ledger.keep_edition(reader, slot, [digests.edition(report)], now)
    return 1


def _of_watched(found: tuple[Notice, ...], parts: Sending) -> tuple[Notice, ...]:
    """Without sources that have been paused or taken out since: nobody has to do anything about them."""
    watched = {source.id for source in parts.sources.values() if source.enabled}
    return tuple(notice for notice in found if notice.source_id in watched)


def _named(notice: Notice, parts: Sending) -> Notice:
    source = parts.sources[notice.source_id]
    return replace(notice, name=source.name, url=source.url)
