"""How `status` shows what it found: what needs somebody first, in full; what is well after it, in short."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.cli.outbox import why
from bot.cli.show import Screen, ago, called, moment, span
from bot.cli.status import MOST_COUNTED, Found
from bot.models import UNREAD, SourceStanding, SourceState
from bot.rhythm import Rhythm, spell

TABLE_UP_TO = 20  # sources; a table of more pushes what matters off the screen
MOST_LISTED = 10  # of what is told on a line or two each: silent sources, deliveries, addresses
STANDSTILL = timedelta(hours=1)  # a round that polls many slow sites takes a quarter of it
ON_THEIR_WAY = ("queued", "sending", "deferred")

WHAT_TO_DO: dict[SourceState, tuple[str, str]] = {
    "blocked": (
        "Blocked",
        "the site does not let robots in. Write to its owner; the bot does not get round it.",
    ),
    "unreadable": (
        "Unreadable",
        "something came, but no review can be trusted to be in it, and none was taken from it. "
        "Look at what came, and say whether it is right.",
    ),
    "failing": (
        "Failing",
        "no answer, or an error as answer. It is tried again by itself; if it stays, look in a browser "
        "whether the page has moved.",
    ),
}


class Sorted:
    """The sources by what they need. Each is in one of the four."""

    def __init__(self, found: Found) -> None:
        self.unread: list[tuple[SourceStanding, datetime]] = []
        self.silent: list[tuple[SourceStanding, Rhythm]] = []
        self.never: list[SourceStanding] = []
        self.well: list[SourceStanding] = []
        for one, due in found.sources:
            learned = found.rhythms.get(one.source_id)
            if one.state in UNREAD:
                self.unread.append((one, due))
            elif one.state == "never read":
                self.never.append(one)
            elif learned and learned.is_quiet(found.now.date()):
                self.silent.append((one, learned))
            else:
                self.well.append(one)


def show_status(found: Found, *, everything: bool) -> None:
    """`everything`: a table of all sources that are well, however many."""
    screen, sources = Screen(), Sorted(found)
    if standstill := stands_still(found):
        screen.line(standstill, "bold yellow")
    screen.line(verdict(found), "bold green" if _all_well(found, sources) else "bold yellow")
    _show_unread(screen, sources.unread, found.now)
    _show_silent(screen, sources.silent, found.now, everything=everything)
    _show_never(screen, sources.never)
    _show_outbox(screen, found)
    _show_failures(screen, found, sources)
    _show_well(screen, sources.well, found, everything=everything)
    _show_due(screen, found)


# --- the first lines ------------------------------------------------------------------------------------


def stands_still(found: Found) -> str | None:
    """That nothing polls what is due, in a sentence; None while something does."""
    last = max((one.last_run for one, _ in found.sources if one.last_run), default=None)
    if last is None:
        begin = "No source was looked at yet: `learning-bot run` does it, and goes on doing it."
        return begin if found.sources else None
    if not found.overdue or found.now - last < STANDSTILL:
        return None
    return f"The last round was {ago(last, found.now)}: is `learning-bot run` running?"


def verdict(found: Found) -> str:
    """How it all stands, in one sentence."""
    if not found.sources:
        return (
            f"No source is watched: `learning-bot sources add URL` adds one. {_messages(found).capitalize()}."
        )
    return f"{_of_sources(Sorted(found), len(found.sources))}; {_messages(found)}."


def _of_sources(sources: Sorted, count: int) -> str:
    said = []
    if sources.unread:
        if len(sources.unread) == count > 1:
            same = " (is this machine's network all right?)" if _all_fail(sources.unread) else ""
            said.append(f"None of the {count} sources can be read{same}")
        else:
            said.append(f"{len(sources.unread)} of {_counted(count, 'source')} cannot be read")
    if sources.silent:
        silent = len(sources.silent)
        said.append(f"{silent} {'has' if silent == 1 else 'have'} been silent for longer than ever")
    if sources.never:
        never = len(sources.never)
        said.append(f"{never} {'has' if never == 1 else 'have'} not been looked at yet")
    if not said:
        return "The one source was read" if count == 1 else f"All {count} sources were read"
    if not sources.unread:
        said[0] = said[0].replace(" ", f" of {_counted(count, 'source')} ", 1)
    return ", ".join(said)


def _all_fail(unread: Sequence[tuple[SourceStanding, datetime]]) -> bool:
    return all(one.state == "failing" for one, _ in unread)


def _messages(found: Found) -> str:
    """What waits in the outbox, and what somebody should look at."""
    waiting = sum(found.waiting[state] for state in found.waiting if state in ON_THEIR_WAY)
    said = [f"{_counted(waiting, 'message')} {'waits' if waiting == 1 else 'wait'}"] if waiting else []
    if uncertain := found.waiting["uncertain"]:
        said.append(f"{uncertain} may or may not have arrived")
    if refused := sum(item.state == "refused" for item in found.for_a_person):
        least = " or more" if refused == MOST_COUNTED else ""
        said.append(f"{refused}{least} {'was' if refused == 1 else 'were'} refused lately")
    return ", ".join(said) or "nothing waits"


def _all_well(found: Found, sources: Sorted) -> bool:
    return len(sources.well) == len(found.sources) and not found.for_a_person and not found.held


# --- sources --------------------------------------------------------------------------------------------


def _show_unread(screen: Screen, unread: Sequence[tuple[SourceStanding, datetime]], now: datetime) -> None:
    begun = False
    for state, (name, what_to_do) in WHAT_TO_DO.items():
        of_it = [(one, due) for one, due in unread if one.state == state]
        if not of_it:
            continue
        if not begun:
            screen.heading("Cannot be read")
        (screen.paragraph if begun else screen.line)(f"{name}: {what_to_do}", state)
        begun = True
        for one, due in sorted(of_it, key=lambda pair: pair[0].since or now, reverse=True):
            _show_one_unread(screen, one, due, now)


def _show_one_unread(screen: Screen, one: SourceStanding, due: datetime, now: datetime) -> None:
    since = f"since {span(one.since, one.since)}, " if one.since else ""
    looks = f"{_counted(one.failed, 'look')} in vain, " if one.failed > 1 else ""
    again = "due now" if due <= now else f"next {ago(due, now)}"
    screen.entry(one.source_id, "", f"{since}{looks}{again}", indent=2)
    screen.line(one.detail, indent=4)
    if one.page_kept:
        screen.command(f"learning-bot sources review {one.source_id}", indent=4)


def _show_silent(
    screen: Screen, silent: Sequence[tuple[SourceStanding, Rhythm]], now: datetime, *, everything: bool
) -> None:
    if not silent:
        return
    screen.heading("Silent for longer than ever")
    screen.line("They can be read. Look in a browser whether reviews are published elsewhere by now.")
    rows = [
        (one.source_id, spell(now.date() - learned.last), spell(learned.usual), spell(learned.longest))
        for one, learned in sorted(silent, key=lambda pair: pair[1].last, reverse=True)
    ]
    screen.table(
        ("source", "silent for", "new every", "longest before"), rows if everything else rows[:MOST_LISTED]
    )
    if not everything:
        _show_more(screen, len(rows) - MOST_LISTED, "learning-bot status --all")


def _show_never(screen: Screen, never: Sequence[SourceStanding]) -> None:
    if never:
        screen.heading("Not looked at yet")
        screen.line(", ".join(one.source_id for one in never), indent=2)


def _show_well(screen: Screen, well: Sequence[SourceStanding], found: Found, *, everything: bool) -> None:
    if not well:
        return
    if len(well) > TABLE_UP_TO and not everything:
        states = [one.state for one in well]
        counted = ", ".join(f"{states.count(state)} {state}" for state in dict.fromkeys(sorted(states)))
        screen.heading(f"Read well: {counted}")
        screen.command("learning-bot status --all", indent=2)
        return
    screen.heading("Read well")
    rows = [
        (
            one.source_id,
            one.state,
            one.records,
            ago(one.last_run, found.now),
            spell(found.rhythms[one.source_id].usual) if one.source_id in found.rhythms else "",
        )
        for one in well
    ]
    screen.table(("source", "state", "reviews", "looked at", "new every"), rows)


# --- messages -------------------------------------------------------------------------------------------


def _show_outbox(screen: Screen, found: Found) -> None:
    counted = ", ".join(f"{count} {state}" for state, count in found.waiting.items() if count)
    if counted or found.held:
        screen.heading(f"In the outbox: {counted or 'nothing'}")
    for line in found.held:
        screen.line(line, "yellow")
    shown = found.for_a_person[:MOST_LISTED]
    for item in shown:
        screen.entry(
            str(item.id),
            item.state,
            f" since {span(item.changed_at, item.changed_at)}, {called(item.schedule)} to "
            f"{item.subscriber.address}",
            indent=2,
        )
        screen.line(why(item), indent=4)
    if shown:
        screen.line("If it is to be sent again: learning-bot outbox retry ID", indent=2)
        if any(item.state == "uncertain" for item in shown):
            screen.line("If it arrived, or is no longer wanted: learning-bot outbox resolve ID", indent=2)
    _show_more(screen, sum(found.waiting.values()) - len(shown), "learning-bot outbox list")
    if found.bounced:
        screen.heading("Sent nothing, because their mail came back")
        screen.line("Once an address is mended: learning-bot people resume ADDRESS")
    for one in found.bounced[:MOST_LISTED]:
        screen.line(f"{one.subscriber.address}, since {moment(one.bounced)}", indent=2)
    _show_more(screen, len(found.bounced) - MOST_LISTED, "learning-bot status --json")


def _show_failures(screen: Screen, found: Found, sources: Sorted) -> None:
    """Those that are not told above already."""
    told = {(one.source_id, one.detail) for one, _ in sources.unread}
    others = {(one.subject, one.text): one for one in reversed(found.failures)}  # of those alike, the latest
    latest = [one for alike, one in reversed(others.items()) if alike not in told]
    if latest:
        screen.heading("The latest failures")
    for failure in latest:
        screen.line(f"{moment(failure.at)} {failure.kind} {failure.subject}: {failure.text}", indent=2)


# --- what is next ---------------------------------------------------------------------------------------


def _show_due(screen: Screen, found: Found) -> None:
    if found.digests:
        screen.heading("Next digests")
    for schedule, at in found.digests:
        screen.line(f"{called(schedule)}: {moment(at)}, {ago(at, found.now)}", indent=2)
    screen.line("")
    if found.paused:
        screen.line(f"Paused (enabled: false): {', '.join(found.paused)}")
    screen.line(f"Kept in {found.where}.", "dim")


def _show_more(screen: Screen, more: int, command: str) -> None:
    if more > 0:
        screen.line(f"and {more} more: {command}", indent=2)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
