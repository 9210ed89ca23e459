"""What a line of a list is about, once its kind, document, date and size are taken off.

A title is a subject (`Child Q`, `Jonah`, `MN14`), a kind of review (`serious case review`) and a document
(`overview report`, `7 minute briefing`), in any order. Lines of one subject are documents of one review; a
line without a subject is a document of the review that it stands with.
"""

from __future__ import annotations

import re
from functools import lru_cache

from bot.reading.grammar.dates import without_date
from bot.reading.grammar.status import without_note
from bot.reading.grammar.titles import without_size

_KIND = re.compile(
    r"\b(?:(?:local|extended|concise|historical|joint|combined)\s+){0,6}"
    r"(?:(?:child(?:ren)?(?:['’]?s)?\s+)?safeguarding\s+(?:children\s+)?practice|"
    r"(?:local )?(?:child )?practice|safeguarding\s+adults?(?:['’]?s)?|adult practice|"
    r"serious case|significant case|case management|domestic homicide|"
    r"domestic abuse related death|single unified safeguarding|rapid|(?:partnership |multi-agency |"
    r"safeguarding |local )?(?:case )?learning(?: lessons| together)?|lessons learned|"
    r"multi-agency (?:case|practice))\s+reviews?\b|"
    r"\b(?:L?CSPR|LSCPR|SPR|SCR|SAR|DHR|M?CPR|APR|SUSR|CMR|LLR|MALR|DARDR)s?\b",
    re.IGNORECASE,
)
_WHOSE = (
    r"(?:(?:the|our|an?|board['’]?s?|partnership['’]?s?|partners['’]?|multi-agency|agency|agencies['’]?|"
    r"home office|panel|family['’]?s?|chair['’]?s?|independent|author['’]?s?|joint|health|single|combined|"
    r"full|final|overview|executive|exec|main|published|"
    r"redacted|anonymised|original|learning|practice|practitioners?['’]?s?|professionals?['’]?|staff|"
    r"easy[- ]read|one[- ]page|short|brief|key|media|press|public|welsh|english|"
    r"(?:\d+|seven|six|five|ten|one|two)[- ]?(?:min(?:ute)?s?|page|step|point)s?)\s+){0,12}"
)
_WHAT = (
    r"(?:overview|reports?|summar(?:y|ies)|summ|brief(?:ing)?s?(?: (?:note|paper|document|sheet))?|"
    r"bulletins?|posters?|statements?|releases?|"
    r"responses?|letters?|action plans?|improvement plans?|plans?|progress(?: (?:report|update))?|slides?|"
    r"slide deck|presentations?|podcasts?|videos?|infographics?|leaflets?|factsheets?|one[- ]pagers?|"
    r"easy[- ]read|versions?|"
    r"foreword|appendix|appendices|timeline|glossary|feedback|learning points|key (?:messages|learning)|"
    r"7MB|learning|document|documents|review|publication)"
)
_DOCUMENT = re.compile(rf"\b{_WHOSE}{_WHAT}\b", re.IGNORECASE)
_AUDIENCE = re.compile(
    r"\bfor (?:all )?(?:staff|practitioners|professionals|managers|families|partners|parents|schools|"
    r"team meetings|teams?|frontline staff|young people|children)\b",
    re.IGNORECASE,
)
_BOARD = re.compile(r"\b[A-Z]{0,6}(?:SCB|SCP|SAB|SPP|SP|SB|CSP)\b")
_FILLING_WORDS = """
the a an of and or to in into on re from by at for with our this that its it is are was now also respect
relation regard concerning regarding about around available read view see open download here click full final
overview executive draft published publication pdf doc docx word ppt pptx xlsx version new link more find out
made progress summary one page welsh english cymraeg saesneg board partnership partners agencies multi agency
home office local learning practice part set
"""
_FILLING = frozenset(_FILLING_WORDS.split())
_FILE = re.compile(r"\.(?:pdf|docx?|pptx?|xlsx?|odt|odp)\b", re.IGNORECASE)


@lru_cache(maxsize=16384)
def subject_of(text: str) -> frozenset[str]:
    """The words of a line that say whose review it is; none where it only names a document or a kind."""
    text = without_note(without_date(without_size(text))[0])
    text = _FILE.sub(" ", _AUDIENCE.sub(" ", text))
    text = _BOARD.sub(" ", _DOCUMENT.sub(" ", _KIND.sub(" ", text)))
    words = re.findall(r"[^\W_][\w’'-]*", text.replace("’s", ""))
    return frozenset(word.strip("’'-").casefold() for word in words if word.casefold() not in _FILLING)


def is_document(text: str) -> bool:
    """Whether a line says no more than which document it opens: `Final report`, `Read the SCR summary`."""
    if re.search(r"\breviews\b", text, re.IGNORECASE) or subject_of(text):
        return False
    return bool(_DOCUMENT.search(text) or _KIND.search(text))


def same_subject(one: str, other: str) -> bool:
    """Whether two lines are about one subject: the words of the one are those of the other."""
    first, second = subject_of(one), subject_of(other)
    return bool(first) and first == second
