"""What the pipeline needs of the outside world, in its own words. The edges supply it; tests supply fakes.

outside   the time, pages, and what they hold
archive   reviews, where they were seen, and how each source stands
ledger    who subscribes, what they were told, what is on its way
channels  email and Slack
"""

from bot.ports.archive import Archive
from bot.ports.channels import Channel, Progress
from bot.ports.ledger import Ledger
from bot.ports.outside import Clock, Fetcher, Opener

__all__ = ["Archive", "Channel", "Clock", "Fetcher", "Ledger", "Opener", "Progress"]
