"""How Alembic runs here: on the connection, and in the transaction, that :func:`models.engine.migrate` gives it."""

from alembic import context

from models import desk, messages, people, supervision
from models.tables import Row

_ALL = (desk, messages, people, supervision)  # what defines tables besides models.tables


def run() -> None:
    """Run the migrations that Alembic has chosen."""
    context.configure(connection=context.config.attributes["connection"], target_metadata=Row.metadata)
    with context.begin_transaction():
        context.run_migrations()


run()
