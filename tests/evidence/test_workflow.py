"""Workflows: a schedule that can fire, and a job that runs on it and tests something."""

import calendar
import time
from datetime import date
from textwrap import indent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.samples import JSON, SECRET, dumped, fuzz, read
from mlscore.evidence import cron, github_if, shell, workflow

NIGHTLY = """\
name: Nightly
on:
  schedule:
    - cron: "17 3 * * *"
  workflow_dispatch:
permissions:
  contents: read
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: pip install -r requirements.txt pytest
      - run: pytest tests/data
"""
NO_SCHEDULE = "it has no schedule"
NEVER = "its schedule names no time that comes"
NO_JOB = "no job of it runs on the schedule"
NO_TEST = "no job that runs on the schedule tests anything that mlscore recognises"
HARMLESS = "what it tests on the schedule cannot fail the run"
NO_YAML = "it is not YAML that mlscore reads"
NO_WORKFLOW = "it is no GitHub workflow"
GITLAB = "GitLab keeps its schedules outside the file"


def reason(text):
    """Return why a workflow shows nothing, or an empty text when it is verified."""
    reading = read(workflow, text.encode())
    assert reading.outcome == (
        "verified" if reading.reason == "it tests something on a schedule" else "inconclusive"
    )
    return "" if reading.outcome == "verified" else reading.reason


def job(text):
    """Return the nightly workflow with another job, of which only what matters is given."""
    return f'on: {{schedule: [{{cron: "0 3 * * *"}}]}}\njobs:\n  test:\n{indent(text, "    ")}'


def script(text):
    return job(f"steps:\n  - run: |\n{indent(text, '      ')}")


def test_a_workflow_that_tests_every_night_is_verified():
    assert read(workflow, NIGHTLY.encode()) == ("verified", "it tests something on a schedule", 0, None)


@pytest.mark.parametrize(
    ("before", "after", "trouble"),
    [
        ('"17 3 * * *"', '"17 3 31 2 *"', NEVER),
        ('"17 3 * * *"', "17 3 * * *", ""),
        ('"17 3 * * *"', '"@daily"', NEVER),
        ('"17 3 * * *"', "17", NEVER),
        ('"17 3 * * *"', "[17]", NEVER),
        ('    - cron: "17 3 * * *"', '    - cron: "0 0 31 4 *"\n    - cron: "17 3 * * *"', ""),
        ('    - cron: "17 3 * * *"', "    - 17 3 * * *", NEVER),
        ('    - cron: "17 3 * * *"', '    cron: "17 3 * * *"', NO_SCHEDULE),
        ('    - cron: "17 3 * * *"', "    []", NEVER),
        ('    - cron: "17 3 * * *"\n', "", NO_SCHEDULE),
        ("schedule:", "schedules:", NO_SCHEDULE),
        ("on:", '"on":', ""),
        ("on:", "true:", NO_YAML),
        ("on:", "trigger:", NO_WORKFLOW),
        ("jobs:", "job:", NO_WORKFLOW),
        ("      - run: pytest tests/data", "", NO_TEST),
        ("pytest tests/data", "python train.py", NO_TEST),
        ("pytest tests/data", "echo pytest tests/data", NO_TEST),
        ("pytest tests/data", "pytest tests/data || true", HARMLESS),
        ("run: pytest tests/data", "run: [pytest]", NO_TEST),
        ("run: pytest tests/data", "run: pytest\n        if: github.event_name == 'push'", NO_TEST),
        ("run: pytest tests/data", "run: pytest\n        if: github.event_name == 'schedule'", ""),
        ("run: pytest tests/data", "run: pytest\n        continue-on-error: true", HARMLESS),
        ("run: pytest tests/data", "run: pytest\n        continue-on-error: ${{ matrix.new }}", HARMLESS),
        ("run: pytest tests/data", "run: pytest\n        continue-on-error: false", ""),
        ("    steps:", "    continue-on-error: true\n    steps:", HARMLESS),
        ("    steps:", "    if: github.event_name != 'schedule'\n    steps:", NO_JOB),
        ("    steps:", "    if: false\n    steps:", NO_JOB),
        ("    steps:", "    if: github.repository == 'me/it'\n    steps:", ""),
        ("    steps:", "    needs: build\n    steps:", NO_JOB),
    ],
)
def test_anything_less_is_named(before, after, trouble):
    assert before in NIGHTLY
    assert reason(NIGHTLY.replace(before, after, 1)) == trouble


@pytest.mark.parametrize(
    "on", ["push", "[push, schedule]", "schedule", "{schedule: null}", "{schedule: {}}", "null"]
)
def test_a_trigger_without_a_time_is_no_schedule(on):
    assert reason(f"on: {on}\njobs: {{a: {{steps: [{{run: pytest}}]}}}}") == NO_SCHEDULE


@pytest.mark.parametrize(
    "text",
    [
        "jobs: {}",
        "steps: []",
        "on: {}\njobs: []",
        "on: {}\njobs:",
        "[]",
        "",
        "text",
        "on: push",
        "a: [1]",
    ],
)
def test_other_yaml_is_no_workflow(text):
    assert reason(text) == NO_WORKFLOW


@pytest.mark.parametrize(
    "text",
    [
        "stages: [test]\nnightly:\n  script: [pytest]\n  rules:\n    - if: $CI_PIPELINE_SOURCE == 'schedule'",
        "test: {script: pytest, only: [schedules]}",
    ],
)
def test_gitlab_keeps_its_schedules_elsewhere(text):
    assert reason(text) == GITLAB


@pytest.mark.parametrize(
    "text",
    [
        "on: [",
        "on: {}\non: {}\njobs: {}",
        "on: !!python/object {}\njobs: {}",
        "%YAML 1.1\n---\non: {}\njobs: {}",
        "on: {}\njobs: {}\n---\non: {}",
        "a: &a [*a]",
        "on: \x07",
        "x: " + "[" * 40,
        "x: '" + "y" * 20_001 + "'",
    ],
)
def test_yaml_that_could_mean_two_things_is_refused(text):
    assert reason(text) == NO_YAML


def test_bytes_that_are_no_text_are_refused():
    assert read(workflow, b"\xff\xfeo\x00")[:2] == ("inconclusive", NO_YAML)


def test_anchors_are_read():
    text = NIGHTLY.replace("run: pytest tests/data", "run: *tests").replace(
        "name: Nightly", "name: &tests pytest tests"
    )

    assert reason(text) == ""


@pytest.mark.parametrize(
    ("jobs", "trouble"),
    [
        ("{a: {steps: [{run: pytest}]}}", ""),
        ("{a: null, b: [], c: 1, d: {steps: [{run: pytest}]}}", ""),
        ("{a: {if: false, steps: [{run: make}]}, b: {needs: a, steps: [{run: pytest}]}}", NO_JOB),
        ("{a: {if: false}, b: {needs: [a]}, c: {needs: [b], steps: [{run: pytest}]}}", NO_JOB),
        ("{a: {if: false}, b: {needs: [a], if: always(), steps: [{run: pytest}]}}", ""),
        ("{a: {if: false}, b: {needs: [a], if: '!cancelled()', steps: [{run: pytest}]}}", ""),
        ("{a: {needs: b, steps: [{run: pytest}]}, b: {steps: [{run: make}]}}", ""),
        ("{a: {needs: nobody, steps: [{run: pytest}]}}", NO_JOB),
        ("{a: {needs: {b: c}, steps: [{run: pytest}]}}", ""),
        ("{a: {needs: [[a]], steps: [{run: pytest}]}}", NO_JOB),
        ("{a: {uses: ./.github/workflows/test.yml}}", NO_TEST),
        ("{a: {steps: {run: pytest}}}", NO_TEST),
        ("{a: {steps: [pytest]}}", NO_TEST),
        ("{a: {steps: [{run: make build}, {run: echo}]}, b: {if: false, steps: [{run: pytest}]}}", NO_TEST),
        ("{a: {continue-on-error: true, steps: [{run: pytest}]}, b: {steps: [{run: pytest}]}}", ""),
        ("{}", NO_JOB),
    ],
)
def test_which_jobs_run(jobs, trouble):
    assert reason(f'on: {{schedule: [{{cron: "0 3 * * *"}}]}}\njobs: {jobs}') == trouble


def test_jobs_that_need_each_other_end():
    """GitHub refuses such a workflow; what counts here is that the reading ends."""
    assert reason(job("needs: test\nsteps: [{run: pytest}]")) == ""


@pytest.mark.parametrize(
    ("shells", "text", "trouble"),
    [
        ("", "pytest | tee log", HARMLESS),
        ("shell: bash", "pytest | tee log", ""),
        ("shell: bash", "pytest\nmake report", ""),
        ("shell: sh", "pytest\nmake report", ""),
        ("shell: sh", "pytest | tee log", HARMLESS),
        ("shell: pwsh", "pytest\nmake report", HARMLESS),
        ("shell: pwsh", "pytest", ""),
        ("shell: 'bash {0}'", "pytest\nmake report", HARMLESS),
        ("shell: [bash]", "pytest\nmake report", HARMLESS),
    ],
)
def test_how_the_shell_is_started(shells, text, trouble):
    """Without `shell`, GitHub starts bash with -e; `shell: bash` adds pipefail; others go on after errors."""
    of_step = job(f"steps:\n  - run: |\n{indent(text, '      ')}" + (f"\n    {shells}" if shells else ""))
    of_job = job(f"defaults: {{run: {{{shells}}}}}\nsteps:\n  - run: |\n{indent(text, '      ')}")

    assert reason(of_step) == trouble
    assert reason(of_job) == trouble
    assert reason(f"defaults: {{run: {{{shells}}}}}\n{script(text)}") == trouble


@pytest.mark.parametrize(
    "line",
    [
        "pytest",
        "python -m pytest -q tests",
        ".venv/bin/pytest",
        "uv run --frozen pytest",
        "poetry run pytest -x",
        "hatch run test",
        "coverage run -m pytest",
        "docker run --rm image pytest",
        "PYTHONPATH=src pytest",
        "cd model && pytest",
        "python -m unittest discover",
        "tox -e data",
        "nox",
        "make test",
        "make -j4 check",
        "npm test",
        "npm run test:unit",
        "go test ./...",
        "dbt test --select wine",
        "dbt build",
        "dbt --quiet build",
        "great_expectations checkpoint run wine",
        "gx checkpoint run wine",
        "python -m evidently ui",
        "python scripts/check_drift.py --days 7",
        "./run-tests.sh",
        "bash ci/test.sh",
        "python validate.py",
        "mlscore assess project.yaml --fail-under 3",
        "if [ -d data ]; then pytest; fi",
        "for f in data/*; do pytest $f; done",
        "pytest || exit 1",
        "pytest || { echo broken; exit 1; }",
        "pytest || {\n  echo broken\n  exit 1\n}\nmake report",
        "\\pytest -q",
        "set -o pipefail; pytest | tee log",
        "set -euo pipefail\npytest 2>&1 | tee log",
        "pytest > log 2>&1",
        "pytest # || true",
        "pytest \\\n  -q",
        "pytest -k 'a or b'\npython report.py",
        "python report.py || true\npytest",
        "pytest && echo passed",
        "set +e\nmake\nset -e\npytest\nmake report",
        "(cd model && pytest)",
    ],
)
def test_commands_that_test(line):
    assert shell.look(line) == (True, True)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "# pytest",
        "true",
        "echo pytest",
        "echo 'make test'",
        "printf '%s' tests",
        "pip install pytest",
        "python -m pip install pytest",
        "uv add pytest",
        "uv sync --group test",
        "apt-get install -y tox",
        "pytest --version",
        "pytest --collect-only",
        "pytest --help",
        "cat tests/test_a.py",
        "ls tests",
        "cd tests",
        "git checkout tests",
        "ruff check .",
        "python -m mypy tests",
        "uv run black tests",
        "test -f data.csv",
        "[ -d tests ]",
        "python train.py",
        "python train.py --test-size 0.2",
        "python train.py --split test",
        "python evaluate.py data/test.csv",
        "python -c 'import pytest'",
        "./latest.sh",
        "dbt run",
        "exit 0\npytest",
        "cat <<EOF\npytest\nEOF",
        "echo 'first\npytest\n'",
        "X=1",
        "set -e",
        "export TEST=1",
    ],
)
def test_commands_that_test_nothing(line):
    assert shell.look(line) == (False, False)


@pytest.mark.parametrize(
    "line",
    [
        "pytest || true",
        "pytest || :",
        "pytest || echo failed",
        "pytest || exit 0",
        "pytest || { echo failed; }; exit 1",
        "pytest || { echo failed",
        "pytest ||",
        "pytest | tee log",
        "pytest |& tee log",
        "pytest &",
        "! pytest",
        "if pytest; then echo ok; fi",
        "while pytest; do sleep 1; done",
        "pytest && echo ok\necho done",
        "pytest && echo ok || true",
        "set +e\npytest\nmake report",
        "set +o errexit\npytest\nmake report",
        "set -o pipefail\nset +o pipefail\npytest | tee log",
        "make || pytest",
    ],
)
def test_commands_whose_failure_is_lost(line):
    assert shell.look(line) == (True, False)


@fuzz
@given(st.text(max_size=80) | st.text("pytest |&;()<>'\"\\\n#!$-{}", max_size=80))
def test_any_script_is_looked_at(text):
    found = shell.look(text)

    assert found.tests or not found.counts


@pytest.mark.parametrize("text", ["a" * 250_000, "|" * 250_000, "\n" * 250_000, "a;" * 100_000, "'" * 250_001])
def test_long_scripts_are_looked_at(text):
    assert shell.look(text) == (False, False)


def test_the_number_of_commands_is_limited():
    longest = "make\n" * (shell.MAX_COMMANDS - 1) + "pytest"

    assert shell.look(longest) == (True, True)
    assert shell.look("make\n" + longest) == (False, False)


@pytest.mark.parametrize(
    ("head", "entry"),
    [
        ("x: &x '" + "pytest | " * 2_000 + "x'\njobs:\n a:\n  steps:\n", "   - run: *x\n"),
        ("x: &x '" + "pytest | " * 400 + "x'\njobs:\n a:\n  steps:\n", "   - run: *x\n"),
        ("x: &x '" + "a && " * 99 + "a'\njobs:\n a:\n  steps:\n", "   - if: *x\n     run: x\n"),
        ("x: &x '" + "0," * 95 + "0 * 31 2 *'\njobs: {}\non:\n schedule:\n", "  - cron: *x\n"),
    ],
)
def test_what_aliases_repeat_does_not_take_long(head, entry):
    """Reliability: any input within 5 seconds."""
    head = head if "schedule" in head else 'on: {schedule: [{cron: "0 3 * * *"}]}\n' + head
    file = (head + entry * ((workflow.MAX_BYTES - len(head)) // len(entry))).encode()
    began = time.process_time()

    assert read(workflow, file).outcome == "inconclusive"
    assert time.process_time() - began < 5


def test_jobs_that_wait_for_each_other_in_a_long_chain_are_followed():
    jobs = "".join(f" j{place}: {{needs: j{place - 1}, steps: [{{run: pytest}}]}}\n" for place in range(1, 4_000))

    assert reason(f'on: {{schedule: [{{cron: "0 3 * * *"}}]}}\njobs:\n j0: {{if: false}}\n{jobs}') == NO_JOB


@pytest.mark.parametrize(
    "line",
    [
        "* * * * *",
        "0 0 * * *",
        "*/15 * * * *",
        "20/15 * * * *",
        "0,30 0-6,12 * * *",
        "59 23 31 12 6",
        "0 0 * JAN-MAR MON-FRI",
        "0 0 * jan,dec sun",
        "0 0 1-31/2 * *",
        "*/90 * * * *",
        "0 0 29 2 *",
        "0 0 31 1,2,4 *",
        "0 0 30 */2 *",
        "0 0 31 4-6 *",
        "0 0 31 2/2 *",
        "0 0 30 2 MON",
        "  0\t0  *  * *  ",
        "0 0 * * *".ljust(cron.MAX_LENGTH),
    ],
)
def test_cron_lines_that_fire(line):
    assert cron.can_fire(line)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "* * * *",
        "* * * * * *",
        "@daily",
        "60 * * * *",
        "0 24 * * *",
        "0 0 0 * *",
        "0 0 32 * *",
        "0 0 * 0 *",
        "0 0 * 13 *",
        "0 0 * * 7",
        "-1 * * * *",
        "5-1 * * * *",
        "0 0 * * FRI-SUN",
        "*/0 * * * *",
        "*-5 * * * *",
        "1,,2 * * * *",
        ",1 * * * *",
        "1-2-3 * * * *",
        "1/ * * * *",
        "/5 * * * *",
        "? * * * *",
        "0 0 L * *",
        "0 0 * * MON#1",
        "0 0 * MON *",
        "0 0 * * JAN",
        "JAN 0 * * *",
        "0 0 * * MO",
        "1.5 * * * *",
        "٣ * * * *",
        "0\u00a00 * * *",
        "0 0 30 2 *",
        "0 0 31 2 *",
        "0 0 31 4 *",
        "0 0 31 2,4,6,9,11 *",
        "0 0 31 4-4 */2",
        "0 0 31 4-6/2 *",
        "0 0 30-31 FEB *",
        "1" * 5_000 + " * * * *",
        "0 0 * * *".ljust(cron.MAX_LENGTH + 1),
    ],
)
def test_cron_lines_that_never_fire(line):
    assert not cron.can_fire(line)


@pytest.mark.parametrize("month", range(1, 13))
def test_months_have_their_names_and_days(month):
    name, last = calendar.month_abbr[month], calendar.monthrange(2028, month)[1]

    assert cron.can_fire(f"0 0 {last} {name} *")
    assert not cron.can_fire(f"0 0 {last + 1} {name} *")


@pytest.mark.parametrize(("place", "name"), [*enumerate(["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"])])
def test_days_have_their_names(place, name):
    assert cron.can_fire(f"* * * * {place}-{name}")
    assert cron.can_fire(f"* * * * {name}-{place}")


@fuzz
@given(st.sets(st.integers(1, 31), min_size=1, max_size=3), st.sets(st.integers(1, 12), min_size=1, max_size=3))
def test_a_date_fires_when_a_leap_year_has_it(days, months):
    line = f"0 0 {','.join(map(str, days))} {','.join(map(str, months))} *"
    found = any(
        day <= calendar.monthrange(date(2028, month, 1).year, month)[1] for day in days for month in months
    )

    assert cron.can_fire(line) is found


@fuzz
@given(st.text("0123456789*/,-JANMO ", max_size=30))
def test_any_cron_line_fires_or_not(line):
    assert cron.can_fire(line) in {True, False}


@pytest.mark.parametrize(
    "condition",
    [
        None,
        True,
        "true",
        "always()",
        "success()",
        "!cancelled()",
        "github.event_name == 'schedule'",
        "${{ github.event_name == 'schedule' }}",
        "GitHub.Event_Name == 'SCHEDULE'",
        "'schedule' == github.event_name",
        "github.event_name != 'pull_request'",
        "github.event_name == 'push' || github.event_name == 'schedule'",
        "!(github.event_name == 'push')",
        "!(github.event_name == 'push' || github.event_name == 'pull_request')",
        "github.event_name != 'push' && github.ref == 'refs/heads/main'",
        "github.event_name == 'push' || github.ref == 'refs/heads/main'",
        "github.repository == 'me/it'",
        "github.event.schedule == '0 3 * * *'",
        "contains(fromJSON('[\"push\"]'), github.event_name)",
        "startsWith(github.ref, 'refs/heads/') && success()",
        "github['event_name'] == 'push'",
        "matrix.os == 'ubuntu-latest' && !inputs.skip",
        "inputs.days > 5",
        "inputs.days <= 5 || inputs.days >= 7",
        "needs.a.outputs.changed == true",
        "'it''s' == 'it''s'",
        "true".ljust(github_if.MAX_LENGTH),
        "!" * github_if.MAX_NESTING + "true",
    ],
)
def test_conditions_that_let_a_schedule_through(condition):
    assert github_if.lets_schedule_through(condition)


@pytest.mark.parametrize(
    "condition",
    [
        False,
        "false",
        "${{ false }}",
        "failure()",
        "cancelled()",
        "''",
        "github.event_name == 'push'",
        "github.event_name != 'schedule'",
        "!(github.event_name == 'schedule')",
        "!(github.event_name != 'push')",
        "github.event_name == 'push' || github.event_name == 'pull_request'",
        "github.event_name == 'push' && github.ref == 'refs/heads/main'",
        "github.ref == 'refs/heads/main' && github.event_name == 'push'",
        "success() && github.event_name != 'schedule'",
        "(github.event_name == 'push') || (false)",
        "",
        "${{ }}",
        "github.event_name = 'schedule'",
        "github.event_name == 'schedule",
        "(true",
        "true)",
        "true true",
        "true &&",
        "&& true",
        "== 'a'",
        "f(true",
        "a[0",
        "(true false)",
        "${{ true }} && ${{ true }}",
        "${{ true",
        "true }}",
        "!" * (github_if.MAX_NESTING + 2) + "true",
        "true".ljust(github_if.MAX_LENGTH + 1),
        "(" * 2_000 + "true" + ")" * 2_000,
        1,
        [],
        {"a": True},
    ],
)
def test_conditions_that_do_not(condition):
    """They are false on a schedule, or none that GitHub or mlscore reads."""
    assert not github_if.lets_schedule_through(condition)


@pytest.mark.parametrize(
    ("condition", "ignores"),
    [
        ("always()", True),
        ("${{ !cancelled () && true }}", True),
        ("failure()", True),
        ("success()", False),
        ("unfailure()", False),
        ("always", False),
        (None, False),
        (True, False),
        ("always()".ljust(github_if.MAX_LENGTH), True),
        ("always()".ljust(github_if.MAX_LENGTH + 1), False),
    ],
)
def test_conditions_that_do_not_wait_for_success(condition, ignores):
    assert github_if.ignores_failures(condition) is ignores


@fuzz
@given(
    st.text(max_size=60)
    | st.lists(
        st.sampled_from(
            [
                "github.event_name",
                "'push'",
                "'schedule'",
                "==",
                "!=",
                "&&",
                "||",
                "!",
                "(",
                ")",
                "always()",
                "x",
                "[",
            ]
        ),
        max_size=14,
    ).map(" ".join)
)
def test_any_condition_is_judged(condition):
    assert github_if.lets_schedule_through(condition) in {True, False}
    assert github_if.ignores_failures(condition) in {True, False}


@st.composite
def expressions(draw, depth=3):
    """Draw an expression of GitHub and the same in Python, in a run that is scheduled."""
    kinds = ["event", "function", "not", "and", "or"] if depth else ["event", "function"]
    match draw(st.sampled_from(kinds)):
        case "event":
            event, sign = draw(st.sampled_from(["push", "schedule"])), draw(st.sampled_from(["==", "!="]))
            return f"github.event_name {sign} '{event}'", f"('schedule' {sign} '{event}')"
        case "function":
            return draw(st.sampled_from([("always()", "True"), ("failure()", "False")]))
        case "not":
            theirs, ours = draw(expressions(depth=depth - 1))
            return f"!({theirs})", f"(not {ours})"
        case word:
            left, right = draw(expressions(depth=depth - 1)), draw(expressions(depth=depth - 1))
            sign = {"and": "&&", "or": "||"}[word]
            return f"({left[0]} {sign} {right[0]})", f"({left[1]} {word} {right[1]})"


@fuzz
@given(expressions())
def test_known_conditions_are_worked_out(pair):
    theirs, ours = pair

    assert github_if.lets_schedule_through(theirs) is bool(eval(ours))


def test_several_workflows_need_one_that_repeats_a_test():
    idle = NIGHTLY.replace("schedule:", "schedules:").encode()

    assert read(workflow, idle, NIGHTLY.encode()).outcome == "verified"
    assert read(workflow, idle, b"on: {}\njobs: {}")[:2] == ("inconclusive", NO_SCHEDULE)


@fuzz
@given(JSON.map(dumped) | JSON.map(lambda value: dumped({"on": value, "jobs": {"a": value}})))
def test_any_yaml_ends_in_a_reading(file):
    reading = read(workflow, file)

    assert reading.outcome == "inconclusive"
    assert SECRET not in reading.reason


@fuzz
@given(
    st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(("if", "needs", "defaults", "continue-on-error", "steps"), JSON),
    ),
    st.fixed_dictionaries({}, optional=dict.fromkeys(("if", "shell", "continue-on-error", "run"), JSON)),
)
def test_any_job_and_step_end_in_a_reading(content, step):
    jobs = {"a": {"steps": [step, {"run": "pytest"}], **content}}
    reading = read(workflow, dumped({"on": {"schedule": [{"cron": "0 3 * * *"}]}, "jobs": jobs}))

    assert reading.outcome in {"verified", "inconclusive"}
    assert SECRET not in reading.reason


@fuzz
@given(st.binary(max_size=60))
def test_any_bytes_end_in_a_reading(file):
    assert read(workflow, file).outcome == "inconclusive"
