"""The links of a review: what each is called, so that it says by itself what it is and where it goes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain, count
from urllib.parse import unquote, urlsplit

from bot.deliver import words
from bot.deliver.showing.shown import LinkShown
from bot.discreet import FILE, discreet
from bot.models import Entry
from bot.surveys import asks, host

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
# A button's words that stand at a label's end without a space: `full reportDownload`.
GLUED = re.compile(r"(?<=[a-z\d)\]])(?:Download|View|Open)(?: (?:now|here|file|document|pdf|report))?$")
MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
DATED = re.compile(
    r"(?:(?:published|dated|added|updated|posted)\b(?: on)?:?\s*)?"
    rf"(?:(?:\d{{1,2}}(?:st|nd|rd|th)? )?{MONTH},? \d{{4}}|\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{2,4}}|\d{{4}})\.?",
    re.IGNORECASE,
)
PUBLISHED = re.compile(r"^(?:published|dated|added|updated|posted)\b", re.IGNORECASE)
ANNOUNCED = re.compile(r"(?:publication|launch|announcement) of\b", re.IGNORECASE)
# What a title has beside a name: it says nothing of which review it is.
KIND_WORDS = re.compile(
    r"\b(?:(?:local )?child safeguarding practice|child practice|serious case|case management|"
    r"safeguarding adults?|domestic homicide|learning|thematic|overview|executive|full|final|the|reviews?|"
    r"reports?|briefings?|summar(?:y|ies)|published|lcspr|cspr|scr|sar|dhr)\b",
    re.IGNORECASE,
)
CHILD = re.compile(
    r"\b((?:child|baby|family|adult|young person|plentyn|babi|baban|teulu) (\w[\w’'-]*))", re.IGNORECASE
)
LONGEST_LABEL = 120
Labels = dict[str, str]  # the labels of a digest so far, each with the host it leads to; none for a title


def links_of(entry: Entry, labels: Labels) -> tuple[LinkShown, ...]:
    """Its links, each address once, those to the review before others that its document happens to have.
    `labels` are those used in the digest so far; these are added to them."""
    title = words.clean(entry.review.title)
    shorter = discreet(title, words.clean(entry.review.place or "") or None)
    own = {host(seen.url) for seen in entry.seen}
    shown: dict[str, LinkShown] = {}
    for link in entry.review.links:
        url = words.web_address(link.url)
        if url and url not in shown:
            made = _link(_bounded(words.clean(link.label)), url, own, title, shorter)
            label = _unlike(made.label, url, labels)
            labels[label.casefold()] = host(url)
            shown[url] = LinkShown(label=label, url=url, to=made.to)
    return tuple(sorted(shown.values(), key=lambda one: one.to == "elsewhere"))


def _link(given: str, url: str, own: set[str], title: str, shorter: str) -> LinkShown:
    at_home = any(_same_site(host(url), one) for one in own)
    by_name = SUFFIXES.get(urlsplit(url).path.rsplit(".", 1)[-1].lower())
    bare = _web_like(given)
    if bare and (at_home or by_name):
        given, bare = _file_of(url), False
    called, stated, size = _of_the_file(GLUED.sub("", given))
    called, kind = GLUED.sub("", called), by_name or stated
    fits = at_home or kind or REPORT.search(called) or _names(called, title)
    if bare or not fits or asks(called, url, file=bool(kind)):
        return LinkShown(label=f"Link in the document, to {host(url)}", url=url, to="elsewhere")
    label = _in_words(called, kind, at_home)
    to_report = bool(kind) or bool(re.search("report|briefing|summar", label, re.IGNORECASE))
    details = [kind] if kind and kind.casefold() not in label.casefold() else []
    if details := [*details, *([size] if size else [])]:
        label = f"{label} ({', '.join(details)})"
    if not _names(label, title):
        label = f"{label}: {words.cut(shorter, 90)[0]}"
    return LinkShown(label=label, url=url, to="report" if to_report else "page")


def _in_words(called: str, kind: str | None, at_home: bool) -> str:
    """What the link is called: its own words, or ours where they say nothing or only a date."""
    says, dated = REPORT.search(called), DATED.fullmatch(called)
    if VAGUE.match(called) or dated:
        ours = "Report" if says or (kind and at_home) else "Document" if kind else "Page of the review"
        return f"{ours}, {PUBLISHED.sub(lambda one: one[0].lower(), called)}" if dated else ours
    if ANNOUNCED.match(called) and at_home and not kind:
        return "Page of the review"
    return words.cut(called, LONGEST_LABEL)[0]


def _file_of(url: str) -> str:
    """The end of an address in words: `…/SCR-report-Child-W.pdf` gives `SCR report Child W`; nothing where it
    has no letters."""
    end = words.clean(unquote(urlsplit(url).path.rstrip("/").rsplit("/", 1)[-1]))
    said = " ".join(re.sub(r"[-_+]+", " ", FILE.sub("", end)).split())
    return said[0].upper() + said[1:] if any(letter.isalpha() for letter in said) else ""


def _names(label: str, title: str) -> bool:
    """Whether a label says which review it is: by a part of its title, or the child's name there."""
    said = label.casefold()
    return any(_stands_in(said, name) for name in _naming(title))


def _stands_in(said: str, name: str) -> bool:
    """Whether the words say this name, and not a longer word that has it inside."""
    start = said.find(name)
    while start >= 0:
        around = said[start - 1 : start] + said[start + len(name) : start + len(name) + 1]
        if not any(sign.isalnum() or sign == "_" for sign in around):
            return True
        start = said.find(name, start + 1)
    return False


@lru_cache(maxsize=256)
def _naming(title: str) -> tuple[str, ...]:
    """What names the review of this title, in small letters."""
    parts = [*re.split(r"\s*[:;(–—]\s*|\s+-\s+", title), *_children(title)]
    bare = (" ".join(KIND_WORDS.sub(" ", part).split()).strip(" .,)&-") for part in parts)
    names = [name for name in bare if len(name) > 2] or [title]
    return tuple(name.casefold() for name in names)


def _children(title: str) -> Iterable[str]:
    for whole, name in CHILD.findall(KIND_WORDS.sub(" ", title)):
        if name[0].isupper() or name[0].isdigit():
            yield whole


def _bounded(label: str) -> str:
    """The start of a label and its end, where the file is told. What a page made of thousands of characters
    is no label, and the patterns here would take minutes over it."""
    if len(label) <= 2 * LONGEST_LABEL:
        return label
    return f"{label[:LONGEST_LABEL]} {label[-LONGEST_LABEL // 2 :]}"


def _of_the_file(label: str) -> tuple[str, str | None, str | None]:
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


def _unlike(label: str, url: str, labels: Labels) -> str:
    """The label; where another link has the same, with its host if that is another, or else a number."""
    alike = host(url) in label or labels.get(label.casefold()) == host(url)
    places: Iterable[str] = [label] if alike else [label, f"{label}, at {host(url)}"]
    choices = chain(places, (f"{label} ({n})" for n in count(2)))
    return next(choice for choice in choices if choice.casefold() not in labels)


def _same_site(one: str, other: str) -> bool:
    """Whether two hosts are one site: alike but for `www.`, or one a part of the other."""
    first, second = one.removeprefix("www."), other.removeprefix("www.")
    return bool(first) and (first == second or first.endswith(f".{second}") or second.endswith(f".{first}"))


def _web_like(label: str) -> bool:
    """Whether a label is a bare address, which says nothing aloud."""
    return label.lower().startswith(("http://", "https://", "www."))
