"""MLflow: a finished run, judged by the project's conditions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.samples import GONE, JSON, SECRET, assert_careful, changed, data, dumped, fuzz, raw, read, spoiled
from mlscore.evidence import mlflow
from mlscore.evidence.moments import moment

PASS, FAIL = "mlflow/pass.json", "mlflow/fail.json"
CHECKS = ["/data/metrics/cv_accuracy >= 0.9"]
END = moment("2026-11-21T07:21:53.267Z")


def test_a_finished_run_that_satisfies_every_check_is_verified():
    """The genuine file holds NaN in another metric."""
    assert b"NaN" in raw(PASS)
    assert read(mlflow, raw(PASS), checks=CHECKS) == ("verified", "1 check passed", 1, END)


def test_a_check_that_does_not_hold_contradicts():
    reading = read(mlflow, raw(PASS), checks=["/data/metrics/cv_accuracy >= 0.99"])

    assert reading == ("contradicted", "1 of 1 check failed: '/data/metrics/cv_accuracy >= 0.99'", 0, END)


@pytest.mark.parametrize("checks", [CHECKS, [], ["/data/metrics/cv_accuracy > 0"]])
def test_a_run_that_failed_contradicts_whatever_its_metrics(checks):
    reading = read(mlflow, raw(FAIL), checks=checks)

    assert reading[:2] == ("contradicted", "the run failed or was killed")


def test_a_run_that_was_killed_contradicts():
    assert read(mlflow, changed(PASS, info__status="KILLED"), checks=CHECKS).outcome == "contradicted"


@pytest.mark.parametrize("status", ["RUNNING", "SCHEDULED", "finished", "", "3"])
def test_a_run_that_has_not_finished_shows_nothing(status):
    reading = read(mlflow, changed(PASS, info__status=status), checks=CHECKS)

    assert reading[:2] == ("inconclusive", "the run has not finished")


@pytest.mark.parametrize("stage", ["deleted", "ACTIVE", None, True, GONE])
@pytest.mark.parametrize("name", [PASS, FAIL])
def test_a_deleted_run_shows_nothing(name, stage):
    reading = read(mlflow, changed(name, info__lifecycle_stage=stage), checks=CHECKS)

    assert reading[:2] == ("inconclusive", "the run was deleted")


def test_a_run_without_checks_shows_nothing():
    assert read(mlflow, raw(PASS)).outcome == "inconclusive"


@pytest.mark.parametrize("sign", ["==", "!=", ">=", "<=", ">", "<"])
@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1.7976931348623157e+308", "-1.79e308"])
def test_a_diverged_metric_satisfies_no_condition(value, sign):
    file = raw(PASS).replace(b"NaN", value.encode())
    reading = read(mlflow, file, checks=[f"/data/metrics/auc {sign} 0.5"])

    assert reading[:2] == ("inconclusive", "'/data/metrics/auc' is not a finite number")


def test_a_large_metric_is_a_number():
    file = raw(PASS).replace(b"NaN", b"1.78e308")

    assert read(mlflow, file, checks=["/data/metrics/auc > 0.5"]).outcome == "verified"


def test_a_metric_with_a_slash_in_its_name_is_written_with_an_escape():
    file = changed(PASS, data__metrics={"val/auc": 0.9})

    assert read(mlflow, file, checks=["/data/metrics/val~1auc >= 0.9"]).outcome == "verified"
    assert read(mlflow, file, checks=["/data/metrics/val/auc >= 0.9"])[:2] == (
        "inconclusive",
        "it holds no '/data/metrics/val/auc' (a slash in a name is written ~1)",
    )


def test_a_parameter_is_text():
    assert read(mlflow, raw(PASS), checks=["/data/params/C >= 1"]).outcome == "inconclusive"
    assert read(mlflow, raw(PASS), checks=['/data/params/C == "1.0"']).outcome == "verified"


@pytest.mark.parametrize("end", [None, GONE, 0, True, "1795245713267", [], 10**19])
def test_a_run_without_an_end_leaves_the_time_open(end):
    reading = read(mlflow, changed(PASS, info__end_time=end), checks=CHECKS)

    assert reading.outcome == "verified"
    assert reading.when is None


def test_of_several_runs_all_must_hold_and_the_oldest_end_counts():
    later = changed(PASS, info__end_time=1795245799999)

    assert read(mlflow, later, raw(PASS), checks=CHECKS) == ("verified", "2 checks passed", 2, END)
    assert read(mlflow, later, raw(FAIL), checks=CHECKS).outcome == "contradicted"
    assert read(mlflow, later, changed(PASS, info__status="RUNNING"), checks=CHECKS).outcome == "inconclusive"
    assert (
        read(mlflow, later, changed(PASS, info__lifecycle_stage="deleted"), checks=CHECKS).outcome
        == "inconclusive"
    )


@pytest.mark.parametrize(
    "content",
    [
        None,
        [],
        {},
        {"info": {"status": "FINISHED"}},
        {"info": {"status": 3}, "data": {}},
        {"info": [], "data": {}},
        {"info": {"status": "FINISHED"}, "data": []},
        {"run": {"info": {"status": "FINISHED"}, "data": {"metrics": [{"key": "auc", "value": 1}]}}},
    ],
)
def test_other_files_are_no_run(content):
    """Among them the answer of MLflow's REST interface."""
    reading = read(mlflow, dumped(content), checks=CHECKS)

    assert reading[:2] == ("inconclusive", "it is no run as mlflow runs describe writes it")


def test_places_and_tags_of_the_run_are_not_shown():
    file = changed(
        PASS, info__artifact_uri=SECRET, data__tags={"a": SECRET}, data__metrics={"cv_accuracy": SECRET}
    )

    assert SECRET not in read(mlflow, file, checks=CHECKS).reason


@fuzz
@given(
    spoiled([PASS, FAIL]), st.sampled_from([CHECKS, [], ["/data/metrics/auc != 0.5"], ["/info/status != null"]])
)
def test_spoiled_files_end_in_a_reading(file, checks):
    assert_careful(read(mlflow, file, checks=checks))


@fuzz
@given(JSON.map(lambda metrics: dumped({**data(PASS), "data": {"metrics": metrics}})))
def test_any_metrics_end_in_a_reading(file):
    assert_careful(read(mlflow, file, checks=CHECKS))
