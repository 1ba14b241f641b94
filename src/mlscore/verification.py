"""What a claim is worth: readings of evidence, their age, and the highest level they back. Pure.

The rule is mlscore's own (the papers take a team's word): a level that is `backed_by: result` needs a verified
result and none that is contradicted; `document` needs a verified result, or a document of a known, recent date;
a level that names nothing needs nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from mlscore.project import Answer, Evidence
from mlscore.report import Outcome, TestScore
from mlscore.rubric import Rubric, Test

if TYPE_CHECKING:
    from mlscore.evidence.reading import Reading, Shows

FUTURE = timedelta(minutes=5)
"""How far a clock may be ahead."""

GRAVITY = ("contradicted", "stale", "missing", "inconclusive", "asserted", "verified")
"""The outcomes, the one that says most about a shortfall first."""

SHOWS: Mapping[str, "Shows"] = {"file": "document", "url": "document", "workflow": "support"}
"""What the kinds show that show no result."""


def worth(
    rubric: Rubric, test: Test, answer: Answer, readings: Sequence["Reading"], as_of: date
) -> tuple[str | None, tuple[Outcome, ...]]:
    """Return the highest level, up to the claimed one, that the evidence backs, and what became of each entry.

    None when not even the lowest level is backed. Outcomes are judged by the age that the claimed level allows.
    """
    claimed = answer.status
    levels = [claimed] if rubric.levels[claimed].reason_required else _downwards(rubric, claimed)
    backed = next((level for level in levels if _is_backed(rubric, test, answer, readings, as_of, level)), None)
    return backed, outcomes(rubric, test, answer, readings, as_of, claimed)


def outcomes(
    rubric: Rubric, test: Test, answer: Answer, readings: Sequence["Reading"], as_of: date, level: str
) -> tuple[Outcome, ...]:
    """Judge every entry of an answer by the age that `level` allows."""
    limit = test.max_age or rubric.max_age.get(level)
    return tuple(
        _outcome(entry, reading, entry.max_age or limit, answer, as_of)
        for entry, reading in zip(answer.evidence or (), readings, strict=True)
    )


def shortfall(test: TestScore) -> str:
    """Say in one line why a claim counts for less, or nothing, in the verified score."""
    if not test.evidence:
        return "not backed: no evidence"
    judged = min(test.evidence, key=lambda item: GRAVITY.index(item.outcome))
    if judged.outcome in {"verified", "asserted"}:
        if shows(judged.evidence.kind) == "support":
            why = "shows that it repeats, not that it passes"
        elif shows(judged.evidence.kind) == "document" and judged.when is None:
            why = "the answer states no date"
        else:
            why = "no result of a run"
        return f"{judged.outcome}, but {why}"
    return f"{judged.outcome}: {judged.evidence.kind} {judged.evidence.target}: {judged.reason}"


def expiry(entry: Evidence, reading: "Reading", limit: timedelta | None, answer: Answer) -> date | None:
    """Return the last day on which a reading is fresh, None when it does not age."""
    at = _earliest(entry, reading, answer)
    limit = entry.max_age or limit
    return (at + limit).date() if at is not None and limit is not None else None


def shows(kind: str) -> "Shows":
    """What a kind of evidence can show."""
    return SHOWS.get(kind, "result")


def _downwards(rubric: Rubric, claimed: str) -> list[str]:
    """The claimed level and those below it, highest first: a level earns no more than the one claimed."""
    place = rubric.ladder.index(claimed)
    return list(reversed(rubric.ladder[: place + 1]))


def _is_backed(
    rubric: Rubric, test: Test, answer: Answer, readings: Sequence["Reading"], as_of: date, level: str
) -> bool:
    needed = rubric.levels[level].backed_by
    if needed is None:
        return True
    judged = outcomes(rubric, test, answer, readings, as_of, level)
    results = [item.outcome for item in judged if shows(item.evidence.kind) == "result"]
    if needed == "result":
        return "verified" in results and "contradicted" not in results
    limited = (test.max_age or rubric.max_age.get(level)) is not None
    documents = [
        item
        for item in judged
        if shows(item.evidence.kind) == "document"
        and item.outcome in {"verified", "asserted"}
        and (answer.date or item.evidence.date or not (limited or item.evidence.max_age))
    ]
    return "verified" in results or bool(documents)


def _outcome(entry: Evidence, reading: "Reading", limit: timedelta | None, answer: Answer, as_of: date) -> Outcome:
    """Add age to a reading."""
    at = _earliest(entry, reading, answer)
    is_stated = reading.when is None and at is not None
    made = Outcome(entry, reading.outcome, reading.reason, reading.checks, at, is_stated)
    if reading.outcome not in {"verified", "asserted"} or shows(entry.kind) == "support":
        return made
    if at is None:
        if shows(entry.kind) == "document":
            return made
        return made._replace(
            outcome="inconclusive", reason=f"{reading.reason}, but without a time; state its date"
        )
    if at > datetime.combine(as_of, time.max, UTC) + FUTURE:
        return made._replace(outcome="inconclusive", reason=f"its time, {at.date()}, lies after {as_of}")
    if limit is not None and (at + limit).date() < as_of:
        age = f"of {at.date()}, older than {_span(limit)}"
        return made._replace(outcome="stale", reason=f"{reading.reason}, but {age}")
    return made


def _earliest(entry: Evidence, reading: "Reading", answer: Answer) -> datetime | None:
    """When the evidence is from: by the file, at the earliest, else as stated with it."""
    if reading.when is not None:
        return reading.when.earliest
    stated = entry.date or (answer.date if shows(entry.kind) == "document" else None)
    return datetime.combine(stated, time(), UTC) if stated else None


def _span(limit: timedelta) -> str:
    hours = limit // timedelta(hours=1)
    return f"{hours} hours" if hours % 24 else f"{hours // 24} days"
