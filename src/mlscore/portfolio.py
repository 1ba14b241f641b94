"""Many projects in one picture: a small row for each, what they lack, and what would help most of them. Pure.

Projects of different rubrics are kept apart: a mean over two scales means nothing.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import partial
from typing import NamedTuple

from mlscore.report import Report, Score
from mlscore.rubric import UNANSWERED, Rubric, Test
from mlscore.scoring import score

MAX_KNOWN = 5_000
"""Scores that a group remembers."""
MOST = Fraction(3, 4)
"""A test that lacks in so large a share of the projects is a problem of the platform."""


class Row(NamedTuple):
    """One project: all that is kept of it. Small, and cheap to send from one process to another."""

    path: str
    project: str
    owner: str
    rubric: str
    """The digest of its rubric."""
    categories: tuple[int, ...]
    """Points of each category, in the rubric's units."""
    statuses: bytes
    """For each test, in rubric order, the place of its status among the levels; one more is unanswered."""
    verified: tuple[int, ...] | None = None
    """Points that evidence backs, in units; None where there is none, or none was read."""
    oldest: date | None = None
    """The earliest date of an answer or of its evidence."""
    gate: tuple[str, ...] | None = None
    """What fails its gate; None where none is set."""


class Refused(NamedTuple):
    """A file that is no project, or a folder that cannot be searched."""

    path: str
    messages: tuple[str, ...]


class Gap(NamedTuple):
    """How a test stands in all projects of a rubric."""

    test: Test
    counts: Mapping[str, int]
    """Projects by status."""
    mean: Fraction
    """Points it earns on average."""
    average: Fraction | None
    """What the systems of the rubric's comparison earned on average."""
    lacking: int
    """Projects in which it earns nothing, other than by a decision."""
    lifts: int
    """Projects that would reach a higher tier if this test alone earned all its points; decisions stay."""

    @property
    def is_common(self) -> bool:
        """Whether so many projects lack the test that it is cheaper solved once for all of them."""
        projects = sum(self.counts.values())
        return projects > 1 and self.lacking >= MOST * projects


def worst(gaps: Iterable[Gap]) -> list[Gap]:
    """The gaps that most projects have, the most first."""
    return sorted((gap for gap in gaps if gap.lacking), key=lambda gap: -gap.lacking)


class Group:
    """All projects of one rubric."""

    def __init__(self, rubric: Rubric, rows: Sequence[Row]) -> None:
        self.rubric = rubric
        self.rows = rows
        self.is_verified = any(row.verified is not None for row in rows)
        """Whether evidence was read for any of them."""
        self._known: dict[tuple[int, ...], Score] = {}

    def claimed(self, row: Row) -> Score:
        """The claimed score of a row."""
        return self._score(row.categories)

    def verified(self, row: Row) -> Score | None:
        """The verified score of a row."""
        return None if row.verified is None else self._score(row.verified)

    def unanswered(self, row: Row) -> int:
        """How many tests have no answer."""
        return row.statuses.count(len(self.rubric.levels))

    def gaps(self) -> tuple[Gap, ...]:
        """Every test, in rubric order."""
        levels = list(self.rubric.levels.values())
        names = (*self.rubric.levels, UNANSWERED)
        lifts = Counter(place for row in self.rows for place in self._lifting(row))
        found = []
        for place, test in enumerate(self.rubric.tests.values()):
            counts = Counter(row.statuses[place] for row in self.rows)
            earned = sum((level.points * counts[index] for index, level in enumerate(levels)), Fraction(0))
            empty = [index for index, level in enumerate(levels) if not level.points and not level.reason_required]
            found.append(
                Gap(
                    test,
                    {name: counts[index] for index, name in enumerate(names)},
                    earned / len(self.rows),
                    self.rubric.average([test]),
                    sum(counts[index] for index in (*empty, len(levels))),
                    lifts[place],
                )
            )
        return tuple(found)

    def _score(self, units: tuple[int, ...]) -> Score:
        found = self._known.get(units)
        if found is None:
            sums = (points * self.rubric.unit for points in units)
            found = score(self.rubric, dict(zip((item.id for item in self.rubric.categories), sums, strict=True)))
            if len(self._known) >= MAX_KNOWN:
                self._known.clear()
            self._known[units] = found
        return found

    def _lifting(self, row: Row) -> Iterator[int]:
        """The places of the tests that would lift a row to a higher tier by earning all their points."""
        claimed = self.claimed(row)
        if claimed.tier == self.rubric.tiers[-1]:
            return
        levels, ladder = list(self.rubric.levels.values()), set(self.rubric.ladder)
        earned = [int(level.points / self.rubric.unit) for level in levels] + [0]
        raised = [name in ladder for name in self.rubric.levels] + [True]
        top = int(self.rubric.top / self.rubric.unit)
        place = 0
        for index, category in enumerate(self.rubric.categories):
            first, place = place, place + len(category.tests)
            if claimed.limiting not in {(), (category.id,)}:
                continue  # another category would still hold the score down
            for test in range(first, place):
                status = row.statuses[test]
                if raised[status] and earned[status] < top:
                    units = list(row.categories)
                    units[index] += top - earned[status]
                    if self._score(tuple(units)).tier != claimed.tier:
                        yield test


class Portfolio(NamedTuple):
    """Everything that was found: all that a reader gets."""

    groups: tuple[Group, ...]
    """A group for each rubric, the largest first."""
    refused: tuple[Refused, ...] = ()
    group_by: str | None = None
    """What the rows of a group are shown under: owner, tier or limiting."""

    @property
    def failed(self) -> tuple[Row, ...]:
        """The rows whose gate is not met."""
        return tuple(row for group in self.groups for row in group.rows if row.gate)


def gather(
    rows: Iterable[Row], rubrics: Mapping[str, Rubric], sort: str = "score", *, reverse: bool = False
) -> tuple[Group, ...]:
    """Group rows by their rubrics and sort them, the lowest first."""
    by_rubric: dict[str, list[Row]] = {}
    for row in rows:
        by_rubric.setdefault(row.rubric, []).append(row)
    groups = []
    for digest, members in by_rubric.items():
        group = Group(rubrics[digest], members)
        members.sort(key=lambda row: (row.project, row.path))
        members.sort(key=partial(_sort_key, group, sort), reverse=reverse)
        groups.append(group)
    return tuple(sorted(groups, key=lambda group: (-len(group.rows), group.rubric.id)))


def value_of(group: Group, row: Row, key: str) -> tuple[str, ...]:
    """What a row has under a key, as text."""
    claimed = group.claimed(row)
    gate = "none" if row.gate is None else "failed" if row.gate else "passed"
    values: dict[str, tuple[str, ...]] = {
        "tier": (claimed.tier.id,),
        "owner": (row.owner,),
        "rubric": (group.rubric.id,),
        "project": (row.project,),
        "path": (row.path,),
        "limiting": claimed.limiting,
        "gate": (gate,),
    }
    return values[key]


def chosen(group: Group, filters: Sequence[tuple[str, str]]) -> Group:
    """Return a group with the rows that match every filter; a value may hold `*`."""
    return Group(
        group.rubric,
        [
            row
            for row in group.rows
            if all(any(_matches(text, want) for text in value_of(group, row, key)) for key, want in filters)
        ],
    )


def _matches(text: str, want: str) -> bool:
    """Compare with a text in which `*` stands for any other."""
    return re.fullmatch(".*".join(map(re.escape, want.split("*"))), text, re.DOTALL) is not None


def _sort_key(group: Group, sort: str, row: Row) -> tuple[object, ...]:
    if sort == "unanswered":
        return (group.unanswered(row),)
    if sort == "oldest":
        return (row.oldest is None, row.oldest or date.max)
    if sort in {"score", "tier"}:
        return (group.claimed(row).score,)
    return (getattr(row, sort),)


def row_of(report: Report, oldest: date | None) -> Row:
    """Make the row of a report."""
    rubric = report.rubric
    places = {name: place for place, name in enumerate((*rubric.levels, UNANSWERED))}
    return Row(
        path=report.project.source.path,
        project=report.project.project,
        owner=report.project.owner or "",
        rubric=rubric.digest,
        categories=tuple(int(item.points / rubric.unit) for item in report.categories),
        statuses=bytes(places[test.status] for test in report.tests),
        verified=None
        if report.verified is None
        else tuple(int((item.verified_points or Fraction(0)) / rubric.unit) for item in report.categories),
        oldest=oldest,
        gate=report.gate.failures if report.gate else None,
    )
