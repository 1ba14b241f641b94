"""From score to action: which upgrades of answers raise the final score. Pure.

Raising an answer by one level costs its `effort`. A decision with a reason (not applicable) is left alone.
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING, NamedTuple

from mlscore.fields import unit_of
from mlscore.report import CategoryScore, Report, TestScore
from mlscore.rubric import UNANSWERED, Rubric, Tier
from mlscore.text import listing, number

if TYPE_CHECKING:
    from mlscore.knapsack import Choice, Knapsack


class Step(NamedTuple):
    """One answer raised to a higher level."""

    test: str
    start: str
    to: str
    cost: Fraction
    gain: Fraction
    """Points for the test's category."""


class Plan(NamedTuple):
    """Steps to take together, in rubric order, and the final score before and after them."""

    steps: tuple[Step, ...]
    score_before: Fraction
    score_after: Fraction
    target: Fraction | None = None
    """The score asked for; None where no particular one was."""
    at_least: Fraction | None = None
    """No plan for the same score costs less; None where this one is proved to be the cheapest."""

    @property
    def cost(self) -> Fraction:
        """What the steps cost together."""
        return sum((step.cost for step in self.steps), Fraction(0))

    @property
    def is_reached(self) -> bool:
        """Whether the steps lead to the target."""
        return self.target is None or self.score_after >= self.target


class Idle(NamedTuple):
    """A tempting step that leaves the final score as it is."""

    step: Step
    until: tuple[CategoryScore, ...]
    """The categories that have to exceed `threshold` before the step counts."""
    threshold: Fraction


Bound = tuple[Fraction, bool]
"""A score, and whether it must be exceeded rather than reached, as a tier's lower bound."""


def plan(report: Report, bound: Bound, budget: Fraction | None = None) -> Plan:
    """Find the cheapest upgrades with which the final score reaches `bound`.

    Where that is impossible, or costs more than `budget`, the plan leads to the highest score that can be had.
    Of equally cheap plans it is the one that does more with tests earlier in the rubric.
    """
    scale = _Scale(report)
    wanted = scale.first(bound)
    target = wanted * scale.grain if bound[1] else bound[0]
    place = min(wanted, scale.last)
    if budget is None:
        return scale.plan(place)._replace(target=target)
    found = scale.plan(affordable := scale.within(budget, place))
    if affordable < place and not scale.is_exact:  # what lies above may be cheaper than it seems
        found = found._replace(at_least=found.at_least or found.cost)
    return found._replace(target=target)


def next_tier(report: Report) -> Tier | None:
    """Return the tier above that of the claimed score; None where there is none."""
    tiers = report.rubric.tiers
    place = tiers.index(report.claimed.tier) + 1
    return tiers[place] if place < len(tiers) else None


def idle_steps(report: Report, plan: Plan) -> tuple[Idle, ...]:
    """For each category that neither limits nor is part of a plan: its cheapest step, which gains nothing."""
    if not plan.steps:
        return ()
    taken = {step.test for step in plan.steps}
    found = []
    for item in report.categories:
        step = min(_steps(report.rubric, (item,)), key=lambda step: step.cost, default=None)
        lower = tuple(other for other in report.categories if other is not item and other.points <= item.points)
        if step and lower and report.limiting and taken.isdisjoint(test.test.id for test in item.tests):
            found.append(Idle(step, lower, item.points))
    return tuple(found)


def sums(report: Report, steps: Iterable[Step]) -> dict[str, Fraction]:
    """Return the points of each category after steps, by its id."""
    gains = {step.test: step.gain for step in steps}
    return {
        item.category.id: item.points
        + sum((gains.get(test.test.id, Fraction(0)) for test in item.tests), Fraction(0))
        for item in report.categories
    }


def next_steps(report: Report) -> Plan | None:
    """Find the cheapest steps that raise the final score at all; None when nothing can.

    For a minimum that is the cheapest step in every category that holds the score down; otherwise the
    cheapest step anywhere. Of equal costs the first in rubric order wins.
    """
    groups = [report.limiting[i : i + 1] for i in range(len(report.limiting))] or [report.categories]
    steps = []
    for group in groups:
        step = min(_steps(report.rubric, group), key=lambda step: step.cost, default=None)
        if step is None:
            return None
        steps.append(step)
    return Plan(tuple(steps), report.claimed.score, _score_with(report, steps))


def describe(report: Report) -> str:
    """Say the next steps in one line."""
    plan = next_steps(report)
    if plan is None:
        if report.claimed.score == report.max_score:
            return "nothing: every test earns all its points"
        held = [item for item in report.limiting if item.points == item.attainable] or report.categories
        names = listing([item.category.title for item in held], "and")
        return f"nothing raises the score: {names} cannot earn more with the answers that are decisions"
    by_level: dict[str, list[str]] = {}
    for step in plan.steps:
        by_level.setdefault(step.to, []).append(step.test)
    work = listing([f"{listing(tests, 'and')} to {level}" for level, tests in by_level.items()], "and")
    return f"{work} ({number(plan.score_before)} → {number(plan.score_after)})"


class _Pool(NamedTuple):
    """Tests whose points are summed together."""

    start: int
    """The points they have, in units."""
    upgrades: tuple[tuple[Step, ...], ...]
    """What can be done with each."""
    sack: "Knapsack"


class _Scale:
    """The final scores in equal steps: what upgrades it takes to reach one in every pool, and what they cost.

    For a minimum each category is a pool; where categories are summed or averaged, all tests are one.
    """

    def __init__(self, report: Report) -> None:
        from mlscore.knapsack import Knapsack, Option  # every report names the next step, only plans need this

        self.report = report
        rubric = report.rubric
        unit = rubric.unit
        self.grain = unit / (len(report.categories) if rubric.aggregate == "mean" else 1)
        groups = [(item,) for item in report.categories] if rubric.aggregate == "min" else [report.categories]
        upgrades = [
            tuple(tuple(_upgrades(rubric, test)) for item in group for test in item.tests) for group in groups
        ]
        self.coin = unit_of(step.cost for tests in upgrades for steps in tests for step in steps)
        self.pools = [
            _Pool(
                int(sum((item.points for item in group), Fraction(0)) / unit),
                tests,
                Knapsack(
                    [[Option(int(s.gain / unit), int(s.cost / self.coin)) for s in steps] for steps in tests]
                ),
            )
            for group, tests in zip(groups, upgrades, strict=True)
        ]

    def first(self, bound: Bound) -> int:
        """The lowest step at or above a bound."""
        score, is_open = bound
        return floor(score / self.grain) + 1 if is_open else ceil(score / self.grain)

    @property
    def is_exact(self) -> bool:
        """Whether every combination is weighed."""
        return all(pool.sack.is_exact for pool in self.pools)

    @property
    def last(self) -> int:
        """The highest step that can be reached."""
        return min(pool.start + pool.sack.most for pool in self.pools)

    def within(self, budget: Fraction, last: int) -> int:
        """The highest step up to `last` that a budget pays for."""
        low, high = min(pool.start for pool in self.pools), last
        while low < high:
            middle = (low + high + 1) // 2
            if sum(choice.cost for _, choice in self._choices(middle)) * self.coin <= budget:
                low = middle
            else:
                high = middle - 1
        return low

    def plan(self, place: int) -> Plan:
        """The plan for a step that can be reached."""
        chosen = list(self._choices(place))
        steps = tuple(
            upgrades[pick]
            for pool, choice in chosen
            for upgrades, pick in zip(pool.upgrades, choice.picks, strict=True)
            if pick is not None
        )
        found = Plan(steps, self.report.claimed.score, _score_with(self.report, steps))
        at_least = sum(choice.at_least for _, choice in chosen) * self.coin
        return found if at_least == found.cost else found._replace(at_least=at_least)

    def _choices(self, place: int) -> "Iterator[tuple[_Pool, Choice]]":
        for pool in self.pools:
            choice = pool.sack.cheapest(place - pool.start)
            if choice is not None:
                yield pool, choice


def _score_with(report: Report, steps: Iterable[Step]) -> Fraction:
    """The final score after steps."""
    return report.rubric.combine(sums(report, steps).values())


def _steps(rubric: Rubric, categories: tuple[CategoryScore, ...]) -> Iterator[Step]:
    """Every upgrade of every test that gains points, in rubric order."""
    for category in categories:
        for test in category.tests:
            yield from _upgrades(rubric, test)


def _upgrades(rubric: Rubric, test: TestScore) -> Iterator[Step]:
    if test.status != UNANSWERED and test.status not in rubric.ladder:
        return
    effort = test.answer.effort if test.answer else Fraction(1)
    # No answer stands where the lowest level stands, unless that already earns points.
    lowest = 0 if not rubric.levels[rubric.ladder[0]].points else -1
    place = lowest if test.status == UNANSWERED else rubric.ladder.index(test.status)
    for higher in range(place + 1, len(rubric.ladder)):
        gain = rubric.levels[rubric.ladder[higher]].points - test.points
        if gain > 0:
            cost = effort * (higher - place)
            yield Step(test.test.id, test.status, rubric.ladder[higher], cost, gain)
