"""Looking at a page before anything is kept: one file, one address, a source that might be added.

page       what the bot makes of one file or address
survey     from the address that a person has to the page or feed with the reviews
adding     its entry in sources.yaml
importing  many addresses at once, from a list or an OPML file (`addresses`)
again      a source that is there, beside what is kept of it
broken     whether the bot would notice if its page broke
cases      a page and its records as a test case
"""

from bot.looking.page import read_page

__all__ = ["read_page"]
