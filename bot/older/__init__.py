"""The older pages that a page points to: further pages of one list, years, archives, earlier parts of a feed.

finding   which of a page's links lead to older reviews
labels    what such links are called, in English and Welsh
lists     whether two addresses are pages of one list
links     the links of a page, by its letters alone
"""

from bot.older.finding import Older, older_pages

__all__ = ["Older", "older_pages"]
