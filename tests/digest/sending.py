"""An edition ready to be sent, in a few rows, and what became of it."""

from collections import Counter
from collections.abc import Sequence

from sqlmodel import col, select

from config import Settings
from db.models import Alert, Delivery, Edition, Subscriber
from db.session import Store
from digest import ledger
from digest.addresses import Address
from digest.render import ADDRESS, UNSUBSCRIBE_URL
from digest.suppressions import suppress
from tests.factories import MONDAY, make_cast, make_edition, make_frozen, make_subscriber

EVE, FAY, GIL = "eve@example.org", "fay@example.net", "gil@example.com"
TEXT = f"Kettle or Emberloaf?\n\nYou get this at {ADDRESS}.\nLeave: {UNSUBSCRIBE_URL}\n"
HTML = f'<p>Kettle or Emberloaf?</p>\n<p>{ADDRESS} <a href="{UNSUBSCRIBE_URL}">leave</a></p>\n'


def make_ready(store: Store, settings: Settings, readers: Sequence[str] = (EVE, FAY), number: int = 1) -> None:
    """An approved edition that is due, the cast, and more readers. Dan is frozen into no audience."""
    with store.write() as session:
        if number == 1:
            make_cast(session, settings)
        for address in readers:
            make_subscriber(session, address)
        edition = make_edition(session, number, state="approved")
        make_frozen(session, edition, text=TEXT, html=HTML)


def many(count: int) -> list[str]:
    return [f"reader{n}@example{n % 5}.org" for n in range(count)]


def edition_of(store: Store, number: int = 1) -> Edition:
    with store.read() as session:
        return session.exec(select(Edition).where(Edition.number == number)).one()


def rows(store: Store, number: int = 1) -> dict[str, Delivery]:
    """address → its row in the ledger."""
    query = select(Subscriber.address, Delivery).join(Delivery).join(Edition, col(Edition.id) == Delivery.edition_id)
    with store.read() as session:
        return dict(session.exec(query.where(Edition.number == number)).all())


def states(store: Store, number: int = 1) -> dict[str, str]:
    return {address: row.state for address, row in rows(store, number).items()}


def tally(store: Store, number: int = 1) -> Counter[str]:
    return Counter(states(store, number).values())


def alerts_of(store: Store) -> dict[str, str]:
    """key → what, of the open ones."""
    with store.read() as session:
        return {row.key: row.what for row in session.exec(select(Alert).where(col(Alert.cleared_at).is_(None)))}


def suppress_now(store: Store, settings: Settings, address: str) -> None:
    with store.write() as session:
        suppress(session, settings, Address(address, address), "a complaint", "test", MONDAY)


def unsubscribe_now(store: Store, address: str) -> None:
    with store.write() as session:
        session.exec(select(Subscriber).where(Subscriber.address == address)).one().state = "unsubscribed"


def open_rows(store: Store, number: int = 1) -> int:
    return sum(count for state, count in tally(store, number).items() if state in ledger.OPEN)
