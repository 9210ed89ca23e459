"""From a digest to what a reader is shown of it: what is chosen, in which order, and where it is cut.

Source text leaves this module as single clean lines. What is said about it is the templates' to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import chain, count
from urllib.parse import urlsplit

from bot.deliver import words
from bot.deliver.shown import (
    Detail,
    DifferenceShown,
    DigestShown,
    LinkShown,
    Passage,
    Points,
    ReviewShown,
    SeenShown,
    Unread,
    Why,
    WhyTheme,
)
from bot.models import Because, Difference, Digest, Entry, Review, Seen, SourceStanding
from bot.spoken import KINDS

VAGUE = re.compile(
    r"^(?:click )?(?:here|download|view|open|read|(?:read |find out )?more|link|document|pdf|(?:full )?"
    r"report)?"
    r"[ .:>→]*$",
    re.IGNORECASE,
)
SUFFIXES = {"pdf": "PDF", "docx": "Word", "doc": "Word", "pptx": "PowerPoint", "ppt": "PowerPoint"}


AT_ONCE = "immediately"  # the schedule's id for what is not gathered into a digest


def show(digest: Digest, name_of_theme: Callable[[str], str], detail: Detail) -> DigestShown:
    """The digest as it is told, with so much detail. `name_of_theme`: a theme's id to its name."""
    labels: set[str] = set()
    reviews = tuple(
        replace(
            _review(entry, place < detail.full, digest.timezone, name_of_theme, detail, labels),
            own_part=place < detail.parts,
        )
        for place, entry in enumerate(digest.entries)
    )
    span, start, end = words.period(digest)
    kinds = ["withdrawn" if review.withdrawn else review.kind for review in reviews]
    return DigestShown(
        reviews=reviews,
        new=kinds.count("new"),
        revised=kinds.count("revised"),
        withdrawn=kinds.count("withdrawn"),
        subscriptions=tuple(words.clean(name) for name in digest.subscriptions),
        at_once=digest.schedule == AT_ONCE,
        first=digest.baseline_days is not None,
        baseline_days=digest.baseline_days or 0,
        left_in_archive=digest.left_in_archive,
        span=span,
        start=start,
        end=end,
        checked=digest.coverage.checked,
        published_in_all=digest.coverage.published_in_all,
        unread=tuple(_unread(one, digest.timezone) for one in digest.coverage.unread),
        uncertain=tuple(words.clean(line) for line in digest.uncertain),
        questions=tuple((one.title, one.questions) for one in reviews if one.questions.shown),
    )


def _unread(standing: SourceStanding, timezone: str) -> Unread:
    since = words.day(words.local_day(standing.since, timezone)) if standing.since else None
    return Unread(name=words.clean(standing.name), state=standing.state, since=since)


def _review(
    entry: Entry,
    full: bool,
    timezone: str,
    name_of_theme: Callable[[str], str],
    detail: Detail,
    labels: set[str],
) -> ReviewShown:
    review = entry.review
    withdrawn = entry.kind == "withdrawn" or review.status == "withdrawn"
    quotes = tuple(_quotes(entry))
    told = full and not withdrawn

    def points(items: Sequence[str]) -> Points:
        return _points(items, quotes, detail) if told else Points()

    happened = _passage(review.incident, detail.prose) if told else None
    return ReviewShown(
        id=entry.review_id,
        anchor=f"review-{entry.review_id}",
        kind=entry.kind,
        withdrawn=withdrawn,
        status=review.status,
        full=full,
        own_part=True,
        title=words.clean(review.title) or "Untitled review",
        meta=tuple(_meta(review)),
        published=words.published(review.published),
        facts=() if withdrawn else words.facts(review.facts),
        late=entry.late and entry.kind == "new",
        happened=happened,
        background=_passage(review.background, detail.prose // 2) if told else None,
        other=_other(review, detail) if told and not _has_own_words(review) else (),
        learning=points(review.learning),
        recommendations=points(review.recommendations),
        actions=points(review.actions),
        good_practice=points(review.good_practice),
        questions=points(review.questions),
        differences=tuple(_difference(one, detail) for one in entry.differences) if told else (),
        why=tuple(_why(one, name_of_theme, quoted=told) for one in entry.because),
        links=() if withdrawn else _links(review, labels)[: None if full else 1],
        seen=tuple(_seen(one, timezone, withdrawn) for one in entry.seen),
    )


def _meta(review: Review) -> Iterable[str]:
    if review.place:
        yield words.clean(review.place)
    if review.review_type:
        yield KINDS[review.review_type]
    if review.year and not review.published:
        yield str(review.year)


def _has_own_words(review: Review) -> bool:
    return bool(review.incident or review.background or review.learning or review.recommendations)


def _other(review: Review, detail: Detail) -> tuple[tuple[str, Points], ...]:
    """The first of its other sections, for a review that has nothing under the usual headings."""
    return tuple(
        (words.clean(section.heading), _points(section.items, (), detail)) for section in review.sections[:2]
    )


def _passage(text: str, limit: int) -> Passage | None:
    whole = words.clean(text)
    if not whole:
        return None
    kept, goes_on = words.cut(whole, limit)
    return Passage(text=kept, goes_on=goes_on)


def _points(items: Sequence[str], quotes: Sequence[str], detail: Detail) -> Points:
    """The points that carry the reader's themes first, each half in the source's own order."""
    whole = [text for item in items if (text := words.clean(item))]
    passages = [
        Passage(text=kept, goes_on=cut) for kept, cut in (words.cut(text, detail.point) for text in whole)
    ]
    carrying = [any(quote in text.casefold() for quote in quotes) for text in whole]
    order = sorted(range(len(passages)), key=lambda place: not carrying[place])
    shown = tuple(passages[place] for place in order[: detail.points])
    return Points(shown=shown, more=len(passages) - len(shown))


def _quotes(entry: Entry) -> Iterable[str]:
    for because in entry.because:
        for reason in because.reasons:
            for evidence in reason.evidence:
                if quote := words.clean(evidence.quote).casefold():
                    yield quote


def _why(because: Because, name_of_theme: Callable[[str], str], *, quoted: bool) -> Why:
    themes = []
    for reason in because.reasons:
        quotes = _distinct(evidence.quote for evidence in reason.evidence) if quoted else ()
        themes.append(
            WhyTheme(
                theme=words.clean(name_of_theme(reason.theme)) if reason.theme else None,
                quotes=tuple(words.cut(quote, 160)[0] for quote in quotes[:2]),
            )
        )
    return Why(subscription=words.clean(because.name), themes=tuple(themes))


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for raw in texts if (text := words.clean(raw))))


def _difference(difference: Difference, detail: Detail) -> DifferenceShown:
    few = Detail(points=3, point=min(400, detail.point))
    return DifferenceShown(
        field=words.field(difference.field),
        before=_points(_in_words(difference.before), (), few),
        after=_points(_in_words(difference.after), (), few),
    )


def _in_words(items: Sequence[str]) -> list[str]:
    """A value that is one of ours (`serious-harm`, `delayed`) as readers say it; the source's as it is."""
    return [words.VALUES.get(item, item) for item in items]


def _seen(seen: Seen, timezone: str, withdrawn: bool) -> SeenShown:
    return SeenShown(
        name=words.clean(seen.name),
        url=None if withdrawn else words.web_address(seen.url),
        day=words.day(words.local_day(seen.first_seen, timezone)),
        attribution=words.clean(seen.attribution) if seen.attribution else None,
    )


def _links(review: Review, labels: set[str]) -> tuple[LinkShown, ...]:
    """Its links, each address once. `labels` are those used in the digest so far; these are added to them."""
    shown: dict[str, LinkShown] = {}
    for link in review.links:
        url = words.web_address(link.url)
        if url and url not in shown:
            label = _unlike(_label(words.clean(link.label), url, words.clean(review.title)), url, labels)
            labels.add(label.casefold())
            shown[url] = LinkShown(label=label, url=url)
    return tuple(shown.values())


def _label(given: str, url: str, title: str) -> str:
    """The source's own label where it says what the link is, with the kind of file, and with the review's
    title unless its name is in it: a list of the mail's links then makes sense by itself."""
    kind = SUFFIXES.get(urlsplit(url).path.rsplit(".", 1)[-1].lower())
    label = words.cut(given, 120)[0]
    if VAGUE.match(given) or web_like(given):
        label = "Report" if kind else "Page of the review"
    if kind and kind.casefold() not in label.casefold():
        label = f"{label} ({kind})"
    names = [part.strip() for part in title.casefold().split(":") if len(part.strip()) > 2]
    if any(name in label.casefold() for name in names or [title.casefold()]):
        return label
    return f"{label}: {words.cut(title, 90)[0]}"


def _unlike(label: str, url: str, labels: set[str]) -> str:
    """The label, with its host and then a number where another link has the same."""
    choices = chain([label, f"{label}, at {urlsplit(url).hostname}"], (f"{label} ({n})" for n in count(2)))
    return next(choice for choice in choices if choice.casefold() not in labels)


def web_like(label: str) -> bool:
    """Whether a label is a bare address, which says nothing aloud."""
    return label.lower().startswith(("http://", "https://", "www."))
