"""Digests that are hard to show well: what every template is tried with before it meets a reader.

All of it is invented, in invented places. `check` renders each of these with an administrator's templates.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from bot.hard_cases.reports import a_report as a_report
from bot.hard_cases.reports import a_summary as a_summary
from bot.hard_cases.reviews import (
    EMOJI,
    LONG_TITLE,
    MARKED,
    MARKUP,
    REVIEW,
    RIGHT_TO_LEFT,
    TELLS_OF_HARM,
    TITLE_ALONE,
    WELSH,
)
from bot.models import (
    Because,
    Coverage,
    Difference,
    Digest,
    Doubtful,
    Entry,
    Evidence,
    Facts,
    Named,
    Narrowed,
    Reason,
    Review,
    Seen,
    SourceStanding,
    Theme,
)

FOOTER = "Saltmarsh children’s services: 01632 960 001, at any hour."
MOST = 60  # reviews in one digest (bot/digests.py)


@dataclass(frozen=True, slots=True, kw_only=True)
class HardCase:
    """A digest, and in plain words what is hard about it."""

    name: str
    digest: Digest


def hard_cases(now: datetime) -> tuple[HardCase, ...]:
    """Every case, as of `now`. The last has something of everything."""
    return tuple(
        HardCase(name=name, digest=digest)
        for name, digest in (
            *_by_their_words(now),
            *_by_their_number(now),
            *_by_what_became_of_them(now),
            *_by_the_time(now),
            ("everything at once", _everything(now)),
        )
    )


def _by_their_words(now: datetime) -> tuple[tuple[str, Digest], ...]:
    def told(review: Review) -> Digest:
        return _digest(now, _entry(now, review))

    return (
        ("one review", told(REVIEW)),
        ("no learning points", told(replace(REVIEW, learning=()))),
        ("a title of 300 characters", told(replace(REVIEW, title=LONG_TITLE))),
        ("a title that tells of harm", told(TELLS_OF_HARM)),
        ("a title alone", told(TITLE_ALONE)),
        ("no links", told(replace(REVIEW, links=()))),
        ("Welsh", told(WELSH)),
        ("Arabic and Hebrew, from right to left", told(RIGHT_TO_LEFT)),
        ("emoji", told(EMOJI)),
        ("markup in all that a source says", _marked(now)),
        ("a national review, of no place", told(replace(REVIEW, place=None, review_type="national"))),
        (
            "learning from several reviews",
            told(replace(REVIEW, review_type="thematic", facts=Facts(ages=("3 weeks", "15 years")))),
        ),
        ("other parts than ours", told(replace(TITLE_ALONE, sections=REVIEW.sections))),
    )


def _by_their_number(now: datetime) -> tuple[tuple[str, Digest], ...]:
    points = tuple(
        f"Recommendation {number} of sixty: agree who does it, and by when." for number in range(60)
    )
    many = tuple(
        replace(_entry(now, replace(REVIEW, title=f"Child Linden {number}")), review_id=number)
        for number in range(1, MOST + 1)
    )
    return (
        ("60 recommendations", _digest(now, _entry(now, replace(REVIEW, recommendations=points)))),
        ("12 reviews", _digest(now, *many[:12])),
        ("60 reviews", _digest(now, *many)),
        ("more reviews than one digest holds", replace(_digest(now, *many[:2]), held_over=3)),
    )


def _by_what_became_of_them(now: datetime) -> tuple[tuple[str, Digest], ...]:
    entry = _entry(now, REVIEW)
    old = replace(REVIEW, published="2019-03")
    return (
        ("a changed review", _digest(now, _revised(entry))),
        ("a withdrawn review", _digest(now, _withdrawn(entry))),
        ("a delayed review", _digest(now, _entry(now, replace(TITLE_ALONE, status="delayed")))),
        (
            "a review not to be published",
            _digest(now, _entry(now, replace(TITLE_ALONE, status="unpublished"))),
        ),
        ("an old review, found now", _digest(now, replace(_entry(now, old), late=True))),
    )


def _by_the_time(now: datetime) -> tuple[tuple[str, Digest], ...]:
    entry, quiet = _entry(now, REVIEW), _digest(now)
    blocked = _standing(now, "Harrowmere")
    none_read = (blocked, _standing(now, "Port Lowen"))
    return (
        ("a quiet week", quiet),
        (
            "a quiet week with a source unread",
            replace(quiet, coverage=Coverage(checked=12, unread=(blocked,))),
        ),
        ("no source could be read", replace(quiet, coverage=Coverage(checked=2, unread=none_read))),
        ("a first digest", _first(_digest(now, entry))),
        ("a first digest with nothing in it", _first(quiet)),
        ("told at once", replace(_digest(now, entry), schedule="immediately", since=None)),
        (
            "told at once, and withdrawn",
            replace(_digest(now, _withdrawn(entry)), schedule="immediately", since=None),
        ),
        ("an earlier digest in doubt", replace(_digest(now, entry), doubtful=(_doubtful(now, "uncertain"),))),
        ("an earlier digest that came back", replace(quiet, doubtful=(_doubtful(now, "refused"),))),
        ("no footer of its own", replace(_digest(now, entry), footer=None)),
    )


def _everything(now: datetime) -> Digest:
    entry = _entry(now, REVIEW)
    entries = (
        entry,
        replace(_entry(now, TITLE_ALONE), review_id=2, late=True),
        replace(_entry(now, WELSH), review_id=3),
        replace(_entry(now, MARKED), review_id=4),
        replace(_revised(entry), review_id=5),
        replace(_withdrawn(entry), review_id=6),
    )
    unread = (_standing(now, "Harrowmere"),)
    return replace(
        _first(_digest(now, *entries)),
        coverage=Coverage(checked=12, published_in_all=9, unread=unread),
        doubtful=(_doubtful(now, "uncertain"), _doubtful(now, "refused")),
        held_over=3,
    )


def _marked(now: datetime) -> Digest:
    """What comes from outside, and what an administrator names, with markup wherever there are words."""
    evidence = (Evidence(field="learning", quote=MARKUP),)
    narrowed = Narrowed(by="place", asked=(MARKUP,), found=(MARKUP,))
    reasons = (
        Reason(theme="infants", evidence=evidence),
        Reason(theme=None, evidence=evidence),
        Reason(theme=None, narrowed=narrowed),
    )
    seen = Seen(
        source_id="harrowmere",
        name=f"Harrowmere {MARKUP}",
        url=f"https://harrowmere.example.org/{MARKUP}",
        first_seen=now - timedelta(days=2),
        attribution=MARKUP,
    )
    entry = replace(
        _entry(now, MARKED),
        because=(Because(subscription="ash", name=MARKUP, reasons=reasons),),
        seen=(seen,),
    )
    changed = Difference(field="learning", before=(MARKUP,), after=(MARKUP, "More."))
    named = Named(title=f"Child Elm {MARKUP}", place=MARKUP, url=f"https://elm.example.org/{MARKUP}")
    return replace(
        _digest(now, entry, replace(entry, kind="revised", review_id=2, revision=2, differences=(changed,))),
        subscriptions=(f"Babies {MARKUP}",),
        coverage=Coverage(checked=12, published_in_all=9, unread=(_standing(now, f"Ash {MARKUP}"),)),
        doubtful=(Doubtful(slot=now - timedelta(days=7), state="uncertain", reviews=(named,)),),
    )


def _entry(now: datetime, review: Review) -> Entry:
    evidence = (Evidence(field="incident", quote="aged ten weeks"),) if review.incident else ()
    age = Narrowed(by="age", asked=("< 1 year",), found=("10 weeks",))
    reasons = (Reason(theme="infants", evidence=evidence), Reason(theme=None, narrowed=age))
    seen = Seen(
        source_id="saltmarsh",
        name="Saltmarsh Safeguarding Children Partnership",
        url="https://saltmarsh.example.org/reviews",
        first_seen=now - timedelta(days=2),
        attribution="Summaries by nobody in particular",
    )
    return Entry(
        kind="new",
        review_id=1,
        revision=1,
        review=review,
        themes=(Theme(id="infants", evidence=evidence),),
        because=(
            Because(subscription="babies", name="Babies", reasons=reasons),
            Because(subscription="all", name="Everything", reasons=()),
        ),
        seen=(seen,),
    )


def _revised(entry: Entry) -> Entry:
    change = Difference(field="recommendations", before=("Old words.",), after=("New words.", "And more."))
    return replace(entry, kind="revised", revision=2, differences=(change,))


def _withdrawn(entry: Entry) -> Entry:
    gone = Difference(field="status", before=("published",), after=("withdrawn",))
    return replace(
        entry, kind="withdrawn", review=replace(entry.review, status="withdrawn"), differences=(gone,)
    )


def _standing(now: datetime, name: str) -> SourceStanding:
    return SourceStanding(
        source_id=name.lower(),
        name=name,
        state="blocked",
        since=now - timedelta(days=3),
        last_run=None,
        last_good=None,
    )


def _doubtful(now: datetime, state: Literal["uncertain", "refused"]) -> Doubtful:
    named = Named(title="Child Bryony", place="Saltmarsh", url="https://saltmarsh.example.org/b.pdf")
    return Doubtful(slot=now - timedelta(days=7), state=state, reviews=(named,))


def _first(digest: Digest) -> Digest:
    return replace(digest, since=None, baseline_days=31, left_in_archive=40)


def _digest(now: datetime, *entries: Entry) -> Digest:
    return Digest(
        schedule="weekly",
        timezone="Europe/London",
        slot=now,
        since=now - timedelta(days=7),
        subscriptions=("Babies", "Everything"),
        entries=entries,
        coverage=Coverage(checked=12, published_in_all=max(9, len(entries))),
        footer=FOOTER,
    )
