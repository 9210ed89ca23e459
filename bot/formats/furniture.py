"""What stands around the body of a page: navigation, header and footer, cookie notes, share links.

Nothing is dropped for it, only marked; and a name that merely sounds like furniture never outweighs the
page's own words, for a body lost in silence is worse than a menu kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bs4 import Tag

from bot.formats.outline import HEADINGS, Outline, classes

_ROLES = {"navigation", "banner", "contentinfo", "search", "menu", "menubar", "toolbar"}
_WORDS = {
    "nav", "navbar", "navigation", "topnav", "mainnav", "sidenav", "subnav", "leftnav", "menu", "menus",
    "topmenu", "mainmenu", "breadcrumb", "breadcrumbs", "crumbs", "crumbtrail", "cookie", "cookies",
    "cookiebar", "cookieconsent", "ccc", "onetrust", "share", "sharing", "sharethis", "addthis",
    "addtoany", "social", "socials", "skip", "skiplink", "skiplinks", "pagination", "pager", "paging",
    "footer", "masthead", "sitemap", "sidebar", "banner", "topbar",
}  # fmt: skip
_BODY_WORDS = {
    "result",
    "results",
    "tab",
    "tabs",
    "pill",
    "pills",
    "content",
    "card",
    "article",
    "entry",
    "post",
    "item",
}
_HEADERS = {"header", "siteheader", "pageheader", "globalheader", "mainheader", "locationheader", "topheader"}
_SEARCHES = {"search", "sitesearch", "searchform", "searchbox", "searchbar"}
_PHRASE = re.compile(
    r"in this section|on this site|(?:main|site|section|page)? ?(?:menu|navigation)|quick links"
    r"|you are here:?|(?:pages )?in this (?:guide|section)|share(?: this)?(?: page)?:?|follow us.*"
    r"|related (?:pages|links)|(?:was|is) this page (?:useful|helpful)\??|rate this page"
    r"|cookies?(?: on this (?:web)?site)?|(?:we use|manage) cookies"
    r"|manage (?:cookie )?consent|cookie (?:settings|consent|policy)"
    r"|this (?:web)?site uses cookies.*|skip links|sign up (?:for|to) .*newsletter.*|newsletter",
    re.I,
)
_BLOCK_PHRASE = re.compile(
    r"skip links|(?:back to (?:the )?|return to |top of (?:the )?)(?:top|page)"
    r"|(?:skip|jump) to (?:the )?(?:main )?(?:content|navigation)(?: [|] .{0,60})?|print(?: this)?(?: page)?"
    r"|(?:share|tweet|e-?mail)(?: this)?(?: page)?(?: (?:on|via|by))?"
    r"(?: (?:facebook|twitter|x|linkedin|e-?mail|whatsapp))?|you are here:?.{0,200}"
    r"|(?:we|this (?:web)?site) uses? cookies.{0,300}|(?:previous|next)(?: page)?|accept(?: all)? cookies",
    re.I,
)
_DOCUMENT = re.compile(r"\.(?:pdf|docx?)\b", re.I)
_CONTAINERS = {
    "div", "section", "ul", "ol", "form", "aside", "p", "td", "span", "table", "a", "header", "footer", "nav",
}  # fmt: skip


def find_body(outline: Outline) -> set[int]:
    """Identities (`id()`) of the elements that hold the page's body, where the page names them; else empty.

    That is <main>, or the one article that holds most of the page; and a side column with documents.
    """
    mains = [tag for tag in outline.tags if tag.get("role") == "main"] or outline.named("main")
    if not mains:
        articles = [tag for tag in outline.named("article") if tag.find_parent("article") is None]
        mains = [tag for tag in articles if len(articles) == 1 and outline.size(tag) * 2 > outline.whole]
    if not mains:
        return set()
    sides = [tag for tag in outline.named("aside") if _has_documents(tag)]
    return {id(tag) for tag in (max(mains, key=outline.size), *sides)}


def _has_documents(tag: Tag) -> bool:
    return any(_DOCUMENT.search(str(link["href"])) for link in tag.find_all("a", href=True))


def _names(tag: Tag) -> list[str]:
    """Class and id of an element, one string each, in lower case with words kept apart by hyphens."""
    named = [*classes(tag), str(tag.get("id") or "")]
    return [re.sub(r"(?<=[a-z])(?=[A-Z])|[_\s]+", "-", name).lower() for name in named if name]


def find_furniture(outline: Outline, *, by_name: bool) -> set[int]:
    """Identities (`id()`) of the elements that are furniture, by their markup; if asked, by name as well."""
    marked = {id(tag) for tag in outline.tags if _is_marked(tag, outline)}
    if by_name:
        for tag in outline.tags:
            part = outline.size(tag) * 2 < outline.whole and not outline.holds(tag, ("h1", "main"))
            if part and tag.name in _CONTAINERS and _is_named(tag):
                marked.add(id(tag))
        marked.update(id(tag) for tag in _under_phrases(outline))
        marked.update(id(tag) for tag in outline.named("td") if _is_menu_cell(tag, outline))
    return marked


def _is_marked(tag: Tag, outline: Outline) -> bool:
    role = tag.attrs.get("role")
    if role == "tablist":  # a row of tabs; some accordions call themselves so, panels and all
        return outline.size(tag) == sum(outline.size(tab) for tab in tag.find_all(role="tab"))
    if tag.name == "nav" or role in _ROLES:
        return True
    if tag.name == "header" and outline.holds(tag, ("h1",)) and tag.find("nav") is None:
        return False  # the header of the article, though it stands at the top of the page
    if tag.name in ("header", "footer"):
        inside = ["article", "section", "details", "li", "blockquote", "figure", "dialog"]
        return tag.find_parent([*inside, "main"] if tag.name == "header" else inside) is None
    return tag.name == "aside" and tag.find_parent(["main", "article"]) is None and not _has_documents(tag)


def _is_named(tag: Tag) -> bool:
    for name in _names(tag):
        words = name.split("-")
        if _BODY_WORDS.intersection(words):
            continue
        if _WORDS.intersection(words):
            return True
        if name.replace("-", "") in _HEADERS | _SEARCHES or name.endswith("-location-header"):
            return tag.find_parent("article") is None
    return False


def _is_menu_cell(cell: Tag, outline: Outline) -> bool:
    """A cell of nothing but short links to pages beside a far longer one: the menu of a table-built page."""
    links = cell.find_all("a", href=True)
    if len(links) < 4 or outline.holds(cell, ("h1", "table")) or cell.parent is None:
        return False
    if _has_documents(cell):
        return False
    linked = sum(outline.size(link) for link in links)
    others = [other for other in cell.parent.find_all("td", recursive=False) if other is not cell]
    beside = max((outline.size(other) for other in others), default=0)
    return linked >= 0.9 * outline.size(cell) and beside > 5 * linked


def _under_phrases(outline: Outline) -> Iterable[Tag]:
    """Boxes that open with "In this section" and such; of a larger box, only the heading and its list."""
    for heading in outline.named(*HEADINGS, "p"):
        box = heading.parent
        if box is None or not 4 < outline.size(heading) < 90:
            continue
        words = " ".join(heading.get_text(" ").split())
        if not _PHRASE.fullmatch(words):
            continue
        opens = next(box.stripped_strings, "") in words
        if (
            opens
            and box.name in ("div", "section", "aside", "td", "form")
            and outline.size(box) * 4 < outline.whole
        ):
            yield box
            continue
        yield heading
        after = heading.find_next_sibling()
        if after is not None and after.name in ("ul", "ol"):
            yield after


def is_furniture_text(text: str) -> bool:
    """Whether a whole block says no more than "Back to top", "Print this page" and the like."""
    return len(text) < 400 and _BLOCK_PHRASE.fullmatch(text.strip(" ^↑>«»|.-")) is not None
