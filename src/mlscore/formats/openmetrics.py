"""OpenMetrics: a text file for Prometheus's textfile collector, for a trend of the score.

Every value is a gauge. A test's status is a label of its points, so that one query shows who stands where.
"""

from collections.abc import Sequence
from fractions import Fraction

from mlscore.diagnostics import shown_path
from mlscore.formats import Style
from mlscore.report import Report
from mlscore.text import number, one_line

Sample = tuple[dict[str, str], Fraction | int]

HELP = {
    "mlscore_rubric": "1, with the version and the digest of the rubric.",
    "mlscore_score": "Final score.",
    "mlscore_max_score": "Highest score of the scale.",
    "mlscore_attainable_score": "Highest score that answers with a reason leave.",
    "mlscore_category_points": "Points of a category.",
    "mlscore_test_points": "Points of a test, with its status.",
    "mlscore_tests": "Tests by status.",
    "mlscore_verified_score": "Final score that evidence backs; absent where no evidence is declared.",
    "mlscore_category_verified_points": "Points of a category that evidence backs.",
    "mlscore_test_verified_points": "Points of a test that evidence backs.",
    "mlscore_gate_passed": "1 when the gate is met, 0 when it is not; absent without a gate.",
}


def render(reports: Sequence[Report], style: Style) -> str:  # noqa: ARG001 - data has no style
    """Write each metric once, with the samples of all reports."""
    lines = []
    # A file named twice would give every series twice, which no reader takes.
    once = {(report.project.project, report.project.source.path, report.rubric.id): report for report in reports}
    samples = [(report, _samples(report)) for report in once.values()]
    for name, meaning in HELP.items():
        lines += [f"# HELP {name} {meaning}", f"# TYPE {name} gauge"]
        lines += [_line(name, report, *sample) for report, every in samples for sample in every[name]]
    return "\n".join([*lines, "# EOF"]) + "\n"


def _samples(report: Report) -> dict[str, list[Sample]]:
    """The samples of one report, by metric."""
    verified = report.verified
    tests = [(item, test) for item in report.categories for test in item.tests]
    return {
        "mlscore_rubric": [({"version": str(report.rubric.version), "digest": report.rubric.digest}, 1)],
        "mlscore_score": [({"tier": report.claimed.tier.id}, report.claimed.score)],
        "mlscore_max_score": [({}, report.max_score)],
        "mlscore_attainable_score": [({}, report.attainable)],
        "mlscore_category_points": [({"category": item.category.id}, item.points) for item in report.categories],
        "mlscore_test_points": [
            ({"category": item.category.id, "test": test.test.id, "status": test.status}, test.points)
            for item, test in tests
        ],
        "mlscore_tests": [({"status": status}, count) for status, count in report.counts.items()],
        "mlscore_verified_score": [({"tier": verified.tier.id}, verified.score)] if verified else [],
        "mlscore_category_verified_points": [
            ({"category": category}, earned)
            for category, earned in (verified.categories if verified else {}).items()
        ],
        "mlscore_test_verified_points": [
            ({"category": item.category.id, "test": test.test.id}, test.verified_points)
            for item, test in tests
            if test.verified_points is not None
        ],
        "mlscore_gate_passed": [({}, int(report.gate.passed))] if report.gate else [],
    }


def sample(name: str, labels: dict[str, str], value: Fraction | int) -> str:
    """Write one sample of a metric."""
    written = ",".join(f'{key}="{_label(text)}"' for key, text in labels.items())
    return f"{name}{{{written}}} {number(Fraction(value))}" if written else f"{name} {number(Fraction(value))}"


def _line(name: str, report: Report, labels: dict[str, str], value: Fraction | int) -> str:
    project = {"project": one_line(report.project.project), "path": shown_path(report.project.source.path)}
    return sample(name, {**project, "rubric": report.rubric.id, **labels}, value)


def _label(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
