"""What each mail, post and page keeps to, whatever template it is made with.

The shipped templates keep it all; an administrator's own may render and still break it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.deliver.block_kit.blocks import SlackPost
from bot.deliver.rendering.render import EmailContent
from bot.deliver.showing.fitting import LARGEST
from bot.deliver.words import clean, web_address
from bot.discreet import discreet, tells_of_harm
from bot.models import Digest, Organisation
from bot.wiring.safe_markup import Broken, broken_in_markup, elements_of, hidden_link, of_a_source

FEW = 4  # reviews that always have all their room; of more, only what stands in the list is asked for
THEIR_BRACES = "{{ 7*7 }}"
ESCAPE = re.compile(r"&(?:amp|lt|gt|quot|#\d+|#x[0-9a-f]+);", re.IGNORECASE)
TAG = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>", re.IGNORECASE)
TELEPHONE = re.compile(r"\b(?:999|112|0\d[\d ]{7,12}\d)\b")
UNSEEN = re.compile(r"<(style|title)\b.*?</\1>|<!--.*?-->|<[^>]*>", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was to be shown, by whom, and with which link to stop."""

    digest: Digest
    organisation: Organisation
    unsubscribe_url: str | None = None

    @property
    def titles(self) -> Iterator[str]:
        """Of each review the title; of a withdrawn one, and where there are many, as a list has it."""
        few = len(self.digest.entries) <= FEW
        for entry in self.digest.entries:
            title = clean(entry.review.title)
            whole = few and entry.kind != "withdrawn"
            yield title if whole else discreet(title, clean(entry.review.place or "") or None)

    @property
    def reports(self) -> Iterator[str]:
        """The first link of each review that has all its room."""
        if len(self.digest.entries) <= FEW:
            for entry in self.digest.entries:
                if (
                    entry.kind == "new"
                    and entry.review.links
                    and (url := web_address(entry.review.links[0].url))
                ):
                    yield url


def broken_in_mail(content: EmailContent, asked: Asked) -> Iterator[Broken]:
    """What the subject, the HTML and the text of a mail do not keep to."""
    yield from _broken_in_subject(content.subject)
    size = len(content.html.encode())
    if size > LARGEST:
        text = f"the HTML is {size:,} bytes, and mail programs hide what comes after {LARGEST:,}; shorten it"
        yield Broken(template="email/digest.html", text=text)
    yield from broken_in_digest(content.html, asked, "email/digest.html")
    yield from _broken_in_text(content.text, asked)


def _broken_in_subject(subject: str) -> Iterator[Broken]:
    template = "email/subject.txt"
    if not subject:
        yield Broken(template=template, text="the subject is empty; it should say in a line what is new")
    if tells_of_harm(subject):
        text = "the subject says what happened to a child, and is seen by who did not choose to read of it"
        yield Broken(template=template, text=f"{text}: say how many reviews there are, not what is in them")
    yield from _unfilled(subject, template)


def _broken_in_text(text: str, asked: Asked) -> Iterator[Broken]:
    template = "email/digest.txt"
    said = clean(text)
    if not said:
        yield Broken(template=template, text="the text part is empty; some readers see only that")
        return
    without_theirs = "".join(re.split(r"<script>theirs\(\)</script>|<img src=x onerror='theirs\(\)'>", said))
    if found := TAG.search(without_theirs):
        why = f"the text part has the tag `{found[0]}`, which is read out as it stands; take it out"
        yield Broken(template=template, text=why, clue=re.escape(found[0][:12]))
    if found := ESCAPE.search(said):
        why = f"the text part has `{found[0]}`: it is escaped as if it were HTML; take out what escapes it"
        yield Broken(template=template, text=why, clue=r"\|\s*e(?:scape)?\b")
    yield from _unfilled(said, template)
    yield from _missing(said, asked, template, "in the text part")
    addresses = set(text.split()) | {word.strip("<>().,;") for word in text.split()}
    yield from _links_missing(addresses, asked, template, "in the text part")


def broken_in_digest(page: str, asked: Asked, template: str) -> Iterator[Broken]:
    """What the HTML of a mail, or the page of a digest, does not keep to."""
    elements = elements_of(page)
    if found := list(of_a_source(elements, template)):
        yield from found  # nothing else that is found then is of the template's own making
        return
    yield from broken_in_markup(elements, template, fields=False)
    said = _said_by(elements)
    yield from _unfilled(said, template)
    yield from _missing(said, asked, template, "in the HTML")
    yield from _links_missing({one.get("href", "") for one in elements}, asked, template, "in the HTML")
    yield from _stop_hidden(elements, asked, template)
    if tells_of_harm(_shown_before_opening(page).replace(asked.organisation.name, "")):
        text = (
            "what stands before the h1 says what happened to a child, and is shown in the list of mails: say"
        )
        yield Broken(template=template, text=f"{text} it further down", clue="preheader")


def broken_in_page(
    page: str, template: str, said: Sequence[str], wishes: Sequence[str] = ()
) -> Iterator[Broken]:
    """What another page does not keep to, that has to say this. `wishes`: what its buttons must send; none:
    the page has no form, or only one to search with."""
    elements = elements_of(page)
    if found := list(of_a_source(elements, template)):
        yield from found
        return
    yield from broken_in_markup(elements, template, fields=bool(wishes) or template == "web/archive.html")
    text = _said_by(elements)
    yield from _unfilled(text, template)
    yield from (_not_said(clean(one), template, "on the page") for one in said if clean(one) not in text)
    values = {one.get("value") for one in elements if one.tag in ("button", "input")}
    if any(wish not in values for wish in wishes):
        text = "a button is gone with which readers stop, or start again; copy it from the one that ships"
        yield Broken(template=template, text=text)


def _said_by(elements: Sequence[Any]) -> str:
    return clean(elements[0].xpath("string(body)"))


def broken_in_posts(posts: Sequence[SlackPost], asked: Asked) -> Iterator[Broken]:
    """What Slack posts do not keep to."""
    template = "slack/words.txt"
    for post in posts:
        if not post.text.strip():
            yield Broken(template=template, text="a post has no text for notifications and screen readers")
        if tells_of_harm(post.text):
            text = (
                "a notification says what happened to a child; keep the macros that begin with `summary_` to"
            )
            yield Broken(template=template, text=f"{text} titles and numbers", clue="summary_")
    blocks = [block for post in posts for block in post.blocks]
    blocks += [block for post in posts for part in post.thread for block in part.blocks]
    runs = list(_runs(blocks))
    said = clean(" ".join(str(run["text"]) for run in runs if isinstance(run["text"], str)))
    yield from _unfilled(said, template)
    if all(post.withdrawn for post in posts):
        yield from (_not_said(title, template, "in the posts") for title in asked.titles if title not in said)
        return
    yield from _missing(said, asked, template, "in the posts")
    yield from _links_missing({run.get("url", "") for run in runs}, asked, template, "in the posts")


def _runs(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        if "text" in part:
            yield part
        part = list(part.values())
    if isinstance(part, list):
        for one in part:
            yield from _runs(one)


def _missing(said: str, asked: Asked, template: str, where: str) -> Iterator[Broken]:
    for title in asked.titles:
        if title not in said:
            yield _not_said(title, template, where)
            break
    footer = clean(asked.digest.footer or "")
    if footer not in said or not (footer or TELEPHONE.search(said)):
        text = f"where to turn with a worry about a child is not {where}; `{{{{ help }}}}` should stand there"
        yield Broken(template=template, text=text)
    if asked.organisation.name not in said:
        text = f"who sends it is not {where}; `{{{{ organisation.name }}}}` should stand there"
        yield Broken(template=template, text=text)
    introduction = clean(asked.organisation.introduction or "")
    if introduction not in said and asked.digest.entries and template != "slack/words.txt":
        text = f"your introduction is not {where}; `{{{{ organisation.introduction }}}}` should stand there"
        yield Broken(template=template, text=text)
    contact = asked.organisation.contact
    mail = template.startswith("email/")
    if mail and contact and not asked.unsubscribe_url and contact not in said:
        text = (
            f"without a link to stop, whom to write to must stand {where}: `{{{{ organisation.contact }}}}`"
        )
        yield Broken(template=template, text=text)


def _links_missing(addresses: set[str], asked: Asked, template: str, where: str) -> Iterator[Broken]:
    if asked.unsubscribe_url and template.startswith("email/") and asked.unsubscribe_url not in addresses:
        text = f"the reader’s link to stop is not {where}; `{{{{ unsubscribe_url }}}}` should stand there"
        yield Broken(template=template, text=text)
    privacy = asked.organisation.privacy
    if privacy and template.startswith("email/") and privacy not in addresses:
        text = f"how addresses are kept is not linked {where}; `{{{{ organisation.privacy }}}}` belongs there"
        yield Broken(template=template, text=text)
    if any(url not in addresses for url in asked.reports):
        text = f"the link to a review’s report is not {where}; each of `review.links` should stand there"
        yield Broken(template=template, text=text)


def _stop_hidden(elements: Sequence[Any], asked: Asked, template: str) -> Iterator[Broken]:
    """Who cannot see how to stop calls the mail junk, and the law asks that they can."""
    links = [one for one in elements if asked.unsubscribe_url and one.get("href") == asked.unsubscribe_url]
    reasons = [hidden_link(link) for link in links]
    why = reasons[0] if reasons else None
    if why is None or None in reasons or not template.startswith("email/"):
        return
    style = re.escape(why).replace(r":\ ", r"\s*:\s*")
    yield Broken(
        template=template,
        text=f"nobody can see the reader’s link to stop ({why}); show it as it is in the template that ships",
        clue=rf"(?i)^(?!\.preheader\b).*{style}" if ":" in why else "unsubscribe_url",
    )


def _not_said(words: str, template: str, where: str) -> Broken:
    short = words if len(words) <= 60 else f"{words[:59]}…"
    return Broken(template=template, text=f"“{short}” should stand {where}, as it was written")


def _unfilled(said: str, template: str) -> Iterator[Broken]:
    for sign in ("{{", "{%"):
        if sign in said.replace(THEIR_BRACES, ""):
            text = (
                f"`{sign}` is shown to readers as it stands; write it so that it is filled in, or take it out"
            )
            yield Broken(template=template, text=text, clue=r"{%-?\s*raw|{{\s*['\"]{")


def _shown_before_opening(page: str) -> str:
    """What a mail program shows beside the subject: the first words."""
    return UNSEEN.sub(" ", page[page.find("<body") : max(page.find("<h1"), 0)])
