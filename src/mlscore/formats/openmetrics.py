"""OpenMetrics: a text file for Prometheus's textfile collector, for a trend of the score.

Every value is a gauge. A test's status is a label of its points, so that one query shows who stands where.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from mlscore.diagnostics import shown_path
from mlscore.formats import Style
from mlscore.report import Report
from mlscore.text import number, one_line

Sample = tuple[dict[str, str], Fraction | int]

HELP = {
    "mlscore_score": "Final score.",
    "mlscore_max_score": "Highest score of the scale.",
    "mlscore_attainable_score": "Highest score that answers with a reason leave.",
    "mlscore_category_points": "Points of a category.",
    "mlscore_test_points": "Points of a test, with its status.",
    "mlscore_tests": "Tests by status.",
    "mlscore_gate_passed": "1 when the gate is met, 0 when it is not; absent without a gate.",
}


def render(reports: Sequence[Report], style: Style) -> str:  # noqa: ARG001 - data has no style
    """Write each metric once, with the samples of all reports."""
    lines = []
    for name, meaning in HELP.items():
        lines += [f"# HELP {name} {meaning}", f"# TYPE {name} gauge"]
        for report in reports:
            lines += [_line(name, report, labels, value) for labels, value in _samples(name, report)]
    return "\n".join([*lines, "# EOF"]) + "\n"


def _samples(name: str, report: Report) -> Iterator[Sample]:
    if name == "mlscore_score":
        yield {"tier": report.claimed.tier.id}, report.claimed.score
    elif name == "mlscore_max_score":
        yield {}, report.max_score
    elif name == "mlscore_attainable_score":
        yield {}, report.attainable
    elif name == "mlscore_category_points":
        for item in report.categories:
            yield {"category": item.category.id}, item.points
    elif name == "mlscore_test_points":
        for item in report.categories:
            for test in item.tests:
                yield {"category": item.category.id, "test": test.test.id, "status": test.status}, test.points
    elif name == "mlscore_tests":
        for status, count in report.counts.items():
            yield {"status": status}, count
    elif report.gate is not None:
        yield {}, int(report.gate.passed)


def _line(name: str, report: Report, labels: dict[str, str], value: Fraction | int) -> str:
    project = {"project": one_line(report.project.project), "path": shown_path(report.project.source.path)}
    every = {**project, "rubric": report.rubric.id, **labels}
    written = ",".join(f'{key}="{_label(text)}"' for key, text in every.items())
    return f"{name}{{{written}}} {number(Fraction(value))}"


def _label(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
