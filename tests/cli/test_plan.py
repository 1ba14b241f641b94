"""`mlscore plan` and `mlscore next`: options in; lines, JSON, a checklist or a page out."""

import io
import json
import sys
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from formats.samples import PROJECT, RUBRIC, project_with

CHURN = project_with({"data": 5, "model": 4, "infra": 8, "monitor": 6})  # scores 4, tier basic
BEST = project_with({"data": 14, "model": 14, "infra": 14, "monitor": 14})


@pytest.fixture
def churn(write):
    return write("p.yaml", CHURN)


@pytest.fixture
def stdin(monkeypatch):
    def give(text):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))

    return give


@pytest.fixture
def planned(mlscore, churn):
    """Plan with options and return the JSON."""

    def plan(*options):
        run = mlscore("plan", churn, "-f", "json", *options)
        assert (run.code, run.err) == (0, "")
        return json.loads(run.out)

    return plan


class TestTargets:
    """A score, a tier, what a budget buys, or the next tier."""

    @pytest.mark.parametrize(
        ("options", "target", "score", "cost"),
        [
            ([], 5, 5, 1),
            (["--target", "6"], 6, 6, 3),
            (["--target", "5.5"], 5.5, 6, 3),
            (["--target", "4.000001"], 4.000001, 5, 1),
            (["--tier", "strong"], 7, 7, 6),
            (["--target", "14"], 14, 14, 33),
            (["--budget", "3"], 6, 6, 3),
            (["--budget", "2.9"], 5, 5, 1),
            (["--budget", "0"], 4, 4, 0),
            (["--budget", "1000000"], 14, 14, 33),
            (["--target", "5", "--budget", "100"], 5, 5, 1),
            (["--tier", "reasonable", "--budget", "1"], 5, 5, 1),
            (["--target", "0"], 0, 4, 0),
            (["--target", "4"], 4, 4, 0),
            (["--tier", "basic"], 3, 4, 0),
        ],
    )
    def test_what_is_reached_and_what_it_costs(self, planned, options, target, score, cost):
        found = planned(*options)

        assert (found["target"], found["reachable"]) == (target, True)
        assert found["score_after"] == score
        assert found["cost"] == found["cost_at_least"] == cost
        assert sum(step["cost"] for step in found["steps"]) == cost

    @pytest.mark.parametrize(
        ("options", "score", "cost"),
        [
            (["--target", "15"], 14, 33),
            (["--target", "1000000"], 14, 33),
            (["--target", "14", "--budget", "2"], 5, 1),
            (["--tier", "strong", "--budget", "0"], 4, 0),
        ],
    )
    def test_what_is_out_of_reach_leads_as_far_as_it_goes(self, planned, options, score, cost):
        found = planned(*options)

        assert (found["reachable"], found["score_after"], found["cost"]) == (False, score, cost)

    def test_json_has_the_keys_that_are_promised(self, planned):
        found = planned()

        assert {
            *("schema", "project", "rubric", "target", "reachable"),
            *("score_before", "score_after", "cost", "steps"),
        } <= set(found)
        assert found["schema"] == "mlscore/plan/1"
        assert found["project"] == {"name": "churn", "path": "p.yaml"}
        assert (found["score_before"], found["tier_before"], found["tier_after"]) == (4, "basic", "reasonable")
        assert found["steps"] == [{"test": "model-3", "from": "unanswered", "to": "manual", "cost": 1, "gain": 1}]
        assert found["categories"] == {"data": 5, "model": 5, "infra": 8, "monitor": 6}
        assert found["budget"] is None

    def test_effort_decides_what_is_cheap(self, mlscore, write):
        text = CHURN + "  model-3: {status: none, effort: 5}\n  model-5: {status: none, effort: 0.5}\n"
        run = mlscore("plan", write("p.yaml", text), "-f", "json")

        assert [(step["test"], step["cost"]) for step in json.loads(run.out)["steps"]] == [("model-5", 0.5)]

    def test_a_decision_is_left_alone(self, mlscore, write):
        decided = "".join(f"  model-{n}: {{status: not_applicable, reason: batch}}\n" for n in range(3, 8))
        run = mlscore("plan", write("p.yaml", CHURN + decided), "--target", "9")

        assert run.code == 0
        assert " ".join(run.out.split()) == snapshot(
            "churn: 4 of 14, First pass at production; 9 cannot be reached (Model cannot earn more)."
        )
        assert mlscore("next", "p.yaml").out == snapshot(
            "nothing raises the score: Model cannot earn more with the answers that are decisions\n"
        )

    def test_the_best_score_has_nothing_above_it(self, mlscore, write):
        best = write("best.yaml", BEST)

        assert mlscore("plan", best).out == snapshot("churn: 14 of 14, Exceptional: no tier is above it.\n")
        assert mlscore("next", best).out == "nothing: every test earns all its points\n"
        assert json.loads(mlscore("plan", best, "-f", "json").out)["steps"] == []
        assert json.loads(mlscore("next", best, "-f", "json").out)["steps"] == []

    def test_no_answers_at_all(self, mlscore, write):
        run = mlscore("plan", write("p.yaml", "project: x\nanswers: {}\n"), "-f", "json")

        assert [step["test"] for step in json.loads(run.out)["steps"]] == [
            "data-1",
            "model-1",
            "infra-1",
            "monitor-1",
        ]

    def test_a_rubric_of_its_own_or_of_the_command_line(self, mlscore, write):
        write("small.yaml", RUBRIC)
        own = json.loads(mlscore("plan", write("p.yaml", PROJECT), "-f", "json").out)
        other = json.loads(mlscore("plan", write("q.yaml", CHURN), "-r", "ml-test-score-2017", "-f", "json").out)

        assert (own["rubric"]["id"], own["score_before"], own["tier_after"]) == ("small", 0, "low")
        assert other["rubric"]["id"] == "ml-test-score-2017"


class TestFormats:
    def test_the_table(self, mlscore, churn):
        assert mlscore("plan", churn, "--target", "6").out == snapshot("""\
churn: 4 → 6 of 14, Reasonably tested, at a cost of 3.

  data-3   manual → automated, +1 Data, cost 1: No feature's cost is too much
  model-3  unanswered → automated, +2 Model, cost 2: All hyperparameters have
           been tuned

Then: Data 5 → 6, Model 4 → 6, Infrastructure 8, Monitoring 6.
infra-5 to manual: 0 gain until Data, Model and Monitoring exceed 8.
monitor-4 to manual: 0 gain until Data and Model exceed 6.
""")

    def test_a_checklist(self, mlscore, churn):
        out = mlscore("plan", churn, "-f", "markdown").out

        assert out.startswith("## ML Test Score, churn: 4 → 5 of 14")
        assert out.count("- [ ] **model-3** ") == out.count("- [ ] ") == 1

    def test_a_page(self, mlscore, churn):
        assert mlscore("plan", churn, "-f", "html", "-o", "plan.html") == (0, "", "")
        assert "model-3" in Path("plan.html").read_text(encoding="utf-8")

    def test_next_is_one_line(self, mlscore, churn):
        assert mlscore("next", churn) == (0, "model-3 to manual (4 → 5)\n", "")

    def test_next_names_the_chain_where_categories_tie(self, mlscore, write):
        file = write("p.yaml", project_with({"data": 2, "model": 2, "infra": 3, "monitor": 2}))

        assert mlscore("next", file).out == "data-2, model-2 and monitor-2 to manual (2 → 3)\n"

    @pytest.mark.parametrize(("name", "start"), [("markdown", "## "), ("html", "<!DOCTYPE"), ("json", "{")])
    def test_next_in_other_formats(self, mlscore, churn, name, start):
        run = mlscore("next", churn, "-f", name)

        assert (run.code, run.err) == (0, "")
        assert run.out.startswith(start)
        assert "model-3" in run.out

    def test_next_and_plan_agree_in_json(self, mlscore, churn, planned):
        found = json.loads(mlscore("next", churn, "-f", "json").out)

        assert {**found, "idle": []} == {**planned(), "idle": []}

    def test_output_goes_to_a_file(self, mlscore, churn):
        assert mlscore("plan", churn, "-o", "plan.txt") == (0, "", "")
        assert Path("plan.txt").read_text(encoding="utf-8") == mlscore("plan", churn).out

    @pytest.mark.parametrize("columns", [40, 60, 88, 200])
    def test_it_fits_the_terminal(self, mlscore, churn, monkeypatch, columns):
        monkeypatch.setenv("COLUMNS", str(columns))

        assert max(map(len, mlscore("plan", churn, "--target", "14").out.splitlines())) <= min(columns, 88)

    @pytest.mark.parametrize("name", ["table", "json", "markdown", "html"])
    def test_names_of_strangers_are_made_visible(self, mlscore, write, name):
        file = write("p.yaml", CHURN.replace("churn", '"\\e[31m\\u202e<script>\\n::error::x"'))
        out = mlscore("plan", file, "-f", name).out + mlscore("next", file, "-f", name).out

        assert "\x1b" not in out
        assert "\u202e" not in out
        assert "\n::error::" not in out
        assert name in {"json", "table"} or "<script>" not in out

    def test_stdout_that_cannot_show_unicode(self, process, churn):
        run = process("plan", churn, env={"PYTHONIOENCODING": "ascii"})

        assert (run.returncode, run.stderr) == (0, b"")
        assert run.stdout.isascii()

    def test_the_file_and_its_gate_stay_as_they_are(self, mlscore, write):
        """A plan is no verdict: a gate that is not met changes nothing."""
        text = f"{CHURN}gate: {{fail_under: 9}}\n"
        file = write("p.yaml", text)

        assert mlscore("plan", file).code == mlscore("next", file).code == 0
        assert file.read_text() == text


class TestStandardInput:
    def test_plan(self, mlscore, stdin):
        stdin(CHURN)

        assert json.loads(mlscore("plan", "-", "-f", "json").out)["project"] == {
            "name": "churn",
            "path": "<stdin>",
        }

    def test_next(self, mlscore, stdin):
        stdin(CHURN)

        assert mlscore("next", "-").out == "model-3 to manual (4 → 5)\n"

    @pytest.mark.parametrize("command", ["plan", "next"])
    def test_what_is_wrong_there(self, mlscore, stdin, command):
        stdin("project: x\nanswers:\n  data-1: no\n")

        assert mlscore(command, "-") == (2, "", "<stdin>:3:11: 'no' is not a status; write none\n")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("plan", "Missing argument"),
        ("plan p.yaml q.yaml", "unexpected extra argument"),
        ("plan none.yaml", "none.yaml: cannot be read: no such file or directory"),
        ("plan p.yaml --target 5 --tier strong", "give --target or --tier, not both"),
        ("plan p.yaml --target 0 --tier ", "give --target or --tier, not both"),
        ("plan p.yaml --tier stron", "--tier: 'stron' is not a tier of ml-test-score-2016; did you mean strong?"),
        ("plan p.yaml --tier xyzzy", "research, gaps, basic"),
        ("plan p.yaml --tier ", "--tier: '' is not a tier"),
        ("plan p.yaml --tier Strong", "did you mean strong?"),
        ("plan p.yaml --target -1", "--target: '-1' is out of range"),
        ("plan p.yaml --target x", "--target: 'x' is not a number"),
        ("plan p.yaml --target ", "--target: '' is not a number"),
        ("plan p.yaml --target nan", "--target: "),
        ("plan p.yaml --target inf", "--target: "),
        ("plan p.yaml --target 1e400", "--target: "),
        ("plan p.yaml --target 0.1234567", "--target: "),
        ("plan p.yaml --target " + "9" * 5000, "--target: "),
        ("plan p.yaml --budget -0.5", "--budget: '-0.5' is out of range"),
        ("plan p.yaml --budget ten", "--budget: 'ten' is not a number"),
        ("plan p.yaml --budget ", "--budget: '' is not a number"),
        ("plan p.yaml -f jsn", "did you mean json?"),
        ("plan p.yaml -f csv", "is not one of table, json, markdown or html"),
        ("plan p.yaml -r nope", "nope"),
        ("plan p.yaml -o p.yaml", "p.yaml: not written: it is an input"),
        ("plan p.yaml -o none/x", "none/x: not written: no such file or directory"),
        ("next", "Missing argument"),
        ("next p.yaml -f csv", "is not one of table, json, markdown or html"),
        ("next p.yaml --target 5", "No such option"),
        ("next none.yaml", "none.yaml: cannot be read: no such file or directory"),
    ],
)
def test_what_does_not_make_sense(mlscore, churn, arguments, says):
    run = mlscore(*arguments.split(" "))

    assert (run.code, run.out) == (2, "")
    assert says in run.err
    assert "Traceback" not in run.err
    assert churn.read_text() == CHURN
