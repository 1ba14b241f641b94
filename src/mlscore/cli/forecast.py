"""`mlscore forecast`: when claims go stale, and what the score will be then."""

from typing import Annotated

import typer

from mlscore.cli.options import RubricOption, chosen_format, chosen_rubric, day, format_option
from mlscore.cli.output import STDOUT, check_targets, page_width, write
from mlscore.errors import ExitCode


def forecast(
    file: Annotated[str, typer.Argument(help="Project file; - reads it from stdin.")],
    rubric: RubricOption = None,
    format_: Annotated[str | None, format_option("table|json|ical")] = None,
    output: Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="Where to write it.")] = STDOUT,
    as_of: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="Day of the forecast.  [default: today, UTC]")
    ] = None,
) -> int:
    """Tell when evidence goes stale and what the verified score will be then, if nobody does anything."""
    from mlscore.cli.evidence import readings
    from mlscore.forecasting import forecast as foreseen
    from mlscore.formats.forecast import FORMATS, render
    from mlscore.loading import open_project
    from mlscore.scoring import assess

    name = chosen_format(format_, output, FORMATS, [file])
    rules, project = open_project(file, chosen_rubric(rubric) if rubric is not None else None)
    check_targets([output], [file, *rules.files])
    found = readings(project)
    report = assess(rules, project, day("--as-of", as_of), found)
    points = foreseen(rules, project, found or {}, report.as_of)
    write(output, render(name, report, points, page_width()))
    return ExitCode.OK
