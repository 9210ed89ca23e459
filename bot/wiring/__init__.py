"""The one place where real parts are chosen and joined."""

from bot.wiring.bot import Bot
from bot.wiring.clock import SystemClock
from bot.wiring.naming import named
from bot.wiring.shipped import load_vocabulary

__all__ = ["Bot", "SystemClock", "load_vocabulary", "named"]
