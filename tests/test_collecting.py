"""Test results into answers: which, to what, and why others stay as they are."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formats.samples import RUBRIC
from mlscore import load_rubric
from mlscore.collecting import ResultFile, answered_level, collect, ids_in
from mlscore.errors import UsageError
from mlscore.evidence import kind
from mlscore.loading import parse_project
from mlscore.loading.editing import edit
from mlscore.rubric import Rubric

DEFAULT = load_rubric()
CASES = {"passed": "", "failed": "<failure/>", "skipped": "<skipped/>"}
TIME = ' timestamp="2026-11-20T10:00:00Z"'


def results(target="r.xml", stamp=TIME, **outcomes):
    """Read a JUnit report whose cases carry ids: `data_1="passed"`."""
    cases = (
        f'<testcase classname="t" name="test_{name}"><properties><property name="mlscore" '
        f'value="{name.replace("_", "-")}"/></properties>{CASES[outcome]}</testcase>'
        for name, outcome in outcomes.items()
    )
    parsed = kind("junit").parse(f'<testsuite name="s"{stamp}>{"".join(cases)}</testsuite>'.encode())
    return ResultFile(target, "junit", target, ids_in("junit", parsed), parsed)


def plugin_results(target="r.json", *, unknown=(), **outcomes):
    """Read the file of mlscore's pytest plugin whose tests carry ids."""
    tests = {
        f"t.py::test_{name}": {"ids": [name.replace("_", "-")], "outcome": outcome, "attempts": 1}
        for name, outcome in outcomes.items()
    }
    run = {
        "schema": "mlscore/pytest/1",
        "complete": True,
        "exitstatus": 0,
        "started": "2026-11-20T09:59:00+00:00",
        "finished": "2026-11-20T10:00:00+00:00",
        "unknown_ids": dict(unknown),
        "tests": tests,
    }
    parsed = kind("pytest").parse(json.dumps(run).encode())
    return ResultFile(target, "pytest", target, ids_in("pytest", parsed), parsed)


def project(answers="{}"):
    return parse_project(f"project: p\nanswers: {answers}\n".encode(), "project.yaml")[1]


def collected(answers, *files, force=False):
    return collect(DEFAULT, project(answers), files, force=force)


class TestLevel:
    """The level that results answer with."""

    @pytest.mark.parametrize("name", ["ml-test-score-2016", "ml-test-score-2017"])
    def test_built_in(self, name):
        assert answered_level(load_rubric(name)) == "automated"

    @pytest.mark.parametrize(
        ("backing", "level"),
        [
            ({"low": "result", "high": "result"}, "high"),
            ({"low": "result", "high": "document"}, "low"),
            ({"low": "result", "high": None}, "low"),
        ],
    )
    def test_it_is_the_highest_that_results_back(self, backing, level):
        assert answered_level(with_levels(backing)) == level

    def test_a_decision_is_no_level_to_reach(self):
        rubric = with_levels({"low": "result", "waived": "result"})

        assert answered_level(rubric) == "low"

    def test_without_such_a_level_results_answer_nothing(self):
        with pytest.raises(UsageError, match="small: no level of this rubric is backed by results"):
            answered_level(with_levels({"low": "document"}))


def with_levels(backing):
    """Make a rubric with some levels, and what backs them."""
    levels = {
        name: {"points": place, "backed_by": by, "reason_required": name == "waived"}
        for place, (name, by) in enumerate(backing.items(), start=1)
    }
    return Rubric.model_validate(
        {
            "id": "small",
            "title": "Small",
            "levels": levels,
            "tiers": [{"id": "all", "from": 0, "label": "All"}],
            "categories": [{"id": "a", "title": "A", "tests": [{"id": "a-1", "title": "T"}]}],
        }
    )


@pytest.mark.parametrize("answers", ["{}", "{data-1: }", "{data-1: null, data-2: none}"])
@pytest.mark.parametrize(
    ("file", "entry"),
    [(results(data_1="passed"), ("junit", "r.xml")), (plugin_results(data_1="passed"), ("pytest", "r.json"))],
)
def test_a_verified_result_answers_a_test_without_an_answer(answers, file, entry):
    collection = collected(answers, file)

    (change,) = collection.changes
    assert change[:3] == ("data-1", "automated", (entry,))
    assert collection.done == {"data-1": f"data-1: unanswered, now automated with {entry[0]} {entry[1]}"}
    assert collection.left == collection.unknown == ()


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        ("failed", "contradicted: 1 of 1 case failed: t::test_data_1"),
        ("skipped", "inconclusive: no case passed: 1 skipped"),
    ],
)
@pytest.mark.parametrize("answers", ["{}", "{data-1: automated}", "{data-1: manual}"])
@pytest.mark.parametrize("force", [False, True])
def test_a_result_that_is_not_verified_changes_nothing_and_says_why(answers, outcome, reason, force):
    collection = collected(answers, results(data_1=outcome), force=force)

    assert collection.changes == ()
    assert collection.left == (f"data-1: left as it is; r.xml: {reason}",)


def test_one_contradiction_outweighs_all():
    collection = collected("{}", results(data_1="passed"), results("s.xml", data_1="failed"))

    assert collection.changes == ()
    assert collection.left == ("data-1: left as it is; s.xml: contradicted: 1 of 1 case failed: t::test_data_1",)


def test_of_several_reports_those_that_verify_become_evidence():
    files = [
        results(f"{name}.xml", data_1=outcome)
        for name, outcome in zip("abc", ["passed", "skipped", "passed"], strict=True)
    ]

    collection = collected("{}", *files)

    assert [change.entries for change in collection.changes] == [(("junit", "a.xml"), ("junit", "c.xml"))]
    assert collection.left == ("data-1: b.xml adds nothing: inconclusive: no case passed: 1 skipped",)


def test_a_report_given_twice_is_one_entry():
    collection = collected("{}", results(data_1="passed"), results(data_1="passed"))

    assert [change.entries for change in collection.changes] == [(("junit", "r.xml"),)]


@pytest.mark.parametrize(
    ("answer", "gains"),
    [
        ("automated", True),
        ("{status: automated, evidence: }", True),
        ("{status: automated, evidence: [junit: other.xml]}", True),
        ("{status: automated, evidence: [pytest: a/b/r.xml]}", True),
        ("{status: automated, evidence: [junit: a/b/r.xml]}", False),
        ("{status: automated, evidence: [junit: ./a//b/../b/r.xml, file: x.md]}", False),
        ("{status: automated, evidence: [{junit: a/b/r.xml, tests: 't::*'}]}", False),
        ("{status: automated, evidence: [junit: a/b/*.xml]}", False),
        ("{status: automated, evidence: [junit: 'a/[b]/?.xml']}", False),
        ("{status: automated, evidence: [junit: 'a/**/r.xml']}", False),
        ("{status: automated, evidence: [junit: '**/b/r.xml']}", False),
        ("{status: automated, evidence: [junit: '**']}", False),
        ("{status: automated, evidence: [junit: 'a/b/**/r.xml']}", False),
        ("{status: automated, evidence: [junit: 'a/*.xml']}", True),
        ("{status: automated, evidence: [junit: 'c/**']}", True),
        ("{status: automated, evidence: [junit: '*/r.xml']}", True),
        ("{status: automated, evidence: [junit: 'a/b/r.xml/**/x']}", True),
    ],
)
def test_an_answer_of_that_level_gains_a_report_that_it_does_not_name_yet(answer, gains):
    collection = collected(f"{{data-1: {answer}}}", results("a/b/r.xml", data_1="passed"))

    done = {"data-1": "data-1: automated, now with junit a/b/r.xml"} if gains else {}
    assert collection.done == done
    assert [change.entries for change in collection.changes] == [(("junit", "a/b/r.xml"),)] * gains
    assert collection.left == ()


def test_a_glob_of_the_plugins_files_does_not_do():
    """Such evidence is one file: a glob that means several shows nothing."""
    collection = collected(
        "{data-1: {status: automated, evidence: [pytest: '*.json']}}", plugin_results(data_1="passed")
    )

    assert [change.entries for change in collection.changes] == [(("pytest", "r.json"),)]


def test_the_plugins_file_is_known_by_any_way_to_write_its_path():
    collection = collected(
        "{data-1: {status: automated, evidence: [pytest: ./a/../r.json]}}", plugin_results(data_1="passed")
    )

    assert collection.changes == ()


def test_a_glob_does_not_reach_hidden_names():
    """As where evidence is read: the report would not be found by it."""
    collection = collected(
        "{data-1: {status: automated, evidence: [junit: '*/r.xml']}}", results(".cache/r.xml", data_1="passed")
    )

    assert [change.entries for change in collection.changes] == [(("junit", ".cache/r.xml"),)]


@pytest.mark.parametrize(
    ("answer", "status"),
    [("none", "none"), ("manual", "manual"), ("{status: not_applicable, reason: r}", "not_applicable")],
)
class TestAnswersOfPersons:
    """What a person said stays, unless it is forced."""

    def test_it_is_kept_and_said(self, answer, status):
        collection = collected(f"{{data-1: {answer}}}", results(data_1="passed"))

        assert collection.changes == ()
        assert collection.left == (f"data-1: {status}, kept; --force overwrites",)

    def test_force_overwrites_it(self, answer, status):
        collection = collected(f"{{data-1: {answer}}}", results(data_1="passed"), force=True)

        assert [change[:3] for change in collection.changes] == [("data-1", "automated", (("junit", "r.xml"),))]
        assert collection.done == {"data-1": f"data-1: {status}, now automated with junit r.xml"}
        assert collection.left == ()


def test_force_does_not_repeat_evidence():
    collection = collected(
        "{data-1: {status: manual, evidence: [junit: r.xml]}}", results(data_1="passed"), force=True
    )

    assert [change[:3] for change in collection.changes] == [("data-1", "automated", ())]
    assert collection.done == {"data-1": "data-1: manual, now automated"}


def test_an_answer_under_an_alias_is_changed_under_its_own_key():
    collection = collected("{infrastructure-3: }", results(infra_3="passed"))

    assert [change.key for change in collection.changes] == ["infrastructure-3"]
    assert list(collection.done.values()) == ["infra-3: unanswered, now automated with junit r.xml"]


def test_a_result_under_an_alias_is_no_evidence_and_says_what_to_write():
    collection = collected("{}", results(infrastructure_3="passed"))

    assert collection.changes == ()
    assert collection.unknown == ()
    (line,) = collection.left
    assert line.startswith("infra-3: left as it is; r.xml: inconclusive: its tests are marked with another name")
    assert line.endswith("mark them with infra-3")


def test_ids_the_rubric_does_not_have_are_said_and_the_others_go_on():
    collection = collected("{}", results(data_9="passed", data_1="passed", x="failed"))

    assert [change.key for change in collection.changes] == ["data-1"]
    assert [str(problem) for problem in collection.unknown] == [
        "r.xml: 'data-9' is not a test of ml-test-score-2016; there are data-1 to data-7",
        "r.xml: 'x' is not a test of ml-test-score-2016; there are data-1 to monitor-7",
    ]


def test_ids_that_the_plugin_did_not_know_are_ids_too():
    """It knows the default rubric; the project may have another."""
    assert plugin_results(unknown={"a-1": ["t.py::test_x"]}, data_1="passed").ids == {"a-1", "data-1"}


def test_a_report_without_a_time_answers_and_a_person_hears_what_is_missing():
    collection = collected("{}", results(stamp="", data_1="passed", data_2="passed"))

    assert [change.key for change in collection.changes] == ["data-1", "data-2"]
    assert collection.left == ("r.xml: it holds no time; it counts as verified once its entry has a date",)


@pytest.mark.parametrize(
    ("present", "new", "order"),
    [
        ("", "data_2 data_1 model_1", "data-1 data-2 model-1"),
        ("data-1 data-2 data-7", "data_3 data_4", "data-1 data-2 data-3 data-4 data-7"),
        ("data-7 data-1", "data_2", "data-7 data-1 data-2"),
        ("data-7 model-1", "data_2", "data-7 data-2 model-1"),
        ("model-1 infra-1", "data_1 data_2 model_2", "model-1 model-2 infra-1 data-1 data-2"),
        ("infrastructure-1 model-1", "infra_2 infra_3", "infrastructure-1 infra-2 infra-3 model-1"),
        ("model-1", "monitor_1 model_2 infra_1", "model-1 model-2 infra-1 monitor-1"),
    ],
)
def test_a_new_answer_stands_behind_the_one_before_it_else_its_category_else_the_last(present, new, order):
    text = "project: p\nanswers:" + ("".join(f"\n  {key}:" for key in present.split()) or " {}")

    collection = collect(
        DEFAULT, parse_project(text.encode(), "p")[1], [results(**dict.fromkeys(new.split(), "passed"))]
    )

    after = edit(text, collection.changes, "p").text
    assert [
        line.strip(" :") for line in after.splitlines() if line.startswith("  ") and line[2] != " "
    ] == order.split()


def test_the_levels_and_aliases_of_another_rubric_hold(write):
    write("small.yaml", RUBRIC.replace("automated: {points: 1,", "automated: {points: 1, backed_by: result,"))
    rubric = load_rubric("small.yaml")
    text = "rubric: small.yaml\nproject: p\nanswers: {input-3: none, data-1: none}\n"

    collection = collect(
        rubric,
        parse_project(text.encode(), "p", rubric=rubric)[1],
        [results(data_3="passed", data_2="passed")],
        force=True,
    )

    assert [change for change in collection.changes if change.after is None] == []
    assert {change.key: change.status for change in collection.changes} == {
        "input-3": "automated",
        "data-2": "automated",
    }


TESTS = ["data-1", "data-2", "model-1", "infra-3"]
ANSWERS = [None, "", "none", "manual", "automated", "{status: automated, evidence: [junit: r.xml]}"]


@settings(max_examples=1_000 if settings.get_current_profile_name() == "ci" else 200, deadline=None)
@given(
    answers=st.lists(st.sampled_from(ANSWERS), min_size=4, max_size=4),
    outcomes=st.lists(st.sampled_from([None, "passed", "failed", "skipped"]), min_size=4, max_size=4),
    force=st.booleans(),
)
def test_only_passed_results_change_only_what_they_may_and_a_second_run_changes_nothing(answers, outcomes, force):
    written = [f"{name}: {answer}" for name, answer in zip(TESTS, answers, strict=True) if answer is not None]
    before = project(f"{{{' , '.join(written)} }}")
    text = f"project: p\nanswers: {{{' , '.join(written)} }}\n"
    file = results(
        **{name.replace("-", "_"): how for name, how in zip(TESTS, outcomes, strict=True) if how is not None}
    )

    collection = collect(DEFAULT, before, [file], force=force)

    after = parse_project(edit(text, collection.changes, "p").text.encode(), "p")[1]
    for name, answer, outcome in zip(TESTS, answers, outcomes, strict=True):
        old, new = before.answers.get(name), after.answers.get(name)
        if outcome != "passed" or (answer in {"none", "manual"} and not force):
            assert new == old
        else:
            assert new.status == "automated"
            assert [(item.kind, item.target) for item in new.evidence] == [("junit", "r.xml")]
    assert collect(DEFAULT, after, [file], force=force).changes == ()
