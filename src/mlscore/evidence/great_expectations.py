"""Results of Great Expectations, 0.18 and 1.x. Pure.

Reads the file in a validation store, a dumped validation result, a dumped checkpoint result (0.18) and what
`describe()` of either says (1.x; it holds no time). Only the success of each expectation counts, never the
statistics beside them: an empty suite is a success to the tool, and shows nothing. A failure of any severity is
one. Several files all count: a glob over a store takes in its history.
"""

from collections.abc import Sequence
from typing import Any

from mlscore.evidence import loose_json, tallies
from mlscore.evidence.moments import moment
from mlscore.evidence.reading import Moment, Reading, Shows, Unreadable
from mlscore.evidence.tallies import Tally, mapping, sequence
from mlscore.project import Evidence

SHOWS: Shows = "result"
MAX_BYTES = loose_json.MAX_BYTES

_BLAME = "Great Expectations itself says that it failed"


def parse(raw: bytes) -> tuple[Tally, ...]:
    """Count each validation in a file. Raises Unreadable when it is none."""
    data = mapping(loose_json.loads(raw))
    if not isinstance(data.get("success"), bool):
        raise Unreadable("it is no result of Great Expectations")
    when = moment(mapping(data.get("run_id")).get("run_time"))
    runs = [_tally(mapping(validation), when) for validation in _validations(data)] or [Tally()]
    blame = "" if data["success"] else _BLAME
    return tuple(run._replace(blame=run.blame or blame) for run in runs)


def judge(files: Sequence[tuple[Tally, ...]], _entry: Evidence, _test_id: str) -> Reading:
    """Any expectation that failed or raised an error contradicts."""
    return tallies.judge(files, "expectation")


def _validations(data: dict[str, Any]) -> list[object]:
    """Return the validations of a file, by its shape."""
    if isinstance(runs := data.get("run_results"), dict):
        return [mapping(run).get("validation_result", run) for run in runs.values()]
    if isinstance(described := data.get("validation_results"), list):
        return described
    is_validation = isinstance(data.get("results"), list) and "meta" in data
    if "statistics" in data and (is_validation or isinstance(data.get("expectations"), list)):
        return [data]
    raise Unreadable("it is no result of Great Expectations")


def _tally(validation: dict[str, Any], when: Moment | None) -> Tally:
    """Count the expectations of one validation; `when` is the time of the checkpoint around it."""
    leaves = [mapping(leaf) for leaf in sequence(validation.get("results", validation.get("expectations")))]
    passed = sum(leaf.get("success") is True and not _raised(leaf) for leaf in leaves)
    failed = sum(leaf.get("success") is False or _raised(leaf) for leaf in leaves)
    is_clear = passed + failed == len(leaves) and isinstance(validation.get("success"), bool)
    meta = mapping(validation.get("meta"))
    own = moment(mapping(meta.get("run_id")).get("run_time")) or moment(meta.get("validation_time"))
    return Tally(
        passed,
        failed,
        blame=_BLAME if validation.get("success") is False else "",
        unclear="" if is_clear else "a success in it is neither true nor false",
        when=own or when,
    )


def _raised(leaf: dict[str, Any]) -> bool:
    """Tell an expectation that raised an error. 1.x keeps one record, or several, each under a name of its own."""
    info = mapping(leaf.get("exception_info"))
    records = (info, *(mapping(record) for record in info.values()))
    return any(record.get("raised_exception", False) not in (False, None) for record in records)
