"""Many rows at once are stored as single ones would be, on both databases."""

from datetime import UTC, datetime

from sqlmodel import select

from db.bulk import ROWS_AT_ONCE, insert_rows
from db.models import Launch, Source, Tool
from db.session import Store

MOMENT = datetime(2026, 11, 16, 8, 0, 0, 123456, tzinfo=UTC)


def tool_row(number: int) -> dict[str, object]:
    return {
        "slug": f"kettle-{number}",
        "name": f"Kettle {number}: 'tea', 100 % ü",
        "category_why": ["topic: tea"],
        "home_url": "https://kettle.example/",
        "first_seen_at": MOMENT,
        "launched_at": None,
    }


def test_rows_are_stored_as_the_models_would(either_store: Store) -> None:
    row = tool_row(1)
    with either_store.write() as session:
        insert_rows(session, Tool, [row])
        session.add(Tool(**row | {"slug": "single"}))

    with either_store.read() as session:
        many, single = session.exec(select(Tool).order_by(Tool.id)).all()
    assert many.model_dump(exclude={"id", "slug"}) == single.model_dump(exclude={"id", "slug"})


def test_more_rows_than_one_statement_takes_all_arrive(either_store: Store) -> None:
    count = 2 * ROWS_AT_ONCE + 1
    with either_store.write() as session:
        insert_rows(session, Tool, (tool_row(number) for number in range(count)))

    with either_store.read() as session:
        assert len(session.exec(select(Tool.id)).all()) == count


def test_no_rows_are_no_statement(either_store: Store) -> None:
    with either_store.write() as session:
        insert_rows(session, Tool, [])

    with either_store.read() as session:
        assert session.exec(select(Tool)).first() is None


def test_values_that_are_documents_come_back_as_documents(either_store: Store) -> None:
    with either_store.write() as session:
        session.add(Source(key="hn", spider="hackernews", title="HN", url="https://hn.example/"))
        session.flush()
        insert_rows(
            session,
            Launch,
            [
                {
                    "source_key": "hn",
                    "external_id": "1",
                    "url": "https://kettle.example/",
                    "seen_on": "https://hn.example/1",
                    "title": "Kettle",
                    "name": "Kettle",
                    "first_seen_at": MOMENT,
                    "last_seen_at": MOMENT,
                    "traction": {"points": 3},
                    "kind": "launch",
                }
            ],
        )

    with either_store.read() as session:
        launch = session.exec(select(Launch)).one()
    assert (launch.traction, launch.topics, launch.first_seen_at) == ({"points": 3}, [], MOMENT)
