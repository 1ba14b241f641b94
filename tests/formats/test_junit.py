"""JUnit XML. Jenkins's schema for it is in tests/validators."""

import re
from xml.etree import ElementTree as ET

import pytest
from inline_snapshot import snapshot

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
FULL = project_with(dict.fromkeys(("data", "model", "infra", "monitor"), 14))


def junit(*reports):
    return render("junit", reports, Style())


def suites(*reports):
    root = ET.fromstring(junit(*reports))
    assert root.tag == "testsuites"
    return list(root)


def cases(*reports):
    """Each case as a CI system tells it from others, with what it shows of it."""
    return {
        (suite.get("name"), case.get("classname"), case.get("name")): next(
            (child.tag for child in case if child.tag in {"skipped", "failure", "error"}), "passed"
        )
        for suite in suites(*reports)
        for case in suite.iter("testcase")
    }


def test_the_whole_document(assessed):
    assert junit(assessed(CHURN)) == snapshot("""\
<?xml version="1.0" encoding="utf-8"?>
<testsuites name="mlscore">
  <testsuite name="churn: Data quality" tests="3" failures="0" errors="0" skipped="1" time="0" id="0">
    <properties>
      <property name="rubric" value="small" />
      <property name="rubric_version" value="3" />
      <property name="rubric_digest" value="sha256:eecb825c5c19ec2c09fff943b243e465db420273c05902fe5e718323ce2a5e0a" />
      <property name="as_of" value="2026-11-21" />
      <property name="score" value="0 of 2" />
      <property name="points" value="1.5 of 3" />
    </properties>
    <testcase name="data-1 Features are described in a schema" classname="mlscore.small.data" time="0">
      <system-out>automated, 1 point of 1</system-out>
    </testcase>
    <testcase name="data-2 Features are beneficial" classname="mlscore.small.data" time="0">
      <system-out>manual, 0.5 points of 1</system-out>
    </testcase>
    <testcase name="data-3 Features are cheap" classname="mlscore.small.data" time="0">
      <skipped message="none" />
      <system-out>none, 0 points of 1</system-out>
    </testcase>
  </testsuite>
  <testsuite name="churn: Serving" tests="2" failures="0" errors="0" skipped="2" time="0" id="1">
    <properties>
      <property name="rubric" value="small" />
      <property name="rubric_version" value="3" />
      <property name="rubric_digest" value="sha256:eecb825c5c19ec2c09fff943b243e465db420273c05902fe5e718323ce2a5e0a" />
      <property name="as_of" value="2026-11-21" />
      <property name="score" value="0 of 2" />
      <property name="points" value="0 of 2" />
    </properties>
    <testcase name="serving-1 Roll back is quick" classname="mlscore.small.serving" time="0">
      <skipped message="not_applicable: batch only" />
      <system-out>not_applicable, 0 points of 1</system-out>
    </testcase>
    <testcase name="serving-2 Models are canaried" classname="mlscore.small.serving" time="0">
      <skipped message="unanswered" />
      <system-out>unanswered, 0 points of 1</system-out>
    </testcase>
  </testsuite>
  <testsuite name="churn: gate" tests="1" failures="1" errors="0" skipped="0" time="0" id="2">
    <testcase name="gate" classname="mlscore.small.gate" time="0">
      <failure message="the score 0 is below 1 (limited by Serving)" type="gate">the score 0 is below 1 (limited by Serving)</failure>
    </testcase>
  </testsuite>
</testsuites>
""")  # noqa: E501


def test_a_test_that_earns_points_passes_and_any_other_is_skipped(assessed):
    assert {name.partition(" ")[0]: what for (_, _, name), what in cases(assessed(NO_GATE)).items()} == {
        "data-1": "passed",
        "data-2": "passed",
        "data-3": "skipped",
        "serving-1": "skipped",
        "serving-2": "skipped",
    }


@pytest.mark.parametrize(
    ("test", "message"),
    [
        ("data-3", "none"),
        ("serving-1", "not_applicable: batch only"),
        ("serving-2", "unanswered"),
    ],
)
def test_a_skipped_test_says_its_status_and_reason(assessed, test, message):
    (case,) = [
        case
        for suite in suites(assessed(CHURN))
        for case in suite.iter("testcase")
        if case.get("name").startswith(f"{test} ")
    ]

    assert case.find("skipped").get("message") == message


@pytest.mark.parametrize(
    ("gate", "outcome"),
    [("{fail_under: 0}", "passed"), ("{fail_under: 1}", "failure"), ("{require: [data-3]}", "failure")],
)
def test_the_gate_is_a_case_of_its_own(assessed, gate, outcome):
    found = cases(assessed(CHURN.replace("{fail_under: 1}", gate)))

    assert found["churn: gate", "mlscore.small.gate", "gate"] == outcome
    assert sum(what == "failure" for what in found.values()) == (outcome == "failure")


def test_without_a_gate_nothing_can_fail(assessed):
    assert set(cases(assessed(NO_GATE)).values()) == {"passed", "skipped"}


def test_every_failure_of_the_gate_is_said(assessed):
    report = assessed(CHURN.replace("{fail_under: 1}", "{fail_under: 1, require: [data-3, serving-2]}"))
    (failure,) = ET.fromstring(junit(report)).iter("failure")

    assert failure.get("message") == "the score 0 is below 1 (limited by Serving)"
    assert failure.text.split("; ") == [
        "the score 0 is below 1 (limited by Serving)",
        "data-3 (Features are cheap) must earn points",
        "it is none",
        "serving-2 (Models are canaried) must earn points",
        "it is unanswered",
    ]


@pytest.mark.parametrize("text", [CHURN, NO_GATE, FULL, "project: churn\nanswers: {}\ngate: {fail_under: 1}\n"])
def test_the_counts_of_a_suite_are_those_of_its_cases(assessed, text):
    for suite in suites(assessed(text)):
        counted = {
            "tests": len(suite.findall("testcase")),
            "failures": len(suite.findall("testcase/failure")),
            "errors": len(suite.findall("testcase/error")),
            "skipped": len(suite.findall("testcase/skipped")),
        }

        assert {name: int(suite.get(name)) for name in counted} == counted


def test_every_test_of_the_rubric_is_a_case_in_its_category(assessed):
    found = cases(assessed("project: churn\nanswers: {}\n"))

    assert [(suite, name.partition(" ")[0]) for suite, _, name in found] == [
        (f"churn: {title}", f"{name}-{place}")
        for name, title in {
            "data": "Data",
            "model": "Model",
            "infra": "Infrastructure",
            "monitor": "Monitoring",
        }.items()
        for place in range(1, 8)
    ]


def test_the_cases_of_several_projects_can_be_told_apart(assessed):
    reports = [assessed(CHURN.replace("churn", f"churn-{place}")) for place in range(12)]

    assert len(cases(*reports)) == 12 * 6
    assert len({suite.get("id") for suite in suites(*reports)}) == 12 * 3


def test_properties_come_first(assessed):
    """Readers of the older format want them before the cases."""
    assert [[child.tag for child in suite][:2] for suite in suites(assessed(NO_GATE))] == [
        ["properties", "testcase"],
        ["properties", "testcase"],
    ]


def test_a_sum_is_reported_the_same_way(assessed, write):
    before = cases(assessed(NO_GATE))
    write("small.yaml", RUBRIC.replace("version: 3", "version: 3\naggregate: sum"))

    assert cases(assessed(NO_GATE)) == before


@pytest.mark.parametrize(
    "text",
    [
        "<a & b>",
        "\"'",
        "]]>",
        "a\n::error::b",
        "\x1b[31m",
        "a\0b",
        "\ufffe\uffff",
        "a\x85b\u2028c",
        "👩 é",
        "x" * 10_000,
    ],
)
def test_any_text_can_be_read_back(assessed, text):
    report = assessed(CHURN.replace("churn", in_yaml(text)).replace("batch only", in_yaml(text)))
    names = {suite.get("name") for suite in suites(report)}

    assert len(names) == 3
    assert not re.search(r"(?m)^\s*::|[\0-\x09\x0b-\x1f\x7f-\x9f\ufffe\uffff]", junit(report))


def test_a_name_is_read_back_as_it_is_written(assessed):
    name = '<a & b> "\'" ]]> é'

    assert suites(assessed(CHURN.replace("churn", in_yaml(name))))[0].get("name") == f"{name}: Data quality"


# Claims and what backs them


def backed(outcome):
    """The report of a project that claims data-1, whose evidence turned out so."""
    text = "project: churn\nanswers: {data-1: {status: automated, evidence: [{junit: r.xml, date: 2026-11-20}]}}\n"
    rubric, project = parse_project(text.encode(), "project.yaml")
    return assess(rubric, project, AS_OF, {"data-1": (Reading(outcome, "as it says"),)})


@pytest.mark.parametrize(
    ("outcome", "what"), [("verified", "passed"), ("contradicted", "skipped"), ("missing", "skipped")]
)
def test_a_claim_that_is_not_backed_is_skipped(outcome, what):
    found = {name.partition(" ")[0]: shown for (_, _, name), shown in cases(backed(outcome)).items()}

    assert found["data-1"] == what


@pytest.mark.parametrize("outcome", ["verified", "missing"])
def test_the_count_of_skipped_cases_has_the_claims_that_are_not_backed(outcome):
    suite = suites(backed(outcome))[0]

    assert int(suite.get("skipped")) == len(suite.findall("testcase/skipped")) == 6 + (outcome == "missing")


def test_a_claim_that_is_not_backed_says_why():
    (case,) = [
        case
        for case in ET.fromstring(junit(backed("contradicted"))).iter("testcase")
        if "data-1" in case.get("name")
    ]

    assert case.find("skipped").get("message") == "automated, contradicted: junit r.xml: as it says"
