"""The file that mlscore's own pytest plugin writes (`--mlscore-json`): marked tests and what became of them.

It tells what JUnit XML cannot: what was not run, deselected or not collected, how the run ended, which test passed
only when it was run again, and which passed although it was expected to fail.
"""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from mlscore.evidence import strict_json
from mlscore.evidence.moments import moment
from mlscore.evidence.patterns import listed, without_parameters
from mlscore.evidence.reading import Moment, Reading, Shows, Unreadable, inconclusive
from mlscore.evidence.shapes import text, texts, texts_by_name, things_by_name, truth, whole
from mlscore.project import Evidence
from mlscore.text import plural

SHOWS: Shows = "result"
MAX_BYTES = strict_json.MAX_BYTES
SCHEMA = "mlscore/pytest/1"
ENDINGS = {
    None: "the run did not come to its end",
    2: "the run was interrupted",
    3: "the run ended in an internal error of pytest",
    4: "pytest was called wrongly",
    5: "the run had no tests",
}
"""By exit status; 0 (all passed) and 1 (some failed) are proper ones."""


class Test(NamedTuple):
    """One marked test."""

    ids: list[str]
    outcome: str
    attempts: int


class Report(NamedTuple):
    """One run."""

    is_complete: bool
    """While a run goes on, the file says little more than that it is not."""
    when: Moment | None
    exitstatus: int | None
    deselected: list[str]
    not_run: frozenset[str]
    collect_errors: int
    unknown_ids: dict[str, list[str]]
    """Tests by ids that the plugin did not know: a rubric of one's own may."""
    tests: dict[str, Test]


def parse(raw: bytes) -> Report:
    """Read one file. Raises Unreadable for what the plugin does not write."""
    data = strict_json.loads(raw)
    schema = data.get("schema") if isinstance(data, dict) else None
    if not isinstance(schema, str) or not schema.startswith("mlscore/pytest/"):
        raise Unreadable("it was not written by mlscore's pytest plugin")
    if schema != SCHEMA:
        raise Unreadable(f"it was written by another version of the plugin: its schema is not {SCHEMA}")
    return Report(
        is_complete=truth(data, "complete"),
        when=moment(text(data, "finished")) or moment(text(data, "started")),
        exitstatus=whole(data, "exitstatus"),
        deselected=texts(data, "deselected"),
        not_run=frozenset(texts(data, "not_run")),
        collect_errors=len(texts(data, "collect_errors")),
        unknown_ids=texts_by_name(data, "unknown_ids"),
        tests={
            name: Test(texts(test, "ids"), text(test, "outcome") or "", whole(test, "attempts") or 1)
            for name, test in things_by_name(data, "tests").items()
        },
    )


def judge(files: Sequence[Report], _entry: Evidence, test_id: str) -> Reading:
    """Judge the tests marked with the id.

    A failure contradicts, even in a run that was cut short. Otherwise all of them must have had their turn: a run
    that did not end well, and tests that may be missing from it, show nothing.
    """
    if len(files) != 1:
        return inconclusive("it names several files; name one")
    report = files[0]
    marked = {name: test for name, test in report.tests.items() if test_id in test.ids}
    marked |= {name: report.tests[name] for name in report.unknown_ids.get(test_id, ()) if name in report.tests}
    counts = Counter(test.outcome for test in marked.values())
    passed = counts["passed"] + counts["xpassed"]
    failed = [_shown(name) for name, test in marked.items() if test.outcome in {"failed", "error"}]
    if failed:
        reason = f"{len(failed)} of {plural(len(marked), 'test')} failed: {listed(failed)}"
        return Reading("contradicted", reason, passed, report.when)
    doubt = _doubt(report, test_id, marked)
    if doubt:
        return inconclusive(doubt)
    reason = _reason(
        passed, counts, sum(test.attempts > 1 for test in marked.values() if test.outcome == "passed")
    )
    return Reading("verified" if passed else "inconclusive", reason, passed, report.when)


def _doubt(report: Report, test_id: str, marked: dict[str, Test]) -> str | None:
    """Return why tests of which none failed show nothing, None when they may."""
    known = {"passed", "xpassed", "skipped", "xfailed"}
    waiting = [
        _shown(name) for name, test in marked.items() if test.outcome not in known or name in report.not_run
    ]
    out = [name for name in report.deselected if name not in report.tests or name in marked]
    if report.collect_errors:
        return f"{plural(report.collect_errors, 'module')} did not load: marked tests may be missing"
    if report.exitstatus not in {0, 1}:
        return ENDINGS.get(report.exitstatus, "the run ended with an unknown exit status")
    if waiting:
        return f"{len(waiting)} of {plural(len(marked), 'test')} did not run: {listed(waiting)}"
    if not report.is_complete:
        return ENDINGS[None]
    if out:
        return f"{plural(len(out), 'marked test')} deselected, perhaps of {test_id}: {listed([*map(_shown, out)])}"
    return None if marked else f"no test is marked with {test_id}"


def _reason(passed: int, counts: Counter[str], rerun: int) -> str:
    """Say how many tests passed, and what became of the rest."""
    parts = {
        "after a rerun": rerun,
        "although expected to fail": counts["xpassed"],
        "skipped": counts["skipped"],
        "failed as expected": counts["xfailed"],
    }
    rest = [f"{count} {what}" for what, count in parts.items() if count]
    if not passed:
        return f"no test passed: {', '.join(rest)}"
    return ", ".join([f"{plural(passed, 'test')} passed", *rest])


def _shown(nodeid: str) -> str:
    """Return a node id without parameters, which hold data."""
    path, sign, name = nodeid.partition("::")
    return f"{path}{sign}{without_parameters(name)}"
