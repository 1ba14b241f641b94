"""What the verified score will be if nobody does anything: evidence ages, and one day backs no claim. Pure."""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from mlscore.project import Project
from mlscore.report import Score
from mlscore.rubric import Rubric, Test
from mlscore.scoring import Readings, assess, score
from mlscore.verification import expiry, worth

DAY = timedelta(days=1)


class Point(NamedTuple):
    """A day from which on the verified score is another one."""

    day: date
    verified: Score
    because: tuple[str, ...]
    """Ids of the tests that lose points on that day; empty for the day of the forecast."""


class Drop(NamedTuple):
    """A day on which the evidence of one test begins to back less."""

    day: date
    test: str
    category: str
    earned: Fraction


def forecast(rubric: Rubric, project: Project, readings: Readings, as_of: date) -> tuple[Point, ...]:
    """Return the verified score as it is and each day on which it falls, until it falls no more.

    Empty when no answer declares evidence. Evidence only ages: a file that a run would replace is not foreseen.
    """
    now = assess(rubric, project, as_of, readings)
    if now.verified is None:
        return ()
    earned = {test.test.id: test.verified_points or Fraction(0) for item in now.categories for test in item.tests}
    sums = dict(now.verified.categories)
    points = [Point(as_of, now.verified, ())]
    drops = sorted(_drops(rubric, project, readings, as_of, earned))
    for day in sorted({drop.day for drop in drops}):
        today = [drop for drop in drops if drop.day == day]
        for drop in today:
            sums[drop.category] += drop.earned - earned[drop.test]
            earned[drop.test] = drop.earned
        fallen = score(rubric, dict(sums))
        if fallen.score != points[-1].verified.score:
            points.append(Point(day, fallen, tuple(drop.test for drop in today)))
    return tuple(points)


def _drops(
    rubric: Rubric, project: Project, readings: Readings, as_of: date, earned: dict[str, Fraction]
) -> Iterator[Drop]:
    """Find each day on which a test loses points.

    What evidence backs only ever falls with time, so the day of each fall is found by halving.
    """
    for category in rubric.categories:
        for test in category.tests:
            days = _days(rubric, project, readings, test, as_of)
            current, place = earned[test.id], 0
            while current and place < len(days):

                def has_fallen(day: date, test: Test = test, current: Fraction = current) -> bool:
                    return _earned(rubric, project, readings, test, day) < current

                place = bisect_left(days, x=True, lo=place, key=has_fallen)
                if place < len(days):
                    current = _earned(rubric, project, readings, test, days[place])
                    yield Drop(days[place], test.id, category.id, current)


def _days(rubric: Rubric, project: Project, readings: Readings, test: Test, as_of: date) -> list[date]:
    """The days after `as_of` on which an entry of a test's evidence is stale for the first time, for any level."""
    answer = project.answers.get(test.id)
    if answer is None:
        return []
    limits = {test.max_age or rubric.max_age.get(level) for level in rubric.ladder}
    ends = {
        expiry(entry, reading, limit, answer)
        for entry, reading in zip(answer.evidence or (), readings.get(test.id, ()), strict=True)
        for limit in limits
    }
    return sorted(end + DAY for end in ends if end is not None and as_of <= end < date.max)


def _earned(rubric: Rubric, project: Project, readings: Readings, test: Test, day: date) -> Fraction:
    answer = project.answers[test.id]
    backed = worth(rubric, test, answer, readings.get(test.id, ()), day)[0] if answer else None
    return rubric.levels[backed].points if backed is not None else Fraction(0)
