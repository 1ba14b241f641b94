"""The one result type: what a rubric makes of a project's answers. Every format is written from it.

Named tuples rather than dataclasses, here and elsewhere: defining one costs a seventh at start-up.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import NamedTuple

from mlscore.project import Answer, Evidence, Project
from mlscore.rubric import Category, Rubric, Test, Tier


class Outcome(NamedTuple):
    """What became of one entry of evidence."""

    evidence: Evidence
    outcome: str
    """verified, contradicted, stale, missing, inconclusive or asserted."""
    reason: str
    """One line for people."""
    checks: int = 0
    """How many checks passed."""
    when: datetime | None = None
    """When the run was, in UTC, at the earliest; None when nobody knows."""
    is_stated: bool = False
    """The time is not in the file: the project states it."""


class TestScore(NamedTuple):
    """One test: the status claimed and what it earns."""

    test: Test
    status: str
    """A level of the rubric, or `unanswered`."""
    points: Fraction
    max_points: Fraction
    attainable: Fraction
    """The most it can still earn: its own points where the status is a decision, else `max_points`."""
    answer: Answer | None = None
    verified_points: Fraction | None = None
    """Points its evidence backs; None when the project declares no evidence."""
    verified_status: str | None = None
    """The highest level its evidence backs, up to the claimed one; None when it backs none."""
    evidence: tuple[Outcome, ...] = ()

    @property
    def decision(self) -> str:
        """The decision in a line: the test, its status and the reason."""
        reason = (self.answer and self.answer.reason) or ""
        return f"{self.test.id} {self.status}: {reason}".removesuffix(": ")

    @property
    def is_backed(self) -> bool:
        """Whether the claim holds as it is; a claim that earns nothing needs no backing."""
        return self.verified_points is None or self.verified_points == self.points


class CategoryScore(NamedTuple):
    """One category: the sum of its tests."""

    category: Category
    points: Fraction
    max_points: Fraction
    attainable: Fraction
    tests: tuple[TestScore, ...]
    verified_points: Fraction | None = None


class Score(NamedTuple):
    """A final score, and why it is not higher."""

    score: Fraction
    tier: Tier
    note: str
    """Said beside a score that the published table gives no tier, else empty."""
    limiting: tuple[str, ...]
    """Ids of the categories whose sum is the minimum; empty where categories are summed or averaged."""
    categories: Mapping[str, Fraction]


class Verdict(NamedTuple):
    """What the gate says: every way in which the report falls short. None means that it passed."""

    failures: tuple[str, ...]
    basis: str = "claimed"
    """Which score was held to the gate: claimed or verified."""

    @property
    def passed(self) -> bool:
        """Whether nothing falls short."""
        return not self.failures


class Report(NamedTuple):
    """The assessment of one project on one day."""

    project: Project
    rubric: Rubric
    as_of: date
    claimed: Score
    verified: Score | None
    """The score that evidence backs; None when no answer declares any."""
    attainable: Fraction
    """The final score with every test at the most it can still earn."""
    counts: Mapping[str, int]
    """How many tests have each status, in the order of the rubric's levels, then `unanswered`."""
    categories: tuple[CategoryScore, ...]
    gate: Verdict | None = None
    """None when no gate was set."""

    @property
    def max_score(self) -> Fraction:
        """The highest score of the scale."""
        return self.rubric.max_score

    @property
    def held(self) -> Score:
        """The score that counts: the one the gate is held to, else the claimed one."""
        return self.verified if self.gate and self.gate.basis == "verified" and self.verified else self.claimed

    @property
    def tests(self) -> Iterator[TestScore]:
        """Every test, in rubric order."""
        return (test for item in self.categories for test in item.tests)

    @property
    def limiting(self) -> tuple[CategoryScore, ...]:
        """The categories that hold the claimed score down."""
        return tuple(item for item in self.categories if item.category.id in self.claimed.limiting)

    @property
    def unbacked(self) -> tuple[TestScore, ...]:
        """The tests whose evidence backs less than is claimed: they make the difference of the scores."""
        return tuple(test for test in self.tests if not test.is_backed)

    @property
    def waivers(self) -> tuple[TestScore, ...]:
        """The tests that earn points by a decision with a reason, not by work."""
        levels = self.rubric.levels
        decided = {name for name, level in levels.items() if level.reason_required and level.points}
        return tuple(test for test in self.tests if test.status in decided)

    def line(self, test: TestScore) -> int | None:
        """The line of the test's answer in the project file, if it has one."""
        return self.project.source.line(test.test.id)
