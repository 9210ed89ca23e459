"""The pages of the web that show no digest, with hard things on them: the archive, and what a link to stop
leads to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.hard_cases.reviews import LONG_TITLE, MARKUP, RIGHT_TO_LEFT
from bot.models import Subscribed, Subscriber, SubscriberStanding
from bot.spoken import KINDS
from bot.web.choices import Choices, called, choices_of
from bot.web.tokens import Wish, mark_of

SENTENCES = ("You will get no more messages for these.", f"They were: {MARKUP}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialPage:
    """A page to try: its template with what is put into it, what it must say, and what its buttons must do.
    `name`: in plain words, what is hard about it."""

    name: str
    template: str
    context: Mapping[str, object]
    said: tuple[str, ...]
    wishes: tuple[str, ...] = ()


def trial_pages(now: datetime) -> Iterator[TrialPage]:
    """Each page, as of `now`."""
    yield _archive("the archive, with hard titles", (f"Child Ash {MARKUP}", LONG_TITLE, RIGHT_TO_LEFT.title))
    yield _archive("the archive, with nothing found", ())
    for name, standing in _standings(now).items():
        choices = choices_of(standing, Wish(subscriber_id=1, marks=(mark_of("babies"),)), now)
        yield _choices(f"the page to stop, {name}", choices)
        yield _done(f"what was done, {name}", choices)


def _archive(name: str, titles: tuple[str, ...]) -> TrialPage:
    hits = [
        {
            "title": title,
            "url": "https://saltmarsh.example.org/a.pdf",
            "facts": (MARKUP, KINDS["lr"]),
            "themes": (("Infants under one", "?theme=infants"),),
            "excerpt": MARKUP,
        }
        for title in titles
    ]
    context = {
        "asked": {
            "words": MARKUP,
            "theme": "infants",
            "place": "",
            "year": "" if titles else "19",
            "type": "",
        },
        "problem": "" if titles else "Write the year with four digits, such as 2026.",
        "hits": hits,
        "more": bool(hits),
        "narrowed": True,
        "themes": [("infants", "Infants under one")],
        "kinds": KINDS,
    }
    return TrialPage(name=name, template="web/archive.html", context=context, said=titles)


def _standings(now: datetime) -> dict[str, SubscriberStanding]:
    def reader(**states: Literal["active", "stopped"]) -> SubscriberStanding:
        own = tuple(
            Subscribed(id=id, name=f"{id.title()} {MARKUP}", state=state) for id, state in states.items()
        )
        return SubscriberStanding(
            id=1,
            subscriber=Subscriber(medium="email", address="lead@example.org"),
            subscriptions=own,
            paused_until=now + timedelta(days=14) if len(own) == 1 else None,
            bounced=now - timedelta(days=3) if len(own) > 1 else None,
        )

    return {
        "with one subscription": reader(babies="active"),
        "with several": reader(babies="active", neglect="active", water="stopped"),
        "once stopped": reader(babies="stopped", neglect="stopped"),
    }


def _choices(name: str, choices: Choices) -> TrialPage:
    stops = {"active": "this", "stopped": f"again.{choices.marks[0]}"}
    return TrialPage(
        name=name,
        template="web/unsubscribe.html",
        context={"it": choices, "called": called(choices.foremost), "unclear": False},
        said=(choices.foremost[0].name,),
        wishes=(stops[choices.foremost[0].state],),
    )


def _done(name: str, choices: Choices) -> TrialPage:
    return TrialPage(
        name=name,
        template="web/done.html",
        context={
            "title": "“Babies” is stopped",
            "sentences": SENTENCES,
            "so_you": "You still get",
            "after": choices,
            "undo": {"label": "Undo: start it again", "what": "again.x"},
            "back": True,
        },
        said=("“Babies” is stopped", *SENTENCES),
        wishes=("again.x",),
    )
