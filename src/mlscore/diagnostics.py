"""Where a problem is and what to do about it. Shows itself as `path:line:column: message`."""

from typing import NamedTuple

from mlscore.text import cut, one_line, visible


class Location(NamedTuple):
    """A place in a file. Lines and columns count from 1; 0 means the file as a whole."""

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        path = shown_path(self.path)
        if not self.line:
            return path
        return f"{path}:{self.line}:{self.column}" if self.column else f"{path}:{self.line}"


class Diagnostic(NamedTuple):
    """One problem of an input file: where, what is wrong, and what to write instead (`help`)."""

    location: Location
    message: str
    help: str = ""

    def __str__(self) -> str:
        """One line, at most 300 characters."""
        text = f"{self.message}; {self.help}" if self.help else self.message
        return cut(f"{self.location}: {one_line(text)}")


def shown_path(path: str) -> str:
    """Return a path as it may be shown: visible, on one line, never read as a CI command.

    A log line that begins with `::` is a command to GitHub's runner, and a file can have such a name.
    """
    shown = visible(path).replace("\n", "\\n").replace("\t", "\\t")
    return f"./{shown}" if shown.startswith("::") else shown or "''"
