"""How often the archive was written: the number by which what is new since a reader's last digests is found.

No clock says it, since clocks are set back, and a poll that is kept late would be passed over for ever. Each
transaction that changes what anybody may be owed takes the next number before it writes anything else, and
the next such transaction waits until it has ended: who sees a number sees all that was written up to it. A
digest keeps the number that was there before it looked (`digest_runs.saw`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from sqlalchemy import Connection, ScalarSelect, func, select

from bot.store.engine import insert_into
from bot.store.tables import subscribers, writings

NOTHING = -1  # before all numbers

One = TypeVar("One")


def next_writing(connection: Connection) -> int:
    """The number of this transaction. To be taken first: who had locked a review before would wait for one
    who waits for that review."""
    values = {"id": 1, "number": 1}
    statement = insert_into(connection, writings).values(values)
    counted = statement.on_conflict_do_update(
        index_elements=["id"], set_={"number": writings.c.number + 1}
    ).returning(writings.c.number)
    number: int = connection.execute(counted).scalar_one()
    return number


def last_writing() -> ScalarSelect[int]:
    """The last one that has ended; 0 where nothing was written yet."""
    return select(func.coalesce(func.max(writings.c.number), 0)).scalar_subquery()


def asked_after(connection: Connection, subscriber_ids: list[int]) -> int:
    """The last writing, as these readers ask for something else: no digest that saw no more than it looked
    for that. Until the transaction ends nobody else begins a digest of theirs (see `claim_runs`)."""
    row = subscribers.c
    held = select(row.id).where(row.id.in_(subscriber_ids)).order_by(row.id)
    connection.execute(held.with_for_update(key_share=True))
    return connection.scalar(select(last_writing())) or 0


def by_age(settled: Iterable[tuple[One, int]]) -> dict[int, list[One]]:
    """These by the least number of some of them: to be looked at together, from that number on. Those for
    whom it is long ago are apart, so that one who was away for a year makes none of the others slow."""
    found = list(settled)
    newest = max((number for _, number in found), default=NOTHING)
    groups: dict[int, list[tuple[int, One]]] = {}
    for one, number in found:
        age = NOTHING if number == NOTHING else (newest - number).bit_length()  # each twice as old
        groups.setdefault(age, []).append((number, one))
    return {min(number for number, _ in some): [one for _, one in some] for some in groups.values()}
