"""`mlscore assess`: options in, exit code, stdout, stderr and files out."""

import csv
import io
import json
import sys
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from formats.samples import PROJECT, RUBRIC, project_with
from mlscore.formats import FORMATS, SUFFIXES

SUMS = {"data": 5, "model": 4, "infra": 8, "monitor": 6}
CHURN = project_with(SUMS)  # scores 4, tier basic; the last tests of each category are unanswered
WRONG = "project: wrong\nanswers:\n  data-1: no\n"


@pytest.fixture
def churn(write):
    return write("project.yaml", CHURN)


# The gate


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ([], 0),
        (["--fail-under", "0"], 0),
        (["--fail-under", "4"], 0),
        (["--fail-under", "4.0"], 0),
        (["--fail-under", "4.000001"], 1),
        (["--fail-under", "5"], 1),
        (["--fail-under", "15"], 1),
        (["--min", "model=4"], 0),
        (["--min", "model=5"], 1),
        (["--min", "infrastructure=8"], 0),
        (["--min", "infrastructure=8.5"], 1),
        (["--min", "data=5", "--min", "monitoring=6"], 0),
        (["--min", "data=5", "--min", "monitoring=7"], 1),
        (["--min-tier", "research"], 0),
        (["--min-tier", "basic"], 0),
        (["--min-tier", "reasonable"], 1),
        (["--require", "data-3"], 0),
        (["--require", "data-4"], 1),
        (["--require", "infrastructure-1", "--require", "monitoring-1"], 0),
        (["--require", "infrastructure-1", "--require", "monitoring-7"], 1),
        (["--basis", "claimed"], 0),
        (["--basis", "claimed", "--fail-under", "5"], 1),
        (["--fail-under", "4", "--min", "model=5"], 1),
        (["--fail-under", "5", "--min", "model=4"], 1),
    ],
)
def test_each_gate_option_decides_between_0_and_1(mlscore, churn, options, code):
    assert mlscore("assess", churn, *options).code == code


@pytest.mark.parametrize(
    ("gate", "options", "code"),
    [
        ("{fail_under: 5}", [], 1),
        ("{fail_under: 5}", ["--fail-under", "4"], 0),
        ("{fail_under: 4}", ["--fail-under", "5"], 1),
        ("{fail_under: 5}", ["--fail-under", "0"], 0),
        ("{fail_under: 5}", ["--min", "data=1"], 1),
        ("{min_tier: strong}", [], 1),
        ("{min_tier: strong}", ["--min-tier", "gaps"], 0),
        ("{min_tier: gaps}", ["--min-tier", "strong"], 1),
        ("{categories: {monitor: 7}}", [], 1),
        ("{categories: {monitoring: 7}}", ["--min", "monitor=6"], 0),
        ("{categories: {monitor: 6}}", ["--min", "monitoring=7"], 1),
        ("{categories: {monitor: 7}}", ["--min", "data=5"], 1),
        ("{categories: {monitor: 7, data: 6}}", ["--min", "data=5", "--min", "monitor=6"], 0),
        ("{require: [data-4]}", [], 1),
        ("{require: [data-4]}", ["--require", "data-1"], 1),
        ("{require: [data-1]}", ["--require", "data-4"], 1),
        ("{require: [data-1]}", ["--require", "data-2"], 0),
        ("{basis: claimed, fail_under: 4}", [], 0),
        ("{basis: verified, fail_under: 4}", ["--basis", "claimed"], 0),
        ("{}", [], 0),
        ("", [], 0),
    ],
)
def test_options_win_over_the_file_s_gate_categories_one_by_one_and_required_tests_add_up(
    mlscore, write, gate, options, code
):
    file = write("project.yaml", f"{CHURN}gate: {gate}\n")

    assert mlscore("assess", file, *options).code == code


def test_every_failure_is_a_line_on_stderr_that_names_the_file(mlscore, churn):
    options = "--fail-under 20 --min data=15 --min infra=9 --min-tier strong --require data-4 --require data-5"

    assert mlscore("assess", churn, *options.split()).err == snapshot("""\
project.yaml: gate: the score 4 is below 20 (limited by Model); the scale ends at 14
project.yaml: gate: the tier basic (First pass at production) is below strong (Strong, mission-critical)
project.yaml: gate: Data has 5 points, below 15; it has at most 14
project.yaml: gate: data-4 (Features meet meta-level requirements) must earn points; it is unanswered
project.yaml: gate: data-5 (Privacy controls across the pipeline) must earn points; it is unanswered
project.yaml: gate: Infrastructure has 8 points, below 9
""")


@pytest.mark.parametrize("status", ["none", "{status: not_applicable, reason: batch only}", ""])
def test_a_required_test_must_earn_points_whatever_keeps_it_from_it(mlscore, write, status):
    file = write("project.yaml", f"project: x\nanswers:\n  data-1: {status}\n")

    assert mlscore("assess", file, "--require", "data-1").code == 1


def test_a_passed_gate_says_nothing_on_stderr(mlscore, churn):
    assert mlscore("assess", churn, "--fail-under", "4").err == ""


def test_exit_zero_still_says_what_fails(mlscore, churn):
    run = mlscore("assess", churn, "--fail-under", "5", "--exit-zero", "-f", "json")

    assert run.code == 0
    assert run.err == "project.yaml: gate: the score 4 is below 5 (limited by Model)\n"
    assert json.loads(run.out)["gate"]["passed"] is False


def test_exit_zero_does_not_hide_a_wrong_file(mlscore, write):
    assert mlscore("assess", write("project.yaml", WRONG), "--exit-zero").code == 2


@pytest.mark.parametrize(
    ("gate", "options", "code"),
    [
        ("", ["--basis", "verified"], 0),
        ("", ["--basis", "verified", "--fail-under", "0"], 0),
        ("", ["--basis", "verified", "--fail-under", "1"], 1),
        ("", ["--basis", "verified", "--min", "data=1"], 1),
        ("", ["--basis", "verified", "--min-tier", "gaps"], 1),
        ("", ["--basis", "verified", "--require", "data-1"], 1),
        ("gate: {basis: verified, fail_under: 1}", [], 1),
        ("gate: {basis: verified}", ["--fail-under", "1"], 1),
        ("gate: {basis: verified, fail_under: 1}", ["--basis", "claimed"], 0),
        ("gate: {basis: claimed, fail_under: 1}", ["--basis", "verified"], 1),
    ],
)
def test_on_the_verified_basis_claims_without_evidence_count_for_nothing(mlscore, write, gate, options, code):
    assert mlscore("assess", write("project.yaml", f"{CHURN}{gate}\n"), *options).code == code


def test_the_gate_is_held_to_each_project_s_own_rubric(mlscore, write):
    write("small.yaml", RUBRIC)
    file = write("project.yaml", PROJECT)

    assert mlscore(
        "assess", file, "--min-tier", "high", "--min", "input=1.5", "--require", "input-3"
    ).err == snapshot("""\
project.yaml: gate: the score 0 is below 1 (limited by Serving)
project.yaml: gate: the tier low (Low) is below high (High)
project.yaml: gate: data-3 (Features are cheap) must earn points; it is none
""")


# Usage


@pytest.mark.parametrize(
    "options",
    [
        ["--fail-under", "x"],
        ["--fail-under", "-1"],
        ["--fail-under", "nan"],
        ["--fail-under", "inf"],
        ["--fail-under", "1e999"],
        ["--fail-under", ""],
        ["--fail-under", "0.1234567"],
        ["--min", "data"],
        ["--min", "data="],
        ["--min", "=3"],
        ["--min", "data=x"],
        ["--min-tier", ""],
        ["--require", ""],
        ["--basis", ""],
        ["--basis", "both"],
        ["--as-of", "2026-02-30"],
        ["--as-of", "today"],
        ["--as-of", "20261121"],
        ["--as-of", ""],
        ["--color", "red"],
        ["--format", ""],
        ["--write", "json"],
        ["--write", "=report.json"],
        ["--write", "json="],
        ["--output", ""],
        ["--output", "report"],
        ["--output", "report.xlsx"],
        ["--rubric", ""],
        ["--rubric", "no-such-rubric"],
        ["--rubric", "missing.yaml"],
        ["--bogus"],
        ["--fail-under"],
    ],
)
def test_what_does_not_make_sense_is_exit_2_with_an_empty_stdout(mlscore, churn, options):
    run = mlscore("assess", churn, *options)

    assert (run.code, run.out) == (2, "")
    assert run.err
    assert "Traceback" not in run.err


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--format", "jsn"], "did you mean json?"),
        (["--write", "mardown=x"], "did you mean markdown?"),
        (["--min-tier", "stron"], "did you mean strong?"),
        (["--min", "monitr=1"], "did you mean monitor?"),
        (["--min", "infrastucture=1"], "did you mean infrastructure?"),
        (["--require", "infra3"], "did you mean infra-3?"),
        (["--basis", "verifid"], "did you mean verified?"),
        (["--color", "alway"], "did you mean always?"),
        (["--rubric", "ml-test-score-2018"], "did you mean ml-test-score-201"),
        (["--format", "xyzzy"], "table, json, markdown"),
        (["--require", "xyzzy"], "data-1 to monitor-7"),
        (["--min-tier", "xyzzy"], "research, gaps, basic"),
        (["--min", "xyzzy=1"], "data, model, infra and monitor"),
        (["--output", "report.xlsx"], ".json"),
        (["--bogus"], "mlscore assess -h"),
    ],
)
def test_an_unknown_word_is_answered_with_the_nearest_one_or_the_choice(mlscore, churn, options, words):
    assert words in mlscore("assess", churn, *options).err


@pytest.mark.parametrize("test", ["data-8", "data-0", "monitor-10"])
def test_a_number_that_does_not_exist_is_answered_with_the_range(mlscore, churn, test):
    """No other number is nearer than the rest: `data-8` is not a slip of `data-7`."""
    category = test.partition("-")[0]

    assert f"there are {category}-1 to {category}-7" in mlscore("assess", churn, "--require", test).err


def test_no_file_is_a_usage_error(mlscore):
    run = mlscore("assess")

    assert (run.code, run.out) == (2, "")
    assert "Usage: mlscore assess" in run.err
    assert "files" in run.err


@pytest.mark.parametrize("path", ["missing.yaml", ".", "", "a\0b"])
def test_a_file_that_cannot_be_read_is_exit_2_with_its_name(mlscore, path):
    run = mlscore("assess", path)

    assert (run.code, run.out) == (2, "")
    assert run.err.count("\n") == 1
    assert not run.err.startswith(":")


def test_a_wrong_file_is_refused_with_its_line_and_no_report(mlscore, write):
    run = mlscore("assess", write("project.yaml", WRONG), "-f", "json")

    assert (run.code, run.out) == (2, "")
    assert run.err == "project.yaml:3:11: 'no' is not a status; write none\n"


# Reports


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_is_printed_and_ends_with_one_newline(mlscore, churn, name):
    run = mlscore("assess", churn, "--format", name, "--as-of", "2026-11-21")

    assert (run.code, run.err) == (0, "")
    assert run.out.endswith("\n")
    assert not run.out.endswith("\n\n")
    assert "\x1b" not in run.out


@pytest.mark.parametrize(("suffix", "name"), SUFFIXES.items())
def test_the_suffix_of_output_chooses_the_format(mlscore, churn, suffix, name):
    printed = mlscore("assess", churn, "-f", name, "--as-of", "2026-11-21").out

    run = mlscore("assess", churn, "-o", f"report{suffix}", "--as-of", "2026-11-21")

    assert (run.code, run.out, run.err) == (0, "", "")
    assert Path(f"report{suffix}").read_text(encoding="utf-8") == printed


def test_a_format_wins_over_the_suffix(mlscore, churn):
    mlscore("assess", churn, "-o", "report.json", "-f", "value")

    assert Path("report.json").read_text() == "4\n"


def test_an_upper_case_suffix_counts(mlscore, churn):
    mlscore("assess", churn, "-o", "REPORT.JSON")

    assert json.loads(Path("REPORT.JSON").read_text())["claimed"]["score"] == 4


def test_several_reports_come_from_one_run(mlscore, churn):
    run = mlscore("assess", churn, "-f", "value", "--write", "json=a.json", "--write", "csv=b.csv")

    assert (run.code, run.out) == (0, "4\n")
    assert json.loads(Path("a.json").read_text())["claimed"]["score"] == 4
    assert len(list(csv.reader(Path("b.csv").read_text().splitlines()))) == 29


def test_write_to_stdout_goes_with_output_to_a_file(mlscore, churn):
    run = mlscore("assess", churn, "-o", "report.json", "--write", "value=-")

    assert run.out == "4\n"
    assert json.loads(Path("report.json").read_text())["claimed"]["score"] == 4


def test_reports_are_written_though_the_gate_fails(mlscore, churn):
    assert mlscore("assess", churn, "--fail-under", "9", "-o", "report.json").code == 1
    assert json.loads(Path("report.json").read_text())["gate"]["passed"] is False


def test_a_report_replaces_an_older_one_and_leaves_nothing_else(mlscore, churn, write, tmp_path):
    write("report.json", "old")

    mlscore("assess", churn, "-o", "report.json")

    assert json.loads(Path("report.json").read_text())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["project.yaml", "report.json"]


@pytest.mark.parametrize(
    "options",
    [
        ["-o", "project.yaml", "-f", "json"],
        ["-o", "./project.yaml", "-f", "json"],
        ["--write", "json=project.yaml"],
        ["-o", "a.json", "--write", "csv=a.json"],
        ["-f", "json", "--write", "csv=-"],
    ],
)
def test_no_report_goes_over_an_input_or_another_report(mlscore, churn, options):
    run = mlscore("assess", churn, *options)

    assert (run.code, run.out) == (2, "")
    assert "not written" in run.err
    assert churn.read_text() == CHURN


def test_a_report_never_goes_over_the_rubric(mlscore, write):
    write("small.yaml", RUBRIC)
    file = write("project.yaml", PROJECT)

    assert mlscore("assess", file, "-o", "small.yaml", "-f", "json").code == 2
    assert Path("small.yaml").read_text() == RUBRIC


@pytest.mark.parametrize("target", ["missing/report.json", "."])
def test_a_place_that_cannot_be_written_is_exit_2(mlscore, churn, target):
    run = mlscore("assess", churn, "-o", target, "-f", "json")

    assert (run.code, run.out) == (2, "")
    assert run.err.startswith(f"mlscore: {target}: not written: ")
    assert run.err.count("\n") == 1


def test_quiet_prints_only_what_fails(mlscore, churn):
    assert mlscore("assess", churn, "--quiet") == (0, "", "")
    assert mlscore("assess", churn, "-q", "--fail-under", "5") == (
        1,
        "",
        "project.yaml: gate: the score 4 is below 5 (limited by Model)\n",
    )


def test_quiet_still_writes_files(mlscore, churn):
    assert mlscore("assess", churn, "-q", "--write", "value=score.txt") == (0, "", "")
    assert Path("score.txt").read_text() == "4\n"


def test_another_rubric_wins_over_the_file_s(mlscore, churn):
    assert mlscore("assess", churn, "-f", "value", "--rubric", "ml-test-score-2017").out == "2\n"


def test_the_other_name_of_the_default_rubric_is_accepted(mlscore, churn):
    run = mlscore("assess", churn, "-f", "json", "--rubric", "ml-test-score")

    assert json.loads(run.out)["rubric"]["id"] == "ml-test-score-2016"


def test_a_rubric_that_lacks_the_tests_refuses_the_answers_with_their_lines(mlscore, churn, write):
    run = mlscore("assess", churn, "--rubric", write("small.yaml", RUBRIC))

    assert (run.code, run.out) == (2, "")
    assert run.err.startswith("project.yaml:")


# Several files and stdin


def test_several_projects_are_an_array_in_json_and_lines_in_text(mlscore, write, churn):
    write("other.yaml", "project: other\nanswers: {}\n")

    assert [
        item["project"]["name"] for item in json.loads(mlscore("assess", churn, "other.yaml", "-f", "json").out)
    ] == [
        "churn",
        "other",
    ]
    assert mlscore("assess", churn, "other.yaml", "-f", "value").out == "4\n0\n"


def test_the_gate_fails_when_any_project_fails(mlscore, write, churn):
    write("other.yaml", "project: other\nanswers: {}\n")

    run = mlscore("assess", churn, "other.yaml", "--fail-under", "4", "-q")

    assert (run.code, run.out) == (1, "")
    assert run.err.startswith("other.yaml: gate: the score 0 is below 4")


def test_a_wrong_file_wins_over_a_failed_gate_and_the_good_ones_are_reported(mlscore, write, churn):
    write("wrong.yaml", WRONG)

    run = mlscore("assess", churn, "wrong.yaml", "missing.yaml", "--fail-under", "5", "-f", "json")

    assert run.code == 2
    assert [item["project"]["name"] for item in json.loads(run.out)] == ["churn"]
    assert "wrong.yaml:3:11: " in run.err
    assert "missing.yaml: cannot be read" in run.err


def test_what_fails_the_gate_is_said_beside_a_wrong_file(mlscore, write, churn):
    run = mlscore("assess", churn, write("wrong.yaml", WRONG), "--fail-under", "5")

    assert "project.yaml: gate: the score 4 is below 5" in run.err


def test_a_refused_input_leaves_older_reports_as_they_were(mlscore, write, churn):
    write("wrong.yaml", WRONG)
    write("report.json", "old")

    run = mlscore("assess", churn, "wrong.yaml", "-o", "report.json", "--write", "value=new.txt")

    assert (run.code, run.out) == (2, "")
    assert Path("report.json").read_text() == "old"
    assert "report.json: not written, because an input was refused" in run.err
    assert "new.txt: not written, because an input was refused" in run.err
    assert not Path("new.txt").exists()


@pytest.fixture
def stdin(monkeypatch):
    def give(text):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))

    return give


def test_a_dash_reads_the_project_from_stdin(mlscore, stdin):
    stdin(CHURN)

    run = mlscore("assess", "-", "-f", "json")

    assert run.code == 0
    assert json.loads(run.out)["project"] == {"name": "churn", "path": "<stdin>"}


def test_problems_of_stdin_are_located(mlscore, stdin):
    stdin(WRONG)

    assert mlscore("assess", "-") == (2, "", "<stdin>:3:11: 'no' is not a status; write none\n")


def test_stdin_is_one_of_several_files(mlscore, stdin, write):
    write("other.yaml", "project: other\nanswers: {}\n")
    stdin(CHURN)

    assert mlscore("assess", "other.yaml", "-", "-f", "value").out == "0\n4\n"


def test_a_rubric_beside_a_project_on_stdin_is_taken_from_the_current_folder(mlscore, stdin, write):
    write("small.yaml", RUBRIC)
    stdin(PROJECT)

    assert mlscore("assess", "-", "-f", "value").out == "0\n"


def test_a_file_named_dash_can_still_be_read(mlscore, write):
    write("-", CHURN)

    assert mlscore("assess", "./-", "-f", "value").out == "4\n"


# The day


def test_as_of_is_the_day_of_the_report(mlscore, churn):
    assert json.loads(mlscore("assess", churn, "-f", "json", "--as-of", "2020-02-29").out)["as_of"] == "2020-02-29"


def test_source_date_epoch_is_the_day_of_a_reproducible_build(mlscore, churn, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")

    assert json.loads(mlscore("assess", churn, "-f", "json").out)["as_of"] == "1970-01-02"
    assert json.loads(mlscore("assess", churn, "-f", "json", "--as-of", "2020-02-29").out)["as_of"] == "2020-02-29"


# Colour and width


@pytest.mark.parametrize(
    ("options", "environment", "terminal", "colored"),
    [
        ([], {}, True, True),
        ([], {}, False, False),
        (["--color", "never"], {}, True, False),
        (["--color", "always"], {}, False, True),
        ([], {"NO_COLOR": "1"}, True, False),
        ([], {"NO_COLOR": ""}, True, True),
        (["--color", "always"], {"NO_COLOR": "1"}, True, True),
        ([], {"FORCE_COLOR": "1"}, False, True),
        ([], {"FORCE_COLOR": "0"}, False, False),
        ([], {"FORCE_COLOR": ""}, False, False),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, True, False),
        (["--color", "never"], {"FORCE_COLOR": "1"}, True, False),
        ([], {"CLICOLOR_FORCE": "1"}, False, True),
        ([], {"CLICOLOR_FORCE": "0"}, False, False),
        ([], {"CLICOLOR": "0"}, True, False),
        ([], {"CLICOLOR": "1"}, True, True),
        ([], {"CLICOLOR": "1"}, False, False),
        ([], {"CLICOLOR": "0", "CLICOLOR_FORCE": "1"}, False, True),
        ([], {"TERM": "dumb"}, True, False),
        (["--color", "always"], {"TERM": "dumb"}, False, True),
    ],
)
def test_colour_follows_the_option_then_the_environment_then_the_terminal(
    mlscore, churn, monkeypatch, options, environment, terminal, colored
):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)

    assert ("\x1b[" in mlscore("assess", churn, *options).out) == colored


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "table"])
def test_only_the_table_is_ever_coloured(mlscore, churn, name):
    assert "\x1b" not in mlscore("assess", churn, "-f", name, "--color", "always").out


def test_a_file_is_never_coloured(mlscore, churn):
    mlscore("assess", churn, "-o", "report.txt", "--color", "always")

    assert "\x1b" not in Path("report.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("columns", "width"), [("60", 60), ("100", 100), ("1", 40), ("500", 120), ("x", 80), ("", 80)]
)
def test_the_table_is_as_wide_as_the_terminal_within_reason(mlscore, churn, monkeypatch, columns, width):
    monkeypatch.setenv("COLUMNS", columns)

    assert max(map(len, mlscore("assess", churn).out.splitlines())) == width


# Reproducible


def test_the_same_input_gives_the_same_bytes_in_any_environment(process, write, tmp_path):
    write("small.yaml", RUBRIC)
    write("project.yaml", PROJECT)
    write("churn.yaml", CHURN)
    environments = [
        {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C.UTF-8"},
        {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LC_ALL": "C", "COLUMNS": "80"},
        {"PYTHONHASHSEED": "2", "TZ": "America/Los_Angeles", "LC_ALL": "POSIX", "LANGUAGE": "de"},
    ]
    runs = []
    for place, environment in enumerate(environments):
        writes = [f"--write={name}={tmp_path}/{place}.{name}" for name in FORMATS]
        run = process("assess", "project.yaml", "churn.yaml", "--as-of", "2026-11-21", *writes, env=environment)
        assert run.returncode == 1
        runs.append((run.stdout, run.stderr, [(tmp_path / f"{place}.{name}").read_bytes() for name in FORMATS]))

    assert runs[0] == runs[1] == runs[2]


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_stdout_that_cannot_show_unicode_gets_ascii(process, write, encoding):
    write("project.yaml", CHURN.replace("churn", "Übung"))

    run = process("assess", "project.yaml", env={"PYTHONIOENCODING": encoding})

    assert run.returncode == 0
    assert run.stdout.replace("Übung".encode(encoding, "backslashreplace"), b"").isascii()
    assert b"Gate" not in run.stdout
    assert b"> " in run.stdout
