"""`mlscore collect`: test results become answers, and nothing else in the file changes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from mlscore import load_project

PROJECT = """\
# yaml-language-server: $schema=./mlscore.schema.json
project: churn   # the model
answers:
  # Data
  data-1: automated   # every night
  data-2: manual
  data-3:   # nobody knows

  # Model
  model-1: {status: not_applicable, reason: "no specs"}
"""


def junit(**outcomes):
    """Write JUnit XML whose cases carry ids: `data_1="passed"`."""
    children = {"passed": "", "failed": "<failure/>", "skipped": "<skipped/>"}
    cases = (
        f'<testcase classname="tests.t" name="test_{name}"><properties><property name="mlscore" '
        f'value="{name.replace("_", "-")}"/></properties>{children[outcome]}</testcase>'
        for name, outcome in outcomes.items()
    )
    return f'<testsuite name="s" timestamp="2026-11-20T10:00:00+00:00">{"".join(cases)}</testsuite>'


@pytest.fixture
def project(write):
    return write("project.yaml", PROJECT)


@pytest.fixture
def report(write):
    """One result of each kind."""
    return write(
        "reports/junit.xml",
        junit(
            data_1="passed",
            data_2="passed",
            data_3="passed",
            data_4="failed",
            data_5="skipped",
            data_9="passed",
            model_1="passed",
            monitor_1="passed",
        ),
    )


def test_results_become_answers_and_everything_is_said(mlscore, project, report):
    run = mlscore("collect", report, "--into", project)

    assert run.code == 0
    assert run.out == snapshot("""\
data-1: automated, now with junit reports/junit.xml
data-3: unanswered, now automated with junit reports/junit.xml
monitor-1: unanswered, now automated with junit reports/junit.xml
""")
    assert run.err == snapshot("""\
reports/junit.xml: 'data-9' is not a test of ml-test-score-2016; there are data-1 to data-7
data-2: manual, kept; --force overwrites
data-4: left as it is; reports/junit.xml: contradicted: 1 of 1 case failed: tests.t::test_data_4
data-5: left as it is; reports/junit.xml: inconclusive: no case passed: 1 skipped; 1 other case failed
model-1: not_applicable, kept; --force overwrites
""")
    assert project.read_text() == snapshot("""\
# yaml-language-server: $schema=./mlscore.schema.json
project: churn   # the model
answers:
  # Data
  data-1:
    status: automated   # every night
    evidence:
      - junit: reports/junit.xml
  data-2: manual
  data-3:   # nobody knows
    status: automated
    evidence:
      - junit: reports/junit.xml

  # Model
  model-1: {status: not_applicable, reason: "no specs"}
  monitor-1:
    status: automated
    evidence:
      - junit: reports/junit.xml
""")


def test_a_second_run_changes_nothing_and_leaves_the_file_alone(mlscore, project, report):
    mlscore("collect", report, "--into", project)
    os.utime(project, (1_000_000_000, 1_000_000_000))

    run = mlscore("collect", report, "--into", project)

    assert (run.code, run.out) == (0, "")
    assert run.err.endswith("\nproject.yaml: unchanged\n")
    assert project.stat().st_mtime == 1_000_000_000


def test_dry_run_shows_the_change_and_writes_nothing(mlscore, project, report):
    os.utime(project, (1_000_000_000, 1_000_000_000))

    run = mlscore("collect", report, "--into", project, "--dry-run")

    assert run.code == 0
    assert run.out == snapshot("""\
--- project.yaml
+++ project.yaml
@@ -2,9 +2,19 @@
 project: churn   # the model
 answers:
   # Data
-  data-1: automated   # every night
+  data-1:
+    status: automated   # every night
+    evidence:
+      - junit: reports/junit.xml
   data-2: manual
   data-3:   # nobody knows
+    status: automated
+    evidence:
+      - junit: reports/junit.xml
 \n\
   # Model
   model-1: {status: not_applicable, reason: "no specs"}
+  monitor-1:
+    status: automated
+    evidence:
+      - junit: reports/junit.xml
""")
    assert "data-2: manual, kept; --force overwrites\n" in run.err
    assert project.read_text() == PROJECT
    assert project.stat().st_mtime == 1_000_000_000


def test_dry_run_with_nothing_to_change_shows_an_empty_diff(mlscore, project, write):
    run = mlscore("collect", write("r.xml", junit(data_2="passed")), "--into", project, "--dry-run")

    assert (run.code, run.out) == (0, "")
    assert run.err == "data-2: manual, kept; --force overwrites\nproject.yaml: unchanged\n"


@pytest.mark.parametrize(
    "content",
    [PROJECT, PROJECT.rstrip("\n"), PROJECT.replace("  # Model\n", "  # Größe 😀\n")],
    ids=["", "no newline", "wide"],
)
def test_the_diff_of_a_dry_run_is_one_that_patch_takes(mlscore, write, report, content):
    project = write("project.yaml", content)
    shown = mlscore("collect", report, "--into", project, "--dry-run").out
    mlscore("collect", report, "--into", project)
    expected = project.read_bytes()
    write("project.yaml", content)

    subprocess.run(["git", "apply", "-p0", "-"], input=shown.encode(), check=True)

    assert project.read_bytes() == expected


def test_force_overwrites_what_a_person_said_and_keeps_the_rest(mlscore, project, report):
    run = mlscore("collect", report, "--into", project, "--force")

    assert run.code == 0
    assert "data-2: manual, now automated with junit reports/junit.xml\n" in run.out
    assert (
        '  model-1: {status: automated, reason: "no specs", evidence: [{junit: reports/junit.xml}]}\n'
        in project.read_text()
    )
    assert "--force" not in run.err


def test_what_is_collected_counts_as_verified(mlscore, write, report):
    project = write("project.yaml", "project: p\nanswers: {}\n")
    mlscore("collect", report, "--into", project)

    run = mlscore("assess", project, "-f", "json", "--as-of", "2026-11-21")

    tests = {test["id"]: test for category in json.loads(run.out)["categories"] for test in category["tests"]}
    assert tests["data-1"]["verified_points"] == tests["data-1"]["points"] == 2
    assert [item["outcome"] for item in tests["data-1"]["evidence"]] == ["verified"]


def test_a_run_of_pytest_from_marks_to_answers(mlscore, write):
    """JUnit XML and the plugin's own file, told apart by what is in them."""
    project = write("project.yaml", "project: p\nanswers: {}\n")
    write("test_it.py", 'import pytest\n@pytest.mark.mlscore("infra-3")\ndef test_pipeline(): pass\n')
    options = ["-q", "-p", "no:cacheprovider", "--junitxml=a.txt", "--mlscore-json=b.txt", "test_it.py"]
    subprocess.run([sys.executable, "-m", "pytest", *options], check=True, capture_output=True)

    run = mlscore("collect", "a.txt", "b.txt", "--into", project)

    assert run == (0, "infra-3: unanswered, now automated with junit a.txt, pytest b.txt\n", "")
    answer = load_project("project.yaml").answers["infra-3"]
    assert [(entry.kind, entry.target) for entry in answer.evidence] == [("junit", "a.txt"), ("pytest", "b.txt")]


class TestRefused:
    """Nothing is written, and what is wrong is said with its place."""

    @pytest.fixture(autouse=True)
    def untouched(self, project):
        yield
        assert project.read_text() == PROJECT
        assert not list(Path().glob("**/*.tmp"))

    @pytest.mark.parametrize(
        ("content", "problem"),
        [
            ("no xml", "no results to collect: it is not XML, or cut off"),
            ("", "no results to collect: it is not XML, or cut off"),
            ("<html/>", "no results to collect: it is not JUnit XML"),
            ("{", "no results to collect: it is not JSON, or cut off"),
            ("[]", "no results to collect: it was not written by mlscore's pytest plugin"),
            ("\ufeff\n {}", "no results to collect: it was not written by mlscore's pytest plugin"),
            ("<testsuite/>", 'no test in it carries an id; mark tests with @pytest.mark.mlscore("data-1")'),
            (b"\xff\xfe\0", "no results to collect: it is not XML, or cut off"),
        ],
    )
    def test_a_report_that_is_none(self, mlscore, project, write, content, problem):
        run = mlscore("collect", write("r.xml", content), "--into", project)

        assert (run.code, run.out) == (2, "")
        assert run.err.startswith(f"r.xml: {problem}")
        assert run.err.count("\n") == 1

    def test_a_report_that_is_too_large(self, mlscore, project, write):
        run = mlscore("collect", write("r.json", b"{" + b" " * 16 * 1024 * 1024), "--into", project)

        assert run == (2, "", "r.json: larger than the limit of 16 MiB\n")

    def test_one_bad_report_among_good_ones(self, mlscore, project, report, write):
        run = mlscore("collect", report, write("bad.xml", "x"), "nix.xml", "--into", project)

        assert (run.code, run.out) == (2, "")
        assert [line.split(":")[0] for line in run.err.splitlines()] == ["bad.xml", "nix.xml"]

    def test_a_report_outside_the_projects_root(self, mlscore, project, tmp_path_factory):
        """Evidence there never counts."""
        report = tmp_path_factory.mktemp("elsewhere") / "r.xml"
        report.write_text(junit(data_3="passed"))

        run = mlscore("collect", report, "--into", project)

        assert (run.code, run.out) == (2, "")
        assert f"{report}: it lies outside the project's root; evidence there would not count" in run.err

    def test_a_report_in_a_folder_whose_name_begins_like_the_roots(self, mlscore, project, tmp_path):
        report = Path(f"{tmp_path}-2") / "r.xml"
        report.parent.mkdir()
        report.write_text(junit(data_3="passed"))

        assert mlscore("collect", report, "--into", project).code == 2

    def test_a_report_that_a_link_leads_out_to(self, mlscore, project, tmp_path_factory):
        report = tmp_path_factory.mktemp("elsewhere") / "r.xml"
        report.write_text(junit(data_3="passed"))
        Path("r.xml").symlink_to(report)

        run = mlscore("collect", "r.xml", "--into", project)

        assert run.code == 2
        assert "r.xml: it lies outside the project's root" in run.err

    @pytest.mark.parametrize("name", ["a\x1b[31m.xml", "a##[error].xml", "a\u202eb.xml"])
    def test_a_name_that_no_project_file_can_hold(self, mlscore, project, write, name):
        run = mlscore("collect", write(name, junit(data_3="passed")), "--into", project)

        assert (run.code, run.out) == (2, "")
        assert "a project file cannot hold its name as it is; rename it" in run.err
        assert name not in run.err

    @pytest.mark.parametrize("arguments", [["-", "--into", "project.yaml"], ["reports/junit.xml", "--into", "-"]])
    def test_standard_input(self, mlscore, report, arguments):
        run = mlscore("collect", *arguments)

        assert run == (2, "", "mlscore: collect: - is no file; answers name their evidence by its path\n")

    def test_a_folder_as_report(self, mlscore, project, report):
        run = mlscore("collect", "reports", "--into", project)

        assert run == (2, "", "reports: a folder, not a file\n")

    @pytest.mark.parametrize("arguments", [[], ["reports/junit.xml"], ["--into", "project.yaml"]])
    def test_too_few_arguments(self, mlscore, report, arguments):
        assert mlscore("collect", *arguments).code == 2

    def test_a_splice_that_would_say_something_else(self, mlscore, project, report, monkeypatch):
        from mlscore.loading import editing

        monkeypatch.setattr(editing, "_spliced", lambda text, splices: text.replace("churn", "x"))

        run = mlscore("collect", report, "--into", project)

        assert (run.code, run.out) == (2, "")
        assert "project.yaml: not written: the change would not read back as it was meant" in run.err


def test_answers_that_would_break_a_rule_are_not_written(mlscore, write):
    """An answer has room for 1,000 entries."""
    entries = ", ".join(["file: a.md"] * 1_000)
    text = f"project: p\nanswers: {{data-1: {{status: automated, evidence: [{entries}]}}}}\n"
    project = write("project.yaml", text)

    run = mlscore("collect", write("r.xml", junit(data_1="passed")), "--into", project)

    assert (run.code, run.out) == (2, "")
    assert "more than the limit of 1000 entries" in run.err
    assert "project.yaml: not written: the answers would not be valid" in run.err
    assert project.read_text() == text


def test_a_project_file_with_mistakes_is_refused_as_everywhere(mlscore, write, report):
    project = write("project.yaml", "project: p\nanswers: {data-1: yes}\n")

    run = mlscore("collect", report, "--into", project)

    assert (run.code, run.out) == (2, "")
    assert run.err.startswith("project.yaml:2:19: 'yes' does not say how")


def test_a_rubric_without_a_level_for_results_is_an_error(mlscore, write, report):
    write(
        "own.yaml",
        "id: own\ntitle: t\nlevels: {done: {points: 1}}\ntiers: [{id: all, from: 0, label: All}]\n"
        "categories: [{id: a, title: A, tests: [{id: data-1, title: T}]}]\n",
    )
    project = write("project.yaml", "rubric: own.yaml\nproject: p\nanswers: {}\n")

    run = mlscore("collect", report, "--into", project)

    assert run == (2, "", "mlscore: own: no level of this rubric is backed by results, so they answer nothing\n")


def test_a_report_without_ids_beside_others_is_said_and_does_not_stop(mlscore, project, report, write):
    """A test runner can write many files, of which few carry ids."""
    run = mlscore("collect", report, write("bare.xml", "<testsuite/>"), "--into", project)

    assert run.code == 0
    assert run.err.startswith("bare.xml: no test in it carries an id; mark tests")


def test_many_unknown_ids_are_cut_short(mlscore, project, write):
    report = write("r.xml", junit(**{f"x_{number}": "passed" for number in range(100)}))

    run = mlscore("collect", report, "--into", project)

    assert (run.code, run.out) == (0, "")
    assert run.err.count("\n") == 22
    assert run.err.endswith("\nand 80 more problems\nproject.yaml: unchanged\n")


def test_an_answer_with_an_anchor_is_left_to_a_person(mlscore, write):
    project = write("project.yaml", "project: p\nanswers:\n  data-1: &a automated\n  data-2: *a\n  data-3:\n")

    run = mlscore("collect", write("r.xml", junit(data_1="passed", data_3="passed")), "--into", project)

    assert run.code == 0
    assert run.err == ("data-1: left as it is; it is shared by an anchor or alias (& or *); change it by hand\n")
    assert run.out == "data-3: unanswered, now automated with junit r.xml\n"


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_the_byte_order_mark_stay(mlscore, write, report, mark, newline):
    before = mark + PROJECT.encode().replace(b"\n", newline)
    project = write("project.yaml", before)

    mlscore("collect", report, "--into", project)

    after = project.read_bytes()
    assert after != before
    assert after.startswith(mark + b"# yaml-language-server")
    assert after.count(b"\n") == after.count(newline)


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o664])
def test_the_mode_of_the_file_stays(mlscore, project, report, mode):
    project.chmod(mode)

    mlscore("collect", report, "--into", project)

    assert project.read_text() != PROJECT
    assert project.stat().st_mode & 0o777 == mode


def test_a_project_behind_a_link_is_changed_where_it_lies(mlscore, project, report):
    Path("link.yaml").symlink_to(project)

    run = mlscore("collect", report, "--into", "link.yaml")

    assert run.code == 0
    assert Path("link.yaml").is_symlink()
    assert project.read_text() != PROJECT


class TestPaths:
    """Evidence is named from the project file."""

    @pytest.mark.parametrize(
        ("into", "given", "target"),
        [
            ("project.yaml", "reports/r.xml", "reports/r.xml"),
            ("project.yaml", "./reports/../reports/r.xml", "reports/r.xml"),
            ("models/churn/project.yaml", "reports/r.xml", "../../reports/r.xml"),
            ("models/project.yaml", "models/r.xml", "r.xml"),
            ("project.yaml", "a: b #1.xml", "a: b #1.xml"),
            ("project.yaml", "[1] größe.xml", "[1] größe.xml"),
            ("project.yaml", "a\nb.xml", "a\nb.xml"),
        ],
    )
    def test_relative(self, mlscore, write, into, given, target):
        Path(".git").mkdir()
        project = write(into, "project: p\nanswers: {}\n")
        Path("reports").mkdir()
        write(given, junit(data_1="passed"))

        run = mlscore("collect", given, "--into", project)

        assert run.code == 0
        assert load_project(into).answers["data-1"].evidence[0].target == target
        assess = json.loads(mlscore("assess", into, "-f", "json", "--as-of", "2026-11-21").out)
        assert assess["categories"][0]["tests"][0]["evidence"][0]["outcome"] == "verified"

    def test_absolute(self, mlscore, project, report):
        run = mlscore("collect", report.absolute(), "--into", project.absolute())

        assert "data-3: unanswered, now automated with junit reports/junit.xml\n" in run.out

    def test_a_link_inside_the_project_keeps_its_name(self, mlscore, project, report):
        Path("latest").symlink_to("reports")

        run = mlscore("collect", "latest/junit.xml", "--into", project)

        assert "data-3: unanswered, now automated with junit latest/junit.xml\n" in run.out

    def test_a_way_up_through_a_link_is_written_as_it_is_walked(self, mlscore, write, report):
        """`link/../reports` is not `reports` where the link leads deeper."""
        Path(".git").mkdir()
        write("deep/er/project.yaml", "project: p\nanswers: {}\n")
        Path("link").symlink_to("deep/er")

        mlscore("collect", report, "--into", "link/project.yaml")

        target = load_project("link/project.yaml").answers["data-1"].evidence[0].target
        assert target == "../../reports/junit.xml"


def test_a_diff_shows_what_could_act_as_escapes(mlscore, write):
    """It may land in the log of a CI run, where some lines are commands."""
    text = "project: p\ndescription: |\n  ::error::x\n# \u202e ##[error]y\nanswers: {}\n"
    project = write("project.yaml", text)

    run = mlscore("collect", write("r.xml", junit(data_1="passed")), "--into", project, "--dry-run")

    assert "\n   \\x3a:error::x\n # \\u202e #\\x23[error]y\n" in run.out
    assert project.read_text() == text
