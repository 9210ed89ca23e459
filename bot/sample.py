"""A digest with something of everything in it: what templates are checked with before they meet a reader."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.models import (
    Because,
    Coverage,
    Difference,
    Digest,
    Doubtful,
    Entry,
    Evidence,
    Facts,
    Link,
    Named,
    Reason,
    Review,
    Section,
    Seen,
    SourceStanding,
    Theme,
)

REVIEW = Review(
    title="Child A <script>alert(1)</script> & others",
    place="Saltmarsh",
    year=2026,
    published="2026-10",
    review_type="lcspr",
    incident="A baby of ten weeks was found to have an unexplained injury.",
    background="The family had moved twice.",
    good_practice=("A health visitor asked twice.",),
    learning=("Ask who is in the home.", "Write down what was seen."),
    recommendations=tuple(f"Recommendation {n} of many." for n in range(1, 13)),
    actions=("The protocol was rewritten.",),
    questions=("Who in your team would notice?",),
    keywords=("bruising",),
    sections=(Section(heading="Model", items=("A rapid review.",)),),
    links=(Link(label="Read the report (PDF)", url="https://saltmarsh.example.org/a.pdf"),),
    facts=Facts(ages=("10 weeks",), sex="female", outcome="serious-harm", incident_date="2025-05"),
)
BARE = Review(title="Plentyn B", links=(Link(label="Plentyn B", url="https://saltmarsh.example.org/b.pdf"),))


def sample(now: datetime) -> Digest:
    """The digest, as of `now`: a review with all its fields, one with only a title, a revision, a
    withdrawal; a source that could not be read; and every line of the frame."""
    evidence = (Evidence(field="incident", quote="A baby of ten weeks"),)
    because = (
        Because(subscription="babies", name="Babies", reasons=(Reason(theme="infants", evidence=evidence),)),
        Because(subscription="all", name="Everything", reasons=()),
    )
    seen = (
        Seen(
            source_id="saltmarsh",
            name="Saltmarsh Safeguarding Children Partnership",
            url="https://saltmarsh.example.org/reviews",
            first_seen=now - timedelta(days=2),
            attribution="Summaries by nobody in particular",
        ),
    )
    entry = Entry(
        kind="new",
        review_id=1,
        revision=1,
        review=REVIEW,
        themes=(Theme(id="infants", evidence=evidence),),
        because=because,
        seen=seen,
    )
    change = Difference(field="recommendations", before=("Old words.",), after=("New words.",))
    gone = Difference(field="status", before=("published",), after=("withdrawn",))
    return Digest(
        schedule="weekly",
        timezone="Europe/London",
        slot=now,
        since=now - timedelta(days=7),
        subscriptions=("Babies", "Everything"),
        entries=(
            entry,
            replace(entry, review_id=2, review=BARE, late=True),
            replace(entry, kind="revised", review_id=3, revision=2, differences=(change,)),
            replace(entry, kind="withdrawn", review_id=4, review=BARE, differences=(gone,)),
        ),
        coverage=Coverage(
            checked=12,
            published_in_all=9,
            unread=(
                SourceStanding(
                    source_id="harrowmere",
                    name="Harrowmere",
                    state="blocked",
                    since=now - timedelta(days=3),
                    last_run=None,
                    last_good=None,
                ),
            ),
        ),
        baseline_days=31,
        left_in_archive=40,
        doubtful=(
            Doubtful(
                slot=now - timedelta(days=7),
                state="uncertain",
                reviews=(
                    Named(title="Child Z", place="Saltmarsh", url="https://saltmarsh.example.org/z.pdf"),
                ),
            ),
        ),
        held_over=3,
        footer="Saltmarsh children's services: 01632 960 001.",
    )
