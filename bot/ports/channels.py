"""A way to hand a message over: email, Slack."""

from __future__ import annotations

from typing import Protocol

from bot.models import Delivery, Outcome, Posted


class Progress(Protocol):
    """What a channel tells while it delivers."""

    def handing_over(self) -> None:
        """Called, and kept, before the step after which the outcome can be unknown. Raises OvertakenError
        where nothing may be handed over any more, and StoreError where it cannot be kept: then too."""

    def posted(self, post: Posted) -> None:
        """Called after each part that was taken."""


class Channel(Protocol):
    """One medium: email, Slack."""

    def deliver(self, delivery: Delivery, progress: Progress) -> Outcome:
        """Hand the delivery over and say how it ended. Expected failures are outcomes, not errors."""

    def knock(self) -> str | None:
        """What keeps messages from going this way now, in a sentence; None where nothing does. Sends
        nothing."""
