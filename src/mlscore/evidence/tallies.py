"""What tools that run checks have in common: leaves are counted, a tool's own totals never. Pure."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from mlscore.evidence.reading import Moment, Reading, inconclusive, verdict
from mlscore.text import plural


class Tally(NamedTuple):
    """What one run of a suite holds."""

    passed: int = 0
    failed: int = 0
    """Checks that failed, warned, or raised an error."""
    blame: str = ""
    """Why the run failed although no check did."""
    unclear: str = ""
    """Why the run shows nothing although no check failed."""
    when: Moment | None = None


def judge(files: Sequence[Sequence[Tally]], noun: str) -> Reading:
    """Judge the runs of several files: none may have failed, and every single one must hold a check that passed.

    The time is the oldest of them, and unknown where one is.
    """
    runs = [run for file in files for run in file]
    passed = sum(run.passed for run in runs)
    failed = sum(run.failed for run in runs)
    when = oldest([run.when for run in runs])
    if failed:
        return verdict(passed, failed, noun, when)
    if blame := _first([run.blame for run in runs]):
        return Reading("contradicted", blame, passed, when)
    if unclear := _first([run.unclear for run in runs]):
        return inconclusive(unclear)
    if not all(run.passed for run in runs):
        whose = "it holds" if len(runs) == 1 else "a part of it holds"
        return inconclusive(f"{whose} no {noun}")
    return verdict(passed, failed, noun, when)


def oldest(moments: Sequence[Moment | None]) -> Moment | None:
    """Return the oldest of several moments; None where one of them is unknown, or there is none."""
    known = [moment for moment in moments if moment is not None]
    return min(known, default=None) if len(known) == len(moments) else None


def mapping(value: object) -> dict[str, Any]:
    """Return an object of JSON; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def sequence(value: object) -> list[Any]:
    """Return a list of JSON; an empty one for anything else."""
    return value if isinstance(value, list) else []


def count(statuses: Sequence[object], noun: str, *, passed: str, failed: frozenset[str]) -> Tally:
    """Count the statuses of checks. One that is neither, skipped or unheard of, leaves the run unclear."""
    words = [status if isinstance(status, str) else "" for status in statuses]
    passes, failures = words.count(passed), sum(word in failed for word in words)
    others = len(words) - passes - failures
    return Tally(passes, failures, unclear=f"{plural(others, noun)} neither passed nor failed" if others else "")


def _first(texts: Sequence[str]) -> str:
    return next((text for text in texts if text), "")
