"""CSV: a header and one row per test, for spreadsheets. Cells that a spreadsheet would run are disarmed."""

import csv
import io
from collections.abc import Iterable, Sequence

from mlscore.diagnostics import shown_path
from mlscore.formats import Style
from mlscore.report import Report
from mlscore.text import number, one_line

HEADER = (
    *("path", "project", "rubric", "category", "test", "title", "status", "points", "max_points"),
    *("verified_points", "owner", "date", "note", "reason", "evidence"),
    *("rubric_version", "rubric_digest"),
)

# OWASP: leading = + - @, in full width too; and `::`, since a cell can begin a line.
_ARMED = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "::")  # noqa: RUF001


def render(reports: Sequence[Report], style: Style) -> str:  # noqa: ARG001 - data has no style
    """Write one header, then a row for each test of each report."""
    return table([HEADER, *(row for report in reports for row in _rows(report))])


def table(rows: Iterable[Iterable[str]]) -> str:
    """Write rows as CSV, each on one line, formulas as text."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([cell(value) for value in row] for row in rows)
    return out.getvalue()


def cell(value: str) -> str:
    """Return a cell that no spreadsheet takes for a formula, nor a CI log for a command."""
    line = one_line(value)
    return f"'{line}" if line.startswith(_ARMED) else line


def _rows(report: Report) -> Iterable[tuple[str, ...]]:
    for item in report.categories:
        for test in item.tests:
            answer = test.answer
            evidence = [
                f"{entry.evidence.kind} {entry.evidence.target}: {entry.outcome}, {entry.reason}"
                for entry in test.evidence
            ]
            yield (
                shown_path(report.project.source.path),
                report.project.project,
                report.rubric.id,
                item.category.id,
                test.test.id,
                test.test.title,
                test.status,
                number(test.points),
                number(test.max_points),
                "" if test.verified_points is None else number(test.verified_points),
                (answer and answer.owner) or "",
                answer.date.isoformat() if answer and answer.date else "",
                (answer and answer.note) or "",
                (answer and answer.reason) or "",
                "; ".join(evidence),
                str(report.rubric.version),
                report.rubric.digest,
            )
