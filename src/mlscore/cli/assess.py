"""`mlscore assess`: project files to reports, and the gate to an exit code."""

import os
from typing import TYPE_CHECKING, Annotated

import typer

from mlscore.cli.options import RubricOption, chosen_rubric, day, number, one_of, pair, parsed
from mlscore.cli.output import STDOUT, check_targets, file_style, place, say, say_problems, stdout_style, write
from mlscore.diagnostics import shown_path
from mlscore.errors import ExitCode, InputError, UsageError
from mlscore.formats import FORMATS, SUFFIXES, format_of, render
from mlscore.text import listing

if TYPE_CHECKING:
    from datetime import date

    from mlscore.gate import Policy
    from mlscore.report import Report
    from mlscore.rubric import Rubric


def _complete_format(incomplete: str) -> list[str]:
    return [name for name in FORMATS if name.startswith(incomplete)]


def _complete_test(incomplete: str) -> list[str]:
    return [test_id for test_id in chosen_rubric(None).tests if test_id.startswith(incomplete)]


def assess(
    files: Annotated[list[str], typer.Argument(help="Project files; - reads one from stdin.")],
    rubric: RubricOption = None,
    format_: Annotated[
        str | None,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            help=f"{', '.join(FORMATS)}.  [default: by the suffix of --output, else table]",
            autocompletion=_complete_format,
        ),
    ] = None,
    output: Annotated[
        str,
        typer.Option("--output", "-o", metavar="FILE", help="Write the report here instead of to stdout (-)."),
    ] = STDOUT,
    write_: Annotated[
        list[str] | None,
        typer.Option("--write", metavar="FORMAT=FILE", help="Write one more report. Repeatable."),
    ] = None,
    fail_under: Annotated[
        str | None, typer.Option(metavar="X", help="Gate: the lowest final score that passes.")
    ] = None,
    min_: Annotated[
        list[str] | None,
        typer.Option("--min", metavar="CATEGORY=X", help="Gate: the lowest points of a category. Repeatable."),
    ] = None,
    min_tier: Annotated[
        str | None, typer.Option(metavar="TIER", help="Gate: the lowest tier that passes.")
    ] = None,
    require: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TEST",
            help="Gate: a test that must earn points. Repeatable.",
            autocompletion=_complete_test,
        ),
    ] = None,
    basis: Annotated[
        str | None,
        typer.Option(metavar="claimed|verified", help="Gate: which score counts.  [default: claimed]"),
    ] = None,
    no_regress: Annotated[
        str | None,
        typer.Option(metavar="REF", help="Gate: nothing may be lower than where REF and HEAD part in git."),
    ] = None,
    prove: Annotated[
        bool, typer.Option("--prove", help="Show that the gate fails for a worse project, planted in memory.")
    ] = False,
    as_of: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="Day of the assessment.  [default: today, UTC]")
    ] = None,
    exit_zero: Annotated[
        bool, typer.Option("--exit-zero", help="Exit with 0 even if the gate is not met.")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="No report on stdout; only errors and what fails the gate.")
    ] = False,
    color: Annotated[str, typer.Option(metavar="auto|always|never", help="Colour the table.")] = "auto",
) -> int:
    """Score project files: points by category, the final score, its tier and the next step.

    Without a gate (options, the file's own `gate:`, tests that the rubric requires) the exit code is 0 whatever
    the score.
    """
    one_of("--color", color, ("auto", "always", "never"))
    if basis is not None:
        one_of("--basis", basis, ("claimed", "verified"))
    targets = _targets(format_, output, write_ or [], quiet=quiet)
    options = _GateOptions(fail_under, min_ or [], min_tier, require or [], basis, no_regress, prove)
    chosen = chosen_rubric(rubric) if rubric is not None else None
    reports = _reports(files, chosen, options, day("--as-of", as_of))
    refused = len(reports) < len(_once(files))
    check_targets(
        [path for _, path in targets], [*files, *(path for item in reports for path in item.rubric.files)]
    )
    for name, path in targets:
        if reports and (path == STDOUT or not refused):
            many = len(files) > 1
            style = stdout_style(color, many=many) if path == STDOUT else file_style(many=many)
            write(path, render(name, reports, style), exactly=name != "table")
        elif path != STDOUT:
            say(f"{shown_path(path)}: not written, because an input was refused")
    if reports and (format_ == "github" or any(name == "github" for name, _ in targets)):
        _tell_github(reports, refused=refused)
    verdict = _verdict(reports, exit_zero=exit_zero)
    return ExitCode.ERROR if refused else verdict


def _targets(format_: str | None, output: str, writes: list[str], *, quiet: bool) -> list[tuple[str, str]]:
    """Pair each place a report goes to with its format; files come first, stdout last."""
    by_suffix = "table" if output == STDOUT else format_of(output)
    name = by_suffix if format_ is None else format_
    if name is None:
        known = listing(SUFFIXES)
        raise UsageError(f"--output: {shown_path(output)} has no known suffix ({known}); give --format")
    main = (one_of("--format", name, FORMATS), output)
    others = [pair("--write", text, "FORMAT=FILE") for text in writes]
    targets = [main, *((one_of("--write", other, FORMATS), path) for other, path in others)]
    targets.sort(key=lambda target: target[1] == STDOUT)
    return [target for target in targets if not (quiet and target[1] == STDOUT)]


class _GateOptions:
    """The gate as the command line gives it; ids are looked up in each project's own rubric."""

    def __init__(
        self,
        fail_under: str | None,
        min_: list[str],
        min_tier: str | None,
        require: list[str],
        basis: str | None,
        no_regress: str | None,
        prove: bool,
    ) -> None:
        self.fail_under = None if fail_under is None else number("--fail-under", fail_under)
        self.categories = {
            key: number("--min", value) for key, value in (pair("--min", text, "CATEGORY=X") for text in min_)
        }
        self.min_tier = min_tier
        self.require = require
        self.basis = basis
        self.no_regress = no_regress
        self.prove = prove

    def policy(self, rubric: "Rubric") -> "Policy":
        """Resolve the ids with a rubric. Raises UsageError for those it does not have."""
        from mlscore.gate import Policy
        from mlscore.project import category_id, test_id, tier_id

        return Policy(
            fail_under=self.fail_under,
            min_tier=parsed("--min-tier", lambda name: tier_id(rubric, str(name)), self.min_tier)
            if self.min_tier is not None
            else None,
            categories={
                parsed("--min", lambda name: category_id(rubric, str(name)), key): value
                for key, value in self.categories.items()
            },
            require=tuple(
                parsed("--require", lambda name: test_id(rubric, str(name)), key) for key in self.require
            ),
            basis="verified" if self.basis == "verified" else "claimed" if self.basis else None,
        )


def _reports(
    files: list[str], chosen: "Rubric | None", options: _GateOptions, as_of: "date | None"
) -> "list[Report]":
    """Assess every file that can be read; say what is wrong with the others."""
    reports = []
    for path in _once(files):
        try:
            reports.append(_report(path, chosen, options, as_of))
        except InputError as error:
            say_problems(error)
    return reports


def _report(path: str, chosen: "Rubric | None", options: _GateOptions, as_of: "date | None") -> "Report":
    from mlscore.cli.evidence import readings
    from mlscore.gate import judge
    from mlscore.loading import open_project
    from mlscore.scoring import assess as score

    rubric, project = open_project(path, chosen)
    policy = options.policy(rubric).over(project.gate).requiring(rubric.required)
    report = judge(score(rubric, project, as_of, readings(project)), policy)
    if options.no_regress is None and not options.prove:
        return report

    from mlscore.cli import ratchet
    from mlscore.comparing import State

    now = State(rubric, project)
    base = None if options.no_regress is None else ratchet.base_of(path, options.no_regress, chosen)
    if options.prove:
        ratchet.prove(report, policy, base, now)
    return report if base is None else ratchet.hold(report, base, now)


def _once(files: list[str]) -> list[str]:
    """Leave out a file that is named again: CI systems take no finding twice."""
    first: dict[str, str] = {}
    for path in files:
        first.setdefault(place(path), path)
    return list(first.values())


def _tell_github(reports: "list[Report]", *, refused: bool) -> None:
    """Add the summary and the outputs of the step, where GitHub's runner asks for them."""
    from mlscore.files import append
    from mlscore.formats.github import outputs, summary

    if path := os.environ.get("GITHUB_STEP_SUMMARY"):
        append(path, summary(reports))
    if path := os.environ.get("GITHUB_OUTPUT"):
        append(path, outputs(reports, refused=refused))


def _verdict(reports: "list[Report]", *, exit_zero: bool) -> int:
    """Say what fails the gate, one failure a line."""
    failures = [(report, failure) for report in reports if report.gate for failure in report.gate.failures]
    for report, failure in failures:
        say(f"{shown_path(report.project.source.path)}: gate: {failure}")
    return ExitCode.GATE if failures and not exit_zero else ExitCode.OK
