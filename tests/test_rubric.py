"""What a rubric tells about itself: its texts by level, what others scored, its names and its fingerprint."""

import re
from copy import deepcopy
from fractions import Fraction

import pytest

from mlscore import load_rubric
from mlscore.rubric import Origin, Rubric, Tier

BASE = {
    "id": "small",
    "aliases": ["little"],
    "version": 3,
    "title": "Small",
    "levels": {"none": {"points": 0}, "manual": {"points": 1}, "automated": {"points": 2}},
    "tiers": [{"id": "low", "from": 0, "label": "Low"}, {"id": "high", "from": 1, "label": "High"}],
    "max_age": {"manual": "90d", "automated": "30d"},
    "comparison": {"label": "36 teams"},
    "categories": [
        {
            "id": "a",
            "title": "A",
            "tests": [
                {"id": "a-1", "title": "One", "aliases": ["one", "first"], "average": 0.25},
                {"id": "a-2", "title": "Two", "average": 1},
                {"id": "a-3", "title": "Three", "average": 0},
            ],
        },
        {"id": "b", "title": "B", "tests": [{"id": "b-1", "title": "Four"}]},
    ],
}


def rubric(**over):
    return Rubric.model_validate({**deepcopy(BASE), **over})


def guided(levels, **texts):
    """What a test with these texts says of levels of these names."""
    rules = rubric(
        levels={name: {"points": place} for place, name in enumerate(levels)},
        max_age={},
        categories=[{"id": "a", "title": "A", "tests": [{"id": "a-1", "title": "One", **texts}]}],
    )
    return list(rules.guidance(rules.tests["a-1"]).items())


class TestGuidance:
    LEVELS = ("none", "manual", "automated")

    @pytest.mark.parametrize(
        ("texts", "said"),
        [
            ({}, []),
            ({"manual": "A log.", "automated": "A job."}, [("manual", "A log."), ("automated", "A job.")]),
            ({"automated": "A job.", "manual": ""}, [("automated", "A job.")]),
            (
                {"guidance": {"automated": "A job.", "none": "Nothing.", "manual": "A log."}},
                [("none", "Nothing."), ("manual", "A log."), ("automated", "A job.")],
            ),
            (
                {"automated": "A job.", "guidance": {"manual": "A log."}},
                [("manual", "A log."), ("automated", "A job.")],
            ),
            ({"manual": "A log.", "guidance": {"manual": "A list."}}, [("manual", "A list.")]),
            ({"guidance": {"most": "All.", "manual": "A log."}}, [("manual", "A log.")]),
        ],
        ids=[
            "none",
            "the two keys",
            "one of them empty",
            "in the order of the levels",
            "both ways",
            "guidance wins",
            "of a level that is not there",
        ],
    )
    def test_what_a_test_says_of_each_level(self, texts, said):
        assert guided(self.LEVELS, **texts) == said

    def test_other_levels_in_their_own_order(self):
        texts = {"gold": "All.", "bronze": "Some.", "silver": "Most."}

        assert guided(("bronze", "silver", "gold"), guidance=texts, manual="A log.") == [
            ("bronze", "Some."),
            ("silver", "Most."),
            ("gold", "All."),
        ]


class TestAverage:
    """Shares of 1/4, 1 and 0 of tests that earn 2 at most; b-1 has none."""

    @pytest.mark.parametrize(
        ("names", "average"),
        [
            (["a-1"], Fraction(1, 2)),
            (["a-3"], Fraction(0)),
            (["a-1", "a-2", "a-3"], Fraction(5, 2)),
            (["b-1"], None),
            (["a-1", "a-2", "b-1"], None),
            ([], None),
        ],
    )
    def test_the_points_of_others_are_their_shares_of_the_most(self, names, average):
        rules = rubric()

        assert rules.average(rules.tests[name] for name in names) == average

    def test_it_grows_with_what_a_test_can_earn(self):
        rules = rubric(levels={"none": {"points": 0}, "done": {"points": 10}}, max_age={})

        assert rules.average([rules.tests["a-1"]]) == Fraction(5, 2)

    def test_it_is_exact(self):
        tests = [{"id": f"a-{place}", "title": "T", "average": 0.1} for place in range(3)]
        rules = rubric(categories=[{"id": "a", "title": "A", "tests": tests}])

        assert rules.average(rules.tests.values()) == Fraction(3, 5)

    def test_without_a_comparison_nobody_scored(self):
        rules = rubric(comparison=None)

        assert rules.average([rules.tests["a-1"]]) is None


class TestNames:
    def test_a_rubric_goes_by_its_id_and_aliases(self):
        assert rubric().names == {"small", "little"}

    def test_a_rubric_goes_by_what_it_extends_too(self):
        extended = rubric().read_from(Origin(("small.yaml", "base.yaml"), frozenset({"base", "basis"})))

        assert extended.names == {"small", "little", "base", "basis"}
        assert extended.files == ("small.yaml", "base.yaml")

    def test_where_a_rubric_was_read_does_not_touch_the_one_that_is_copied(self):
        rules = rubric()

        rules.read_from(Origin(("small.yaml",), frozenset({"base"})))

        assert rules.names == {"small", "little"}
        assert rules.files == ()

    def test_a_file_that_extends_a_built_in_rubric_goes_by_all_names_of_the_chain(self, write):
        write("mid.yaml", "id: mid\naliases: [middle]\nversion: 1\nextends: ml-test-score\n")
        write("mine.yaml", "id: mine\naliases: [ours]\nversion: 1\nextends: mid.yaml\n")

        assert load_rubric("mine.yaml").names == {
            "mine",
            "ours",
            "mid",
            "middle",
            "ml-test-score-2016",
            "ml-test-score",
        }


def reversed_at(key):
    data = deepcopy(BASE)
    value = data[key]
    data[key] = dict(reversed(value.items())) if isinstance(value, dict) else value[::-1]
    return Rubric.model_validate(data)


class TestDigest:
    def test_equal_rubrics_have_one(self):
        assert rubric().digest == rubric().digest

    def test_it_is_a_sha256(self):
        assert re.fullmatch(r"sha256:[0-9a-f]{64}", rubric().digest)

    def test_the_short_one_is_its_beginning(self):
        rules = rubric()

        assert rules.short_digest == rules.digest[:19]
        assert re.fullmatch(r"sha256:[0-9a-f]{12}", rules.short_digest)

    @pytest.mark.parametrize("over", [{"extends": "base.yaml"}, {"remove": ["a-9"]}])
    def test_how_a_rubric_came_about_does_not_count(self, over):
        assert rubric(**over).digest == rubric().digest

    def test_where_it_was_read_does_not_count(self):
        assert rubric().read_from(Origin(("x.yaml",), frozenset({"x"}))).digest == rubric().digest

    @pytest.mark.parametrize("over", [{"source": ""}, {"aggregate": "min"}, {"require": []}, {"url": None}])
    def test_a_default_that_is_written_does_not_count(self, over):
        assert rubric(**over).digest == rubric().digest

    def test_a_rubric_written_whole_and_one_made_by_extends_and_remove_are_the_same(self, write):
        head = "id: small\nversion: 1\ntitle: Small\n"
        rest = "levels: {done: {points: 1}}\ntiers: [{id: low, from: 0, label: Low}]\ncategories:\n"
        rest += "- {id: a, title: A, tests: [{id: a-1, title: One}"
        write("whole.yaml", f"{head}{rest}]}}\n")
        write("base.yaml", f"id: base\nversion: 7\n{rest}, {{id: a-2, title: Two}}]}}\n")
        write("made.yaml", f"{head}extends: base.yaml\nremove: [a-2]\n")

        assert load_rubric("made.yaml").digest == load_rubric("whole.yaml").digest
        assert load_rubric("base.yaml").digest != load_rubric("whole.yaml").digest

    @pytest.mark.parametrize("key", ["levels", "tiers", "categories", "max_age"])
    def test_the_order_counts(self, key):
        assert reversed_at(key).digest != rubric().digest

    @pytest.mark.parametrize(
        "over",
        [
            {"id": "other"},
            {"aliases": []},
            {"version": 4},
            {"title": "Other"},
            {"aggregate": "sum"},
            {"introduction": "Read me."},
            {"require": ["a-1"]},
            {"comparison": {"label": "37 teams"}},
            {"max_age": {"manual": "90d", "automated": "31d"}},
            {"categories": BASE["categories"][:1]},
        ],
    )
    def test_everything_that_scores_or_reads_otherwise_counts(self, over):
        assert rubric(**over).digest != rubric().digest


@pytest.mark.parametrize(
    ("require", "required"),
    [
        ([], ()),
        (["b-1", "a-2"], ("b-1", "a-2")),
        (["one"], ("a-1",)),
        (["first", "b-1"], ("a-1", "b-1")),
    ],
)
def test_required_tests_go_by_their_ids_in_the_order_of_the_file(require, required):
    assert rubric(require=require).required == required


@pytest.mark.parametrize(
    ("bounds", "band"),
    [
        ({"from": 0}, "0 and more"),
        ({"from": 0, "to": 0}, "0"),
        ({"from": 0, "to": 0.5}, "0 to 0.5"),
        ({"from": 1.25}, "1.25 and more"),
        ({"from": 7, "to": 10}, "7 to 10"),
        ({"above": 0}, "above 0"),
        ({"above": 5}, "above 5"),
        ({"above": 0, "to": 1}, "above 0 to 1"),
        ({"above": 0.000001, "to": 1_000_000}, "above 0.000001 to 1000000"),
    ],
)
def test_the_band_of_a_tier_is_its_bounds_in_words(bounds, band):
    assert Tier.model_validate({"id": "t", "label": "T", **bounds}).band == band
