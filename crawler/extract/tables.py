"""Tables whose columns a line of text cannot tell: cells that span others or hold blocks of their own.

Only such a table is read again, alone and by a parser that forgives, into rows of cell numbers.
"""

from itertools import product

from bs4 import BeautifulSoup, Tag
from bs4.exceptions import ParserRejectedMarkup

MAX_TABLES = 12
MAX_TABLE_MARKUP = 120_000
MAX_ROWS = 300
MAX_COLUMNS = 60

Grid = list[list[int]]


def tables_written(written: str) -> tuple[str, ...]:
    """The innermost tables of regular markup, whole."""
    if "<table" not in written:
        return ()
    found = []
    for piece in written.split("<table")[1 : 5 * MAX_TABLES]:
        end = piece.find("</table>")
        if 0 <= end <= MAX_TABLE_MARKUP:
            found.append(f"<table{piece[: end + 8]}")
    return tuple(found[:MAX_TABLES])


def has_spans(table: str) -> bool:
    return ' colspan="' in table or ' rowspan="' in table


def grid_of(table: str) -> tuple[Grid, int]:
    """The rows of a table as cell numbers, a spanning cell's number repeated; and how many cells there are."""
    try:
        rows = BeautifulSoup(table, "lxml").find_all("tr", limit=MAX_ROWS)
    except (ParserRejectedMarkup, ValueError, AssertionError):  # a table that is refused has no columns
        return [], 0
    places: dict[tuple[int, int], int] = {}
    number = 0
    for row, tag in enumerate(rows):
        column = 0
        for cell in tag.find_all(["td", "th"], recursive=False):
            while (row, column) in places:
                column += 1
            _take(places, (row, column), cell, number)
            number += 1
    return [_row(places, row) for row in range(len(rows))], number


def header_row(grid: Grid) -> list[int]:
    """The first row that tells its columns apart."""
    return next((row for row in grid if len(set(row)) > 1), [])


def _take(places: dict[tuple[int, int], int], at: tuple[int, int], cell: Tag, number: int) -> None:
    for down, right in product(range(_span(cell, "rowspan", 40)), range(_span(cell, "colspan", 20))):
        if at[1] + right < MAX_COLUMNS:
            places.setdefault((at[0] + down, at[1] + right), number)


def _span(cell: Tag, name: str, most: int) -> int:
    told = str(cell.get(name) or "1").strip()
    return min(max(int(told), 1), most) if told.isdecimal() and len(told) < 5 else 1


def _row(places: dict[tuple[int, int], int], row: int) -> list[int]:
    numbers: list[int] = []
    while (row, len(numbers)) in places:
        numbers.append(places[row, len(numbers)])
    return numbers
