"""A block of a document between two markers, replaced. Pure: text in, text out.

<!-- mlscore:start -->
whatever stands here is rewritten
<!-- mlscore:end -->
"""

import re
from typing import NamedTuple

from mlscore.diagnostics import Diagnostic, Location
from mlscore.errors import InputError

_LINE = re.compile(r"[^\n]*\n|[^\n]+")  # as editors count: form feeds and the like end no line
_BLANK = " \t\r\n\ufeff"
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")


class Markers(NamedTuple):
    """The two comments around a block. Each stands alone on its line, once in the document."""

    start: str
    end: str

    @classmethod
    def named(cls, name: str) -> "Markers":
        """Make the markers of a name."""
        return cls(f"<!-- {name}:start -->", f"<!-- {name}:end -->")


def inject(document: str, block: str, markers: Markers, path: str) -> str:
    """Return the document with `block` between its markers; everything else stays as it is, line ends too.

    Doing it twice changes nothing. Raises InputError, with the lines in `path`, when a marker is missing,
    repeated or in the wrong order.
    """
    if any(line.strip() in markers for line in block.split("\n")):
        raise ValueError("the block holds one of its own markers")
    lines = _LINE.findall(document)
    places = {marker: [n for n, line in enumerate(lines) if line.strip(_BLANK) == marker] for marker in markers}
    problems = [problem for marker in markers for problem in _problems(marker, places[marker], markers, path)]
    if not problems and places[markers.start][0] > places[markers.end][0]:
        where = Location(path, places[markers.end][0] + 1)
        problems = [Diagnostic(where, f"{markers.end} stands before {markers.start}", "swap them")]
    if problems:
        raise InputError(problems)
    (start,), (end,) = places[markers.start], places[markers.end]
    newline = "\r\n" if lines[start].endswith("\r\n") else "\n"
    written = [f"{line}{newline}" for line in block.strip("\n").split("\n")]
    return "".join([*lines[: start + 1], *written, *lines[end:]])


def _problems(marker: str, places: list[int], markers: Markers, path: str) -> list[Diagnostic]:
    if not places:
        help_ = f"put {markers.start} and {markers.end} on lines of their own where the block belongs"
        return [Diagnostic(Location(path), f"the marker {marker} is missing", help_)]
    return [
        Diagnostic(
            Location(path, place + 1),
            f"the marker {marker} is repeated (first on line {places[0] + 1})",
            "keep one",
        )
        for place in places[1:]
    ]
