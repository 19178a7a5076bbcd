"""Timing two things in turn, A B A B …, so that a slow moment of the machine hits both."""

import statistics
import time
from collections.abc import Callable


def in_turn(ours: Callable[[], object], rival: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Median seconds of each, after one round that is not counted."""
    taken: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds + 1):
        for index, work in enumerate((ours, rival)):
            began = time.perf_counter()
            work()
            if number:
                taken[index].append(time.perf_counter() - began)
    return statistics.median(taken[0]), statistics.median(taken[1])
