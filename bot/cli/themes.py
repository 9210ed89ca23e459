"""`themes`: what the vocabulary looks for, what it finds in a text, and what a subscription would bring."""

from __future__ import annotations

import os
import re
import sys
from collections import Counter
from contextlib import closing
from dataclasses import asdict
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import app

if TYPE_CHECKING:  # what a command needs is imported in it, so that `--help` does not wait
    from collections.abc import Mapping, Sequence

    from bot.models import Review
    from bot.themes import ThemeEntry, Vocabulary
    from bot.themes.explaining import Written
    from bot.themes.phrases import Strength

themes = typer.Typer(
    help="See what themes look for, and try them.",
    no_args_is_help=True,
)
app.add_typer(themes, name="themes")

AsJson = Annotated[bool, typer.Option("--json", help="Print it as JSON.")]

BOTH = ("learning", "incident")  # where a text is tried if no field is named: most texts are of one of these


@themes.command("list")
def list_themes(
    context: typer.Context,
    word: Annotated[
        str | None,
        typer.Argument(metavar="WORD", help="A theme's id, to see its phrases; or part of a name or phrase."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the themes, and how many reviews carry each.

    With the id of one, all phrases by which it is found."""
    from bot.cli import show, themes_shown
    from bot.cli.opening import options_of
    from bot.errors import UsageError
    from bot.themes.explaining import phrases_of
    from bot.wiring import load_vocabulary

    vocabulary = load_vocabulary(options_of(context).config)
    phrases = {entry.id: phrases_of(entry.id, vocabulary) for entry in vocabulary.themes}
    found = _fitting(word, vocabulary.themes, phrases)
    if not found:
        near = get_close_matches(word or "", vocabulary.ids, n=1)
        hint = f"did you mean `{near[0]}`?" if near else "`learning-bot themes list` shows them all."
        raise UsageError(f"No theme has `{word}` in its name or phrases; {hint}")
    reviews, carried = _carried(vocabulary)
    if as_json:
        show.as_json(
            [
                {
                    "id": entry.id,
                    "name": entry.name,
                    "group": entry.group,
                    "only_in": list(entry.only_in),
                    "reviews": None if reviews is None else carried[entry.id],
                    **{strength: [asdict(one) for one in row] for strength, row in phrases[entry.id].items()},
                }
                for entry in found
            ]
        )
    elif len(found) == 1:
        themes_shown.one(found[0], phrases[found[0].id], reviews, carried[found[0].id])
    else:
        themes_shown.all_of_them(found, reviews, carried)


def _fitting(
    word: str | None,
    entries: Sequence[ThemeEntry],
    phrases: Mapping[str, Mapping[Strength, Sequence[Written]]],
) -> list[ThemeEntry]:
    """The theme of this id; else those with the word in their name or group; else in one of their phrases."""
    if word is None:
        return list(entries)
    wanted = word.casefold()
    named = [one for one in entries if one.id == wanted]
    named = named or [one for one in entries if wanted in f"{one.id} {one.name} {one.group}".casefold()]
    return named or [
        one
        for one in entries
        if any(wanted in written.phrase.casefold() for row in phrases[one.id].values() for written in row)
    ]


def _carried(vocabulary: Vocabulary) -> tuple[int | None, Counter[str]]:
    """How many reviews the archive has, and how many carry each theme of this vocabulary, looked for anew;
    None and nothing before the first poll."""
    from bot.cli.opening import open_archive, require_archive
    from bot.errors import BotError, ConfigError
    from bot.themes import tag

    try:
        require_archive(os.environ)
    except ConfigError:
        raise
    except BotError:
        return None, Counter()
    count, carried = 0, Counter[str]()
    with closing(open_archive()) as store:
        for known, _ in store.every_review():
            count += 1
            carried.update(theme.id for theme in tag(known.review, vocabulary))
    return count, carried


@themes.command("test")
def try_text(
    context: typer.Context,
    text: Annotated[
        str | None, typer.Argument(metavar="TEXT", help="In quotes; `-` or nothing: as typed or piped in.")
    ] = None,
    field: Annotated[
        str | None,
        typer.Option(
            "--field",
            help="Read it as this part of a review, such as title or recommendations; as an incident and as "
            "a point of learning, if none is named.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show which themes a text carries, and what nearly matched.

    With the phrase that found each. Nothing is kept."""
    from bot.cli import show, themes_shown
    from bot.cli.opening import options_of
    from bot.errors import UsageError
    from bot.themes.explaining import explain
    from bot.themes.vocabulary import FIELDS
    from bot.wiring import load_vocabulary, named

    if field is not None:
        named("part", field, dict.fromkeys(FIELDS), "A review")
    told = _typed() if text in (None, "-") else str(text)
    if not told.strip():
        raise UsageError("There is no text to test; write it in quotes, or pipe it in.")
    vocabulary = load_vocabulary(options_of(context).config)
    fields = (field,) if field else BOTH
    tried = {name: explain(_as_review(told, name), vocabulary) for name in fields}
    if as_json:
        show.as_json(themes_shown.tried_as_record(tried))
    else:
        themes_shown.tried(tried)


def _typed() -> str:
    if sys.stdin.isatty():
        print("Type or paste the text; end with a line that has only Ctrl-D.", file=sys.stderr)
    return sys.stdin.read()


def _as_review(text: str, field: str) -> Review:
    """A review that says this and nothing else; each paragraph is a point, where the field has points. Its
    facts are read as those of a page, so an age counts where a page would state it."""
    from bot.models import Review, Section
    from bot.reading.facts import facts_of

    points = tuple(one for one in re.split(r"\n\s*\n", text) if one.strip())
    if field in ("title", "incident", "background"):
        told = {field: " ".join(text.split())}
        facts = facts_of(
            told.get("incident", ""), title=told.get("title", ""), background=told.get("background", "")
        )
        return Review(**{"title": "", **told, "facts": facts})  # type: ignore[arg-type]  # by the field's name
    if field == "sections":
        return Review(title="", sections=(Section(heading="", items=points),))
    return Review(**{"title": "", field: points})  # type: ignore[arg-type]  # by the field's name


@themes.command("estimate")
def estimate_subscription(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="SUBSCRIPTION", help="Its id in subscriptions.yaml.")],
    days: Annotated[
        int, typer.Option("--days", min=1, max=36500, help="How many days to look back; a year, if not said.")
    ] = 365,
    as_json: AsJson = False,
) -> None:
    """Say which reviews of the past year a subscription would bring.

    With the files as they are now. Nothing is kept."""
    from bot.cli import show, themes_shown
    from bot.cli.opening import open_bot
    from bot.estimate import estimate

    with open_bot(context) as bot:
        criteria = bot.subscription(name).criteria
        archive = (known for known, _ in bot.store.every_review())
        made = estimate(criteria, archive, bot.vocabulary, bot.clock.now(), days)
        name_of = bot.vocabulary.name_of
    if as_json:
        show.as_json(themes_shown.estimate_as_record(name, made))
    else:
        themes_shown.estimated(name, made, name_of)
