"""`mlscore whatif`: the score if some answers were others."""

from typing import TYPE_CHECKING, Annotated

import typer

from mlscore.cli.options import (
    RubricOption,
    chosen_format,
    chosen_rubric,
    day,
    format_option,
    one_of,
    pair,
    parsed,
)
from mlscore.cli.output import STDOUT, check_targets, emit, file_style, stdout_style, write
from mlscore.cli.plan import FileArgument, OutputOption
from mlscore.errors import ExitCode, UsageError
from mlscore.formats import FORMATS, render

if TYPE_CHECKING:
    from mlscore.project import Answer, Project
    from mlscore.report import Report
    from mlscore.rubric import Rubric


def whatif(
    file: FileArgument,
    answers: Annotated[
        list[str], typer.Argument(metavar="TEST=STATUS...", help="Answers to change, such as monitor-2=automated.")
    ],
    rubric: RubricOption = None,
    format_: Annotated[str | None, format_option("table|json|markdown|...")] = None,
    output: OutputOption = STDOUT,
    as_of: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="Day of the assessment.  [default: today, UTC]")
    ] = None,
    color: Annotated[str, typer.Option(metavar="auto|always|never", help="Colour the table.")] = "auto",
) -> int:
    """Show the report of a project with some answers changed, in any format of assess; the file stays as it is.

    `unanswered` takes an answer away. The gate that the file sets is held to the changed answers.
    """
    from mlscore.cli.evidence import readings
    from mlscore.gate import Policy, judge
    from mlscore.loading import open_project
    from mlscore.scoring import assess

    name = chosen_format(format_, output, tuple(FORMATS), [file])
    one_of("--color", color, ("auto", "always", "never"))
    rules, project = open_project(file, chosen_rubric(rubric) if rubric is not None else None)
    check_targets([output], [file, *rules.files])
    changed = project.model_copy(update={"answers": {**project.answers, **_changes(rules, project, answers)}})
    on = day("--as-of", as_of)
    before = assess(rules, project, on)
    after = assess(rules, changed, on, readings(changed))
    policy = Policy().over(project.gate).requiring(rules.required)
    if name == "table" and output == STDOUT:
        emit(f"{_moved(before, after)}\n\n")
    style = stdout_style(color) if output == STDOUT else file_style()
    write(output, render(name, [judge(after, policy)], style), exactly=name != "table")
    return ExitCode.OK


def _changes(rubric: "Rubric", project: "Project", texts: list[str]) -> "dict[str, Answer | None]":
    from mlscore.project import Answer, known, test_id
    from mlscore.rubric import UNANSWERED

    found: dict[str, Answer | None] = {}
    names = {name: name for name in (*rubric.levels, UNANSWERED)}
    for text in texts:
        key, value = pair("TEST=STATUS", text, "TEST=STATUS")
        name = parsed("TEST=STATUS", lambda given: test_id(rubric, str(given)), key)
        status = parsed("TEST=STATUS", lambda given: known(str(given), names, f"a level of {rubric.id}"), value)
        if name in found:
            raise UsageError(f"{name} is given twice; keep one")
        present = project.answers.get(name) or Answer(status=status)
        found[name] = None if status == UNANSWERED else present.model_copy(update={"status": status})
    return found


def _moved(before: "Report", after: "Report") -> str:
    from mlscore.text import number, one_line

    scores = f"{number(before.claimed.score)} → {number(after.claimed.score)} of {number(after.max_score)}"
    tiers = [one_line(report.claimed.tier.label) for report in (before, after)]
    return f"{scores}, {tiers[0]}" if tiers[0] == tiers[1] else f"{scores}, {tiers[0]} → {tiers[1]}"
