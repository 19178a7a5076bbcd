"""Alembic's entry: one connection, made by the same engine function as the program's."""

from alembic import context
from sqlmodel import SQLModel

import db.models  # noqa: F401  # fills the metadata
from db.session import make_engine

config = context.config


def run() -> None:
    engine = make_engine(config.attributes["url"])
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=SQLModel.metadata,
            render_as_batch=engine.dialect.name == "sqlite",
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
