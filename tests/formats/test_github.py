"""GitHub workflow commands, taken apart as the runner does it (actions/runner, ActionCommand.cs)."""

import re
from collections import Counter
from typing import NamedTuple

import pytest
from inline_snapshot import snapshot

from formats.samples import AS_OF, RUBRIC, in_yaml, project_with
from mlscore.evidence.reading import Reading
from mlscore.formats import Style, github, render
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
EMPTY = "project: churn\nanswers: {}\ngate: {fail_under: 3}\n"
FULL = project_with(dict.fromkeys(("data", "model", "infra", "monitor"), 14))
MAX_MESSAGE = 4096  # the runner cuts what is longer
MAX_SUMMARY = 1024 * 1024  # and drops a larger summary whole


class Command(NamedTuple):
    kind: str
    properties: dict[str, str]
    message: str


def unescape(text, codes):
    for code in codes:
        text = text.replace(code, chr(int(code[1:], 16)))
    return text


def command(line):
    """What the runner makes of a line of the log; an AssertionError when it is no command to it."""
    found = re.fullmatch(r"\s*::([a-z]+)(?: (.*?))?::(.*)", line)
    assert found, f"{line!r} is shown, not obeyed"
    pairs = [pair.split("=", 1) for pair in (found[2] or "").strip().split(",") if pair]
    data = ("%0D", "%0A", "%25")
    properties = {key: unescape(value, ("%3A", "%2C", *data)) for key, value in pairs}
    return Command(found[1], properties, unescape(found[3], data))


def commands(reports, root=""):
    text = render("github", reports, Style(root=root))
    assert text.endswith("\n")
    return [command(line) for line in text[:-1].split("\n")]


def of_kind(kind, found):
    return [item for item in found if item.kind == kind]


def test_the_whole_output(assessed):
    assert render("github", [assessed(CHURN)], Style()) == snapshot("""\
::notice title=Small rubric::churn: 0 of 2 (Low), limited by Serving. Next: serving-2 to manual (0 → 0.5)
::error file=project.yaml,line=8,title=Small rubric gate::churn: the score 0 is below 1 (limited by Serving)
::warning file=project.yaml,line=3,title=Small rubric serving-2::churn: Models are canaried (unanswered, 0 points of 1)
""")  # noqa: E501


def test_a_project_with_every_point_gets_a_notice_only(assessed):
    assert render("github", [assessed(FULL)], Style()) == snapshot("""\
::notice title=ML Test Score::churn: 14 of 14 (Exceptional), limited by Data, Model, Infrastructure and Monitoring. Next: nothing: every test earns all its points
""")  # noqa: E501


@pytest.mark.parametrize(
    ("gate", "errors"),
    [
        ("", 0),
        ("gate: {fail_under: 0}", 0),
        ("gate: {fail_under: 1}", 1),
        ("gate: {fail_under: 1, categories: {data: 3}, require: [data-3, serving-2]}", 1),
    ],
    ids=["none", "met", "not met", "not met in four ways"],
)
def test_a_gate_is_one_error_or_none(assessed, gate, errors):
    found = commands([assessed(CHURN.replace("gate: {fail_under: 1}", gate))])

    assert len(of_kind("error", found)) == errors


def test_warnings_are_for_the_limiting_category(assessed):
    found = commands([assessed(project_with({"data": 6, "model": 9, "infra": 8, "monitor": 6}))])

    assert {item.properties["title"].rpartition(" ")[2] for item in of_kind("warning", found)} == {
        *("data-4", "data-5", "data-6", "data-7"),
        *("monitor-4", "monitor-5", "monitor-6", "monitor-7"),
    }


def test_at_most_nine_warnings(assessed):
    """28 tests earn nothing; GitHub would show ten and drop the rest without a word."""
    assert Counter(item.kind for item in commands([assessed(EMPTY)])) == {
        "notice": 1,
        "error": 1,
        "warning": 9,
    }


@pytest.mark.parametrize("aggregate", ["sum", "mean"])
def test_where_no_category_limits_the_score_warnings_are_for_all(assessed, write, aggregate):
    write("small.yaml", RUBRIC.replace("version: 3", f"version: 3\naggregate: {aggregate}"))
    found = commands([assessed(CHURN)])

    assert "limited by" not in found[0].message
    assert [item.properties["title"] for item in of_kind("warning", found)] == [
        "Small rubric data-2",
        "Small rubric data-3",
        "Small rubric serving-2",
    ]


@pytest.mark.parametrize("count", [1, 2, 9, 10, 11, 12, 40])
def test_any_number_of_projects_stays_within_ten_of_a_kind(assessed, count):
    found = commands([assessed(EMPTY, f"{place}.yaml") for place in range(count)])

    assert Counter(item.kind for item in found) == {
        "notice": min(count, 10),
        "error": min(count, 10),
        "warning": 9,
    }


@pytest.mark.parametrize(
    ("count", "said"), [(10, "churn: the score 0"), (11, "and 2 failed gates"), (12, "and 3 failed gates")]
)
def test_the_tenth_error_counts_what_is_left_out(assessed, count, said):
    found = commands([assessed(EMPTY, f"{place}.yaml") for place in range(count)])

    assert of_kind("error", found)[-1].message.startswith(said)


@pytest.mark.parametrize(("count", "said"), [(10, "churn: 0 of 14"), (12, "and 3 reports more")])
def test_the_tenth_notice_counts_what_is_left_out(assessed, count, said):
    found = commands([assessed(EMPTY, f"{place}.yaml") for place in range(count)])

    assert of_kind("notice", found)[-1].message.startswith(said)


def test_every_error_and_warning_is_at_a_file_and_line(assessed):
    text = (
        "# a comment\nproject: churn\nanswers:\n  monitoring-1: none\n"
        "  monitor-2:\n  monitor-3: {status: not_applicable, reason: no}\n\ngate: {fail_under: 1}\n"
    )
    found = commands([assessed(text, "ml/project.yaml")])
    places = {item.properties["title"]: item.properties for item in found if item.kind != "notice"}

    assert {properties["file"] for properties in places.values()} == {"ml/project.yaml"}
    assert {title: properties["line"] for title, properties in places.items() if "data" not in title} == snapshot(
        {"ML Test Score gate": "8", "ML Test Score model-1": "3", "ML Test Score model-2": "3"}
    )


def test_lines_are_those_of_the_answers(assessed):
    answers = [f"  {name}-{n}: automated" for name in ("data", "model", "infra") for n in range(1, 8)]
    text = "project: churn\nanswers:\n" + "\n".join(answers)
    text += "\n  monitoring-1: none\n  monitor-2:\n\n  monitor-4:\n    status: manual\n"
    found = commands([assessed(text)])

    assert {item.properties["title"][-9:]: item.properties["line"] for item in of_kind("warning", found)} == {
        "monitor-1": "24",
        "monitor-2": "25",
        "monitor-3": "2",
        "monitor-4": "27",
        "monitor-5": "2",
        "monitor-6": "2",
        "monitor-7": "2",
    }


def test_files_are_relative_to_the_repository(assessed, tmp_path, monkeypatch):
    (tmp_path / "ml").mkdir()
    report = assessed(CHURN)
    monkeypatch.chdir(tmp_path / "ml")

    assert of_kind("error", commands([report], str(tmp_path)))[0].properties["file"] == "ml/project.yaml"


@pytest.mark.parametrize(
    "name",
    [
        "100% done",
        "a, b: c",
        "x%0A::error::y",
        "%25 %3A %2C",
        "::error::x",
        "::set-output name=passed::true",
        "title=x,file=y",
        "]] ; | &",
        "データ 👩‍🔬",
    ],
)
def test_a_project_s_name_arrives_as_it_is_written(assessed, name):
    found = commands([assessed(CHURN.replace("churn", in_yaml(name)))])

    assert [item.kind for item in found] == ["notice", "error", "warning"]
    assert [item.message.startswith(f"{name}: ") for item in found] == [True] * 3
    assert [set(item.properties) for item in found] == [{"title"}, *[{"file", "line", "title"}] * 2]


@pytest.mark.parametrize(
    "name", ["a\n::error::x", "a\r\n::warning::x", "a\r::error::x", "a\u2028::error::x", "a\x85::stop-commands::x"]
)
def test_a_name_of_several_lines_stays_on_one(assessed, name):
    found = commands([assessed(CHURN.replace("churn", in_yaml(name)))])

    assert [item.kind for item in found] == ["notice", "error", "warning"]


def test_an_old_command_in_a_name_is_disarmed(assessed):
    """The runner still takes ##[command] wherever in a line it stands."""
    found = commands([assessed(CHURN.replace("churn", "'x ##[error]y'"))])

    assert [item.kind for item in found] == ["notice", "error", "warning"]
    assert [item.message for item in found if "##[" in item.message] == []


@pytest.mark.parametrize(
    "path",
    ["a b.yaml", "a,b:c.yaml", "100%.yaml", "%0A.yaml", "a\nb.yaml", "::error::x.yaml", "é#1=2.yaml"],
)
def test_a_file_s_name_arrives_as_it_is(assessed, path):
    found = commands([assessed(CHURN, path)])

    assert {item.properties["file"] for item in found[1:]} == {path}


@pytest.mark.parametrize("path", ["\x1b[31m.yaml", "a\x9b.yaml", "a\u202e.yaml", "a\x07.yaml"])
def test_a_file_s_name_cannot_steer_a_terminal(assessed, path):
    text = render("github", [assessed(CHURN, path)], Style())

    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", text)


def test_a_file_s_name_that_is_not_utf_8_can_be_written(assessed):
    """Python holds such bytes of a name as lone surrogates, which no encoding takes."""
    assert render("github", [assessed(CHURN, "p\udcff.yaml")], Style()).encode()


def test_a_long_name_leaves_room_for_what_is_said(assessed):
    """The runner cuts a message at 4,096 characters."""
    found = commands([assessed(CHURN.replace("churn", "x" * 10_000))])

    assert max(len(item.message) for item in found) <= MAX_MESSAGE
    ends = [
        "Next: serving-2 to manual (0 → 0.5)",
        "the score 0 is below 1 (limited by Serving)",
        "Models are canaried (unanswered, 0 points of 1)",
    ]
    assert [item.message for item, end in zip(found, ends, strict=True) if not item.message.endswith(end)] == []


# The step summary


def test_the_summary_is_the_markdown_of_each_report(assessed):
    reports = [assessed(CHURN), assessed(FULL)]

    assert github.summary(reports) == "\n".join(render("markdown", [item], Style()) for item in reports)


def test_the_summary_has_every_finding_the_annotations_leave_out(assessed):
    report = assessed(EMPTY)
    text = github.summary([report])

    assert [test for test in report.rubric.tests if f"| {test} |" not in text] == []


def test_the_summary_stays_below_a_mebibyte_and_counts_the_rest(assessed):
    note = "  data-1: {status: none, note: " + "x" * 19_000 + "}\n"
    reports = [assessed(f"project: churn\nanswers:\n{note}")] * 60

    text = github.summary(reports)

    assert len(text.encode()) < MAX_SUMMARY
    written = text.count("\n## ML Test Score")
    assert written > 40
    assert text.endswith(f"\nAnd {60 - written} reports more.\n")


def test_a_single_report_too_large_for_a_summary_still_says_its_score(assessed):
    tests = [f"{name}-{n}" for name in ("data", "model", "infra", "monitor") for n in range(1, 8)]
    answers = "".join(f"  {test}: {{status: none, note: '{'<' * 19_900}'}}\n" for test in tests)
    report = assessed(f"project: churn\nanswers:\n{answers}")
    assert len(render("markdown", [report], Style()).encode()) > MAX_SUMMARY

    text = github.summary([report])

    assert len(text.encode()) < MAX_SUMMARY
    assert "0 of 14" in text


# The step's outputs


def test_the_outputs_of_a_project(assessed):
    assert github.outputs([assessed(CHURN)]) == snapshot("""\
score=0
tier=low
passed=false
limiting=serving
""")


def test_the_outputs_of_several_projects_are_in_the_order_given(assessed):
    reports = [
        assessed(project_with({"data": 5, "model": 4, "infra": 8, "monitor": 6})),
        assessed(
            CHURN.replace("fail_under: 1", "fail_under: 0").replace(
                "serving-1: {status: not_applicable, reason: batch only}", "serving-1: manual"
            )
        ),
    ]

    assert github.outputs(reports) == snapshot("""\
score=4,0.5
tier=basic,low
passed=true
limiting=model,serving
""")


def test_a_sum_has_no_limiting_category(assessed, write):
    write("small.yaml", RUBRIC.replace("version: 3", "version: 3\naggregate: sum"))

    assert github.outputs([assessed(CHURN)]) == snapshot("""\
score=1.5
tier=low
passed=true
limiting=
""")


@pytest.mark.parametrize(
    ("first", "second", "passed"),
    [(0, 0, "true"), (0, 1, "false"), (1, 0, "false"), (1, 1, "false"), (None, None, "true"), (None, 1, "false")],
)
def test_passed_is_true_when_no_gate_fails(assessed, first, second, passed):
    def report(least):
        gate = "" if least is None else f"gate: {{fail_under: {least}}}"
        return assessed(CHURN.replace("gate: {fail_under: 1}", gate))

    assert f"\npassed={passed}\n" in github.outputs([report(first), report(second)])


# Claims and what backs them


def backed(outcome):
    """The report of a project that claims data-1, whose evidence turned out so."""
    text = "project: churn\nanswers: {data-1: {status: automated, evidence: [{junit: r.xml, date: 2026-11-20}]}}\n"
    rubric, project = parse_project(text.encode(), "project.yaml")
    return assess(rubric, project, AS_OF, {"data-1": (Reading(outcome, "as it says"),)})


def test_the_notice_has_the_verified_score_beside_the_claimed_one():
    assert "; verified 0 (Research project). Next: " in commands([backed("missing")])[0].message


def test_without_evidence_no_verified_score_is_mentioned(assessed):
    assert "verified" not in commands([assessed(CHURN)])[0].message
