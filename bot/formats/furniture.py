"""What stands around the body of a page: navigation, header and footer, cookie notes, share links.

Nothing is dropped for it, only marked; and a name that merely sounds like furniture never outweighs the
page's own words, for a body lost in silence is worse than a menu kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.formats.tree import HEADINGS, Element

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
_FOOT = re.compile(
    r"(?:privacy|cookies?|accessibility)(?: (?:policy|notice|statement|settings))?|contact(?: us)?|site ?map"
    r"|terms(?: (?:and|&) conditions| of use)?|home|disclaimer|copyright",
    re.I,
)
_DOCUMENT = re.compile(r"\.(?:pdf|docx?)\b", re.I)
_CONTAINERS = {
    "div", "section", "ul", "ol", "form", "aside", "p", "td", "span", "table", "a", "header", "footer", "nav",
}  # fmt: skip


_PARTS = ("article", "section", "details", "li", "blockquote", "figure", "dialog")


def find_body(root: Element) -> set[Element]:
    """The elements that hold the page's body, where the page names them; else empty.

    That is <main>, or the one article that holds most of the page; and a side column with documents.
    """
    mains = [tag for tag in root.inside() if tag.attrs.get("role") == "main"] or root.inside("main")
    if not mains:
        articles = [tag for tag in root.inside("article") if not tag.within("article")]
        mains = [tag for tag in articles if len(articles) == 1 and tag.size * 2 > root.size]
    if not mains:
        return set()
    sides = [tag for tag in root.inside("aside") if _has_documents(tag)]
    return {max(mains, key=lambda tag: tag.size), *sides}


def _has_documents(tag: Element) -> bool:
    return any(_DOCUMENT.search(link.attrs.get("href", "")) for link in tag.inside("a"))


def _names(tag: Element) -> list[str]:
    """Class and id of an element, one string each, in lower case with words kept apart by hyphens."""
    named = [*tag.classes, tag.attrs.get("id", "")]
    return [re.sub(r"(?<=[a-z])(?=[A-Z])|[_\s]+", "-", name).lower() for name in named if name]


def find_furniture(root: Element, *, by_name: bool) -> set[Element]:
    """The elements that are furniture, by their markup; if asked, by name as well."""
    marked = {tag for tag in root.inside() if _is_marked(tag)}
    if by_name:
        for tag in root.inside(*_CONTAINERS):
            if tag.size * 2 < root.size and not tag.holds(("h1", "main")) and _is_named(tag):
                marked.add(tag)
        marked.update(_under_phrases(root))
        marked.update(tag for tag in root.inside("td") if _is_menu_cell(tag))
    return marked


def _is_marked(tag: Element) -> bool:
    role = tag.attrs.get("role")
    if role == "tablist":  # a row of tabs; some accordions call themselves so, panels and all
        return tag.size == sum(tab.size for tab in tag.inside() if tab.attrs.get("role") == "tab")
    if tag.name == "nav" or role in _ROLES:
        return True
    if tag.name == "header" and tag.holds(("h1",)) and not tag.first("nav"):
        return False  # the header of the article, though it stands at the top of the page
    if tag.name in ("header", "footer"):
        return not tag.within(*_PARTS, *(("main",) if tag.name == "header" else ()))
    return tag.name == "aside" and not tag.within("main", "article") and not _has_documents(tag)


def _is_named(tag: Element) -> bool:
    for name in _names(tag):
        words = name.split("-")
        if _BODY_WORDS.intersection(words):
            continue
        if _WORDS.intersection(words):
            return True
        if name.replace("-", "") in _HEADERS | _SEARCHES or name.endswith("-location-header"):
            return not tag.within("article")
    return False


def _is_menu_cell(cell: Element) -> bool:
    """A cell of nothing but short links to pages beside a far longer one: the menu of a table-built page."""
    links = [link for link in cell.inside("a") if "href" in link.attrs]
    if len(links) < 4 or cell.holds(("h1", "table")) or cell.parent is None:
        return False
    if _has_documents(cell):
        return False
    linked = sum(link.size for link in links)
    beside = max((other.size for other in cell.parent.children("td") if other is not cell), default=0)
    return linked >= 0.9 * cell.size and beside > 5 * linked


def _under_phrases(root: Element) -> Iterable[Element]:
    """Boxes that open with "In this section" and such; of a larger box, only the heading and its list."""
    for heading in root.inside(*HEADINGS, "p"):
        box = heading.parent
        if box is None or not 4 < heading.size < 90:
            continue
        words = " ".join(heading.text(" ").split())
        if not _PHRASE.fullmatch(words):
            continue
        opens = next(filter(None, map(str.strip, box.strings)), "") in words
        if opens and box.name in ("div", "section", "aside", "td", "form") and box.size * 4 < root.size:
            yield box
            continue
        yield heading
        if heading.after is not None and heading.after.name in ("ul", "ol"):
            yield heading.after


def is_furniture_text(text: str) -> bool:
    """Whether a whole block says no more than "Back to top", "Print this page" and the like."""
    return len(text) < 400 and (_is_furniture(text) or _is_foot(text))


def _is_furniture(text: str) -> bool:
    return _BLOCK_PHRASE.fullmatch(text.strip(" ^↑>«»|.-")) is not None


def _is_foot(text: str) -> bool:
    """Whether a line is the menu at the foot of a page: `Privacy · Cookies · Back to top`."""
    parts = re.split(r"\s+[|·•]\s+", text.strip())
    return len(parts) > 1 and all(_FOOT.fullmatch(part) or _is_furniture(part) for part in parts)
