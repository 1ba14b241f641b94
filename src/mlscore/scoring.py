"""The rule. Pure: no file, clock, environment or console.

Breck et al. 2016 and 2017: a test earns the points of its level; a category is the sum of its tests; the
final score is the MINIMUM of the category sums; the tier is the highest one whose lower bound the score
reaches. All sums are exact fractions.
"""

from datetime import UTC, date, datetime
from fractions import Fraction

from mlscore.project import Project
from mlscore.report import CategoryScore, Outcome, Report, Score, TestScore
from mlscore.rubric import UNANSWERED, Category, Rubric, Test
from mlscore.text import listing, number

_UNCHECKED = "evidence is not checked by this version of mlscore"


def assess(rubric: Rubric, project: Project, as_of: date | None = None) -> Report:
    """Score a project's answers with a rubric.

    `as_of` is the day of the assessment, today (UTC) when absent. Raises ValueError for answers the rubric
    does not know; a project from `load_project` was checked before.
    """
    _check(rubric, project)
    categories = tuple(_category_score(rubric, project, category) for category in rubric.categories)
    statuses = [test.status for category in categories for test in category.tests]
    return Report(
        project=project,
        rubric=rubric,
        as_of=as_of or datetime.now(UTC).date(),
        claimed=score(rubric, {item.category.id: item.points for item in categories}),
        verified=None,
        attainable=rubric.combine(item.attainable for item in categories),
        counts={status: statuses.count(status) for status in (*rubric.levels, UNANSWERED)},
        categories=categories,
    )


def score(rubric: Rubric, sums: dict[str, Fraction]) -> Score:
    """Make the final score and its tier from the sum of each category."""
    final = rubric.combine(sums.values())
    limiting = (
        tuple(name for name, value in sums.items() if value == final) if rubric.aggregate == "min" else ()
    )
    tier = rubric.tier(final)
    return Score(final, tier, _gap_note(rubric, final), limiting, sums)


def _category_score(rubric: Rubric, project: Project, category: Category) -> CategoryScore:
    tests = tuple(_test_score(rubric, project, test) for test in category.tests)
    return CategoryScore(
        category=category,
        points=sum((test.points for test in tests), Fraction(0)),
        max_points=rubric.top * len(tests),
        attainable=sum((test.attainable for test in tests), Fraction(0)),
        tests=tests,
    )


def _test_score(rubric: Rubric, project: Project, test: Test) -> TestScore:
    answer = project.answers.get(test.id)
    if answer is None:
        return TestScore(test, UNANSWERED, Fraction(0), rubric.top, rubric.top)
    level = rubric.levels[answer.status]
    return TestScore(
        test=test,
        status=answer.status,
        points=level.points,
        max_points=rubric.top,
        attainable=level.points if level.reason_required else rubric.top,
        answer=answer,
        evidence=tuple(Outcome(entry, "inconclusive", _UNCHECKED) for entry in answer.evidence or ()),
    )


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
