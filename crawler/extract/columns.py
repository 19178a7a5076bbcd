"""Which row and which column of a table a place in the text belongs to.

A row that stands on one line tells its columns by counting; where cells span others or hold blocks of their own, the
table's markup is read again.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from itertools import islice

from crawler.extract.page import Page
from crawler.extract.tables import Grid, grid_of, has_spans, header_row

MAX_CELLS = 4000
MAX_NESTED = 20

Span = tuple[int, int]


class Columns:
    """The tables of a page, as far as its prices stand in them."""

    def __init__(self, page: Page, line: Callable[[int], Span]) -> None:
        self.text = page.text
        self.line = line
        self.cells = page.marked("cell")[:MAX_CELLS]
        self.tables = page.marked("table")
        self.written = page.tables if len(page.tables) == len(self.tables) else ()
        self._grids: dict[int, tuple[list[Span], Grid]] = {}

    def at(self, place: int) -> tuple[str, str]:
        """First cell of the row, and header of the column, that a place in a table belongs to; else empty words."""
        cell = self._cell_at(place)
        if cell is None:
            return "", ""
        table = next((n for n in reversed(range(len(self.tables))) if self._holds(n, place)), None)
        row, header = self._by_line(cell, table)
        if table is not None and self.written and (len(row) < 2 or has_spans(self.written[table])):
            row, header = self._by_grid(cell, table)
        if len(row) < 2:
            return "", ""
        return self.text[slice(*row[0])], self.text[slice(*header)] if header else ""

    def _by_line(self, cell: Span, table: int | None) -> tuple[list[Span], Span | None]:
        row = self._cells_of(self.line(cell[0]))
        top = self._cells_of(self.line(self.tables[table][0])) if table is not None else row
        if cell not in row:
            return [], None
        return row, top[row.index(cell)] if len(top) == len(row) else None

    def _by_grid(self, cell: Span, table: int) -> tuple[list[Span], Span | None]:
        cells, grid = self._grid(table)
        number = cells.index(cell) if cell in cells else -1
        row = next((row for row in grid if number in row), [])
        top = header_row(grid)
        column = row.index(number) if row else 0
        header = cells[top[column]] if row and row is not top and column < len(top) else None
        return [cells[one] for one in row], header

    def _grid(self, table: int) -> tuple[list[Span], Grid]:
        if table not in self._grids:
            cells = self._cells_of(self.tables[table])
            grid, number = grid_of(self.written[table])
            self._grids[table] = cells, grid if number == len(cells) else []
        return self._grids[table]

    def _holds(self, table: int, place: int) -> bool:
        return self.tables[table][0] <= place < self.tables[table][1]

    def _cell_at(self, place: int) -> Span | None:
        last = bisect_right(self.cells, (place, 10**9)) - 1
        near = islice(range(last, -1, -1), MAX_NESTED)
        return next((self.cells[n] for n in near if self.cells[n][0] <= place < self.cells[n][1]), None)

    def _cells_of(self, span: Span) -> list[Span]:
        first, beyond = bisect_left(self.cells, (span[0], 0)), bisect_right(self.cells, (span[1], 10**9))
        return [(a, b) for a, b in self.cells[first:beyond] if b <= span[1]]
