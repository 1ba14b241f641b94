"""`mlscore whatif`: the report of a project with some answers changed."""

import io
import json
import sys
from pathlib import Path

import pytest

from formats.samples import PROJECT, RUBRIC, project_with
from mlscore.formats import FORMATS

CHURN = project_with({"data": 5, "model": 4, "infra": 8, "monitor": 6})  # scores 4, tier basic


@pytest.fixture
def churn(write):
    return write("p.yaml", CHURN)


@pytest.mark.parametrize(
    ("answers", "score"),
    [
        (["model-3=manual"], 5),
        (["model-3=automated"], 5),
        (["model-3=automated", "data-3=automated"], 6),
        (["model-1=none"], 2),
        (["model-1=unanswered"], 2),
        (["model-7=unanswered"], 4),
        (["model-1=not_applicable"], 2),
        (["infrastructure-1=none", "infra-2=none", "infra-3=none"], 2),
        (["data-3=manual"], 4),
    ],
)
def test_the_score_if(mlscore, churn, answers, score):
    assert mlscore("whatif", churn, *answers, "-f", "value") == (0, f"{score}\n", "")


def test_the_table_begins_with_what_moves(mlscore, churn):
    run = mlscore("whatif", churn, "model-3=manual")

    assert run.out.startswith("4 → 5 of 14, First pass at production → Reasonably tested\n\n")
    assert "model-3   │ All hyperparameters have been tuned          │ ◐ manual         │  1" in run.out


def test_nothing_moves(mlscore, churn):
    assert mlscore("whatif", churn, "infra-1=automated").out.startswith(
        "4 → 4 of 14, First pass at production\n\n"
    )


def test_json_is_the_report_of_the_changed_answers(mlscore, churn):
    found = json.loads(mlscore("whatif", churn, "infrastructure-1=unanswered", "model-3=manual", "-f", "json").out)
    tests = {test["id"]: test["status"] for category in found["categories"] for test in category["tests"]}

    assert found["schema"] == "mlscore/report/1"
    assert found["project"] == {"name": "churn", "path": "p.yaml"}
    assert found["claimed"]["categories"] == {"data": 5, "model": 5, "infra": 6, "monitor": 6}
    assert (tests["infra-1"], tests["model-3"]) == ("unanswered", "manual")


def test_the_same_answers_in_a_file_give_the_same_report(mlscore, write, churn):
    changed = mlscore("whatif", churn, "data-1=manual", "-f", "csv").out
    write("p.yaml", CHURN.replace("data-1: automated", "data-1: manual"))

    assert mlscore("assess", churn, "-f", "csv").out == changed


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_of_assess(mlscore, churn, name):
    code, out, err = mlscore("whatif", churn, "model-3=manual", "-f", name)

    assert (code, err) == (0, "")
    assert out or name == "github"


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "table"])
def test_what_machines_read_has_no_headline(mlscore, churn, name):
    assert "4 → 5 of 14" not in mlscore("whatif", churn, "model-3=manual", "-f", name).out[:40]


def test_output_goes_to_a_file_without_the_headline(mlscore, churn):
    assert mlscore("whatif", churn, "model-3=manual", "-f", "json", "-o", "report.json") == (0, "", "")
    assert json.loads(Path("report.json").read_text())["claimed"]["score"] == 5


def test_what_an_answer_says_besides_its_status_stays(mlscore, write):
    text = "project: x\nanswers: {data-1: {status: none, owner: Zoë, effort: 3, note: later}}\n"
    out = mlscore("whatif", write("p.yaml", text), "data-1=manual", "-f", "json").out
    test = json.loads(out)["categories"][0]["tests"][0]

    assert (test["status"], test["owner"], test["note"]) == ("manual", "Zoë", "later")


def test_the_gate_of_the_file_is_held_to_the_changed_answers(mlscore, write):
    file = write("p.yaml", f"{CHURN}gate: {{fail_under: 5, require: [infra-1]}}\n")
    gate = json.loads(mlscore("whatif", file, "model-3=manual", "-f", "json").out)["gate"]
    run = mlscore("whatif", file, "infra-1=none", "-f", "json")

    assert (gate["passed"], gate["failures"]) == (True, [])
    assert run.code == 0
    assert json.loads(run.out)["gate"]["failures"] == [
        "the score 2 is below 5 (limited by Model)".replace("2", "4"),
        "infra-1 (Training is reproducible) must earn points; it is none",
    ]


def test_the_file_stays_as_it_is_and_nothing_is_left(mlscore, churn, tmp_path):
    mlscore("whatif", churn, "model-3=manual", "model-1=unanswered")

    assert churn.read_text() == CHURN
    assert [path.name for path in tmp_path.iterdir()] == ["p.yaml"]


def test_aliases_of_a_rubric_of_its_own(mlscore, write):
    write("small.yaml", RUBRIC)
    file = write("p.yaml", PROJECT)
    run = mlscore("whatif", file, "input-3=automated", "serving-1=automated", "-f", "json")

    assert json.loads(run.out)["claimed"]["categories"] == {"data": 2.5, "serving": 1}


def test_a_rubric_of_the_command_line(mlscore, churn):
    run = mlscore("whatif", churn, "model-3=automated", "-r", "ml-test-score-2017", "-f", "json")

    assert json.loads(run.out)["rubric"]["id"] == "ml-test-score-2017"


def test_as_of_is_the_day_of_the_report(mlscore, churn):
    run = mlscore("whatif", churn, "model-3=manual", "-f", "json", "--as-of", "2020-02-29")

    assert json.loads(run.out)["as_of"] == "2020-02-29"


@pytest.mark.parametrize(("color", "colored"), [("always", True), ("never", False), ("auto", False)])
def test_colour(mlscore, churn, color, colored):
    assert ("\x1b[" in mlscore("whatif", churn, "model-3=manual", "--color", color).out) == colored


def test_a_dash_reads_the_project_from_stdin(mlscore, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(CHURN.encode())))

    assert mlscore("whatif", "-", "model-3=manual", "-f", "value").out == "5\n"


def test_an_ascii_world(process, churn):
    run = process("whatif", churn, "model-3=manual", env={"PYTHONIOENCODING": "ascii"})

    assert (run.returncode, run.stderr) == (0, b"")
    assert run.stdout.isascii()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("", "Missing argument"),
        ("p.yaml", "Missing argument 'TEST=STATUS"),
        ("p.yaml model-3", "'model-3' is not of the form TEST=STATUS"),
        ("p.yaml model-3=", "'model-3=' is not of the form TEST=STATUS"),
        ("p.yaml =manual", "'=manual' is not of the form TEST=STATUS"),
        ("p.yaml =", "'=' is not of the form TEST=STATUS"),
        ("p.yaml model-3=manua", "'manua' is not a level of ml-test-score-2016; did you mean manual?"),
        ("p.yaml model-3=no", "'no' is not a level of ml-test-score-2016; "),
        ("p.yaml model-3=manual=", "'manual=' is not a level of ml-test-score-2016; "),
        ("p.yaml model-3=Manual", "did you mean manual?"),
        ("p.yaml model3=manual", "'model3' is not a test of ml-test-score-2016; did you mean model-3?"),
        ("p.yaml model-9=manual", "there are model-1 to model-7"),
        ("p.yaml model-3=manual model-3=manual", "model-3 is given twice; keep one"),
        ("p.yaml infra-3=manual infrastructure-3=none", "infra-3 is given twice; keep one"),
        ("p.yaml model-3=manual -f jsn", "did you mean json?"),
        ("p.yaml model-3=manual --color red", "--color"),
        ("p.yaml model-3=manual --as-of today", "--as-of"),
        ("p.yaml model-3=manual -o p.yaml", "p.yaml: not written: it is an input"),
        ("p.yaml model-3=manual -r nope", "nope"),
        ("none.yaml model-3=manual", "none.yaml: cannot be read: no such file or directory"),
        ("p.yaml --model-3=manual", "No such option"),
    ],
)
def test_what_does_not_make_sense(mlscore, churn, arguments, says):
    run = mlscore("whatif", *arguments.split())

    assert (run.code, run.out) == (2, "")
    assert says in run.err
    assert churn.read_text() == CHURN


@pytest.mark.parametrize(
    "text", ["a\nb=manual", "model-3=\x1b[31m", "\x9b=x", "a\n::error::b=none", "x" * 9999 + "=none"]
)
def test_text_of_strangers_is_said_on_one_short_line(mlscore, churn, text):
    code, out, err = mlscore("whatif", churn, text)

    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert len(err) <= 301
    assert not {"\x1b", "\x9b"} & set(err)
