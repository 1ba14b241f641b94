"""The next steps: the cheapest that raise the final score, held against a search over all of them."""

from datetime import date
from fractions import Fraction
from itertools import product
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlscore import assess, knapsack, load_rubric
from mlscore.checking import problems
from mlscore.planning import Bound, Plan, describe, idle_steps, next_steps, next_tier, plan, sums
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


# `plan`: a score or a tier to reach.

CLIMB = ("none", "some", "most", "all")
SCALES = [("0", "0.5", "2"), ("0", "0.5", "2", "3"), ("0", "1", "2"), ("0", "0", "1"), ("1", "2"), ("0.1", "0.5")]
SCALES += [("0", "1", "1", "4"), ("0", "0.3", "0.75"), ("2",)]
DECISIONS = {"not_applicable": Fraction(0), "waived": Fraction(1, 2)}
EFFORTS = [Fraction(1), Fraction(2), Fraction(3), Fraction(1, 2), Fraction(3, 4), Fraction(1, 3)]
OPEN_TIERS = [{"id": "research", "from": 0, "label": "R"}] + [
    {"id": name, "above": above, "label": name.upper()} for name, above in [("low", 0), ("mid", 1), ("high", 3)]
]


def scaled(
    sizes: tuple[int, ...], points: tuple[str, ...] = ("0", "1", "2"), aggregate: str = "min", **more: object
) -> Rubric:
    """A rubric with levels that earn `points`, and with two decisions, one of which earns points."""
    earned = {name: Fraction(value) for name, value in zip(CLIMB, points, strict=False)}
    rules = Rubric.model_validate(
        {
            "id": "scaled",
            "title": "Scaled",
            "aggregate": aggregate,
            "levels": {name: {"points": value} for name, value in earned.items()}
            | {name: {"points": value, "reason_required": True} for name, value in DECISIONS.items()},
            "tiers": OPEN_TIERS,
            "categories": [
                {
                    "id": name,
                    "title": name.upper(),
                    "tests": [{"id": f"{name}-{place}", "title": "t"} for place in range(1, size + 1)],
                }
                for name, size in zip("abcd", sizes, strict=False)
            ],
        }
        | more
    )
    assert list(problems(rules)) == []
    return rules


def state(rules: Rubric, *answers: str | tuple[str, Fraction | int] | None) -> Report:
    """Assess answers in the order of the rubric's tests, each a status, perhaps with its effort."""
    made = {}
    for test, given_ in zip(rules.tests, answers, strict=False):
        status, effort = given_ if isinstance(given_, tuple) else (given_, 1)
        made[test] = None if status is None else Answer(status=status, effort=Fraction(effort), reason="r")
    return assess(rules, Project(project="p", answers=made), date(2026, 11, 21))


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """Any small state of any small rubric."""
    points = draw(st.sampled_from(SCALES))
    sizes = draw(st.sampled_from([(1,), (4,), (2, 2), (1, 3), (1, 2, 1), (2, 1, 1)]))
    rules = scaled(sizes, points, draw(st.sampled_from(["min", "sum", "mean"])))
    status = st.sampled_from([None, *rules.ladder, *DECISIONS])
    answers = st.tuples(status, st.sampled_from(EFFORTS)).map(lambda pair: None if pair[0] is None else pair)
    return state(rules, *draw(st.lists(answers, min_size=sum(sizes), max_size=sum(sizes))))


class Way(NamedTuple):
    """One of all ways to raise answers."""

    cost: Fraction
    score: Fraction
    climbs: tuple[int, ...]
    """How many levels each test is raised, in rubric order."""
    sums: dict[str, Fraction]


def ways(report: Report) -> list[Way]:
    """Raise every answer by every number of levels, and work out what that costs and earns."""
    rules = report.rubric
    ladder = [rules.levels[name].points for name in rules.ladder]
    tests = [(item.category.id, test) for item in report.categories for test in item.tests]
    choices: list[list[tuple[int, Fraction, Fraction]]] = []
    for _, test in tests:
        effort = test.answer.effort if test.answer else Fraction(1)
        if test.status in DECISIONS:
            choices.append([(0, Fraction(0), test.points)])
        elif test.answer is None and ladder[0] > 0:  # answering at all is a level of its own
            found = [(0, Fraction(0), Fraction(0))]
            choices.append(found + [(up, effort * up, points) for up, points in enumerate(ladder, start=1)])
        else:
            above = ladder[rules.ladder.index(test.status) if test.answer else 0 :]
            choices.append([(up, effort * up, points) for up, points in enumerate(above)])
    every = []
    for choice in product(*choices):
        totals = dict.fromkeys((item.category.id for item in report.categories), Fraction(0))
        for (category, _), (_, _, points) in zip(tests, choice, strict=True):
            totals[category] += points
        values = list(totals.values())
        score = {"min": min(values), "sum": sum(values), "mean": sum(values) / Fraction(len(values))}
        cost = sum((cost for _, cost, _ in choice), Fraction(0))
        every.append(Way(cost, Fraction(score[rules.aggregate]), tuple(up for up, _, _ in choice), totals))
    return every


def climbs(report: Report, found: Plan) -> tuple[int, ...]:
    """How many levels a plan raises each test."""
    to = {step.test: step for step in found.steps}
    ladder = list(report.rubric.ladder)
    lowest = -1 if report.rubric.levels[ladder[0]].points else 0
    raised = []
    for item in report.categories:
        for test in item.tests:
            step = to.pop(test.test.id, None)
            start = ladder.index(test.status) if test.status in ladder else lowest
            raised.append(ladder.index(step.to) - start if step else 0)
            assert step is None or (step.start, step.gain) == (
                test.status,
                report.rubric.levels[step.to].points - test.points,
            )
    assert to == {}
    return tuple(raised)


def reaches(score: Fraction, bound: Bound) -> bool:
    return score > bound[0] if bound[1] else score >= bound[0]


def check_plan(report: Report, found: Plan, want: Way) -> None:
    """The plan is `want`, to the last step, and says of itself what it is."""
    assert climbs(report, found) == want.climbs
    assert (found.cost, found.score_after, found.at_least) == (want.cost, want.score, None)
    assert found.score_before == report.claimed.score
    assert sums(report, found.steps) == want.sums
    assert [step.test for step in found.steps] == [
        name for name in report.rubric.tests if name in {step.test for step in found.steps}
    ]


TARGETS = st.fractions(0, 9, max_denominator=8) | st.integers(0, 12).map(Fraction)


@settings(deadline=None, max_examples=150)
@given(report=reports(), score=TARGETS, is_open=st.booleans())
def test_a_plan_is_the_cheapest_way_to_a_score(report: Report, score: Fraction, is_open: bool) -> None:
    found = plan(report, (score, is_open))

    every = ways(report)
    good = [way for way in every if reaches(way.score, (score, is_open))]
    reachable = bool(good)
    if not reachable:
        best = max(way.score for way in every)
        good = [way for way in every if way.score == best]
    check_plan(report, found, min(good, key=lambda way: (way.cost, [-up for up in way.climbs])))
    assert found.is_reached is reachable
    assert found.target is not None
    assert found.target >= score
    assert reaches(found.target, (score, is_open))
    assert not any(reaches(way.score, (score, is_open)) and way.score < found.target for way in every)


@settings(deadline=None, max_examples=100)
@given(report=reports(), score=TARGETS, budget=st.fractions(0, 8, max_denominator=6))
def test_a_budget_buys_the_highest_score_it_can(report: Report, score: Fraction, budget: Fraction) -> None:
    found = plan(report, (score, False), budget)

    affordable = [way for way in ways(report) if way.cost <= budget]
    good = [way for way in affordable if way.score >= score]
    if not good:
        best = max(way.score for way in affordable)
        good = [way for way in affordable if way.score == best]
    check_plan(report, found, min(good, key=lambda way: (way.cost, [-up for up in way.climbs])))
    assert found.cost <= budget
    assert found.is_reached is any(way.score >= score for way in affordable)


@settings(deadline=None, max_examples=60)
@given(report=reports(), score=TARGETS)
def test_more_money_never_buys_less_and_none_buys_nothing(report: Report, score: Fraction) -> None:
    budgets = [Fraction(half, 2) for half in range(20)]
    found = [plan(report, (score, False), budget) for budget in budgets]

    assert found[0].steps == ()
    assert found[0].score_after == report.claimed.score
    assert [item.score_after for item in found] == sorted(item.score_after for item in found)
    assert plan(report, (score, False), Fraction(1000)) == plan(report, (score, False))


@pytest.mark.parametrize("rules", [scaled((2,)), scaled((1, 1)), scaled((1, 1), aggregate="mean")])
@pytest.mark.parametrize("bound", [(Fraction(0), False), (Fraction(1), False), (Fraction(1, 2), True)])
@pytest.mark.parametrize("budget", [None, Fraction(0), Fraction(10)])
def test_a_score_that_is_reached_already_takes_nothing(
    rules: Rubric, bound: Bound, budget: Fraction | None
) -> None:
    report = state(rules, "some", "some")

    found = plan(report, bound, budget)

    assert (found.steps, found.cost, found.is_reached) == ((), 0, True)
    assert found.score_before == found.score_after == report.claimed.score


def test_an_unreachable_target_leads_to_the_best_there_is() -> None:
    report = state(scaled((2, 2)), "none", "not_applicable", "some", "none")

    found = plan(report, (Fraction(4), False))

    assert [(step.test, step.to) for step in found.steps] == [("a-1", "most"), ("b-1", "most")]
    assert (found.target, found.score_after, found.is_reached) == (4, 2, False)


def test_a_target_beyond_the_scale_is_not_reached() -> None:
    found = plan(state(scaled((1,))), (Fraction(100), False))

    assert (found.target, found.score_after, found.is_reached) == (100, 2, False)


def test_decisions_are_left_alone() -> None:
    report = state(scaled((3,)), "not_applicable", "waived", None)

    found = plan(report, (Fraction(6), False))

    assert [step.test for step in found.steps] == ["a-3"]
    assert found.score_after == Fraction(5, 2)


@pytest.mark.parametrize(
    ("points", "answer", "costs"),
    [
        (("0", "1", "2"), None, [1, 2]),
        (("0", "1", "2"), "none", [1, 2]),
        (("1", "2"), None, [1, 2]),
        (("1", "2"), "none", [None, 1]),
        (("0", "0", "1"), None, [2]),
    ],
)
def test_no_answer_stands_at_the_lowest_level_unless_that_earns_points(
    points: tuple[str, ...], answer: str | None, costs: list[int | None]
) -> None:
    report = state(scaled((1,), points), answer)

    found = [plan(report, (Fraction(target), False)) for target in range(1, len(costs) + 1)]

    assert [item.cost if item.steps else None for item in found] == costs


def test_a_jump_over_a_level_is_one_step() -> None:
    [step] = plan(state(scaled((1,), ("0", "0.5", "2")), ("none", Fraction(3, 2))), (Fraction(1), False)).steps

    assert (step.start, step.to, step.cost, step.gain) == ("none", "most", 3, 2)


def test_a_rubric_of_one_level_has_answering_as_its_only_step() -> None:
    assert [step.to for step in plan(state(scaled((1,), ("2",))), (Fraction(2), False)).steps] == ["none"]


@pytest.mark.parametrize(
    ("score", "following", "target"),
    [
        ("0", "low", "0.5"),
        ("0.5", "mid", "1.5"),
        ("1.5", "high", "3.5"),
        ("3", "high", "3.5"),
        ("3.5", None, None),
    ],
)
def test_the_next_tier_may_begin_above_a_score(score: str, following: str | None, target: str | None) -> None:
    halves = int(Fraction(score) * 2)
    answers = [*["most"] * (halves // 2), *["some"] * (halves % 2)]
    report = state(scaled((7,), ("0", "0.5", "1")), *answers)

    tier = next_tier(report)

    assert report.claimed.score == Fraction(score)
    assert (tier.id if tier else None) == following
    if tier and target:
        found = plan(report, tier.bound)
        assert found.target == found.score_after == Fraction(target)
        assert report.rubric.tier(found.score_after) == tier


@pytest.mark.parametrize("name", ["ml-test-score-2016", "ml-test-score-2017"])
def test_every_tier_of_the_published_rubrics_follows_the_one_below(name: str) -> None:
    rules = load_rubric(name)
    ids = [tier.id for tier in rules.tiers]
    report = assess(rules, Project(project="p", answers={}))
    seen = []

    while (tier := next_tier(report)) is not None:
        found = plan(report, tier.bound)
        assert (found.is_reached, found.at_least) == (True, None)
        seen.append((found.cost, found.score_after))
        raised = {step.test: Answer(status=step.to) for step in found.steps}
        report = assess(rules, Project(project="p", answers={**report.project.answers, **raised}))
        assert report.claimed.tier == tier

    assert ids.index(report.claimed.tier.id) == len(ids) - 1
    scores = {"2016": [1, 3, 5, 7, 12], "2017": ["0.5", "1.5", "2.5", "3.5", "5.5"]}[name[-4:]]
    assert [score for _, score in seen] == [Fraction(score) for score in scores]


def test_2017_above_3_means_three_and_a_half() -> None:
    rules = load_rubric("ml-test-score-2017")
    report = assess(rules, Project(project="p", answers={}))

    found = plan(report, (Fraction(3), True))

    assert (found.target, found.score_after) == (Fraction(7, 2), Fraction(7, 2))
    assert found.cost == 4 * 7
    # More with earlier tests: automated as far as that goes, then one by hand.
    assert [(step.test, step.to) for step in found.steps][:5] == [
        *((f"data-{place}", "automated") for place in range(1, 4)),
        ("data-4", "manual"),
        ("model-1", "automated"),
    ]


def test_all_28_tests_of_the_default_rubric() -> None:
    rules = load_rubric("ml-test-score-2016")
    efforts = {name: Fraction(1 + place * 5 % 7) for place, name in enumerate(rules.tests)}
    answers = {name: Answer(status="none", effort=effort) for name, effort in efforts.items()}
    report = assess(rules, Project(project="p", answers=answers))

    for target in range(15):
        found = plan(report, (Fraction(target), False))
        # Each level gains 1, so the cheapest are the lowest efforts, twice each.
        least = sum(
            sum(sorted(efforts[test.id] for test in item.tests for _ in range(2))[:target])
            for item in rules.categories
        )
        assert (found.cost, found.score_after, found.at_least) == (least, target, None)


def test_the_bound_is_said_exactly_when_the_plan_may_not_be_the_cheapest(monkeypatch: pytest.MonkeyPatch) -> None:
    # a-1 gains 1.9 for 8, a-2 gains 2 for 10: the cheaper gain is taken first, and to 2.1 it falls just short.
    report = state(scaled((2,), ("0", "0.1", "2")), ("some", 8), ("none", 5))

    def found(score: str) -> tuple[tuple[str, ...], Fraction, Fraction | None]:
        made = plan(report, (Fraction(score), False))
        return tuple(step.test for step in made.steps), made.cost, made.at_least

    assert found("2.1") == (("a-2",), 10, None)
    assert found("2") == (("a-1",), 8, None)
    monkeypatch.setattr(knapsack, "MAX_CELLS", 0)
    assert found("2") == (("a-1",), 8, None)
    assert found("2.1") == (("a-1", "a-2"), 18, 9)


@settings(deadline=None, max_examples=100)
@given(report=reports(), score=TARGETS)
def test_without_weighing_everything_a_plan_still_reaches_and_names_a_true_bound(
    report: Report, score: Fraction
) -> None:
    best = plan(report, (score, False))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(knapsack, "MAX_CELLS", 0)
        found = plan(report, (score, False))

    assert found.is_reached is best.is_reached
    assert found.score_after >= min(score, best.score_after)
    assert (found.cost if found.at_least is None else found.at_least) <= best.cost <= found.cost
    assert found.at_least is None or found.at_least < found.cost
    assert found.cost > best.cost or found.at_least is None or found.at_least < best.cost


# Steps that are tempting and gain nothing.


@settings(deadline=None, max_examples=150)
@given(report=reports(), score=TARGETS)
def test_an_idle_step_gains_nothing_until_the_others_exceed_its_category(report: Report, score: Fraction) -> None:
    found = plan(report, (score, False))
    idle = idle_steps(report, found)

    every = ways(report) if idle else []
    names = list(report.rubric.tests)
    homes = [item.category.id for item in report.categories for _ in item.tests]
    for item in idle:
        place = names.index(item.step.test)
        until = {lower.category.id for lower in item.until}
        alone = report.claimed.score
        assert item.threshold == report.claimed.categories[homes[place]] > alone
        assert homes[place] not in {*until, *(homes[names.index(step.test)] for step in found.steps)}
        assert set(report.claimed.limiting) <= until
        ladder = report.rubric.ladder
        lowest = -1 if report.rubric.levels[ladder[0]].points else 0
        up = ladder.index(item.step.to) - (ladder.index(item.step.start) if item.step.start in ladder else lowest)
        known = {way.climbs: way for way in every}
        for way in every:
            # Others raised, as far as the threshold at most; the idle category as it is.
            raised = {home for home, steps in zip(homes, way.climbs, strict=True) if steps}
            if raised <= until and any(way.sums[name] <= item.threshold for name in until):
                with_it = tuple(up if i == place else steps for i, steps in enumerate(way.climbs))
                assert known[with_it].score == way.score


def test_an_idle_step_names_the_cheapest_of_its_category_and_what_holds_it() -> None:
    rules = scaled((2, 2, 2, 1))
    report = state(rules, None, None, "some", None, ("most", 1), ("some", 2), "most")

    found = idle_steps(report, plan(report, (Fraction(1), False)))

    assert [(item.step.test, item.step.to, item.threshold) for item in found] == [
        ("b-1", "most", 1),
        ("c-2", "most", 3),
    ]
    assert [[lower.category.id for lower in item.until] for item in found] == [["a"], ["a", "b", "d"]]


@pytest.mark.parametrize("aggregate", ["sum", "mean"])
def test_where_every_point_counts_no_step_is_idle(aggregate: str) -> None:
    report = state(scaled((1, 1, 1), aggregate=aggregate), None, "some", "some")

    assert idle_steps(report, plan(report, (Fraction(1), False))) == ()


def test_without_steps_there_is_nothing_to_be_tempted_from() -> None:
    report = state(scaled((1, 1)), "none", "some")

    assert idle_steps(report, plan(report, (Fraction(0), False))) == ()


def test_a_category_that_is_part_of_the_plan_is_not_idle() -> None:
    report = state(scaled((2, 2)), None, None, "some", None)

    found = plan(report, (Fraction(2), False))

    assert {step.test[0] for step in found.steps} == {"a", "b"}
    assert idle_steps(report, found) == ()


def test_the_sums_after_steps_are_those_of_all_categories() -> None:
    report = state(scaled((2, 1), ("0", "0.5", "2")), "some", None, "waived")

    found = plan(report, (Fraction(1, 2), False))
    more = plan(state(report.rubric, "none", None, "most"), (Fraction(5, 2), False))

    assert sums(report, found.steps) == {"a": Fraction(1, 2), "b": Fraction(1, 2)}
    assert sums(report, ()) == report.claimed.categories
    assert sums(state(report.rubric, "none", None, "most"), more.steps) == {"a": 2, "b": 2}
