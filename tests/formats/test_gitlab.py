"""GitLab Code Quality reports."""

import json
import re

import jsonschema
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
FULL = project_with(dict.fromkeys(("data", "model", "infra", "monitor"), 14))
# What GitLab's documentation of the format asks for; stricter than the schema GitLab itself applies.
SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "additionalProperties": False,
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "pattern": "^mlscore/[a-z][a-z0-9_-]*$"},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "additionalProperties": False,
                "properties": {
                    "path": {"type": "string", "pattern": r"^(?!\./)."},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "additionalProperties": False,
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}


def issues(*reports, root=""):
    found = json.loads(render("gitlab", reports, Style(root=root)))
    jsonschema.validate(found, SCHEMA)
    return found


def fingerprints(*reports):
    return {item["check_name"]: item["fingerprint"] for item in issues(*reports)}


def test_a_finding_is_an_issue_at_its_line(assessed):
    assert [item | {"fingerprint": ""} for item in issues(assessed(CHURN))] == snapshot(
        [
            {
                "description": "churn: the score 0 is below 1 (limited by Serving)",
                "check_name": "mlscore/gate",
                "fingerprint": "",
                "severity": "blocker",
                "location": {"path": "project.yaml", "lines": {"begin": 8}},
            },
            {
                "description": "churn: Features are beneficial (manual, 0.5 points of 1)",
                "check_name": "mlscore/data-2",
                "fingerprint": "",
                "severity": "minor",
                "location": {"path": "project.yaml", "lines": {"begin": 5}},
            },
            {
                "description": "churn: Features are cheap (none, 0 points of 1)",
                "check_name": "mlscore/data-3",
                "fingerprint": "",
                "severity": "major",
                "location": {"path": "project.yaml", "lines": {"begin": 6}},
            },
            {
                "description": "churn: Models are canaried (unanswered, 0 points of 1)",
                "check_name": "mlscore/serving-2",
                "fingerprint": "",
                "severity": "major",
                "location": {"path": "project.yaml", "lines": {"begin": 3}},
            },
        ]
    )


def test_a_project_with_every_point_has_no_issues(assessed):
    assert render("gitlab", [assessed(FULL)], Style()) == "[]\n"


def test_fingerprints_are_what_they_were_in_the_first_release(assessed):
    """GitLab takes an issue with another fingerprint for a new one; these must never change."""
    assert fingerprints(assessed(CHURN)) == snapshot(
        {
            "mlscore/gate": "b3d7ffc093c0a3772e941e03f64609197a74a3924dd3454318af2794b11fc34a",
            "mlscore/data-2": "b76b66dd3656a7fe9b113221613fc999b27ff9b8a6fe0635788756997546ecef",
            "mlscore/data-3": "73dfefe1f5826ca89a52b8ce48e1d60c7e8b21f1617ec06e0e1b0ce4a5e92f8a",
            "mlscore/serving-2": "aa810f93f8f4eee5d8c2e03932af1b27b0632f9f005218b5a584af38cc1fa1ff",
        }
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("rubric:", "# a comment\n\nrubric:"),
        ("churn", "churn-2"),
        ("data-3: none", "data-3: {status: none, note: soon}"),
        ("data-3: none", "data-3: manual"),
        ("data-3: none\n", "\n"),
        ("fail_under: 1", "fail_under: 2"),
        (
            "  data-1: automated\n  data-2: manual\n  data-3: none\n",
            "  data-3: none\n  data-2: manual\n  data-1: automated\n",
        ),
    ],
    ids=["lines moved", "name", "note", "status", "answer removed", "gate", "order of answers"],
)
def test_a_finding_stays_the_same_one_when_its_file_is_edited(assessed, old, new):
    edited = CHURN.replace(old, new)
    assert edited != CHURN

    assert fingerprints(assessed(edited)) == fingerprints(assessed(CHURN))


def test_lines_follow_the_file(assessed):
    moved = issues(assessed(f"# one\n# two\n{CHURN}"))

    assert [item["location"]["lines"]["begin"] for item in moved] == [10, 7, 8, 5]


def test_fingerprints_are_unique_among_the_findings_of_all_projects(assessed):
    empty = "project: churn\nanswers: {}\ngate: {fail_under: 1}\n"
    found = issues(*(assessed(empty, f"{place}/project.yaml") for place in range(12)))

    assert len({item["fingerprint"] for item in found}) == len(found) == 12 * 29


@pytest.mark.parametrize("again", ["project.yaml", "./project.yaml"])
def test_a_file_named_twice_gives_no_fingerprint_twice(mlscore, write, again):
    write("project.yaml", "project: churn\nanswers: {}\n")

    run = mlscore("assess", "project.yaml", again, "-f", "gitlab")
    found = [item["fingerprint"] for item in json.loads(run.out or "[]")]

    assert (run.code == 2) == (found == [])
    assert len(found) == len(set(found))


@pytest.mark.parametrize("path", ["./project.yaml", "ml/../project.yaml"])
def test_the_way_a_path_is_written_does_not_matter(assessed, path):
    assert fingerprints(assessed(CHURN, path)) == fingerprints(assessed(CHURN))


def test_fingerprints_do_not_depend_on_the_folder_of_the_run(assessed, tmp_path, monkeypatch):
    (tmp_path / "ml").mkdir()
    above = render("gitlab", [assessed(CHURN, "ml/project.yaml")], Style(root=str(tmp_path)))
    report = assessed(CHURN)
    monkeypatch.chdir(tmp_path / "ml")

    assert render("gitlab", [report], Style(root=str(tmp_path))) == above


@pytest.mark.parametrize("path", ["a b.yaml", "é#%20.yaml", "a\nb.yaml", "::error::x.yaml", "a'\"\\.yaml"])
def test_a_file_s_name_arrives_as_it_is(assessed, path):
    assert {item["location"]["path"] for item in issues(assessed(CHURN, path))} == {path}


def test_a_file_s_name_that_is_not_utf_8_is_no_obstacle(assessed):
    """Python holds such bytes of a name as lone surrogates, which no encoding takes."""
    assert len(issues(assessed(CHURN, "p\udcff.yaml"))) == 4


def test_a_sum_is_reported_the_same_way(assessed, write):
    write("small.yaml", RUBRIC.replace("version: 3", "version: 3\naggregate: sum"))

    assert [item["check_name"] for item in issues(assessed(CHURN.replace("fail_under: 1", "fail_under: 2")))] == [
        "mlscore/gate",
        "mlscore/data-2",
        "mlscore/data-3",
        "mlscore/serving-2",
    ]


def test_a_long_name_keeps_the_report_whole(assessed):
    found = issues(assessed(CHURN.replace("churn", "x" * 10_000)))

    assert [item["check_name"] for item in found] == [item["check_name"] for item in issues(assessed(CHURN))]


@pytest.mark.parametrize("name", ["a\n::error::x", "\x1b[31m", "a\u202eb", "é 👩", "<script>", '"\\'])
def test_text_is_plain_ascii_json_on_lines_of_our_own(assessed, name):
    text = render("gitlab", [assessed(CHURN.replace("churn", in_yaml(name)))], Style())

    assert text.isascii()
    assert not re.search(r"(?m)^\s*::|[^\n\x20-\x7e]", text)


# Claims and what backs them


def backed(outcome):
    """The report of a project that claims data-1, whose evidence turned out so."""
    text = "project: churn\nanswers: {data-1: {status: automated, evidence: [{junit: r.xml, date: 2026-11-20}]}}\n"
    rubric, project = parse_project(text.encode(), "project.yaml")
    return assess(rubric, project, AS_OF, {"data-1": (Reading(outcome, "as it says"),)})


@pytest.mark.parametrize(
    ("outcome", "severities"), [("verified", []), ("contradicted", ["major"]), ("missing", ["major"])]
)
def test_a_claim_that_is_not_backed_is_an_issue(outcome, severities):
    found = [item for item in issues(backed(outcome)) if item["check_name"] == "mlscore/data-1"]

    assert [item["severity"] for item in found] == severities
    assert [item for item in found if f"; {outcome}: junit r.xml: as it says)" not in item["description"]] == []
