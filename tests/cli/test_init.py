"""`mlscore init`: a project file to start from."""

import json
import os
from pathlib import Path

import pytest

from formats.samples import RUBRIC
from mlscore import load_project, load_rubric


@pytest.fixture
def folder(tmp_path, monkeypatch):
    path = tmp_path / "churn-model"
    path.mkdir()
    monkeypatch.chdir(path)
    return path


def test_it_writes_a_project_and_the_schema_beside_it(mlscore, folder):
    run = mlscore("init")

    assert run.code == 0
    assert sorted(os.listdir()) == ["mlscore.schema.json", "project.yaml"]
    assert load_project("project.yaml").project == "churn-model"
    assert Path("mlscore.schema.json").read_text() == mlscore("schema").out


def test_it_says_what_to_do_next_on_stderr(mlscore, folder):
    """Data goes to stdout, talk to stderr; the data went to the files."""
    run = mlscore("init")

    assert run.out == ""
    assert "mlscore assess project.yaml" in run.err


def test_every_test_is_unanswered_and_the_score_is_0(mlscore, folder):
    mlscore("init")

    run = mlscore("assess", "project.yaml", "-f", "json")

    report = json.loads(run.out)
    assert run.code == 0
    assert report["claimed"]["score"] == 0
    assert {status: count for status, count in report["counts"].items() if count} == {"unanswered": 28}


def test_a_project_file_is_never_overwritten_without_force(mlscore, folder):
    (folder / "project.yaml").write_text("mine")

    run = mlscore("init")

    assert (run.code, run.out) == (2, "")
    assert run.err == "mlscore: project.yaml: already there; --force overwrites\n"
    assert (folder / "project.yaml").read_text() == "mine"
    assert os.listdir() == ["project.yaml"]


def test_force_overwrites(mlscore, folder):
    (folder / "project.yaml").write_text("mine")

    assert mlscore("init", "--force").code == 0
    assert load_project("project.yaml").project == "churn-model"


def test_another_schema_is_not_overwritten_either_and_nothing_is_half_written(mlscore, folder):
    (folder / "mlscore.schema.json").write_text("{}")

    run = mlscore("init")

    assert run.code == 2
    assert "mlscore.schema.json: already there" in run.err
    assert os.listdir() == ["mlscore.schema.json"]


def test_a_second_project_in_a_folder_shares_the_schema(mlscore, folder):
    assert mlscore("init", "one.yaml").code == 0
    assert mlscore("init", "two.yaml").code == 0
    assert sorted(os.listdir()) == ["mlscore.schema.json", "one.yaml", "two.yaml"]


def test_the_path_may_lead_elsewhere_and_the_name_is_that_folder_s(mlscore, folder):
    (folder / "fraud").mkdir()

    assert mlscore("init", "fraud/answers.yaml").code == 0
    assert sorted(os.listdir("fraud")) == ["answers.yaml", "mlscore.schema.json"]
    assert load_project("fraud/answers.yaml").project == "fraud"


def test_a_folder_that_is_not_there_is_exit_2_and_leaves_nothing(mlscore, folder):
    run = mlscore("init", "missing/project.yaml")

    assert (run.code, run.out) == (2, "")
    assert "not written: no such file or directory" in run.err
    assert os.listdir() == []


@pytest.mark.parametrize(
    "name",
    ["no", "null", "12", "1.0", "a: b", "# x", "'quoted'", 'say "hi"', "-", "Übung", "[x]", "back\\slash"],
)
def test_any_name_comes_back_as_it_was(mlscore, folder, name):
    assert mlscore("init", "--project", name).code == 0
    assert load_project("project.yaml").project == name


@pytest.mark.parametrize("name", ["", " ", "\t\n"])
def test_a_blank_name_never_makes_a_file_that_cannot_be_read(mlscore, folder, name):
    run = mlscore("init", "--project", name)

    assert run.code == 2 or load_project("project.yaml").project.strip()


def test_a_name_of_the_folder_that_yaml_would_read_otherwise_is_quoted(mlscore, tmp_path, monkeypatch):
    path = tmp_path / "on"
    path.mkdir()
    monkeypatch.chdir(path)

    mlscore("init")

    assert load_project("project.yaml").project == "on"


def test_a_built_in_rubric_is_named_by_its_id(mlscore, folder):
    mlscore("init", "--rubric", "ml-test-score-2017")

    assert load_project("project.yaml").rubric == "ml-test-score-2017"


def test_a_rubric_of_one_s_own_is_named_by_its_path_from_the_file(mlscore, folder):
    (folder / "rubrics").mkdir()
    (folder / "sub").mkdir()
    (folder / "rubrics" / "our own.yaml").write_text(RUBRIC)

    assert mlscore("init", "sub/project.yaml", "--rubric", "rubrics/our own.yaml").code == 0

    project = load_project("sub/project.yaml")
    assert project.rubric == "../rubrics/our own.yaml"
    assert list(project.answers) == ["data-1", "data-2", "data-3", "serving-1", "serving-2"]
    assert load_rubric(project.rubric, relative_to="sub/project.yaml").id == "small"


def test_an_unknown_rubric_is_exit_2_and_leaves_nothing(mlscore, folder):
    assert mlscore("init", "--rubric", "ml-test-score-2018").code == 2
    assert os.listdir() == []


def test_a_dash_prints_the_template_alone(mlscore, folder):
    run = mlscore("init", "-")

    assert run.code == 2 or run.out.endswith("monitor-7:\n")
    assert "-" not in os.listdir()
