"""Small verbs for tests of the store: somebody subscribes, a source is polled, a digest is composed and sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot import criteria, digests
from bot.models import (
    Change,
    Coverage,
    Criteria,
    Delivery,
    Difference,
    Due,
    Edition,
    Evidence,
    Kept,
    KnownReview,
    Match,
    Outcome,
    Reader,
    Reason,
    Review,
    Schedule,
    Settled,
    SourceRun,
    SourceState,
    Subscriber,
    Subscription,
    Theme,
    Validators,
)
from bot.pipeline.register import LEASE as LEASE
from bot.store import Store
from bot.wiring import load_vocabulary
from tests.reviews import a_review as a_review

JOINED = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)  # a Monday
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
STOP_AFTER = 3  # bounces
WEEKLY = Schedule(id="weekly", cron="0 8 * * mon")
DAILY = Schedule(id="daily", cron="0 8 * * *")
AT_ONCE = Schedule(id="at-once", cron=None)
VOCABULARY = load_vocabulary()  # that reviews are tagged with, so that nothing tags them anew
QUOTE = "bruising in a baby who is not mobile needs a referral at once"


def asking_for(theme: str) -> Criteria:
    return Criteria(themes_any=(theme,))


def a_subscription(
    id: str = "babies",
    *,
    to: Sequence[str] = ("lead@example.org",),
    theme: str = "bruising",
    schedule: Schedule = WEEKLY,
    name: str | None = None,
    footer: str | None = None,
    quiet: bool | None = None,
) -> Subscription:
    return Subscription(
        id=id,
        name=name or id.title(),
        subscribers=tuple(a_subscriber(address) for address in to),
        schedule=schedule,
        criteria=asking_for(theme),
        footer=footer,
        quiet=quiet,
    )


def a_subscriber(address: str) -> Subscriber:
    return Subscriber(medium="slack" if address.startswith("#") else "email", address=address)


def enrol(store: Store, *subscriptions: Subscription, at: datetime = JOINED) -> None:
    """Enrol, and count the archive as matched (tests say themselves what matches)."""
    store.enrol(subscriptions, at)
    store.keep_matches(tuple(store.unmatched_criteria()), ())


def a_run(
    source: str = "saltmarsh",
    at: datetime = JOINED,
    state: SourceState = "good",
    records: int | None = 1,
    detail: str = "",
    validators: Validators | None = None,
) -> SourceRun:
    return SourceRun(
        source_id=source,
        started=at,
        ended=at,
        state=state,
        records=records if state in ("good", "nothing new", "nothing there") else None,
        detail=detail,
        validators=validators or Validators(),
    )


def poll(store: Store, *kept: Kept, source: str = "saltmarsh", at: datetime = JOINED) -> None:
    store.keep(a_run(source, at, records=len(kept)), kept)


def read_first(store: Store, *sources: str, at: datetime = JOINED - 400 * DAY) -> None:
    """These sources were read long ago, so that what comes now is no baseline."""
    for source in sources or ("saltmarsh",):
        store.keep(a_run(source, at, state="nothing there", records=0), ())


def new(review: Review, *themes: str, handles: Sequence[str] = ()) -> Kept:
    return _kept(Change(kind="new", review=review, known=None, reason="not in the archive"), themes, handles)


def revised(known: KnownReview, *themes: str, **changes: object) -> Kept:
    return _changed("revised", known, themes, changes)


def mended(known: KnownReview, *themes: str, **changes: object) -> Kept:
    return _changed("mended", known, themes, changes)


def withdrawn(known: KnownReview, *themes: str) -> Kept:
    return _changed("withdrawn", known, themes, {})


def same(known: KnownReview, review: Review | None = None) -> Kept:
    return Kept(change=Change(kind="same", review=review or known.review, known=known, reason="as it was"))


def missing(known: KnownReview) -> Kept:
    return Kept(change=Change(kind="missing", review=known.review, known=known, reason="not on the page"))


def _changed(kind: str, known: KnownReview, themes: Sequence[str], changes: dict[str, object]) -> Kept:
    review = replace(known.review, **changes)  # type: ignore[arg-type]  # tests name real fields
    differences = tuple(
        Difference(field=name, before=_lines(getattr(known.review, name)), after=_lines(value))
        for name, value in changes.items()
    )
    change = Change(kind=kind, review=review, known=known, reason="test", differences=differences)  # type: ignore[arg-type]
    return _kept(change, themes, ())


def _lines(value: object) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, tuple) else (str(value),)


def _kept(change: Change, themes: Sequence[str], handles: Sequence[str]) -> Kept:
    evidence = (Evidence(field="learning[0]", quote=QUOTE),)
    return Kept(
        change=change,
        handles=tuple(handles),
        themes=tuple(Theme(id=theme, evidence=evidence) for theme in themes),
        matches=tuple(
            Match(criteria=criteria.key(asking_for(theme)), reasons=(Reason(theme=theme, evidence=evidence),))
            for theme in themes
        ),
        vocabulary=VOCABULARY.fingerprint,
    )


def found(store: Store, title: str) -> KnownReview:
    return next(known for known, _ in store.every_review() if known.review.title == title)


def reader(store: Store, address: str = "lead@example.org", schedule: str = "weekly") -> Reader:
    everybody = store.readers(schedule, JOINED + 1000 * DAY)  # no pause lasts so long
    return next(one for one in everybody if one.subscriber.address == address)


def due(
    store: Store, address: str = "lead@example.org", schedule: str = "weekly", baseline_days: int = 31
) -> list[Due]:
    return list(store.untold(reader(store, address, schedule), baseline_days, JOINED).due)


def due_titles(
    store: Store, address: str = "lead@example.org", schedule: str = "weekly", baseline_days: int = 31
) -> list[str]:
    return [one.known.review.title for one in due(store, address, schedule, baseline_days)]


def composed(store: Store, one: Reader, at: datetime, baseline_days: int = 31) -> tuple[Edition, ...]:
    """What this reader's digest of this moment is. Nothing is kept."""
    cron = None if one.schedule == AT_ONCE.id else WEEKLY.cron
    schedule = Schedule(id=one.schedule, cron=cron)
    untold = store.untold(one, baseline_days, at)
    found = digests.compose(one, schedule, at, untold, Coverage(checked=1), {})
    return tuple(digests.edition(digest) for digest in found)


def tell(
    store: Store,
    address: str = "lead@example.org",
    schedule: str = "weekly",
    at: datetime = JOINED + 7 * DAY,
    baseline_days: int = 31,
) -> list[str]:
    """Compose and keep this reader's digest; the titles that it has."""
    one = reader(store, address, schedule)
    assert store.claim_run(one, at, at, LEASE), "nobody else is at it"
    editions = composed(store, one, at, baseline_days)
    store.keep_edition(one, at, editions, at)
    return [entry.review.title for edition in editions for entry in edition.digest.entries]


def claimed(store: Store, at: datetime, limit: int = 10) -> tuple[Delivery, ...]:
    """What a worker claims, mail and then Slack."""
    mails = store.claim_deliveries("email", at, LEASE, limit)
    left = limit - len(mails)
    return (*mails, *(store.claim_deliveries("slack", at, LEASE, left) if left else ()))


def hand_over(store: Store, delivery_id: int, at: datetime = JOINED + 7 * DAY) -> str | None:
    """Keep that it is being handed over; why it must not be, where it must not."""
    return store.enter([delivery_id], [], at, STOP_AFTER).get(delivery_id)


def settle(store: Store, delivery_id: int, outcome: Outcome, at: datetime) -> None:
    store.enter([], [Settled(delivery_id=delivery_id, outcome=outcome)], at, STOP_AFTER)
