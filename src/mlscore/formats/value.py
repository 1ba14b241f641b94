"""The bare number, one line a project: for scripts and badges."""

from collections.abc import Sequence

from mlscore.formats import Style
from mlscore.report import Report
from mlscore.text import number


def render(reports: Sequence[Report], style: Style) -> str:  # noqa: ARG001 - a number has no style
    """Write the final score of each report on a line of its own."""
    return "".join(f"{number(report.claimed.score)}\n" for report in reports)
