"""What a kind of evidence makes of its files, before anyone asks how old it may be. The types all kinds share."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple, Protocol

from mlscore.project import Evidence

Shows = Literal["result", "document", "support"]
"""What a kind can show: that a test ran and passed, that something is written down, or that something repeats."""


class Moment(NamedTuple):
    """When something ran, as far as its file tells: a time without a zone could be any of a day's hours."""

    earliest: datetime
    """In UTC. Age is counted from here: the worst case."""
    latest: datetime
    """In UTC."""


class Reading(NamedTuple):
    """What one entry of evidence says."""

    outcome: Literal["verified", "contradicted", "missing", "inconclusive", "asserted"]
    reason: str
    """One line for people. Holds no data value from inside the file."""
    checks: int = 0
    """How many checks passed."""
    when: Moment | None = None
    """When the run was, by the file itself; None when it does not say."""


class Unreadable(Exception):  # noqa: N818 - not an error of the run: a finding
    """A file is no evidence: its text says why, in a few words, with nothing from inside the file."""


class Kind(Protocol):
    """A module that reads one kind of evidence. Pure: bytes in, a reading out; opens nothing."""

    SHOWS: Shows
    MAX_BYTES: int
    """The largest file it reads."""

    @staticmethod
    def parse(raw: bytes) -> Any:  # noqa: ANN401 - each kind has a shape of its own
        """Turn one file into what `judge` needs; it is kept and shared by all entries. Raises Unreadable."""

    @staticmethod
    def judge(files: Sequence[Any], entry: Evidence, test_id: str) -> Reading:
        """Judge the parsed files that an entry of the answer to `test_id` names, at least one."""


def inconclusive(reason: str) -> Reading:
    """Make the reading of evidence that shows neither one thing nor the other."""
    return Reading("inconclusive", reason)


def verdict(passed: int, failed: int, noun: str, when: Moment | None, failures: str = "") -> Reading:
    """Make a reading from leaves that were counted: no check is never a pass, and one failure outweighs all."""
    from mlscore.text import plural

    total = plural(passed + failed, noun)
    if failed:
        return Reading(
            "contradicted",
            f"{failed} of {total} failed" + (f": {failures}" if failures else ""),
            passed,
            when,
        )
    if not passed:
        return Reading("inconclusive", f"it holds no {noun}", 0, when)
    return Reading("verified", f"{total} passed", passed, when)
