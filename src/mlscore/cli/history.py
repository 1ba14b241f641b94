"""`mlscore history` and `mlscore blame`: what git knows of a project file."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from mlscore.cli.options import RubricOption, chosen_format, chosen_rubric, format_option
from mlscore.cli.output import STDOUT, check_targets, file_style, say, stdout_style, write
from mlscore.cli.plan import OutputOption
from mlscore.cli.progress import tracked
from mlscore.diagnostics import shown_path
from mlscore.errors import ExitCode, InputError, UsageError
from mlscore.files import STDIN

if TYPE_CHECKING:
    from mlscore.comparing import State
    from mlscore.git import Objects, Repository, Revision
    from mlscore.history import Broken, Point, Statuses
    from mlscore.rubric import Rubric

SHORT = 12
"""Digits of a commit in messages."""
FileArgument = Annotated[str, typer.Argument(help="Project file in a git repository.")]


def history(
    file: FileArgument,
    rubric: RubricOption = None,
    then: Annotated[
        bool, typer.Option("--rubric-of-then", help="Score each commit with the rubric of that commit.")
    ] = False,
    format_: Annotated[str | None, format_option("table|json|csv|html")] = None,
    output: OutputOption = STDOUT,
) -> int:
    """Show the score along the git history of a project file, renames followed.

    Each commit is scored with today's rubric, so that the scores compare. A merge stands for all that it brought.
    """
    from mlscore.formats.history import FORMATS, render
    from mlscore.history import Broken, History, Point

    name = chosen_format(format_, output, FORMATS, [file])
    if then and rubric is not None:
        raise UsageError("give --rubric or --rubric-of-then, not both")
    repository, now = _opened(file, rubric)
    check_targets([output], [file, *now.rubric.files])
    revisions = [found for found in repository.changes(repository.path_of(file))[::-1] if found.blob]
    with repository.objects() as objects:
        entries = _entries(objects, revisions, None if then else now.rubric)
        found = list(tracked(entries, len(revisions), "commits"))
    points = tuple(entry for entry in found if isinstance(entry, Point))
    if not points:
        raise UsageError(f"{shown_path(file)}: no commit has it as a project that can be read")
    broken = tuple(entry for entry in found if isinstance(entry, Broken))
    style = stdout_style("never") if output == STDOUT else file_style()
    told = History(now.project, None if then else now.rubric, points, broken)
    write(output, render(name, told, style), exactly=name != "table")
    return ExitCode.OK


def blame(
    file: FileArgument,
    rubric: RubricOption = None,
    format_: Annotated[str | None, format_option("table|json|csv|html")] = None,
    output: OutputOption = STDOUT,
) -> int:
    """Name for each answer the commit, the day and the author that gave it its status."""
    from mlscore.formats.blame import FORMATS, render
    from mlscore.history import blame as blamed
    from mlscore.history import statuses

    name = chosen_format(format_, output, FORMATS, [file])
    repository, now = _opened(file, rubric)
    check_targets([output], [file, *now.rubric.files])
    graph = repository.graph(repository.path_of(file))
    with repository.objects() as objects:
        known = {
            found.commit: _statuses(objects, found, now.rubric) for found in tracked(graph, len(graph), "commits")
        }
    found = blamed(statuses(now.project, now.rubric), graph, lambda revision: known[revision.commit])
    style = stdout_style("never") if output == STDOUT else file_style()
    write(output, render(name, now, found, style), exactly=name != "table")
    return ExitCode.OK


def _opened(file: str, rubric: str | None) -> "tuple[Repository, State]":
    """Find the repository, say if it holds only a part of its history, and load the file as it is now."""
    from mlscore.comparing import State
    from mlscore.git import Repository
    from mlscore.loading import open_project

    if file == STDIN:
        raise UsageError("standard input has no history; name a file")
    state = State(*open_project(file, chosen_rubric(rubric) if rubric is not None else None))
    repository = Repository(file)
    if repository.is_shallow:
        say(f"{shown_path(file)}: the clone is shallow: what is older than it is not seen (git fetch --unshallow)")
    return repository, state


def _entries(
    objects: "Objects", revisions: "list[Revision]", rubric: "Rubric | None"
) -> "Iterator[Point | Broken]":
    """Score each commit, a content that comes again only once; without a rubric, with that of the commit."""
    from mlscore.history import Point

    known: dict[str, Point | Broken] = {}
    for revision in revisions:
        entry = known.get(revision.blob)
        if entry is None:
            entry = _entry(objects, revision, rubric)
            # What depends on a rubric beside it can be another thing in the next commit.
            if rubric is not None or (
                isinstance(entry, Point) and not entry.rubric.files[0].startswith(revision.commit[:SHORT])
            ):
                known[revision.blob] = entry
        yield entry._replace(revision=revision)


def _entry(objects: "Objects", revision: "Revision", rubric: "Rubric | None") -> "Point | Broken":
    from mlscore.comparing import State
    from mlscore.history import Broken, point
    from mlscore.loading.projects import parse_answers
    from mlscore.loading.revisions import project_at

    short = revision.commit[:SHORT]
    name = f"{short}:{revision.path}"
    try:
        if rubric is None:
            return point(revision, State(*project_at(objects, short, revision.path, name=name)))
        content = objects.read(revision.blob)
        if content is None:
            return Broken(revision, (f"{name}: its content is not in the repository",))
        return point(revision, State(rubric, parse_answers(content, name)))
    except InputError as error:
        return Broken(revision, tuple(str(problem) for problem in error.diagnostics))


def _statuses(objects: "Objects", revision: "Revision", rubric: "Rubric") -> "Statuses | None":
    """The answers after a commit; None where nothing is known of them."""
    from mlscore.history import statuses
    from mlscore.loading.projects import parse_answers

    if not revision.blob:
        return {} if revision.path else None
    try:
        content = objects.read(revision.blob)
        return None if content is None else statuses(parse_answers(content, revision.path), rubric)
    except InputError:
        return None
