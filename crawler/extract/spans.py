"""Ground on a page's text: many spans of it, merged so that one look tells whether a stretch lies inside."""

from bisect import bisect_right


def cover(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same ground as spans, in order and without overlap, so that it can be searched by halving."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def inside(start: int, end: int, ground: list[tuple[int, int]]) -> bool:
    """True where one span of the ground, as cover() gives it, holds the whole stretch."""
    at = bisect_right(ground, (start, 10**9)) - 1
    return at >= 0 and end <= ground[at][1]
