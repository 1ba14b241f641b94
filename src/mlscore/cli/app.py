"""The commands of mlscore and the text above them, in the order of help.

Building a command costs time, and only one is ever run: each is imported when it is the one that was asked for.
"""

from collections.abc import Iterable
from importlib import import_module
from typing import Annotated

import typer

import mlscore
from mlscore.cli.output import emit

COMMANDS = {
    "init": ("init", "init", "Write a project file to start from."),
    "assess": ("assess", "assess", "Score project files, and hold them to a gate."),
    "plan": ("plan", "plan", "Find the cheapest way to a score or a tier."),
    "next": ("plan", "next_", "Name the next step."),
    "whatif": ("whatif", "whatif", "Show the score if answers were others."),
    "diff": ("diff", "diff", "Compare two files, or a file at two commits."),
    "history": ("history", "history", "Show the score along git's history."),
    "blame": ("history", "blame", "Name the commit behind each answer."),
    "portfolio": ("portfolio", "portfolio", "Show where many projects stand."),
    "collect": ("collect", "collect", "Turn test results into answers."),
    "explain": ("explain", "explain", "Explain one test of a rubric."),
    "rubric": ("rubric", "app", "List, show, write, check and compare rubrics."),
    "schema": ("schema", "schema", "Print the JSON Schema of project files."),
    "forecast": ("forecast", "forecast", "Tell when evidence goes stale."),
    "inject": ("inject", "inject", "Rewrite the report in a README."),
}
"""The module of each command below mlscore.cli, the name in it, and a line of help."""


def app(names: Iterable[str] = COMMANDS) -> typer.Typer:
    """Build the command line with the commands that are named."""
    built = typer.Typer(
        name="mlscore",
        help="Score an ML project with the ML Test Score: 28 tests, four categories, the lowest one counts.",
        epilog="Exit codes: 0 passed or no gate, 1 the gate is not met, 2 mlscore could not run.",
        context_settings={"help_option_names": ["-h", "--help"]},
        no_args_is_help=True,
        rich_markup_mode=None,  # plain help: rich would cost more than all the rest of it
        pretty_exceptions_enable=False,
        pretty_exceptions_show_locals=False,
    )
    built.callback()(_main)
    for name in names:
        module, attribute, help_ = COMMANDS[name]
        command = getattr(import_module(f"mlscore.cli.{module}"), attribute)
        if isinstance(command, typer.Typer):
            built.add_typer(command, name=name, short_help=help_)
        else:
            built.command(name, short_help=help_)(command)
    return built


def _show_version(value: bool) -> None:
    if value:
        emit(f"mlscore {mlscore.__version__}\n")
        raise typer.Exit


def _main(
    version: Annotated[
        bool,
        typer.Option("--version", help="Show the version and exit.", callback=_show_version, is_eager=True),
    ] = False,
) -> None:
    pass
