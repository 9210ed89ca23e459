"""English and Welsh on one page, in columns of lines or side by side in one line: the English of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from bot.models import Link
from bot.reading.grammar.dates import find_dates
from bot.reading.lines import Line

# Welsh words of the field and of the calendar: one of them tells that a title is in Welsh.
_WELSH_TITLE = re.compile(
    r"\b(?:adolygiad\w*|plentyn|plant|ymarfer|adroddiad\w*|crynodeb|briff\w*|munud|cyhoedd\w+|diogelu|oedolion|"
    r"oedolyn|canllaw\w*|ffurflen\w*|gweithio|gweithdrefn\w*|dysgu|gwersi|achos|difrifol|brodyr|chwiorydd|estynedig|"
    r"cryno|llawn|gweithredol|datganiad|cynllun|llythyr|bwrdd|teulu|baban|lladdiad\w*|domestig|unedig|sengl|"
    r"ADUS|AYP|AYO|digwyddiad\w*|hyfforddiant|ionawr|chwefror|mawrth|ebrill|mai|mehefin|gorffennaf|awst|"
    r"medi|hydref|tachwedd|rhagfyr)\b",
    re.IGNORECASE,
)
# Words that are common in the one language and no words of the other: many of them tell what prose is in.
_WELSH_WORDS = """
yr yn ym yng y'r ac nid ni'r mae maen oedd roedd bydd wedi gan gyda ei eu ein hwn hon hyn hynny sydd
sy'n sy a'r i'r i'w o'r ar gyfer fel pan pwy beth sut ble pam pob terfynol dysgwyd argymhellion argymhelliad
arfer da cefndir cwestiynau amgylchiadau lawrlwytho darllen gweld ddigwyddodd newid newidiodd ers camau
gweithredu nesaf heddiw cyflwyniad canfyddiadau allweddol themâu dylai dylid ddylai bu bu'r cafodd chafodd
nad oes briffio rhagor wybodaeth gwybodaeth cysylltu
"""
_ENGLISH_WORDS = """
the of and was were is are had has have been not with who that which this these from for to at by what
how when where why she he they her his their child children review report practice learning board
findings recommendations questions background summary published download read circumstances changed
should family good final
"""
_WELSH, _ENGLISH = frozenset(_WELSH_WORDS.split()), frozenset(_ENGLISH_WORDS.split())
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_NAMED = re.compile(r"\b(?:cymraeg|saesneg|welsh|english)\b", re.IGNORECASE)
_BETWEEN = re.compile(r"\s+[/|]\s+")


def in_english(lines: Sequence[Line]) -> Sequence[Line]:
    """The lines without those in Welsh, where the page has its text in both languages.

    A page with little English keeps all its lines. A line that is a link stays: a document in Welsh is one
    of the review's too. A short line that tells nothing of its language goes with those before it in its
    list, a heading with what is under it.
    """
    leanings = [_leaning(line.text) for line in lines]
    welsh = sum(line.words for line, leaning in zip(lines, leanings, strict=True) if leaning > 0)
    english = sum(line.words for line, leaning in zip(lines, leanings, strict=True) if leaning < 0)
    if welsh < 20 or english < max(20, welsh / 3):
        return lines
    kept: list[Line] = []
    for place, line in enumerate(lines):
        if leanings[place] == 0 and line.kind == "point" and place and lines[place - 1].group == line.group:
            leanings[place] = leanings[place - 1]
        leaning = leanings[place]
        if leaning == 0 and line.kind == "heading" and place + 1 < len(lines):
            leaning = leanings[place + 1]
        if leaning <= 0 or line.linked:
            kept.append(line)
    return kept


def english_line(line: Line) -> Line:
    """The line in English, where it says the same in Welsh and English between strokes; else as it is.

    A line whose links name their language (`Cymraeg | English`) keeps both: its title is not said twice.
    """
    if line.cells or _NAMED.search(line.text) or not _BETWEEN.search(line.text):
        return line
    text = _english_of(line.text)
    if text == line.text:
        return line
    links = tuple(link for link in line.links if not _WELSH_TITLE.search(_english_of(link.label)))
    return replace(
        line,
        text=text,
        lead="" if line.lead and line.lead not in text else line.lead,
        links=tuple(Link(label=_english_of(link.label), url=link.url) for link in links or line.links),
    )


def _leaning(text: str) -> int:
    """Above 0 for Welsh, below 0 for English, 0 for a text of both or of neither."""
    words = [word.casefold().replace("’", "'") for word in _WORD.findall(text)]
    welsh = sum(word in _WELSH or bool(_WELSH_TITLE.fullmatch(word)) for word in words)
    english = sum(word in _ENGLISH for word in words)
    return welsh if welsh > 3 * english else -english if english > welsh else 0


def _english_of(text: str) -> str:
    """`Adolygiad Ymarfer Plant Nia / Child Practice Review Nia (Mai 2021 / May 2021)` gives its English; of
    `Published / Cyhoeddwyd: 15/06/2022` the label alone stands there twice."""
    text = _one_date(text)
    parts = _BETWEEN.split(text)
    kept = [part for part in parts if not _WELSH_TITLE.search(part)]
    if len(parts) < 2 or not kept or len(kept) == len(parts):
        return text
    after = parts[-1].partition(":")[2].strip() if parts[-1] not in kept else ""
    return " / ".join(kept) + (f": {after}" if after and ":" not in kept[-1] else "")


def _one_date(text: str) -> str:
    """The text with a date once that stands there in both languages."""
    dates = find_dates(text)
    for first, second in reversed(tuple(pairwise(dates))):
        between = text[first.end : second.start]
        if _BETWEEN.fullmatch(between) and first.value == second.value:
            text = text[: first.start] + text[second.start :]
    return text
