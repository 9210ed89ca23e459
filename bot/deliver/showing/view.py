"""From a digest to what a reader is shown of it: what is chosen, in which order, and where it is cut.

Source text leaves this module as single clean lines. What is said about it is the templates' to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import chain, count

from bot.deliver import words
from bot.deliver.showing.links import Labels, links_of
from bot.deliver.showing.shown import (
    Detail,
    DifferenceShown,
    DigestShown,
    DoubtfulShown,
    LinkShown,
    NamedShown,
    Passage,
    Points,
    ReviewShown,
    SeenShown,
    Unread,
)
from bot.deliver.showing.why import why_of
from bot.discreet import discreet
from bot.models import Difference, Digest, Doubtful, Entry, Named, Review, Seen, SourceStanding
from bot.spoken import KINDS

LISTS = ("learning", "recommendations", "actions", "good_practice", "questions", "sections")
UNTITLED = "Untitled review"
AT_ONCE = "immediately"  # the schedule's id for what is not gathered into a digest


def show(digest: Digest, name_of_theme: Callable[[str], str], detail: Detail) -> DigestShown:
    """The digest as it is told, with so much detail. `name_of_theme`: a theme's id to its name."""
    labels: Labels = {}
    notices = _notices(digest, labels)
    reviews = tuple(
        replace(
            _review(entry, place < detail.full, digest.timezone, name_of_theme, detail, labels),
            own_part=place < detail.parts,
            notice=notices[place],
        )
        for place, entry in enumerate(digest.entries)
    )
    span, start, end = words.period(digest)
    kinds = ["withdrawn" if review.withdrawn else review.kind for review in reviews]
    news = [review for review, kind in zip(reviews, kinds, strict=True) if kind == "new"]
    meeting = tuple((one.title, one.questions) for one in reviews if one.questions.shown)
    return DigestShown(
        reviews=reviews,
        new=kinds.count("new"),
        revised=kinds.count("revised"),
        withdrawn=kinds.count("withdrawn"),
        themed=_themed(digest),
        long_ago=sum(one.late for one in news),
        undated=sum(not one.published for one in news),
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
        tallies=_tallies(digest),
        unread=tuple(_unread(one, digest.timezone) for one in digest.coverage.unread),
        doubtful=tuple(_doubtful(one, digest.timezone, labels) for one in digest.doubtful),
        more_doubtful=0,
        held_over=digest.held_over,
        questions=meeting,
    )


def _notices(digest: Digest, labels: Labels) -> list[str]:
    """What each review is called in the list of titles: no two alike, for each is a link. `labels`: those
    used so far; these are added to them."""
    notices: list[str] = []
    for entry in digest.entries:
        title, place = words.clean(entry.review.title), words.clean(entry.review.place or "") or None
        notices.append(_apart(discreet(title or UNTITLED, place), place, labels))
    return notices


def _apart(name: str, place: str | None, labels: Labels) -> str:
    """The name, with its place or a number where another link has the same; then added to those used."""
    placed = [f"{name}, {place}"] if place and place not in name else []
    choices = chain([name, *placed], (f"{name} ({n})" for n in count(2)))
    chosen = next(choice for choice in choices if choice.casefold() not in labels)
    labels[chosen.casefold()] = ""
    return chosen


def _themed(digest: Digest) -> bool:
    """Whether the reader asked for themes or words. Where there is no entry to tell from, it is not said."""
    reasons = (reason for entry in digest.entries for one in entry.because for reason in one.reasons)
    return any(reason.theme or reason.evidence for reason in reasons)


def _tallies(digest: Digest) -> bool:
    """Whether what is new in it are the reader's own of all that was found since their last: not where some
    wait for the next, nor where some waited for this one."""
    since = digest.since
    new = (entry.seen for entry in digest.entries if entry.kind == "new" and entry.seen)
    return (
        since is not None
        and not digest.held_over
        and all(since < min(one.first_seen for one in seen) for seen in new)
    )


def _unread(standing: SourceStanding, timezone: str) -> Unread:
    moment = standing.since
    if standing.state == "never read":  # since then nobody has looked at it
        moment = standing.last_run or standing.last_good or standing.since
    since = words.day(words.local_day(moment, timezone)) if moment else None
    return Unread(name=words.clean(standing.name), state=standing.state, since=since)


def _doubtful(doubtful: Doubtful, timezone: str, labels: Labels) -> DoubtfulShown:
    return DoubtfulShown(
        day=words.day(words.local_day(doubtful.slot, timezone)),
        came_back=doubtful.state == "refused",
        reviews=tuple(_named(one, labels) for one in doubtful.reviews),
    )


def _named(named: Named, labels: Labels) -> NamedShown:
    title, place = words.clean(named.title), words.clean(named.place or "")
    return NamedShown(
        title=_apart(title, None, labels),
        place=place if place and place not in title else None,
        url=words.web_address(named.url) if named.url else None,
    )


def _review(
    entry: Entry,
    full: bool,
    timezone: str,
    name_of_theme: Callable[[str], str],
    detail: Detail,
    labels: Labels,
) -> ReviewShown:
    review = entry.review
    withdrawn = entry.kind == "withdrawn" or review.status == "withdrawn"
    quotes = tuple(_quotes(entry))
    told = full and not withdrawn and entry.kind == "new"
    sources = {seen.source_id: seen.name for seen in entry.seen}
    title = words.clean(review.title) or UNTITLED
    place = words.clean(review.place or "") or None

    def points(items: Sequence[str]) -> Points:
        return _points(items, quotes, detail) if told else Points()

    background = told and (detail.background or not review.incident)
    happened = _passage(review.incident, detail.prose) if told else None
    return ReviewShown(
        id=entry.review_id,
        anchor=f"review-{entry.review_id}",
        kind=entry.kind,
        withdrawn=withdrawn,
        status=review.status,
        full=full,
        own_part=True,
        title=discreet(title, place) if withdrawn else title,
        notice=title,
        place=place,
        meta=tuple(_meta(review)),
        published=words.published(review.published),
        facts=() if withdrawn else words.facts(review.facts, of_one=review.review_type != "thematic"),
        late=entry.late and entry.kind == "new",
        happened=happened,
        background=_passage(review.background, detail.prose // 2) if background else None,
        other=_other(review, detail) if told and not _has_own_words(review) else (),
        learning=points(review.learning),
        recommendations=points(review.recommendations),
        actions=points(review.actions),
        good_practice=points(review.good_practice),
        questions=points(review.questions),
        differences=tuple(_difference(one, detail) for one in entry.differences)
        if full and not withdrawn
        else (),
        why=tuple(
            why_of(one, review, name_of_theme, sources, quoted=told, withdrawn=withdrawn)
            for one in entry.because
        ),
        links=() if withdrawn else _links(entry, labels, full),
        seen=tuple(_seen(one, timezone, withdrawn) for one in entry.seen),
    )


def _meta(review: Review) -> Iterable[str]:
    if review.place:
        yield words.clean(review.place)
    if review.review_type and KINDS[review.review_type].casefold() not in review.title.casefold():
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
    carrying = [any(quote in text.casefold() for quote in quotes) for text in whole]
    order = sorted(range(len(whole)), key=lambda place: not carrying[place])
    cuts = (words.cut(whole[place], detail.point) for place in order[: detail.points])
    shown = tuple(Passage(text=kept, goes_on=cut) for kept, cut in cuts)
    return Points(shown=shown, more=len(whole) - len(shown))


def _quotes(entry: Entry) -> Iterable[str]:
    for because in entry.because:
        for reason in because.reasons:
            for evidence in reason.evidence:
                if quote := words.clean(evidence.quote).casefold():
                    yield quote


def _difference(difference: Difference, detail: Detail) -> DifferenceShown:
    few = Detail(points=3, point=min(400, detail.point))
    name = words.field(difference.field)
    return DifferenceShown(
        field=name,
        named=name if name.startswith(("the ", "what ", "other ")) else f"the {name}",
        many=difference.field in LISTS,
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


def _links(entry: Entry, labels: Labels, full: bool) -> tuple[LinkShown, ...]:
    links = links_of(entry, labels)
    return links if full else tuple(link for link in links if link.to != "elsewhere")[:1]
