"""From a digest to a mail and to Slack posts, through templates that may be replaced one by one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import css_inline

from bot.deliver import words
from bot.deliver.block_kit.blocks import SlackPost
from bot.deliver.block_kit.posts import Posts
from bot.deliver.rendering.plain import spaced
from bot.deliver.rendering.report import WORDS, ReportShown, report_post, reported
from bot.deliver.rendering.summary import WORDS as SUMMARY_WORDS
from bot.deliver.rendering.summary import SummaryShown, summary_post, summed_up
from bot.deliver.rendering.templating import Templates
from bot.deliver.showing import fitting
from bot.deliver.showing.shown import Detail, DigestShown
from bot.deliver.showing.view import show
from bot.models import Digest, Logo, Organisation, Summary


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailContent:
    """A mail's subject (one line), HTML part and text part, equal in what they say. `logo`: the picture that
    the HTML shows, to be put into the mail."""

    subject: str
    html: str
    text: str
    logo: Logo | None = None


class Renderer:
    """Renders digests.

    `name_of_theme`: a theme's id to its name. `organisation`: who sends, as it is at the time. A mistake in a
    template raises ConfigError with its file and line.
    """

    def __init__(
        self,
        templates: Templates,
        name_of_theme: Callable[[str], str],
        organisation: Callable[[], Organisation] = Organisation,
    ) -> None:
        self._name_of_theme = name_of_theme
        self._organisation = organisation
        self._templates = templates
        self._inliner = lru_cache(maxsize=2)(self._inliner_of)

    def _inliner_of(self, organisation: Organisation) -> css_inline.CSSInliner:
        return css_inline.CSSInliner(
            extra_css=self._templates.render("email/style.css", {"organisation": organisation}),
            load_remote_stylesheets=False,
            keep_style_tags=True,  # the one there is holds the media queries, and is marked to be left alone
        )

    def email(self, digest: Digest, unsubscribe_url: str | None, page_url: str | None = None) -> EmailContent:
        """The digest as a mail: of each review so much that it is read in about five minutes, and no less
        than what happened, what was learned and what to do. Where it would still be larger than 80 kB,
        later reviews get less, and it says so.

        `unsubscribe_url`: the reader's own address for changing and stopping; None: they are asked to reply.
        `page_url`: where the whole digest stands as a page, None where there is no web.
        """
        if digest.summary or digest.notices:
            return self._for_administrators(digest, unsubscribe_url)
        rungs = fitting.rungs(digest)
        content = self._email(digest, unsubscribe_url, page_url, rungs[0])
        while (size := len(content.html.encode())) > fitting.LARGEST and len(rungs) > 1:
            rungs = fitting.smaller(digest, rungs, size)
            content = self._email(digest, unsubscribe_url, page_url, rungs[0])
        return content

    def slack(
        self, digest: Digest, *, threads: bool = True, page_url: str | None = None
    ) -> tuple[SlackPost, ...]:
        """The digest as posts: one a review where each is posted at once, else one round-up with its detail
        in the thread. `threads` False: it stands below, and the words say so. `page_url`: as for a mail."""
        if digest.summary:
            return (summary_post(self._summed_up(digest.summary, digest.timezone)),)
        if digest.notices:
            return (report_post(self._reported(digest)),)
        shown = show(digest, self._name_of_theme, fitting.ALL)
        spoken = self._templates.module(
            "slack/words.txt",
            {"organisation": self._organisation(), "help": self._help(digest), "threads": threads},
        )
        with self._templates.mistakes_told():
            return Posts(spoken).of(shown, page_url)

    def _for_administrators(self, digest: Digest, unsubscribe_url: str | None) -> EmailContent:
        """What administrators hear: of sources that changed, or of how everything stands."""
        organisation = self._organisation()
        context: dict[str, object] = {"organisation": organisation, "unsubscribe_url": unsubscribe_url}
        if digest.summary:
            summary = self._summed_up(digest.summary, digest.timezone)
            name, headline = "email/report_summary", summary.headline
            context |= {"summary": summary}
        else:
            report = self._reported(digest)
            name, headline = "email/report", report.headline
            context |= {"report": report, "digest": show(digest, self._name_of_theme, fitting.ALL)}
        context |= {"subject": headline}
        return EmailContent(
            subject=headline,
            html=self._page(f"{name}.html", context, organisation),
            text=spaced(self._templates.render(f"{name}.txt", context)),
        )

    def _reported(self, digest: Digest) -> ReportShown:
        spoken = self._templates.module(WORDS, {})
        with self._templates.mistakes_told():
            return reported(digest, spoken)

    def _summed_up(self, summary: Summary, timezone: str) -> SummaryShown:
        spoken = self._templates.module(SUMMARY_WORDS, {})
        with self._templates.mistakes_told():
            return summed_up(summary, timezone, spoken)

    def _help(self, digest: Digest) -> str:
        return words.clean(digest.footer) if digest.footer else ""

    def _email(
        self, digest: Digest, unsubscribe_url: str | None, page_url: str | None, detail: Detail
    ) -> EmailContent:
        shown = fitting.fitted(show(digest, self._name_of_theme, detail), digest, detail, page_url)
        organisation = self._organisation()
        common = {
            "digest": shown,
            "unread_named": fitting.unread_named(digest, detail),
            "organisation": organisation,
            "help": self._help(digest),
            "unsubscribe_url": unsubscribe_url,
            "page_url": page_url,
        }
        reviews = self._reviews_as_text(shown, common)
        common |= {
            "reviews": reviews,
            "minutes": fitting.minutes(shown, reviews, organisation.introduction or ""),
        }
        subject = words.clean(self._templates.render("email/subject.txt", common))
        text = spaced(self._templates.render("email/digest.txt", common))
        html = self._page("email/digest.html", common | {"subject": subject}, organisation)
        return EmailContent(subject=subject, html=html, text=text, logo=organisation.logo)

    def _page(self, name: str, context: Mapping[str, object], organisation: Organisation) -> str:
        """A page that a mail program shows: no space that says nothing, and its styles on its elements."""
        html = re.sub(r"\n\s*", "\n", self._templates.render(name, context)).strip() + "\n"
        return self._inliner(organisation).inline(html).rstrip() + "\n"

    def _reviews_as_text(self, shown: DigestShown, common: Mapping[str, object]) -> str:
        parts = [
            self._templates.render("email/review.txt", {**common, "review": review, "number": number})
            for number, review in enumerate(shown.reviews, start=1)
            if review.own_part
        ]
        return "\n\n".join(part.strip() for part in parts)
