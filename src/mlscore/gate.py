"""The gate: the least a project must reach. Pure: a report and a policy in, what falls short out."""

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple

from mlscore.report import CategoryScore, Report, TestScore, Verdict
from mlscore.text import listing, number, points

if TYPE_CHECKING:
    from mlscore.project import Gate


class Policy(NamedTuple):
    """What must be reached. Nothing set means that there is no gate."""

    fail_under: Fraction | None = None
    min_tier: str | None = None
    categories: Mapping[str, Fraction] = MappingProxyType({})
    require: tuple[str, ...] = ()
    basis: Literal["claimed", "verified"] | None = None

    @property
    def is_set(self) -> bool:
        """Whether there is anything to hold a report to."""
        return bool(self.fail_under is not None or self.min_tier or self.categories or self.require)

    def over(self, gate: "Gate | None") -> "Policy":
        """Lay this policy (the command line's) over a file's own gate.

        A value given here wins; categories are taken one by one, and required tests add up.
        """
        if gate is None:
            return self
        return Policy(
            fail_under=gate.fail_under if self.fail_under is None else self.fail_under,
            min_tier=self.min_tier or gate.min_tier,
            categories={**gate.categories, **self.categories},
            require=tuple(dict.fromkeys((*gate.require, *self.require))),
            basis=self.basis or gate.basis,
        )


def judge(report: Report, policy: Policy) -> Report:
    """Return the report with the gate's verdict, or as it is when the policy sets no gate."""
    return report._replace(gate=Verdict(check(report, policy))) if policy.is_set else report


def check(report: Report, policy: Policy) -> tuple[str, ...]:
    """Name every way in which the claimed score falls short; nothing when the gate is met."""
    return (*_score(report, policy.fail_under), *_tier(report, policy.min_tier), *_parts(report, policy))


def _score(report: Report, least: Fraction | None) -> tuple[str, ...]:
    if least is None or report.claimed.score >= least:
        return ()
    limits = listing([item.category.title for item in report.limiting], "and") if report.limiting else ""
    because = f" (limited by {limits})" if limits else ""
    beyond = f"; the scale ends at {number(report.max_score)}" if least > report.max_score else ""
    return (f"the score {number(report.claimed.score)} is below {number(least)}{because}{beyond}",)


def _tier(report: Report, least: str | None) -> tuple[str, ...]:
    tiers = {tier.id: place for place, tier in enumerate(report.rubric.tiers)}
    tier = report.claimed.tier
    if least is None or tiers[tier.id] >= tiers[least]:
        return ()
    wanted = report.rubric.tiers[tiers[least]]
    return (f"the tier {tier.id} ({tier.label}) is below {wanted.id} ({wanted.label})",)


def _parts(report: Report, policy: Policy) -> tuple[str, ...]:
    failures = []
    for item in report.categories:
        failures += _category(item, policy.categories.get(item.category.id))
        failures += [_test(test) for test in item.tests if test.test.id in policy.require and not test.points]
    return tuple(failures)


def _category(item: CategoryScore, least: Fraction | None) -> list[str]:
    if least is None or item.points >= least:
        return []
    beyond = f"; it has at most {number(item.max_points)}" if least > item.max_points else ""
    return [f"{item.category.title} has {points(item.points)}, below {number(least)}{beyond}"]


def _test(item: TestScore) -> str:
    return f"{item.test.id} ({item.test.name}) must earn points; it is {item.status}"
