"""What is wrong or doubtful about a rubric: tiers against a search over all answers, and what its texts lack."""

import time
import tracemalloc
from fractions import Fraction
from itertools import combinations_with_replacement, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlscore import load_rubric
from mlscore.checking import Problem, doubts, problems
from mlscore.rubric import Rubric, Tier

LEVELS = {"none": {"points": 0, "meaning": "No."}, "half": {"points": 0.5, "meaning": "By hand."}}
LEVELS |= {"done": {"points": 1, "meaning": "By a system."}}
GUIDANCE = {"half": "A log.", "done": "A job."}
WHOLE = {name: LEVELS[name] for name in ("none", "done")}


def tier(name: str, **bounds: object) -> dict[str, object]:
    return {"id": name, "label": name.upper(), "meaning": "Well.", **bounds}


def asked(name: str, **over: object) -> dict[str, object]:
    return {"id": name, "title": name, "purpose": "So.", "guidance": GUIDANCE, **over}


def group(name: str, *tests: dict[str, object], **over: object) -> dict[str, object]:
    return {"id": name, "title": name.upper(), "tests": list(tests), **over}


def sized(*sizes: int) -> list[dict[str, object]]:
    """Categories of so many tests."""
    return [
        group(name, *(asked(f"{name}-{place}") for place in range(1, size + 1)))
        for name, size in zip("abc", sizes, strict=False)
    ]


def rubric(**over: object) -> Rubric:
    """A rubric with nothing to say about: one category, two tests, a scale of 2 in steps of 0.5."""
    return Rubric.model_validate(
        {
            "id": "small",
            "title": "Small",
            "levels": LEVELS,
            "tiers": [tier("low", **{"from": 0}), tier("high", **{"from": 1})],
            "categories": sized(2),
            **over,
        }
    )


def from_(name: str, bound: object, **more: object) -> dict[str, object]:
    return tier(name, **{"from": bound}, **more)


def above(name: str, bound: object, **more: object) -> dict[str, object]:
    return tier(name, above=bound, **more)


def about_tiers(rules: Rubric) -> list[Problem]:
    return [(way, message) for way, message in doubts(rules) if way[0] == "tiers"]


class TestTiers:
    def test_a_rubric_with_nothing_to_look_at(self):
        assert list(problems(rubric())) == []
        assert list(doubts(rubric())) == []

    @pytest.mark.parametrize(
        ("tiers", "found"),
        [
            (
                [from_("low", 0), from_("high", 2.5)],
                [(("tiers", 1), "the tier high cannot be reached: the scale ends at 2")],
            ),
            (
                [from_("low", 0), above("high", 2)],
                [(("tiers", 1), "the tier high cannot be reached: the scale ends at 2")],
            ),
            ([from_("low", 0), from_("high", 2)], []),
            ([from_("low", 0), above("high", 1.999999)], []),
            (
                [from_("low", 0), from_("mid", 0.75), from_("high", 1)],
                [(("tiers", 1), "the tier mid cannot be reached: no sum of points falls into it")],
            ),
            (
                [from_("low", 0), above("mid", 0.5), from_("high", 1)],
                [(("tiers", 1), "the tier mid cannot be reached: no sum of points falls into it")],
            ),
            ([from_("low", 0), from_("mid", 0.5), above("high", 0.5)], []),
            ([from_("low", 0), from_("quarter", 0.25)], []),
            ([from_("low", 0), from_("quarter", 0.25), above("high", 0.5)], []),
            (
                [from_("low", 0), from_("quarter", 0.25), from_("high", 0.5)],
                [(("tiers", 1), "the tier quarter cannot be reached: no sum of points falls into it")],
            ),
            (
                [from_("low", 0), from_("a", 3), from_("b", 4)],
                [
                    (("tiers", 1), "the tier a cannot be reached: the scale ends at 2"),
                    (("tiers", 2), "the tier b cannot be reached: the scale ends at 2"),
                ],
            ),
        ],
    )
    def test_that_no_score_lands_in(self, tiers, found):
        assert list(doubts(rubric(tiers=tiers))) == found

    @pytest.mark.parametrize(
        ("tiers", "found"),
        [
            ([from_("low", 0, to=0.5), from_("high", 1)], []),
            ([from_("low", 0, to=0.5), above("high", 0.5)], []),
            ([from_("low", 0, to=0.75), from_("high", 1)], []),
            (
                [from_("low", 0, to=0), from_("high", 1)],
                [
                    (
                        ("tiers", 0, "to"),
                        "scores above 0 and below 1 are in no tier; they count as low",
                    )
                ],
            ),
            (
                [from_("low", 0, to=0.25), above("high", 0.5)],
                [
                    (
                        ("tiers", 0, "to"),
                        "scores above 0.25 and up to 0.5 are in no tier; they count as low",
                    )
                ],
            ),
            ([from_("low", 0, to=0.5), from_("high", 1, to=2)], []),
            ([from_("low", 0, to=0.5), from_("high", 1, to=9)], []),
            (
                [from_("low", 0, to=0.5), from_("high", 1, to=1.5)],
                [(("tiers", 1, "to"), "scores above 1.5 are in no tier; they count as high")],
            ),
            (
                [from_("low", 0, to=0.25), from_("mid", 0.75, to=0.8), from_("high", 1)],
                [
                    (("tiers", 0, "to"), "scores above 0.25 and below 0.75 are in no tier; they count as low"),
                    (("tiers", 1), "the tier mid cannot be reached: no sum of points falls into it"),
                ],
            ),
        ],
    )
    def test_that_end_before_a_score_that_is_in_no_other(self, tiers, found):
        assert list(problems(rubric(tiers=tiers))) == []
        assert list(doubts(rubric(tiers=tiers))) == found

    @pytest.mark.parametrize(
        ("aggregate", "missed"),
        [("min", ["third", "more", "four"]), ("sum", ["third"]), ("mean", ["four"])],
    )
    def test_are_reached_as_the_categories_are_put_together(self, aggregate, missed):
        """Three categories of 1, 1 and 2 tests that earn 0 or 1: the minimum is 1 at most, the mean 4/3."""
        bounds = {"zero": 0, "third": 0.333333, "one": 1, "more": 1.333333, "four": 4}
        tiers = [above(name, bound) if bound == 0.333333 else from_(name, bound) for name, bound in bounds.items()]
        rules = rubric(aggregate=aggregate, levels=WHOLE, tiers=tiers, categories=sized(1, 1, 2))

        assert [rules.tiers[way[1]].id for way, _ in about_tiers(rules)] == missed

    def test_of_a_minimum_reach_as_far_as_the_smallest_category(self):
        rules = rubric(levels=WHOLE, categories=sized(3, 1), tiers=[from_("low", 0), from_("high", 2)])

        assert about_tiers(rules) == [(("tiers", 1), "the tier high cannot be reached: the scale ends at 1")]

    def test_of_a_minimum_are_those_of_one_category_not_of_all(self):
        """Of 0 or 0.5 or 2 for each test, two tests together would make 1."""
        levels = WHOLE | {"half": LEVELS["half"], "done": {"points": 2, "meaning": "M."}}
        tiers = [from_("low", 0), from_("mid", 1), from_("high", 2)]

        assert about_tiers(rubric(levels=levels, categories=sized(1, 2), tiers=tiers)) == []
        assert about_tiers(rubric(levels=levels, categories=sized(1, 1), tiers=tiers)) == [
            (("tiers", 1), "the tier mid cannot be reached: no sum of points falls into it")
        ]

    @pytest.mark.parametrize("aggregate", ["min", "sum", "mean"])
    def test_count_a_test_without_an_answer_as_0_also_where_every_level_earns_points(self, aggregate):
        levels = {"low": {"points": 1, "meaning": "M."}, "done": {"points": 2, "meaning": "M."}}
        tiers = [from_("none", 0), from_("one", 1), from_("half", 1.5), from_("two", 2), from_("top", 4)]
        rules = rubric(levels=levels, aggregate=aggregate, tiers=tiers)

        assert about_tiers(rules) == [
            (("tiers", 2), "the tier half cannot be reached: no sum of points falls into it")
        ]

    def test_count_what_a_decision_earns(self):
        waived = {"waived": {"points": 0.5, "reason_required": True, "meaning": "Waived."}}
        tiers = [from_("low", 0), from_("mid", 1.5), from_("top", 2)]

        assert about_tiers(rubric(levels=WHOLE | waived, tiers=tiers)) == []
        assert [way for way, _ in about_tiers(rubric(levels=WHOLE, tiers=tiers))] == [("tiers", 1)]

    def test_without_a_meaning(self):
        found = rubric(tiers=[from_("low", 0), from_("high", 1, meaning="")])

        assert list(doubts(found)) == [
            (("tiers", 1), "the tier high has no meaning; say what a score in it tells"),
        ]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        (
            "ml-test-score-2016",
            [(("tiers", 4, "to"), "scores above 10 and below 12 are in no tier; they count as strong")],
        ),
        ("ml-test-score-2017", []),
        ("production-checklist", []),
        ("pipeline-testing", []),
    ],
)
def test_a_built_in_rubric_leaves_no_doubt_but_the_11_of_2016(name, found):
    assert list(doubts(load_rubric(name))) == found


def test_the_default_rubric_is_the_one_with_the_gap():
    assert len(list(doubts(load_rubric()))) == 1


@pytest.mark.parametrize(
    ("over", "found"),
    [
        (
            {"levels": LEVELS | {"half": {"points": 0.5}}},
            [(("levels", "half"), "the level half has no meaning; say when a team may claim it")],
        ),
        (
            {"categories": [group("a", asked("a-1"), asked("a-2", purpose=""))]},
            [(("categories", 0, "tests", 1), "a-2 has no purpose; say why it matters")],
        ),
        (
            {"categories": [group("a", asked("a-1")), group("b", asked("b-1", guidance={}))]},
            [(("categories", 1, "tests", 0), "b-1 does not say what counts as half and done")],
        ),
        (
            {"categories": [group("a", asked("a-1", guidance={"half": "A log.", "done": ""}), asked("a-2"))]},
            [(("categories", 0, "tests", 0), "a-1 does not say what counts as done")],
        ),
        (
            {"categories": [group("a", asked("a-1", manual="By hand."), asked("a-2"))]},
            [
                (
                    ("categories", 0, "tests", 0, "manual"),
                    "a-1 says what counts as manual, which is no level of this rubric",
                )
            ],
        ),
        (
            {"categories": [group("a", asked("a-1"), asked("a-2", automated="A job."))]},
            [
                (
                    ("categories", 0, "tests", 1, "automated"),
                    "a-2 says what counts as automated, which is no level of this rubric",
                )
            ],
        ),
        (
            {"categories": [group("a", asked("a-1", guidance=GUIDANCE | {"most": "All."}), asked("a-2"))]},
            [
                (
                    ("categories", 0, "tests", 0, "guidance", "most"),
                    "a-1 says what counts as most, which is no level of this rubric",
                )
            ],
        ),
        (
            {"categories": [group("a", asked("a-1", average=0.5), asked("a-2"))]},
            [
                (
                    ("categories", 0, "tests", 0, "average"),
                    "a-1 has an average; add `comparison` to say whose",
                )
            ],
        ),
        (
            {"categories": [group("a", asked("a-1", average=0), asked("a-2"))]},
            [
                (
                    ("categories", 0, "tests", 0, "average"),
                    "a-1 has an average; add `comparison` to say whose",
                )
            ],
        ),
        (
            {"comparison": {"label": "36 teams"}},
            [(("comparison",), "no test has an average to compare with")],
        ),
        (
            {
                "comparison": {"label": "36 teams"},
                "categories": [group("a", asked("a-1"), asked("a-2", average=0))],
            },
            [],
        ),
        (
            {
                "levels": {"none": LEVELS["none"], "manual": LEVELS["half"], "automated": LEVELS["done"]},
                "categories": [group("a", asked("a-1", guidance={}, manual="A log.", automated="A job."))],
                "tiers": [from_("low", 0)],
            },
            [],
        ),
        (
            {
                "levels": LEVELS | {"waived": {"points": 1, "reason_required": True, "meaning": "Waived."}},
            },
            [],
        ),
    ],
    ids=[
        "a level without meaning",
        "a test without purpose",
        "no guidance at all",
        "guidance that is empty",
        "manual without such a level",
        "automated without such a level",
        "guidance without such a level",
        "an average without comparison",
        "an average of nothing without comparison",
        "a comparison without averages",
        "a comparison with an average of nothing",
        "manual and automated are guidance",
        "a decision needs no guidance",
    ],
)
def test_texts_that_are_missing_or_astray(over, found):
    assert list(doubts(rubric(**over))) == found


NAMED = [group("data", asked("data-1", aliases=["schema"]), asked("data-2")), group("infra", asked("infra-1"))]


@pytest.mark.parametrize(
    ("require", "found"),
    [
        ([], []),
        (["data-2", "infra-1"], []),
        (["schema"], []),
        (["dta-2"], [(("require", 0), "'dta-2' is not a test of small; did you mean data-2?")]),
        (["data-1", "shema"], [(("require", 1), "'shema' is not a test of small; did you mean schema?")]),
        (["data-3"], [(("require", 0), "'data-3' is not a test of small; there are data-1 to data-2")]),
        (["data"], [(("require", 0), "'data' is not a test of small; did you mean data-2?")]),
        (
            ["xyzzy", "data-1", "quux"],
            [
                (("require", 0), "'xyzzy' is not a test of small; there are data-1, data-2 and infra-1"),
                (("require", 2), "'quux' is not a test of small; there are data-1, data-2 and infra-1"),
            ],
        ),
    ],
)
def test_a_required_test_is_one_of_the_rubric_by_any_of_its_names(require, found):
    assert list(problems(rubric(categories=NAMED, require=require))) == found


@pytest.mark.parametrize(
    ("over", "found"),
    [
        (
            {
                "require": ["gone"],
                "categories": [group("a", *(asked(f"a-{place}") for place in range(2_000))), *sized(0, 1)[1:]],
            },
            [(("categories",), "more than the limit of 2,000 tests")],
        ),
        (
            {
                "require": ["gone"],
                "categories": [group("a", asked("a-1"), asked("a-1"))],
                "levels": {"half": LEVELS["half"], "none": LEVELS["none"]},
                "tiers": [from_("low", 1)],
            },
            [
                (("categories", 0, "tests", 1, "id"), "the test id a-1 is repeated; give each test its own"),
                (
                    ("levels", "none"),
                    "none earns less than half, which stands before it; put levels in ascending order",
                ),
                (("tiers", 0), "no tier holds the lowest score; let the tier low begin `from: 0`"),
                (("require", 0), "'gone' is not a test of small; there is only a-1"),
            ],
        ),
    ],
    ids=["too many tests, and no more is looked for", "one of each kind"],
)
def test_problems_have_their_paths(over, found):
    assert list(problems(rubric(**over))) == found


SMALL_POINTS = st.lists(st.sampled_from([0, 0.25, 0.5, 1, 2]), min_size=1, max_size=3)


@st.composite
def random_tiers(draw: st.DrawFn) -> list[dict[str, object]]:
    """Tiers from 0 up, each closed or open, some with an end."""
    bounds = draw(st.lists(st.tuples(st.integers(0, 56), st.booleans()), max_size=5, unique=True))
    starts = sorted({(0, False), *bounds})
    ends = [following for following, _ in starts[1:]] + [80]
    tiers = []
    for place, ((start, is_open), end) in enumerate(zip(starts, ends, strict=True)):
        to = draw(st.none() | st.integers(start + is_open, max(end - 1, start + is_open)))
        made = {"to": to / 8} if to is not None and start + is_open <= to < end else {}
        tiers.append(tier(f"t-{place}", **{"above" if is_open else "from": start / 8}, **made))
    return tiers


def every_score(rules: Rubric) -> set[Fraction]:
    """Every score that answers can lead to, or their absence: all combinations in each category, all of those."""
    earned = [Fraction(0), *(level.points for level in rules.levels.values())]
    sums = [
        {sum(way, Fraction(0)) for way in combinations_with_replacement(earned, len(category.tests))}
        for category in rules.categories
    ]
    return {rules.combine(way) for way in product(*sums)}


def landing(rules: Rubric, item: Tier) -> set[Fraction]:
    return {score for score in every_score(rules) if rules.tier(score) == item}


@given(
    lowest=st.sampled_from([[0], []]),
    points=SMALL_POINTS,
    sizes=st.lists(st.integers(1, 3), min_size=1, max_size=3),
    aggregate=st.sampled_from(["min", "sum", "mean"]),
    tiers=random_tiers(),
)
@settings(max_examples=400, deadline=None)
def test_doubts_about_tiers_are_those_of_a_search_over_all_answers(lowest, points, sizes, aggregate, tiers):
    values = [*lowest, *sorted(points)]
    levels = {f"l-{place}": {"points": value, "meaning": "M."} for place, value in enumerate(values)}
    rules = rubric(levels=levels, aggregate=aggregate, tiers=tiers, categories=sized(*sizes))

    found = about_tiers(rules)

    landed = [landing(rules, item) for item in rules.tiers]
    unreachable = {place for place, scores in enumerate(landed) if not scores}
    too_high = {
        place
        for place, (item, scores) in enumerate(zip(rules.tiers, landed, strict=True))
        if item.to is not None and any(score > item.to for score in scores)
    }
    assert {way[1] for way, message in found if "cannot be reached" in message} == unreachable
    assert {way[1] for way, _ in found if way[2:] == ("to",)} == too_high
    assert len(found) == len(unreachable) + len(too_high)


HUGE = {"none": LEVELS["none"], "tiny": {"points": 0.000001, "meaning": "M."}}
HUGE |= {"all": {"points": 1_000_000, "meaning": "M."}}


def huge(*tiers: dict[str, object], levels: dict[str, object] = HUGE) -> Rubric:
    tests = [asked(f"a-{place}", guidance=dict.fromkeys(levels, "So.")) for place in range(2_000)]
    return rubric(levels=levels, tiers=list(tiers), categories=[group("a", *tests)])


@pytest.mark.parametrize(
    "levels",
    [
        HUGE,
        {"none": LEVELS["none"], "one": {"points": 1, "meaning": "M."}, "all": {"points": 500, "meaning": "M."}},
    ],
    ids=["a scale taken as whole", "the longest scale that is worked out"],
)
def test_a_huge_scale_costs_little(levels):
    rules = huge(from_("low", 0), from_("high", 1000), levels=levels)
    tracemalloc.start()
    start = time.process_time()

    found = list(doubts(rules))

    took, (_, most) = time.process_time() - start, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == []
    assert took < 1
    assert most < 10_000_000


def test_many_levels_of_many_tests_cost_little():
    levels = {f"l-{points}": {"points": points, "meaning": "M."} for points in range(501)}
    rules = huge(from_("low", 0), from_("high", 1000), levels=levels)
    start = time.process_time()

    found = list(doubts(rules))

    assert time.process_time() - start < 1
    assert found == []


def test_on_a_huge_scale_no_score_lies_between_a_tier_s_end_and_the_open_bound_that_follows():
    rules = huge(from_("low", 0, to=1), above("mid", 1, to=2), from_("high", 2.5))

    assert list(doubts(rules)) == [
        (("tiers", 1, "to"), "scores above 2 and below 2.5 are in no tier; they count as mid"),
    ]


def test_on_a_huge_scale_only_its_end_counts():
    rules = huge(from_("low", 0), from_("mid", 0.5), from_("top", 999_999), above("over", 1_000_000))

    assert list(doubts(rules)) == []


def test_a_tier_beyond_the_end_of_a_huge_scale():
    tests = [asked("a-1", guidance={"tiny": "So.", "all": "So."})]
    tiers = [from_("low", 0), from_("high", 999_999.5), above("over", 1_000_000)]
    rules = rubric(levels=HUGE, tiers=tiers, categories=[group("a", *tests)], aggregate="sum")

    assert list(doubts(rules)) == [
        (("tiers", 2), "the tier over cannot be reached: the scale ends at 1000000"),
    ]
