"""Alembic's entry: one connection, made by the same engine function as the program's."""

from alembic import context
from sqlalchemy import Connection, event
from sqlmodel import SQLModel

import db.models  # noqa: F401  # fills the metadata
from db.session import make_engine
from errors import StoreError

config = context.config


def run() -> None:
    engine = make_engine(config.attributes["url"])
    if engine.dialect.name == "sqlite":
        # A table whose constraint changes is written anew and the old one dropped: no row may follow it.
        event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA foreign_keys=OFF"))
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=SQLModel.metadata,
            render_as_batch=engine.dialect.name == "sqlite",
            compare_type=True,
            transactional_ddl=True,  # all steps or none: nobody may find a store between two revisions
        )
        with context.begin_transaction():
            context.run_migrations()
            refuse_dangling(connection)
    engine.dispose()


def refuse_dangling(connection: Connection) -> None:
    if connection.dialect.name == "sqlite" and (lost := connection.exec_driver_sql("PRAGMA foreign_key_check").first()):
        raise StoreError(f"The upgrade would leave rows of {lost[0]} without what they belong to; nothing was changed.")


run()
