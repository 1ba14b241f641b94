"""Starts a command, and turns every way it can end into an exit code.

Commands live in a module each and only go from options to load, assess, write and a code. Only the gate ends
with 1; what a person can mend and what mlscore got wrong end with 2, never with a traceback.
"""

import os
import sys
from collections.abc import Sequence

from mlscore.cli.output import say, say_problems
from mlscore.errors import ExitCode, InputError, MlscoreError
from mlscore.files import reason


def main(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code."""
    _prepare_streams()
    try:
        return _command(arguments)
    except InputError as error:
        say_problems(error)
    except MlscoreError as error:
        say(f"mlscore: {error}")
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except OSError as error:  # typer writes help by itself
        say(f"mlscore: {reason(error)}")
    except Exception as error:
        if os.environ.get("MLSCORE_DEBUG"):
            raise
        say(f"mlscore: internal error, please report it: {type(error).__name__} (MLSCORE_DEBUG=1 shows where)")
    return ExitCode.ERROR


def settle(code: int) -> int:
    """Flush stdout while a failure can still be told; Python would end with 120 and a traceback."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            say(f"mlscore: stdout: not written: {reason(error)}")
            return ExitCode.ERROR
    return code


def _command(arguments: Sequence[str]) -> int:
    from typer import Abort, TyperException
    from typer.main import get_command

    from mlscore.cli.app import COMMANDS, app

    # Plugins of the environment have no business with a project's files, and looking for them costs time.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    out = sys.stdout
    # Help, completion and what is no command need all of them.
    only = [name for name in arguments[:1] if name in COMMANDS and "_MLSCORE_COMPLETE" not in os.environ]
    try:
        code = get_command(app(only or COMMANDS)).main(list(arguments), prog_name="mlscore", standalone_mode=False)
    except TyperException as error:
        show = getattr(error, "show", None)  # usage errors know the usage line and the way to help
        show() if show else say(f"mlscore: {error}")
        return ExitCode.ERROR
    except Abort:
        return ExitCode.INTERRUPTED
    except SystemExit as stop:
        # typer ends with 1 when the reader of its help has gone; that is nobody's failure.
        return ExitCode.OK if sys.stdout is not out or not stop.code else ExitCode.ERROR
    return int(code or ExitCode.OK)


def _prepare_streams() -> None:
    """Make any text printable on any stream; with no stderr, say things to nobody rather than to stdout."""
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - stays open to the end
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
