"""Test results into answers: what each test that reports name becomes, and why others stay as they are. Pure.

Only a verified result answers, and only a test nobody has answered: what a person wrote is theirs.
"""

import fnmatch
import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from mlscore.diagnostics import Diagnostic, Location, shown_path
from mlscore.errors import UsageError
from mlscore.evidence import kind
from mlscore.evidence.reading import Reading, inconclusive
from mlscore.loading.editing import Change
from mlscore.project import Answer, Evidence, Project, test_id
from mlscore.rubric import UNANSWERED, Rubric
from mlscore.text import said


class ResultFile(NamedTuple):
    """A report of test results that was read."""

    path: str
    """As it was given, for messages."""
    kind: str
    """The kind of evidence it is: junit or pytest."""
    target: str
    """Its path from the project file, as evidence names it."""
    ids: frozenset[str]
    """The ids of tests in it, as they are written there."""
    parsed: Any
    """What its kind made of it."""

    @property
    def entry(self) -> tuple[str, str]:
        """The entry of evidence that names it."""
        return self.kind, self.target


class Collection(NamedTuple):
    """What reports do to a project."""

    changes: tuple[Change, ...]
    done: Mapping[str, str]
    """What each change does, in a line, by its key."""
    left: tuple[str, ...]
    """What stays although a report names it, and what else a person should know, in lines."""
    unknown: tuple[Diagnostic, ...]
    """Ids that the rubric does not have."""


def collect(rubric: Rubric, project: Project, files: Iterable[ResultFile], *, force: bool = False) -> Collection:
    """Judge the results for each test as evidence is judged, and turn what is verified into answers.

    A test without an answer gets the level that results back, an answer of that level gains the evidence, and any
    other answer stays unless `force` is set. Raises UsageError when results back no level of the rubric.
    """
    level = answered_level(rubric)
    given = list({file.entry: file for file in files}.values())
    ids = [{rubric.test_ids.get(name) for name in file.ids} for file in given]
    changes: dict[str, Change] = {}
    done: dict[str, str] = {}
    left: list[str] = []
    timeless: dict[str, None] = {}
    for name in rubric.tests:
        backing, reasons = _backing(name, [file for file, known in zip(given, ids, strict=True) if name in known])
        left += reasons
        answer = project.answers.get(name)
        status = answer.status if answer else UNANSWERED
        new = [(file, reading) for file, reading in backing if not _has(answer, file.entry)]
        if not backing or (status == level and not new):
            continue
        if status not in {UNANSWERED, level} and not force:
            left.append(f"{name}: {status}, kept; --force overwrites")
            continue
        key = project.source.keys.get(name, name)
        changes[name] = Change(key, level, tuple(file.entry for file, _ in new))
        done[key] = _told(name, status, level, [file for file, _ in new])
        timeless |= dict.fromkeys(file.path for file, reading in new if reading.when is None)
    left += [
        f"{shown_path(path)}: it holds no time; it counts as verified once its entry has a date"
        for path in timeless
    ]
    unknown = (problem for file in given for problem in _unknown(rubric, file))
    return Collection(tuple(_placed(rubric, project, changes)), done, tuple(left), tuple(unknown))


def ids_in(name: str, parsed: Any) -> frozenset[str]:  # noqa: ANN401 - each kind has a shape of its own
    """Return the ids that the tests of a report carry, as they are written there."""
    if name == "junit":
        return frozenset(parsed.by_id)
    return frozenset(parsed.unknown_ids).union(*(test.ids for test in parsed.tests.values()))


def answered_level(rubric: Rubric) -> str:
    """Return the level that results answer with, the highest they back. Raises UsageError when there is none."""
    for level in reversed(rubric.ladder):
        if rubric.levels[level].backed_by == "result":
            return level
    raise UsageError(f"{rubric.id}: no level of this rubric is backed by results, so they answer nothing")


def _backing(name: str, files: Sequence[ResultFile]) -> tuple[list[tuple[ResultFile, Reading]], list[str]]:
    """Return the files whose results verify a test, and in lines what the others say.

    One contradiction outweighs all, as it does in the verified score.
    """
    judged = [(file, _judge(name, file)) for file in files]
    backing = [(file, reading) for file, reading in judged if reading.outcome == "verified"]
    if any(reading.outcome == "contradicted" for _, reading in judged):
        backing = []
    lines = [
        f"{name}: left as it is; {shown_path(file.path)}: {reading.outcome}: {reading.reason}"
        if not backing
        else f"{name}: {shown_path(file.path)} adds nothing: {reading.outcome}: {reading.reason}"
        for file, reading in judged
        if reading.outcome != "verified"
    ]
    return backing, lines


def _judge(name: str, file: ResultFile) -> Reading:
    entry = Evidence.model_validate({file.kind: file.target})
    reading = kind(file.kind).judge([file.parsed], entry, name)
    if name in file.ids or reading.outcome != "inconclusive":
        return reading
    return inconclusive(f"its tests are marked with another name of {name}; mark them with {name}")


def _told(name: str, status: str, level: str, files: Sequence[ResultFile]) -> str:
    shown = ", ".join(f"{file.kind} {shown_path(file.target)}" for file in files)
    if status == level:
        return f"{name}: {level}, now with {shown}"
    return f"{name}: {status}, now {level}" + (f" with {shown}" if shown else "")


def _has(answer: Answer | None, entry: tuple[str, str]) -> bool:
    """Whether an answer names a report already, by its path or (JUnit only) by a glob."""
    name, target = entry
    for item in (answer.evidence if answer else None) or ():
        is_same = posixpath.normpath(item.target) == posixpath.normpath(target)
        if item.kind == name and (is_same or (name == "junit" and _covers(item.target, target))):
            return True
    return False


def _covers(pattern: str, path: str) -> bool:
    """Whether a path, or a glob with `*`, `?`, `[]` and `**`, names a path."""
    parts = posixpath.normpath(path).split("/")
    reached = {0}
    for wanted in posixpath.normpath(pattern).split("/"):
        if wanted == "**":
            reached = set(range(min(reached, default=len(parts) + 1), len(parts) + 1))
        else:
            reached = {at + 1 for at in reached if at < len(parts) and _fits(wanted, parts[at])}
    return len(parts) in reached


def _fits(wanted: str, part: str) -> bool:
    hidden = part.startswith(".") and not wanted.startswith(".")
    return not hidden and fnmatch.fnmatchcase(part, wanted)


def _unknown(rubric: Rubric, file: ResultFile) -> Iterator[Diagnostic]:
    for name in sorted(file.ids):
        try:
            test_id(rubric, name)
        except ValueError as error:
            yield Diagnostic(Location(file.path), said(error))


def _placed(rubric: Rubric, project: Project, changes: Mapping[str, Change]) -> Iterator[Change]:
    """Give new answers their places: behind the test before them, else behind their category, else at the end."""
    order = list(project.answers)
    for category in rubric.categories:
        tests = [test.id for test in category.tests]
        for index, name in enumerate(tests):
            if name in changes and name not in order:
                before = next((other for other in reversed(tests[:index]) if other in order), None)
                last = next((other for other in reversed(order) if other in tests), None)
                after = before or last
                order.insert(order.index(after) + 1 if after else len(order), name)
    behind = None
    for name in order:
        if name in project.answers:
            behind = project.source.keys.get(name, name)
        if name in changes:
            yield changes[name]._replace(after=behind)
