"""Any JSON file of a project's own, judged by the conditions the project states. Pure.

Without `checks` it shows nothing. `time` points to when the run was; without it the entry states its date.
"""

from collections.abc import Sequence

from mlscore.evidence import conditions, strict_json
from mlscore.evidence.moments import moment
from mlscore.evidence.reading import Moment, Reading, Shows, inconclusive
from mlscore.evidence.tallies import oldest
from mlscore.project import Evidence
from mlscore.text import quote

SHOWS: Shows = "result"
MAX_BYTES = strict_json.MAX_BYTES


def parse(raw: bytes) -> object:
    """Return the file's data. Raises Unreadable."""
    return strict_json.loads(raw)


def judge(files: Sequence[object], entry: Evidence, _test_id: str) -> Reading:
    """Every check must hold in every file; one that does not contradicts. The oldest file's time counts."""
    reading = conditions.judge(files, entry.checks)
    if entry.time is None or reading.outcome == "inconclusive":
        return reading
    try:
        return reading._replace(when=oldest([_time(data, entry.time) for data in files]))
    except conditions.Undecided as trouble:
        return reading if reading.outcome == "contradicted" else inconclusive(str(trouble))


def _time(data: object, pointer: str) -> Moment:
    found = moment(conditions.find(data, pointer))
    if found is None:
        raise conditions.Undecided(f"{quote(pointer)} is not a time, such as 2026-11-21T07:20:00Z")
    return found
