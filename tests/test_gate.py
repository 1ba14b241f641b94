"""The gate: what falls short, and which of two policies counts."""

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest

from mlscore import assess, load_rubric
from mlscore.evidence.reading import Moment, Reading
from mlscore.gate import Policy, check, judge
from mlscore.project import Answer, Evidence, Gate, Project
from mlscore.report import Report


@pytest.fixture(scope="module")
def report() -> Report:
    """Data 2, Model 1, Infrastructure 1, Monitoring 4 on the 2016 scale."""
    answers = {
        "data-1": "automated",
        "model-1": "manual",
        "infra-7": "manual",
        "monitor-1": "automated",
        "monitor-2": "automated",
        "data-5": "none",
    }
    project = Project(project="p", answers={test: Answer(status=status) for test, status in answers.items()})
    return assess(load_rubric(), project)


@pytest.mark.parametrize(
    ("policy", "failures"),
    [
        (Policy(fail_under=Fraction(1)), ()),
        (Policy(fail_under=Fraction(0)), ()),
        (
            Policy(fail_under=Fraction(11, 10)),
            ("the score 1 is below 1.1 (limited by Model and Infrastructure)",),
        ),
        (
            Policy(fail_under=Fraction(15)),
            ("the score 1 is below 15 (limited by Model and Infrastructure); the scale ends at 14",),
        ),
        (Policy(min_tier="gaps"), ()),
        (Policy(min_tier="research"), ()),
        (
            Policy(min_tier="basic"),
            ("the tier gaps (Serious reliability gaps) is below basic (First pass at production)",),
        ),
        (Policy(categories={"monitor": Fraction(4), "data": Fraction(2)}), ()),
        (
            Policy(categories={"model": Fraction(2), "data": Fraction(3), "infra": Fraction(20)}),
            (
                "Data has 2 points, below 3",
                "Model has 1 point, below 2",
                "Infrastructure has 1 point, below 20; it has at most 14",
            ),
        ),
        (Policy(require=("data-1", "model-1")), ()),
        (
            Policy(require=("data-5", "model-2", "data-1")),
            (
                "data-5 (Privacy controls across the pipeline) must earn points; it is none",
                "model-2 (Offline and online metrics correlate) must earn points; it is unanswered",
            ),
        ),
        (
            Policy(fail_under=Fraction(2), min_tier="basic"),
            (
                "the score 1 is below 2 (limited by Model and Infrastructure)",
                "the tier gaps (Serious reliability gaps) is below basic (First pass at production)",
            ),
        ),
    ],
)
def test_failures(report: Report, policy: Policy, failures: tuple[str, ...]) -> None:
    assert check(report, policy) == failures


def test_a_failed_gate_is_no_pass(report: Report) -> None:
    verdict = judge(report, Policy(fail_under=Fraction(2))).gate

    assert verdict is not None
    assert not verdict.passed


def test_a_met_gate_passes(report: Report) -> None:
    verdict = judge(report, Policy(fail_under=Fraction(1))).gate

    assert verdict is not None
    assert verdict.passed


def test_no_gate_gives_no_verdict(report: Report) -> None:
    assert judge(report, Policy(basis="claimed")).gate is None
    assert judge(report, Policy().over(Gate())).gate is None


@pytest.mark.parametrize(
    "policy",
    [
        *(Policy(fail_under=Fraction(0)), Policy(min_tier="gaps")),
        *(Policy(categories={"data": Fraction(0)}), Policy(require=("data-1",))),
    ],
)
def test_any_part_sets_a_gate(report: Report, policy: Policy) -> None:
    """A gate of 0 is a gate: it is said that it passed."""
    assert judge(report, policy).gate is not None


def test_the_command_line_wins_over_the_file() -> None:
    file = Gate.model_validate(
        {
            "fail_under": 3,
            "min_tier": "basic",
            "categories": {"data": 1, "model": 2},
            "require": ["data-5"],
            "basis": "verified",
        }
    )
    line = Policy(
        fail_under=Fraction(0),
        min_tier="gaps",
        categories={"model": Fraction(0), "infra": Fraction(4)},
        require=("data-1", "data-5"),
        basis="claimed",
    )

    assert line.over(file) == Policy(
        fail_under=Fraction(0),
        min_tier="gaps",
        categories={"data": Fraction(1), "model": Fraction(0), "infra": Fraction(4)},
        require=("data-5", "data-1"),
        basis="claimed",
    )
    assert Policy().over(file) == Policy(
        fail_under=Fraction(3),
        min_tier="basic",
        categories={"data": Fraction(1), "model": Fraction(2)},
        require=("data-5",),
        basis="verified",
    )
    assert line.over(None) == line


JUNIT = Evidence(junit="junit.xml")
FRESH = Reading(
    "verified", "3 cases passed", 3, Moment(datetime(2026, 11, 20, tzinfo=UTC), datetime(2026, 11, 20, tzinfo=UTC))
)


def verified_report(reading: Reading | None) -> Report:
    """Every category claims 2 points; evidence, if any, is that of data-1 alone."""
    answers = {
        f"{category}-1": Answer(status="automated", evidence=[JUNIT] if reading and category == "data" else None)
        for category in ("data", "model", "infra", "monitor")
    }
    project = Project(project="p", answers=answers)
    return assess(load_rubric(), project, date(2026, 11, 21), {"data-1": [reading]} if reading else {})


@pytest.mark.parametrize(
    ("policy", "failures"),
    [
        (
            Policy(fail_under=Fraction(1), basis="verified"),
            ("the verified score 0 is below 1 (limited by Model, Infrastructure and Monitoring)",),
        ),
        (Policy(fail_under=Fraction(2), basis="claimed"), ()),
        (Policy(categories={"data": Fraction(2)}, require=("data-1",), basis="verified"), ()),
        (Policy(categories={"model": Fraction(1)}, basis="verified"), ("Model has verified 0 points, below 1",)),
        (
            Policy(require=("model-1",), basis="verified"),
            (
                (
                    "model-1 (Model specs are reviewed and submitted) must earn points; it is automated, "
                    "not backed: no evidence"
                ),
            ),
        ),
        (
            Policy(min_tier="gaps", basis="verified"),
            ("the verified tier research (Research project) is below gaps (Serious reliability gaps)",),
        ),
    ],
)
def test_the_verified_basis_counts_only_what_evidence_backs(policy: Policy, failures: tuple[str, ...]) -> None:
    assert check(verified_report(FRESH), policy) == failures


def test_a_project_without_evidence_has_nothing_verified() -> None:
    failures = check(verified_report(None), Policy(fail_under=Fraction(1), basis="verified"))

    assert failures == ("the verified score 0 is below 1 (limited by Data, Model, Infrastructure and Monitoring)",)
