"""What is wrong or doubtful about a well-formed rubric. Pure.

Problems make a rubric impossible to score with: it is refused. Doubts are what its author should look at.
"""

import math
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from mlscore.project import test_id
from mlscore.rubric import MAX_TESTS, UNANSWERED, Category, Rubric, Test, Tier
from mlscore.text import listing, number, said

MAX_SCALE = 10_000_000_000
"""Steps times tests times levels up to which it is worked out which scores can be reached: a tenth of a second."""

Problem = tuple[tuple[str | int, ...], str]
"""A path into a rubric, and what is wrong there."""


def problems(rubric: Rubric) -> Iterator[Problem]:
    """Find what makes a well-formed rubric impossible to score with, each with its path."""
    if sum(len(category.tests) for category in rubric.categories) > MAX_TESTS:
        yield (("categories",), f"more than the limit of {MAX_TESTS:,} tests")
        return
    yield from _id_problems(rubric)
    yield from _level_problems(rubric)
    yield from _tier_problems(rubric.tiers)
    for place, name in enumerate(rubric.require):
        try:
            test_id(rubric, name)
        except ValueError as error:
            yield (("require", place), said(error))


def doubts(rubric: Rubric) -> Iterator[Problem]:
    """Find what is likely a mistake, or missing, in a rubric that one can score with."""
    yield from _tier_doubts(rubric)
    for name, level in rubric.levels.items():
        if not level.meaning:
            yield (("levels", name), f"the level {name} has no meaning; say when a team may claim it")
    for place, category in enumerate(rubric.categories):
        for index, test in enumerate(category.tests):
            path = ("categories", place, "tests", index)
            yield from (((*path, *way), message) for way, message in _test_doubts(rubric, test))
    if rubric.comparison is not None and all(test.average is None for test in rubric.tests.values()):
        yield (("comparison",), "no test has an average to compare with")


def _test_doubts(rubric: Rubric, test: Test) -> Iterator[Problem]:
    said_for = rubric.guidance(test)
    silent = [name for name in rubric.ladder if rubric.levels[name].points and name not in said_for]
    if silent:
        yield ((), f"{test.id} does not say what counts as {listing(silent, 'and')}")
    if not test.purpose:
        yield ((), f"{test.id} has no purpose; say why it matters")
    named = [(name, name) for name in ("manual", "automated") if getattr(test, name)]
    for way, name in [*named, *((f"guidance/{name}", name) for name in test.guidance)]:
        if name not in rubric.levels:
            message = f"{test.id} says what counts as {name}, which is no level of this rubric"
            yield (tuple(way.split("/")), message)
    if test.average is not None and rubric.comparison is None:
        yield (("average",), f"{test.id} has an average; add `comparison` to say whose")


def _tier_doubts(rubric: Rubric) -> Iterator[Problem]:
    """Find tiers that no score can reach, and scores that lie above one tier's end and below the next."""
    reached = _Scores(rubric)
    for place, tier in enumerate(rubric.tiers):
        following = rubric.tiers[place + 1].bound if place + 1 < len(rubric.tiers) else None
        if not tier.meaning:
            yield (("tiers", place), f"the tier {tier.id} has no meaning; say what a score in it tells")
        if not reached.any_between(tier.bound, following):
            why = (
                f"the scale ends at {number(rubric.max_score)}"
                if not tier.holds(rubric.max_score)
                else "no sum of points falls into it"
            )
            yield (("tiers", place), f"the tier {tier.id} cannot be reached: {why}")
        elif tier.to is not None and reached.any_between((tier.to, True), following):
            until = f" and {'up to' if following[1] else 'below'} {number(following[0])}" if following else ""
            yield (
                ("tiers", place, "to"),
                f"scores above {number(tier.to)}{until} are in no tier; they count as {tier.id}",
            )


class _Scores:
    """The scores that answers can lead to, as the bits of a number: one for each step of the scale."""

    def __init__(self, rubric: Rubric) -> None:
        self.highest = rubric.max_score
        self.unit = math.lcm(*(level.points.denominator for level in rubric.levels.values()))
        self.bits: int | None = None  # beyond the limit: every score up to the highest, as far as we know
        sizes = [len(category.tests) for category in rubric.categories]
        counts = set(sizes) if rubric.aggregate == "min" else {sum(sizes)}
        # A test without an answer earns 0, whatever the levels.
        steps = {0, *(int(level.points * self.unit) for level in rubric.levels.values())}
        if max(steps) * max(counts) ** 2 * len(steps) <= MAX_SCALE:
            self.bits = _sums(steps, counts)
            if rubric.aggregate == "mean":
                self.unit *= len(sizes)
            self.bits &= (2 << int(self.highest * self.unit)) - 1

    def any_between(self, lower: tuple[Fraction, bool], upper: tuple[Fraction, bool] | None) -> bool:
        """Tell whether a score reaches the bound `lower` and not `upper`; each may be open."""
        if self.bits is None:
            return lower <= (self.highest, False) and (upper is None or lower < upper)
        end = self.bits.bit_length()
        first = min(end, self._first(lower))
        last = end if upper is None else max(first, min(end, self._first(upper)))
        return bool(self.bits >> first & ((1 << (last - first)) - 1))

    def _first(self, bound: tuple[Fraction, bool]) -> int:
        """The first step of the scale that reaches a bound."""
        value, is_open = bound
        place = value * self.unit
        return math.floor(place) + 1 if is_open else math.ceil(place)


def _sums(steps: set[int], counts: set[int]) -> int:
    """The sums that so many tests can have, each of which earns one of `steps`, as bits."""
    found, sums = 0, 1
    for tests in range(1, max(counts) + 1):
        previous, sums = sums, 0
        for step in steps:
            sums |= previous << step
        if tests in counts:
            found |= sums
    return found


def _id_problems(rubric: Rubric) -> Iterator[Problem]:
    seen_tests: set[str] = set()
    seen_categories: set[str] = set()
    seen_tiers: set[str] = set()
    for place, category in enumerate(rubric.categories):
        path = ("categories", place)
        yield from _clashes(path, category, seen_categories, "category")
        for index, test in enumerate(category.tests):
            yield from _clashes((*path, "tests", index), test, seen_tests, "test")
    for place, tier in enumerate(rubric.tiers):
        if tier.id in seen_tiers:
            yield (("tiers", place, "id"), f"the tier id {tier.id} is repeated; give each tier its own")
        seen_tiers.add(tier.id)


def _clashes(path: tuple[str | int, ...], item: Test | Category, seen: set[str], noun: str) -> Iterator[Problem]:
    for field, names in (("id", (item.id,)), ("aliases", item.aliases)):
        for name in names:
            if name in seen:
                yield ((*path, field), f"the {noun} id {name} is repeated; give each {noun} its own")
            seen.add(name)


def _level_problems(rubric: Rubric) -> Iterator[Problem]:
    if UNANSWERED in rubric.levels:
        yield (("levels", UNANSWERED), f"{UNANSWERED} is what a test without an answer is; rename the level")
    if not rubric.ladder:
        yield (("levels",), "every level needs a reason; at least one must be earned by work")
    elif not rubric.top:
        yield (("levels",), "no level earns points; at least one must")
    for lower, higher in pairwise(rubric.ladder):
        if rubric.levels[higher].points < rubric.levels[lower].points:
            instead = "name all levels in their order" if rubric.extends else "put levels in ascending order"
            yield (("levels", higher), f"{higher} earns less than {lower}, which stands before it; {instead}")
    for level in rubric.max_age:
        if level not in rubric.levels:
            yield (
                ("max_age", level),
                f"{level} is not a level of this rubric; it has {', '.join(rubric.levels)}",
            )


def _tier_problems(tiers: tuple[Tier, ...]) -> Iterator[Problem]:
    for place, tier in enumerate(tiers):
        if (tier.from_ is None) == (tier.above is None):
            yield (("tiers", place), f"the tier {tier.id} needs either `from` or `above`")
            return
    if not tiers[0].holds(Fraction(0)):
        yield (("tiers", 0), f"no tier holds the lowest score; let the tier {tiers[0].id} begin `from: 0`")
    for place, (tier, following) in enumerate(pairwise(tiers), start=1):
        if following.bound <= tier.bound:
            yield (
                ("tiers", place),
                f"the tiers {tier.id} and {following.id} overlap; put tiers in ascending order",
            )
        elif tier.to is not None and following.holds(tier.to):
            yield (("tiers", place - 1, "to"), f"the tiers {tier.id} and {following.id} overlap; lower `to`")
    for place, tier in enumerate(tiers):
        if tier.to is not None and not tier.holds(tier.to):
            yield (("tiers", place, "to"), f"the tier {tier.id} ends before it begins; raise `to`")
