"""A digest as pages for a browser and for paper: all of it, and the sheet for a team meeting.

They may be forwarded, so nothing in them is about their reader: no address, no link to stop, nothing of how
earlier digests reached them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from bot.deliver import words
from bot.deliver.rendering.templating import Templates
from bot.deliver.showing.sheet import ANY, EVERYTHING, sheet_of
from bot.deliver.showing.shown import Detail, DigestShown, Passage, Points, ReviewShown
from bot.deliver.showing.view import show
from bot.models import Digest, Edition, Entry, Organisation, Review

# More of a passage or list than anybody prints, so that no page takes long. For more it leads to the report.
LONGEST, MOST = 5_000, 200
WHOLE = Detail(full=ANY, parts=ANY, points=MOST, prose=2 * LONGEST, point=LONGEST)
ON_A_SHEET = 1_000


class Printed:
    """Makes the pages, through the same templates as mails: an administrator's `web/digest.html` and
    `web/meeting.html` win over the bundled ones. The other arguments are those of `Renderer`."""

    def __init__(
        self,
        templates: Templates,
        name_of_theme: Callable[[str], str],
        organisation: Callable[[], Organisation] = Organisation,
    ) -> None:
        self._templates = templates
        self._name_of_theme = name_of_theme
        self._organisation = organisation

    def page(self, edition: Edition) -> str:
        """The whole digest as HTML: all that the sources say, cut only where one passage has thousands of
        characters, which it says. Raises ConfigError for a mistake in an administrator's own template."""
        return self._made("web/digest.html", edition, digest=everything(edition.digest, self._name_of_theme))

    def meeting(self, edition: Edition) -> str:
        """The sheet for the team meeting as HTML: one side of A4 in a usual week. Raises as `page` does."""
        digest = show(bounded(edition.digest, ON_A_SHEET), self._name_of_theme, EVERYTHING)
        return self._made("web/meeting.html", edition, digest=digest, sheet=sheet_of(digest))

    def _made(self, template: str, edition: Edition, **shown: object) -> str:
        organisation, footer = self._organisation(), edition.digest.footer
        context = {
            "edition": edition.id,
            "organisation": organisation,
            "help": words.clean(footer) if footer else "",
        }
        return self._templates.render(template, context | shown)


def everything(digest: Digest, name_of_theme: Callable[[str], str]) -> DigestShown:
    """The digest as it is told, with every section and every change of each review."""
    digest = bounded(digest, LONGEST)
    shown = show(digest, name_of_theme, WHOLE)
    reviews = (_whole(one, entry) for one, entry in zip(shown.reviews, digest.entries, strict=True))
    return replace(shown, reviews=tuple(reviews))


def bounded(digest: Digest, longest: int) -> Digest:
    """The digest with no text of its reviews much longer than what is shown of it (`longest`, in characters),
    since even to clean a text takes time. Twice as long, for what is invisible in it is not shown."""
    most = 2 * longest

    def few(items: Iterable[str]) -> tuple[str, ...]:
        return tuple(item[:most] for item in items)

    def review_of(review: Review) -> Review:
        return replace(
            review,
            incident=review.incident[: 2 * most],
            background=review.background[:most],
            learning=few(review.learning),
            recommendations=few(review.recommendations),
            actions=few(review.actions),
            good_practice=few(review.good_practice),
            questions=few(review.questions),
            sections=tuple(replace(one, items=few(one.items)) for one in review.sections),
        )

    def entry_of(entry: Entry) -> Entry:
        pairs = (replace(one, before=few(one.before), after=few(one.after)) for one in entry.differences)
        return replace(entry, review=review_of(entry.review), differences=tuple(pairs))

    return replace(digest, entries=tuple(entry_of(one) for one in digest.entries))


def _whole(review: ReviewShown, entry: Entry) -> ReviewShown:
    """What a mail leaves out even of a review that has all the room: further sections, long changes."""
    if review.withdrawn:
        return review
    sections = entry.review.sections if entry.kind == "new" else ()
    pairs = zip(review.differences, entry.differences, strict=True)
    return replace(
        review,
        other=tuple((words.clean(one.heading), _points(one.items)) for one in sections),
        differences=tuple(
            replace(shown, before=_points(kept.before), after=_points(kept.after)) for shown, kept in pairs
        ),
    )


def _points(items: Sequence[str]) -> Points:
    cleaned = (words.clean(words.VALUES.get(item, item)) for item in items[:MOST])
    cuts = (words.cut(text, LONGEST) for text in cleaned if text)
    shown = tuple(Passage(text=text, goes_on=goes_on) for text, goes_on in cuts)
    return Points(shown=shown, more=len(items[MOST:]))
