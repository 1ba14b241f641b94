"""The three ways out: data to stdout, talk to stderr, reports to files."""

import os
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence

from mlscore.diagnostics import Diagnostic, shown_path
from mlscore.errors import MAX_SAID, ExitCode, InputError, OutputError, UsageError
from mlscore.files import STDIN, reason, repository_of, write_output
from mlscore.formats import Style
from mlscore.text import cut, disarmed, plural, visible

STDOUT = "-"
MAX_PROBLEMS = 20
"""Problems of one file that are listed; the rest are counted."""


def emit(text: str, *, exactly: bool = False) -> int:
    """Write data to stdout. A reader that has gone is no failure: the verdict stands. Raises OutputError.

    `exactly` is for machines: UTF-8 whatever the locale, the same bytes as in a file.
    """
    if sys.stdout is None:
        raise OutputError("stdout: not written: it is closed")
    try:
        if exactly:
            sys.stdout.flush()
            sys.stdout.buffer.write(text.encode())
        else:
            sys.stdout.write(text if _takes_unicode() else text.replace("→", "->"))
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise OutputError(f"stdout: not written: {reason(error)}") from None
    return ExitCode.OK


def say(message: str) -> None:
    """Say one line to the person, on stderr. Nobody listening is no failure."""
    line = disarmed(visible(message).replace("\n", " ").replace("\t", " "))
    try:
        print(cut(line), file=sys.stderr, flush=True)  # noqa: T201
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


def say_problems(error: InputError) -> None:
    """Say every problem of an input on a line of its own, at most twenty."""
    say_all(error.diagnostics)


def say_all(diagnostics: Sequence[Diagnostic], mark: str = "") -> None:
    """Say each on a line of its own, at most twenty; `mark` goes before what each says."""
    for diagnostic in diagnostics[:MAX_PROBLEMS]:
        say(str(diagnostic._replace(message=f"{mark}{diagnostic.message}")))
    rest = len(diagnostics) - MAX_PROBLEMS
    if rest > 0:  # beyond a point the rest is not even put into words
        noun = "more warning" if mark else "more problem"
        say(f"and {'at least ' if rest >= MAX_SAID - MAX_PROBLEMS else ''}{plural(rest, noun)}")


def write(path: str, text: str, *, exactly: bool = False) -> None:
    """Write a report to a file, whole or not at all, or to stdout when `path` is `-`."""
    if path == STDOUT:
        emit(text, exactly=exactly)
    else:
        write_output(path, text)


def named(file: str) -> None:
    """Refuse a place to write to that is no file. Raises UsageError."""
    if file == STDOUT or not file:
        raise UsageError("give the name of a file to write")


def write_new(texts: Mapping[str, str], main: str, *, force: bool) -> None:
    """Write files that are not there yet: `main`, which is somebody's work, and what is made to go with it.

    The same text again is no loss beside `main`. Raises UsageError when anything else would be overwritten,
    unless `force` is set; nothing is written then.
    """
    taken = [
        shown_path(path)
        for path, text in texts.items()
        if os.path.lexists(path) and (path == main or text_of(path) != text)
    ]
    if taken and not force:
        raise UsageError(f"{' and '.join(taken)}: already there; --force overwrites")
    for path, text in texts.items():
        write(path, text)


def text_of(path: str) -> str | None:
    """Return what a file holds; None when there is no such file, or none that can be read."""
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except (OSError, ValueError):
        return None


def check_targets(targets: Iterable[str], inputs: Iterable[str]) -> None:
    """Refuse to write over an input, or twice to one place. Raises OutputError."""
    taken = {place(path) for path in inputs if path != STDIN}
    for path in targets:
        where = path if path == STDOUT else place(path)
        if where in taken:
            why = "two reports for stdout" if path == STDOUT else "it is an input, or written already"
            raise OutputError(f"{shown_path(path)}: not written: {why}")
        taken.add(where)


def place(path: str) -> str:
    """Return what a path comes down to; a name that no file can have is its own place."""
    try:
        return path if "\0" in path else os.path.realpath(path)
    except OSError:  # the folder we are in was deleted
        return path


def stdout_style(color: str, *, many: bool = False) -> Style:
    """Find out what the terminal can show: its width, colours and alphabet."""
    return Style(_width(), _colored(color), _takes_unicode(), many, repository())


def file_style(*, many: bool = False) -> Style:
    """The style of text in a file: no colour, 80 columns, Unicode."""
    return Style(width=80, many=many, root=repository())


def repository() -> str:
    """Find the repository of the current folder: where CI says it is, else the nearest folder with a .git."""
    folder = os.environ.get("GITHUB_WORKSPACE") or os.environ.get("CI_PROJECT_DIR") or ""
    if folder and os.path.isdir(folder):
        return os.path.abspath(folder)
    try:
        return repository_of(os.getcwd())
    except OSError:  # deleted under us
        return ""


def page_width() -> int:
    """The columns that running text is folded to: the terminal's, but no more than read well."""
    return max(40, min(_width(), 88))


def _width() -> int:
    """COLUMNS where it is set, else the terminal's width, else 80."""
    return shutil.get_terminal_size().columns


def _takes_unicode() -> bool:
    return (getattr(sys.stdout, "encoding", None) or "").lower().startswith("utf")


def _is_terminal() -> bool:
    return sys.stdout is not None and sys.stdout.isatty()


def _colored(choice: str) -> bool:
    """Decide on colour: the option, then NO_COLOR, FORCE_COLOR and CLICOLOR, then the terminal."""
    environ = os.environ
    if choice != "auto":
        return choice == "always"
    if environ.get("NO_COLOR") or environ.get("TERM") == "dumb":
        return False
    if any(environ.get(name, "0") not in {"", "0"} for name in ("FORCE_COLOR", "CLICOLOR_FORCE")):
        return True
    return environ.get("CLICOLOR") != "0" and _is_terminal()
