"""Evidently's results: TestSuite (0.4) and Report with tests (0.7), as JSON or as a stored snapshot. Pure.

A report without tests shows nothing, however its metrics look, nor does one with a test that was skipped. The
summary of 0.4 takes warnings for successes and leaves errors out, so the status of each test counts. `save_json`
of 0.7 writes no time.
"""

from collections.abc import Sequence
from typing import Any

from mlscore.evidence import loose_json, tallies
from mlscore.evidence.moments import moment
from mlscore.evidence.reading import Reading, Shows, Unreadable
from mlscore.evidence.tallies import Tally, mapping, sequence
from mlscore.project import Evidence

SHOWS: Shows = "result"
MAX_BYTES = loose_json.MAX_BYTES

_FAILED = frozenset({"FAIL", "WARNING", "ERROR"})


def parse(raw: bytes) -> tuple[Tally, ...]:
    """Count the tests of a file. Raises Unreadable when Evidently did not write it."""
    data = mapping(loose_json.loads(raw))
    statuses = [mapping(test).get("status") for test in _tests(data)]
    tally = tallies.count(statuses, "test", passed="SUCCESS", failed=_FAILED)
    return (tally._replace(when=moment(data.get("timestamp"))),)


def judge(files: Sequence[tuple[Tally, ...]], _entry: Evidence, _test_id: str) -> Reading:
    """Any test that failed, warned or raised an error contradicts."""
    return tallies.judge(files, "test")


def _tests(data: dict[str, Any]) -> list[object]:
    """Return the tests of a file, by its shape."""
    if isinstance(results := data.get("metric_results"), dict):  # 0.7: dump_dict, workspace
        return [test for result in results.values() for test in sequence(mapping(result).get("tests"))]
    if isinstance(suite := data.get("suite"), dict):  # 0.4: save, workspace
        return sequence(suite.get("test_results"))
    if isinstance(data.get("metrics"), list) or isinstance(data.get("summary"), dict):
        return sequence(data.get("tests"))
    raise Unreadable("it is no report of Evidently")
