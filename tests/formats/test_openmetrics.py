"""OpenMetrics, read by Prometheus's own parsers."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families as textfile

from formats.samples import AS_OF, RUBRIC, in_yaml, project_with
from mlscore.evidence.reading import Reading
from mlscore.formats import Style, render
from mlscore.loading import parse_project
from mlscore.scoring import assess

CHURN = """\
rubric: small.yaml
project: churn
answers:
  data-1: automated
  data-2: manual
  data-3: none
  serving-1: {status: not_applicable, reason: batch only}
gate: {fail_under: 1}
"""
NO_GATE = CHURN.replace("gate: {fail_under: 1}\n", "")
SUMS = {"data": 5, "model": 4, "infra": 8, "monitor": 6}


def text_of(*reports):
    return render("openmetrics", reports, Style())


def read(text, parse=openmetrics):
    """Every sample, by its name and labels."""
    samples = [sample for family in parse(text) for sample in family.samples]
    found = {(sample.name, tuple(sorted(sample.labels.items()))): sample.value for sample in samples}
    assert len(found) == len(samples), "a series is there twice"
    return found


def values(metric, *labels, text):
    """The values of a metric by some of its labels."""
    return {
        tuple(dict(found)[label] for label in labels): value
        for (name, found), value in read(text).items()
        if name == metric
    }


def test_the_whole_file(assessed):
    assert text_of(assessed(CHURN)) == snapshot("""\
# HELP mlscore_rubric 1, with the version and the digest of the rubric.
# TYPE mlscore_rubric gauge
mlscore_rubric{project="churn",path="project.yaml",rubric="small",version="3",digest="sha256:eecb825c5c19ec2c09fff943b243e465db420273c05902fe5e718323ce2a5e0a"} 1
# HELP mlscore_score Final score.
# TYPE mlscore_score gauge
mlscore_score{project="churn",path="project.yaml",rubric="small",tier="low"} 0
# HELP mlscore_max_score Highest score of the scale.
# TYPE mlscore_max_score gauge
mlscore_max_score{project="churn",path="project.yaml",rubric="small"} 2
# HELP mlscore_attainable_score Highest score that answers with a reason leave.
# TYPE mlscore_attainable_score gauge
mlscore_attainable_score{project="churn",path="project.yaml",rubric="small"} 1
# HELP mlscore_category_points Points of a category.
# TYPE mlscore_category_points gauge
mlscore_category_points{project="churn",path="project.yaml",rubric="small",category="data"} 1.5
mlscore_category_points{project="churn",path="project.yaml",rubric="small",category="serving"} 0
# HELP mlscore_test_points Points of a test, with its status.
# TYPE mlscore_test_points gauge
mlscore_test_points{project="churn",path="project.yaml",rubric="small",category="data",test="data-1",status="automated"} 1
mlscore_test_points{project="churn",path="project.yaml",rubric="small",category="data",test="data-2",status="manual"} 0.5
mlscore_test_points{project="churn",path="project.yaml",rubric="small",category="data",test="data-3",status="none"} 0
mlscore_test_points{project="churn",path="project.yaml",rubric="small",category="serving",test="serving-1",status="not_applicable"} 0
mlscore_test_points{project="churn",path="project.yaml",rubric="small",category="serving",test="serving-2",status="unanswered"} 0
# HELP mlscore_tests Tests by status.
# TYPE mlscore_tests gauge
mlscore_tests{project="churn",path="project.yaml",rubric="small",status="none"} 1
mlscore_tests{project="churn",path="project.yaml",rubric="small",status="manual"} 1
mlscore_tests{project="churn",path="project.yaml",rubric="small",status="automated"} 1
mlscore_tests{project="churn",path="project.yaml",rubric="small",status="not_applicable"} 1
mlscore_tests{project="churn",path="project.yaml",rubric="small",status="unanswered"} 1
# HELP mlscore_verified_score Final score that evidence backs; absent where no evidence is declared.
# TYPE mlscore_verified_score gauge
# HELP mlscore_category_verified_points Points of a category that evidence backs.
# TYPE mlscore_category_verified_points gauge
# HELP mlscore_test_verified_points Points of a test that evidence backs.
# TYPE mlscore_test_verified_points gauge
# HELP mlscore_gate_passed 1 when the gate is met, 0 when it is not; absent without a gate.
# TYPE mlscore_gate_passed gauge
mlscore_gate_passed{project="churn",path="project.yaml",rubric="small"} 0
# EOF
""")  # noqa: E501


@pytest.mark.parametrize("parse", [openmetrics, textfile], ids=["OpenMetrics", "text format"])
def test_prometheus_reads_every_sample(assessed, parse):
    """The node exporter's textfile collector reads the older text format."""
    text = text_of(assessed(CHURN), assessed(project_with(SUMS), "ml/project.yaml"))

    assert len(read(text, parse)) == sum(not line.startswith("#") for line in text.splitlines())


def test_every_metric_is_a_gauge_with_a_meaning(assessed):
    families = list(openmetrics(text_of(assessed(CHURN))))

    assert {family.type for family in families} == {"gauge"}
    assert [family.name for family in families if not family.name.startswith("mlscore_")] == []
    assert [family.name for family in families if not family.documentation.endswith(".")] == []


def test_the_score_and_the_points_of_each_category(assessed):
    text = text_of(assessed(project_with(SUMS)))

    assert values("mlscore_score", "tier", text=text) == {("basic",): 4}
    assert values("mlscore_max_score", text=text) == {(): 14}
    assert values("mlscore_category_points", "category", text=text) == {
        (name,): points for name, points in SUMS.items()
    }


def test_each_test_with_its_status(assessed):
    assert values("mlscore_test_points", "test", "status", text=text_of(assessed(CHURN))) == {
        ("data-1", "automated"): 1,
        ("data-2", "manual"): 0.5,
        ("data-3", "none"): 0,
        ("serving-1", "not_applicable"): 0,
        ("serving-2", "unanswered"): 0,
    }


def test_tests_are_counted_by_status(assessed):
    assert values("mlscore_tests", "status", text=text_of(assessed(CHURN))) == {
        ("none",): 1,
        ("manual",): 1,
        ("automated",): 1,
        ("not_applicable",): 1,
        ("unanswered",): 1,
    }


@pytest.mark.parametrize(
    ("gate", "passed"),
    [("gate: {fail_under: 1}\n", {(): 0}), ("gate: {fail_under: 0}\n", {(): 1}), ("", {})],
    ids=["not met", "met", "none"],
)
def test_the_gate_is_1_or_0_or_absent(assessed, gate, passed):
    assert values("mlscore_gate_passed", text=text_of(assessed(NO_GATE + gate))) == passed


@pytest.mark.parametrize(("aggregate", "score"), [("min", 0), ("sum", 1.5), ("mean", 0.75)])
def test_the_score_is_the_rubric_s_aggregate(assessed, write, aggregate, score):
    write("small.yaml", RUBRIC.replace("version: 3", f"version: 3\naggregate: {aggregate}"))

    assert list(values("mlscore_score", text=text_of(assessed(CHURN))).values()) == [score]


@pytest.mark.parametrize("points", ["0.1", "0.000001", "1000000", "999999.999999"])
def test_points_keep_their_decimals(assessed, write, points):
    write(
        "small.yaml",
        RUBRIC.replace("manual: {points: 0.5", f"manual: {{points: {points}").replace(
            "automated: {points: 1,", "automated: {points: 1000000,"
        ),
    )
    found = values("mlscore_test_points", "test", text=text_of(assessed(CHURN)))

    assert found["data-2",] == float(points)


def test_a_mean_is_never_shown_as_more_than_it_is(assessed, write):
    write(
        "small.yaml",
        RUBRIC.replace("version: 3", "version: 3\naggregate: mean")
        + """
  - id: third
    title: Third
    tests: [{id: third-1, title: Something else}]
""",
    )
    found = values("mlscore_score", text=text_of(assessed(CHURN.replace("data-2: manual", "data-2: none"))))

    assert list(found.values()) == [0.333333]


def test_several_projects_share_each_metric_s_head(assessed):
    text = text_of(*(assessed(CHURN, f"{place}/project.yaml") for place in range(12)))

    assert text.count("# TYPE mlscore_score gauge\n") == 1
    assert values("mlscore_score", "path", text=text) == {(f"{place}/project.yaml",): 0 for place in range(12)}


def test_projects_of_one_name_are_told_apart_by_their_path(assessed):
    text = text_of(assessed(CHURN, "a.yaml"), assessed(CHURN.replace("none", "manual"), "b.yaml"))

    assert values("mlscore_category_points", "project", "path", "category", text=text) == {
        ("churn", "a.yaml", "data"): 1.5,
        ("churn", "a.yaml", "serving"): 0,
        ("churn", "b.yaml", "data"): 2,
        ("churn", "b.yaml", "serving"): 0,
    }


def test_a_file_named_twice_gives_no_series_twice(mlscore, write):
    """The textfile collector drops a whole file for one series that is there twice."""
    write("project.yaml", project_with(SUMS))

    run = mlscore("assess", "project.yaml", "project.yaml", "-f", "openmetrics")

    assert run.code == 2 or read(run.out)


def test_no_value_is_infinite_or_none(assessed):
    found = read(text_of(assessed("project: churn\nanswers: {}\n")))

    assert len(found) > 28
    assert [key for key, value in found.items() if not math.isfinite(value)] == []


@pytest.mark.parametrize(
    "name",
    ['"', "\\", "\\n", '\\"', '{a="b"} 1', "# EOF", "a,b", "é 👩", "x" * 10_000],
)
@pytest.mark.parametrize("parse", [openmetrics, textfile], ids=["OpenMetrics", "text format"])
def test_a_name_is_read_back_as_it_is_written(assessed, parse, name):
    found = read(text_of(assessed(CHURN.replace("churn", in_yaml(name)))), parse)

    assert {dict(labels)["project"] for _, labels in found} == {name}


@pytest.mark.parametrize("path", ["a b.yaml", 'a"b\\c.yaml', "é#%.yaml", "a{b}=c,d.yaml"])
def test_a_path_is_read_back_as_it_is(assessed, path):
    found = read(text_of(assessed(CHURN, path)))

    assert {dict(labels)["path"] for _, labels in found} == {path}


@given(name=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40))
def test_any_name_leaves_the_file_readable(name):
    rubric, project = parse_project(f"project: {in_yaml(name)}\nanswers: {{}}\n".encode(), "project.yaml")
    found = read(text_of(assess(rubric, project)))

    assert len(found) == 1 + 1 + 1 + 1 + 4 + 28 + 5


# Claims and what backs them


def backed(outcome):
    """The report of a project that claims data-1, whose evidence turned out so."""
    text = "project: churn\nanswers: {data-1: {status: automated, evidence: [{junit: r.xml, date: 2026-11-20}]}}\n"
    rubric, project = parse_project(text.encode(), "project.yaml")
    return assess(rubric, project, AS_OF, {"data-1": (Reading(outcome, "as it says"),)})


@pytest.mark.parametrize(("outcome", "points"), [("verified", 2), ("contradicted", 0), ("missing", 0)])
def test_what_evidence_backs_is_there_beside_what_is_claimed(outcome, points):
    text = text_of(backed(outcome))

    assert values("mlscore_category_points", "category", text=text)["data",] == 2
    assert values("mlscore_category_verified_points", "category", text=text)["data",] == points
    assert values("mlscore_test_verified_points", "test", text=text)["data-1",] == points
    assert list(values("mlscore_verified_score", text=text).values()) == [0]


def test_without_evidence_there_is_no_verified_score(assessed):
    assert [name for name, _ in read(text_of(assessed(CHURN))) if "verified" in name] == []
