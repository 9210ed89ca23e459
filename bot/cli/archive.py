"""`search`: the archive of all reviews that were ever seen."""

from __future__ import annotations

from contextlib import closing
from typing import Annotated

import typer

from bot.cli import app


@app.command()
def search(
    context: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="WORDS", help="Words to look for; all reviews, if there are none."),
    ] = None,
    theme: Annotated[
        str | None, typer.Option("--theme", help="Only reviews with this theme (its id).")
    ] = None,
    place: Annotated[
        str | None, typer.Option("--place", help="Only reviews of this area or partnership.")
    ] = None,
    year: Annotated[int | None, typer.Option("--year", help="Only reviews of this year.")] = None,
    review_type: Annotated[
        str | None, typer.Option("--type", help="lcspr, scr, cpr, cmr, lr, sar, dhr, national or thematic.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print the records as JSON.")] = False,
) -> None:
    """Search the archive, best first."""
    from bot.cli import show
    from bot.cli.opening import open_archive, options_of
    from bot.models import ArchiveQuery
    from bot.record import as_record
    from bot.spoken import KINDS
    from bot.wiring import load_vocabulary, named

    if theme:
        known = load_vocabulary(options_of(context).config).ids
        named("theme", theme, dict.fromkeys(known), "the vocabulary")
    if review_type:
        named("type of review", review_type, {str(kind): None for kind in KINDS}, "the archive")
    query = ArchiveQuery(
        words=" ".join(words or ()), theme=theme, place=place, year=year, review_type=review_type, limit=limit
    )
    with closing(open_archive()) as store:
        found = store.search(query)
    if as_json:
        show.as_json([{"id": one.known.id, **as_record(one.known.review, one.themes)} for one in found])
        return
    if not found:
        print("No review in the archive fits.")
    for one in found:
        review = one.known.review
        gone = "no longer offered by its publisher" if review.status == "withdrawn" else None
        facts = (review.place, review.review_type, review.published, gone)
        head = " · ".join(part for part in facts if part)
        print(f"{one.known.id}  {review.title}{f' ({head})' if head else ''}")
        if one.excerpt:
            print(f"    {one.excerpt}")
        if review.links and not gone:
            print(f"    {review.links[0].url}")
