"""Rubric files to Rubric: named, extended and refused; and the facts of the 28 tests."""

import re
from fractions import Fraction

import pytest

from mlscore.errors import InputError, UsageError
from mlscore.loading import builtin_rubrics, load_rubric, read_rubric

SMALL = """\
id: small
version: 1
title: Small
levels:
  none: {points: 0}
  done: {points: 1}
tiers:
  - {id: low, from: 0, label: Low}
  - {id: high, from: 1, label: High}
categories:
  - id: a
    title: A
    tests:
      - {id: a-1, title: One}
      - {id: a-2, title: Two, aliases: [a-two]}
"""


def problems(path):
    """List what is wrong with a rubric file."""
    with pytest.raises(InputError) as caught:
        read_rubric(str(path))
    return str(caught.value).splitlines()


class TestChoice:
    """A rubric is named by a built-in id, by another name of one, or by a path."""

    @pytest.mark.parametrize(
        ("ref", "rubric_id"),
        [
            ("ml-test-score-2016", "ml-test-score-2016"),
            ("ml-test-score-2017", "ml-test-score-2017"),
            ("ml-test-score", "ml-test-score-2016"),
        ],
    )
    def test_built_in(self, ref, rubric_id):
        assert load_rubric(ref).id == rubric_id

    def test_the_default_comes_first_and_is_what_no_name_means(self):
        assert builtin_rubrics()[0].id == load_rubric().id == "ml-test-score-2016"

    @pytest.mark.parametrize(
        ("ref", "advice"),
        [
            ("ml-test-score-2018", "did you mean ml-test-score-2017?"),
            ("ML-Test-Score", "did you mean ml-test-score?"),
        ],
    )
    def test_an_unknown_id_names_the_nearest(self, ref, advice):
        with pytest.raises(UsageError) as caught:
            load_rubric(ref)

        assert str(caught.value) == f"'{ref}' is not a built-in rubric; {advice}"

    @pytest.mark.parametrize("ref", ["foo", "", "-"])
    def test_an_unknown_id_near_to_none_lists_them_in_a_sentence_of_its_own(self, ref):
        with pytest.raises(UsageError, match=r" and [a-z0-9-]+[.;] [Aa] path ends with \.yaml$"):
            load_rubric(ref)

    @pytest.mark.parametrize(
        ("ref", "relative_to"),
        [
            ("rubrics/small.yaml", None),
            ("rubrics/small.yaml", "project.yaml"),
            ("../rubrics/small.yaml", "teams/project.yaml"),
            ("small.yaml", "rubrics/project.yaml"),
            ("./small.yml", "rubrics/project.yaml"),
            ("./plain", "rubrics/project.yaml"),
        ],
    )
    def test_a_path_is_taken_from_the_file_that_names_it(self, write, ref, relative_to):
        for name in ("rubrics/small.yaml", "rubrics/small.yml", "rubrics/plain", "teams/project.yaml"):
            write(name, SMALL)

        assert load_rubric(ref, relative_to=relative_to).id == "small"

    def test_an_absolute_path(self, write, tmp_path):
        write("small.yaml", SMALL)

        assert load_rubric(str(tmp_path / "small.yaml"), relative_to="elsewhere/project.yaml").id == "small"

    def test_a_file_called_like_a_built_in_rubric_does_not_replace_it(self, write):
        write("ml-test-score-2016", SMALL)
        write("ml-test-score-2016.yaml", SMALL)

        assert load_rubric("ml-test-score-2016").id == "ml-test-score-2016"
        assert load_rubric("ml-test-score-2016.yaml").id == "small"

    def test_a_missing_file(self):
        assert problems("none.yaml") == ["none.yaml: cannot be read: no such file or directory"]


CHILD = """\
id: mine
version: 3
extends: small.yaml
source: Us
levels:
  done: {points: 2, meaning: Well done.}
  super: {points: 4}
tiers:
  - {id: only, from: 0, label: Only}
max_age: {super: 7d}
categories:
  - id: a
    purpose: Why not
    tests:
      - {id: a-2, title: Second}
      - {id: a-3, title: Third}
  - id: b
    title: B
    tests: [{id: b-1, title: Fourth}]
remove: [a-1]
"""


class TestExtends:
    """A rubric starts from another: levels merge by name, categories and tests by id, the rest replaces."""

    @pytest.fixture(autouse=True)
    def base(self, write):
        write("small.yaml", SMALL.replace("title: Small", "title: Small\naggregate: sum\nmax_age: {done: 30d}"))

    @pytest.fixture
    def child(self, write):
        return read_rubric(str(write("mine.yaml", CHILD)))

    def test_id_version_and_source_are_its_own(self, child):
        assert (child.id, child.version, child.source) == ("mine", 3, "Us")

    def test_what_it_does_not_say_stays(self, child):
        assert child.aggregate == "sum"

    def test_levels_merge_by_name(self, child):
        assert {name: (level.points, level.meaning) for name, level in child.levels.items()} == {
            "none": (0, ""),
            "done": (2, "Well done."),
            "super": (4, ""),
        }

    def test_max_age_merges_by_level(self, child):
        assert {level: age.days for level, age in child.max_age.items()} == {"done": 30, "super": 7}

    def test_tiers_replace(self, child):
        assert [tier.id for tier in child.tiers] == ["only"]

    def test_categories_and_tests_merge_by_id_and_new_ones_come_last(self, child):
        assert [
            (category.id, category.title, category.purpose, {test.id: test.title for test in category.tests})
            for category in child.categories
        ] == [("a", "A", "Why not", {"a-2": "Second", "a-3": "Third"}), ("b", "B", "", {"b-1": "Fourth"})]

    def test_a_test_that_is_changed_keeps_the_rest(self, child):
        assert child.test_ids["a-two"] == "a-2"

    def test_the_base_is_untouched(self, child):
        assert list(read_rubric("small.yaml").tests) == ["a-1", "a-2"]

    def test_a_built_in_rubric_is_extended_by_its_id_or_other_name(self, write):
        write("mine.yaml", "id: mine\nversion: 1\nextends: ml-test-score\nremove: [data-5, infra-3]\n")

        tests = read_rubric("mine.yaml").tests

        assert len(tests) == 26
        assert not {"data-5", "infra-3"} & set(tests)

    @pytest.mark.parametrize("name", ["infrastructure-3", "monitoring-2"])
    def test_remove_takes_other_names_of_a_test(self, write, name):
        """Aliases of ids are accepted wherever an id is."""
        write("mine.yaml", f"id: mine\nversion: 1\nextends: ml-test-score\nremove: [{name}]\n")

        assert len(read_rubric("mine.yaml").tests) == 27

    def test_a_base_is_found_from_the_file_that_names_it(self, write):
        write("deep/below/mine.yaml", "id: mine\nversion: 1\nextends: ../../small.yaml\n")

        assert read_rubric("deep/below/mine.yaml").id == "mine"

    def test_a_chain(self, write):
        write("b.yaml", "id: b\nversion: 1\nextends: small.yaml\nlevels: {done: {points: 5}}\nremove: [a-1]")
        write("c.yaml", "id: c\nversion: 1\nextends: b.yaml\nlevels: {none: {points: 1}}")

        rubric = read_rubric("c.yaml")

        assert [level.points for level in rubric.levels.values()] == [1, 5]
        assert list(rubric.tests) == ["a-2"]

    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            ("extends: mine.yaml", "mine.yaml:3:10: extends 'mine.yaml' leads back to this file"),
            ("extends: ./link.yaml", "mine.yaml:3:10: extends './link.yaml' leads back to this file"),
            ("extends: other.yaml", "other.yaml:3:10: extends 'mine.yaml' leads back to this file"),
            ("extends: 5", "mine.yaml:3:10: extends must be a built-in rubric's id or a path"),
            ("extends: [small.yaml]", "mine.yaml:3:10: extends must be a built-in rubric's id or a path"),
            (
                "extends: ml-test-scor",
                "mine.yaml:3:10: 'ml-test-scor' is not a built-in rubric; did you mean ",
            ),
        ],
    )
    def test_a_base_that_cannot_be(self, write, tmp_path, text, problem):
        write("other.yaml", "id: other\nversion: 1\nextends: mine.yaml")
        (tmp_path / "link.yaml").symlink_to("mine.yaml")

        (found,) = problems(write("mine.yaml", f"id: mine\nversion: 1\n{text}"))

        assert found.startswith(problem)

    def test_a_missing_base_is_said_where_it_is_named(self, write):
        write("mine.yaml", "id: mine\nversion: 1\nextends: none.yaml")

        found = problems("mine.yaml")

        assert "none.yaml: cannot be read: no such file or directory" in found
        assert any(problem.startswith("mine.yaml:3:10: ") for problem in found)

    def test_ten_rubrics_in_a_chain_at_most(self, write):
        for place in range(11):
            write(f"{place}.yaml", f"id: r\nversion: 1\nextends: {place - 1}.yaml" if place else SMALL)

        assert read_rubric("9.yaml").id == "r"
        assert problems("10.yaml") == [
            "1.yaml:3:10: more than the limit of 10 rubrics extend one another",
        ]


class TestPlacesInAChain:
    """A problem is located in the file that has it, whichever of the chain that is."""

    @pytest.fixture(autouse=True)
    def base(self, write):
        write("small.yaml", SMALL)

    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            (
                "levels: {done: {points: x}}",
                "mine.yaml:4:25: 'x' is not a number; write one such as 2 or 0.5",
            ),
            ("levels: {new: {}}", "mine.yaml:4:10: the key 'points' is missing in new"),
            ("levels: 5", "mine.yaml:4:9: levels must be a mapping (key: value), not a number"),
            ("tiers: []", "mine.yaml:4:8: tiers is empty; it needs at least 1"),
            (
                "categories:\n- {id: a, tests: [{id: a-2, titel: x}]}",
                "mine.yaml:5:29: unknown key 'titel'; did you mean title?",
            ),
            (
                "categories:\n- {id: a, tests: [{id: a-9}]}",
                "mine.yaml:5:19: the key 'title' is missing in tests[2]",
            ),
            (
                "categories:\n- {id: b, title: B, tests: [{id: b-1, title: x}, {id: a-1, title: y}]}",
                "mine.yaml:5:55: the test id a-1 is repeated; give each test its own",
            ),
            ("categories: 5", "mine.yaml:4:13: categories must be a list, not a number"),
            ("categories:", "mine.yaml:4:1: categories must be a list, not nothing"),
            (
                "max_age: {super: 7d}",
                "mine.yaml:4:18: super is not a level of this rubric; it has none, done",
            ),
            ("remove: [a-9]", "mine.yaml:4:10: remove: 'a-9' is no test here; did you mean a-2?"),
            ("remove: [5]", "mine.yaml:4:10: remove: '5' is no test here"),
            ("remove: a-1", "mine.yaml:4:9: remove must be a list of test ids"),
            ("colour: red", "mine.yaml:4:1: unknown key 'colour'; the keys are id, "),
        ],
    )
    def test_in_the_child(self, write, text, problem):
        (found,) = problems(write("mine.yaml", f"id: mine\nversion: 1\nextends: small.yaml\n{text}"))

        assert found.startswith(problem)

    @pytest.mark.parametrize("extends", ["", "extends: small.yaml\n"])
    @pytest.mark.parametrize("categories", ["5", "true", "text", "{a: b}"])
    def test_remove_with_categories_that_are_no_list(self, write, extends, categories):
        text = f"id: mine\nversion: 1\n{extends}categories: {categories}\nremove: [a-1]"

        assert any("categories must be a list" in problem for problem in problems(write("mine.yaml", text)))

    def test_a_missing_id_is_missed_in_the_child_not_in_its_base(self, write):
        found = problems(write("mine.yaml", "version: 1\nextends: small.yaml\n"))

        assert found[0] == "mine.yaml:1:1: the key 'id' is missing"

    def test_a_category_emptied_by_remove_is_the_child_s_doing(self, write):
        (problem,) = problems(write("mine.yaml", "id: m\nversion: 1\nextends: small.yaml\nremove: [a-1, a-2]"))

        assert problem.startswith("mine.yaml:4:")

    def test_a_test_repeated_in_the_child_is_located_there(self, write):
        text = "id: m\nversion: 1\nextends: small.yaml\ncategories:\n- id: a\n  tests:\n"

        found = problems(write("mine.yaml", f"{text}  - {{id: a-1, title: x}}\n  - {{id: a-1, title: y}}\n"))

        assert found == ["mine.yaml:8:10: the test id a-1 is repeated; give each test its own"]

    def test_in_the_parent(self, write):
        write("bad.yaml", SMALL.replace("points: 1", "points: -1").replace("title: Two", "titel: Two"))

        assert problems(write("mine.yaml", "id: mine\nversion: 1\nextends: bad.yaml")) == [
            "bad.yaml:6:18: '-1' is out of range; write a number from 0 to 1,000,000",
            "bad.yaml:15:9: the key 'title' is missing in tests[1]",
            "bad.yaml:15:19: unknown key 'titel'; did you mean title?",
        ]

    def test_in_both(self, write):
        write("bad.yaml", SMALL.replace("points: 1", "points: -1"))

        assert problems(write("mine.yaml", "id: mine\nversion: 1\nextends: bad.yaml\ntiers: x\nid: again")) == [
            "bad.yaml:6:18: '-1' is out of range; write a number from 0 to 1,000,000",
            "mine.yaml:4:8: tiers must be a list, not text",
            "mine.yaml:5:1: the key 'id' is repeated (first on line 1); keep one",
        ]

    def test_what_the_child_puts_right_is_no_problem(self, write):
        write("bad.yaml", SMALL.replace("points: 1", "points: -1"))
        write("mine.yaml", "id: mine\nversion: 1\nextends: bad.yaml\nlevels: {done: {points: 1}}")

        assert read_rubric("mine.yaml").levels["done"].points == 1


class TestRefused:
    """A rubric that cannot be scored with is refused, each problem at its place."""

    @pytest.mark.parametrize(
        ("old", "new", "problem"),
        [
            ("id: small\n", "", "1:1: the key 'id' is missing"),
            ("id: small", "id: Small", "1:5: 'Small' is not an id; use a-z, 0-9, - and _, a letter first"),
            ("id: small", "id: 5", "1:5: id must be text; put it in quotes"),
            ("version: 1", "version: 0", "2:10: version must be at least 1"),
            ("version: 1", "version: 1.5", "2:10: version must be a whole number"),
            ("version: 1", "version: true", "2:10: version must be a whole number"),
            (
                "title: Small",
                "aggregate: max",
                "3:12: 'max' is not allowed here; write 'min', 'sum' or 'mean'",
            ),
            ("title: Small", "weights: 1", "3:1: unknown key 'weights'; the keys are id, aliases, version, "),
            ("none: {points: 0}", "none: {}", "5:3: the key 'points' is missing in none"),
            ("none: {points: 0}", "none:", "5:3: none must be a mapping (key: value), not nothing"),
            ("points: 1", "points: -0.5", "6:18: '-0.5' is out of range; write a number from 0 to 1,000,000"),
            ("points: 1", "points: .nan", "6:18: '.nan' is not a number; write one such as 2 or 0.5"),
            ("points: 1", "points: .inf", "6:18: '.inf' is not a number; write one such as 2 or 0.5"),
            ("points: 1", "points: 1e3", "6:18: '1e3' is not a number; write one such as 2 or 0.5"),
            ("points: 1", "points: true", "6:18: 'true' is not a number; write one such as 2 or 0.5"),
            ("points: 1", "points: 0.1234567", "6:18: '0.1234567' has more than 6 decimals"),
            ("points: 1", "points: 1000001", "6:18: '1000001' is out of range; write a number from 0 to 1,"),
            ("points: 1", "points: 0", "5:3: no level earns points; at least one must"),
            (
                "points: 0",
                "points: 2",
                "6:9: done earns less than none, which stands before it; put levels in ",
            ),
            ("points: 1", "points: 1, point: 1", "6:21: unknown key 'point'; did you mean points?"),
            (
                "points: 1",
                "points: 1, backed_by: results",
                "6:32: 'results' is not allowed here; write 'docu",
            ),
            ("points: 1", "points: 1, reason_required: yes", "6:38: reason_required must be true or false"),
            ("none: {points: 0}", "unanswered: {points: 0}", "5:15: unanswered is what a test without an "),
            ("none: {points: 0}", "None: {points: 0}", "5:3: 'None' is not an id; use a-z, 0-9, - and _, a "),
            ("from: 0", "from: 1", "8:5: no tier holds the lowest score; let the tier low begin `from: 0`"),
            ("from: 0", "above: 0", "8:5: no tier holds the lowest score; let the tier low begin `from: 0`"),
            ("from: 1", "from: 0", "9:5: the tiers low and high overlap; put tiers in ascending order"),
            ("from: 1", "from: 0.0", "9:5: the tiers low and high overlap; put tiers in ascending order"),
            ("from: 0", "from: 0, to: 1", "8:28: the tiers low and high overlap; lower `to`"),
            ("from: 1", "from: 1, to: 0.5", "9:29: the tier high ends before it begins; raise `to`"),
            ("from: 1, ", "", "9:5: the tier high needs either `from` or `above`"),
            ("from: 1", "from: 1, above: 1", "9:5: the tier high needs either `from` or `above`"),
            ("id: high, ", "", "9:5: the key 'id' is missing in tiers[1]"),
            (", label: High", "", "9:5: the key 'label' is missing in tiers[1]"),
            ("label: High", "label: ''", "9:32: label is empty; write some text"),
            ("id: high", "id: low", "9:10: the tier id low is repeated; give each tier its own"),
            ("id: a-2", "id: a-1", "15:14: the test id a-1 is repeated; give each test its own"),
            ("[a-two]", "[a-1]", "15:40: the test id a-1 is repeated; give each test its own"),
            ("[a-two]", "[A two]", "15:41: 'A two' is not an id; use a-z, 0-9, - and _, a letter first"),
            ("[a-two]", "a-two", "15:40: aliases must be a list, not text"),
            ("id: a-2, ", "", "15:9: the key 'id' is missing in tests[1]"),
            ("title: Two, ", "", "15:9: the key 'title' is missing in tests[1]"),
            ("title: Two", "title: Two, max_age: 3m", "15:40: '3m' could be minutes or months; write days, "),
            ("    tests:\n", "    tests: []\n    test:\n", "14:5: unknown key 'test'; did you mean tests?"),
        ],
    )
    def test_one_problem(self, write, old, new, problem):
        text = SMALL.replace(old, new, 1)
        assert text != SMALL

        assert any(found.startswith(f"r.yaml:{problem}") for found in problems(write("r.yaml", text)))

    @pytest.mark.parametrize("tests", ["tests: []", "tests:", "tests: {}", ""])
    def test_a_category_without_tests(self, write, tests):
        before, _, _ = SMALL.partition("    tests:")

        (problem,) = problems(write("r.yaml", f"{before}    {tests}\n"))

        assert re.match(r"r.yaml:1[13]:[0-9]+: (tests|the key 'tests') ", problem)

    @pytest.mark.parametrize(("key", "line"), [("levels", 4), ("tiers", 5), ("categories", 6)])
    @pytest.mark.parametrize(("value", "kind"), [("", "nothing"), ("5", "a number"), ("text", "text")])
    def test_the_wrong_kind_of_value(self, write, key, line, value, kind):
        flat = {"levels": "{done: {points: 1}}", "tiers": "[{id: t, from: 0, label: T}]"}
        flat["categories"] = "[{id: a, title: A, tests: [{id: a-1, title: One}]}]"
        text = "\n".join(f"{name}: {given}" for name, given in {**flat, key: value}.items())

        (problem,) = problems(write("r.yaml", f"id: r\nversion: 1\ntitle: R\n{text}\n"))

        assert problem.startswith(f"r.yaml:{line}:")
        assert problem.endswith(f", not {kind}")

    def test_every_problem_at_once_in_the_order_of_the_file(self, write):
        text = (
            SMALL.replace("version: 1", "version: x").replace("points: 1", "pionts: 1").replace("id: a-2", "id: 2")
        )

        assert problems(write("r.yaml", text)) == [
            "r.yaml:2:10: version must be a whole number",
            "r.yaml:6:3: the key 'points' is missing in done",
            "r.yaml:6:10: unknown key 'pionts'; did you mean points?",
            "r.yaml:15:14: id must be text; put it in quotes",
        ]

    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            ("", "r.yaml: the rubric is empty; write id:, levels:, tiers: and categories:"),
            ("[]", "r.yaml:1:1: the rubric is not a mapping; write id:, levels:, tiers: and categories:"),
            ("x", "r.yaml:1:1: the rubric is not a mapping; write id:, levels:, tiers: and categories:"),
        ],
    )
    def test_no_mapping(self, write, text, problem):
        assert problems(write("r.yaml", text)) == [problem]


class TestAccepted:
    """What a rubric of one's own may leave out, and how exact its points are."""

    def test_the_least_a_rubric_needs(self, write):
        rubric = read_rubric(str(write("r.yaml", SMALL)))

        assert (rubric.id, rubric.aggregate, rubric.max_score, list(rubric.tests)) == (
            "small",
            "min",
            2,
            ["a-1", "a-2"],
        )

    def test_points_are_exact(self, write):
        text = SMALL.replace("points: 1", "points: 0.1").replace("id: a-2", "id: a-2, max_age: 2w")

        rubric = read_rubric(str(write("r.yaml", text)))

        assert rubric.levels["done"].points == Fraction(1, 10)
        assert rubric.tests["a-2"].max_age.days == 14

    def test_remove_without_extends_takes_tests_out_too(self, write):
        assert list(read_rubric(str(write("r.yaml", f"{SMALL}remove: [a-1]"))).tests) == ["a-2"]


class TestDigest:
    """Equal digests score and read alike."""

    def test_layout_and_comments_do_not_change_it(self, write):
        write("r.yaml", SMALL)
        write("s.yaml", "# other\r\n" + SMALL.replace("title: One", "'title': \"One\"").replace("\n", "\r\n"))

        assert read_rubric("r.yaml").digest == read_rubric("s.yaml").digest

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("points: 1", "points: 1.000001"),
            ("version: 1", "version: 2"),
            ("title: One", "title: 1ne"),
            ("from: 1", "above: 1"),
            ("title: Small", "title: Small\naggregate: sum"),
            (
                "{id: a-1, title: One}\n      - {id: a-2, title: Two, ",
                "{id: a-2, title: Two}\n      - {id: a-1, title: One, ",
            ),
        ],
    )
    def test_any_change_changes_it(self, write, old, new):
        changed = SMALL.replace(old, new)
        write("r.yaml", SMALL)
        write("s.yaml", changed)

        assert read_rubric("r.yaml").digest != read_rubric("s.yaml").digest

    def test_the_order_of_levels_is_part_of_it(self, write):
        """Plans climb levels in their order, also where two earn the same."""
        levels = ["  none: {points: 0}\n", "  tried: {points: 0}\n"]
        write("r.yaml", SMALL.replace(levels[0], "".join(levels)))
        write("s.yaml", SMALL.replace(levels[0], "".join(reversed(levels))))

        assert read_rubric("r.yaml").digest != read_rubric("s.yaml").digest

    def test_the_built_in_ones_differ_and_say_how_they_were_made(self):
        digests = [rubric.digest for rubric in builtin_rubrics()]

        assert len(set(digests)) == len(digests)
        assert all(digest.startswith("sha256:") and len(digest) == 71 for digest in digests)


TITLES = {
    "data-1": "Feature expectations are captured in a schema",
    "data-2": "All features are beneficial",
    "data-3": "No feature's cost is too much",
    "data-4": "Features adhere to meta-level requirements",
    "data-5": "The data pipeline has appropriate privacy controls",
    "data-6": "New features can be added quickly",
    "data-7": "All input feature code is tested",
    "model-1": "Every model specification undergoes a code review and is checked in to a repository",
    "model-2": "Offline proxy metrics correlate with actual online impact metrics",
    "model-3": "All hyperparameters have been tuned",
    "model-4": "The impact of model staleness is known",
    "model-5": "A simpler model is not better",
    "model-6": "Model quality is sufficient on all important data slices",
    "model-7": "The model has been tested for considerations of inclusion",
    "infra-1": "Training is reproducible",
    "infra-2": "Model specification code is unit tested",
    "infra-3": "The full ML pipeline is integration tested",
    "infra-4": "Model quality is validated before attempting to serve it",
    "infra-5": "The model allows debugging by observing the step-by-step computation of training or "
    "inference on a single example",
    "infra-6": "Models are tested via a canary process before they enter production serving environments",
    "infra-7": "Models can be quickly and safely rolled back to a previous serving version",
    "monitor-1": "Dependency changes result in notification",
    "monitor-2": "Data invariants hold in training and serving inputs",
    "monitor-3": "Training and serving features compute the same values",
    "monitor-4": "Models are not too stale",
    "monitor-5": "The model is numerically stable",
    "monitor-6": "The model has not experienced a dramatic or slow-leak regressions in training speed, "
    "serving latency, throughput, or RAM usage",
    "monitor-7": "The model has not experienced a regression in prediction quality on served data",
}
"""As printed in the 2017 paper, in its order."""


@pytest.mark.parametrize("rubric_id", ["ml-test-score-2016", "ml-test-score-2017"])
class TestThe28:
    """The facts of the papers, the same on both scales."""

    def test_ids_titles_and_order(self, rubric_id):
        assert [(test.id, test.title) for test in load_rubric(rubric_id).tests.values()] == list(TITLES.items())

    def test_four_categories_of_seven(self, rubric_id):
        assert [(item.id, item.title, len(item.tests)) for item in load_rubric(rubric_id).categories] == [
            ("data", "Data", 7),
            ("model", "Model", 7),
            ("infra", "Infrastructure", 7),
            ("monitor", "Monitoring", 7),
        ]

    def test_other_names(self, rubric_id):
        rubric = load_rubric(rubric_id)
        longer = {f"infrastructure-{n}": f"infra-{n}" for n in range(1, 8)}
        longer |= {f"monitoring-{n}": f"monitor-{n}" for n in range(1, 8)}

        assert rubric.test_ids == {name: name for name in TITLES} | longer
        assert {name: item for name, item in rubric.category_ids.items() if name != item} == {
            "infrastructure": "infra",
            "monitoring": "monitor",
        }

    @pytest.mark.parametrize("text", ["purpose", "manual", "automated", "examples", "references", "short_title"])
    def test_every_test_is_explained(self, rubric_id, text):
        assert [test.id for test in load_rubric(rubric_id).tests.values() if not getattr(test, text)] == []

    def test_the_final_score_is_the_minimum(self, rubric_id):
        assert load_rubric(rubric_id).aggregate == "min"


SCALES = {
    "ml-test-score-2016": (
        {"none": 0, "manual": 1, "automated": 2, "not_applicable": 0},
        {"research": "0", "gaps": "1", "basic": "3", "reasonable": "5", "strong": "7", "exceptional": "12"},
        14,
    ),
    "ml-test-score-2017": (
        {"none": 0, "manual": Fraction(1, 2), "automated": 1, "not_applicable": 0},
        {
            "research": "0",
            "gaps": ">0",
            "basic": ">1",
            "reasonable": ">2",
            "strong": ">3",
            "exceptional": ">5",
        },
        7,
    ),
}


@pytest.mark.parametrize(("rubric_id", "scale"), SCALES.items())
def test_the_scales_of_the_two_papers(rubric_id, scale):
    rubric = load_rubric(rubric_id)
    tiers = {tier.id: f">{tier.above}" if tier.above is not None else f"{tier.from_}" for tier in rubric.tiers}

    assert ({name: level.points for name, level in rubric.levels.items()}, tiers, rubric.max_score) == scale


def test_the_labels_of_the_tiers():
    assert [tier.label for tier in load_rubric().tiers] == [
        "Research project",
        "Serious reliability gaps",
        "First pass at production",
        "Reasonably tested",
        "Strong, mission-critical",
        "Exceptional",
    ]


def test_2017_changes_levels_and_tiers_only():
    old, new = (load_rubric(name).model_dump() for name in SCALES)

    assert {key for key in old if old[key] != new[key]} == {
        "id",
        "aliases",
        "extends",
        "title",
        "source",
        "levels",
        "tiers",
    }
    for level in old["levels"]:
        assert {**old["levels"][level], "points": 0} == {**new["levels"][level], "points": 0}


def test_not_applicable_needs_a_reason_and_evidence_backs_the_others():
    levels = load_rubric().levels

    assert [name for name, level in levels.items() if level.reason_required] == ["not_applicable"]
    assert [level.backed_by for level in levels.values()] == [None, "document", "result", None]


def test_evidence_stays_fresh_for_180_and_30_days():
    assert {level: age.days for level, age in load_rubric().max_age.items()} == {
        "manual": 180,
        "automated": 30,
    }


def test_a_folder_of_rubrics_beside_the_project_is_not_looked_into(write):
    write("rubric/mine.yaml", SMALL)

    assert "small" not in [rubric.id for rubric in builtin_rubrics()]


def test_a_level_may_be_named_for_its_place_alone(write):
    levels = "{none: , manual: {}, reviewed: {points: 0.75}, automated: , not_applicable: }"
    write("mine.yaml", f"id: mine\nextends: ml-test-score-2017\nlevels: {levels}\n")

    found, base = load_rubric("./mine.yaml"), load_rubric("ml-test-score-2017")

    assert list(found.levels) == ["none", "manual", "reviewed", "automated", "not_applicable"]
    assert {name: found.levels[name] for name in base.levels} == base.levels
