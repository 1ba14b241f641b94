"""What keeps a report from its full points, as findings at a place in a file: for CI systems. Pure."""

import os
from enum import Enum
from typing import NamedTuple

from mlscore.report import Report, TestScore
from mlscore.text import number, one_line, points, shortened
from mlscore.verification import shortfall

MAX_NAME = 80
"""Characters of a project's name in a finding."""


class Weight(Enum):
    """How much a finding matters. Each format has its own words for it."""

    GATE = "gate"
    """The gate is not met."""
    LACKING = "lacking"
    """The test earns nothing, or its evidence does not back what is claimed."""
    PARTIAL = "partial"
    """The test earns something, but could earn more."""


class Finding(NamedTuple):
    """One thing that falls short."""

    rule: str
    """A test's id, or `gate`. Stable: CI systems recognise a finding by it."""
    weight: Weight
    message: str
    path: str
    """Relative to the repository, with forward slashes; as it is on the disk, not made safe to show."""
    line: int
    category: str = ""
    """Id of the test's category; empty for the gate."""


def findings(report: Report, root: str = "") -> tuple[Finding, ...]:
    """List the gate, if it is not met, then every test that is short of points or of backing, in rubric order.

    `root` is the absolute path of the repository that places are relative to.
    """
    path = in_repository(report.project.source.path, root)
    failures = report.gate.failures if report.gate else ()
    message = one_line(f"{_name(report)}: {'; '.join(failures)}")
    gate = [Finding("gate", Weight.GATE, message, path, _line(report, "gate"))] if failures else []
    tests = [
        Finding(
            test.test.id,
            Weight.PARTIAL if test.points and test.is_backed else Weight.LACKING,
            _message(report, test),
            path,
            report.line(test) or _line(report, "answers"),
            item.category.id,
        )
        for item in report.categories
        for test in item.tests
        if test.points < test.attainable or not test.is_backed
    ]
    return (*gate, *tests)


def in_repository(path: str, root: str) -> str:
    """Return a path relative to the repository; as it is given when it lies outside or nothing is known.

    Links on the way to the file are followed, those to the repository too; the file's own name stays.
    """
    if path == "<stdin>":
        return "stdin"
    if root:
        folder, name = os.path.split(os.path.abspath(path))
        relative = os.path.relpath(os.path.join(os.path.realpath(folder), name), os.path.realpath(root))
        path = path if relative.split(os.sep)[0] == os.pardir else relative
    return os.path.normpath(path).replace(os.sep, "/")


def _message(report: Report, item: TestScore) -> str:
    has = f"{item.status}, {points(item.points)} of {number(item.max_points)}"
    if not item.is_backed:
        has += f"; {shortfall(item)}"
    return one_line(f"{_name(report)}: {item.test.title} ({has})")


def _name(report: Report) -> str:
    """The project's name, short enough to leave room for what is said of it."""
    return shortened(report.project.project, MAX_NAME)


def _line(report: Report, key: str) -> int:
    return report.project.source.place(key)
