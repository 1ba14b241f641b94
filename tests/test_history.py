"""The commit behind each answer, on graphs made by hand. With git itself this is tested in tests/cli."""

import sys
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlscore.comparing import State
from mlscore.git import Revision
from mlscore.history import Blame, blame, point, statuses
from mlscore.project import Answer, Project
from mlscore.rubric import Rubric

RUBRIC = Rubric.model_validate(
    {
        "id": "small",
        "title": "Small",
        "levels": {"none": {"points": 0}, "half": {"points": 0.5}, "done": {"points": 1}},
        "tiers": [{"id": "low", "from": 0, "label": "Low"}, {"id": "high", "from": 1, "label": "High"}],
        "categories": [
            {
                "id": "a",
                "title": "A",
                "tests": [
                    {"id": "a-1", "title": "One", "aliases": ["first", "a1"]},
                    {"id": "a-2", "title": "Two"},
                ],
            }
        ],
    }
)


def revision(commit, *parents):
    return Revision(commit, parents, "2026-11-21T12:00:00+00:00", "Ada", "project.yaml", f"blob of {commit}")


class History:
    """Commits, newest first: for each its parents, and the answers after it; None where it is broken."""

    def __init__(self, **commits):
        self.graph = [revision(name, *parents) for name, (parents, _) in commits.items()]
        self.answers = {name: answers for name, (_, answers) in commits.items()}
        self.asked = 0

    def known(self, found):
        self.asked += 1
        return self.answers[found.commit]

    def blame(self, **now):
        """The commit for each answer, None where it is not committed."""
        found = blame(now, self.graph, self.known)
        assert [(item.test, item.status) for item in found] == list(now.items())
        return {item.test: item.revision and item.revision.commit for item in found}


def linear(*answers):
    """One commit after the other, the oldest first: c1, c2 ..."""
    names = [f"c{place}" for place in range(1, len(answers) + 1)]
    commits = zip(names, [(), *((name,) for name in names)], answers, strict=False)
    return History(**{name: (parents, found) for name, parents, found in reversed(list(commits))})


def test_each_answer_has_the_commit_that_gave_it_its_status():
    history = linear({"x": "none"}, {"x": "half"}, {"x": "half", "y": "none"}, {"x": "half", "y": "done"})

    assert history.blame(x="half", y="done") == {"x": "c2", "y": "c4"}


def test_an_answer_of_the_first_commit_is_the_first_commit_s():
    assert linear({"x": "done"}, {"x": "done", "y": "none"}).blame(x="done", y="none") == {"x": "c1", "y": "c2"}


def test_the_answers_come_in_the_order_they_are_given_in():
    found = blame({"y": "none", "x": "done"}, *parts(linear({"x": "done", "y": "none"})))

    assert found == (
        Blame("y", "none", revision("c1")),
        Blame("x", "done", revision("c1")),
    )


def parts(history):
    return history.graph, history.known


def test_what_was_taken_back_and_done_again_is_the_later_commit_s():
    history = linear({"x": "none"}, {"x": "done"}, {"x": "none"}, {"x": "done"}, {"x": "done", "y": "none"})

    assert history.blame(x="done") == {"x": "c4"}


def test_what_was_removed_and_came_back_is_the_later_commit_s():
    assert linear({"x": "done"}, {}, {"x": "done"}).blame(x="done") == {"x": "c3"}


@pytest.mark.parametrize("now", ["half", "none"])
def test_a_change_that_is_not_committed_has_no_commit(now):
    history = linear({"x": "none"}, {"x": "done"})

    assert history.blame(x=now) == {"x": None}
    assert history.blame(y="done") == {"y": None}


def test_without_history_nothing_is_committed():
    assert History().blame(x="done") == {"x": None}


def test_without_answers_there_is_nothing_to_blame():
    assert blame({}, *parts(linear({"x": "done"}))) == ()


def test_at_a_merge_the_side_with_the_status_is_followed():
    history = History(
        merge=(("ours", "theirs"), {"x": "done", "y": "half"}),
        ours=(("base",), {"x": "none", "y": "half"}),
        theirs=(("base",), {"x": "done", "y": "none"}),
        base=((), {"x": "none", "y": "none"}),
    )

    assert history.blame(x="done", y="half") == {"x": "theirs", "y": "ours"}


def test_of_two_sides_with_the_same_change_the_first_is_followed():
    sides = {"ours": (("base",), {"x": "done"}), "theirs": (("base",), {"x": "done"}), "base": ((), {"x": "none"})}

    assert History(merge=(("ours", "theirs"), {"x": "done"}), **sides).blame(x="done") == {"x": "ours"}
    assert History(merge=(("theirs", "ours"), {"x": "done"}), **sides).blame(x="done") == {"x": "theirs"}


def test_what_only_a_merge_has_is_the_merge_s():
    history = History(
        merge=(("ours", "theirs"), {"x": "done"}),
        ours=(("base",), {"x": "none"}),
        theirs=(("base",), {"x": "half"}),
        base=((), {}),
    )

    assert history.blame(x="done") == {"x": "merge"}


def test_a_merge_of_many_is_followed_along_any_of_them():
    names = ["b1", "b2", "b3", "b4"]
    sides = {name: (("base",), {"x": "done" if name == "b3" else "none"}) for name in names}

    assert History(merge=(names, {"x": "done"}), **sides, base=((), {})).blame(x="done") == {"x": "b3"}


@pytest.mark.parametrize("broken", [("c2",), ("c3",), ("c2", "c3"), ("c1",), ("c5",), ("c4", "c5"), ("c2", "c5")])
def test_commits_of_which_nothing_is_known_are_passed_over(broken):
    history = linear({"x": "done"}, {"x": "done"}, {"x": "done"}, {"x": "done"}, {"x": "done"})
    history.answers |= dict.fromkeys(broken)

    assert history.blame(x="done") == {"x": "c2" if "c1" in broken else "c1"}


def test_a_change_within_a_broken_stretch_is_the_next_readable_commit_s():
    assert linear({"x": "none"}, None, None, {"x": "done"}).blame(x="done") == {"x": "c4"}


def test_where_all_commits_are_broken_nothing_is_known():
    assert linear(None, None).blame(x="done") == {"x": None}


def test_broken_commits_on_one_side_of_a_merge_are_passed_over_on_that_side():
    history = History(
        merge=(("broken", "theirs"), {"x": "done", "y": "done"}),
        broken=(("ours",), None),
        theirs=(("base",), {"x": "none", "y": "done"}),
        ours=(("base",), {"x": "done", "y": "none"}),
        base=((), {"x": "none", "y": "none"}),
    )

    assert history.blame(x="done", y="done") == {"x": "ours", "y": "theirs"}


def test_a_broken_merge_in_between_leads_to_all_its_parents():
    history = History(
        mended=(("merge",), {"x": "done", "y": "done"}),
        merge=(("ours", "theirs"), None),
        ours=(("base",), {"x": "done", "y": "none"}),
        theirs=(("base",), {"x": "none", "y": "done"}),
        base=((), {"x": "none", "y": "none"}),
    )

    assert history.blame(x="done", y="done") == {"x": "ours", "y": "theirs"}


def test_a_file_that_was_deleted_and_came_back_was_answered_anew():
    assert linear({"x": "done"}, {}, {"x": "done"}).blame(x="done") == {"x": "c3"}
    assert linear({"x": "done"}, {}).blame(x="done") == {"x": None}


def test_parents_outside_the_graph_are_not_followed():
    """As at the edge of a shallow clone."""
    history = History(c2=(("c1", "elsewhere"), {"x": "done"}), c1=(("older",), {"x": "done"}))

    assert history.blame(x="done") == {"x": "c1"}


@pytest.mark.parametrize("is_broken", [True, False])
def test_a_long_chain_is_followed_without_recursion(is_broken):
    count = max(5000, 2 * sys.getrecursionlimit())
    between = [None if is_broken else {"x": "done"}] * count
    history = linear({"x": "none"}, {"x": "done"}, *between, {"x": "done"})

    assert history.blame(x="done") == {"x": "c2"}
    assert history.asked < 10 * count


def test_a_long_chain_of_broken_commits_at_the_end_is_passed_over():
    assert linear({"x": "done"}, *[None] * 5000).blame(x="done") == {"x": "c1"}


@settings(deadline=None)
@given(st.lists(st.none() | st.fixed_dictionaries({}, optional={"x": st.sampled_from("nhd"), "y": st.just("n")})))
def test_along_a_line_it_is_the_first_of_the_last_readable_commits_with_the_status(answers):
    history = linear(*answers)
    readable = [(f"c{place}", found) for place, found in enumerate(answers, start=1) if found is not None]

    for status in "nhd":
        expected = None
        for name, found in reversed(readable):
            if found.get("x") != status:
                break
            expected = name
        assert history.blame(x=status) == {"x": expected}


def project(**answers):
    made = {
        name.replace("_", "-"): None if status is None else Answer(status=status)
        for name, status in answers.items()
    }
    return Project(project="churn", answers=made)


def test_statuses_go_by_the_ids_of_the_rubric():
    assert statuses(project(first="done", a_2="half"), RUBRIC) == {"a-1": "done", "a-2": "half"}
    assert statuses(project(a1="none"), RUBRIC) == statuses(project(a_1="none"), RUBRIC) == {"a-1": "none"}


def test_statuses_leave_out_what_has_no_answer_and_keep_what_the_rubric_does_not_know():
    assert statuses(project(a_1=None, gone="done", a_2="best"), RUBRIC) == {"gone": "done", "a-2": "best"}


def test_another_name_of_a_test_is_no_change_of_its_answer():
    now = project(a_1="done", a_2="half")
    history = linear(
        *(
            statuses(item, RUBRIC)
            for item in (project(first="done"), project(a1="done", a_2="none"), project(a_2="half", a_1="done"))
        )
    )

    found = blame(statuses(now, RUBRIC), *parts(history))

    assert [(item.test, item.revision.commit) for item in found] == [("a-1", "c1"), ("a-2", "c3")]


def test_a_point_is_the_score_after_a_commit():
    found = point(revision("c1"), State(RUBRIC, project(first="done", a_2="half")))

    assert (found.revision, found.rubric, found.lost) == (revision("c1"), RUBRIC, ())
    assert (found.score.score, found.score.tier.id, found.score.categories) == (
        Fraction(3, 2),
        "high",
        {"a": Fraction(3, 2)},
    )


def test_a_point_names_the_answers_that_the_rubric_does_not_know():
    found = point(revision("c1"), State(RUBRIC, project(a_1="done", gone="done", a_2="best")))

    assert found.lost == ("gone", "a-2")
    assert found.score.score == 1


def test_a_point_of_a_project_without_answers():
    found = point(revision("c1"), State(RUBRIC, project(a_1=None)))

    assert (found.score.score, found.lost) == (0, ())
