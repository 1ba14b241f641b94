"""Every way mlscore can stop: the exit codes and the exceptions that lead to them."""

from collections.abc import Iterable
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlscore.diagnostics import Diagnostic


MAX_SAID = 200
"""Problems of one validation that are put into words; a person is shown fewer."""


class ExitCode(IntEnum):
    """What the shell is told. Fixed: scripts rely on it."""

    OK = 0
    """The gate passed, or none was set."""
    GATE = 1
    """The gate is not met. Nothing else ever exits with 1."""
    ERROR = 2
    """mlscore could not run: usage, an input file that is wrong or missing, an internal error."""
    INTERRUPTED = 130
    """Ctrl-C."""


class MlscoreError(Exception):
    """Something a person can mend; its text says what and how."""


class UsageError(MlscoreError):
    """The command line asks for something that does not exist or does not fit together."""


class OutputError(MlscoreError):
    """A report could not be written."""


class InputError(MlscoreError):
    """An input file is wrong or missing; carries every problem found in it."""

    def __init__(self, diagnostics: "Iterable[Diagnostic]") -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("\n".join(str(diagnostic) for diagnostic in self.diagnostics))
