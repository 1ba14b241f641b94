"""`mlscore diff`: what changed between two states of a project."""

import os
from typing import TYPE_CHECKING, Annotated

import typer

from mlscore.cli.options import RubricOption, chosen_format, chosen_rubric, day, format_option
from mlscore.cli.output import STDOUT, check_targets, page_width, write
from mlscore.cli.plan import OutputOption
from mlscore.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from mlscore.comparing import State
    from mlscore.rubric import Rubric


def diff(
    old: Annotated[str, typer.Argument(help="Project file, or REF:FILE such as main:project.yaml.")],
    new: Annotated[str, typer.Argument(help="Project file, or REF:FILE.")],
    rubric: RubricOption = None,
    format_: Annotated[str | None, format_option("table|markdown|json|html")] = None,
    output: OutputOption = STDOUT,
    as_of: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="Day of the assessments.  [default: today, UTC]")
    ] = None,
) -> int:
    """Compare two states of a project: two files, or the same file at two commits.

    Where their rubrics differ, both are scored with the new one. Evidence is read for files on the disk only.
    """
    from mlscore.comparing import difference
    from mlscore.formats.diff import FORMATS, render

    name = chosen_format(format_, output, FORMATS, [old, new])
    chosen = chosen_rubric(rubric) if rubric is not None else None
    states = _state(old, chosen), _state(new, chosen)
    check_targets([output], [old, new, *(path for state in states for path in state.rubric.files)])
    found = difference(*states, day("--as-of", as_of))
    write(output, render(name, found, page_width()))
    return ExitCode.OK


def _state(side: str, rubric: "Rubric | None") -> "State":
    """Load one side: a file where there is one, else a file of a commit."""
    from mlscore.cli.evidence import readings
    from mlscore.comparing import State
    from mlscore.loading import open_project

    ref, sign, path = side.partition(":")
    if sign and ref and path and not os.path.exists(side):
        return _at(ref, path, rubric)
    rules, project = open_project(side, rubric)
    return State(rules, project, readings(project))


def _at(ref: str, path: str, rubric: "Rubric | None") -> "State":
    """Load a file of a commit; its path is from the top of the repository, or else from here."""
    from mlscore.comparing import State
    from mlscore.diagnostics import shown_path
    from mlscore.git import Repository
    from mlscore.loading.revisions import project_at

    repository = Repository(os.path.join(os.getcwd(), "here"))
    commit = repository.commit(ref)
    with repository.objects() as objects:
        names = [repository.path_of(path)]
        if not path.startswith((f"{os.curdir}/", f"{os.pardir}/")):
            names.insert(0, os.path.normpath(path).replace(os.sep, "/"))
        name = next((name for name in names if objects.read(f"{commit}:{name}") is not None), None)
        if name is None:
            raise UsageError(f"{shown_path(ref)} has no file {shown_path(path)}")
        return State(*project_at(objects, commit, name, rubric, name=f"{ref}:{name}"))
