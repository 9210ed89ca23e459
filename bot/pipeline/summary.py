"""The summary for administrators who want one: how everything stands, once a day or a week, on the ledger
like any digest. It goes out also when nothing is wrong: that it comes says that the bot is awake."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property

from bot import cadence, digests, health
from bot.errors import OvertakenError
from bot.models import (
    SUMMARY,
    Digest,
    Edition,
    Held,
    Notice,
    Reader,
    Schedule,
    Source,
    SourceNews,
    SourceStanding,
    Subscriber,
    Subscription,
    Summary,
)
from bot.pipeline.register import LEASE
from bot.pipeline.reporting import NO_REVIEW
from bot.pipeline.send import Checked, Sending
from bot.rhythm import rhythm

NAME = "Summary for administrators"
ADDRESS = re.compile(r"[^\s<>]+@[^\s<>]+")
A_MINUTE = timedelta(minutes=1)
A_DAY = timedelta(days=1)


def summary_at(cron: str) -> Schedule:
    """When it comes: in UK time, as the rest of sources.yaml."""
    return Schedule(id=SUMMARY, cron=cron, timezone=cadence.SOURCES_ZONE, baseline_days=0)


def summary_to(administrators: tuple[Subscriber, ...], cron: str) -> Subscription:
    """What enrols administrators for it: they can pause and stop it like any other."""
    return Subscription(
        id=SUMMARY,
        name=NAME,
        subscribers=administrators,
        schedule=summary_at(cron),
        criteria=NO_REVIEW,
    )


def compose_summaries(cron: str, parts: Sending) -> int:
    """A summary for each administrator for whom one is due; returns how many. What was missed while nobody
    looked is one summary, of the whole time."""
    now, schedule = parts.clock.now(), summary_at(cron)
    standing = Standing(parts, now)
    count = 0
    for reader in parts.ledger.readers(SUMMARY, now):
        slot = cadence.digest_slot(schedule, reader.joined, reader.last_slot, now)
        if slot is None:
            continue
        try:
            if parts.ledger.claim_run(reader, slot, now, LEASE):
                edition = _edition(_since(reader, schedule, slot, parts), slot, standing)
                parts.ledger.keep_edition(reader, slot, [edition], now)
                count += 1
        except OvertakenError:
            continue  # another worker composed it
    return count


def preview_summary(parts: Sending) -> Edition:
    """The summary of the last day, as it would be now; nothing is kept."""
    now = parts.clock.now()
    return _edition(now - A_DAY, now, Standing(parts, now))


def _edition(since: datetime, slot: datetime, standing: Standing) -> Edition:
    summary = standing.since(since)
    return digests.edition(
        Digest(
            schedule=SUMMARY,
            timezone=cadence.SOURCES_ZONE,
            slot=slot,
            since=since,
            subscriptions=(NAME,),
            entries=(),
            coverage=standing.checked.coverage(since, summary.until),
            summary=summary,
        )
    )


def _since(reader: Reader, schedule: Schedule, slot: datetime, parts: Sending) -> datetime:
    """The moment of this reader's last summary, so that nothing is counted twice or left out. In the first
    (and the first after a break that they wished) since they joined, and a whole day at least."""
    last = parts.ledger.last_composed(reader)
    if last and reader.joined < last < parts.clock.now():
        return last
    return min(reader.joined, cadence.last_slot(schedule.cron or "", schedule.timezone, slot - A_MINUTE))


class Standing:
    """How everything stands at `now`, asked of the store once for all who are told."""

    def __init__(self, parts: Sending, now: datetime) -> None:
        self._parts = parts
        self._now = now
        self._found: dict[datetime, Summary] = {}

    @cached_property
    def checked(self) -> Checked:
        return Checked(self._parts)

    def since(self, since: datetime) -> Summary:
        """With what was done after `since`."""
        if since not in self._found:
            self._found[since] = self._summary(since)
        return self._found[since]

    def _summary(self, since: datetime) -> Summary:
        parts, now = self._parts, self._now
        unread = self.checked.coverage(since, now).unread
        read = [one.last_good for one in self._stood.values() if one.last_good and one.last_good > since]
        return Summary(
            since=since,
            until=now,
            watched=len(self._watched),
            read=len(read),
            unread=tuple(
                health.unread(one, self._stood.get(one.source_id), self._watched[one.source_id], now)
                for one in unread
            ),
            silent=self._silent,
            found=tuple(self._named(news) for news in parts.archive.news_by_source(since, now)),
            traffic=parts.ledger.traffic(since, now),
            held=tuple(
                Held(medium=hold.medium, until=hold.until, detail=ADDRESS.sub("(an address)", hold.detail))
                for hold in parts.ledger.holds(now)
            ),
        )

    @cached_property
    def _watched(self) -> dict[str, Source]:
        return {source.id: source for source in self._parts.sources.values() if source.enabled}

    @cached_property
    def _stood(self) -> dict[str, SourceStanding]:
        standings = self._parts.archive.standings()
        return {one.source_id: one for one in standings if one.source_id in self._watched}

    @cached_property
    def _silent(self) -> tuple[Notice, ...]:
        days = self._parts.archive.days_of_news()
        asked = (
            health.silent(one, rhythm(days.get(one.source_id, ())), None, self._now)
            for one in self._stood.values()
        )
        return tuple(
            replace(one, name=self._watched[one.source_id].name, url=self._watched[one.source_id].url)
            for one in asked
            if one
        )

    def _named(self, news: SourceNews) -> SourceNews:
        source = self._parts.sources.get(news.source_id)
        return replace(news, name=source.name if source else news.source_id)
