"""Markdown for pull requests, wikis and READMEs: no raw HTML or image can come from a project's text."""

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction

from mlscore.diagnostics import shown_path
from mlscore.formats import Style
from mlscore.formats.badge import badge_color, badge_label, badge_message
from mlscore.planning import describe
from mlscore.report import CategoryScore, Outcome, Report, TestScore
from mlscore.rubric import UNANSWERED, Rubric
from mlscore.text import number, one_line
from mlscore.verification import shortfall

MARKER = "<!-- mlscore -->"
"""Lets a bot find its own comment and replace it."""
_SPECIAL = re.compile(r"([\\`*_\[\]<>#!|~&])")


def render(reports: Sequence[Report], style: Style) -> str:  # noqa: ARG001 - the reader's page has the style
    """Write the reports one after another."""
    return "\n".join(_report(report) for report in reports)


def escape(text: str) -> str:
    """Return text that Markdown shows as it is, on one line, in a table cell too."""
    return _SPECIAL.sub(r"\\\1", one_line(text))


def paragraph(text: str) -> str:
    """Return escaped text that may begin a line: no list, rule, heading or command comes of it."""
    return re.sub(r"^(?:([-+=:])|(\d+)([.)]))", r"\2\\\1\3", escape(text))


def badge(report: Report) -> str:
    """Write the score as one line with an image from shields.io, for the top of a README."""
    from urllib.parse import quote

    label, message = badge_label(report), badge_message(report)
    parts = [quote(part.replace("-", "--").replace("_", "__"), safe="") for part in (label, message)]
    url = f"https://img.shields.io/badge/{parts[0]}-{parts[1]}-{badge_color(report).removeprefix('#')}"
    return f"![{escape(f'{label}: {message}, {report.claimed.tier.label}')}]({url})"


def table(header: Sequence[str], rows: Iterable[Sequence[str]], align: str = "") -> str:
    """Write a Markdown table from cells that are escaped already; `align` has l or r for each column."""
    rules = ["---:" if place < len(align) and align[place] == "r" else "---" for place in range(len(header))]
    return "".join(f"| {' | '.join(row)} |\n" for row in [header, rules, *rows])


def _report(report: Report) -> str:
    claimed = report.claimed
    score = f"{number(claimed.score)} of {number(report.max_score)}"
    if report.verified is not None:
        score += f" claimed, {number(report.verified.score)} verified"
    lines = [
        MARKER,
        f"## {escape(report.rubric.name)}: {score} · {escape(claimed.tier.label)}",
        "",
        f"{_about(report)} {escape(claimed.tier.meaning)}".rstrip(),
        "",
        _categories(report),
        *([f"Note: {escape(claimed.note)}.", ""] if claimed.note else []),
        *_waivers(report),
        *_gate(report),
        f"Answers: {_counts(report)}.",
        "",
        f"Next: {escape(describe(report))}.",
        "",
        *(_section(item) for item in report.categories),
        _rubric(report.rubric),
    ]
    return "\n".join(lines) + "\n"


def _rubric(rubric: Rubric) -> str:
    return f"Rubric: {escape(rubric.title)} (`{rubric.id}`, version {rubric.version}, `{rubric.short_digest}`)."


def _about(report: Report) -> str:
    path = escape(shown_path(report.project.source.path))
    return f"**{escape(report.project.project)}** ({path}), {report.as_of}."


def _counts(report: Report) -> str:
    return ", ".join(f"{escape(status)} {count}" for status, count in report.counts.items() if count)


def _categories(report: Report) -> str:
    rows = [_category_row(report, item) for item in report.categories]
    if report.verified is None:
        return table(("Category", "Points", ""), rows, "lr")
    verified = [number(item.verified_points or Fraction(0)) for item in report.categories]
    limiting = [item.category.id in report.verified.limiting for item in report.categories]
    cells = [f"**{value}**" if limits else value for value, limits in zip(verified, limiting, strict=True)]
    rows = [(*row[:2], cell, *row[2:]) for row, cell in zip(rows, cells, strict=True)]
    return table(("Category", "Claimed", "Verified", ""), rows, "lrr")


def _category_row(report: Report, item: CategoryScore) -> tuple[str, ...]:
    title, points = escape(item.category.title), f"{number(item.points)} / {number(item.max_points)}"
    remark = "" if item.attainable == item.max_points else f"at most {number(item.attainable)}"
    if item.category.id not in report.claimed.limiting:
        return title, points, remark
    return f"**{title}**", f"**{points}**", " · ".join(filter(None, ["**limits the score**", remark]))


def _waivers(report: Report) -> list[str]:
    lines = [f"- {escape(test.decision)}" for test in report.waivers]
    return ["Points by decision:", "", *lines, ""] if lines else []


def _gate(report: Report) -> list[str]:
    if report.gate is None:
        return []
    if report.gate.passed:
        return ["Gate: passed.", ""]
    return ["Gate: **not met**.", "", *(f"- {escape(failure)}" for failure in report.gate.failures), ""]


def _section(item: CategoryScore) -> str:
    heading = f"### {escape(item.category.title)}: {number(item.points)} of {number(item.max_points)}"
    rows = [_test_row(test) for test in item.tests]
    if item.verified_points is None:
        return f"{heading}\n\n{table(('Test', 'Title', 'Status', 'Points', 'Remarks'), rows, 'lllr')}"
    header = ("Test", "Title", "Status", "Claimed", "Verified", "Remarks")
    return f"{heading}\n\n{table(header, rows, 'lllrr')}"


def _test_row(item: TestScore) -> tuple[str, ...]:
    status = f"*{UNANSWERED}*" if item.status == UNANSWERED else escape(item.status)
    points = [number(item.points)]
    if item.verified_points is not None:
        points.append(number(item.verified_points) if item.is_backed else f"**{number(item.verified_points)}**")
    return item.test.id, escape(item.test.title), status, *points, escape(_remarks(item))


def evidence(entry: Outcome) -> str:
    """Say what one entry of evidence is and what became of it."""
    return f"{entry.evidence.kind} {entry.evidence.target}: {entry.outcome}, {entry.reason}"


def _remarks(item: TestScore) -> str:
    """What stands behind an answer, in one cell."""
    if item.answer is None:
        return ""
    answer = item.answer
    parts = [
        "" if item.is_backed or item.evidence else shortfall(item),
        answer.reason,
        answer.note,
        answer.owner and f"owner: {answer.owner}",
        answer.date and f"date: {answer.date}",
        *(evidence(entry) for entry in item.evidence),
    ]
    return " · ".join(part for part in parts if part)
