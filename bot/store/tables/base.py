"""What all tables share: their names for constraints, and a column that belongs to a row elsewhere."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ForeignKey, MetaData

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# A writing after all that there will be: what does not say by which it is there counts as new to everybody.
NEWEST = str(2**31 - 1)


def key(target: str, **options: Any) -> Column[Any]:
    """A column that belongs to a row elsewhere, and goes when it goes."""
    name = target.split(".")[0].removesuffix("s") + "_id"
    return Column(name, ForeignKey(target, ondelete="CASCADE"), nullable=False, **options)
