"""Great Expectations: each expectation counts, and nothing the tool says about all of them."""

import pytest
from hypothesis import given

from evidence.samples import (
    FOLDER,
    GONE,
    JSON,
    SECRET,
    assert_careful,
    changed,
    data,
    dumped,
    fuzz,
    raw,
    read,
    spoiled,
)
from mlscore.evidence import great_expectations
from mlscore.evidence.moments import moment

PASS, FAIL = "great_expectations/pass.json", "great_expectations/fail.json"
SAMPLES = sorted(f"great_expectations/{path.name}" for path in (FOLDER / "great_expectations").glob("*.json"))


@pytest.mark.parametrize(
    ("name", "outcome", "reason", "checks", "time"),
    [
        ("pass", "verified", "4 expectations passed", 4, "2026-11-21T07:03:46.508389Z"),
        ("fail", "contradicted", "4 of 6 expectations failed", 2, "2026-11-21T07:03:49.665812Z"),
        ("1.24-store", "verified", "2 expectations passed", 2, "2026-11-21T10:36:03.600230Z"),
        ("1.24-describe-pass", "verified", "2 expectations passed", 2, None),
        ("1.24-describe-fail", "contradicted", "2 of 2 expectations failed", 0, None),
        ("1.24-describe-broken", "contradicted", "1 of 2 expectations failed", 1, None),
        ("1.24-validation-describe", "verified", "2 expectations passed", 2, None),
        ("1.24-exception", "contradicted", "1 of 2 expectations failed", 1, "2026-11-21T10:36:03.707194Z"),
        ("0.18-store", "verified", "2 expectations passed", 2, "2026-11-21T10:36:10.312759Z"),
        ("0.18-validation-pass", "verified", "2 expectations passed", 2, "2026-11-21T10:36:10.581303Z"),
        ("0.18-validation-fail", "contradicted", "2 of 2 expectations failed", 0, "2026-11-21T10:36:10.945535Z"),
        ("0.18-checkpoint-pass", "verified", "2 expectations passed", 2, "2026-11-21T10:36:10.312759Z"),
        ("0.18-checkpoint-fail", "contradicted", "2 of 2 expectations failed", 0, "2026-11-21T10:36:10.705038Z"),
    ],
)
def test_what_the_tool_wrote(name, outcome, reason, checks, time):
    reading = read(great_expectations, raw(f"great_expectations/{name}.json"))

    assert reading[:3] == (outcome, reason, checks)
    assert reading.when == moment(time)


@pytest.mark.parametrize("name", ["1.24-empty", "1.24-describe-empty"])
def test_an_empty_suite_shows_nothing_although_it_is_a_success_to_the_tool(name):
    assert data(f"great_expectations/{name}.json")["success"] is True
    reading = read(great_expectations, raw(f"great_expectations/{name}.json"))

    assert reading[:2] == ("inconclusive", "it holds no expectation")


def test_an_empty_suite_among_others_is_not_overlooked():
    reading = read(great_expectations, raw("great_expectations/1.24-describe-two.json"))

    assert reading[:2] == ("inconclusive", "a part of it holds no expectation")


def test_a_failure_of_severity_warning_is_a_failure():
    assert (
        data("great_expectations/1.24-warning.json")["results"][0]["expectation_config"]["severity"] == "warning"
    )
    reading = read(great_expectations, raw("great_expectations/1.24-warning.json"))

    assert reading[:2] == ("contradicted", "1 of 1 expectation failed")


@pytest.mark.parametrize(
    "info",
    [
        {"raised_exception": True, "exception_message": SECRET},
        {"MetricConfigurationID(column.mean)": {"raised_exception": True, "exception_message": SECRET}},
        {"one": {"raised_exception": False}, "two": {"raised_exception": True}},
        {"raised_exception": "yes"},
    ],
)
def test_an_exception_fails_in_both_shapes_even_beside_a_success(info):
    reading = read(great_expectations, changed(PASS, results__1__exception_info=info))

    assert reading[:2] == ("contradicted", "1 of 4 expectations failed")


def test_statistics_are_not_believed():
    edited = changed(FAIL, success=True, statistics={"evaluated_expectations": 6, "successful_expectations": 6})

    assert read(great_expectations, edited)[:2] == ("contradicted", "4 of 6 expectations failed")


@pytest.mark.parametrize("success", [1, "true", "false", None, [], GONE])
def test_the_success_of_an_expectation_must_be_true_itself(success):
    reading = read(great_expectations, changed(PASS, results__2__success=success))

    assert reading[:2] == ("inconclusive", "a success in it is neither true nor false")


@pytest.mark.parametrize("success", [1, "true", None, {}, GONE])
def test_the_success_of_a_validation_must_be_true_itself(success):
    assert read(great_expectations, changed(PASS, success=success)).outcome == "inconclusive"


@pytest.mark.parametrize("success", [1, "true", None, {}, GONE])
def test_the_success_of_a_validation_in_a_checkpoint_must_be_true_itself(success):
    edited = changed("great_expectations/1.24-describe-pass.json", validation_results__0__success=success)

    assert read(great_expectations, edited).outcome == "inconclusive"


@pytest.mark.parametrize("name", [PASS, "great_expectations/1.24-describe-pass.json"])
def test_a_failure_that_no_expectation_explains_contradicts(name):
    """The tool says that it failed; that its expectations are gone from the file is no excuse."""
    reading = read(great_expectations, changed(name, success=False))

    assert reading[:2] == ("contradicted", "Great Expectations itself says that it failed")


def test_infinity_and_nan_beside_what_counts_are_read_over():
    """The tool writes them, though they are not JSON."""
    edited = changed(PASS, results__2__result={"observed_value": float("inf"), "low": float("nan"), "text": "NaN"})
    assert b"Infinity" in edited

    assert read(great_expectations, edited)[:2] == ("verified", "4 expectations passed")


@pytest.mark.parametrize(
    ("files", "outcome", "reason"),
    [
        ([PASS, "great_expectations/1.24-store.json"], "verified", "6 expectations passed"),
        ([PASS, FAIL], "contradicted", "4 of 10 expectations failed"),
        ([PASS, "great_expectations/1.24-empty.json"], "inconclusive", "a part of it holds no expectation"),
    ],
)
def test_of_several_files_none_may_fail_or_be_empty(files, outcome, reason):
    assert read(great_expectations, *map(raw, files))[:2] == (outcome, reason)


def test_of_several_files_the_oldest_time_counts():
    reading = read(great_expectations, raw("great_expectations/1.24-store.json"), raw(PASS))

    assert reading.when == moment("2026-11-21T07:03:46.508389Z")


def test_of_several_files_one_without_a_time_leaves_the_time_open():
    reading = read(great_expectations, raw(PASS), raw("great_expectations/1.24-describe-pass.json"))

    assert reading.outcome == "verified"
    assert reading.when is None


def test_the_time_of_validation_stands_in_for_the_run_s():
    edited = changed(PASS, meta__run_id=GONE, meta__validation_time="20261121T072256.375717Z")

    assert read(great_expectations, edited).when == moment("2026-11-21T07:22:56.375717Z")


def test_the_time_of_the_checkpoint_stands_in_for_the_validation_s():
    content = data("great_expectations/0.18-checkpoint-pass.json")
    (run,) = content["run_results"].values()
    del run["validation_result"]["meta"]

    assert read(great_expectations, dumped(content)).when == moment("2026-11-21T10:36:10.312759Z")


def test_a_validation_that_failed_contradicts_whatever_the_checkpoint_says():
    edited = changed("great_expectations/1.24-describe-pass.json", validation_results__0__success=False)

    assert read(great_expectations, edited)[:2] == (
        "contradicted",
        "Great Expectations itself says that it failed",
    )


@pytest.mark.parametrize(
    "content",
    [
        {},
        [],
        None,
        {"success": True},
        {"success": True, "results": [{"success": True}]},
        {"success": True, "expectations": [{"success": True}]},
        {"name": "suite", "expectations": [{"type": "expect_x", "kwargs": {}}], "meta": {}},
        {"success": True, "results": {"success": True}, "statistics": {}, "meta": {}},
    ],
)
def test_other_files_are_no_result(content):
    reading = read(great_expectations, dumped(content))

    assert reading[:2] == ("inconclusive", "it is no result of Great Expectations")


@pytest.mark.parametrize("content", [{}, {"a": None}, {"a": [1]}, {"a": {"validation_result": True}}])
def test_a_checkpoint_without_validations_shows_nothing(content):
    assert read(great_expectations, dumped({"success": True, "run_results": content})).outcome == "inconclusive"


@pytest.mark.parametrize("name", [name for name in SAMPLES if "empty" not in name])
def test_a_file_that_is_cut_off_shows_nothing(name):
    assert read(great_expectations, raw(name)[:-3]).outcome == "inconclusive"


@fuzz
@given(spoiled(SAMPLES))
def test_spoiled_files_end_in_a_reading(file):
    assert_careful(read(great_expectations, file))


@fuzz
@given(JSON.map(dumped))
def test_any_json_ends_in_a_reading(file):
    reading = read(great_expectations, file)

    assert reading.outcome == "inconclusive"
    assert SECRET not in reading.reason
