"""The formats of a report. Each is one module with `render(reports, style) -> str`, imported when asked for.

A new format is one module, one line in FORMATS and, if files of it have a suffix, one in SUFFIXES.
"""

import os
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from mlscore.report import Report

FORMATS = {
    "table": "mlscore.formats.table",
    "json": "mlscore.formats.json",
    "markdown": "mlscore.formats.markdown",
    "html": "mlscore.formats.html",
    "csv": "mlscore.formats.csv",
    "value": "mlscore.formats.value",
    "github": "mlscore.formats.github",
    "gitlab": "mlscore.formats.gitlab",
    "sarif": "mlscore.formats.sarif",
    "junit": "mlscore.formats.junit",
    "openmetrics": "mlscore.formats.openmetrics",
    "badge": "mlscore.formats.badge",
    "shields": "mlscore.formats.shields",
}
"""The name of each format and the module that renders it."""

SUFFIXES = {
    ".txt": "table",
    ".json": "json",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".csv": "csv",
    ".sarif": "sarif",
    ".xml": "junit",
    ".svg": "badge",
    ".prom": "openmetrics",
}
"""The format a file name stands for when none is given."""


class Style(NamedTuple):
    """How text may look where it goes. Only formats for people heed it."""

    width: int = 120
    color: bool = False
    unicode: bool = True
    many: bool = False
    """Several projects were asked for, even if only one could be read."""
    root: str = ""
    """Absolute path of the repository, for formats that point into its files."""


def render(name: str, reports: "Sequence[Report]", style: Style) -> str:
    """Render reports in the format `name`, with a final newline."""
    text: str = import_module(FORMATS[name]).render(reports, style)
    return text


def format_of(path: str) -> str | None:
    """Return the format a file's suffix stands for, if any."""
    return SUFFIXES.get(os.path.splitext(path)[1].lower())
