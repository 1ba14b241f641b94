"""Many projects in one picture: scores of rows, what lacks, what would help, and how rows are put in order."""

from copy import deepcopy
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlscore.gate import Policy, judge
from mlscore.loading import load_rubric
from mlscore.portfolio import Group, Portfolio, Refused, Row, chosen, gather, row_of, value_of
from mlscore.project import Answer, Project
from mlscore.rubric import UNANSWERED, Rubric
from mlscore.scoring import assess, score

BASE = {
    "id": "small",
    "title": "Small",
    "levels": {
        "none": {"points": 0},
        "half": {"points": 0.5},
        "done": {"points": 1},
        "skipped": {"points": 0, "reason_required": True},
    },
    "tiers": [
        {"id": "low", "from": 0, "label": "Low"},
        {"id": "mid", "above": 0.5, "label": "Mid"},
        {"id": "high", "from": 1.5, "label": "High"},
    ],
    "categories": [
        {"id": "data", "title": "Data", "tests": [{"id": "d-1", "title": "A"}, {"id": "d-2", "title": "B"}]},
        {"id": "serving", "title": "Serving", "tests": [{"id": "s-1", "title": "C"}, {"id": "s-2", "title": "D"}]},
    ],
}
SMALL = Rubric.model_validate(BASE)
PAPER = load_rubric("ml-test-score-2016")


def report(statuses, rubric=SMALL, name="churn", **keys):
    answers = {
        test: None if status in {None, UNANSWERED} else Answer(status=status, reason="r")
        for test, status in statuses.items()
    }
    return assess(rubric, Project(project=name, answers=answers, **keys), date(2026, 11, 21))


def made(statuses=(), rubric=SMALL, name="churn", path="p.yaml", **keys):
    """A row; statuses in the order of the tests."""
    answers = dict(zip(rubric.tests, statuses, strict=False))
    return row_of(report(answers, rubric, name), None)._replace(path=path, **keys)


def group(*rows, rubric=SMALL):
    return Group(rubric, rows)


def gap(found, test):
    return next(gap for gap in found.gaps() if gap.test.id == test)


# One row


def test_a_row_holds_what_its_report_says():
    found = row_of(
        judge(report({"d-1": "done", "s-2": "half"}, owner="ana"), Policy(fail_under=Fraction(1))),
        date(2026, 1, 1),
    )

    assert (found.project, found.owner, found.rubric) == ("churn", "ana", SMALL.digest)
    assert (found.categories, found.statuses) == ((2, 1), bytes([2, 4, 4, 1]))
    assert (found.verified, found.oldest) == (None, date(2026, 1, 1))
    assert found.gate == ("the score 0.5 is below 1 (limited by Serving)",)


def test_without_an_owner_and_a_gate_they_are_empty():
    assert (made().owner, made().gate) == ("", None)


def test_claimed_and_verified_are_scores_of_the_rubric():
    row = made(["done", "done", "done", "half"], verified=(4, 1))
    found = group(row)

    assert (found.claimed(row).score, found.claimed(row).tier.id, found.claimed(row).limiting) == (
        *(Fraction(3, 2), "high"),
        ("serving",),
    )
    assert (found.verified(row).score, found.verified(row).tier.id) == (Fraction(1, 2), "low")
    assert found.verified(row._replace(verified=None)) is None
    assert found.verified(row._replace(verified=(0, 0))).score == 0
    assert found.claimed(row).categories == {"data": 2, "serving": Fraction(3, 2)}


def test_only_tests_without_an_answer_are_unanswered():
    row = made(["none", "skipped", None, "done"])

    assert group(row).unanswered(row) == 1
    assert group(row).unanswered(made()) == 4


STATUSES = st.sampled_from([*SMALL.levels, UNANSWERED])


@st.composite
def rubrics(draw):
    data = deepcopy(BASE)
    data["aggregate"] = draw(st.sampled_from(["min", "sum", "mean"]))
    points = draw(st.sampled_from([(0, 0.5, 1), (0, 1, 1), (0.5, 0.1, 0.7), (1, 2, 3), (0, 1, 0.5)]))
    for name, value in zip(("none", "half", "done"), points, strict=True):
        data["levels"][name]["points"] = value
    data["levels"]["skipped"]["points"] = draw(st.sampled_from([0, 0, 0.5]))
    sizes = draw(st.lists(st.integers(1, 3), min_size=1, max_size=3))
    data["categories"] = [
        {"id": name, "title": name, "tests": [{"id": f"{name}-{place}", "title": "T"} for place in range(size)]}
        for name, size in zip("abc", sizes, strict=False)
    ]
    bounds = sorted(draw(st.sets(st.sampled_from([0.1, 0.5, 0.7, 1, 2, 3]), min_size=1, max_size=3)))
    data["tiers"][1:] = [
        {"id": f"t-{place}", draw(st.sampled_from(["from", "above"])): bound, "label": "T"}
        for place, bound in enumerate(bounds)
    ]
    return Rubric.model_validate(data)


@st.composite
def portfolios(draw):
    rubric = draw(rubrics())
    every = st.lists(STATUSES, min_size=len(rubric.tests), max_size=len(rubric.tests))
    return rubric, draw(st.lists(every, min_size=1, max_size=4))


@given(portfolios())
@settings(max_examples=300, deadline=None)
def test_a_row_scores_as_its_report(found):
    rubric, projects = found
    for statuses in projects:
        answers = dict(zip(rubric.tests, statuses, strict=True))
        row = made(statuses, rubric)

        assert group(row, rubric=rubric).claimed(row) == report(answers, rubric).claimed


# What lacks


def test_counts_are_projects_by_status():
    found = group(made(["none", "half"]), made(["done", "half"]), made(["skipped"]), made())

    assert dict(gap(found, "d-1").counts) == {"none": 1, "half": 0, "done": 1, "skipped": 1, "unanswered": 1}
    assert dict(gap(found, "d-2").counts) == {"none": 0, "half": 2, "done": 0, "skipped": 0, "unanswered": 2}


def test_gaps_are_in_the_order_of_the_rubric():
    assert [item.test.id for item in group(made()).gaps()] == list(SMALL.tests)


def test_the_mean_is_over_all_projects_and_exact():
    found = group(made(["half"]), made(["done"]), made(["skipped"]))

    assert gap(found, "d-1").mean == Fraction(1, 2)
    assert gap(group(made(["half"]), made(), made()), "d-1").mean == Fraction(1, 6)


def test_lacking_is_what_earns_nothing_and_was_not_decided():
    found = group(made(["none"]), made(["half"]), made(["skipped"]), made())

    assert gap(found, "d-1").lacking == 2


def test_the_mean_of_the_paper_s_systems_stands_beside_it():
    with_averages = gap(group(made(rubric=PAPER), rubric=PAPER), "data-5")

    assert with_averages.average == Fraction(27, 25)
    assert gap(group(made()), "d-1").average is None


@given(portfolios())
@settings(max_examples=400, deadline=None)
def test_gaps_against_brute_force(found):
    rubric, projects = found
    gaps = group(*(made(statuses, rubric) for statuses in projects), rubric=rubric).gaps()
    order = {tier.id: place for place, tier in enumerate(rubric.tiers)}
    names = list(rubric.tests)

    def scored(statuses, at=None):
        points = {name: Fraction(0) for name in (item.id for item in rubric.categories)}
        for category in rubric.categories:
            for test in category.tests:
                status = statuses[names.index(test.id)]
                # A decision stays one: it was left out on purpose.
                raised = test.id == at and not (status in rubric.levels and rubric.levels[status].reason_required)
                earned = rubric.levels[status].points if status in rubric.levels else Fraction(0)
                points[category.id] += max(earned, rubric.top if raised else Fraction(0))
        return order[score(rubric, points).tier.id]

    for place, item in enumerate(gaps):
        mine = [statuses[place] for statuses in projects]
        earned = [rubric.levels[status].points for status in mine if status in rubric.levels]
        assert {name: mine.count(name) for name in (*rubric.levels, UNANSWERED)} == dict(item.counts)
        assert item.mean == sum(earned, Fraction(0)) / len(projects)
        assert item.lifts == sum(scored(statuses, item.test.id) > scored(statuses) for statuses in projects)
        empty = {name for name, level in rubric.levels.items() if not level.points and not level.reason_required}
        assert item.lacking == sum(status in {*empty, UNANSWERED} for status in mine)


def test_only_tests_of_the_one_category_that_holds_the_score_down_lift_a_project():
    assert [item.lifts for item in group(made(["done", "none", "none", "none"])).gaps()] == [0, 0, 1, 1]
    assert [item.lifts for item in group(made(["half", "none", "done", "none"])).gaps()] == [1, 1, 0, 0]
    assert [item.lifts for item in group(made(["skipped", "none", "done", "none"])).gaps()] == [0, 1, 0, 0]


def test_two_categories_at_the_minimum_cannot_be_lifted_by_one_test():
    assert [item.lifts for item in group(made(), made(["half", "none", "none", "half"])).gaps()] == [0, 0, 0, 0]


def test_the_highest_tier_cannot_be_risen_from():
    assert [item.lifts for item in group(made(["done", "half", "done", "half"])).gaps()] == [0, 0, 0, 0]


# Groups and their order


def rows_of(found):
    return [row.path for row in found.rows]


def test_rows_are_sorted_by_score_then_name_then_path():
    rows = [
        made(["done"] * 4, name="a", path="1"),
        made(name="c", path="2"),
        made(name="b", path="4"),
        made(name="b", path="3"),
        made(["half"] * 4, name="z", path="5"),
    ]

    [found] = gather(rows, {SMALL.digest: SMALL})
    [back] = gather(rows[::-1], {SMALL.digest: SMALL}, reverse=True)

    assert rows_of(found) == ["3", "4", "2", "5", "1"]
    assert rows_of(back) == ["1", "5", "3", "4", "2"]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("score", "cab"),
        ("tier", "cab"),
        ("project", "bca"),
        ("path", "abc"),
        ("owner", "acb"),
        ("unanswered", "bac"),
        ("oldest", "bac"),
    ],
)
def test_rows_can_be_sorted_by_anything(sort, order):
    rows = [
        made(["half", None, "half", "half"], name="z", path="a", owner="1", oldest=date(2026, 2, 1)),
        made(["half", "half", "half", "done"], name="x", path="b", owner="3", oldest=date(2026, 1, 1)),
        made(name="y", path="c", owner="2"),
    ]

    assert "".join(rows_of(gather(rows, {SMALL.digest: SMALL}, sort)[0])) == order
    assert "".join(rows_of(gather(rows, {SMALL.digest: SMALL}, sort, reverse=True)[0])) == order[::-1]


def test_projects_of_different_rubrics_are_never_in_one_group():
    other = Rubric.model_validate(BASE | {"id": "another"})
    newer = Rubric.model_validate(BASE | {"version": 2})
    rubrics = {rubric.digest: rubric for rubric in (SMALL, other, newer, PAPER)}
    rows = [made(rubric=rubric) for rubric in (PAPER, SMALL, other, SMALL, newer, SMALL, PAPER)]

    found = gather(rows, rubrics)

    assert [(item.rubric.id, item.rubric.version, len(item.rows)) for item in found] == [
        *(("small", 1, 3), ("ml-test-score-2016", PAPER.version, 2), ("another", 1, 1), ("small", 2, 1))
    ]
    assert all({row.rubric for row in item.rows} == {item.rubric.digest} for item in found)


@given(st.lists(st.sampled_from(["small", "paper"]), max_size=12), st.randoms())
def test_the_order_of_the_files_does_not_matter(kinds, random):
    rubrics = {SMALL.digest: SMALL, PAPER.digest: PAPER}
    rows = [made(rubric=SMALL if kind == "small" else PAPER, path=str(place)) for place, kind in enumerate(kinds)]
    shuffled = random.sample(rows, len(rows))

    assert [item.rows for item in gather(rows, rubrics)] == [item.rows for item in gather(shuffled, rubrics)]


def test_nothing_is_no_group():
    assert gather([], {}) == ()


# What a row has, and which rows are chosen


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("tier", ("low",)),
        ("owner", ("ana",)),
        ("rubric", ("small",)),
        ("project", ("churn",)),
        ("path", ("p.yaml",)),
        ("limiting", ("data", "serving")),
        ("gate", ("none",)),
    ],
)
def test_values_of_a_row(key, values):
    row = made(owner="ana")

    assert value_of(group(row), row, key) == values


@pytest.mark.parametrize(("gate", "value"), [(None, "none"), ((), "passed"), (("too low",), "failed")])
def test_the_gate_as_a_value(gate, value):
    row = made(gate=gate)

    assert value_of(group(row), row, "gate") == (value,)


def test_a_sum_is_limited_by_nothing():
    rubric = Rubric.model_validate(BASE | {"aggregate": "sum"})
    row = made(rubric=rubric)

    assert value_of(group(row, rubric=rubric), row, "limiting") == ()


@pytest.mark.parametrize(
    ("filters", "paths"),
    [
        ([], "abc"),
        ([("owner", "ana")], "a"),
        ([("owner", "a*")], "ac"),
        ([("owner", "Ana")], ""),
        ([("owner", "an")], ""),
        ([("owner", "*")], "abc"),
        ([("limiting", "data")], "ab"),
        ([("limiting", "serving")], "ac"),
        ([("limiting", "data"), ("limiting", "serving")], "a"),
        ([("tier", "low"), ("owner", "*n*")], "a"),
        ([("rubric", "sm*")], "abc"),
        ([("gate", "failed")], "b"),
    ],
)
def test_rows_are_chosen_by_every_filter(filters, paths):
    found = group(
        made(owner="ana", path="a"),
        made(["none", "none", "done", "done"], owner="bob", path="b", gate=("x",)),
        made(["done", "done", "done", "none"], owner="al", path="c", gate=()),
    )

    assert "".join(rows_of(chosen(found, filters))) == paths


def test_what_failed_is_in_every_group():
    first, second = made(path="a", gate=("x",)), made(rubric=PAPER, path="b", gate=("y",))
    groups = (group(first, made(gate=())), group(second, made(rubric=PAPER), rubric=PAPER))

    assert Portfolio(groups, (Refused("c", ("z",)),)).failed == (first, second)
    assert Portfolio(()).failed == ()
    assert isinstance(first, Row)
