"""`mlscore portfolio`: many project files in one picture."""

import glob
import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from mlscore.cli.options import chosen_format, chosen_rubric, day, format_option, number, one_of, pair
from mlscore.cli.output import MAX_PROBLEMS, STDOUT, check_targets, file_style, place, say, stdout_style, write
from mlscore.cli.plan import OutputOption
from mlscore.cli.progress import tracked
from mlscore.diagnostics import shown_path
from mlscore.errors import ExitCode, UsageError
from mlscore.files import PROJECT_FILES, project_files, read_input, reason
from mlscore.text import listing, plural

if TYPE_CHECKING:
    from mlscore.bulk import Task
    from mlscore.portfolio import Portfolio, Refused, Row
    from mlscore.rubric import Rubric

SORTS = ("score", "project", "path", "owner", "tier", "unanswered", "oldest")
FILTERS = ("tier", "owner", "rubric", "project", "path", "limiting", "gate")
GROUPINGS = ("owner", "tier", "limiting")
MAX_LIST = 64 * 1024 * 1024
"""Bytes of a list of paths."""


def portfolio(
    paths: Annotated[
        list[str],
        typer.Argument(metavar="PATH...", help="Project files, folders, globs, or @FILE: a path a line."),
    ],
    pattern: Annotated[
        list[str] | None,
        typer.Option(
            metavar="GLOB",
            help="What project files are called in a folder. Repeatable.  "
            "[default: project.yaml, mlscore.yaml, *.mlscore.yaml]",
            show_default=False,
        ),
    ] = None,
    rubric: Annotated[
        str | None,
        typer.Option("--rubric", "-r", metavar="ID|FILE", help="Score all with this rubric.", show_default=False),
    ] = None,
    verify: Annotated[
        bool | None,
        typer.Option(
            "--verify/--no-verify",
            help="Read the evidence too: the verified scores.  [default: up to 200 files]",
            show_default=False,
        ),
    ] = None,
    sort: Annotated[
        str,
        typer.Option(metavar="KEY", help="score, project, path, owner, tier, unanswered, oldest; -KEY reverses."),
    ] = "score",
    filter_: Annotated[
        list[str] | None,
        typer.Option(
            "--filter",
            metavar="KEY=VALUE",
            help="Only projects with this tier, owner, rubric, project, path, limiting, or gate (passed, failed, "
            "none). * stands for any text. Repeatable.",
        ),
    ] = None,
    group_by: Annotated[
        str | None, typer.Option(metavar="KEY", help="Part the projects by owner, tier or limiting.")
    ] = None,
    fail_under: Annotated[
        str | None, typer.Option(metavar="X", help="Gate: the lowest final score that passes, for each.")
    ] = None,
    min_tier: Annotated[
        str | None, typer.Option(metavar="TIER", help="Gate: the lowest tier that passes, for each.")
    ] = None,
    keep_going: Annotated[
        bool, typer.Option("--keep-going", help="Exit as if files that cannot be read were not there.")
    ] = False,
    jobs: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="Processes.  [default: the cores there are]", show_default=False),
    ] = None,
    format_: Annotated[str | None, format_option("table|json|csv|markdown|openmetrics|html")] = None,
    output: OutputOption = STDOUT,
    as_of: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="Day of the assessments.  [default: today, UTC]")
    ] = None,
) -> int:
    """Show where many projects stand, what all of them lack, and what would help most.

    A file that cannot be read does not hide the others: it is listed, and the exit code is 2.
    """
    from mlscore.bulk import ENOUGH, Task, cores
    from mlscore.formats.portfolio import FORMATS, render
    from mlscore.portfolio import Portfolio, chosen, gather

    name = chosen_format(format_, output, FORMATS, paths)
    key = one_of("--sort", sort.removeprefix("-"), SORTS)
    filters = [_filter(text) for text in filter_ or []]
    if group_by is not None:
        one_of("--group-by", group_by, GROUPINGS)
    least = None if fail_under is None else number("--fail-under", fail_under)
    if rubric is not None:
        chosen_rubric(rubric)  # what is wrong with it is said once
    files, refused = _found(paths, pattern or PROJECT_FILES)
    if not files and not refused:
        raise UsageError(f"no project file in {listing([shown_path(path) for path in paths], 'and')}")
    check_targets([output], files)
    is_few = len(files) <= ENOUGH
    if verify is None and not is_few:
        say(f"evidence is not read of more than {ENOUGH} files; --verify reads it")
    task = Task(rubric, least, min_tier, day("--as-of", as_of), is_few if verify is None else verify)
    rows, rubrics, is_whole = _rows(files, task, jobs or cores(), refused)
    groups = (chosen(group, filters) for group in gather(rows, rubrics, key, reverse=sort.startswith("-")))
    found = Portfolio(tuple(group for group in groups if group.rows), tuple(sorted(refused)), group_by)
    if rows and not found.groups:
        say("no project matches the filter")
    style = stdout_style("never") if output == STDOUT else file_style()
    write(output, render(name, found, style), exactly=name not in {"table", "markdown"})
    if not is_whole:
        say(f"interrupted: {len(rows) + len(refused):,} of {len(files):,} files are in it")
        return ExitCode.INTERRUPTED
    return _verdict(found, keep_going=keep_going)


def _filter(text: str) -> tuple[str, str]:
    key, value = pair("--filter", text, "KEY=VALUE")
    return one_of("--filter", key, FILTERS), value


def _found(paths: list[str], patterns: Sequence[str]) -> "tuple[list[str], list[Refused]]":
    """Find the files that paths stand for, each once, and the folders that cannot be searched."""
    from mlscore.portfolio import Refused

    refused: list[Refused] = []

    def unreadable(error: OSError) -> None:
        path = str(error.filename)
        refused.append(Refused(path, (f"{shown_path(path)}: cannot be searched: {reason(error)}",)))

    first: dict[str, str] = {}
    for path in _listed(paths):
        for file in project_files(path, patterns, _ignored, unreadable):
            first.setdefault(place(file), file)
    return list(first.values()), refused


def _listed(paths: list[str]) -> Iterator[str]:
    """Expand lists and globs."""
    for path in paths:
        if path.startswith("@"):
            lines = read_input(path[1:], MAX_LIST).decode(errors="surrogateescape").splitlines()
            names = (line.strip() for line in lines if line.strip() and not line.startswith("#"))
            yield from _listed([f"./{name}" if name.startswith("@") else name for name in names])
        elif glob.has_magic(path) and not os.path.lexists(path):
            yield from sorted(glob.glob(path, recursive=True))
        else:
            yield path


def _ignored(folder: str) -> list[str]:
    """What git ignores below a folder; nothing where there is no repository, or no git."""
    from mlscore.git import Repository

    try:
        return Repository(os.path.join(folder, "x")).ignored()
    except UsageError:
        return []


def _rows(
    files: list[str], task: "Task", jobs: int, refused: "list[Refused]"
) -> "tuple[list[Row], dict[str, Rubric], bool]":
    """Assess the files; what cannot be read is added to `refused`. The last part tells whether all are in it."""
    from mlscore.bulk import rows
    from mlscore.portfolio import Row

    rubrics: dict[str, Rubric] = {}
    found: list[Row] = []
    try:
        for result in tracked(rows(files, task, jobs, rubrics), len(files), "files"):
            if isinstance(result, Row):
                found.append(result)
            else:
                refused.append(result)
    except KeyboardInterrupt:
        return found, rubrics, False
    return found, rubrics, True


def _verdict(found: "Portfolio", *, keep_going: bool) -> int:
    for item in found.refused:
        for message in item.messages[:MAX_PROBLEMS]:
            say(message)
    for row in found.failed:
        for failure in row.gate or ():
            say(f"{shown_path(row.path)}: gate: {failure}")
    if found.refused:
        say(f"left out, because something is wrong: {plural(len(found.refused), 'file')}")
        if not keep_going:
            return ExitCode.ERROR
    return ExitCode.GATE if found.failed else ExitCode.OK
