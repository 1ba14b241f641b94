"""The commands of mlscore and the text above them. Each command is registered here, in the order of help."""

from typing import Annotated

import typer

import mlscore
from mlscore.cli import (
    assess,
    collect,
    diff,
    explain,
    forecast,
    history,
    init,
    inject,
    plan,
    rubric,
    schema,
    whatif,
)
from mlscore.cli.output import emit

app = typer.Typer(
    name="mlscore",
    help="Score an ML project with the ML Test Score: 28 tests, four categories, the lowest one counts.",
    epilog="Exit codes: 0 passed or no gate, 1 the gate is not met, 2 mlscore could not run.",
    context_settings={"help_option_names": ["-h", "--help"]},
    no_args_is_help=True,
    rich_markup_mode=None,  # plain help: rich would cost more than all the rest of it
    pretty_exceptions_enable=False,
    pretty_exceptions_show_locals=False,
)


def _show_version(value: bool) -> None:
    if value:
        emit(f"mlscore {mlscore.__version__}\n")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool,
        typer.Option("--version", help="Show the version and exit.", callback=_show_version, is_eager=True),
    ] = False,
) -> None:
    pass


app.command("init", short_help="Write a project file to start from.")(init.init)
app.command("assess", short_help="Score project files, and hold them to a gate.")(assess.assess)
app.command("plan", short_help="Find the cheapest way to a score or a tier.")(plan.plan)
app.command("next", short_help="Name the next step.")(plan.next_)
app.command("whatif", short_help="Show the score if answers were others.")(whatif.whatif)
app.command("diff", short_help="Compare two files, or a file at two commits.")(diff.diff)
app.command("history", short_help="Show the score along git's history.")(history.history)
app.command("blame", short_help="Name the commit behind each answer.")(history.blame)
app.command("collect", short_help="Turn test results into answers.")(collect.collect)
app.command("explain", short_help="Explain one test of a rubric.")(explain.explain)
app.add_typer(rubric.app, name="rubric")
app.command("schema", short_help="Print the JSON Schema of project files.")(schema.schema)
app.command("forecast", short_help="Tell when evidence goes stale.")(forecast.forecast)
app.command("inject", short_help="Rewrite the report in a README.")(inject.inject)
