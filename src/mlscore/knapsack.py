"""The cheapest choice of at most one option for each item that gains enough, in whole numbers. Pure.

Exact by dynamic programming where the gains are coarse enough for it. Else a choice near the cheapest is given,
with a bound that none can be below.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from math import inf
from typing import NamedTuple

MAX_CELLS = 10_000_000
"""Items times steps of gain up to which every combination is weighed: about a second of work."""


class Option(NamedTuple):
    """One thing that can be done with an item. Doing nothing is always possible and never listed."""

    gain: int
    cost: int


class Choice(NamedTuple):
    """What to do with each item."""

    picks: tuple[int | None, ...]
    """For each item the place of its option; None for nothing."""
    cost: int
    at_least: int
    """No choice that gains as much costs less; equal to `cost` where the choice is exact."""


class Knapsack:
    """Items, each with its options in order of gain; gains and costs are above 0."""

    def __init__(self, items: Sequence[Sequence[Option]]) -> None:
        self.items = items
        self.most = sum(max((option.gain for option in options), default=0) for options in items)
        """What all items can gain together."""

    def cheapest(self, need: int) -> Choice | None:
        """Find the cheapest choice that gains at least `need`; None when nothing gains so much.

        Of equally cheap ones it is the one that does more with earlier items.
        """
        if need > self.most:
            return None
        if need <= 0:
            return Choice((None,) * len(self.items), 0, 0)
        return self._exact(need) if self.is_exact else self._near(need)

    @property
    def is_exact(self) -> bool:
        """Whether every combination is weighed."""
        return len(self.items) * (self.most + 1) <= MAX_CELLS

    @cached_property
    def _costs(self) -> list[list[float]]:
        """For the items from each place on: what gaining 0, 1, 2 ... costs at least."""
        tables: list[list[float]] = [[0]]
        for options in reversed(self.items):
            rest = tables[-1]
            best = rest + [inf] * max((option.gain for option in options), default=0)
            for option in options:
                with_it = [option.cost + rest[0]] * option.gain + [option.cost + cost for cost in rest]
                pairs = zip(best, with_it, strict=False)
                best[: len(with_it)] = [a if a <= b else b for a, b in pairs]  # noqa: FURB136 - a third of the time
            tables.append(best)
        return tables[::-1]

    def _exact(self, need: int) -> Choice:
        cost = int(self._costs[0][need])
        picks: list[int | None] = []
        for options, best, rest in zip(self.items, self._costs, self._costs[1:], strict=False):
            pick = next(
                (
                    place
                    for place, option in reversed(list(enumerate(options)))
                    if _at(rest, need - option.gain) + option.cost == best[need]
                ),
                None,
            )
            picks.append(pick)
            need -= 0 if pick is None else min(need, options[pick].gain)
        return Choice(tuple(picks), cost, cost)

    @cached_property
    def _slopes(self) -> list[tuple[int, int, int]]:
        """The steps of each item along its lower hull, as item, gain and cost; the cheapest gain first."""
        steps = [(place, *step) for place, options in enumerate(self.items) for step in _hull(options)]
        return sorted(steps, key=lambda step: (Fraction(step[2], step[1]), step[0]))

    def _near(self, need: int) -> Choice:
        """Take the cheapest gains until there is enough: at most one step dearer than the cheapest choice."""
        gains = [0] * len(self.items)
        left, spent, at_least = need, 0, 0
        for place, gain, cost in self._slopes:
            if left <= 0:
                break
            at_least = spent - (-cost * min(left, gain) // gain)  # as if a part of the last step could be taken
            gains[place] += gain
            left, spent = left - gain, spent + cost
        picks = tuple(
            next((place for place, option in enumerate(options) if option.gain == gain), None)
            for options, gain in zip(self.items, gains, strict=True)
        )
        return Choice(picks, spent, at_least)


def _at(costs: list[float], need: int) -> float:
    """What gaining `need` costs at least; nothing can gain more than a table has places for."""
    return costs[max(0, need)] if need < len(costs) else inf


def _hull(options: Sequence[Option]) -> Iterator[tuple[int, int]]:
    """The steps, as gain and cost, from nothing to the most that an item can gain, the cheapest gain first."""
    corners = [Option(0, 0)]
    for option in options:
        if option.gain == corners[-1].gain:
            continue
        while len(corners) > 1 and not _is_convex(corners[-2], corners[-1], option):
            corners.pop()
        corners.append(option)
    for before, after in pairwise(corners):
        yield after.gain - before.gain, after.cost - before.cost


def _is_convex(first: Option, second: Option, third: Option) -> bool:
    """Whether going to `third` by way of `second` is cheaper than the straight way."""
    half, whole = second.cost - first.cost, third.cost - first.cost
    return half * (third.gain - first.gain) < whole * (second.gain - first.gain)
