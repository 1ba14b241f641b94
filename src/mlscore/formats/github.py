"""GitHub workflow commands: annotations at the places in the project file.

GitHub shows ten of a kind for a step and drops the rest without a word, so there is one error for each gate
that is not met, and at most nine warnings, for the category that limits the score. The rest is for the step
summary.
"""

from collections.abc import Sequence

from mlscore.findings import MAX_NAME, Finding, Weight, findings
from mlscore.formats import Style
from mlscore.planning import describe
from mlscore.report import Report
from mlscore.text import listing, number, one_line, plural, shortened, visible

MAX_ERRORS = 10
MAX_WARNINGS = 9
MAX_SUMMARY = 1_000_000
"""Bytes; GitHub takes 1 MiB a step and drops what is larger."""


def render(reports: Sequence[Report], style: Style) -> str:
    """Write a notice with the score of each report, an error a failed gate and the most telling warnings."""
    notices, errors, warnings = [], [], []
    for report in reports:
        found = findings(report, style.root)
        limiting = report.held.limiting or tuple(report.held.categories)
        name = one_line(report.rubric.name)
        notices.append(_command("notice", name, _score(report)))
        errors += [
            _command("error", f"{name} gate", finding.message, finding)
            for finding in found
            if finding.weight is Weight.GATE
        ]
        warnings += [
            _command("warning", f"{name} {finding.rule}", finding.message, finding)
            for finding in found
            if finding.category in limiting
        ]
    lines = [
        *_at_most(MAX_ERRORS, notices, "notice", "report"),
        *_at_most(MAX_ERRORS, errors, "error", "failed gate"),
        *warnings[:MAX_WARNINGS],
    ]
    return "".join(f"{line}\n" for line in lines)


def summary(reports: Sequence[Report]) -> str:
    """Write the step summary (GITHUB_STEP_SUMMARY), in Markdown: as many reports as GitHub takes."""
    from mlscore.formats import markdown

    parts: list[str] = []
    size = 0
    for place, report in enumerate(reports):
        part = markdown.render([report], Style())
        if len(part.encode()) > MAX_SUMMARY:
            part = f"## {markdown.escape(report.rubric.name)}\n\n{markdown.escape(_score(report))}\n"
        size += len(part.encode())
        if size > MAX_SUMMARY:
            parts.append(f"And {plural(len(reports) - place, 'report')} more.\n")
            break
        parts.append(part)
    return "\n".join(parts)


def outputs(reports: Sequence[Report], *, refused: bool = False) -> str:
    """Write the step's outputs (GITHUB_OUTPUT): one value a project, joined by commas in the order given.

    With an input that was refused nothing has passed.
    """
    values = {
        "score": ",".join(number(report.claimed.score) for report in reports),
        "tier": ",".join(report.claimed.tier.id for report in reports),
        "passed": str(
            not refused and all(report.gate is None or report.gate.passed for report in reports)
        ).lower(),
        "limiting": ",".join(name for report in reports for name in report.held.limiting),
    }
    return "".join(f"{name}={value}\n" for name, value in values.items())


def _score(report: Report) -> str:
    claimed = report.claimed
    limits = listing([item.category.title for item in report.limiting], "and") if report.limiting else ""
    because = f", limited by {limits}" if limits else ""
    score = f"{number(claimed.score)} of {number(report.max_score)} ({claimed.tier.label}){because}"
    if report.verified is not None:
        score += f"; verified {number(report.verified.score)} ({report.verified.tier.label})"
    return one_line(f"{shortened(report.project.project, MAX_NAME)}: {score}. Next: {describe(report)}")


def _at_most(limit: int, commands: list[str], kind: str, noun: str) -> list[str]:
    if len(commands) <= limit:
        return commands
    rest = len(commands) - limit + 1
    return [*commands[: limit - 1], _command(kind, "mlscore", f"and {plural(rest, noun)} more")]


def _command(kind: str, title: str, message: str, finding: Finding | None = None) -> str:
    properties = {"title": title}
    if finding is not None:
        properties = {"file": visible(finding.path), "line": str(finding.line), **properties}
    written = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{kind} {written}::{_data(message)}"


def _data(text: str) -> str:
    """Escape the message of a command, as actions/toolkit does."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
