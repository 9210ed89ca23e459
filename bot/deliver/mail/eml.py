"""Mail where no mail server is set: each letter is written as a file that any mail program opens."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from bot.deliver.mail.letter import Letters
from bot.errors import DeliveryError
from bot.models import Delivery, Outcome
from bot.ports import Progress


class EmlChannel:
    """Writes `delivery-000012.eml` into a folder, whole or not at all; a delivery overwrites its own file."""

    def __init__(self, directory: Path, letters: Letters) -> None:
        self._directory = directory
        self._letters = letters

    def deliver(self, delivery: Delivery, progress: Progress) -> Outcome:
        """Sent once the file is there; the detail says where. A disk that does not take it is deferred."""
        try:
            letter = self._letters.letter(delivery)
        except DeliveryError as error:
            return Outcome(state="refused", detail=str(error))
        path = self._directory / f"delivery-{delivery.id:06}.eml"
        part = path.with_suffix(".part")
        try:
            self._directory.mkdir(parents=True, exist_ok=True)
            part.write_bytes(letter.raw)
            progress.handing_over()
            os.replace(part, path)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            return Outcome(state="deferred", detail=f"{path} could not be written ({reason}).", holds=True)
        finally:
            with suppress(OSError):  # the folder itself may be what is wrong
                part.unlink(missing_ok=True)
        return Outcome(state="sent", detail=f"Written to {path}, since no mail server is set (SMTP_URL).")

    def knock(self) -> str | None:
        """Nobody has to be there."""
        return None

    def close(self) -> None:
        """Nothing is kept open."""
