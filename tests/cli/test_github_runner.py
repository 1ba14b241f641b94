"""`mlscore assess --format github` for GitHub's runner: step summary, outputs, places in the repository."""

import json
import os
import re

import pytest
from inline_snapshot import snapshot

from formats.samples import AS_OF, RUBRIC, project_with
from mlscore.formats import FORMATS

SUMS = {"data": 5, "model": 4, "infra": 8, "monitor": 6}
CHURN = project_with(SUMS)
DAY = ("--as-of", f"{AS_OF}")
CI_FORMATS = ("github", "gitlab", "sarif", "junit", "openmetrics", "badge", "shields")


@pytest.fixture(autouse=True)
def no_other_ci(monkeypatch):
    monkeypatch.delenv("CI_PROJECT_DIR", raising=False)


@pytest.fixture
def churn(write):
    write("small.yaml", RUBRIC)
    return write("project.yaml", CHURN)


@pytest.fixture
def runner(monkeypatch, tmp_path):
    """The two files that GitHub's runner names in a step, with what an earlier command has put there."""
    for variable, name in (("GITHUB_STEP_SUMMARY", "summary.md"), ("GITHUB_OUTPUT", "output.txt")):
        (tmp_path / "runner").mkdir(exist_ok=True)
        (tmp_path / "runner" / name).write_text("before=1\n")
        monkeypatch.setenv(variable, str(tmp_path / "runner" / name))
    return lambda name: (tmp_path / "runner" / name).read_text().removeprefix("before=1\n")


def files(text):
    return set(re.findall(r"(?:file=|\"path\": \"|\"uri\": \")([^,\"]+)", text))


# Summary and outputs


def test_the_outputs_of_a_step(mlscore, churn, runner):
    assert mlscore("assess", churn, "-f", "github", "--fail-under", "5").code == 1

    assert runner("output.txt") == snapshot("""\
score=4
tier=basic
passed=false
limiting=model
""")


def test_the_summary_of_a_step_is_the_markdown_report(mlscore, churn, runner):
    markdown = mlscore("assess", churn, "-f", "markdown", *DAY, "--fail-under", "5").out
    mlscore("assess", churn, "-f", "github", *DAY, "--fail-under", "5")

    assert runner("summary.md") == markdown


def test_what_other_commands_of_the_step_wrote_stays(mlscore, churn, runner, tmp_path):
    mlscore("assess", churn, "-f", "github")

    assert (tmp_path / "runner/output.txt").read_text().startswith("before=1\nscore=4\n")
    assert (tmp_path / "runner/summary.md").read_text().startswith("before=1\n<!-- mlscore -->\n")


@pytest.mark.parametrize("variable", ["GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT"])
def test_each_is_written_only_where_the_runner_asks_for_it(mlscore, churn, runner, monkeypatch, variable):
    monkeypatch.delenv(variable)
    mlscore("assess", churn, "-f", "github")

    assert (runner("summary.md") == "", runner("output.txt") == "") == (
        variable == "GITHUB_STEP_SUMMARY",
        variable == "GITHUB_OUTPUT",
    )


def test_without_a_runner_only_stdout_is_written(mlscore, churn, tmp_path):
    before = sorted(os.listdir(tmp_path))

    assert mlscore("assess", churn, "-f", "github").code == 0
    assert sorted(os.listdir(tmp_path)) == before


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "github"])
def test_no_other_format_writes_them(mlscore, churn, runner, name):
    mlscore("assess", churn, "-f", name)

    assert (runner("summary.md"), runner("output.txt")) == ("", "")


def test_annotations_written_to_a_file_still_tell_the_runner(mlscore, churn, runner):
    mlscore("assess", churn, "--write", "github=annotations.txt")

    assert runner("output.txt").startswith("score=4\n")


@pytest.mark.parametrize(
    ("options", "passed"),
    [
        ((), "true"),
        (("--fail-under", "4"), "true"),
        (("--fail-under", "5"), "false"),
        (("--fail-under", "5", "--exit-zero"), "false"),
        (("--require", "data-7"), "false"),
    ],
)
def test_passed_is_the_gate_s_verdict(mlscore, churn, runner, options, passed):
    mlscore("assess", churn, "-f", "github", *options)

    assert f"\npassed={passed}\n" in runner("output.txt")


def test_outputs_of_several_projects(mlscore, churn, runner, write):
    write("full.yaml", project_with(dict.fromkeys(SUMS, 14)))
    mlscore("assess", churn, "full.yaml", "-f", "github", "--fail-under", "5")

    assert "score=4,14\ntier=basic,exceptional\npassed=false\n" in runner("output.txt")
    assert runner("summary.md").count("\n## ML Test Score: ") == 2


def test_a_refused_input_never_passes(mlscore, churn, runner, write):
    """The step ends with 2; a later step that asks for `passed` must not read true."""
    write("wrong.yaml", "project: wrong\nanswers: {data-1: no}\n")

    run = mlscore("assess", churn, "wrong.yaml", "-f", "github")

    assert run.code == 2
    assert "passed=true" not in runner("output.txt")


def test_nothing_is_told_when_every_input_is_refused(mlscore, runner, write):
    write("wrong.yaml", "project: wrong\nanswers: {data-1: no}\n")

    assert mlscore("assess", "wrong.yaml", "-f", "github").code == 2
    assert (runner("summary.md"), runner("output.txt")) == ("", "")


@pytest.mark.parametrize("variable", ["GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT"])
@pytest.mark.parametrize("path", ["missing/file", "."])
def test_a_file_of_the_runner_that_cannot_be_written_is_an_error(mlscore, churn, monkeypatch, variable, path):
    monkeypatch.setenv(variable, path)

    run = mlscore("assess", churn, "-f", "github")

    assert run.code == 2
    assert run.err.startswith(f"mlscore: {path}: not written: ")


@pytest.mark.parametrize("name", ["x\nscore=99", "x\npassed=true\n", "score<<EOF\n99\nEOF"])
def test_a_project_s_name_sets_no_output(mlscore, runner, write, name):
    write("project.yaml", CHURN.replace("churn", json.dumps(name)))
    mlscore("assess", "project.yaml", "-f", "github", "--fail-under", "5")

    assert runner("output.txt").splitlines() == ["score=4", "tier=basic", "passed=false", "limiting=model"]


# Places


@pytest.fixture
def repository(tmp_path, write, monkeypatch):
    """A repository with a project at its root and one below; the folder of the run is ml/."""
    (tmp_path / "repo/.git").mkdir(parents=True)
    (tmp_path / "repo/ml/deep").mkdir(parents=True)
    for name in ("repo/ml/project.yaml", "repo/project.yaml", "elsewhere/project.yaml"):
        write(name, CHURN)
    monkeypatch.chdir(tmp_path / "repo/ml")
    return tmp_path / "repo"


@pytest.mark.parametrize("name", ["github", "gitlab", "sarif"])
@pytest.mark.parametrize("variable", [None, "GITHUB_WORKSPACE", "CI_PROJECT_DIR"])
@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("project.yaml", "ml/project.yaml"),
        ("./deep/../project.yaml", "ml/project.yaml"),
        ("../project.yaml", "project.yaml"),
        ("{root}/ml/project.yaml", "ml/project.yaml"),
    ],
)
def test_places_are_relative_to_the_repository(mlscore, repository, monkeypatch, name, variable, path, expected):
    if variable:
        monkeypatch.setenv(variable, str(repository))

    run = mlscore("assess", path.format(root=repository), "-f", name, "--fail-under", "5")

    assert files(run.out) == {expected}


def test_a_report_in_a_file_has_the_same_places(mlscore, repository):
    run = mlscore("assess", "project.yaml", "-f", "sarif", *DAY)
    mlscore("assess", "project.yaml", "--write", "sarif=deep/out.sarif", *DAY)

    assert (repository / "ml/deep/out.sarif").read_text() == run.out


def test_the_workspace_wins_over_a_repository_inside_it(mlscore, repository, monkeypatch):
    (repository / "ml/.git").mkdir()
    assert files(mlscore("assess", "project.yaml", "-f", "gitlab").out) == {"project.yaml"}

    monkeypatch.setenv("GITHUB_WORKSPACE", str(repository))
    assert files(mlscore("assess", "project.yaml", "-f", "gitlab").out) == {"ml/project.yaml"}


@pytest.mark.parametrize("workspace", ["", "/does/not/exist", "relative/missing"])
def test_a_workspace_that_is_none_is_passed_over(mlscore, repository, monkeypatch, workspace):
    monkeypatch.setenv("GITHUB_WORKSPACE", workspace)

    assert files(mlscore("assess", "project.yaml", "-f", "gitlab").out) == {"ml/project.yaml"}


def test_a_workspace_behind_a_link_is_the_same_place(mlscore, repository, monkeypatch, tmp_path):
    (tmp_path / "link").symlink_to(repository)
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path / "link"))

    assert files(mlscore("assess", "project.yaml", "-f", "gitlab").out) == {"ml/project.yaml"}


@pytest.mark.parametrize("variable", ["GITHUB_WORKSPACE", "CI_PROJECT_DIR"])
def test_a_workspace_need_not_be_a_git_repository(mlscore, repository, monkeypatch, variable):
    (repository / ".git").rmdir()
    monkeypatch.setenv(variable, str(repository))

    assert files(mlscore("assess", "project.yaml", "-f", "gitlab").out) == {"ml/project.yaml"}


def test_a_project_outside_the_repository_keeps_its_path(mlscore, repository):
    assert files(mlscore("assess", "../../elsewhere/project.yaml", "-f", "gitlab").out) == {
        "../../elsewhere/project.yaml"
    }


def test_outside_a_repository_places_are_as_given(mlscore, churn):
    assert files(mlscore("assess", "./project.yaml", "-f", "gitlab").out) == {"project.yaml"}


def test_a_project_from_stdin_has_a_place_too(process, churn):
    run = process("assess", "-", "-f", "sarif", stdin=CHURN.encode())

    assert files(run.stdout.decode()) == {"stdin"}


@pytest.mark.parametrize("name", ["json", "csv", "junit", "openmetrics", "badge", "shields", "value"])
def test_formats_without_places_do_not_depend_on_the_runner(mlscore, repository, runner, monkeypatch, name):
    before = mlscore("assess", "project.yaml", "-f", name, *DAY)
    monkeypatch.setenv("GITHUB_WORKSPACE", str(repository))
    monkeypatch.setenv("GITHUB_ACTIONS", "true")

    assert mlscore("assess", "project.yaml", "-f", name, *DAY) == before


# The same bytes


@pytest.mark.parametrize("name", CI_FORMATS)
def test_the_same_input_gives_the_same_bytes(process, churn, write, name):
    write("other.yaml", "rubric: small.yaml\nproject: é\nanswers: {data-1: manual}\ngate: {require: [data-2]}\n")
    command = ("assess", "project.yaml", "other.yaml", "-f", name, *DAY)
    here = {"PYTHONHASHSEED": "1", "TZ": "UTC", "COLUMNS": "200", "LC_ALL": "C.UTF-8"}
    there = {"PYTHONHASHSEED": "2", "TZ": "Asia/Tokyo", "COLUMNS": "20", "LC_ALL": "C", "PYTHONUTF8": "1"}

    first, second = process(*command, env=here), process(*command, env=there)

    assert first.returncode == second.returncode == 1
    assert len(first.stdout) > 100
    assert first.stdout == second.stdout


@pytest.mark.parametrize("name", CI_FORMATS)
def test_machines_get_the_same_bytes_whatever_the_locale(process, write, name):
    write("project.yaml", CHURN.replace("churn", "é 👩"))
    command = ("assess", "project.yaml", "-f", name, *DAY)
    ascii_ = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}

    assert process(*command, env=ascii_).stdout == process(*command, env={"PYTHONUTF8": "1"}).stdout


# File names


@pytest.mark.parametrize("name", CI_FORMATS)
@pytest.mark.parametrize(
    "path",
    [
        "a b.yaml",
        "é 👩.yaml",
        "a#b%20?.yaml",
        "a,b:c.yaml",
        "::error::x.yaml",
        "a\nb.yaml",
        "\x1b[31m.yaml",
        b"p\xff.yaml",
    ],
)
def test_any_file_name_can_be_scored_in_every_format(mlscore, tmp_path, name, path):
    with open(tmp_path / os.fsdecode(path), "w") as file:
        file.write(CHURN)

    run = mlscore("assess", os.fsdecode(path), "-f", name, "-o", "report", "--fail-under", "5")

    assert (run.code, run.out) == (1, "")
    assert len((tmp_path / "report").read_bytes()) > 100


@pytest.mark.parametrize("name", [*CI_FORMATS, "json", "csv"])
def test_a_name_of_ten_thousand_characters_changes_no_verdict(mlscore, write, name):
    write("project.yaml", CHURN.replace("churn", "x" * 10_000))

    run = mlscore("assess", "project.yaml", "-f", name, "--fail-under", "5")

    assert run.code == 1
    assert run.out
    assert run.err == mlscore("assess", "project.yaml", "-q", "--fail-under", "5").err
