"""A digest as pages for a browser and for paper: all of it, and the sheet for a team meeting.

They may be forwarded, so nothing in them is about their reader: no address, no link to stop, nothing of how
earlier digests reached them.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable
from dataclasses import replace

from bot.deliver import words
from bot.deliver.sheet import EVERYTHING, sheet_of
from bot.deliver.shown import DigestShown, Passage, Points, ReviewShown
from bot.deliver.templating import Templates
from bot.deliver.view import show
from bot.models import Digest, Edition, Entry, Logo, Organisation


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
        """The whole digest as HTML: all that the sources say, nothing cut. Raises ConfigError for a mistake
        in an administrator's own template."""
        return self._made("web/digest.html", edition, digest=everything(edition.digest, self._name_of_theme))

    def meeting(self, edition: Edition) -> str:
        """The sheet for the team meeting as HTML: one side of A4 in a usual week. Raises as `page` does."""
        digest = show(edition.digest, self._name_of_theme, EVERYTHING)
        return self._made("web/meeting.html", edition, digest=digest, sheet=sheet_of(digest))

    def _made(self, template: str, edition: Edition, **shown: object) -> str:
        organisation, footer = self._organisation(), edition.digest.footer
        context = {
            "edition": edition.id,
            "organisation": organisation,
            "logo": _as_address(organisation.logo) if organisation.logo else None,
            "help": words.clean(footer) if footer else "",
        }
        return self._templates.render(template, context | shown)


def everything(digest: Digest, name_of_theme: Callable[[str], str]) -> DigestShown:
    """The digest as it is told, with every section and every change of each review."""
    shown = show(digest, name_of_theme, EVERYTHING)
    reviews = (_whole(one, entry) for one, entry in zip(shown.reviews, digest.entries, strict=True))
    return replace(shown, reviews=tuple(reviews))


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


def _points(items: Iterable[str]) -> Points:
    said = (words.clean(words.VALUES.get(item, item)) for item in items)
    return Points(shown=tuple(Passage(text=text) for text in said if text))


def _as_address(logo: Logo) -> str:
    """The picture in the page itself, so that reading it asks nobody for anything."""
    return f"data:{logo.media_type};base64,{b64encode(logo.picture).decode('ascii')}"
