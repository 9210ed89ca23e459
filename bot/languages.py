"""In which language a text is, as far as a screen reader must know: Welsh, and what runs from right to left.

A screen reader speaks Welsh with an English voice unless a page says `lang="cy"` (WCAG 2.2, 3.1.2).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Words of the field that are no English words: one of them tells that a title is in Welsh.
_TELLING_WORDS = """
adolygiad adolygiadau plentyn ymarfer ymarferion adroddiad adroddiadau crynodeb diogelu oedolion oedolyn
canllaw canllawiau gwersi brodyr chwiorydd estynedig cryno gweithredol datganiad cynllun llythyr bwrdd teulu
lladdiad domestig digwyddiad hyfforddiant argymhellion argymhelliad cwestiynau cefndir amgylchiadau
esgeulustod
"""
# Words that are common in the one language and no words of the other: many of them tell what prose is in.
_WELSH_WORDS = """
yr yn ym yng y'r y ac nid ni'r mae maen oedd roedd bydd wedi gan gyda ei eu ein hwn hon hyn hynny sydd
sy'n sy a'r i'r i'w o'r ar gyfer fel pwy beth ble pob dysgwyd arfer da lawrlwytho darllen gweld ddigwyddodd
newid ers camau gweithredu nesaf heddiw canfyddiadau allweddol themâu dylai dylid ddylai bu'r cafodd chafodd
nad oes rhagor wybodaeth gwybodaeth plant dysgu achos difrifol llawn baban cyhoeddwyd
"""
_ENGLISH_WORDS = """
the of and was were is are had has have been not with who that which this these from for to by what how when
where why she he they her his their child children review report practice learning board baby in on
"""
_TELLING, _ENGLISH = frozenset(_TELLING_WORDS.split()), frozenset(_ENGLISH_WORDS.split())
_WELSH = _TELLING | frozenset(_WELSH_WORDS.split())
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")  # Hebrew, Arabic and their kin


@lru_cache(maxsize=4096)
def is_welsh(text: str) -> bool:
    """Whether a text is in Welsh rather than in English, or in too few words to tell."""
    small = text.casefold().replace("’", "'")
    if _WELSH.isdisjoint(small.replace(":", " ").replace(",", " ").split()):
        return False
    words = _WORD.findall(small)
    welsh = sum(word in _WELSH for word in words)
    english = sum(word in _ENGLISH for word in words)
    return welsh > 3 * english and (welsh > 2 or any(word in _TELLING for word in words))


def runs_right_to_left(text: str) -> bool:
    """Whether the first letter that has a direction runs from right to left (UAX #9, P2 and P3)."""
    if text.isascii() or not _RIGHT_TO_LEFT.search(text):
        return False
    for letter in text:
        direction = unicodedata.bidirectional(letter)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return False
