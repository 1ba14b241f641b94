"""`mlscore schema`: what the schema says is tests/test_schema.py's business."""

import json

import pytest

from formats.samples import RUBRIC


@pytest.mark.parametrize(
    ("options", "points"),
    [
        ([], "2 points."),
        (["--rubric", "ml-test-score-2017"], "1 point."),
        (["-r", "ml-test-score"], "2 points."),
    ],
)
def test_the_schema_of_a_rubric_is_printed_as_json(mlscore, options, points):
    run = mlscore("schema", *options)

    assert (run.code, run.err) == (0, "")
    assert json.loads(run.out)["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert f'"{points} A system runs the test' in run.out


def test_a_rubric_of_one_s_own_has_a_schema(mlscore, write):
    run = mlscore("schema", "--rubric", write("small.yaml", RUBRIC))

    answers = json.loads(run.out)["properties"]["answers"]["properties"]
    assert list(answers) == ["data-1", "data-2", "data-3", "serving-1", "serving-2"]


@pytest.mark.parametrize("arguments", [["--rubric", "nope"], ["--rubric", "nope.yaml"], ["extra"], ["--bogus"]])
def test_what_does_not_make_sense_is_exit_2_with_an_empty_stdout(mlscore, arguments):
    run = mlscore("schema", *arguments)

    assert (run.code, run.out) == (2, "")
    assert run.err
