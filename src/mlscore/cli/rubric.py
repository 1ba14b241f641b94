"""`mlscore rubric`: the rubrics as documents, and the check of one's own."""

from typing import Annotated

import typer

from mlscore.cli.options import chosen_rubric, one_of
from mlscore.cli.output import emit, page_width

app = typer.Typer(help="List, show and check rubrics.", no_args_is_help=True, rich_markup_mode=None)


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
    """Show a rubric: its scale and tests as text, or the whole checklist as Markdown or CSV."""
    from mlscore import checklist

    one_of("--format", format_, ("text", "markdown", "csv"))
    chosen = chosen_rubric(rubric)
    if format_ == "csv":
        return emit(checklist.as_csv(chosen))
    return emit(
        checklist.as_markdown(chosen) if format_ == "markdown" else checklist.outline(chosen, page_width())
    )


@app.command()
def check(file: Annotated[str, typer.Argument(help="Rubric file.")]) -> int:
    """Check a rubric file: every problem with its line, or one line that says what it is."""
    from mlscore.diagnostics import shown_path
    from mlscore.loading import read_rubric
    from mlscore.text import number, plural

    rubric = read_rubric(file)
    tests, scale = plural(len(rubric.tests), "test"), number(rubric.max_score)
    return emit(f"{shown_path(file)}: ok: {rubric.id}, version {rubric.version}, {tests}, scale 0 to {scale}\n")
