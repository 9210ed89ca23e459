"""The register of deliveries on their way: what threads report side by side is kept together, in few
transactions, and an outcome that cannot be kept now is kept as soon as it can.

That a message is being handed over is kept before anything else happens. How it ended is kept at once where
one thread alone delivers; else with the next entry, or in a moment. A process that dies in between leaves an
uncertain delivery.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta

from bot.errors import OvertakenError, StoreError
from bot.models import Outcome, Settled
from bot.ports import Clock, Ledger

LEASE = timedelta(
    seconds=15
)  # how long a claim holds unless it is renewed: so long others wait after a crash
RENEWED_EVERY = LEASE / 3
# In seconds:
LATELY = 1.0  # a thread that handed over since then is at it
GATHERING = 0.0015  # for which an entry waits for others
A_MOMENT = 0.01  # without an entry: where they come faster, one keeps several outcomes


@dataclass(slots=True, eq=False)
class _Asking:
    """A thread that waits to hand a delivery over."""

    delivery_id: int
    done: bool = False
    reason: str | None = None
    trouble: StoreError | None = field(default=None)


class Register:
    """One for a bot. Thread-safe. `stop_after`: bounces in a row after which an address is given nothing."""

    def __init__(self, ledger: Ledger, clock: Clock, stop_after: Callable[[], int]) -> None:
        self._ledger = ledger
        self._clock = clock
        self._stop_after = stop_after
        self._asking: list[_Asking] = []
        self._settled: list[Settled] = []
        self._waiting = threading.Condition()  # guards the two lists
        self._turn = threading.Lock()  # one thread writes for all that wait
        self._news = threading.Event()  # something ended, and is not kept yet
        self._handing: dict[int, float] = {}  # when each thread handed something over last
        self._last_entry = time.monotonic()

    def hand_over(self, delivery_id: int) -> None:
        """Returns once it is kept that the message may be taken from now on. Raises OvertakenError where it
        must not be, StoreError where that cannot be kept."""
        mine = _Asking(delivery_id)
        with self._waiting:
            self._asking.append(mine)
            self._waiting.notify_all()
            self._handing[threading.get_ident()] = time.monotonic()
        with self._turn:
            if not mine.done:
                self._gather()
                self._enter()
        if not mine.done:  # another thread wrote for us, and failed in a way that nobody foresaw
            raise StoreError(f"that delivery {delivery_id} is being handed over could not be kept")
        if mine.trouble:
            raise mine.trouble
        if mine.reason:
            raise OvertakenError(f"delivery {delivery_id} is not to be handed over: {mine.reason}")

    def settle(self, delivery_id: int, outcome: Outcome) -> None:
        """It ended so; kept now, or in a moment, at the latest by `keep`."""
        with self._waiting:
            self._settled.append(Settled(delivery_id=delivery_id, outcome=outcome))
            side_by_side = self._others_hand_over()
        if side_by_side:
            self._news.set()
            return
        with suppress(StoreError):  # it is kept later
            self.keep()

    def keep(self) -> None:
        """All that is known is kept. Raises StoreError; what is known is tried again then, next time."""
        with self._turn:
            if self._asking or self._settled:
                self._enter()

    def _gather(self) -> None:
        """Wait a little for all who are at it: one entry for four letters costs hardly more than one for a
        single letter."""
        lately = time.monotonic() - LATELY
        with self._waiting:
            at_it = sum(at > lately for at in self._handing.values())
            self._waiting.wait_for(lambda: len(self._asking) >= at_it, timeout=GATHERING)

    def _others_hand_over(self) -> bool:
        """Whether other threads are at it, so that an entry of theirs comes soon."""
        me, lately = threading.get_ident(), time.monotonic() - LATELY
        return any(thread != me and at > lately for thread, at in self._handing.items())

    def _enter(self) -> None:
        with self._waiting:
            asking, self._asking = self._asking, []
            settled, self._settled = self._settled, []
        numbers = [one.delivery_id for one in asking]
        with ExitStack() as undone:
            undone.callback(self._not_kept, settled)
            try:
                refused = self._ledger.enter(numbers, settled, self._clock.now(), self._stop_after())
            except StoreError as error:
                for one in asking:
                    one.trouble, one.done = error, True
                raise
            undone.pop_all()
        self._last_entry = time.monotonic()
        for one in asking:
            one.reason, one.done = refused.get(one.delivery_id), True

    def _not_kept(self, settled: list[Settled]) -> None:
        with self._waiting:
            self._settled = settled + self._settled

    @contextmanager
    def open(self) -> Iterator[None]:
        """While deliveries are on their way: what ended is kept in a moment, and what we have claimed stays
        ours however long a slow receiver takes. At the end all is kept, or StoreError is raised."""
        over = threading.Event()
        keeper = threading.Thread(target=self._attend, args=(over,), name="register", daemon=True)
        keeper.start()
        try:
            yield
        finally:
            over.set()
            self._news.set()
            keeper.join()
            self._handing.clear()
            self.keep()

    def _attend(self, over: threading.Event) -> None:
        renewed = time.monotonic()
        while not over.is_set():
            self._news.wait(RENEWED_EVERY.total_seconds())
            self._news.clear()
            while self._settled and not over.is_set():
                if (quiet := time.monotonic() - self._last_entry) >= A_MOMENT:
                    break
                over.wait(A_MOMENT - quiet)
            with suppress(StoreError):  # the next may succeed
                self.keep()
            if time.monotonic() - renewed >= RENEWED_EVERY.total_seconds():
                renewed = time.monotonic()
                with suppress(StoreError), self._turn:  # not across an entry: PostgreSQL would see a deadlock
                    self._ledger.renew(self._clock.now(), LEASE)
