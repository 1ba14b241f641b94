"""The pytest plugin: which tests stand for which ids of a rubric, and what became of them (docs/pytest.md).

Every pytest run of an environment that has mlscore imports it: the standard library and one constant, no more.
It judges no evidence and changes nothing a test does.
"""

from __future__ import annotations  # pytest before 7 imports this too, and lacks the types

import json
import os
import re
import sys
import warnings
from collections import Counter, defaultdict
from collections.abc import Generator, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest

from mlscore import __version__

ALIASES = {"infrastructure": "infra", "monitoring": "monitor"}
IDS = {
    f"{name}-{number}": f"{ALIASES.get(name, name)}-{number}"
    for name in ("data", "model", "infra", "monitor", *ALIASES)
    for number in range(1, 8)
}
"""The default rubric's ids of tests and their aliases: a copy, as reading the rubric would cost every run."""
WORST_FIRST = ("error", "failed", "not_run", "skipped", "xfailed", "xpassed", "passed")
WORDS = {"error": "in error", "not_run": "not run"}
ORDINARY_ENDS = (0, 1, 5)
"""Exit statuses of runs that came to their end: all passed, some failed, no tests."""
LOOKING = ("collectonly", "showfixtures", "show_fixtures_per_test", "cacheshow")
"""Options of runs that run no test: they write nothing."""
LISTED = 8
"""How many ids the summary line names."""
_ID = re.compile(r"[a-z][a-z0-9_-]{0,63}")  # as in mlscore.fields


class MlscoreWarning(pytest.PytestWarning):
    """A mark names something that is no id of a test."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option and the setting."""
    group = parser.getgroup("mlscore", "ML Test Score")
    group.addoption("--mlscore-json", metavar="PATH", help="write what became of the tests marked with mlscore")
    parser.addini("mlscore_ids", "ids of your own rubric, for the mlscore marker", type="args", default=[])


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker, and what records; in a worker of pytest-xdist it only hands over."""
    config.addinivalue_line(
        "markers", "mlscore(id, ...): the test stands for these ids of the ML Test Score, such as data-1"
    )
    recorder = _Worker if hasattr(config, "workerinput") else _Controller
    config.pluginmanager.register(recorder(config), "mlscore-recorder")


class _Marks:
    """What the marks of a run say."""

    def __init__(self, config: pytest.Config) -> None:
        own: list[str] = config.getini("mlscore_ids")
        if wrong := [name for name in own if not _ID.fullmatch(name)]:
            raise pytest.UsageError(f"mlscore_ids: '{_visible(wrong[0])}' cannot be an id")
        self.known = IDS | {name: name for name in own}
        self.gathered = False
        self.collected = 0
        self.selected: dict[str, set[str]] = defaultdict(set)
        self.deselected: dict[str, set[str]] = defaultdict(set)
        self.unknown: dict[str, set[str]] = defaultdict(set)

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> Generator[None, None, None]:
        """Read the marks when all others have marked, renamed and taken out; add the properties for JUnit."""
        before = list(items)
        yield
        kept = set(items)
        dropped = [item for item in before if item not in kept]
        self.gathered = True
        self.collected = len(items) + len(dropped)
        for tests, group in ((items, self.selected), (dropped, self.deselected)):
            for item in tests:
                marks = list(item.iter_markers("mlscore"))
                if marks:
                    ids = self._ids(marks, _visible(item.nodeid))
                    group[_visible(item.nodeid)] |= ids
                    properties = [("mlscore", name) for name in sorted(ids)]
                    item.user_properties += [pair for pair in properties if pair not in item.user_properties]

    def _ids(self, marks: list[pytest.Mark], nodeid: str) -> set[str]:
        """Return what a test stands for: aliases resolved, ids nobody knows included."""
        ids = set()
        for mark in marks:
            for value in [*mark.args, *(f"{key}=" for key in mark.kwargs)] or [""]:
                # Joined, a member of a text enum is plain text.
                name = "".join(value) if isinstance(value, str) else f"({type(value).__name__})"
                if _ID.fullmatch(name):
                    ids.add(self.known.get(name, name))
                if name not in self.known:
                    self.unknown[_visible(name)[:64]].add(nodeid)
        return ids


class _Worker(_Marks):
    """In a worker of pytest-xdist, which collects; the controller does not."""

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.gathered:
            session.config.workeroutput["mlscore"] = {  # type: ignore[attr-defined] # from pytest-xdist
                "collected": self.collected,
                "selected": _listed(self.selected),
                "deselected": _listed(self.deselected),
                "unknown": _listed(self.unknown),
            }


class _Controller(_Marks):
    """In the process that sees every result, and writes."""

    def __init__(self, config: pytest.Config) -> None:
        super().__init__(config)
        self.looking = any(getattr(config.option, name, None) for name in LOOKING)
        given: str | None = None if self.looking else config.option.mlscore_json
        if given is not None and not given.strip():
            raise pytest.UsageError("--mlscore-json needs the path of a file")
        self.shown = _visible(given or "")
        self.path = given and os.path.join(config.invocation_params.dir, os.path.expanduser(given))
        self.started = _now()
        self.phases: dict[str, dict[object, list[str]]] = defaultdict(lambda: defaultdict(list))
        self.reruns: Counter[str] = Counter()
        self.collect_errors: set[str] = set()
        self.interrupted = False
        self.properties: dict[str, set[str]] = defaultdict(set)
        self.troubles: list[str] = []
        self.document: dict[str, Any] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self) -> None:
        """Replace the last run's file, which would pass for this run's if this one dies."""
        try:
            self._record(None)
        except (OSError, ValueError) as error:
            raise pytest.UsageError(f"--mlscore-json {self.shown}: {_reason(error)}") from None

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Leave a run that has no use for it: not even a look at each report remains."""
        if not (self.path or self.selected or self.deselected):
            session.config.pluginmanager.unregister(self)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.collect_errors.add(_visible(report.nodeid) or ".")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember each phase of a test, by worker; of an attempt that is run again, only that it was made."""
        nodeid = _visible(report.nodeid)
        worker = getattr(report, "node", None)
        if worker is None and nodeid not in self.selected:
            return
        phases = self.phases[nodeid][worker]
        if report.outcome not in {"passed", "failed", "skipped"}:  # "rerun": a plugin's own word
            phases.clear()
            self.reruns[nodeid] += 1
        elif phase := _phase(report):
            phases.append(phase)
        for name, value in report.user_properties:
            if name == "mlscore":
                self.properties[nodeid].add(str(value))

    def pytest_keyboard_interrupt(self) -> None:
        """Remember Ctrl-C and pytest.exit, which may ask for exit status 0."""
        self.interrupted = True

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: object) -> None:
        """Take what a worker hands over: nothing if it crashed, the same twice if it was interrupted."""
        given = (getattr(node, "workeroutput", None) or {}).get("mlscore")
        if given:
            self.gathered = True
            self.collected = max(self.collected, given["collected"])
            for group in ("selected", "deselected", "unknown"):
                for name, values in given[group].items():
                    getattr(self, group)[name].update(values)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if not self.gathered:  # no worker lived to tell: what their reports brought is all there is
            self.selected = self.properties
        for name, tests in sorted(self.unknown.items()):
            message = _complaint(name, sorted(tests), self.known)
            try:
                warnings.warn_explicit(MlscoreWarning(message), None, min(tests).split("::")[0], 0)
            except MlscoreWarning:  # -W error: the run fails; passed on, it would crash pytest
                self.troubles.append(message)
                session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED
        try:
            self._record(int(session.exitstatus))
        except (OSError, ValueError) as error:
            self.troubles.append(f"{self.shown} is not written: {_reason(error)}")
            self.path = None
            session.exitstatus = session.exitstatus or pytest.ExitCode.USAGE_ERROR

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:  # noqa: ANN401 - public from pytest 8.2 on
        """Say in a line what the marked tests came to."""
        for trouble in self.troubles:
            terminalreporter.write_line(f"mlscore: error: {trouble}", red=True)
        used = self.path or self.selected or self.deselected
        fine = self.document["complete"] and not self.unknown
        if used and not self.looking:
            written = f"; written to {self.shown}" if self.path else ""
            terminalreporter.write_line(f"mlscore: {_summary(self.document)}{written}", yellow=not fine)

    def _record(self, exitstatus: int | None) -> None:
        """Make the document, and write it if asked to. Without an exit status the run has not ended."""
        outcomes = {nodeid: _outcome(self.phases[nodeid].values()) for nodeid in self.selected}
        not_run = sorted(nodeid for nodeid, outcome in outcomes.items() if outcome == "not_run")
        ended = self.gathered and exitstatus in ORDINARY_ENDS and not self.interrupted
        self.document = {
            "schema": "mlscore/pytest/1",
            "mlscore": __version__,
            "pytest": pytest.__version__,
            "python": ".".join(map(str, sys.version_info[:3])),
            "started": self.started,
            "finished": None if exitstatus is None else _now(),
            "complete": ended and not not_run and not self.collect_errors,
            "exitstatus": exitstatus,
            "collected": self.collected,
            "deselected": sorted(self.deselected),
            "not_run": not_run,
            "collect_errors": sorted(self.collect_errors),
            "unknown_ids": _listed(self.unknown),
            "tests": {
                nodeid: {
                    "ids": sorted(ids),
                    "outcome": outcomes[nodeid],
                    "attempts": self.reruns[nodeid] + any(self.phases[nodeid].values()),
                }
                for nodeid, ids in self.selected.items()
            },
        }
        if self.path:
            _replace(self.path, json.dumps(self.document, indent=2, sort_keys=True, allow_nan=False) + "\n")


def _phase(report: pytest.TestReport) -> str | None:
    """Return what one report says of its test: an outcome, that it was taken down, or nothing."""
    if report.failed:
        return "failed" if report.when == "call" else "error"
    if hasattr(report, "context"):  # a subtest, which says nothing of the whole unless it fails
        return None
    if report.skipped:
        return "xfailed" if hasattr(report, "wasxfail") else "skipped"
    if report.when == "call":
        return "xpassed" if hasattr(report, "wasxfail") else "passed"
    return "down" if report.when == "teardown" else None


def _outcome(workers: Iterable[list[str]]) -> str:
    """Return the worst that phases came to on any worker: `--dist each` runs a test on all of them."""
    outcomes = []
    for phases in filter(None, workers):
        worst = min((phase for phase in phases if phase != "down"), key=WORST_FIRST.index, default="not_run")
        ended = "down" in phases or worst in {"error", "failed"}
        outcomes.append(worst if ended else "not_run")
    return min(outcomes, key=WORST_FIRST.index, default="not_run")


def _complaint(name: str, tests: list[str], known: Iterable[str]) -> str:
    """Return what a person needs to know of a name that is no id."""
    from difflib import get_close_matches

    where = tests[0] if len(tests) == 1 else f"{tests[0]} and {len(tests) - 1} more"
    if near := get_close_matches(name.lower(), known, n=1):
        hint = f"did you mean '{near[0]}'?"
    elif _ID.fullmatch(name):
        hint = "ids of a rubric of your own belong in the setting mlscore_ids"
    else:
        hint = "write ids as text, such as 'data-1'"
    return f"unknown id '{name}' in the mlscore mark of {where}; {hint}"


def _summary(document: dict[str, Any]) -> str:
    """Return in one line what the marked tests came to."""
    tests = document["tests"].values()
    ids = sorted({name for test in tests for name in test["ids"]})
    listing = ", ".join(ids[:LISTED]) + (f" and {len(ids) - LISTED} more" if len(ids) > LISTED else "")
    stand = "1 test stands" if len(tests) == 1 else f"{len(tests)} tests stand"
    stand += f" for {len(ids)} id{'s' * (len(ids) != 1)}" + f": {listing}" * bool(ids)
    parts = [stand if tests else "no marked test"]
    outcomes = Counter(WORDS.get(test["outcome"], test["outcome"]) for test in tests)
    outcomes |= {"deselected": len(document["deselected"]), "not collected": len(document["collect_errors"])}
    if outcomes.total() == outcomes["passed"] > 0:
        parts.append("all passed")
    else:
        parts += [f"{count} {what}" for what, count in outcomes.items() if count and what != "passed"]
    if not document["complete"]:
        parts.append(f"incomplete (exit status {document['exitstatus']})")
    return "; ".join(parts)


def _replace(path: str, text: str) -> None:
    """Write a file whole or not at all. Raises OSError, and ValueError for what no file can be."""
    if os.path.lexists(path) and not (os.path.isfile(path) or os.path.islink(path)):
        raise ValueError("it is not a file")
    folder = os.path.dirname(path)
    os.makedirs(folder, exist_ok=True)
    temporary = os.path.join(folder, f".mlscore.{os.urandom(4).hex()}.tmp")
    try:
        with open(temporary, "x", encoding="utf-8") as file:
            file.write(text)
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def _reason(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error)).lower()


def _listed(sets: dict[str, set[str]]) -> dict[str, list[str]]:
    return {name: sorted(values) for name, values in sets.items()}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _visible(text: str) -> str:
    """Return text with what one cannot see as escapes."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)
