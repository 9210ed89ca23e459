"""Whether what was read from a page can be trusted. A page that suddenly yields little is an error, never
an empty digest.

Two questions, each asked before anything is kept. `check`: is this reading a likely one for this page, by
what is expected of it, by what it gave before, and by its own bytes? `settled`: is what the reading calls
new, changed or gone really so on the page? Both raise UnreadableDocument: then nothing is kept or told, and
the last good state stays. `learning-bot poll ID --accept` passes over both.
"""

from bot.drift.compared import MOST_BYTES, Compared

__all__ = ["MOST_BYTES", "Compared"]
