"""The rule, held against an independent statement of it."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlscore import assess, load_rubric
from mlscore.project import Answer, Project
from mlscore.rubric import Rubric

CATEGORIES = ("data", "model", "infra", "monitor")
STATUSES = (None, "none", "manual", "automated", "not_applicable")
IDS = [f"{category}-{place}" for category in CATEGORIES for place in range(1, 8)]

# The published tables, written out by hand: the tier of every score that can be reached.
TIERS_2016 = dict(
    zip(
        range(15),
        [
            "research",
            *["gaps"] * 2,
            *["basic"] * 2,
            *["reasonable"] * 2,
            *["strong"] * 5,
            *["exceptional"] * 3,
        ],
        strict=True,
    )
)
TIERS_2017 = dict(
    zip(
        range(15),  # in half points
        [
            "research",
            *["gaps"] * 2,
            *["basic"] * 2,
            *["reasonable"] * 2,
            *["strong"] * 4,
            *["exceptional"] * 4,
        ],
        strict=True,
    )
)


def project(answers: dict[str, str | None]) -> Project:
    return Project(
        project="p",
        answers={
            test: None if status is None else Answer(status=status, reason="because")
            for test, status in answers.items()
        },
    )


def small(
    aggregate: str = "min", points: tuple[object, ...] = (0, 1, 2), categories: tuple[str, ...] = ("a", "b")
) -> Rubric:
    """Categories of two tests each."""
    levels = dict(zip(("none", "manual", "automated"), ({"points": value} for value in points), strict=True))
    return Rubric.model_validate(
        {
            "id": "small",
            "title": "Small",
            "aggregate": aggregate,
            "levels": levels | {"skipped": {"points": 0, "reason_required": True}},
            "tiers": [{"id": "all", "from": 0, "label": "All"}],
            "categories": [
                {"id": name, "title": name, "tests": [{"id": f"{name}-{i}", "title": "t"} for i in (1, 2)]}
                for name in categories
            ],
        }
    )


@pytest.fixture(scope="module", params=["ml-test-score-2016", "ml-test-score-2017"])
def rubric(request: pytest.FixtureRequest) -> Rubric:
    return load_rubric(request.param)


@given(statuses=st.lists(st.sampled_from(STATUSES), min_size=28, max_size=28))
def test_score_is_the_minimum_of_the_four_sums(statuses: list[str | None]) -> None:
    earned = {None: 0, "none": 0, "manual": 1, "automated": 2, "not_applicable": 0}
    sums = [sum(earned[status] for status in statuses[start : start + 7]) for start in (0, 7, 14, 21)]

    answers = project(dict(zip(IDS, statuses, strict=True)))
    on_2016 = assess(load_rubric("ml-test-score-2016"), answers)
    on_2017 = assess(load_rubric("ml-test-score-2017"), answers)

    assert list(on_2016.claimed.categories.values()) == sums
    assert on_2016.claimed.score == min(sums)
    assert on_2016.claimed.tier.id == TIERS_2016[min(sums)]
    assert on_2016.claimed.limiting == tuple(
        name for name, value in zip(CATEGORIES, sums, strict=True) if value == min(sums)
    )
    # The same answers score exactly half on the 2017 scale.
    assert on_2017.claimed.score * 2 == min(sums)
    assert on_2017.claimed.tier.id == TIERS_2017[min(sums)]
    assert sum(on_2016.counts.values()) == 28
    assert on_2016.counts == {
        **{level: statuses.count(level) for level in STATUSES[1:]},
        "unanswered": statuses.count(None),
    }


@pytest.mark.parametrize("halves", range(15))
def test_every_reachable_score_has_its_published_tier(rubric: Rubric, halves: int) -> None:
    """Each category at the same sum, from all none to all automated."""
    automated, manual = divmod(halves, 2)
    statuses = ["automated"] * automated + ["manual"] * manual + ["none"] * (7 - automated - manual)
    report = assess(rubric, project({f"{c}-{i + 1}": statuses[i] for c in CATEGORIES for i in range(7)}))

    tiers, unit = (TIERS_2016, 1) if rubric.max_score == 14 else (TIERS_2017, Fraction(1, 2))
    assert report.claimed.score == halves * unit
    assert report.claimed.tier.id == tiers[halves]
    assert report.claimed.limiting == CATEGORIES


def test_11_on_the_2016_scale_is_strong_with_a_note() -> None:
    rubric = load_rubric("ml-test-score-2016")
    answers = dict.fromkeys(IDS, "automated") | {"data-1": "none", "data-2": "manual"}

    claimed = assess(rubric, project(answers)).claimed

    assert (claimed.score, claimed.tier.id) == (11, "strong")
    assert claimed.note == (
        "the published table gives 11 no tier; it counts as Strong, mission-critical until 12 is reached"
    )


@pytest.mark.parametrize("changed", [{}, {"data-2": "automated"}, {"data-2": "none"}])
def test_a_score_in_the_published_table_has_no_note(changed: dict[str, str | None]) -> None:
    answers: dict[str, str | None] = dict.fromkeys(IDS, "automated")
    answers |= {"data-1": "none", "data-2": "manual"} | (changed or {"data-1": "automated"})

    assert assess(load_rubric("ml-test-score-2016"), project(answers)).claimed.note == ""


@given(
    statuses=st.lists(st.sampled_from(STATUSES), min_size=28, max_size=28),
    place=st.integers(0, 27),
)
def test_not_applicable_never_raises_the_score(statuses: list[str | None], place: int) -> None:
    rubric = load_rubric()
    before = dict(zip(IDS, statuses, strict=True))
    after = before | {IDS[place]: "not_applicable"}

    assert assess(rubric, project(after)).claimed.score <= assess(rubric, project(before)).claimed.score


def test_attainable_counts_out_what_is_not_applicable(rubric: Rubric) -> None:
    report = assess(rubric, project({"model-1": "not_applicable", "model-2": "not_applicable"}))

    model = next(item for item in report.categories if item.category.id == "model")
    assert model.attainable == rubric.top * 5
    assert report.attainable == rubric.top * 5
    assert model.max_points == rubric.top * 7


def test_unanswered_none_and_not_applicable_are_told_apart(rubric: Rubric) -> None:
    report = assess(rubric, project({"data-1": None, "data-2": "none", "data-3": "not_applicable"}))

    data = report.categories[0].tests
    assert [test.status for test in data[:4]] == ["unanswered", "none", "not_applicable", "unanswered"]
    assert [test.points for test in data] == [0] * 7


@pytest.mark.parametrize(("aggregate", "score"), [("min", 1), ("sum", 4), ("mean", 2)])
def test_aggregates(aggregate: str, score: int) -> None:
    report = assess(small(aggregate), project({"a-1": "manual", "b-1": "automated", "b-2": "manual"}))

    assert report.claimed.score == score
    assert report.claimed.limiting == (("a",) if aggregate == "min" else ())
    assert report.max_score == {"min": 4, "sum": 8, "mean": 4}[aggregate]


def test_decimal_points_are_exact() -> None:
    """0.1 + 0.2 is 0.3, not 0.30000000000000004."""
    report = assess(small("sum", (0, 0.1, 0.2)), project({"a-1": "manual", "a-2": "automated"}))

    assert report.claimed.score == Fraction(3, 10)


def test_a_mean_is_exact() -> None:
    report = assess(small("mean", categories=("a", "b", "c")), project({"a-1": "manual"}))

    assert report.claimed.score == Fraction(1, 3)


def test_a_tier_with_an_open_lower_bound_begins_above_it() -> None:
    rubric = load_rubric("ml-test-score-2017")

    assert [rubric.tier(Fraction(score)).id for score in (0, 1, 2, 3, 5, 7)] == [
        *("research", "gaps", "basic", "reasonable", "strong", "exceptional")
    ]
    assert [rubric.tier(Fraction(score, 100)).id for score in (1, 101, 201, 301, 501)] == [
        *("gaps", "basic", "reasonable", "strong", "exceptional")
    ]


def test_the_day_is_an_argument() -> None:
    day = date(2026, 1, 31)

    assert assess(small(), project({}), as_of=day).as_of == day


def test_answers_that_the_rubric_does_not_know_are_refused() -> None:
    with pytest.raises(ValueError, match="data-9: not in the rubric small"):
        assess(small(), project({"data-9": "none"}))
    with pytest.raises(ValueError, match="done: no status of the rubric small"):
        assess(small(), project({"a-1": "done"}))
