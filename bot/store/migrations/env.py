"""What Alembic runs: the migrations, on the connection that `upgrade` hands over."""

from __future__ import annotations

from alembic import context

from bot.store.search_index import is_hidden
from bot.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    include_name=lambda name, kind, parents: not is_hidden(name),
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
