"""The links of a review: what each is called, so that it says by itself what it is and where it goes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain, count
from urllib.parse import urlsplit

from bot.deliver import words
from bot.deliver.shown import LinkShown
from bot.discreet import discreet
from bot.models import Entry

VAGUE = re.compile(
    r"^(?:click )?(?:here|download|view|open|read|(?:read |find out )?more|link|document|pdf|(?:full )?"
    r"report)?"
    r"[ .:>→]*$",
    re.IGNORECASE,
)
REPORT = re.compile(r"\b(?:reports?|reviews?|briefings?|summar(?:y|ies)|adolygiad\w*)\b", re.IGNORECASE)
SUFFIXES = {"pdf": "PDF", "docx": "Word", "doc": "Word", "pptx": "PowerPoint", "ppt": "PowerPoint"}
LONGEST_LABEL = 120


def links_of(entry: Entry, labels: set[str]) -> tuple[LinkShown, ...]:
    """Its links, each address once, those to the review before others that its document happens to have.
    `labels` are those used in the digest so far; these are added to them."""
    title = words.clean(entry.review.title)
    shorter = discreet(title, words.clean(entry.review.place or "") or None)
    own = {host(seen.url) for seen in entry.seen}
    shown: dict[str, LinkShown] = {}
    for link in entry.review.links:
        url = words.web_address(link.url)
        if url and url not in shown:
            made = _link(words.clean(link.label), url, own, title, shorter)
            label = _unlike(made.label, url, labels)
            labels.add(label.casefold())
            shown[url] = LinkShown(label=label, url=url, to=made.to)
    return tuple(sorted(shown.values(), key=lambda one: one.to == "elsewhere"))


def _link(given: str, url: str, own: set[str], title: str, shorter: str) -> LinkShown:
    kind = SUFFIXES.get(urlsplit(url).path.rsplit(".", 1)[-1].lower())
    at_home = any(same_site(host(url), one) for one in own)
    names = [part for part in re.split(r"\s*[:(]\s*", title.casefold()) if len(part.strip()) > 2]
    named = any(name in given.casefold() for name in names or [title.casefold()])
    bare, vague, says = web_like(given), bool(VAGUE.match(given)), bool(REPORT.search(given))
    if bare or not (at_home or says or named or kind):
        return LinkShown(label=f"Link in the document, to {host(url)}", url=url, to="elsewhere")
    if vague and not kind:
        label = "Report" if says else "Page of the review"
    elif vague:
        label = "Report" if at_home or says else "Document"
    else:
        label = words.cut(given, LONGEST_LABEL)[0]
    to_report = bool(kind) or bool(re.search("report|briefing|summar", label, re.IGNORECASE))
    if kind and kind.casefold() not in label.casefold():
        label = f"{label} ({kind})"
    if not any(name in label.casefold() for name in names or [title.casefold()]):
        label = f"{label}: {words.cut(shorter, 90)[0]}"
    return LinkShown(label=label, url=url, to="report" if to_report else "page")


def _unlike(label: str, url: str, labels: set[str]) -> str:
    """The label, with its host and then a number where another link has the same."""
    places: Iterable[str] = [label] if host(url) in label else [label, f"{label}, at {host(url)}"]
    choices = chain(places, (f"{label} ({n})" for n in count(2)))
    return next(choice for choice in choices if choice.casefold() not in labels)


def host(url: str) -> str:
    """The host of an address, empty where it has none that can be read."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def same_site(one: str, other: str) -> bool:
    """Whether two hosts are one site: alike but for `www.`, or one a part of the other."""
    first, second = one.removeprefix("www."), other.removeprefix("www.")
    return bool(first) and (first == second or first.endswith(f".{second}") or second.endswith(f".{first}"))


def web_like(label: str) -> bool:
    """Whether a label is a bare address, which says nothing aloud."""
    return label.lower().startswith(("http://", "https://", "www."))
