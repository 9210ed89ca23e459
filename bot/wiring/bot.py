"""The whole bot."""

from __future__ import annotations

from bot.wiring.delivering import Delivering
from bot.wiring.polling import Polling


class Bot(Polling, Delivering):
    """The whole bot over one folder of configuration, each room of it in its own file. Close it, or use it
    in a `with` block.

    `environ`: the environment variables; `clock`: for tests and the demo, which set their own time;
    `database_url`: another than DATABASE_URL, such as `sqlite://` for an archive in memory.
    """
