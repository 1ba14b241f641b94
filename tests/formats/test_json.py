"""The JSON report, as the contract fixes it."""

import json
import re

import pytest
from inline_snapshot import snapshot

import mlscore
from formats.samples import PROJECT, RUBRIC, project_with
from mlscore.formats import Style, render
from mlscore.loading import load_rubric

CONTRACT = {"data": 5, "model": 4, "infra": 8, "monitor": 6}


def strict(text):
    def refuse(constant):
        raise AssertionError(f"{constant} is not JSON")

    def once(pairs):
        assert len(dict(pairs)) == len(pairs), "repeated keys"
        return dict(pairs)

    return json.loads(text, parse_constant=refuse, object_pairs_hook=once)


def one(report):
    return strict(render("json", [report], Style()))


def by_id(report):
    return {test["id"]: test for category in one(report)["categories"] for test in category["tests"]}


def types(value):
    """The shape of JSON data: keys and types, lists by their first element."""
    if isinstance(value, dict):
        return {key: types(item) for key, item in value.items()}
    if isinstance(value, list):
        return [types(value[0])] if value else []
    return type(value).__name__


def test_the_whole_report(assessed):
    text = re.sub(r"\n *evidence: .*", "", PROJECT)

    assert one(assessed(text)) | {"mlscore": "VERSION"} == snapshot(
        {
            "schema": "mlscore/report/1",
            "mlscore": "VERSION",
            "as_of": "2026-11-21",
            "project": {"name": "churn", "path": "project.yaml"},
            "rubric": {
                "id": "small",
                "version": 3,
                "title": "Small rubric",
                "digest": "sha256:eecb825c5c19ec2c09fff943b243e465db420273c05902fe5e718323ce2a5e0a",
            },
            "max_score": 2,
            "attainable_score": 1,
            "claimed": {
                "score": 0,
                "tier": {"id": "low", "label": "Low", "meaning": "Not there yet."},
                "limiting": ["serving"],
                "categories": {"data": 1.5, "serving": 0},
            },
            "verified": None,
            "counts": {"none": 1, "manual": 1, "automated": 1, "not_applicable": 1, "unanswered": 1},
            "waivers": [],
            "categories": [
                {
                    "id": "data",
                    "title": "Data quality",
                    "points": 1.5,
                    "max_points": 3,
                    "attainable_points": 3,
                    "verified_points": None,
                    "tests": [
                        {
                            "id": "data-1",
                            "title": "Features are described in a schema",
                            "status": "automated",
                            "points": 1,
                            "max_points": 1,
                            "verified_points": None,
                            "verified_status": None,
                            "line": 5,
                            "owner": None,
                            "date": None,
                            "note": None,
                            "reason": None,
                            "evidence": [],
                        },
                        {
                            "id": "data-2",
                            "title": "Features are beneficial",
                            "status": "manual",
                            "points": 0.5,
                            "max_points": 1,
                            "verified_points": None,
                            "verified_status": None,
                            "line": 6,
                            "owner": "Anna",
                            "date": "2026-10-01",
                            "note": "a|b, by hand",
                            "reason": None,
                            "evidence": [],
                        },
                        {
                            "id": "data-3",
                            "title": "Features are cheap",
                            "status": "none",
                            "points": 0,
                            "max_points": 1,
                            "verified_points": None,
                            "verified_status": None,
                            "line": 11,
                            "owner": None,
                            "date": None,
                            "note": None,
                            "reason": None,
                            "evidence": [],
                        },
                    ],
                },
                {
                    "id": "serving",
                    "title": "Serving",
                    "points": 0,
                    "max_points": 2,
                    "attainable_points": 1,
                    "verified_points": None,
                    "tests": [
                        {
                            "id": "serving-1",
                            "title": "Roll back is quick",
                            "status": "not_applicable",
                            "points": 0,
                            "max_points": 1,
                            "verified_points": None,
                            "verified_status": None,
                            "line": 12,
                            "owner": None,
                            "date": None,
                            "note": None,
                            "reason": "batch only",
                            "evidence": [],
                        },
                        {
                            "id": "serving-2",
                            "title": "Models are canaried",
                            "status": "unanswered",
                            "points": 0,
                            "max_points": 1,
                            "verified_points": None,
                            "verified_status": None,
                            "line": None,
                            "owner": None,
                            "date": None,
                            "note": None,
                            "reason": None,
                            "evidence": [],
                        },
                    ],
                },
            ],
            "next": {
                "score_after": 0.5,
                "cost": 1,
                "steps": [{"test": "serving-2", "from": "unanswered", "to": "manual", "cost": 1}],
            },
            "gate": {"passed": False, "failures": ["the score 0 is below 1 (limited by Serving)"]},
        }
    )


def test_every_key_of_the_contract_is_there_with_its_type(assessed):
    """Copied from the contract: additions are allowed, removals and changes are not."""
    contract = {
        "schema": "str",
        "mlscore": "str",
        "as_of": "str",
        "project": {"name": "str", "path": "str"},
        "rubric": {"id": "str", "version": "int", "title": "str", "digest": "str"},
        "max_score": "int",
        "claimed": {
            "score": "int",
            "tier": {"id": "str", "label": "str", "meaning": "str"},
            "limiting": ["str"],
            "categories": dict.fromkeys(CONTRACT, "int"),
        },
        "verified": "NoneType",
        "counts": dict.fromkeys(("automated", "manual", "none", "not_applicable", "unanswered"), "int"),
        "categories": [
            {
                "id": "str",
                "title": "str",
                "points": "int",
                "max_points": "int",
                "tests": [
                    {
                        "id": "str",
                        "title": "str",
                        "status": "str",
                        "points": "int",
                        "max_points": "int",
                        "verified_points": "NoneType",
                        "line": "int",
                        "owner": "NoneType",
                        "date": "NoneType",
                        "note": "NoneType",
                        "reason": "NoneType",
                        "evidence": [],
                    }
                ],
            }
        ],
        "gate": "NoneType",
    }

    def common(value, wanted):
        if isinstance(wanted, dict):
            assert wanted.keys() <= value.keys()
            return {key: common(value[key], wanted[key]) for key in wanted}
        return [common(value[0], wanted[0])] if isinstance(wanted, list) and wanted else value

    assert common(types(one(assessed(project_with(CONTRACT)))), contract) == contract


def test_evidence_is_listed_with_its_outcome_and_reason(assessed):
    evidence = by_id(assessed(PROJECT))["data-2"]["evidence"]

    assert [(entry["kind"], entry["path"]) for entry in evidence] == [
        ("url", "https://wiki.example.org/x"),
        ("file", "docs/ablation.md"),
    ]
    for entry in evidence:
        assert entry["outcome"] in {"verified", "contradicted", "stale", "missing", "inconclusive", "asserted"}
        assert entry["reason"]
        assert "\n" not in entry["reason"]


def test_verified_has_the_shape_of_claimed_as_soon_as_an_answer_declares_evidence(mlscore, write):
    write("small.yaml", RUBRIC)
    data = strict(mlscore("assess", write("project.yaml", PROJECT), "-f", "json").out)

    assert data["verified"] is not None
    assert data["verified"].keys() == data["claimed"].keys()


def test_the_contract_s_own_numbers(assessed):
    data = one(assessed(project_with(CONTRACT)))

    assert data["schema"] == "mlscore/report/1"
    assert data["mlscore"] == mlscore.__version__
    assert data["as_of"] == "2026-11-21"
    assert data["max_score"] == 14
    assert data["claimed"]["score"] == 4
    assert data["claimed"]["tier"]["id"] == "basic"
    assert data["claimed"]["tier"]["label"] == "First pass at production"
    assert data["claimed"]["limiting"] == ["model"]
    assert data["claimed"]["categories"] == CONTRACT
    assert data["counts"] == {"none": 0, "manual": 1, "automated": 11, "not_applicable": 0, "unanswered": 16}
    assert data["verified"] is None
    assert data["gate"] is None
    assert data["rubric"]["digest"] == load_rubric().digest
    assert data["rubric"]["digest"].startswith("sha256:")


@pytest.mark.parametrize("count", [1, 2])
def test_several_projects_are_an_array_even_if_only_one_could_be_read(assessed, count):
    reports = [assessed(PROJECT, f"{place}.yaml") for place in range(count)]

    data = strict(render("json", reports, Style(many=True)))

    assert [item["project"]["path"] for item in data] == [f"{place}.yaml" for place in range(count)]


@pytest.mark.parametrize(
    ("points", "written"), [("0.5", "0.5"), ("0.1", "0.1"), ("1.0", "1"), ("0.000001", "1e-06")]
)
def test_numbers_are_whole_or_decimal(assessed, write, points, written):
    write("small.yaml", RUBRIC.replace("points: 0.5", f"points: {points}"))
    report = assessed("rubric: small.yaml\nproject: x\nanswers: {data-1: manual}\n")

    assert f'"points": {written},' in render("json", [report], Style())


def test_weights_that_binary_floats_cannot_hold_sum_exactly(assessed, write):
    write("small.yaml", RUBRIC.replace("points: 0.5", "points: 0.1"))
    answers = "{data-1: manual, data-2: manual, data-3: manual}"

    data = one(assessed(f"rubric: small.yaml\nproject: x\nanswers: {answers}\n"))

    assert data["claimed"]["categories"]["data"] == 0.3


@pytest.mark.parametrize(
    ("answers", "test", "line"),
    [
        ("answers:\n  data-1: automated", "data-1", 3),
        ("answers:\n\n  # why\n  data-1:\n    status: automated", "data-1", 5),
        ("answers:\n  infrastructure-3: manual", "infra-3", 3),
        ("answers:\n  data-1: none\n  monitoring-2:\n    status: manual", "monitor-2", 4),
        ("answers: {data-1: manual,\n  data-2: manual}", "data-2", 3),
        ("answers: {data-1: manual}", "data-1", 2),
        ("answers:\n  'data-1': manual", "data-1", 3),
        ("answers:\n  data-1:\n  data-2: manual", "data-1", 3),
        ("answers:\n  data-1: &same {status: manual}\n  data-2: *same", "data-2", 4),
        ("answers:\n  ? data-1\n  : manual", "data-1", 3),
        ("answers: {data-1: manual}", "data-2", None),
        ("answers: {}", "data-1", None),
    ],
)
def test_line_is_where_the_answer_stands(assessed, answers, test, line):
    report = assessed(f"project: x\n{answers}\n")

    assert by_id(report)[test]["line"] == line


def test_lines_count_after_a_byte_order_mark_and_crlf(assessed):
    report = assessed("\ufeffproject: x\r\nanswers:\r\n  data-1: manual\r\n")

    assert by_id(report)["data-1"]["line"] == 3


@pytest.mark.parametrize("answer", ["", " null", " ~"])
def test_a_null_answer_is_unanswered_not_none(assessed, answer):
    report = assessed(f"project: x\nanswers:\n  data-1:{answer}\n  data-2: none\n")

    assert by_id(report)["data-1"]["status"] == "unanswered"
    assert one(report)["counts"] == {
        "none": 1,
        "manual": 0,
        "automated": 0,
        "not_applicable": 0,
        "unanswered": 27,
    }


@pytest.mark.parametrize(
    ("gate", "verdict"),
    [
        ("", None),
        ("gate: {}\n", None),
        ("gate:\n", None),
        ("gate: {fail_under: 4}\n", {"passed": True, "failures": []}),
        (
            "gate: {fail_under: 5}\n",
            {"passed": False, "failures": ["the score 4 is below 5 (limited by Model)"]},
        ),
        (
            "gate: {fail_under: 5, require: [monitoring-7], categories: {infrastructure: 9}}\n",
            {
                "passed": False,
                "failures": [
                    "the score 4 is below 5 (limited by Model)",
                    "Infrastructure has 8 points, below 9",
                    "monitor-7 (Prediction quality has not regressed) must earn points; it is unanswered",
                ],
            },
        ),
    ],
)
def test_gate_is_null_or_a_verdict_with_every_failure(assessed, gate, verdict):
    assert one(assessed(project_with(CONTRACT) + gate))["gate"] == verdict


@pytest.mark.parametrize(("score", "noted"), [(10, False), (11, True), (12, False)])
def test_only_score_11_of_the_2016_scale_has_a_note(assessed, score, noted):
    tier = one(assessed(project_with(dict.fromkeys(CONTRACT, score))))["claimed"]["tier"]

    assert tier["id"] == ("exceptional" if score == 12 else "strong")
    assert tier.get("note") == (
        "the published table gives 11 no tier; it counts as Strong, mission-critical until 12 is reached"
        if noted
        else None
    )


def test_next_is_null_when_nothing_is_left(assessed):
    assert one(assessed(project_with(dict.fromkeys(CONTRACT, 14))))["next"] is None


def test_a_decision_lowers_what_is_attainable_never_the_maximum(assessed):
    data = one(assessed(PROJECT))

    assert (data["max_score"], data["attainable_score"]) == (2, 1)


def test_the_width_and_colour_of_a_terminal_change_nothing(assessed):
    report = assessed(PROJECT)

    assert render("json", [report], Style(width=40, color=True, unicode=False)) == render(
        "json", [report], Style()
    )
