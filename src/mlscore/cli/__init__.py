"""The command line: starts it, and turns every way it can end into an exit code.

Commands live in a module each and only go from options to load, assess, write and a code. Only the gate ends
with 1; what a person can mend and what mlscore got wrong end with 2, never with a traceback.
"""

import gc
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from mlscore.errors import ExitCode, InputError, MlscoreError


def run() -> NoReturn:
    """Run the command line of this process and exit."""
    # Nothing cyclic piles up in one run: collecting it would cost a twentieth of start-up.
    gc.disable()
    code = main(sys.argv[1:])
    sys.exit(_closed(code))


def main(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code."""
    _prepare_streams()
    try:
        if list(arguments) == ["--version"]:
            return _version()
        return _command(arguments)
    except InputError as error:
        from mlscore.cli.output import say_problems

        say_problems(error)
    except MlscoreError as error:
        _say(str(error))
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except Exception as error:  # noqa: BLE001 - a bug of ours must not look like a verdict
        if os.environ.get("MLSCORE_DEBUG"):
            raise
        _say(f"internal error, please report it: {type(error).__name__} (MLSCORE_DEBUG=1 shows where)")
    return ExitCode.ERROR


def _version() -> int:
    """Answer before anything heavy is imported."""
    from mlscore import __version__
    from mlscore.cli.output import emit

    return emit(f"mlscore {__version__}\n")


def _command(arguments: Sequence[str]) -> int:
    from typer import Abort, TyperException
    from typer.main import get_command

    from mlscore.cli.app import app

    out = sys.stdout
    try:
        code = get_command(app).main(list(arguments), prog_name="mlscore", standalone_mode=False)
    except TyperException as error:  # usage: the message and how to get help
        show = getattr(error, "show", None)
        show() if show else _say(str(error))
        return ExitCode.ERROR
    except Abort:
        return ExitCode.INTERRUPTED
    except SystemExit as stop:
        # typer ends with 1 when the reader of its help has gone; that is nobody's failure.
        return ExitCode.OK if sys.stdout is not out else int(stop.code or 0) and ExitCode.ERROR
    return int(code or ExitCode.OK)


def _prepare_streams() -> None:
    """Make any text printable on any stream; with no stderr, say things to nobody rather than to stdout."""
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - stays open to the end
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _closed(code: int) -> int:
    """Flush stdout while a failure can still be told; Python would end with 120 and a traceback."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        if not isinstance(error, BrokenPipeError):
            _say(f"stdout: not written: {(error.strerror or 'failed').lower()}")
            return ExitCode.ERROR
    return code


def _say(message: str) -> None:
    from mlscore.cli.output import say

    say(f"mlscore: {message}")
