"""Titles for places where nobody has chosen yet to read of harm: notifications, lists, channels. They are
short, too: on a phone a title shows its first words, which should be the name."""

from __future__ import annotations

import re

HARM = re.compile(
    r"\b(?:injur\w+|abus\w+|deaths?|dead|die[ds]?|dying|deceased|fatal\w*|neglect\w*|murder\w*|homicide\w*|"
    r"manslaught\w+|filicide|infanticide|rape[ds]?|raping|rapists?|suicid\w+|assault\w*|shak(?:en|ing)|"
    r"kill(?:s|ed|ing|ings|er)?|fractur\w+|(?:self-)?harm(?:s|ed|ful|ing)?|self-inflict\w+|bruis\w+|"
    r"burn(?:s|t|ed|ing)?|scald\w*|stab(?:s|b\w+)?|knife|knives|guns?|gunshots?|firearms?|shot|shootings?|"
    r"drown\w*|overdos\w+|poison\w*|ingest\w+|strang\w+|suffocat\w+|smother\w*|starv\w+|emaciat\w+|"
    r"malnutrition|malnourish\w+|violen\w+|attack\w*|wound(?:s|ed|ing)?|tortur\w+|cruel\w*|trauma\w*|"
    r"exploit\w+|sexual\w*|incest\w*|molest\w+|indecen\w+|(?:ill|mal|mis)-?treat\w*|perpetrat\w+|"
    r"groom(?:ed|ing)|traffick\w+|abduct\w+|kidnap\w*|mutilat\w+|FGM|SUDI|SIDS|(?-i:CSE|FII)|"
    r"hang(?:ed|ing)|asphyxia\w*|ligature\w*|chok(?:e|ed|es|ing)|strip[- ]search\w*|induced illness|"
    r"fabricated (?:illness|or|and)|traged\w+|tragic\w*|unlawful\w*|"
    r"(?:t(?:ake[ns]?|aking|ook)|end(?:s|ed|ing)?) (?:(?:his|her|their|its|one's) )?(?:own )?li(?:fe|ves)|"
    r"(?:los(?:s|t|es|ing)) (?:of )?(?:(?:his|her|their) )?li(?:fe|ves)|passed away|"
    # Welsh, with what mutation makes of a first letter: marwolaeth, farwolaeth.
    r"[mf]arwolaeth\w*|[mf]arw|(?:[cg]|ch|ngh)am-?drin\w*|h?esgeulus\w*|h?anaf\w*|hunan-?(?:laddiad|niweid\w*|"
    r"anaf\w*)|ll?ofruddi\w*|lladd\w*|ladd(?:wyd|odd|iad\w*)|(?:t|d|th|nh)rais|(?:t|d|th|nh)reisi\w+|"
    r"[bf]f?odd(?:i|odd|wyd)|niweid\w*|(?:t|d|th)agu|[dt]h?rywan\w+|g?wenwyn\w*|rh?ywiol|ymosod\w*|"
    r"(?:[cg]|ch)am-?fanteis\w*|(?:t|d|th|nh)rychineb\w*)\b",
    re.IGNORECASE,
)
PART = re.compile(r"(\s*:\s+|\s+[–—-]\s+|\s*[–—]\s*|\s*;\s+|\s+(?=\())")
FILE = re.compile(r"\.(?:pdf|docx?|pptx?|rtf|odt)$", re.IGNORECASE)
DRAFT = re.compile(r"[\s-]+(?:final|published|v(?:ersion)?\s?\d+(?:\.\d+)*)$", re.IGNORECASE)
# `(full report)`, ` – full report`, `: overview report` at an end.
LAST_KIND = re.compile(
    r"(?:\s*[(\[]|\s+[–—-]\s+|:\s+)(?:(?:full|final|the|overview|executive|published|summary)\s+)*"
    r"(?:report|summary|version)[)\]]?$",
    re.IGNORECASE,
)
FIRST_KIND = re.compile(
    r"(?:the\s+)?(?:(?:(?:(?:local\s+)?child(?:ren)?(?:['’]?s)?\s+safeguarding\s+practice|serious\s+case|child\s+practice|"
    r"case\s+management|safeguarding\s+adults?|domestic\s+homicide|domestic\s+abuse\s+related\s+death|serious\s+incident|"
    r"(?:multi-?agency\s+)?(?:thematic\s+)?learning|thematic|extended|concise|rapid|partnership)\s+reviews?|"
    r"L?CSPR|SCR|SAR|DHR|adolygiad\s+(?:ymarfer\s+plant|achos\s+difrifol)|overview|executive|full|final)"
    r"(?:\s+(?:report|summary))?|report|summary)(?:\s*\([A-Z]{2,6}\))?",
    re.IGNORECASE,
)
JOINT = re.compile(
    r"\s*[:–—]\s*|\s+-\s+|\s+(?:of|for|on|into|regarding|concerning|in\s+respect\s+of)\s+", re.IGNORECASE
)
# After a kind and no more than a space, a name is a name only where nothing else is meant.
NO_NAME = re.compile(
    r"(?:reports?|reviews?|panel|action|group|learning|publi\w+|toolkit|guidance|summary|summaries|process|"
    r"briefing|annual|part|phase|number|no|seven|response|recommendations?|overview|executive|key|statement|"
    r"practice|themes?|findings|january|february|march|april|may|june|july|august|september|october|"
    r"november|december)\b",
    re.IGNORECASE,
)
MOST_WORDS = 5


def tells_of_harm(text: str) -> bool:
    """Whether the words say what happened to a child, or may."""
    return bool(HARM.search(text.replace("’", "'")))


def discreet(title: str, place: str | None = None) -> str:
    """The title by its name, and without its parts after a colon, a dash or a bracket that tell of harm.
    Where its first part does: `A review from Port Lowen`. `Serious Case Review: Child L: injuries to a baby`
    gives `Child L`."""
    short = by_name(title, place)
    whole = title if tells_of_harm(PART.split(short)[0]) else short
    first, *others = PART.split(whole)
    if tells_of_harm(first) or not first:
        return f"A review from {place}" if place and not tells_of_harm(place) else "A review"
    kept = [first]
    for joint, part in zip(others[::2], others[1::2], strict=True):
        if tells_of_harm(part):
            break  # what follows belongs to it
        kept += [joint, part]
    return "".join(kept).rstrip(" ,;:–-")


def by_name(title: str, place: str | None = None) -> str:
    """The title without the kind of review before a name, and without what a file's name adds to it:
    `SAR_Report_Edna_FINAL.docx` gives `Edna`. Where no name is left, the title as it was."""
    kept = title
    if FILE.search(title) or (title.count("_") > 1 and " " not in title):
        kept = " ".join(FILE.sub("", title).replace("_", " ").split())
        kept = DRAFT.sub("", kept)
    if shorter := LAST_KIND.sub("", kept):
        kept = shorter if not FIRST_KIND.fullmatch(shorter) else kept
    while rest := _after_kind(kept):
        if place and rest.casefold() in place.casefold():
            break
        kept = rest
    return kept


def _after_kind(title: str) -> str:
    """What stands after the kind of review, if that is a name; else nothing."""
    kind = FIRST_KIND.match(title)
    if not kind or not kind[0]:
        return ""
    rest = title[kind.end() :]
    joint = JOINT.match(rest)
    name = rest[joint.end() :] if joint else rest.strip() if rest[:1].isspace() else ""
    if FIRST_KIND.match(name) and (later := _after_kind(name)):
        return later
    if not name[:1].isalpha() or name[:1].islower() or NO_NAME.match(name):
        return ""
    stopped = joint and not joint[0].strip().replace(" ", "").isalpha()
    return name if stopped or len(PART.split(name)[0].split()) <= MOST_WORDS else ""
