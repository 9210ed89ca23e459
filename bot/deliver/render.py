"""From a digest to a mail and to Slack posts, through templates that may be replaced one by one."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from traceback import extract_tb

import css_inline
from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
    select_autoescape,
)

from bot.deliver import words
from bot.deliver.blocks import SlackPost
from bot.deliver.posts import Posts
from bot.deliver.shown import Detail, DigestShown
from bot.deliver.view import show
from bot.errors import ConfigError, Problem
from bot.models import Digest, Organisation

LARGEST = 80_000  # bytes of HTML; Gmail hides what comes after about 102 kB
DETAILS = (
    Detail(),
    Detail(points=3, prose=600, point=300, background=False),
    Detail(points=3, prose=400, point=300, background=False),
    Detail(full=8, points=3, prose=300, point=250, background=False),
    Detail(full=8, parts=8, points=3, prose=300, point=250, background=False),
    Detail(full=4, parts=4, points=2, prose=300, point=250, background=False),
    Detail(full=0, parts=0),
)
FULL_AT_LENGTH = 3  # with more reviews than this a mail would take longer than five minutes
WORDS_A_MINUTE = 230
WIDTH = 72


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailContent:
    """A mail's subject (one line), HTML part and text part, equal in what they say."""

    subject: str
    html: str
    text: str


class Renderer:
    """Renders digests.

    `templates`: a folder, or several of which the first that has a template wins (an administrator's before
    the bundled ones). `name_of_theme`: a theme's id to its name. `organisation`: who sends, as it is at the
    time. `footers`: named footers, where to turn with
    a worry about a child; a digest's footer that is no such name is taken as the words themselves.
    A mistake in a template raises ConfigError with its file and line.
    """

    def __init__(
        self,
        templates: Path | Sequence[Path],
        name_of_theme: Callable[[str], str],
        organisation: Callable[[], Organisation] = Organisation,
        footers: Mapping[str, str] | None = None,
    ) -> None:
        folders = [templates] if isinstance(templates, Path) else list(templates)
        self._name_of_theme = name_of_theme
        self._organisation = organisation
        self._footers = dict(footers or {})
        self._folders = tuple(str(folder) for folder in folders)
        self._environment = Environment(
            loader=FileSystemLoader(folders),
            autoescape=select_autoescape(enabled_extensions=("html",)),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters.update(
            day=words.day,
            short_day=words.short_day,
            listed=words.listed,
            in_quotes=in_quotes,
            wrap=wrap,
            underlined=underlined,
        )

    @cached_property
    def _inliner(self) -> css_inline.CSSInliner:
        return css_inline.CSSInliner(
            extra_css=self._template("email/style.css", {}),
            load_remote_stylesheets=False,
            keep_style_tags=True,  # the one there is holds the media queries, and is marked to be left alone
        )

    def email(self, digest: Digest, unsubscribe_url: str | None, page_url: str | None = None) -> EmailContent:
        """The digest as a mail. Above three new reviews each gets less room; where the mail would still be
        larger than 80 kB, later ones get less, and say so.

        `unsubscribe_url`: the reader's own address for changing and stopping; None: they are asked to reply.
        `page_url`: where the whole digest stands as a page, None where there is no web.
        """
        told = sum(entry.kind == "new" for entry in digest.entries)
        first, *shorter = DETAILS if told <= FULL_AT_LENGTH else DETAILS[1:]
        content = self._email(digest, unsubscribe_url, page_url, first)
        for detail in shorter:
            if len(content.html.encode()) <= LARGEST:
                break
            content = self._email(digest, unsubscribe_url, page_url, detail)
        return content

    def slack(
        self, digest: Digest, *, threads: bool = True, page_url: str | None = None
    ) -> tuple[SlackPost, ...]:
        """The digest as posts: one a review where each is posted at once, else one round-up with its detail
        in the thread. `threads` False: it stands below, and the words say so. `page_url`: as for a mail."""
        shown = show(digest, self._name_of_theme, DETAILS[0])
        with self._mistakes_told():
            spoken = self._environment.get_template("slack/words.txt").make_module(
                {"organisation": self._organisation(), "help": self._help(digest), "threads": threads}
            )
            return Posts(spoken).of(shown)

    def _help(self, digest: Digest) -> str:
        return words.clean(self._footers.get(digest.footer, digest.footer)) if digest.footer else ""

    def _email(
        self, digest: Digest, unsubscribe_url: str | None, page_url: str | None, detail: Detail
    ) -> EmailContent:
        shown = show(digest, self._name_of_theme, detail)
        common = {
            "digest": shown,
            "organisation": self._organisation(),
            "help": self._help(digest),
            "unsubscribe_url": unsubscribe_url,
            "page_url": page_url,
        }
        reviews = self._reviews_as_text(shown, common)
        common |= {"reviews": reviews, "minutes": max(1, round(len(reviews.split()) / WORDS_A_MINUTE))}
        subject = words.clean(self._template("email/subject.txt", common))
        text = spaced(self._template("email/digest.txt", common))
        html = self._template("email/digest.html", common | {"subject": subject})
        html = re.sub(r"\n\s*", "\n", html).strip() + "\n"
        return EmailContent(subject=subject, html=self._inliner.inline(html).rstrip() + "\n", text=text)

    def _reviews_as_text(self, shown: DigestShown, common: Mapping[str, object]) -> str:
        parts = [
            spaced(self._template("email/review.txt", {**common, "review": review, "number": number}))
            for number, review in enumerate(shown.reviews, start=1)
            if review.own_part
        ]
        return "\n\n".join(part.strip() for part in parts)

    def _template(self, name: str, context: Mapping[str, object]) -> str:
        with self._mistakes_told():
            return self._environment.get_template(name).render(context)

    @contextmanager
    def _mistakes_told(self) -> Iterator[None]:
        """A template's mistake as ConfigError: the last template that stands in its trace, and the line."""
        try:
            yield
        except TemplateError as error:
            calls = extract_tb(error.__traceback__)
            inside = [call for call in calls if call.filename.startswith(self._folders)]
            file, line = (inside[-1].filename, inside[-1].lineno) if inside else ("templates", None)
            if isinstance(error, TemplateSyntaxError):
                file, line = error.filename or file, error.lineno
            text = f"{error.message or type(error).__name__}; compare it with the template that ships"
            raise ConfigError([Problem(file=file, line=line, field="", text=text)]) from error


def wrap(text: str, bullet: str = "") -> str:
    """Folded to lines of at most 72 characters; addresses are never broken. Later lines stand under the
    first one's words."""
    return textwrap.fill(
        " ".join(str(text).split()),
        WIDTH,
        initial_indent=bullet,
        subsequent_indent=" " * len(bullet),
        break_long_words=False,
        break_on_hyphens=False,
    )


def in_quotes(names: Iterable[str]) -> list[str]:
    """Each name in quotation marks."""
    return [f"“{name}”" for name in names]


def underlined(text: str, stroke: str) -> str:
    """A heading of plain text, with a line of strokes below."""
    return f"{text}\n{stroke * max(len(line) for line in text.splitlines())}" if text else ""


def spaced(text: str) -> str:
    """Plain text with no space at the ends of lines, and never more than one empty line together."""
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"
