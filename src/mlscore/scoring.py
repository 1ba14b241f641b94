"""The rule. Pure: no file, clock, environment or console.

Breck et al. 2016 and 2017: a test earns the points of its level; a category is the sum of its tests; the
final score is the MINIMUM of the category sums; the tier is the highest one whose lower bound the score
reaches. All sums are exact fractions.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING

from mlscore.project import Project
from mlscore.report import CategoryScore, Outcome, Report, Score, TestScore
from mlscore.rubric import UNANSWERED, Category, Rubric, Test
from mlscore.text import listing, number
from mlscore.verification import worth

if TYPE_CHECKING:
    from mlscore.evidence.reading import Reading

Readings = Mapping[str, Sequence["Reading"]]
"""What was read of each answer's evidence: by test id, one for each entry."""


def assess(
    rubric: Rubric, project: Project, as_of: date | None = None, readings: Readings | None = None
) -> Report:
    """Score a project's answers with a rubric.

    `as_of` is the day of the assessment, today (UTC) when absent. `readings` are what `read_evidence` found;
    without them, or when no answer declares evidence, there is no verified score. Raises ValueError for answers
    the rubric does not know; a project from `load_project` was checked before.
    """
    _check(rubric, project)
    day = as_of or datetime.now(UTC).date()
    found = readings if readings is not None and declares_evidence(project) else None
    categories = tuple(_category_score(rubric, project, category, day, found) for category in rubric.categories)
    statuses = [test.status for category in categories for test in category.tests]
    return Report(
        project=project,
        rubric=rubric,
        as_of=day,
        claimed=score(rubric, {item.category.id: item.points for item in categories}),
        verified=None
        if found is None
        else score(rubric, {item.category.id: item.verified_points or Fraction(0) for item in categories}),
        attainable=rubric.combine(item.attainable for item in categories),
        counts={status: statuses.count(status) for status in (*rubric.levels, UNANSWERED)},
        categories=categories,
    )


def score(rubric: Rubric, sums: dict[str, Fraction]) -> Score:
    """Make the final score and its tier from the sum of each category."""
    final = rubric.combine(sums.values())
    limiting = tuple(name for name, value in sums.items() if value == final) if rubric.aggregate == "min" else ()
    tier = rubric.tier(final)
    return Score(final, tier, _gap_note(rubric, final), limiting, sums)


def declares_evidence(project: Project) -> bool:
    """Tell whether any answer names evidence."""
    return any(answer is not None and answer.evidence for answer in project.answers.values())


def _category_score(
    rubric: Rubric, project: Project, category: Category, as_of: date, readings: Readings | None
) -> CategoryScore:
    tests = tuple(_test_score(rubric, project, test, as_of, readings) for test in category.tests)
    verified = [test.verified_points for test in tests if test.verified_points is not None]
    return CategoryScore(
        category=category,
        points=sum((test.points for test in tests), Fraction(0)),
        max_points=rubric.top * len(tests),
        attainable=sum((test.attainable for test in tests), Fraction(0)),
        tests=tests,
        verified_points=None if readings is None else sum(verified, Fraction(0)),
    )


def _test_score(rubric: Rubric, project: Project, test: Test, as_of: date, readings: Readings | None) -> TestScore:
    answer = project.answers.get(test.id)
    if answer is None:
        nothing = None if readings is None else Fraction(0)
        return TestScore(test, UNANSWERED, Fraction(0), rubric.top, rubric.top, None, nothing)
    level = rubric.levels[answer.status]
    scored = TestScore(
        test=test,
        status=answer.status,
        points=level.points,
        max_points=rubric.top,
        attainable=level.points if level.reason_required else rubric.top,
        answer=answer,
    )
    if readings is None:
        unread = (Outcome(entry, "inconclusive", "it was not read") for entry in answer.evidence or ())
        return scored._replace(evidence=tuple(unread))
    backed, judged = worth(rubric, test, answer, readings.get(test.id, ()), as_of)
    points = rubric.levels[backed].points if backed is not None else Fraction(0)
    return scored._replace(verified_points=points, verified_status=backed, evidence=judged)


def _gap_note(rubric: Rubric, final: Fraction) -> str:
    """Explain a score that lies above its tier's published bound and below the next tier (11 in 2016)."""
    tier = rubric.tier(final)
    if tier.to is None or final <= tier.to:
        return ""
    following = rubric.tiers[rubric.tiers.index(tier) + 1 :]
    until = f" until {number(following[0].bound[0])} is reached" if following else ""
    return f"the published table gives {number(final)} no tier; it counts as {tier.label}{until}"


def _check(rubric: Rubric, project: Project) -> None:
    stray = [name for name in project.answers if name not in rubric.tests]
    if stray:
        raise ValueError(f"{listing(stray, 'and')}: not in the rubric {rubric.id}")
    answers = [answer for answer in project.answers.values() if answer is not None]
    strange = sorted({answer.status for answer in answers if answer.status not in rubric.levels})
    if strange:
        raise ValueError(f"{listing(strange, 'and')}: no status of the rubric {rubric.id}")
