"""Many project files to rows, across the cores: read, checked, scored. The only module that starts processes.

`row` is all there is to a file: a function of plain values that gives one, so that any engine can spread it.
"""

import gc
import multiprocessing
import os
import signal
from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from functools import cache, partial
from hashlib import blake2b
from typing import NamedTuple

from mlscore.diagnostics import shown_path
from mlscore.errors import InputError, MlscoreError, UsageError
from mlscore.files import read_input
from mlscore.gate import Policy, check_score, judge
from mlscore.loading import is_path, load_rubric, parse_project, read_rubric
from mlscore.loading.document import MAX_BYTES
from mlscore.loading.quick import Answers, read_quickly
from mlscore.portfolio import Refused, Row, row_of
from mlscore.project import Project, tier_id
from mlscore.rubric import Rubric
from mlscore.scoring import assess, declares_evidence, score
from mlscore.text import plural, said

ENOUGH = 200
"""Files from which on further processes pay."""
CHUNK = 32
"""Files that a process takes at a time."""
MAX_KNOWN = 5_000
"""Contents whose rows a process remembers."""
MAX_MESSAGES = 20
"""Problems of a file that are kept."""


class Task(NamedTuple):
    """What is asked of every file."""

    rubric: str | None = None
    """The rubric to score with, instead of the one that the file names."""
    fail_under: Fraction | None = None
    min_tier: str | None = None
    as_of: date | None = None
    """The day of the assessment, today (UTC) when absent."""
    verify: bool = False
    """Whether evidence is read."""


Result = Row | Refused


def row(path: str, task: Task) -> Result:
    """Assess one project file. Never raises for what is wrong with it."""
    try:
        return _row(path, task)
    except InputError as error:
        messages = [str(problem) for problem in error.diagnostics[:MAX_MESSAGES]]
        rest = len(error.diagnostics) - len(messages)
        return Refused(path, (*messages, *([f"and {plural(rest, 'more problem')}"] if rest else [])))
    except (MlscoreError, ValueError) as error:
        return Refused(path, (f"{shown_path(path)}: {said(error)}",))


def rows(paths: Sequence[str], task: Task, jobs: int, rubrics: dict[str, Rubric]) -> Iterator[Result]:
    """Assess files in any order, as they are done; `rubrics` gets the rubric of each digest in the rows."""
    chunks = [paths[start : start + CHUNK] for start in range(0, len(paths), CHUNK)]
    if jobs == 1 or len(paths) < ENOUGH:
        for chunk in chunks:
            yield from _received(_chunk(task, chunk), rubrics)
        return
    # Forked processes have everything imported; where there is no fork, each has to import it again.
    method = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
    gc.freeze()
    try:
        with multiprocessing.get_context(method).Pool(jobs, _prepare) as pool:
            for done in pool.imap_unordered(partial(_chunk, task), chunks):
                yield from _received(done, rubrics)
    finally:
        gc.unfreeze()


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _prepare() -> None:
    """Make a process of our own leave Ctrl-C to its parent, and not look for garbage that is not there."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()


_Chunk = tuple[list[Result], dict[str, str]]
"""Results, and the file of each rubric in them, by its digest."""


def _received(chunk: _Chunk, rubrics: dict[str, Rubric]) -> list[Result]:
    results, files = chunk
    for digest, file in files.items():
        if digest not in rubrics:
            rubrics[digest] = read_rubric(file)
    # One text for all rows of a rubric, not one each.
    shared = {digest: digest for digest in rubrics}
    return [
        result._replace(rubric=shared[result.rubric]) if isinstance(result, Row) else result for result in results
    ]


def _chunk(task: Task, paths: Sequence[str]) -> _Chunk:
    results = [row(path, task) for path in paths]
    digests = {result.rubric for result in results if isinstance(result, Row)}
    return results, {digest: _files[digest] for digest in digests}


_files: dict[str, str] = {}
_known: dict[tuple[bytes, Task], Row] = {}


def _row(path: str, task: Task) -> Row:
    raw = read_input(path, MAX_BYTES)
    key = blake2b(raw, digest_size=16).digest(), task
    if (known := _known.get(key)) is not None:
        return known._replace(path=path)
    folder = os.path.dirname(path)
    answers = None if task.verify else read_quickly(raw, partial(_named, folder, task.rubric))
    if answers is None or answers.rubric.require:
        rubric, found = _whole(path, raw, folder, task)
        _files[rubric.digest] = os.path.abspath(rubric.files[0])
        return found
    _files[answers.rubric.digest] = os.path.abspath(answers.rubric.files[0])
    found = _quick(path, answers, task)
    # Nothing beside the file has a say in its row, so the same content has the same row.
    if len(_known) < MAX_KNOWN and (task.rubric is not None or not is_path(answers.data.get("rubric") or "")):
        _known[key] = found
    return found


def _quick(path: str, answers: Answers, task: Task) -> Row:
    """Make the row of a file that needs no report: it sets no gate, and no evidence is read."""
    rubric = answers.rubric
    places = _placed.get(rubric.digest) or _placed.setdefault(rubric.digest, _places(rubric))
    categories = [0] * len(rubric.categories)
    statuses = bytearray([len(rubric.levels)]) * len(rubric.tests)
    for name, status in answers.statuses.items():
        category, test = places.tests[name]
        place, units = places.levels[status]
        categories[category] += units
        statuses[test] = place
    found = Row(
        path=path,
        project=answers.data["project"],
        owner=answers.data.get("owner") or "",
        rubric=rubric.digest,
        categories=tuple(categories),
        statuses=bytes(statuses),
        oldest=answers.oldest,
    )
    policy = Policy(task.fail_under, _tier(rubric, task.min_tier))
    if not policy.is_set:
        return found
    sums = {item.id: units * rubric.unit for item, units in zip(rubric.categories, categories, strict=True)}
    return found._replace(gate=check_score(rubric, score(rubric, sums), policy))


def _whole(path: str, raw: bytes, folder: str, task: Task) -> tuple[Rubric, Row]:
    """Make the row of any file by way of its report."""
    chosen = load_rubric(task.rubric) if task.rubric is not None else None
    rubric, project = parse_project(raw, path, folder, chosen)
    readings = None
    if task.verify and declares_evidence(project):
        from mlscore.evidence.gather import read_evidence

        readings = read_evidence(project)
    policy = Policy(task.fail_under, _tier(rubric, task.min_tier)).over(project.gate).requiring(rubric.required)
    report = judge(assess(rubric, project, task.as_of, readings), policy)
    return rubric, row_of(report, _oldest(project))


class _Places(NamedTuple):
    """Where tests and levels of a rubric stand in a row."""

    tests: dict[str, tuple[int, int]]
    """The place of its category and its own, by test id."""
    levels: dict[str, tuple[int, int]]
    """The place and the points in units, by level."""


_placed: dict[str, _Places] = {}


def _places(rubric: Rubric) -> _Places:
    every = enumerate(rubric.tests)
    homes = {test.id: place for place, category in enumerate(rubric.categories) for test in category.tests}
    levels = enumerate(rubric.levels.items())
    return _Places(
        {name: (homes[name], place) for place, name in every},
        {name: (place, int(level.points / rubric.unit)) for place, (name, level) in levels},
    )


def _named(folder: str, instead: str | None, name: str) -> Rubric | None:
    """Find the rubric of a file; None for one that the loader has to find, or to find fault with."""
    ref = name if instead is None else instead
    try:
        if not is_path(ref):
            return _builtin(ref)
        path = os.path.abspath(os.path.join(folder if instead is None else "", ref))
        return _read(path, os.stat(path).st_mtime_ns)
    except (MlscoreError, OSError):
        return None


@cache
def _read(path: str, changed: int) -> Rubric:  # noqa: ARG001 - one that was edited is another one
    return read_rubric(path)


@cache
def _builtin(name: str) -> Rubric:
    return load_rubric(name)


def _tier(rubric: Rubric, name: str | None) -> str | None:
    try:
        return None if name is None else tier_id(rubric, name)
    except ValueError as error:
        raise UsageError(f"--min-tier: {said(error)}") from None


def _oldest(project: Project) -> date | None:
    answers = [answer for answer in project.answers.values() if answer is not None]
    days = [day for answer in answers for day in (answer.date, *(entry.date for entry in answer.evidence or ()))]
    return min((day for day in days if day is not None), default=None)
