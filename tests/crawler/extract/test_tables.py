"""Tables whose columns a line of text cannot tell."""

from crawler.extract.page import read_page
from crawler.extract.pricing import find_pricing
from crawler.extract.tables import grid_of, header_row, tables_written


def entry(table: str) -> tuple[str, str | None]:
    page = read_page(f"<title>Pricing - Acme</title>{table}".encode(), "https://acme.example/pricing")
    found = next(one for one in find_pricing(page) if one.key == "entry_price")
    return found.value, found.normal["plan"]


def test_spanning_cells_take_their_places() -> None:
    grid, cells = grid_of(
        "<table><tr><th rowspan=2>a<th colspan=2>b</tr><tr><th>c<th>d</tr><tr><td>e<td>f<td>g</tr></table>"
    )

    assert (grid, cells) == ([[0, 1, 1], [0, 2, 3], [4, 5, 6]], 7)


def test_header_is_the_row_that_tells_columns_apart() -> None:
    assert header_row([[0, 0, 0], [1, 2, 3]]) == [1, 2, 3]


def test_nonsense_spans_count_as_one() -> None:
    assert grid_of('<table><tr><td colspan="x">a<td colspan="-3">b<td rowspan="99999">c</table>') == ([[0, 1, 2]], 3)


def test_innermost_tables_are_cut_out() -> None:
    assert tables_written("<table><tr><td><table><td>x</table></table><p>y</p>") == ("<table><td>x</table>",)


def test_price_under_a_spanning_header_has_its_plan() -> None:
    value, plan = entry(
        "<table><tr><th rowspan=2></th><th>Starter</th><th>Pro</th></tr><tr><th>solo</th><th>team</th></tr>"
        "<tr><td>Price</td><td>$19/mo</td><td>$49/mo</td></tr></table>"
    )

    assert (value, plan) == ("$19/month", "Starter")


def test_price_in_blocks_of_a_cell_has_its_plan() -> None:
    value, plan = entry(
        "<table><tr><th></th><th>Hobby</th><th>Pro</th></tr><tr><td>Price</td>"
        "<td><p>$9</p><p>per month</p></td><td><p>$25</p><p>per month</p></td></tr></table>"
    )

    assert (value, plan) == ("$9/month", "Hobby")


def test_rivals_column_of_blocks_is_not_the_tools() -> None:
    value, _ = entry(
        "<table><tr><th></th><th>Wren</th><th>Acme</th></tr>"
        "<tr><td>Price</td><td><p>$5/mo</p></td><td><p>$9/mo</p></td></tr></table>"
    )

    assert value == "$9/month"
