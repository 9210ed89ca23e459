"""Collect: fetch -> open -> read -> recognise -> tag -> match -> keep, for each source that is due."""

from __future__ import annotations

import traceback
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from itertools import islice

from bot import cadence, identity
from bot.criteria import CriteriaIndex
from bot.drift import MOST_BYTES, Compared
from bot.errors import SourceError, StoreError
from bot.formats import picked
from bot.models import (
    Change,
    Failure,
    Kept,
    Notice,
    Page,
    Reading,
    Source,
    SourceRun,
    SourceState,
    Validators,
)
from bot.names import handles
from bot.pipeline.candidates import candidates, titles_here
from bot.pipeline.follow import Collecting, Following
from bot.pipeline.gather import Gathered, Look, read_as
from bot.ports import Archive
from bot.themes import Vocabulary, tag

SIDE_BY_SIDE = 8  # sources polled at once; the fetcher keeps it to one request at a time to a host
MOST_AHEAD = 2 * SIDE_BY_SIDE  # pages that are fetched or held before the first of them is kept

TELLING = ("new", "revised", "mended", "withdrawn")


def due_sources(sources: Iterable[Source], archive: Archive, now: datetime) -> list[Source]:
    """Those that are enabled and whose time has come."""
    return [source for source in sources if source.enabled and next_poll(source, archive, now) <= now]


def next_poll(source: Source, archive: Archive, now: datetime) -> datetime:
    """When it is polled next; `now` if it is due. Where its settings were corrected since its last poll, that
    one's failure puts nothing off."""
    run = archive.last_run(source.id)
    if run is None:
        return now
    retry_at = run.retry_at if run.validators.read_as == read_as(source) else None
    return cadence.next_poll(source, run.started, now, retry_at)


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
        try:
            begun = ((look := Look(source, parts), pool.submit(look.gathers)) for source in sources)
            ahead: deque[tuple[Look, Future[Gathered]]] = deque()
            while not stopping():
                ahead.extend(islice(begun, MOST_AHEAD - len(ahead)))  # another begins as one is kept
                if not ahead:
                    break
                look, gathered = ahead.popleft()
                run = _collect(look, parts, accept, gathered.result)
                runs.append(run)
                each(run)
        finally:
            pool.shutdown(cancel_futures=True)  # whatever ended the round, no other page is asked for
    return runs


def collect(source: Source, parts: Collecting, *, accept: bool = False) -> SourceRun:
    """Poll one source and keep what it says. What goes wrong ends here, as a failed run with its Failure.

    `accept`: believe the page even where it holds far less than it did, or reads as if it were made anew.
    """
    look = Look(source, parts)
    return _collect(look, parts, accept, look.gathers)


def _collect(look: Look, parts: Collecting, accept: bool, gathered: Callable[[], Gathered]) -> SourceRun:
    source, started = look.source, parts.clock.now()
    again, stay_away = True, None
    try:
        return _keep(look, gathered(), parts, accept)
    except StoreError:
        raise  # the archive's trouble is not the source's: the round ends, and the source stays due
    except SourceError as error:
        state: SourceState = error.trouble
        text, trace = str(error), ""
        again, stay_away = error.again, error.retry_after
    except Exception as error:  # noqa: BLE001 -- one source must never stop the others
        state = "failing"
        text = f"{source.url}: the bot itself failed while reading it ({type(error).__name__}: {error})"
        trace = traceback.format_exc()
    now = parts.clock.now()
    before = parts.archive.last_run(source.id)
    failed = before.failed + 1 if before else 1
    run = SourceRun(
        source_id=source.id,
        started=started,
        ended=now,
        state=state,
        detail=text,
        validators=Validators(read_as=read_as(source)),
        failed=failed,
        retry_at=cadence.patience(source, failed, now, again=again, stay_away=stay_away),
    )
    failure = Failure(kind="source", subject=source.id, text=text, at=now, trace=trace)
    parts.archive.fail(run, failure, look.saved("doubtful", now, text))
    return run


def _keep(look: Look, found: Gathered, parts: Collecting, accept: bool) -> SourceRun:
    source = look.source
    if found.reading is None or found.page is None:
        return _unchanged(source, parts, found)
    beside = _beside(source, found, found.page, found.reading, parts, accept)
    following = Following(parts, again=found.otherwise or _documents_were_missing(found))
    page = look.saved("good", parts.clock.now())
    while True:
        version = parts.archive.version()
        known = candidates(source, found.reading, parts.archive)
        beside.check(titles_here(source, known))
        changes = identity.recognise(
            source,
            found.reading.reviews,
            known,
            rolls=source.reads == "feed",
            now=parts.clock.now(),
            empty=found.reading.state == "nothing there",
        )
        changes = beside.settled(changes, known)
        before = beside.known_before(changes)
        if source.follow:
            changes = tuple(following.completes(change) for change in changes)
        if found.otherwise:
            changes = _quietly(changes)
        kept = _tagged_and_matched(source, changes, parts)
        kept = [replace(one, baseline=was) for one, was in zip(kept, before, strict=True)]
        run = following.noted(_run(found, beside, changes, parts.clock.now()))
        if parts.archive.keep(run, kept, version, page):
            _note_where_it_moved(source, found.page, parts)
            return run
        # Another process kept a poll meanwhile, perhaps of this very review: look again.


def _note_where_it_moved(source: Source, page: Page, parts: Collecting) -> None:
    """Once for each new address, and no more: a site that somebody took over moves too."""
    told = parts.archive.last_notice(source.id, "moved") if page.redirected_from else None
    if page.redirected_from and (told is None or told.detail != page.url):
        now = parts.clock.now()
        parts.archive.note(Notice(kind="moved", source_id=source.id, at=now, state="good", detail=page.url))


def _beside(
    source: Source, found: Gathered, page: Page, reading: Reading, parts: Collecting, accept: bool
) -> Compared:
    """The page beside the last good one (which settings of another kind need not fit)."""
    saved = parts.archive.saved_page(source.id, "good")
    good = Page(url=saved.url, body=saved.body, content_type=saved.content_type) if saved else None
    return Compared(
        source=source,
        page=page,
        part=_part(page, source),
        reading=reading,
        last_good=found.last_good,
        good=good,
        good_part=None if good is None or found.otherwise else _part(good, source),
        otherwise=found.otherwise,
        accept=accept,
    )


def _part(page: Page, source: Source) -> Page:
    """What the source's selectors leave of a page that is short enough to be looked at twice."""
    return page if len(page.body) > MOST_BYTES else picked(page, source)


def _documents_were_missing(found: Gathered) -> bool:
    """Whether the last good poll could not have all documents: it kept nothing to ask conditionally with."""
    before = found.last_good.validators if found.last_good else None
    return before is not None and not (before.etag or before.last_modified or before.sha256)


def _quietly(changes: Sequence[Change]) -> tuple[Change, ...]:
    """What a page says that is read in another way than before: its differences are ours, not the
    publisher's, so nothing of it is told as revised."""
    return tuple(replace(one, kind="mended") if one.kind == "revised" else one for one in changes)


def _unchanged(source: Source, parts: Collecting, found: Gathered) -> SourceRun:
    """The page is as it was: so are its validators, its count, and a statement that nothing is there. What
    it no longer had, it does not have still."""
    assert found.last_good is not None, "only a page that was read before can be unchanged"
    while True:
        version = parts.archive.version()
        changes = identity.still_absent(source, parts.archive.absent(source.id), parts.clock.now())
        withdrawn = sum(change.kind == "withdrawn" for change in changes)
        state: SourceState = "good" if withdrawn else "nothing new"
        run = SourceRun(
            source_id=source.id,
            started=found.started,
            ended=parts.clock.now(),
            state="nothing there" if found.last_good.state == "nothing there" else state,
            records=found.last_good.records,
            withdrawn=withdrawn,
            validators=found.last_good.validators,
            figures=found.last_good.figures,
        )
        if parts.archive.keep(run, _tagged_and_matched(source, changes, parts), version):
            return run
        # As in `_keep`: another process was here meanwhile, so look again.


def _tagged_and_matched(source: Source, changes: Sequence[Change], parts: Collecting) -> list[Kept]:
    if not changes:
        return []
    index = CriteriaIndex(parts.archive.criteria())
    return [_kept(source, change, index, parts.vocabulary) for change in changes]


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
        vocabulary=vocabulary.fingerprint,
    )


def _run(found: Gathered, beside: Compared, changes: Sequence[Change], ended: datetime) -> SourceRun:
    reading = beside.reading
    count = {kind: sum(change.kind == kind for change in changes) for kind in TELLING}
    state: SourceState = "good" if count["new"] or count["revised"] or count["withdrawn"] else "nothing new"
    detail = ""
    if reading.state == "nothing there":
        state = "nothing there"
    elif reading.state == "hub":
        state, detail = "nothing there", "the page only points elsewhere: " + ", ".join(reading.see)
    else:
        detail = beside.note
    return SourceRun(
        source_id=beside.source.id,
        started=found.started,
        ended=ended,
        state=state,
        records=len(reading.reviews),
        new=count["new"],
        revised=count["revised"],
        withdrawn=count["withdrawn"],
        detail=detail,
        validators=found.validators,
        figures=beside.figures,
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
