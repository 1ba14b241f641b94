"""The gate: the least a project must reach. Pure: a report and a policy in, what falls short out."""

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple

from mlscore.report import CategoryScore, Report, Score, TestScore, Verdict
from mlscore.rubric import Rubric
from mlscore.scoring import score
from mlscore.text import listing, number, one_line, points
from mlscore.verification import shortfall

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

    def requiring(self, tests: tuple[str, ...]) -> "Policy":
        """Add tests that must earn points, such as those the rubric requires of every project."""
        return self._replace(require=tuple(dict.fromkeys((*self.require, *tests))))

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
            require=gate.require,
            basis=self.basis or gate.basis,
        ).requiring(self.require)


def judge(report: Report, policy: Policy) -> Report:
    """Return the report with the gate's verdict, or as it is when the policy sets no gate."""
    return (
        report._replace(gate=Verdict(check(report, policy), policy.basis or "claimed"))
        if policy.is_set
        else report
    )


def check(report: Report, policy: Policy) -> tuple[str, ...]:
    """Name every way in which the score falls short; nothing when the gate is met.

    On the verified basis only what evidence backs counts; a project that declares none has nothing backed.
    """
    verified = policy.basis == "verified"
    held = (report.verified or _nothing(report)) if verified else report.claimed
    return (
        *check_score(report.rubric, held, policy),
        *_parts(report, policy, verified=verified),
    )


def check_score(rubric: Rubric, held: Score, policy: Policy) -> tuple[str, ...]:
    """Name every way in which a final score falls short by itself; `held` is the score of the policy's basis."""
    kind = "verified " if policy.basis == "verified" else ""
    return (
        *_score(rubric, held, policy.fail_under, f"{kind}score"),
        *_tier(rubric, held, policy.min_tier, f"{kind}tier"),
    )


def _nothing(report: Report) -> Score:
    """The verified score of a project without evidence."""
    return score(report.rubric, {category.id: Fraction(0) for category in report.rubric.categories})


def _score(rubric: Rubric, held: Score, least: Fraction | None, name: str) -> tuple[str, ...]:
    if least is None or held.score >= least:
        return ()
    titles = [one_line(category.title) for category in rubric.categories if category.id in held.limiting]
    because = f" (limited by {listing(titles, 'and')})" if titles else ""
    beyond = f"; the scale ends at {number(rubric.max_score)}" if least > rubric.max_score else ""
    return (f"the {name} {number(held.score)} is below {number(least)}{because}{beyond}",)


def _tier(rubric: Rubric, held: Score, least: str | None, name: str) -> tuple[str, ...]:
    tiers = {tier.id: place for place, tier in enumerate(rubric.tiers)}
    tier = held.tier
    if least is None or tiers[tier.id] >= tiers[least]:
        return ()
    wanted = rubric.tiers[tiers[least]]
    have, want = (f"{item.id} ({one_line(item.label)})" for item in (tier, wanted))
    return (f"the {name} {have} is below {want}",)


def _parts(report: Report, policy: Policy, *, verified: bool) -> tuple[str, ...]:
    failures: list[str] = []
    for item in report.categories:
        held = (item.verified_points or Fraction(0)) if verified else item.points
        failures += _category(item, held, policy.categories.get(item.category.id), verified=verified)
        required = [test for test in item.tests if test.test.id in policy.require]
        failures += [
            _test(test, report.rubric, verified=verified)
            for test in required
            if not _earned(test, verified=verified)
        ]
    return tuple(failures)


def _category(item: CategoryScore, held: Fraction, least: Fraction | None, *, verified: bool) -> list[str]:
    if least is None or held >= least:
        return []
    beyond = f"; it has at most {number(item.max_points)}" if least > item.max_points else ""
    kind = "verified " if verified else ""
    return [f"{one_line(item.category.title)} has {kind}{points(held)}, below {number(least)}{beyond}"]


def _earned(item: TestScore, *, verified: bool) -> Fraction | None:
    return item.verified_points if verified else item.points


def _test(item: TestScore, rubric: Rubric, *, verified: bool) -> str:
    state = f"{item.status}, {shortfall(item)}" if verified and item.points else item.status
    why = f" (as {rubric.id} requires)" if item.test.id in rubric.required else ""
    return f"{item.test.id} ({one_line(item.test.name)}) must earn points{why}; it is {state}"
