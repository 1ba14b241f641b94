"""mlscore as a library: the names the package promises."""

import subprocess
import sys
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path

import pytest

import mlscore
from formats.samples import PROJECT, RUBRIC, project_with
from mlscore import Report, assess, load_project, load_rubric
from mlscore.errors import InputError, MlscoreError, UsageError
from mlscore.project import Answer, Project

CHURN = project_with({"data": 5, "model": 4, "infra": 8, "monitor": 6})


@pytest.fixture
def churn(write):
    return write("project.yaml", CHURN)


def test_the_example_of_the_docstring(churn):
    project = load_project("project.yaml")
    report = assess(load_rubric(project.rubric, relative_to="project.yaml"), project)

    assert isinstance(report, Report)
    assert (report.claimed.score, report.claimed.tier.label) == (4, "First pass at production")


@pytest.mark.parametrize("kind", [str, Path])
def test_paths_are_text_or_pathlib(write, kind, tmp_path):
    write("rubrics/small.yaml", RUBRIC)
    write("sub/project.yaml", PROJECT.replace("small.yaml", "../rubrics/small.yaml"))
    path = kind(tmp_path / "sub" / "project.yaml")

    project = load_project(path)

    rubric = load_rubric(project.rubric, relative_to=path)

    assert rubric.id == "small"
    assert load_rubric(kind("rubrics/small.yaml")).digest == rubric.digest
    assert load_project(path, rubric=rubric).answers == project.answers


def test_the_project_knows_where_its_answers_stand(churn):
    report = assess(load_rubric(), load_project(churn))

    assert report.line(report.categories[0].tests[0]) == 3
    assert report.line(report.categories[0].tests[6]) is None


def test_scores_are_exact_fractions(write):
    rubric = load_rubric(str(write("small.yaml", RUBRIC.replace("points: 0.5", "points: 0.1"))))
    answers = {f"data-{place}": Answer(status="manual") for place in (1, 2, 3)}

    report = assess(rubric, Project(project="x", answers=answers))

    assert report.categories[0].points == Fraction(3, 10)


def test_the_day_is_today_in_utc_unless_given(churn):
    project = load_project(churn)

    assert assess(load_rubric(), project, date(2020, 1, 2)).as_of == date(2020, 1, 2)
    assert abs((assess(load_rubric(), project).as_of - datetime.now(UTC).date()).days) <= 1


def test_a_project_made_by_hand_is_assessed(churn):
    project = Project(project="x", answers={"data-1": Answer(status="automated"), "data-2": None})

    report = assess(load_rubric(), project)

    assert (report.categories[0].points, report.counts["unanswered"]) == (2, 27)


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"data-8": Answer(status="manual")}, "data-8"),
        ({"data-8": None}, "data-8"),
        ({"infrastructure-1": Answer(status="manual")}, "infrastructure-1"),
        ({"data-1": Answer(status="done")}, "done"),
        ({"data-8": Answer(status="manual"), "model-9": None}, "data-8 and model-9"),
    ],
)
def test_answers_the_rubric_does_not_know_are_a_value_error(answers, words):
    with pytest.raises(ValueError, match=words):
        assess(load_rubric(), Project(project="x", answers=answers))


def test_a_wrong_file_raises_every_problem_with_its_place(write):
    write("project.yaml", "project: x\nanswers:\n  data-1: no\n  data-8: manual\n")

    with pytest.raises(InputError) as caught:
        load_project("project.yaml")

    assert [problem.location.line for problem in caught.value.diagnostics] == [3, 4]
    assert str(caught.value).splitlines()[0] == "project.yaml:3:11: 'no' is not a status; write none"


def test_every_refusal_is_an_mlscore_error():
    with pytest.raises(MlscoreError):
        load_project("missing.yaml")
    with pytest.raises(UsageError):
        load_rubric("ml-test-score-2018")


def test_a_rubric_and_its_parts_do_not_change_afterwards():
    rubric = load_rubric()

    with pytest.raises(ValueError, match="frozen"):
        rubric.title = "other"


def test_public_names_are_listed():
    assert {"Report", "assess", "load_project", "load_rubric", "__version__"} <= set(dir(mlscore))
    assert set(mlscore.__all__) <= set(dir(mlscore))


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'mlscore' has no attribute 'nope'"):
        _ = mlscore.nope


@pytest.mark.parametrize(
    ("code", "banned"),
    [
        ("import mlscore", ["pydantic", "yaml", "typer", "rich", "typing"]),
        ("from mlscore import Report", ["yaml", "typer", "rich"]),
        ("from mlscore import load_project, load_rubric, assess", ["typer", "rich"]),
    ],
)
def test_a_name_imports_no_more_than_it_needs(code, banned):
    check = f"{code}\nimport sys\nprint(sorted(set({banned}) & sys.modules.keys()))"

    run = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{check}"],
        capture_output=True,
        check=True,
    )

    assert run.stdout.decode() == "[]\n"
