"""`mlscore init`: the project file a team starts from, and the schema beside it."""

import os
from typing import Annotated

import typer

from mlscore.cli.options import RubricOption, chosen_rubric
from mlscore.cli.output import STDOUT, say, write
from mlscore.errors import ExitCode, UsageError


def init(
    file: Annotated[str, typer.Argument(help="Where to write it.")] = "project.yaml",
    rubric: RubricOption = None,
    project: Annotated[
        str | None, typer.Option(metavar="NAME", help="Name of the project.  [default: the folder's]")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite what is there.")] = False,
) -> int:
    """Write a commented project file with every test unanswered, and the schema beside it."""
    from mlscore.cli.schema import schema_text
    from mlscore.diagnostics import shown_path
    from mlscore.template import SCHEMA_FILE, template

    if file == STDOUT or not file:
        raise UsageError("give the name of a file to write")
    folder = os.path.dirname(file)
    chosen = chosen_rubric(rubric)
    ref = rubric if rubric is not None else chosen.id
    if rubric is not None and os.path.isfile(rubric):
        ref = os.path.relpath(rubric, folder or ".")
    name = (project or "").strip() or os.path.basename(os.path.abspath(folder)) or "my-model"
    texts = {
        os.path.join(folder, SCHEMA_FILE): schema_text(rubric),
        file: template(chosen, ref, name),
    }
    # The same schema again is no loss; a project file is always somebody's work.
    taken = [shown_path(path) for path, text in texts.items() if _is_other(path, text if path != file else None)]
    if taken and not force:
        raise UsageError(f"{' and '.join(taken)}: already there; --force overwrites")
    for path, text in texts.items():
        write(path, text)
    shown = shown_path(file)
    say(f"Wrote {shown}. Answer the tests in it, then run: mlscore assess {shown}")
    return ExitCode.OK


def _is_other(path: str, text: str | None) -> bool:
    """Tell whether something other than `text` is there already."""
    try:
        with open(path, encoding="utf-8") as file:
            return file.read() != text
    except FileNotFoundError:
        return False
    except (OSError, ValueError):
        return True
