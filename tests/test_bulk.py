"""From a path to a row: the quick way and the whole way agree, nothing is ever raised, cores change nothing."""

import pickle
from datetime import date
from fractions import Fraction
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlscore import bulk
from mlscore.bulk import Task, row, rows
from mlscore.loading import load_rubric, read_rubric
from mlscore.portfolio import Refused, Row
from mlscore.rubric import Rubric

INVALID = sorted((Path(__file__).parent / "invalid").glob("project-*.yaml"))
EXAMPLES = sorted((Path(__file__).parents[1] / "examples").glob("*.yaml"))
LEVELS = """
  none: {points: 0}
  manual: {points: 0.3}
  automated: {points: 1}
  waived: {points: 0, reason_required: true}
"""
RUBRIC = """
id: small
title: {title}
aggregate: {aggregate}
levels: {levels}
tiers:
  - {{id: low, from: 0, label: Low}}
  - {{id: mid, above: 0.3, label: Mid}}
  - {{id: high, from: 1.3, label: High}}
require: [{require}]
categories:
  - {{id: data, title: Data, tests: [{{id: data-1, title: A, aliases: [schema]}}, {{id: data-2, title: B}}]}}
  - {{id: serving, title: Serving, tests: [{{id: serving-1, title: C}}, {{id: serving-2, title: D}}]}}
"""
CHURN = (
    "project: churn\nowner: ana\nanswers:\n  data-1: automated\n  model-1: {status: manual, date: 2026-10-01}\n"
)


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch):
    """A process remembers what it read, by names from its folder; each test is in another."""
    for name in ("_files", "_known", "_placed"):
        monkeypatch.setattr(bulk, name, {})
    for function in (bulk._read, bulk._builtin):
        function.cache_clear()


def rubric_file(write, name="small.yaml", *, aggregate="min", levels=LEVELS, require="", title="Small"):
    return write(name, RUBRIC.format(aggregate=aggregate, levels=levels, require=require, title=title))


def by_the_whole_way(path, task):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bulk, "read_quickly", lambda raw, rubric: None)
        patch.setattr(bulk, "_known", {})
        return row(path, task)


# One file


def test_a_row_is_what_its_file_says(write):
    path = str(write("a/project.yaml", CHURN))

    found = row(path, Task())

    assert found == Row(
        path="a/project.yaml",
        project="churn",
        owner="ana",
        rubric=load_rubric("ml-test-score").digest,
        categories=(2, 1, 0, 0),
        statuses=bytes([2, *[4] * 6, 1, *[4] * 20]),
        oldest=date(2026, 10, 1),
    )


ANSWER = st.sampled_from(
    [
        *("none", "manual", "automated", "automated", "", "{status: waived, reason: so}"),
        *("{status: manual, date: 2026-10-01}", "{status: manual, effort: 2}", "{status: none, owner: ana}"),
        "{status: automated, date: 2026-02-03, evidence: [{file: a.md, date: 2026-01-02}, {url: 'https://x.org'}]}",
        "{status: automated, evidence: [{junit: r.xml, min_tests: 2, date: 2025-01-02}]}",
    ]
)
PROJECTS = st.fixed_dictionaries(
    {"answers": st.dictionaries(st.sampled_from(["data-1", "data-2", "serving-1", "serving-2"]), ANSWER)},
    optional={
        "owner": st.sampled_from(["ana", "データ", "", '"a\\x1bb"']),
        "gate": st.sampled_from(
            ["", "{fail_under: 1}", "{min_tier: mid}", "{categories: {data: 1}}", "{require: [schema]}"]
        ),
    },
)
TASKS = st.tuples(
    st.none(),
    st.sampled_from([None, None, Fraction(0), Fraction(3, 10), Fraction(2), Fraction(99)]),
    st.sampled_from([None, None, "low", "mid", "high"]),
).map(lambda given: Task(*given))


@pytest.mark.parametrize("aggregate", ["min", "sum", "mean"])
@pytest.mark.parametrize("require", ["", "data-1"])
def test_the_quick_way_and_the_whole_way_give_the_same_row(write, monkeypatch, aggregate, require):
    rubric_file(write, aggregate=aggregate, require=require)
    number = count()
    whole = []
    monkeypatch.setattr(bulk, "_whole", lambda *given, real=bulk._whole: (whole.append(given), real(*given))[1])

    @given(PROJECTS, TASKS)
    @settings(max_examples=150, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
    def check(project, task):
        answers = "".join(f"\n  {name}: {answer}" for name, answer in project.pop("answers").items()) or " {}"
        keys = "".join(f"{key}: {value}\n" for key, value in project.items())
        path = f"{next(number) % 7}.yaml"
        write(path, f"rubric: small.yaml\nproject: churn\n{keys}answers:{answers}\n")

        found = row(path, task)

        assert isinstance(found, Row)
        assert found == by_the_whole_way(path, task)
        assert found == pickle.loads(pickle.dumps(found))

    check()

    assert (len(whole) < 290) is (require == "")  # without tests that it requires, some went the quick way


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
@pytest.mark.parametrize("task", [Task(), Task(fail_under=Fraction(4)), Task(verify=True)], ids=str)
def test_examples_give_the_same_row(path, task):
    found = row(str(path), task)

    assert isinstance(found, Row)
    assert found == by_the_whole_way(str(path), task)


@pytest.mark.parametrize(("points", "failures"), [("1", ()), ("1.1", ("the score 1 is below 1.1",))])
def test_points_that_are_no_binary_fraction_are_held_to_a_gate_exactly(write, points, failures):
    rubric_file(write, aggregate="sum", levels="{none: {points: 0}, tenth: {points: 0.1}, most: {points: 0.7}}")
    text = "data-1: tenth, data-2: tenth, serving-1: tenth, serving-2: most"
    write("p.yaml", f"rubric: small.yaml\nproject: x\nanswers: {{{text}}}\n")

    found = row("p.yaml", Task(fail_under=Fraction(points)))

    assert found.gate == failures
    assert found.categories == (2, 8)


def test_a_file_s_own_gate_and_the_command_line_s_are_laid_over_each_other(write):
    write("p.yaml", CHURN + "gate: {fail_under: 1, categories: {data: 3}}\n")

    assert [len(row("p.yaml", task).gate) for task in (Task(), Task(fail_under=Fraction(0)))] == [2, 1]


@pytest.mark.parametrize(
    ("gate", "gated"), [("", None), ("gate:\n", None), ("gate: {}\n", None), ("gate: {fail_under: 0}\n", ())]
)
def test_a_gate_that_asks_for_nothing_is_none(write, gate, gated):
    write("p.yaml", CHURN + gate)

    assert row("p.yaml", Task()).gate == gated


def test_a_rubric_of_the_command_line_wins_and_lies_where_one_stands(write):
    rubric_file(write, "elsewhere/r.yaml")
    write("a/p.yaml", "rubric: none.yaml\nproject: x\nanswers: {data-1: manual}\n")

    found = row("a/p.yaml", Task(rubric="elsewhere/r.yaml"))

    assert found.categories == (3, 0)
    assert found == by_the_whole_way("a/p.yaml", Task(rubric="elsewhere/r.yaml"))


def test_without_verify_nothing_is_verified_and_with_it_evidence_counts(write):
    answer = "{status: automated, date: 2026-11-20, evidence: [{file: a.md, date: 2026-11-20}]}"
    write("p.yaml", f"project: x\nanswers: {{data-1: {answer}, data-2: automated}}\n")
    write("a.md", "x")

    assert row("p.yaml", Task()).verified is None
    assert row("p.yaml", Task(verify=True, as_of=date(2026, 11, 21))).verified == (1, 0, 0, 0)
    assert row("p.yaml", Task(verify=True, as_of=date(2028, 11, 21))).verified == (0, 0, 0, 0)


# What is wrong


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
@pytest.mark.parametrize("task", [Task(), Task(fail_under=Fraction(1)), Task(verify=True)], ids=str)
def test_a_broken_file_is_refused_with_its_located_problems(path, task, write):
    write(path.name, path.read_bytes())

    found = row(path.name, task)

    assert isinstance(found, Refused)
    assert found.path == path.name
    assert found.messages
    assert all(message.startswith((path.name, "ru", "no", "and ")) for message in found.messages)
    assert len(found.messages) <= 21
    assert found == pickle.loads(pickle.dumps(found))


@pytest.mark.parametrize(
    "path", ["none.yaml", "folder", "a\0b", "x" * 5000, "folder/none.yaml", "\udcff.yaml", ""]
)
def test_what_is_no_file_is_refused(path):
    Path("folder").mkdir()

    assert isinstance(row(path, Task()), Refused)


def test_a_loop_of_links_is_refused():
    Path("p.yaml").symlink_to("p.yaml")

    assert row("p.yaml", Task()).path == "p.yaml"


@pytest.mark.parametrize("ref", ["none.yaml", "nothing", "broken.yaml", "p.yaml", ".", "/etc/hostname"])
def test_a_rubric_that_cannot_be_used_is_said(write, ref):
    write("broken.yaml", "id: small\n")
    write("p.yaml", f"rubric: {ref}\nproject: x\nanswers: {{}}\n")

    found = row("p.yaml", Task())

    assert isinstance(found, Refused)
    assert [message for message in found.messages if message.startswith("p.yaml:1:9: ")]


@given(st.binary(max_size=200) | st.text(max_size=100).map(lambda text: text.encode("utf-8", "replace")))
@settings(max_examples=100, deadline=None, database=None)
def test_whatever_a_file_holds_nothing_is_raised(content):
    Path("p.yaml").write_bytes(content)

    assert isinstance(row("p.yaml", Task()), Refused)


# The same content


def test_the_same_content_is_scored_once_and_keeps_its_own_path(write, monkeypatch):
    scored = []
    monkeypatch.setattr(
        bulk, "_quick", lambda *given, real=bulk._quick: (scored.append(given[0]), real(*given))[1]
    )
    paths = [str(write(f"{place}/project.yaml", CHURN)) for place in range(50)]

    found = [row(path, Task()) for path in paths]

    assert scored == paths[:1]
    assert [item.path for item in found] == paths
    assert {item._replace(path="") for item in found} == {found[0]._replace(path="")}


def test_another_task_is_another_row(write):
    write("p.yaml", CHURN)

    assert [row("p.yaml", Task(fail_under=least)).gate is None for least in (None, Fraction(1), None)] == [
        *(True, False, True)
    ]


def test_a_file_that_changes_gives_another_row(write):
    write("p.yaml", CHURN)
    before = row("p.yaml", Task())
    write("p.yaml", CHURN.replace("churn", "fraud"))

    assert (before.project, row("p.yaml", Task()).project) == ("churn", "fraud")


@pytest.mark.parametrize("gate", ["", "gate: {fail_under: 1}\n"])
def test_the_same_content_beside_another_rubric_is_another_row(write, gate):
    text = f"rubric: r.yaml\nproject: x\n{gate}answers: {{data-1: manual}}\n"
    for folder, points in (("a", "0.3"), ("b", "0.5")):
        rubric_file(write, f"{folder}/r.yaml", title=folder, levels=LEVELS.replace("0.3", points))
        write(f"{folder}/p.yaml", text)

    found = [row(f"{folder}/p.yaml", Task()) for folder in "abab"]
    rubrics = {}
    again = list(rows(["a/p.yaml", "b/p.yaml"], Task(), 1, rubrics))

    assert [item.path[0] for item in found] == [*"abab"]
    assert found[0].rubric != found[1].rubric
    assert found[2:] == found[:2] == again
    assert [rubrics[item.rubric].title for item in again] == ["a", "b"]
    assert [item.categories for item in again] == [(3, 0), (1, 0)]


def test_the_same_evidence_beside_another_file_is_verified_anew(write):
    for folder in "ab":
        write(
            f"{folder}/p.yaml",
            "project: x\nanswers: {data-1: {status: manual, date: 2026-11-20, evidence: [{file: a.md}]}}\n",
        )
    write("b/a.md", "x")
    task = Task(verify=True, as_of=date(2026, 11, 21))

    assert [row(f"{folder}/p.yaml", task).verified for folder in "ab"] == [(0, 0, 0, 0), (1, 0, 0, 0)]


# Many files


@pytest.fixture
def paths(write):
    rubric_file(write)
    made = []
    for place in range(260):
        text = [CHURN, CHURN.replace("churn", f"p {place}"), "project: [\n"][place % 3]
        if place % 10 == 0:
            text = f"rubric: ../small.yaml\nproject: s {place}\nanswers: {{data-1: manual}}\n"
        made.append(str(write(f"{place}/project.yaml", text)))
    return made


@pytest.mark.parametrize(
    "task", [Task(), Task(fail_under=Fraction(1), min_tier="low", rubric="small.yaml")], ids=str
)
def test_two_processes_give_the_same_as_one(paths, task):
    one, two = {}, {}

    alone = list(rows(paths, task, 1, one))
    together = list(rows(paths, task, 2, two))

    assert [item.path for item in alone] == paths
    assert sorted(together, key=repr) == sorted(alone, key=repr)
    assert {digest: rubric.digest for digest, rubric in one.items()} == {digest: digest for digest in one}
    assert one.keys() == two.keys() == {item.rubric for item in alone if isinstance(item, Row)}
    assert all(isinstance(rubric, Rubric) for rubric in two.values())


def test_nothing_is_started_for_a_few_files(paths, monkeypatch):
    monkeypatch.setattr(bulk.multiprocessing, "get_context", None)

    assert len(list(rows(paths[:199], Task(), 8, {}))) == 199
    assert list(rows([], Task(), 8, {})) == []


def test_rows_come_as_they_are_done(paths):
    found = rows(paths, Task(), 1, rubrics := {})

    assert next(found).path == paths[0]
    assert rubrics
    found.close()


def test_an_end_before_the_end_leaves_no_process(paths):
    found = rows(paths, Task(), 2, {})
    next(found)
    found.close()

    assert bulk.multiprocessing.active_children() == []


@pytest.mark.parametrize(
    "value",
    [
        Task("r.yaml", Fraction(1, 3), "low", date(2026, 1, 1), verify=True),
        Row("p", "x", "", "d", (1, 2), b"\0\1", (1, 0), date(2026, 1, 1), ("too low",)),
        Refused("p", ("p:1:1: x",)),
    ],
)
def test_what_goes_between_processes_can_be_pickled(value):
    assert pickle.loads(pickle.dumps(value)) == value
    assert hash(value) == hash(pickle.loads(pickle.dumps(value)))


def test_a_row_is_small():
    found = Row("p" * 40, "churn", "ana", load_rubric("ml-test-score").digest, (1, 2, 3, 4), bytes(28))

    assert len(pickle.dumps(found)) < 400


def test_cores_are_at_least_one():
    assert bulk.cores() >= 1


def test_a_rubric_is_read_back_from_where_it_was_found(write):
    rubric_file(write, "a/small.yaml")
    write("a/p.yaml", "rubric: small.yaml\nproject: x\nanswers: {}\n")
    list(rows(["a/p.yaml"], Task(), 1, rubrics := {}))

    assert list(rubrics) == [read_rubric("a/small.yaml").digest]


def test_a_process_that_moves_on_reads_what_is_there(write, tmp_path, monkeypatch):
    """Notebooks and workers live long: they change folders, and their rubrics are edited."""
    found = []
    for folder, title in (("a", "One"), ("b", "Two"), ("b", "Three")):
        rubric_file(write, f"{folder}/small.yaml", title=title)
        write(f"{folder}/p.yaml", "rubric: small.yaml\nproject: x\nanswers: {}\n")
        monkeypatch.chdir(tmp_path / folder)
        rubrics = {}
        (only,) = rows(["p.yaml"], Task(), 1, rubrics)
        found.append(rubrics[only.rubric].title)

    assert found == ["One", "Two", "Three"]
