"""`reviews`: where a review was seen and why each sighting was counted as it; joining two, splitting one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Annotated, Any

import typer

from bot.cli import app

reviews = typer.Typer(
    help="See what counts as one review; join two, or split one.",
    no_args_is_help=True,
)
app.add_typer(reviews, name="reviews")

ReviewId = Annotated[int, typer.Argument(metavar="ID", help="As `learning-bot search` shows it.")]


@reviews.command("show")
def show_review(
    review_id: ReviewId,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Show where a review was seen, and how it changed.

    And why each sighting was counted as it."""
    from bot.cli import show
    from bot.cli.opening import open_archive

    with closing(open_archive()) as store:
        known, history = store.review(review_id)
    if as_json:
        show.as_json(_as_record(known, history))
        return
    print(_headed(known))
    print("\nSeen at")
    columns = ("source", "address", "first seen", "last seen", "why it was counted as this review")
    rows = [
        (one.source_id, one.url, show.moment(one.first_seen), show.moment(one.last_seen), _why(one))
        for one in known.sightings
    ]
    show.table(columns, rows)
    print("\nRevisions")
    show.table(
        ("revision", "kind", "when", "source", "what changed", "why"),
        [
            (
                one.revision,
                one.kind,
                show.moment(one.at),
                one.source_id,
                ", ".join(difference.field for difference in one.differences),
                one.reason,
            )
            for one in history
        ],
    )
    if known.decisions:
        print("\nDecided by a person")
    for line in _decided(known):
        print(line)


def _headed(known: Any) -> str:
    review = known.review
    facts = (review.place, review.year, review.status, f"in the words of {known.origin}")
    told = [f"{one.source_id} calls it “{one.review.title}”" for one in known.tellings]
    return "\n".join((f"{known.id}  {review.title} ({' · '.join(str(one) for one in facts if one)})", *told))


def _why(sighting: Any) -> str:
    missed = f"; missing at the last {sighting.missed} polls" if sighting.missed else ""
    older = "; on an older page than the one that is watched" if sighting.beyond else ""
    return f"{sighting.reason or 'not recorded'}{missed}{older}"


def _decided(known: Any) -> Iterator[str]:
    from bot.cli import show

    for one in known.decisions:
        if one.kind == "joined":
            yield f"{show.moment(one.at)}: review {one.other} was joined to it"
        else:
            yield f"{show.moment(one.at)}: what {one.source_id} has is review {one.other}, and never this one"


def _as_record(known: Any, history: Any) -> dict[str, object]:
    from bot.record import as_record

    seen = ("source_id", "url", "first_seen", "last_seen", "missed", "reason", "beyond")
    revised = ("revision", "kind", "at", "source_id", "reason")
    decided = ("kind", "other", "source_id", "at")
    return {
        "id": known.id,
        "review": as_record(known.review),
        "origin": known.origin,
        "sightings": [{name: getattr(one, name) for name in seen} for one in known.sightings],
        "tellings": {one.source_id: as_record(one.review) for one in known.tellings},
        "revisions": [
            {name: getattr(one, name) for name in revised}
            | {"fields": [difference.field for difference in one.differences]}
            for one in history
        ],
        "decisions": [{name: getattr(one, name) for name in decided} for one in known.decisions],
    }


@reviews.command()
def join(
    context: typer.Context,
    review_id: Annotated[int, typer.Argument(metavar="ID", help="The review that stays, with its number.")],
    other_id: Annotated[int, typer.Argument(metavar="OTHER", help="The review that becomes part of it.")],
) -> None:
    """Make two reviews one. Who was told of either is told of neither again."""
    from bot.cli.opening import open_archive, options_of
    from bot.pipeline import deciding
    from bot.wiring import SystemClock, load_vocabulary

    vocabulary = load_vocabulary(options_of(context).config)
    with closing(open_archive()) as store:
        known = deciding.join(review_id, other_id, store, vocabulary, SystemClock().now())
    print(f"Review {other_id} is now part of review {known.id}, {known.review.title}; polls keep them one.")


@reviews.command()
def split(
    context: typer.Context,
    review_id: ReviewId,
    source: Annotated[
        str,
        typer.Argument(
            metavar="SOURCE",
            help="The source whose review is another, or one address there, as `reviews show` has them.",
        ),
    ],
) -> None:
    """Make what a source has of a review one of its own. Later polls keep the two apart."""
    from bot.cli.opening import open_archive, options_of
    from bot.pipeline import deciding
    from bot.wiring import SystemClock, load_vocabulary

    vocabulary = load_vocabulary(options_of(context).config)
    with closing(open_archive()) as store:
        new = deciding.split(review_id, source, store, vocabulary, SystemClock().now())
    print(f"What {source} has is now review {new.id}, {new.review.title}; polls keep it apart.")
