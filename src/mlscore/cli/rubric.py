"""`mlscore rubric`: the rubrics as documents, and the writing and checking of one's own."""

import os
from typing import Annotated

import typer

from mlscore.cli.options import chosen_format, chosen_rubric, day, format_option, one_of, reference
from mlscore.cli.output import (
    STDOUT,
    check_targets,
    emit,
    named,
    page_width,
    say,
    say_all,
    say_problems,
    write,
    write_new,
)
from mlscore.diagnostics import shown_path
from mlscore.errors import ExitCode, InputError, UsageError
from mlscore.text import listing

app = typer.Typer(
    help="List, show, write, check and compare rubrics.", no_args_is_help=True, rich_markup_mode=None
)


@app.command("list")
def list_() -> int:
    """List the built-in rubrics."""
    from mlscore import checklist
    from mlscore.loading import builtin_rubrics

    return emit(checklist.rubric_table(builtin_rubrics()))


@app.command()
def show(
    rubric: Annotated[
        str | None,
        typer.Argument(help="Rubric: a built-in id or a path.", show_default=False),
    ] = None,
    format_: Annotated[
        str, typer.Option("--format", "-f", metavar="text|markdown|csv", help="How to show it.")
    ] = "text",
) -> int:
    """Show a rubric as text, or the whole checklist as Markdown or CSV."""
    from mlscore import checklist

    one_of("--format", format_, ("text", "markdown", "csv"))
    chosen = chosen_rubric(rubric)
    if format_ == "csv":
        return emit(checklist.as_csv(chosen))
    return emit(
        checklist.as_markdown(chosen) if format_ == "markdown" else checklist.outline(chosen, page_width())
    )


@app.command()
def new(
    file: Annotated[str, typer.Argument(help="Where to write it.")] = "rubric.yaml",
    extends: Annotated[
        str | None,
        typer.Option(metavar="ID|FILE", help="Build on this rubric.  [default: none, a complete rubric]"),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite what is there.")] = False,
) -> int:
    """Write a commented rubric to start from, with its schema."""
    from mlscore import rubric_template

    named(file)
    folder, base = os.path.split(file)
    stem = os.path.splitext(base)[0]
    rubric_id = rubric_template.identifier(stem)
    if extends is None:
        text = rubric_template.complete(rubric_id, stem)
    else:
        extended = chosen_rubric(extends)
        check_targets([file, os.path.join(folder, rubric_template.SCHEMA_FILE)], extended.files)
        text = rubric_template.extension(rubric_id, stem, extended, reference(extends, folder))
    write_new({os.path.join(folder, rubric_template.SCHEMA_FILE): _schema(), file: text}, file, force=force)
    shown = shown_path(file)
    say(f"Wrote {shown}. Change what you like, then run: mlscore rubric check {shown}")
    return ExitCode.OK


@app.command()
def schema() -> int:
    """Print the JSON Schema of rubric files, for editors."""
    return emit(_schema())


def _schema() -> str:
    import json

    from mlscore.schema import rubric_schema

    return json.dumps(rubric_schema(), indent=2) + "\n"


@app.command()
def check(file: Annotated[str, typer.Argument(help="Rubric file, or a built-in id.")]) -> int:
    """Check a rubric: what is wrong, doubtful or missing, each with its line."""
    from mlscore.loading import check_rubric, is_path, load_rubric
    from mlscore.text import number, plural

    if not is_path(file) and not os.path.lexists(file):
        file = load_rubric(file).files[0]
    rubric, doubts = check_rubric(file)
    say_all(doubts, "warning: ")
    tests, scale = plural(len(rubric.tests), "test"), number(rubric.max_score)
    facts = [f"{rubric.id}, version {rubric.version}", tests, f"scale 0 to {scale}", rubric.short_digest]
    if doubts:
        facts.append(plural(len(doubts), "warning"))
    return emit(f"{shown_path(file)}: ok: {', '.join(facts)}\n")


@app.command()
def diff(
    old: Annotated[str, typer.Argument(help="Rubric as it was: a built-in id or a path.")],
    new: Annotated[str, typer.Argument(help="Rubric as it is to be.")],
    more: Annotated[
        list[str] | None, typer.Argument(metavar="[PATH]...", help="Further project files or folders.")
    ] = None,
    projects: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH...", help="Project files, or folders of them: whose score would change, and why."
        ),
    ] = None,
    format_: Annotated[str | None, format_option("text|markdown|json")] = None,
    output: Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="Where to write it.")] = STDOUT,
    as_of: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="Day of the assessments.  [default: today, UTC]")
    ] = None,
) -> int:
    """Compare two rubrics, and what they make of projects.

    Of a folder, files named project.yaml, mlscore.yaml or *.mlscore.yaml are read.
    """
    from mlscore.cli.evidence import readings
    from mlscore.files import project_files
    from mlscore.formats.rubric_diff import FORMATS, render
    from mlscore.loading import open_project
    from mlscore.rubric_diff import Compared, compare, effect

    before, after = chosen_rubric(old), chosen_rubric(new)
    named_paths = [*(projects or []), *(more or [])]
    paths = list(dict.fromkeys(path for given in named_paths for path in project_files(given)))
    if named_paths and not paths:
        raise UsageError(f"--projects: no project file in {listing(map(shown_path, named_paths), 'and')}")
    name = chosen_format(format_, output, FORMATS, [*before.files, *after.files, *paths])
    on = day("--as-of", as_of)
    effects, refused = [], []
    for path in paths:
        try:
            project = open_project(path)[1]
        except InputError as error:
            say_problems(error)
            refused.append((path, tuple(str(problem) for problem in error.diagnostics)))
            continue
        effects.append((project, effect(before, after, project, on, readings(project))))
    found = Compared(before, after, compare(before, after), tuple(effects), tuple(refused))
    write(output, render(name, found, page_width()))
    return ExitCode.ERROR if refused else ExitCode.OK
