"""`mlscore init`: the project file a team starts from, and the schema beside it."""

import os
from typing import TYPE_CHECKING, Annotated

import typer

from mlscore.cli.options import RubricOption, chosen_rubric, reference
from mlscore.cli.output import check_targets, named, say, text_of, write_new
from mlscore.errors import ExitCode
from mlscore.text import plural

if TYPE_CHECKING:
    from mlscore.project import Project
    from mlscore.rubric import Rubric
    from mlscore.template import Known


def init(
    file: Annotated[str, typer.Argument(help="Where to write it.")] = "project.yaml",
    rubric: RubricOption = None,
    project: Annotated[
        str | None, typer.Option(metavar="NAME", help="Name of the project.  [default: the folder's]")
    ] = None,
    from_: Annotated[
        str | None,
        typer.Option("--from", metavar="FILE", help="Suggest answers from a project file of a related rubric."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite what is there.")] = False,
) -> int:
    """Write a commented project file with every test unanswered, and the schema beside it."""
    from mlscore.cli.schema import schema_text
    from mlscore.diagnostics import shown_path
    from mlscore.template import SCHEMA_FILE, schema_file, template

    named(file)
    folder = os.path.dirname(file)
    chosen = chosen_rubric(rubric)
    ref = reference(rubric, folder) if rubric is not None else chosen.id
    other, known = _known(chosen, from_) if from_ is not None else (None, None)
    given = (project or "").strip() or (other.project if other else "")
    name = given or os.path.basename(os.path.abspath(folder)) or "my-model"
    schema = schema_file(chosen, text_of(os.path.join(folder, SCHEMA_FILE)))
    texts = {
        os.path.join(folder, schema): schema_text(rubric),
        file: template(chosen, ref, name, schema, known),
    }
    check_targets(texts, [*chosen.files, *([from_] if from_ else [])])
    write_new(texts, file, force=force)
    shown = shown_path(file)
    if known is not None and known.suggestions:
        tests = plural(len(known.suggestions), "test")
        say(f"{shown_path(known.origin)} has answers related to {tests}: see the comments in {shown}")
    elif known is not None:
        say(f"{shown_path(known.origin)} has no answer related to these tests, so nothing is suggested")
    say(f"Wrote {shown}. Answer the tests in it, then run: mlscore assess {shown}")
    return ExitCode.OK


def _known(rubric: "Rubric", path: str) -> "tuple[Project, Known]":
    from mlscore.crosswalk import suggest
    from mlscore.loading import open_project
    from mlscore.template import Known

    other, project = open_project(path)
    return project, Known(path, suggest(rubric, other, project))
