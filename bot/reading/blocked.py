"""Pages that came instead of the page: bot walls, consent walls, log-ins, soft 404s, empty shells."""

from __future__ import annotations

import re

from bot.errors import SourceTrouble, UnreadableDocument
from bot.models import Document

_SHORT = 260  # words; a real page may speak of cookies or Cloudflare, a wall says little else

_WALLS: tuple[tuple[SourceTrouble, str, re.Pattern[str]], ...] = tuple(
    (trouble, what, re.compile(pattern, re.IGNORECASE))  # type: ignore[misc]  # the literals are those of SourceTrouble
    for trouble, what, pattern in (
        (
            "blocked",
            "a check that visitors are people",
            r"checking (?:your|if the site connection|the site connection)|"
            r"verify(?:ing)? (?:that )?you(?: are|['’]re) (?:a )?(?:human|not a robot)|just a moment|"
            r"are you a (?:human|robot)|captcha|attention required|unusual (?:traffic|activity)|"
            r"security (?:check|verification)|press (?:and|&) hold|"
            r"enable javascript and cookies to continue|ddos protection|incident id|incapsula|imperva|"
            r"ray id|i am not a robot|bot (?:detection|protection)",
        ),
        (
            "blocked",
            "a refusal",
            r"\baccess (?:to this (?:page|resource) )?(?:has been |is |was )?(?:denied|blocked|forbidden)|"
            r"\b403\b.{0,20}forbidden|you (?:have been|are) blocked|"
            r"request (?:was |has been )?(?:blocked|rejected|unsuccessful)|web application firewall|"
            r"permission to (?:access|view)",
        ),
        (
            "blocked",
            "a log-in",
            r"(?:please |you (?:must|need to) )?(?:log|sign) ?in (?:to (?:continue|view|access|your)|with)|"
            r"(?:forgot(?:ten)?|reset) (?:your )?password|"
            r"members(?:['’])? (?:only|area)|username .{0,40}password|single sign-on",
        ),
        (
            "blocked",
            "a consent wall",
            r"before you continue|we (?:value|care about) your privacy|consent to (?:the use of )?cookies|"
            r"accept (?:all )?cookies to (?:continue|view)|"
            r"manage (?:your )?(?:consent|cookie) preferences|our partners? (?:store|process)",
        ),
        (
            "unreadable",
            "a page that says the address is gone",
            r"(?:page|document|file|content|resource)[^.]{0,40} (?:not found|can(?:no|['’])t be found|"
            r"could ?n[o'’]t be found|(?:does not|doesn['’]t|no longer) exists?|has (?:been )?moved|"
            r"was not found)|"
            r"\b404\b|page not found|we (?:can['’]t|couldn['’]t|cannot|could not) find (?:the|that|"
            r"this) page|nothing was found",
        ),
        (
            "unreadable",
            "a shell that a browser must fill",
            r"(?:enable|requires?|need(?:s)?(?: to enable)?|turn on|without|supports?) javascript|"
            r"javascript (?:is )?(?:disabled|required|must be enabled)|^\s*loading\b",
        ),
        (
            "unreadable",
            "a chat assistant",
            r"(?:chat ?bot|virtual assistant|digital assistant|start (?:a )?chat|ask me (?:a question|"
            r"anything)|how can i help you)",
        ),
        (
            "unreadable",
            "an error page",
            r"\b(?:5\d\d|internal server) error\b|service unavailable|under maintenance|"
            r"temporarily unavailable|something went wrong",
        ),
    )
)


def refuse_walls(document: Document) -> None:
    """Raise UnreadableDocument where another page came in this one's place; a page of substance passes."""
    texts = [document.title or "", *(block.text for block in document.blocks)]
    whole = " ".join(texts)
    body = " ".join(block.text for block in document.blocks if not block.furniture)
    if document.entries or len(body.split()) > _SHORT:
        return
    for trouble, what, pattern in _WALLS:
        match = pattern.search(whole)
        if match:
            raise UnreadableDocument(
                f"{document.url} answered with {what} (“{match[0].strip()}”) and not with its page; "
                + (
                    "open it in a browser and ask the site to let the bot in."
                    if trouble == "blocked"
                    else "look up its new address."
                ),
                trouble=trouble,
            )
    if not whole.strip():
        raise UnreadableDocument(
            f"{document.url} holds no text: a scan, an empty file, or a page that a browser must fill."
        )
