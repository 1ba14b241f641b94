"""`mlscore plan` and `mlscore next`: the cheapest upgrades that raise the final score."""

from typing import TYPE_CHECKING, Annotated

import typer

from mlscore.cli.options import RubricOption, chosen_format, chosen_rubric, format_option, number, one_of, parsed
from mlscore.cli.output import STDOUT, check_targets, emit, page_width, write
from mlscore.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from mlscore.planning import Bound
    from mlscore.report import Report

FileArgument = Annotated[str, typer.Argument(help="Project file; - reads it from stdin.")]
OutputOption = Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="Where to write it.")]


def plan(
    file: FileArgument,
    target: Annotated[
        str | None, typer.Option(metavar="X", help="The final score to reach.  [default: the next tier]")
    ] = None,
    tier: Annotated[str | None, typer.Option(metavar="TIER", help="The tier to reach.")] = None,
    budget: Annotated[
        str | None, typer.Option(metavar="X", help="What the steps may cost: the highest score that it buys.")
    ] = None,
    rubric: RubricOption = None,
    format_: Annotated[str | None, format_option("table|json|markdown|html")] = None,
    output: OutputOption = STDOUT,
) -> int:
    """Find the cheapest upgrades that reach a score or a tier.

    Raising an answer by one level costs its `effort`, 1 unless the file says otherwise. Answers that are decisions
    with a reason are left as they are.
    """
    from mlscore import planning
    from mlscore.formats.plan import FORMATS, Planned, render

    name = chosen_format(format_, output, FORMATS, [file])
    if target is not None and tier is not None:
        raise UsageError("give --target or --tier, not both")
    least = None if target is None else number("--target", target)
    most = None if budget is None else number("--budget", budget)
    report = _report(file, rubric)
    check_targets([output], [file, *report.rubric.files])
    if least is not None:
        found = planning.plan(report, (least, False), most)
    elif tier is None and most is not None:
        found = planning.plan(report, (report.max_score, False), most)._replace(target=None)
    elif (bound := _tier(report, tier)) is not None:
        found = planning.plan(report, bound, most)
    else:
        found = planning.Plan((), report.claimed.score, report.claimed.score)
    planned = Planned(report, found, planning.idle_steps(report, found), most)
    write(output, render(name, planned, page_width()))
    return ExitCode.OK


def next_(
    file: FileArgument,
    rubric: RubricOption = None,
    format_: Annotated[
        str,
        typer.Option(
            "--format", "-f", metavar="table|json|markdown|html", help="One line, JSON, a checklist or a page."
        ),
    ] = "table",
) -> int:
    """Name the cheapest step that raises the final score: the shortest chain where several categories tie."""
    from mlscore import planning
    from mlscore.formats.plan import FORMATS, Planned, render

    one_of("--format", format_, FORMATS)
    report = _report(file, rubric)
    if format_ == "table":
        return emit(f"{planning.describe(report)}\n")
    found = planning.next_steps(report) or planning.Plan((), report.claimed.score, report.claimed.score)
    return emit(render(format_, Planned(report, found), page_width()))


def _report(file: str, rubric: str | None) -> "Report":
    from mlscore.loading import open_project
    from mlscore.scoring import assess

    return assess(*open_project(file, chosen_rubric(rubric) if rubric is not None else None))


def _tier(report: "Report", name: str | None) -> "Bound | None":
    """The lower bound of a tier; of the next one when none is named, None when there is none."""
    from mlscore.planning import next_tier
    from mlscore.project import tier_id

    if name is None:
        following = next_tier(report)
        return following.bound if following else None
    wanted = parsed("--tier", lambda given: tier_id(report.rubric, str(given)), name)
    return next(tier.bound for tier in report.rubric.tiers if tier.id == wanted)
