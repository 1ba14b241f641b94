"""From score to action: which upgrades of answers raise the final score. Pure.

Raising an answer by one level costs its `effort`. A decision with a reason (not applicable) is left alone.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from mlscore.report import CategoryScore, Report, TestScore
from mlscore.rubric import UNANSWERED, Rubric
from mlscore.text import listing, number


class Step(NamedTuple):
    """One answer raised to a higher level."""

    test: str
    start: str
    to: str
    cost: Fraction
    gain: Fraction
    """Points for the test's category."""


class Plan(NamedTuple):
    """Steps to take together, and the final score before and after them."""

    steps: tuple[Step, ...]
    score_before: Fraction
    score_after: Fraction

    @property
    def cost(self) -> Fraction:
        """What the steps cost together."""
        return sum((step.cost for step in self.steps), Fraction(0))


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
    gains = {step.test: step.gain for step in steps}
    after = report.rubric.combine(
        item.points + sum((gains.get(test.test.id, Fraction(0)) for test in item.tests), Fraction(0))
        for item in report.categories
    )
    return Plan(tuple(steps), report.claimed.score, after)


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
