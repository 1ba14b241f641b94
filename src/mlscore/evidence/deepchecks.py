"""Deepchecks' suite results, as `to_json(with_display=False)` writes them. Pure.

Each condition counts; a check without conditions shows nothing. Deepchecks' own `passed()` overlooks checks that
raised an error instead of a result. That may mean that something is broken, or only that the check does not apply,
so the suite is inconclusive until they are taken out. The file holds no time.
"""

from collections.abc import Sequence

from mlscore.evidence import loose_json, tallies
from mlscore.evidence.reading import Reading, Shows, Unreadable
from mlscore.evidence.tallies import Tally, mapping, sequence
from mlscore.project import Evidence
from mlscore.text import plural

SHOWS: Shows = "result"
MAX_BYTES = loose_json.MAX_BYTES

_FAILED = frozenset({"FAIL", "WARN", "ERROR"})


def parse(raw: bytes) -> tuple[Tally, ...]:
    """Count the conditions of a suite. Raises Unreadable when it is none."""
    data = mapping(loose_json.loads(raw))
    if data.get("type") != "SuiteResult" or not isinstance(data.get("results"), list):
        raise Unreadable("it is no suite result of Deepchecks")
    checks = [mapping(check) for check in data["results"]]
    conditions = [mapping(item) for check in checks for item in sequence(check.get("conditions_results"))]
    statuses = [condition.get("Status") for condition in conditions]
    tally = tallies.count(statuses, "condition", passed="PASS", failed=_FAILED)
    broken = sum(check.get("type") != "CheckResult" for check in checks)
    return (tally._replace(unclear=f"{plural(broken, 'check')} did not run") if broken else tally,)


def judge(files: Sequence[tuple[Tally, ...]], _entry: Evidence, _test_id: str) -> Reading:
    """Any condition that failed, warned or raised an error contradicts."""
    return tallies.judge(files, "condition")
