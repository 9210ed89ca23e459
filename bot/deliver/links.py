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
FORMATS = {**SUFFIXES, "word": "Word", "powerpoint": "PowerPoint"}
# What a page says of a file at the end of its name: `(PDF, 1.2 MB)`, `[Word 34KB]`, ` pdf`.
SIZE = r"\d[\d.,]*\s?[kmg]i?b(?:ytes)?"
OF_THE_FILE = re.compile(
    rf"(?:(?:\s*[,;(\[]+\s*|\s[–-]\s)(?P<one>pdf|word|docx?|powerpoint|pptx?|{SIZE})|"
    rf"(?:^|\s+)(?P<other>pdf|docx?|pptx?|{SIZE}))(?:\s(?:document|file))?[\s)\]]*$",
    re.IGNORECASE,
)
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
    called, stated, size = of_the_file(given)
    kind = SUFFIXES.get(urlsplit(url).path.rsplit(".", 1)[-1].lower()) or stated
    at_home = any(same_site(host(url), one) for one in own)
    names = [part for part in re.split(r"\s*[:(]\s*", title.casefold()) if len(part.strip()) > 2]
    named = any(name in called.casefold() for name in names or [title.casefold()])
    bare, vague, says = web_like(given), bool(VAGUE.match(called)), bool(REPORT.search(called))
    if bare or not (at_home or says or named or kind):
        return LinkShown(label=f"Link in the document, to {host(url)}", url=url, to="elsewhere")
    if vague and not kind:
        label = "Report" if says else "Page of the review"
    elif vague:
        label = "Report" if at_home or says else "Document"
    else:
        label = words.cut(called, LONGEST_LABEL)[0]
    to_report = bool(kind) or bool(re.search("report|briefing|summar", label, re.IGNORECASE))
    details = [kind] if kind and kind.casefold() not in label.casefold() else []
    if details := [*details, *([size] if size else [])]:
        label = f"{label} ({', '.join(details)})"
    if not any(name in label.casefold() for name in names or [title.casefold()]):
        label = f"{label}: {words.cut(shorter, 90)[0]}"
    return LinkShown(label=label, url=url, to="report" if to_report else "page")


def of_the_file(label: str) -> tuple[str, str | None, str | None]:
    """A label without what it says at its end of the file, then the format and the size that it says:
    `Report (PDF, 1.2MB)` gives `Report`, `PDF`, `1.2 MB`."""
    form, size = None, None
    while found := OF_THE_FILE.search(label):
        label, said = label[: found.start()], (found["one"] or found["other"]).lower()
        form, size = FORMATS.get(said, form), size if said in FORMATS else _sized(said)
    return label, form, size


def _sized(said: str) -> str:
    """`1.2mb` as `1.2 MB`."""
    number, unit = re.split(r"\s?(?=[kmg])", said, maxsplit=1)
    return f"{number} {'kB' if unit[0] == 'k' else unit[0].upper() + 'B'}"


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
