"""From the answers to one rubric to suggestions for another, and to what another can score."""

import pytest

from mlscore.crosswalk import Source, Suggestion, restate, suggest
from mlscore.project import Answer, Gate, Project
from mlscore.project import Source as File
from mlscore.rubric import Origin, Rubric

THREE = {"none": 0, "manual": 0.5, "automated": 1}


def rubric(name, tests, levels=THREE, **over):
    """A rubric of one category: levels by points, decisions among them by a trailing `!`; tests with more keys."""
    return Rubric.model_validate(
        {
            "id": name,
            "title": name,
            "levels": {
                level.rstrip("!"): {"points": points, "reason_required": level.endswith("!")}
                for level, points in levels.items()
            },
            "tiers": [{"id": "all", "from": 0, "label": "All"}],
            "categories": [
                {
                    "id": "c",
                    "title": "C",
                    "tests": [{"id": test, "title": test, **keys} for test, keys in tests.items()],
                }
            ],
            **over,
        }
    )


def project(**statuses):
    answers = {
        name.replace("_", "-"): None if status is None else Answer(status=status)
        for name, status in statuses.items()
    }
    return Project(project="churn", answers=answers)


def levels(rules, other, answered):
    return {name: found.level for name, found in suggest(rules, other, answered).items()}


OLD = rubric("old", {"o-1": {"aliases": ["o-one"]}, "o-2": {}, "o-3": {}}, THREE | {"skipped!": 0, "waived!": 1})


class TestRelated:
    NEW = rubric(
        "new", {"n-1": {"related": {"old": ["o-2", "o-1"]}}, "n-2": {}, "n-3": {"related": {"old": ["o-3"]}}}
    )

    def test_a_suggestion_names_the_answers_it_comes_from_in_the_order_of_their_rubric(self):
        answered = project(o_2="automated", o_1="manual")

        assert suggest(self.NEW, OLD, answered) == {
            "n-1": Suggestion(
                (Source("o-1", answered.answers["o-1"]), Source("o-2", answered.answers["o-2"])), "manual"
            )
        }

    @pytest.mark.parametrize(
        "rules",
        [
            rubric("new", {"n-1": {"related": {"old": ["o-1"]}}}),
            rubric("new", {"n-1": {"related": {"old": ["o-one"]}}}),
            rubric("new", {"n-1": {"related": {"old": ["o-one", "o-1", "gone"]}}}),
        ],
        ids=["by id", "by alias", "by both, and one that is not there"],
    )
    def test_a_test_names_what_it_overlaps_with(self, rules):
        answered = project(o_1="manual")

        assert suggest(rules, OLD, answered) == {
            "n-1": Suggestion((Source("o-1", answered.answers["o-1"]),), "manual")
        }

    @pytest.mark.parametrize("ref", ["n-1", "n-one"])
    @pytest.mark.parametrize("name", ["new", "newer"])
    def test_the_other_rubric_may_be_the_one_that_says_so(self, ref, name):
        rules = rubric("new", {"n-1": {"aliases": ["n-one"]}, "n-2": {}}, aliases=["newer"])
        other = rubric("old", {"o-1": {"related": {name: [ref]}}, "o-2": {}})

        assert levels(rules, other, project(o_1="manual", o_2="automated")) == {"n-1": "manual"}

    def test_what_both_say_counts_once(self):
        rules = rubric("new", {"n-1": {"related": {"old": ["o-1"]}}})
        other = rubric("old", {"o-1": {"related": {"new": ["n-1"]}}})

        (found,) = suggest(rules, other, project(o_1="manual")).values()

        assert [source.test for source in found.sources] == ["o-1"]

    def test_a_rubric_is_known_by_its_aliases_and_by_what_it_extends(self):
        renamed = rubric("mine", {"o-1": {}, "o-2": {}, "o-3": {}}, aliases=["old"])
        child = rubric("mine", {"o-1": {}, "o-2": {}, "o-3": {}}).read_from(Origin(("m",), frozenset({"old"})))

        assert levels(self.NEW, renamed, project(o_3="manual")) == {"n-3": "manual"}
        assert levels(self.NEW, child, project(o_3="manual")) == {"n-3": "manual"}

    def test_what_is_related_to_a_third_rubric_says_nothing(self):
        rules = rubric("new", {"n-1": {"related": {"third": ["o-1"]}}})

        assert suggest(rules, OLD, project(o_1="manual")) == {}

    def test_an_id_that_two_strangers_share_says_nothing(self):
        assert suggest(rubric("new", {"o-1": {}}), OLD, project(o_1="manual")) == {}

    def test_tests_come_in_the_order_of_the_rubric_asked_for(self):
        assert list(suggest(self.NEW, OLD, project(o_3="manual", o_1="manual"))) == ["n-1", "n-3"]

    @pytest.mark.parametrize("answered", [project(), project(o_1=None, o_2=None)])
    def test_without_an_answer_there_is_no_suggestion(self, answered):
        assert suggest(self.NEW, OLD, answered) == {}

    def test_nothing_is_suggested_while_a_related_test_is_unanswered(self):
        (found,) = suggest(self.NEW, OLD, project(o_1=None, o_2="automated")).values()

        assert [source.test for source in found.sources] == ["o-2"]
        assert (found.level, found.unanswered) == (None, ("o-1",))


class TestLevel:
    """Of related tests the lowest decides, and none of them may speak against it."""

    @pytest.mark.parametrize(
        ("statuses", "level"),
        [
            (("manual", "automated"), "manual"),
            (("automated", "manual"), "manual"),
            (("automated", "automated"), "automated"),
            (("automated", "none"), None),
            (("none", "none"), None),
            (("automated", "skipped"), None),
            (("automated", "waived"), None),
        ],
    )
    def test_of_two_answers(self, statuses, level):
        rules = rubric("new", {"n-1": {"related": {"old": ["o-1", "o-2"]}}})

        assert levels(rules, OLD, project(o_1=statuses[0], o_2=statuses[1])) == {"n-1": level}

    @pytest.mark.parametrize(
        ("scale", "level"),
        [
            ({"no": 0, "yes": 1}, "yes"),
            ({"no": 0, "some": 1, "much": 2}, "some"),
            ({"no": 0, "some": 1, "automated": 2}, "automated"),
            ({"automated": 0, "some": 1, "much": 2}, "some"),
            ({"no": 0, "some": 1, "automated!": 2}, "some"),
            ({"no": 0, "waived!": 1, "some": 1, "much": 2}, "some"),
            ({"low": 1, "high": 2}, "low"),
        ],
    )
    def test_a_name_the_rubrics_do_not_share_becomes_the_lowest_that_earns_points(self, scale, level):
        rules = rubric("new", {"n-1": {"related": {"old": ["o-1"]}}}, scale)

        assert levels(rules, OLD, project(o_1="automated")) == {"n-1": level}

    def test_a_shared_name_does_not_lift_one_that_is_not(self):
        rules = rubric("new", {"n-1": {"related": {"old": ["o-1", "o-2"]}}}, {"no": 0, "some": 1, "automated": 2})

        assert levels(rules, OLD, project(o_1="automated", o_2="manual")) == {"n-1": "some"}

    def test_a_rubric_in_which_only_decisions_earn_points_has_none_to_suggest(self):
        rules = rubric("new", {"n-1": {"related": {"old": ["o-1"]}}}, {"no": 0, "waived!": 1})
        answered = project(o_1="automated")

        assert suggest(rules, OLD, answered) == {
            "n-1": Suggestion((Source("o-1", answered.answers["o-1"]),), None)
        }


class TestKin:
    """Rubrics in one line of `extends` have the same tests."""

    @pytest.mark.parametrize(
        ("status", "level"),
        [("automated", "automated"), ("none", "none"), ("skipped", "skipped"), ("waived", None)],
    )
    def test_the_same_test_keeps_its_level(self, status, level):
        child = rubric("mine", {"o-1": {}}, THREE | {"skipped!": 0}).read_from(Origin((), frozenset({"old"})))

        assert levels(child, OLD, project(o_1=status)) == {"o-1": level}

    def test_either_may_be_the_one_that_extends(self):
        child = rubric("mine", {"o-1": {}}).read_from(Origin((), frozenset({"old"})))

        assert levels(OLD, child, project(o_1="none")) == {"o-1": "none"}

    def test_two_children_of_one_rubric_are_kin(self):
        first, second = (
            rubric(name, {"o-1": {}}).read_from(Origin((), frozenset({"old"}))) for name in ("one", "two")
        )

        assert levels(first, second, project(o_1="none")) == {"o-1": "none"}

    def test_the_same_test_says_more_than_related_ones(self):
        child = rubric("mine", {"o-1": {"related": {"old": ["o-2"]}}}).read_from(Origin((), frozenset({"old"})))

        (found,) = suggest(child, OLD, project(o_1="automated", o_2="manual")).values()

        assert [source.test for source in found.sources] == ["o-1"]
        assert found.level == "automated"

    def test_the_same_test_left_unanswered_gives_no_suggestion(self):
        child = rubric("mine", {"o-1": {"related": {"old": ["o-2"]}}}).read_from(Origin((), frozenset({"old"})))

        assert suggest(child, OLD, project(o_1=None, o_2="manual")) == {}

    @pytest.mark.parametrize("status", ["none", "automated", "skipped"])
    def test_a_test_that_goes_by_another_id_is_the_same_in_both_directions(self, status):
        """It keeps its level, also one that earns nothing, which a related test would not."""
        scale = THREE | {"skipped!": 0}
        child = rubric("mine", {"m-2": {"aliases": ["o-2"]}}, scale).read_from(Origin((), frozenset({"old"})))

        assert levels(child, OLD, project(o_2=status)) == {"m-2": status}
        assert levels(OLD, child, project(m_2=status)) == {"o-2": status}

    def test_a_test_that_goes_by_another_id_says_more_than_related_ones(self):
        tests = {"m-1": {"aliases": ["o-1"], "related": {"old": ["o-2"]}}, "o-2": {}}
        child = rubric("mine", tests).read_from(Origin((), frozenset({"old"})))

        assert levels(child, OLD, project(o_1="automated", o_2="manual")) == {"m-1": "automated", "o-2": "manual"}

    def test_a_test_of_its_own_is_suggested_from_related_ones(self):
        child = rubric("mine", {"m-1": {"related": {"old": ["o-2"]}}}).read_from(Origin((), frozenset({"old"})))

        assert levels(child, OLD, project(o_1="automated", o_2="manual")) == {"m-1": "manual"}


class TestRestate:
    RULES = rubric("new", {"o-1": {"aliases": ["o-one"]}, "n-2": {"aliases": ["o-2"]}}, THREE | {"skipped!": 0})

    @pytest.mark.parametrize(
        ("answered", "kept"),
        [
            (project(o_1="manual"), {"o-1": "manual"}),
            (project(o_2="manual", o_1="none"), {"n-2": "manual", "o-1": "none"}),
            (project(o_one="manual"), {"o-1": "manual"}),
            (project(o_1="skipped"), {"o-1": "skipped"}),
            (project(o_1="done"), {}),
            (project(o_3="manual"), {}),
            (project(o_3="manual", o_2="done", o_1="automated"), {"o-1": "automated"}),
            (project(o_1=None, o_3=None), {"o-1": None}),
            (project(), {}),
        ],
    )
    def test_answers_that_the_rubric_can_score_stay_under_its_ids(self, answered, kept):
        restated = restate(answered, self.RULES)

        assert {name: answer and answer.status for name, answer in restated.answers.items()} == kept

    @pytest.mark.parametrize(
        ("answered", "kept"),
        [
            (project(o_2="manual", n_2="automated"), {"n-2": "manual"}),
            (project(n_2="automated", o_2="manual"), {"n-2": "automated"}),
            (project(o_2="done", n_2="automated"), {"n-2": "automated"}),
        ],
    )
    def test_of_two_answers_that_become_one_the_first_stays(self, answered, kept):
        restated = restate(answered, self.RULES)

        assert {name: answer and answer.status for name, answer in restated.answers.items()} == kept

    def test_an_answer_stays_whole(self):
        answer = Answer(status="manual", note="n", owner="Anna", effort=3, date="2026-10-01")

        assert restate(Project(project="p", answers={"o-2": answer}), self.RULES).answers == {"n-2": answer}

    def test_the_rest_of_a_project_stays_but_its_gate(self):
        gated = Project(project="p", owner="Anna", answers={}, gate=Gate(require=("o-3",))).read_from(
            File("p.yaml")
        )

        restated = restate(gated, self.RULES)

        assert (restated.project, restated.owner, restated.source.path) == ("p", "Anna", "p.yaml")
        assert restated.gate is None
        assert gated.gate is not None

    def test_the_project_given_stays_as_it_is(self):
        answered = project(o_3="manual", o_2="manual")

        restate(answered, self.RULES)

        assert list(answered.answers) == ["o-3", "o-2"]
