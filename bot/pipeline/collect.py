"""Collect: fetch -> open -> read -> recognise -> tag -> match -> keep, for each source that is due."""

from __future__ import annotations

import hashlib
import traceback
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime

from bot import cadence, drift, identity
from bot.criteria import CriteriaIndex
from bot.errors import SourceError, StoreError
from bot.models import (
    Change,
    Failure,
    Kept,
    NotModified,
    Reading,
    Source,
    SourceRun,
    SourceState,
    Validators,
)
from bot.names import handles
from bot.pipeline.follow import Collecting, Following, picked
from bot.ports import Archive
from bot.reading import read
from bot.themes import Vocabulary, tag

SIDE_BY_SIDE = 8  # sources polled at once; the fetcher keeps it to one request at a time to a host
READER = "1"  # raise it when the reader changes what it makes of a page: every page is then read anew

TELLING = ("new", "revised", "mended", "withdrawn")


def due_sources(sources: Iterable[Source], archive: Archive, now: datetime) -> list[Source]:
    """Those that are enabled and whose time has come."""
    return [
        source
        for source in sources
        if source.enabled and cadence.source_is_due(source, _last_started(archive, source), now)
    ]


def _last_started(archive: Archive, source: Source) -> datetime | None:
    run = archive.last_run(source.id)
    return run.started if run else None


def collect_all(
    sources: Sequence[Source],
    parts: Collecting,
    *,
    accept: bool = False,
    each: Callable[[SourceRun], None] = lambda run: None,
    stopping: Callable[[], bool] = lambda: False,
) -> list[SourceRun]:
    """Poll these sources; `each` hears of every run as it ends. Begins no other once `stopping` says so.

    Pages are fetched and read side by side, and kept one after the other: a review that two of them publish
    on one day is then recognised by the second.
    """
    runs: list[SourceRun] = []
    with ThreadPoolExecutor(max_workers=SIDE_BY_SIDE, thread_name_prefix="collect") as pool:
        gathering = [(source, pool.submit(_gather, source, parts)) for source in sources]
        for source, gathered in gathering:
            if stopping():
                pool.shutdown(cancel_futures=True)
                break
            run = collect(source, parts, accept=accept, gathered=gathered.result)
            runs.append(run)
            each(run)
    return runs


def collect(
    source: Source,
    parts: Collecting,
    *,
    accept: bool = False,
    gathered: Callable[[], _Gathered] | None = None,
) -> SourceRun:
    """Poll one source and keep what it says. What goes wrong ends here, as a failed run with its Failure.

    `accept`: believe the page even where it holds far less than it did. `gathered`: its page, being
    fetched and read by another thread.
    """
    started = parts.clock.now()
    try:
        found = gathered() if gathered else _gather(source, parts)
        return _keep(source, found, parts, accept)
    except StoreError:
        raise  # the archive's trouble is not the source's: the round ends, and the source stays due
    except SourceError as error:
        state: SourceState = error.trouble
        text, trace = str(error), ""
    except Exception as error:  # noqa: BLE001 -- one source must never stop the others
        state = "failing"
        text = f"{source.url}: the bot itself failed while reading it ({type(error).__name__}: {error})"
        trace = traceback.format_exc()
    now = parts.clock.now()
    run = SourceRun(source_id=source.id, started=started, ended=now, state=state, detail=text)
    parts.archive.fail(run, Failure(kind="source", subject=source.id, text=text, at=now, trace=trace))
    return run


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gathered:
    """A page as read (None: it is as it was at the last good run), and when that began."""

    started: datetime
    last_good: SourceRun | None
    reading: Reading | None
    validators: Validators


def _gather(source: Source, parts: Collecting) -> _Gathered:
    started = parts.clock.now()
    last_good = parts.archive.last_good_run(source.id)
    read_as = _read_as(source)
    asked = last_good.validators if last_good and last_good.validators.read_as == read_as else None
    page = parts.fetcher.fetch(source.url, asked)
    if isinstance(page, NotModified):
        return _Gathered(started=started, last_good=last_good, reading=None, validators=Validators())
    reading = read(parts.opener.open(picked(page, source)), source=source)
    validators = replace(page.validators, read_as=read_as)
    return _Gathered(started=started, last_good=last_good, reading=reading, validators=validators)


def _read_as(source: Source) -> str:
    """What the reading of a page depends on besides its bytes: corrected settings read it again."""
    settings = (
        source.url,
        source.reads,
        source.place,
        source.follow,
        source.select,
        source.include,
        source.exclude,
    )
    return hashlib.sha256(f"{READER} {settings!r}".encode()).hexdigest()[:16]


def _keep(source: Source, found: _Gathered, parts: Collecting, accept: bool) -> SourceRun:
    if found.reading is None:
        return _unchanged(source, parts, found)
    if not accept:
        drift.check(source, found.reading, found.last_good)
    otherwise = _read_otherwise(found)
    following = Following(parts, again=otherwise or _documents_were_missing(found))
    while True:
        version = parts.archive.version()
        changes = _recognise(source, found.reading, parts)
        if source.follow:
            changes = [following.completes(change) for change in changes]
        if otherwise:
            changes = _quietly(changes)
        kept = _tagged_and_matched(source, changes, parts, baseline=otherwise)
        run = following.noted(_run(source, found, changes, parts.clock.now()))
        if parts.archive.keep(run, kept, version):
            return run
        # Another process kept a poll meanwhile, perhaps of this very review: look again.


def _read_otherwise(found: _Gathered) -> bool:
    """Whether the page was read in another way at the last good poll: other settings, another reader."""
    before = found.last_good
    return before is not None and before.validators.read_as != found.validators.read_as


def _documents_were_missing(found: _Gathered) -> bool:
    """Whether the last good poll could not have all documents: it kept nothing to ask conditionally with."""
    before = found.last_good.validators if found.last_good else None
    return before is not None and not (before.etag or before.last_modified or before.sha256)


def _quietly(changes: Sequence[Change]) -> list[Change]:
    """What a page says that is read in another way than before: its differences are ours, not the
    publisher's, so nothing of it is told as revised or missing."""
    return [
        replace(change, kind="mended") if change.kind == "revised" else change
        for change in changes
        if change.kind != "missing"
    ]


def _unchanged(source: Source, parts: Collecting, found: _Gathered) -> SourceRun:
    """The page is as it was: so are its validators, its count, and a statement that nothing is there. What
    it no longer had, it does not have still."""
    assert found.last_good is not None, "only a page that was read before can be unchanged"
    changes = identity.still_absent(source, parts.archive.absent(source.id))
    run = SourceRun(
        source_id=source.id,
        started=found.started,
        ended=parts.clock.now(),
        state="nothing there" if found.last_good.state == "nothing there" else "nothing new",
        records=found.last_good.records,
        withdrawn=sum(change.kind == "withdrawn" for change in changes),
        validators=found.last_good.validators,
    )
    parts.archive.keep(run, _tagged_and_matched(source, changes, parts))
    return run


def _recognise(source: Source, reading: Reading, parts: Collecting) -> list[Change]:
    wanted = [handle for review in reading.reviews for handle in handles(review)]
    known = parts.archive.known(source.id, wanted)
    return list(identity.recognise(source, reading.reviews, known, rolls=source.reads == "feed"))


def _tagged_and_matched(
    source: Source, changes: Sequence[Change], parts: Collecting, *, baseline: bool = False
) -> list[Kept]:
    if not changes:
        return []
    index = CriteriaIndex(parts.archive.criteria())
    kept = [_kept(source, change, index, parts.vocabulary) for change in changes]
    return [replace(one, baseline=baseline) for one in kept]


def _kept(source: Source, change: Change, index: CriteriaIndex, vocabulary: Vocabulary) -> Kept:
    if change.kind not in TELLING:
        return Kept(change=change, handles=handles(change.as_seen or change.review))
    themes = tag(change.review, vocabulary)
    sightings = change.known.sightings if change.known else ()
    seen_at = {source.id, *(sighting.source_id for sighting in sightings)}
    return Kept(
        change=change,
        handles=handles(change.review),
        themes=themes,
        matches=index.matches(change.review, themes, seen_at),
    )


def _run(source: Source, found: _Gathered, changes: Sequence[Change], ended: datetime) -> SourceRun:
    assert found.reading is not None, "an unchanged page has its own run"
    count = {kind: sum(change.kind == kind for change in changes) for kind in TELLING}
    state: SourceState = "good" if count["new"] or count["revised"] or count["withdrawn"] else "nothing new"
    detail = ""
    if found.reading.state == "nothing there":
        state = "nothing there"
    elif found.reading.state == "hub":
        state, detail = "nothing there", "the page only points elsewhere: " + ", ".join(found.reading.see)
    return SourceRun(
        source_id=source.id,
        started=found.started,
        ended=ended,
        state=state,
        records=len(found.reading.reviews),
        new=count["new"],
        revised=count["revised"],
        withdrawn=count["withdrawn"],
        detail=detail,
        validators=found.validators,
    )


def match_archive(archive: Archive) -> int:
    """Match criteria that are new with what the archive already has; returns how many were new."""
    fresh = archive.unmatched_criteria()
    if not fresh:
        return 0
    index = CriteriaIndex(fresh)
    found = [
        (known.id, match)
        for known, themes in archive.every_review()
        for match in index.matches(known.review, themes, {seen.source_id for seen in known.sightings})
    ]
    archive.keep_matches(tuple(fresh), found)
    return len(fresh)
