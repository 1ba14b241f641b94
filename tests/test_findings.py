"""What falls short, at a place in a file."""

import os
from datetime import date
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from formats.samples import RUBRIC, in_yaml, project_with
from mlscore.evidence.reading import Reading
from mlscore.findings import Weight, findings, in_repository
from mlscore.gate import Policy, judge
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


@pytest.fixture
def found(write):
    """The findings of a project written as YAML."""
    write("small.yaml", RUBRIC)

    def find(text, path="project.yaml", root="", policy=None):
        rubric, project = parse_project(text.encode(), path)
        report = judge(assess(rubric, project, date(2026, 11, 21)), (policy or Policy()).over(project.gate))
        return findings(report, root)

    return find


def lines(found_):
    return {finding.rule: finding.line for finding in found_}


def test_the_gate_comes_first_then_every_test_that_could_earn_more(found):
    assert [tuple(finding) for finding in found(CHURN)] == snapshot(
        [
            (
                "gate",
                Weight.GATE,
                "churn: the score 0 is below 1 (limited by Serving)",
                "project.yaml",
                8,
                "",
            ),
            (
                "data-2",
                Weight.PARTIAL,
                "churn: Features are beneficial (manual, 0.5 points of 1)",
                "project.yaml",
                5,
                "data",
            ),
            (
                "data-3",
                Weight.LACKING,
                "churn: Features are cheap (none, 0 points of 1)",
                "project.yaml",
                6,
                "data",
            ),
            (
                "serving-2",
                Weight.LACKING,
                "churn: Models are canaried (unanswered, 0 points of 1)",
                "project.yaml",
                3,
                "serving",
            ),
        ]
    )


def test_a_decision_with_a_reason_is_no_finding(found):
    assert "serving-1" not in lines(found(CHURN))


@pytest.mark.parametrize("gate", ["", "gate: {fail_under: 0}\n"])
def test_without_a_gate_or_with_one_that_is_met_there_is_no_finding_of_it(found, gate):
    assert "gate" not in lines(found(CHURN.replace("gate: {fail_under: 1}\n", gate)))


def test_every_failure_of_the_gate_is_in_its_one_finding(found):
    gate = "gate: {fail_under: 1, categories: {data: 2}, require: [data-3]}"
    (first, *rest) = found(CHURN.replace("gate: {fail_under: 1}", gate))

    assert first.message == snapshot(
        "churn: the score 0 is below 1 (limited by Serving); Data quality has 1.5 points, below 2; "
        "data-3 (Features are cheap) must earn points; it is none"
    )
    assert Weight.GATE not in {finding.weight for finding in rest}


def test_a_gate_of_the_command_line_is_at_the_first_line(found):
    without = CHURN.replace("gate: {fail_under: 1}\n", "")

    assert lines(found(without, policy=Policy(require=("data-3",))))["gate"] == 1


def test_a_project_with_every_point_has_no_findings(found):
    full = dict.fromkeys(("data", "model", "infra", "monitor"), 14)

    assert found(project_with(full)) == ()


@pytest.mark.parametrize(
    ("answers", "line"),
    [
        ("answers:\n  data-1: none\n", 4),
        ("answers:\n\n  # why\n  data-1:\n    note: x\n    status: none\n", 6),
        ("answers:\n  data-1:\n", 4),
        ("answers: {data-2: none,\n  data-1: none}\n", 4),
        ("answers: {}\n", 3),
        ("answers:\n  data-2: none\n", 3),
    ],
    ids=["short", "long", "null", "flow", "no answers", "not among them"],
)
def test_a_finding_is_at_its_answer_s_key_or_where_answers_begin(found, answers, line):
    assert lines(found(f"rubric: small.yaml\nproject: churn\n{answers}"))["data-1"] == line


def test_an_answer_under_an_alias_is_found_by_what_is_written(found):
    text = "rubric: small.yaml\nproject: churn\nanswers:\n  data-1: none\n  input-3: none\n"

    assert lines(found(text))["data-3"] == 5


def test_text_of_a_project_stays_on_one_line(found):
    text = CHURN.replace("churn", in_yaml("a\n::error::b\t\x1b[31m"))

    assert found(text)[1].message == "a ::error::b \\x1b[31m: Features are beneficial (manual, 0.5 points of 1)"


# Claims and what backs them

BACKED = """\
project: churn
answers:
  data-1: {status: automated, evidence: [{junit: report.xml, date: 2026-11-20, max_age: 7d}]}
"""


def judged(outcome, text=BACKED):
    """The finding of data-1, whose evidence turned out so; None when there is none."""
    rubric, project = parse_project(text.encode(), "project.yaml")
    readings = {"data-1": (Reading(outcome, "as it says"),)}
    found_ = findings(assess(rubric, project, date(2026, 11, 21), readings))
    return next((finding for finding in found_ if finding.rule == "data-1"), None)


def test_a_claim_that_is_backed_is_no_finding():
    assert judged("verified") is None


@pytest.mark.parametrize("outcome", ["contradicted", "missing", "inconclusive"])
def test_a_claim_that_is_not_backed_is_a_finding_that_says_why(outcome):
    finding = judged(outcome)

    assert (finding.weight, finding.line) == (Weight.LACKING, 3)
    assert finding.message == (
        "churn: Feature expectations are captured in a schema "
        f"(automated, 2 points of 2; {outcome}: junit report.xml: as it says)"
    )


def test_a_claim_whose_evidence_is_too_old_says_so():
    finding = judged("verified", BACKED.replace("2026-11-20", "2026-10-01"))

    assert finding.weight is Weight.LACKING
    assert "; stale: junit report.xml: as it says, but of 2026-10-01, older than 7 days)" in finding.message


# Where a file is


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("project.yaml", "project.yaml"),
        ("./project.yaml", "project.yaml"),
        ("ml/../project.yaml", "project.yaml"),
        ("ml/a.yaml", "ml/a.yaml"),
        ("a b/é#%.yaml", "a b/é#%.yaml"),
        ("..ml/a.yaml", "..ml/a.yaml"),
        ("..a.yaml", "..a.yaml"),
        ("<stdin>", "stdin"),
    ],
)
def test_a_path_is_relative_to_the_repository(tmp_path, path, expected):
    assert in_repository(path, str(tmp_path)) == expected


@pytest.mark.parametrize("path", ["ml/a.yaml", "..ml/a.yaml", "..a.yaml"])
def test_an_absolute_path_in_the_repository_becomes_relative(tmp_path, path):
    assert in_repository(str(tmp_path / path), str(tmp_path)) == path


def test_a_path_from_a_subfolder_is_relative_to_the_repository(tmp_path, monkeypatch):
    (tmp_path / "ml").mkdir()
    monkeypatch.chdir(tmp_path / "ml")

    assert in_repository("a.yaml", str(tmp_path)) == "ml/a.yaml"
    assert in_repository("../a.yaml", str(tmp_path)) == "a.yaml"


def test_a_repository_reached_through_a_link_is_the_same_repository(tmp_path, monkeypatch):
    """getcwd() is resolved, GITHUB_WORKSPACE need not be."""
    folder = tmp_path / "real" / "ml"
    folder.mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    monkeypatch.chdir(folder)

    assert in_repository("a.yaml", str(tmp_path / "link")) == "ml/a.yaml"


@pytest.mark.parametrize("path", ["../other/a.yaml", "/other/a.yaml"])
def test_a_path_outside_the_repository_stays_as_it_is_given(tmp_path, path):
    (tmp_path / "repo").mkdir()

    assert in_repository(path, str(tmp_path / "repo")) == path


def test_without_a_repository_a_path_is_tidied_only():
    assert in_repository("./ml//a.yaml", "") == "ml/a.yaml"


def test_every_finding_has_the_path_of_its_file(found, tmp_path):
    path = str(Path("ml", "project.yaml"))

    assert {finding.path for finding in found(CHURN, path=f".{os.sep}{path}", root=str(tmp_path))} == {
        "ml/project.yaml"
    }
