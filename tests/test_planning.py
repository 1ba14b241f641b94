"""The next steps: the cheapest that raise the final score, held against a search over all of them."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlscore import assess
from mlscore.planning import describe, next_steps
from mlscore.project import Answer, Project
from mlscore.report import Report
from mlscore.rubric import Rubric

LEVELS = ("none", "manual", "automated")
STATUSES = (None, *LEVELS, "skipped")


def rubric(sizes: tuple[int, ...], aggregate: str = "min", points: tuple[int, int, int] = (0, 1, 2)) -> Rubric:
    levels = {name: {"points": value} for name, value in zip(LEVELS, points, strict=True)}
    return Rubric.model_validate(
        {
            "id": "small",
            "title": "Small",
            "aggregate": aggregate,
            "levels": levels | {"skipped": {"points": 0, "reason_required": True}},
            "tiers": [{"id": "all", "from": 0, "label": "All"}],
            "categories": [
                {
                    "id": name,
                    "title": name.upper(),
                    "tests": [{"id": f"{name}-{place}", "title": "t"} for place in range(1, size + 1)],
                }
                for name, size in zip("abc", sizes, strict=False)
            ],
        }
    )


def report(rules: Rubric, statuses: dict[str, str | None], efforts: dict[str, int] | None = None) -> Report:
    answers = {
        test: None if status is None else Answer(status=status, effort=(efforts or {}).get(test, 1), reason="r")
        for test, status in statuses.items()
    }
    return assess(rules, Project(project="p", answers=answers))


def cheapest(before: Report) -> Fraction | None:
    """Try every way to answer, and return what the cheapest one that raises the score costs."""
    tests = [test for category in before.categories for test in category.tests]
    choices = []
    for test in tests:
        at = 0 if test.status == "unanswered" else LEVELS.index(test.status) if test.status in LEVELS else None
        effort = test.answer.effort if test.answer else Fraction(1)
        choices.append(
            [(test.status, Fraction(0))]
            if at is None
            else [(LEVELS[to], effort * (to - at)) for to in range(at, len(LEVELS))]
        )
    costs = []
    for choice in product(*choices):
        answers = {test.test.id: status for test, (status, _) in zip(tests, choice, strict=True)}
        after = report(before.rubric, {test: None if s == "unanswered" else s for test, s in answers.items()})
        if after.claimed.score > before.claimed.score:
            costs.append(sum((cost for _, cost in choice), Fraction(0)))
    return min(costs, default=None)


@given(
    statuses=st.lists(st.sampled_from(STATUSES), min_size=4, max_size=4),
    efforts=st.lists(st.integers(1, 4), min_size=4, max_size=4),
    aggregate=st.sampled_from(["min", "sum", "mean"]),
    sizes=st.sampled_from([(4,), (2, 2), (1, 2, 1)]),
    points=st.sampled_from([(0, 1, 2), (0, 0, 1), (0, 2, 3)]),
)
def test_next_steps_are_the_cheapest_that_raise_the_score(
    statuses: list[str | None],
    efforts: list[int],
    aggregate: str,
    sizes: tuple[int, ...],
    points: tuple[int, int, int],
) -> None:
    rules = rubric(sizes, aggregate, points)
    before = report(
        rules, dict(zip(rules.tests, statuses, strict=True)), dict(zip(rules.tests, efforts, strict=True))
    )

    plan = next_steps(before)

    assert (plan.cost if plan else None) == cheapest(before)
    if plan:
        answers = dict(zip(rules.tests, statuses, strict=True)) | {step.test: step.to for step in plan.steps}
        assert report(rules, answers).claimed.score == plan.score_after > plan.score_before


@pytest.mark.parametrize(
    ("statuses", "line"),
    [
        ({}, "a-1 and b-1 to manual (0 → 1)"),
        ({"a-1": "manual"}, "b-1 to manual (0 → 1)"),
        ({"a-1": "manual", "b-1": "automated"}, "a-1 to automated (1 → 2)"),
        ({"a-1": "manual", "b-1": "manual"}, "a-1 and b-1 to automated (1 → 2)"),
        ({"a-1": "automated", "b-1": "automated"}, "nothing: every test earns all its points"),
        (
            {"a-1": "skipped"},
            "nothing raises the score: A cannot earn more with the answers that are decisions",
        ),
    ],
)
def test_the_line_says_what_to_do(statuses: dict[str, str | None], line: str) -> None:
    assert describe(report(rubric((1, 1)), statuses)) == line


def test_of_equal_costs_the_first_in_rubric_order_wins() -> None:
    plan = next_steps(report(rubric((3,)), {"a-1": "automated"}))

    assert plan is not None
    assert [step.test for step in plan.steps] == ["a-2"]


def test_effort_decides() -> None:
    plan = next_steps(report(rubric((2,)), {"a-1": "none", "a-2": "none"}, {"a-1": 3, "a-2": 2}))

    assert plan is not None
    assert [(step.test, step.cost) for step in plan.steps] == [("a-2", 2)]


def test_an_unanswered_test_below_a_lowest_level_that_earns_points() -> None:
    """Answering at all is then a step of its own."""
    plan = next_steps(report(rubric((1,), points=(1, 2, 3)), {}))

    assert plan is not None
    assert [(step.start, step.to, step.cost, step.gain) for step in plan.steps] == [("unanswered", "none", 1, 1)]
