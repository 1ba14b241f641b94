"""`mlscore explain`: one test."""

import pytest
from inline_snapshot import snapshot

from formats.samples import RUBRIC


def test_a_test_is_explained_with_what_each_level_asks_for(mlscore):
    assert mlscore("explain", "monitor-4").out == snapshot("""\
monitor-4: Models are not too stale
In Monitoring, ML Test Score, 2016 scale
Also: Test for model staleness

Why it matters
  When retraining stalls nothing breaks: the old model keeps answering, worse
  each week. After a year, whoever knew how to retrain it may have left.

Manual (1 point)
  Someone has compared the age of each served model with a limit taken from the
  Model 4 curve and sent their owners a list of those overdue.

Automated (2 points)
  Each server reports the age of its model and of its newest training data; past
  the Model 4 limit an alert fires.

What others score
  36 systems at Google averaged 0.56 of 2 points here, and 4.18 of 14 in
  Monitoring (Breck et al. 2017, Figure 4). These are means of tests and of
  categories, read off printed bars; the teams were interviewed. Neither the
  spread nor any final score was published, so they give no rank and no typical
  score.

Examples
  - Age at every stage (newest row, features, training, push), to show where the
    pipeline stalled
  - Prometheus alert on now minus the training-data time read from the served
    model
  - Hourly limit for a model that updates continually; a rehearsed retraining
    for a yearly one
  - Not enough: a green training job, when the push to serving can still fail

References
  - Breck et al. 2016, Monitor 4
  - Breck et al. 2017, Monitor 4
  - A checklist for ML Production Systems (seed 000), Monitoring
  - Good Concerns for ML System Production (seed 001), Monitor 4
""")


def test_a_narrow_terminal_folds_it(mlscore, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")

    assert max(map(len, mlscore("explain", "monitor-4").out.splitlines())) <= 40


def test_points_are_those_of_the_chosen_rubric(mlscore):
    text = mlscore("explain", "data-1", "--rubric", "ml-test-score-2017").out

    assert "Manual (0.5 points)" in text
    assert "Automated (1 point)" in text
    assert "ML Test Score, 2017 scale" in text


@pytest.mark.parametrize(("alias", "test"), [("infrastructure-3", "infra-3"), ("monitoring-2", "monitor-2")])
def test_aliases_are_accepted(mlscore, alias, test):
    assert mlscore("explain", alias) == mlscore("explain", test)


def test_a_test_without_texts_is_just_named(mlscore, write):
    run = mlscore("explain", "serving-1", "-r", write("small.yaml", RUBRIC))

    assert run == (0, "serving-1: Roll back is quick\nIn Serving, Small rubric\n", "")


@pytest.mark.parametrize(
    ("test", "words"),
    [
        ("infra3", "did you mean infra-3?"),
        ("DATA-1", "did you mean data-1?"),
        ("xyzzy", "data-1 to monitor-7"),
        ("", "data-1 to monitor-7"),
    ],
)
def test_an_unknown_test_is_exit_2_with_the_nearest(mlscore, test, words):
    run = mlscore("explain", test)

    assert (run.code, run.out) == (2, "")
    assert words in run.err
    assert run.err.count("\n") == 1


def test_no_test_is_a_usage_error(mlscore):
    run = mlscore("explain")

    assert (run.code, run.out) == (2, "")
    assert "Usage: mlscore explain" in run.err


def test_an_unknown_rubric_is_exit_2(mlscore):
    run = mlscore("explain", "data-1", "--rubric", "x.yaml")

    assert (run.code, run.out) == (2, "")
    assert run.err.startswith("x.yaml: cannot be read")


@pytest.mark.parametrize(
    ("test", "line"),
    [
        ("ms-1", "In Questions before production, ML model production checklist\n"),
        ("ee-2", "In Software, Testing through the ML pipeline\n"),
    ],
)
def test_a_test_of_another_built_in_rubric_is_found_without_naming_it(mlscore, test, line):
    run = mlscore("explain", test)

    assert (run.code, run.err) == (0, "")
    assert run.out.startswith(f"{test}: ")
    assert line in run.out


@pytest.mark.parametrize("rubric", ["ml-test-score-2016", "pipeline-testing"])
def test_a_named_rubric_is_the_only_one_looked_into(mlscore, rubric):
    run = mlscore("explain", "ms-1", "--rubric", rubric)

    assert (run.code, run.out) == (2, "")
    assert f"'ms-1' is not a test of {rubric}" in run.err


@pytest.mark.parametrize(
    ("rubric", "average"),
    [
        ("ml-test-score-2016", "0.86 of 2 points here, and 5.16 of 14 in Data"),
        ("ml-test-score-2017", "0.43 of 1 point here, and 2.58 of 7 in Data"),
    ],
)
def test_what_others_score_is_said_on_the_scale_of_the_rubric_with_its_caveat(mlscore, rubric, average):
    words = " ".join(mlscore("explain", "data-1", "--rubric", rubric).out.split())

    assert f"What others score 36 systems at Google averaged {average} (Breck et al. 2017, Figure 4)." in words
    assert (
        "These are means of tests and of categories, read off printed bars; the teams were interviewed. Neither "
        "the spread nor any final score was published, so they give no rank and no typical score."
    ) in words


@pytest.mark.parametrize("test", ["ms-1", "ee-2"])
def test_nothing_is_said_of_others_where_there_is_no_study(mlscore, test):
    assert "What others score" not in mlscore("explain", test).out


def test_a_test_that_the_study_did_not_score_is_not_compared(mlscore, write):
    write(
        "ours.yaml",
        "id: ours\nextends: ml-test-score-2017\ncategories: [{id: data, tests: [{id: data-8, title: X}]}]\n",
    )

    assert "What others score" not in mlscore("explain", "data-8", "-r", "ours.yaml").out
    assert "averaged 0.43 of 1 point" in mlscore("explain", "data-1", "-r", "ours.yaml").out


def test_questions_guidance_and_related_tests_are_shown(mlscore, write):
    rubric = RUBRIC.replace(
        "title: Roll back is quick",
        "title: Roll back is quick, questions: [Who does it?, 'How: by hand?'], "
        "guidance: {manual: Someone did it.}, related: {ml-test-score: [infra-7, infra-6], acme: []}",
    )

    assert mlscore("explain", "serving-1", "-r", write("small.yaml", rubric)).out == snapshot("""\
serving-1: Roll back is quick
In Serving, Small rubric

Questions to ask
  - Who does it?
  - How: by hand?

Manual (0.5 points)
  Someone did it.

Related
  - infra-7, infra-6 in ml-test-score
""")


def test_no_built_in_text_speaks_of_percentiles(mlscore):
    from mlscore.loading import builtin_rubrics

    texts = {
        test: mlscore("explain", test, "-r", rubric.id).out.lower()
        for rubric in builtin_rubrics()
        for test in rubric.tests
    }

    assert len(texts) == 28 + 9 + 11
    assert [test for test, text in texts.items() if "percentile" in text] == []


def test_a_test_of_no_built_in_rubric_points_to_the_option(mlscore):
    result = mlscore("explain", "prompts-4")

    assert result.code == 2
    assert result.err.endswith("; for a rubric of your own add --rubric FILE\n")
