"""`mlscore inject`: the report or badge in a README, between two markers."""

from typing import TYPE_CHECKING, Annotated

import typer

from mlscore.cli.options import RubricOption, chosen_rubric, day, one_of
from mlscore.cli.output import emit, say
from mlscore.errors import ExitCode, UsageError
from mlscore.files import STDIN, edit_file

if TYPE_CHECKING:
    from mlscore.report import Report

MAX_BYTES = 16 * 1024 * 1024


def inject(
    file: Annotated[str, typer.Argument(help="Document with the two markers, such as README.md.")],
    source: Annotated[str, typer.Option("--from", metavar="PROJECT", help="Project file to report on.")],
    marker: Annotated[
        str, typer.Option(metavar="NAME", help="The block between <!-- NAME:start --> and <!-- NAME:end -->.")
    ] = "mlscore",
    format_: Annotated[
        str,
        typer.Option("--format", "-f", metavar="markdown|badge", help="The whole report, or one line of it."),
    ] = "markdown",
    rubric: RubricOption = None,
    as_of: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="Day of the assessment.  [default: today, UTC]")
    ] = None,
) -> int:
    """Rewrite the marked block of a document with the report; nothing else in it changes."""
    from mlscore.cli.evidence import readings
    from mlscore.diagnostics import shown_path
    from mlscore.injection import NAME, Markers
    from mlscore.injection import inject as replaced
    from mlscore.loading import open_project
    from mlscore.scoring import assess

    one_of("--format", format_, ("markdown", "badge"))
    if not NAME.fullmatch(marker):
        raise UsageError("--marker: use letters, digits, - and _, a letter first")
    document = _read(file)
    rules, project = open_project(source, chosen_rubric(rubric) if rubric is not None else None)
    report = assess(rules, project, day("--as-of", as_of), readings(project))
    text = replaced(document, _block(format_, report), Markers.named(marker), file)
    if file == STDIN:
        return emit(text)
    if text != document:
        edit_file(file, text)
    say(f"{shown_path(file)}: {'unchanged' if text == document else 'rewritten'}")
    return ExitCode.OK


def _block(format_: str, report: "Report") -> str:
    from mlscore.formats import Style, markdown

    if format_ == "badge":
        return markdown.badge(report)
    return markdown.render([report], Style())


def _read(path: str) -> str:
    from mlscore.diagnostics import Diagnostic, Location
    from mlscore.errors import InputError
    from mlscore.files import read_input

    raw = read_input(path, MAX_BYTES)
    if len(raw) > MAX_BYTES:
        raise InputError([Diagnostic(Location(path), f"larger than the limit of {MAX_BYTES // 1024 // 1024} MiB")])
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError([Diagnostic(Location(path, line), "not UTF-8", "save the file as UTF-8")]) from None
