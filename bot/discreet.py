"""Titles for places where nobody has chosen yet to read of harm: notifications, lists, channels."""

from __future__ import annotations

import re

HARM = re.compile(
    r"\b(?:injur\w+|abus\w+|deaths?|dead|die[ds]?|dying|deceased|fatal\w*|neglect\w*|murder\w*|homicide\w*|"
    r"manslaughter|filicide|infanticide|rape[ds]?|raping|suicid\w+|assault\w*|shak(?:en|ing)|kill(?:s|ed|ing|er)?|"
    r"fractur\w+|(?:self-)?harm(?:s|ed|ful|ing)?|bruis\w+|burn(?:s|t|ed|ing)?|scald\w*|stab(?:s|bed|bing)?|"
    r"knife|knives|shot|shooting|drown\w*|overdos\w+|poison\w*|strang\w+|suffocat\w+|smother\w*|starv\w+|"
    r"malnutrition|violen\w+|attack\w*|wound(?:s|ed|ing)?|tortur\w+|cruel\w*|trauma\w*|exploit\w+|sexual\w*|"
    r"groom(?:ed|ing)|traffick\w+|mutilat\w+|FGM|SUDI|SIDS|hang(?:ed|ing)|asphyxia\w*|ligature\w*|"
    r"marwolaeth\w*|cam-?drin|esgeulus\w*|anaf\w*|hunanladdiad|llofruddia\w*)\b",
    re.IGNORECASE,
)
PART = re.compile(r"(\s*:\s+|\s+[–—-]\s+|\s*[–—]\s*|\s*;\s+|\s+(?=\())")


def tells_of_harm(text: str) -> bool:
    """Whether the words say what happened to a child, or may."""
    return bool(HARM.search(text.replace("’", "'")))


def discreet(title: str, place: str | None = None) -> str:
    """The title without its parts after a colon, a dash or a bracket that tell of harm. Where its first part
    does: `A review from Port Lowen`. `Child L: injuries to a baby` gives `Child L`."""
    first, *others = PART.split(title)
    if tells_of_harm(first) or not first:
        return f"A review from {place}" if place and not tells_of_harm(place) else "A review"
    kept = [first]
    for joint, part in zip(others[::2], others[1::2], strict=True):
        if tells_of_harm(part):
            break  # what follows belongs to it
        kept += [joint, part]
    return "".join(kept).rstrip(" ,;:–-")
