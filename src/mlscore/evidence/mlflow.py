"""An MLflow run as `mlflow runs describe` writes it, judged by the conditions the project states. Pure.

A run that finished shows only that something ran: without `checks` it is inconclusive. A failed or killed run
contradicts; a running or deleted one shows nothing. MLflow writes NaN for a diverged metric, which satisfies no
condition. `artifact_uri` and the like are never followed.
"""

from collections.abc import Sequence
from typing import Any

from mlscore.evidence import conditions, loose_json
from mlscore.evidence.moments import moment
from mlscore.evidence.reading import Reading, Shows, Unreadable, inconclusive
from mlscore.evidence.tallies import mapping, oldest
from mlscore.project import Evidence

SHOWS: Shows = "result"
MAX_BYTES = loose_json.MAX_BYTES

_FAILED = ("FAILED", "KILLED")


def parse(raw: bytes) -> dict[str, Any]:
    """Return the run. Raises Unreadable when it is none."""
    run = mapping(loose_json.loads(raw))
    if not isinstance(mapping(run.get("info")).get("status"), str) or not isinstance(run.get("data"), dict):
        raise Unreadable("it is no run as mlflow runs describe writes it")
    return run


def judge(files: Sequence[dict[str, Any]], entry: Evidence, _test_id: str) -> Reading:
    """Every run must have finished, and every check must hold in it. The oldest run's end counts."""
    infos = [run["info"] for run in files]
    when = oldest([moment(info.get("end_time")) for info in infos])
    if any(info.get("lifecycle_stage") != "active" for info in infos):
        return inconclusive("the run was deleted")
    if any(info["status"] in _FAILED for info in infos):
        return Reading("contradicted", "the run failed or was killed", 0, when)
    if any(info["status"] != "FINISHED" for info in infos):
        return inconclusive("the run has not finished")
    return conditions.judge(files, entry.checks)._replace(when=when)
