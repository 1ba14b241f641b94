"""dbt's run_results.json, of `dbt test` and `dbt build`. Pure.

Other commands overwrite the same file (a compile lists every test as a success), so the command must be one of
the two, and only a test's own `pass` counts. A warning is a failure, whatever dbt's exit code was. A model or hook
that ended in an error fails the run; a test that was skipped shows nothing. Needs the schema run-results v4 or
later (dbt 1.0): versions since then only added keys.
"""

import re
from collections.abc import Sequence
from typing import Any

from mlscore.evidence import strict_json, tallies
from mlscore.evidence.moments import moment
from mlscore.evidence.reading import Reading, Shows, Unreadable
from mlscore.evidence.tallies import Tally, mapping
from mlscore.project import Evidence

SHOWS: Shows = "result"
MAX_BYTES = strict_json.MAX_BYTES
OLDEST_SCHEMA = 4

_SCHEMA = re.compile(r"https://schemas\.getdbt\.com/dbt/run-results/v([0-9]{1,3})\.json")
_FAILED = frozenset({"fail", "error", "runtime error", "warn", "partial success"})
_IDLE = ("no-op", "reused")
"""Tests that dbt left out as nothing had changed: no pass, but no trouble."""


def parse(raw: bytes) -> tuple[Tally, ...]:
    """Count the tests of a run. Raises Unreadable when it is no run of dbt's tests."""
    data = mapping(strict_json.loads(raw))
    metadata = mapping(data.get("metadata"))
    schema = _SCHEMA.fullmatch(str(metadata.get("dbt_schema_version")))
    if schema is None or not isinstance(data.get("results"), list):
        raise Unreadable("it is no run_results.json of dbt")
    if int(schema[1]) < OLDEST_SCHEMA:
        raise Unreadable("it is of a dbt older than 1.0")
    if mapping(data.get("args")).get("which") not in ("test", "build"):
        raise Unreadable("dbt test or dbt build did not write it, but another command (a compile overwrites it)")
    results = [mapping(result) for result in data["results"]]
    tests = [result.get("status") for result in results if _is_test(result) and result.get("status") not in _IDLE]
    others = [result.get("status") for result in results if not _is_test(result)]
    has_error = any(isinstance(status, str) and status in _FAILED for status in others)
    tally = tallies.count(tests, "test", passed="pass", failed=_FAILED)
    blame = "a model or hook that dbt ran with the tests failed" if has_error else ""
    return (tally._replace(blame=blame, when=moment(metadata.get("generated_at"))),)


def judge(files: Sequence[tuple[Tally, ...]], _entry: Evidence, _test_id: str) -> Reading:
    """Any test that failed, warned or raised an error contradicts."""
    return tallies.judge(files, "test")


def _is_test(result: dict[str, Any]) -> bool:
    return str(result.get("unique_id")).startswith(("test.", "unit_test."))
