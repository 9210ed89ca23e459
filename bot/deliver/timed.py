"""Reading what a server answers, with an end to the wait for the whole of it.

Python waits for each piece of an answer anew, so a server that sends a byte a minute would hold it for ever.
"""

from __future__ import annotations

import io
import socket
import time
from typing import Any

LONGEST_ANSWER = 64 * 1024  # bytes; more than any server has to say at once
NEAR = 0.01  # seconds that a wait may be longer: each setting asks the system, several times a letter


class TimedAnswers(io.RawIOBase):
    """What arrives on a socket, until the time is up or there is too much of it."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._ends = self._left = 0.0

    def within(self, seconds: float) -> None:
        """The next answer begins: it has so long. With 0 nothing more is read."""
        self._ends = time.monotonic() + seconds
        self._left = LONGEST_ANSWER

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        wait = self._ends - time.monotonic()
        if wait <= 0 or self._left <= 0:
            raise TimeoutError("timed out" if wait <= 0 else "the answer has no end")
        wait_for(self._sock, wait)
        count = self._sock.recv_into(buffer)
        self._left -= count
        return count


def wait_for(sock: socket.socket, seconds: float) -> None:
    """Whatever is sent or read next has so long."""
    before = sock.gettimeout()
    if before is None or abs(before - seconds) > NEAR:
        sock.settimeout(seconds)
