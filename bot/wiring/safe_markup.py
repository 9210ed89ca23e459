"""What no HTML of ours has in it, and what all of it has: for safety, and for who hears it read out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from bot.deliver.words import clean

THEIRS = "theirs()"  # what the hard cases' markup would run
ELSEWHERE = re.compile(r"(?:https?:)?//", re.IGNORECASE)
ASKS = re.compile(r"(?:url\(|@import)\s*['\"]?\s*(?:https?:)?//", re.IGNORECASE)
ACTIVE = frozenset(("script", "iframe", "object", "embed", "applet"))
FIELDS = frozenset(("form", "input", "button", "select", "textarea"))
LOADING = ("src", "srcset", "background", "poster", "data")
HIDING = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|(?:font-size|opacity):(?:0*\.)?0+(?:px|pt|r?em|%)?"
)
INHERITED = ("visibility", "font-size")  # what an element says of these counts, not what is said around it


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A promise that is not kept, by what `template` makes: what is wrong and what would be right. `clue`: a
    pattern of what may have brought it, to find its line."""

    template: str
    text: str
    clue: str = ""


def elements_of(page: str) -> list[Any]:
    """Every element, the root first; of an empty page those that any page has."""
    written = page if page.strip() else "<html><body></body></html>"
    root = etree.fromstring(written.encode(), etree.HTMLParser(encoding="utf-8"))
    return [one for one in root.iter() if isinstance(one.tag, str)]


def of_a_source(elements: Iterable[Any], template: str) -> Iterator[Broken]:
    """Whether markup of the hard cases came through. What else is found then is not the template's doing."""
    if any(_is_of_a_source(one) for one in elements):
        text = "words of a source come through as markup, which can run or hide anything; take out `|safe`"
        yield Broken(template=template, text=text, clue=r"\|\s*safe\b|autoescape")


def broken_in_markup(elements: Sequence[Any], template: str, fields: bool) -> Iterator[Broken]:
    """What these elements do not keep to. `fields`: whether there may be a form."""
    yield from _active(elements, template, fields)
    yield from _loaded(elements, template)
    yield from _outline(elements, template)


def hidden_link(link: Any) -> str | None:
    """Why nobody sees a link: the style that hides its words, or that it has none. None where it is seen. A
    mail's styles stand on its elements by now, those of its style sheets too."""
    why = "it has no words"
    for words in link.xpath(".//text()[normalize-space()]"):
        holder = words.getparent()
        hidden = _hidden_by(holder.getparent() if words.is_tail else holder)
        if hidden is None:
            return None
        why = hidden
    return why


def _hidden_by(element: Any) -> str | None:
    said: set[str] = set()
    for one in (element, *element.iterancestors()):
        style = one.get("style", "").lower().replace("!important", "")
        declared = dict(part.split(":", 1) for part in "".join(style.split()).split(";") if ":" in part)
        for name, value in declared.items():
            if HIDING.fullmatch(f"{name}:{value}") and not (name in INHERITED and name in said):
                return f"{name}: {value}"
        said.update(declared)
    return None


def _is_of_a_source(element: Any) -> bool:
    if element.tag == "script":
        return THEIRS in (element.text or "")
    return any(name.startswith("on") and THEIRS in value for name, value in element.items())


def _active(elements: Iterable[Any], template: str, fields: bool) -> Iterator[Broken]:
    for one in elements:
        if one.tag in ACTIVE or (one.tag in FIELDS and not fields):
            text = f"there is `<{one.tag}`, which mail programs take out or warn of; take it out"
            yield Broken(template=template, text=text, clue=f"<{one.tag}")
        for name in one.keys():  # noqa: SIM118 - an lxml element, of which iteration gives its children
            if name.startswith("on"):
                text = f"there is `{name}=`, which runs a script; take it out"
                yield Broken(template=template, text=text, clue=f"{name}\\s*=")


def _loaded(elements: Iterable[Any], template: str) -> Iterator[Broken]:
    """Whatever asks another machine for something tells it who reads, and when."""
    why = "and tells it who reads, though we say that nothing tracks its reader"
    for one in elements:
        attributes = dict(one.items())
        asked = [name for name in LOADING if name in attributes and ELSEWHERE.match(attributes[name].strip())]
        if one.tag == "link" and "href" in attributes:
            asked.append("href")
        styles = f"{attributes.get('style', '')} {one.text or '' if one.tag == 'style' else ''}"
        if asked or ("//" in styles and ASKS.search(styles)):
            text = (
                f"`<{one.tag}` asks another machine for something, {why}; a logo belongs under `organisation`"
            )
            yield Broken(template=template, text=text, clue=f"<{one.tag}[^>]*//|url\\(|@import")
        if one.tag == "img" and "alt" not in attributes:
            text = "a picture has no `alt`: say in it what it shows, or leave it empty for an ornament"
            yield Broken(template=template, text=text, clue="<img(?![^>]*alt)")


def _outline(elements: Sequence[Any], template: str) -> Iterator[Broken]:
    """What a person who cannot see the page goes by."""
    if not elements[0].get("lang"):
        yield Broken(
            template=template, text='`<html` needs `lang="en-GB"`, or it is read out in another tongue'
        )
    if not clean(next((one.text or "" for one in elements if one.tag == "title"), "")):
        yield Broken(template=template, text="`<title>` is missing or empty; say in it what this is")
    levels = [int(one.tag[1]) for one in elements if re.fullmatch("h[1-6]", one.tag)]
    if levels.count(1) != 1:
        text = f"there are {levels.count(1)} headings `<h1>`, and there should be one"
        yield Broken(template=template, text=text, clue="<h1")
    for before, after in zip([0, *levels], levels, strict=False):
        if after > before + 1:
            above = f"after h{before}" if before else "as the first heading"
            text = f"h{after} stands {above}, and no level should be passed over: screen readers go by them"
            yield Broken(template=template, text=text, clue=f"<h{after}")
            break
