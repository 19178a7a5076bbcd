"""One process of three: reads a number and writes it back one higher, many times over.

Run as `python -m tests.db.counting URL TIMES`.
"""

import sys

from sqlmodel import select

from db.models import Subscriber
from db.session import Store, make_engine


def count_up(url: str, times: int) -> None:
    store = Store(make_engine(url))
    for _ in range(times):
        with store.write() as session:
            row = session.exec(select(Subscriber).with_for_update()).one()
            row.name = str(int(row.name) + 1)
            session.add(row)
    store.close()


if __name__ == "__main__":
    count_up(sys.argv[1], int(sys.argv[2]))
