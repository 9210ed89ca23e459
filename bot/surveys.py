"""Links that ask their reader for something, as a survey does, and tell nothing of the review."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

ASKING = re.compile(
    r"tell us|(?:complete|fill in|take) (?:our|the|this)\b.*\b(?:survey|form|questionnaire)|"
    r"(?:feedback|evaluation|survey) (?:form|survey|questionnaire)",
    re.IGNORECASE,
)
ASKING_UNLESS_A_FILE = re.compile(r"(?:feedback|survey|evaluat)", re.IGNORECASE)
FORMS = re.compile(r"^forms\.|(?:^|\.)(?:surveymonkey|smartsurvey|onlinesurveys)\.", re.IGNORECASE)
FILE = re.compile(r"\.(?:pdf|docx?|pptx?)(?:[?#]|$)", re.IGNORECASE)


def asks(label: str, url: str, *, file: bool = False) -> bool:
    """Whether a link of this label asks. `file`: it leads to a document, though its address does not say so:
    `Evaluation of the service` is then a part of the review."""
    if ASKING.match(label) or FORMS.search(host(url)):
        return True
    return not (file or FILE.search(url)) and ASKING_UNLESS_A_FILE.match(label) is not None


@lru_cache(maxsize=1024)
def host(url: str) -> str:
    """The host of an address, empty where it has none that can be read."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
